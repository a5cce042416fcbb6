"""How the window looks and writes: colours, style sheet, numbers as text, icons."""
