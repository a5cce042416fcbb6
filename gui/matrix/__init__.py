"""The matrix view of the stepper: a matrix with its numbers."""
