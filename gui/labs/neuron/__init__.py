"""The neuron lab: its sum, its activation and its loss, each on a page."""
