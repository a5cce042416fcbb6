"""The activations panel and its parts."""
