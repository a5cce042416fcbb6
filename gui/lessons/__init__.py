"""Lessons in the window: the panel, what is lit and locked, the goals that are watched."""
