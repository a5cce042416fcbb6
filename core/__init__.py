"""Everything that computes: the network, its data, its training, its files. No Qt."""
