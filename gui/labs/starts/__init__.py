"""The starts lab: one network with several initializations, side by side."""
