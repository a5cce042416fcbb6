"""Explains the origin of any number of a recorded iteration."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.walk import backward, forward, update
from core.walk.entry import Entry, Target
from core.walk.explanation import Explanation
from core.walk.recipe import Recipe
from core.walk.record import Record

SHOWN = 6  # terms of a long sum that are shown one by one

_RECIPES: dict[Target, Recipe] = {
    "A": forward.input_or_activation,
    "Z": forward.linear_step,
    "D": forward.mask,
    "W": forward.parameter,
    "b": forward.parameter,
    "Y": forward.label,
    "loss": forward.loss_of_example,
    "J": forward.cost,
    "dA": backward.gradient_of_a,
    "dZ": backward.gradient_of_z,
    "slope": backward.slope,
    "dW": backward.gradient_of_w,
    "db": backward.gradient_of_b,
    "step_W": update.step,
    "step_b": update.step,
    "W_after": update.after,
    "b_after": update.after,
}


def explain(record: Record, entry: Entry, most: int | None = SHOWN) -> Explanation:
    """The arithmetic of the number at `entry`.

    Of a longer sum only the `most` largest terms are shown (None: all). Opening the entries of its
    terms, and theirs in turn, ends at leaves: inputs, labels and parameters. Raises KeyError for an
    array that the iteration did not compute, IndexError for a position outside it.
    """
    with np.errstate(all="ignore"):  # numbers of a diverging run are explained unchanged
        if not record.contains(entry):
            raise IndexError(f"{entry} is outside its array.")
        found = _RECIPES[entry.target](record, entry, most)
        printed = found.printed
        return replace(found, residual=0.0 if printed == found.value else found.value - printed)
