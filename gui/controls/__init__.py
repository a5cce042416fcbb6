"""The parts of the run bar: hyperparameters and speed."""
