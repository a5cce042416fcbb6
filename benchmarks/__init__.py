"""Benchmarks against peers: training speed and smoothness of the window."""
