"""The objects that every panel gets, and panels with a training at rest."""

from collections.abc import Callable, Iterator

import pytest

from gui.model.document import Document
from gui.model.selection import Selection
from gui.panels.base import Panel
from gui.style.theme import theme
from tests.gui.panels.snapshots import FLOWER, still_training


@pytest.fixture
def selection(document) -> Selection:
    return Selection(document)


@pytest.fixture
def shown_still(qtbot) -> Iterator[Callable[[type[Panel], int, int], Panel]]:
    """Show a panel of that kind and size over the flower, light; the test gives it snapshots."""

    def show(kind: type[Panel], width: int, height: int) -> Panel:
        panel = kind(Document(FLOWER), still_training(), Selection())
        qtbot.addWidget(panel)
        panel.resize(width, height)
        with qtbot.waitExposed(panel):
            panel.show()
        return panel

    theme().set_mode("light")
    yield show
    theme().set_mode("system")
