"""The picture of the network, which is also its editor."""
