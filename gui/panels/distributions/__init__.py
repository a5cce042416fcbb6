"""The distributions panel and its parts."""
