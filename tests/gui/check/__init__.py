"""The window of Check my NumPy."""
