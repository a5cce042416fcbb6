"""Exports a project exactly as it ran, as a script or a notebook in the course's style."""
