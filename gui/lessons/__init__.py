"""Lessons in the window: the panel, highlights and locks, and the watched goals."""
