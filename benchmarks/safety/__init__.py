"""Nothing is lost and nothing does harm: attacks on files and on the window, counted."""
