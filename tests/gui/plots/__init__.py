"""Tests of the stepper: its matrices, its chips, its card, and the panel by hand and by key."""
