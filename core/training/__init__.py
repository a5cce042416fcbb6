"""One run: a session that trains, and the loop and messages that drive it."""
