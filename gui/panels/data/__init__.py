"""The data panel and its parts."""
