"""What looks at a run: one file an instrument, each an ask that measures a session."""
