"""The panels around the canvas, one file or folder each."""
