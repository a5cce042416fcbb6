"""Windows that ask, return a value and change nothing themselves."""
