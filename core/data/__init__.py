"""Where examples come from: data sets, input features, training and test examples, mini-batches."""
