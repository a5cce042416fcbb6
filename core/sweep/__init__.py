"""Sweeps: many runs of a project with other hyperparameters, planned, run and summarized."""
