"""Tests of the core; they pass where Qt is not installed."""
