"""Tests of the lessons in the window that need no whole application."""
