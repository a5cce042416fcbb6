"""The lab of pictures: one as a column, and many as X."""
