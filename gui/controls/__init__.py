"""The parts of the run bar: what tunes a run, and how fast it plays."""
