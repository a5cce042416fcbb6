"""Tests of the walk: every shown number against scalar loops, every opened sum against itself."""
