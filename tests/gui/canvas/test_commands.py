"""The commands on the selected layer, and why others are disabled."""

import pytest
from PySide6.QtCore import QObject

from core import edits
from core.project import Project
from gui.canvas.commands import Commands
from gui.model.document import Document


@pytest.fixture
def document(qapp):
    project = edits.insert_layer(edits.insert_layer(Project(), 2), 3)
    for l, units in ((1, 3), (2, 5), (3, 6)):  # three hidden layers, none like another
        project = edits.set_units(project, l, units)
    return Document(project)


@pytest.fixture
def commands(document, selection):
    owner = QObject()
    yield Commands(document, selection, owner)
    owner.deleteLater()


@pytest.mark.parametrize(
    ("layer", "by", "why"),
    [
        (0, 1, "The input cannot be moved"),
        (1, -1, "Layer 1 is the first hidden layer already."),
        (1, 1, ""),
        (2, -1, ""),
        (2, 1, ""),
        (3, -1, ""),
        (3, 1, "Layer 3 is the last hidden layer already."),
        (4, -1, "The output layer cannot be moved"),
    ],
)
def test_a_hidden_layer_moves_among_the_hidden_ones_alone(commands, selection, layer, by, why):
    selection.select_layer(layer)
    said = commands.why_not_move(by)
    assert said.startswith(why) if why else not said
    before = commands.project
    assert commands.move_by(by) == (not why)
    assert (commands.project == before) == bool(why)
