"""Check my NumPy in the window: compares a student's homework with a correct pass."""
