"""The lab of starts: one network begun in several ways, side by side."""
