"""The picture lab: one picture as a column, and many as X."""
