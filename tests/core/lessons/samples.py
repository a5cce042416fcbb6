"""Lessons as text, for tests."""

FRONT = """---
title: Down the bowl
about: Every start rolls into the same valley; the learning rate decides how.
minutes: 7
concepts: [S18, S19]
after: [one-neuron]
---
"""
STEP = """## Four corners
The map shows the cost of this neuron over its two weights; the dot is where it stands.
```step
layout = "train"
show = ["surface", "cost"]
point = "surface"
allow = ["surface", "runbar.play", "runbar.reset"]
goal = "len(runs) >= 2 and starts_apart(runs[-2], runs[-1]) and all(abs(r.cost - 0.134866) < 1e-4 for r in runs[-2:])"
hint = "Drag the dot, press Play, wait until it rests; then once more from another corner."
test = ["answer 1 1", "drag surface -3 -3", "play 5000", "drag surface 3 -3", "play 5000"]

[[ask]]
kind = "choice"
text = "How many different valleys will it end in?"
options = ["One", "Four", "It depends on α"]
right = [1]
replies = { 2 = "Each start rolls somewhere: watch where they meet.", 3 = "α decides how fast." }
```
Both starts reached {{runs[-1].cost:.4f}}: the bowl has one lowest place.
"""  # noqa: E501
LESSON = FRONT + STEP


def with_block(block: str) -> str:
    """A lesson of one step with this block."""
    return f"{FRONT}## A step\nText.\n```step\n{block}\n```\n"


def with_text(text: str) -> str:
    """A lesson of one step with this text."""
    return f"{FRONT}## A step\n{text}\n"
