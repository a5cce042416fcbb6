"""Tests of what goes out: scripts and notebooks that print the costs of the run."""
