"""What panels know: document, selection, training and its thread, runs, walk."""
