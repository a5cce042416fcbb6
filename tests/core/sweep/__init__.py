"""Tests of core.sweep."""
