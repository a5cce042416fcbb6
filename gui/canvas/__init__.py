"""The canvas: a picture of the network that is also its editor."""
