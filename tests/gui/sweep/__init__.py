"""Tests of gui.sweep."""
