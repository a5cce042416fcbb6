"""Check my NumPy: finds where a student's functions differ from a correct pass, and the slip."""
