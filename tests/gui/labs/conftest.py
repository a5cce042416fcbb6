"""A lab of any kind over the flower, shown."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from core.lessons.vocabulary import LABS
from gui.docks import LABS as PLACES
from gui.labs.base import Lab
from gui.model.document import Document
from gui.model.selection import Selection
from gui.style.theme import theme
from tests.gui.panels.snapshots import FLOWER, still_training


@pytest.fixture
def shown(qtbot) -> Iterator[Callable[[type[Lab]], Lab]]:
    """Show a lab of this kind, as wide as a column of the window."""

    def show(kind: type[Lab]) -> Lab:
        lab = kind(Document(FLOWER), still_training(), Selection())
        qtbot.addWidget(lab)
        lab.resize(460, 620)
        with qtbot.waitExposed(lab):
            lab.show()
        name = next(place.name for place in PLACES if place.kind == kind.__name__)
        assert tuple(lab.facts()) == LABS[name.removeprefix("labs.")]
        return lab

    theme().set_mode("light")
    yield show
    theme().set_mode("system")


def type_into(field, words):
    """Type a number into a slider's field, or an answer, and press Enter."""
    edit = field.edit
    edit.setFocus()
    edit.selectAll()
    QTest.keyClicks(edit, words)
    QTest.keyClick(edit, Qt.Key.Key_Return)
