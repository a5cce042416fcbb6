"""A lab of any kind over the flower, shown."""

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from core.lessons.vocabulary import LABS
from core.project import Project
from gui.docks import LABS as PLACES
from gui.labs.base import Lab
from gui.model.document import Document
from gui.model.selection import Selection
from gui.style.theme import theme
from tests.gui.panels.snapshots import FLOWER, still_training


@pytest.fixture
def shown(qtbot) -> Iterator[Callable[..., Lab]]:
    """Show a lab of this kind over a project, as wide as a column of the window."""

    made: list[Lab] = []

    def show(kind: type[Lab], project: Project = FLOWER) -> Lab:
        lab = kind(Document(project), still_training(), Selection())
        made.append(lab)
        qtbot.addWidget(lab)
        lab.resize(460, 620)
        with qtbot.waitExposed(lab):
            lab.show()
        name = next(place.name for place in PLACES if place.kind == kind.__name__)
        assert tuple(lab.facts()) == LABS[name.removeprefix("labs.")]
        return lab

    theme().set_mode("light")
    yield show
    for lab in made:
        lab.end_work()
    theme().set_mode("system")


def take_choice(button, name):
    """Take a choice of a menu button from its menu."""
    button.menu.aboutToShow.emit()
    next(action for action in button.menu.actions() if action.data() == name).trigger()


def type_into(field, words):
    """Type a number into a slider's field, or an answer, and press Enter."""
    edit = field.edit
    edit.setFocus()
    edit.selectAll()
    QTest.keyClicks(edit, words)
    QTest.keyClick(edit, Qt.Key.Key_Return)


@pytest.fixture
def typed(qtbot) -> Callable[..., None]:
    """Type words into a field, as by hand, and press Enter."""

    def type_words(field, words):
        field.setFocus()
        qtbot.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        qtbot.keyClicks(field, words)
        qtbot.keyClick(field, Qt.Key.Key_Return)

    return type_words


@pytest.fixture
def by_key(qtbot) -> Callable[..., None]:
    """Choose from a menu button by its keys."""

    def choose_words(menu_button, words):
        menu_button.setFocus()
        qtbot.keyClick(menu_button, Qt.Key.Key_Down)
        menu = menu_button.menu
        menu.setActiveAction(next(each for each in menu.actions() if each.text() == words))
        qtbot.keyClick(menu, Qt.Key.Key_Return)

    return choose_words
