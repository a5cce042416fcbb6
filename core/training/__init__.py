"""One run in time: a session that trains, and the loop and messages that drive it."""
