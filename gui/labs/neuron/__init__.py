"""The lab of a neuron: its sum, its activation and its loss, each on a page."""
