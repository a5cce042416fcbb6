"""The state that panels share: document, selection, training and its thread, runs, walk."""
