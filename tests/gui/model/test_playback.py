"""Playback of a run's past: from the visited iteration, or from the start."""

from dataclasses import replace
from typing import Any

import pytest
from PySide6.QtCore import QObject, Signal

from gui.model.playback import Playback
from tests.gui.panels.snapshots import project, snapshot


class Past(QObject):
    """A training of 100 iterations that only remembers what was visited."""

    playing_changed = Signal(object)

    def __init__(self, seen, earliest):
        super().__init__()
        made = snapshot(project((4, "tanh"), (1, "sigmoid")))
        self.latest = replace(made, iteration=seen, newest=100, earliest=earliest)
        self.visited = []

    @property
    def visiting(self):
        return self.latest.iteration < self.latest.newest

    def visit(self, iteration):
        self.visited.append(iteration)

    def is_current(self, _snapshot):
        return True


@pytest.mark.parametrize(
    ("seen", "earliest", "first"), [(100, 0, 0), (100, 40, 40), (60, 0, 60), (60, 40, 60)]
)
def test_it_begins_at_the_visited_iteration(qapp, seen, earliest, first):
    training: Any = Past(seen, earliest)
    owner = QObject()
    playback = Playback(training, owner)
    playback.play()
    assert training.visited == [first]
    playback.stop()
    owner.deleteLater()
