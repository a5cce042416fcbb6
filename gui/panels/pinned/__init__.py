"""The pinned units panel and its parts."""
