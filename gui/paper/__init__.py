"""What is drawn on paper: figures and hand-outs as pictures and pages, their text as text."""
