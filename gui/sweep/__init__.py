"""The window of sweeps: what to vary, the runs under way, and what they come to."""
