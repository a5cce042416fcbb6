"""Two boundary panels of one run, each along its own inputs and zoomed as it likes."""

import numpy as np
import pytest

from core import edits
from core.look.boundary import Boundary
from core.look.plane import plane_of
from core.training.session import Session
from gui.model.selection import Selection
from gui.panels.boundary.panel import BoundaryPanel
from tests.looking import answer


@pytest.fixture
def two(document, training, qtbot):
    panels = []
    for _ in range(2):
        panel = BoundaryPanel(document, training, Selection())
        qtbot.addWidget(panel)
        panel.resize(360, 320)
        panel.show()
        panels.append(panel)
    document.edit("Parity", edits.choose_source(document.project, "parity"))
    qtbot.waitUntil(lambda: settled(document, training))
    return panels


def settled(document, training):
    seen = training.latest
    return seen is not None and seen.idle and seen.project == document.project


def test_each_shows_its_own_cut_and_part_at_rest_and_during_training(
    two, document, training, qtbot
):
    (one, other), part = two, ((0.0, 0.5), (0.25, 1.0))
    one.selection.look_along((3, 1))
    other.selection.look_along((0, 2))
    other.see(part)
    asks = Boundary((3, 1)), Boundary((0, 2), part)
    assert (one.wants(), other.wants()) == ((asks[0],), (asks[1],))
    training.refresh()
    qtbot.waitUntil(lambda: all(ask in training.latest.answers for ask in asks))
    fields = [training.latest.answer(ask) for ask in asks]
    split = training.latest.split
    assert fields[0].plane == plane_of(split, (3, 1))
    assert fields[1].plane == plane_of(split, (0, 2)).part(part)
    alone = Session(document.project)
    for ask, field in zip(asks, fields, strict=True):
        np.testing.assert_array_equal(field.values, answer(alone, ask).values)
    drawn: tuple[set[int], set[int]] = set(), set()

    def note(seen):
        for which, ask in zip(drawn, asks, strict=True):
            if not seen.idle and seen.answer(ask) is not None:
                which.add(seen.iteration)

    training.arrived.connect(note)
    training.play()
    qtbot.waitUntil(lambda: all(len(which) > 3 for which in drawn))  # neither starves the other
    training.pause()
    qtbot.waitUntil(lambda: settled(document, training))
