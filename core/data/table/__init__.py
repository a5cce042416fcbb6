"""Tables as people have them, from bytes to examples: an example a row."""
