"""Attacks on files and on the window, with counts of losses."""
