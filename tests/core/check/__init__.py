"""Tests of Check my NumPy: homework in several styles, right and with one slip each."""
