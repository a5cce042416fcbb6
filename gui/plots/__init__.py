"""Plots: what the panels that draw curves, planes and points share."""
