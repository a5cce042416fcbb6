"""Open, save, import, export, recover: the window's side of every file."""
