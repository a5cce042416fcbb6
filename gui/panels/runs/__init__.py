"""The runs panel and its parts."""
