"""Check my NumPy in the window: a student's homework beside a right pass."""
