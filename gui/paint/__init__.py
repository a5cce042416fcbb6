"""Painting points on the plane: strokes, tools, and the mouse on the plot."""
