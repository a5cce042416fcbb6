"""Data sets, input features, training and test examples, and mini-batches."""
