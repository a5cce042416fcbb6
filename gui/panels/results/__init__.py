"""The results panel and its parts."""
