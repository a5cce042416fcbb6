"""The examples table and its parts."""
