"""Plots of curves, planes and points, shared by the panels."""
