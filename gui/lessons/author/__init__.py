"""The lesson editor for teachers, next to the main window."""
