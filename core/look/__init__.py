"""Measurements of a run: one file per instrument, each with an ask that measures a session."""
