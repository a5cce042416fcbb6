"""Tests of the picture of the network."""
