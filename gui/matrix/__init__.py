"""A matrix with its numbers, as the stepper shows it."""
