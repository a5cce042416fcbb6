"""Printed output: figures and hand-outs as pictures and pages, with text as text."""
