"""Check my NumPy: where a student's own functions part from a right pass, and which slip it is."""
