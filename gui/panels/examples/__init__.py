"""The examples panel and its parts."""
