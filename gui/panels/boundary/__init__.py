"""The decision boundary panel and its parts."""
