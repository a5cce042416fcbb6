"""The look of the window: colours, style sheet, number formats, icons."""
