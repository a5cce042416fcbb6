"""What goes out of a project: exactly what ran, as a script or a notebook in the course's style."""
