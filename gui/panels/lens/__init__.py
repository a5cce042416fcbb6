"""The example panel and its parts."""
