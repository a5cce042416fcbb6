"""Figures and pages: what is drawn, and that text in it is text."""
