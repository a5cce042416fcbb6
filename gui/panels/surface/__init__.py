"""The cost surface panel and its parts."""
