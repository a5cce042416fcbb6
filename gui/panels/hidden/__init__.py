"""The hidden space panel and its parts."""
