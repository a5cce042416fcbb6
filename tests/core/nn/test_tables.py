"""What the tables say of their entries, which menus show as it stands."""

import pytest

from core.nn.activations import ACTIVATIONS
from core.nn.initializers import INITIALIZERS
from core.nn.losses import LOSSES
from core.nn.optimizers import OPTIMIZERS


@pytest.mark.parametrize("table", [ACTIVATIONS, LOSSES, INITIALIZERS, OPTIMIZERS])
def test_every_entry_says_in_a_line_what_it_is_for(table):
    said = [entry.about for entry in table.values()]
    assert all(15 < len(words) <= 95 and not words.endswith(".") for words in said)
    assert len(set(said)) == len(said)
