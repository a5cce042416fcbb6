"""Reads tables, from bytes to examples: one example per row."""
