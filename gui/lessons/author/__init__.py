"""The window in which a teacher writes a lesson beside the main window."""
