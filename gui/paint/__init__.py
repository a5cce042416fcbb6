"""Painting points of the plane: what a stroke does, the tools, and the mouse on the plot."""
