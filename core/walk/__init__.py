"""One recorded iteration: its steps, and the origin of every number in it."""
