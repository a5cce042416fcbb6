"""Tests of what the labs compute."""
