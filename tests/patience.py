"""How long tests wait, and what counts as at once, on a machine that is doing other things too.

Speed is measured in benchmarks/. What a test bounds here would otherwise take many times longer:
the rest of an iteration of some seconds, a comparison of all gradients, a run without an end.
"""

PATIENCE_MS = 100_000  # a wait of two seconds took over thirty beside twenty other programs
AT_ONCE_S = 3.0  # half a second for a user with an idle machine
