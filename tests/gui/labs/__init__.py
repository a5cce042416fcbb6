"""Tests of gui.labs."""
