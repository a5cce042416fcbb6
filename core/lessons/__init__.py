"""Lessons without a window: their text format, their goals, and the learner's answers."""
