"""Lessons without a window: their text format, their goals, and what a learner has answered."""
