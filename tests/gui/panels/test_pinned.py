"""Pinned units stay in view, large and live, however the canvas is used meanwhile."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from core import edits
from gui.panels.pinned.panel import EMPTY, SIDES, PinnedPanel

NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def panel(qtbot, document, training, selection):
    document.changed.connect(selection.follow_edit)
    panel = PinnedPanel(document, training, selection)
    qtbot.addWidget(panel)
    panel.resize(420, 340)
    with qtbot.waitExposed(panel):
        panel.show()
    return panel


@pytest.fixture
def pinned(panel, selection, qtbot):
    for unit in ((1, 2), (1, 0), (2, 0)):
        selection.pin(unit)
    qtbot.waitUntil(lambda: all(cell.said for cell in panel.cells.values()))
    return panel


def values_of(cell):
    """What the mouse reads off it at some points."""
    found = []
    for x in (0.2, 0.4, 0.6, 0.8):
        at = QPoint(round(x * cell.width()), cell.height() // 2)
        QTest.mouseMove(cell, at + QPoint(1, 0))
        QTest.mouseMove(cell, at)
        found.append(cell.said)
    cell.leaveEvent(None)
    return found


def click(cell, at):
    QTest.mouseClick(cell, Qt.MouseButton.LeftButton, NONE, at)


def test_without_pins_it_says_how_to_make_one(panel, selection, qtbot):
    assert panel.body.sentence == EMPTY
    selection.pin((1, 0))
    assert panel.body.sentence == ""
    selection.pin((1, 0), on=False)
    assert panel.body.sentence == EMPTY


def test_each_pin_is_shown_with_the_numbers_of_the_run(pinned, training, document, qtbot):
    assert list(pinned.cells) == [(1, 2), (1, 0), (2, 0)]
    assert [cell.name for cell in pinned.cells.values()] == ["a₃[1]", "a₁[1]", "a₁[2]"]
    before = values_of(pinned.cells[1, 2])
    training.step(200)
    qtbot.waitUntil(lambda: training.latest.idle and training.latest.iteration == 200)
    qtbot.waitUntil(lambda: values_of(pinned.cells[1, 2]) != before)
    assert pinned.cells[2, 0].said == "0 … 1"
    assert pinned.cells[1, 2].said.startswith("±")


def test_z_is_shown_on_request(pinned, training, qtbot):
    pinned.show_z.click()
    assert pinned.selection.view.pinned_z
    assert pinned.cells[1, 2].name == "z₃[1]"
    qtbot.waitUntil(lambda: pinned.cells[2, 0].said.startswith("±"))
    assert all(cell.said for cell in pinned.cells.values())


def test_one_scale_for_all_compares_them(pinned, training, qtbot):
    training.step(300)
    qtbot.waitUntil(lambda: training.latest.idle and training.latest.iteration == 300)
    pinned.alike.click()
    said = {cell.said for cell in pinned.cells.values()}
    assert len(said) == 1


def test_a_click_chooses_and_the_cross_lets_go(pinned, selection):
    cell = pinned.cells[1, 0]
    click(cell, cell.rect().center())
    assert selection.chosen == (1, 0)
    click(cell, QPoint(cell.width() - 8, 9))
    assert selection.view.pins == ((1, 2), (2, 0))
    assert list(pinned.cells) == [(1, 2), (2, 0)]


def test_by_keyboard(pinned, selection):
    cell = pinned.cells[2, 0]
    cell.setFocus()
    QTest.keyClick(cell, Qt.Key.Key_Return)
    assert selection.chosen == (2, 0)
    QTest.keyClick(cell, Qt.Key.Key_Delete)
    assert (2, 0) not in selection.view.pins


def test_the_mouse_reads_a_value_off(pinned):
    cell = pinned.cells[1, 2]
    ends = cell.said
    QTest.mouseMove(cell, QPoint(5, 5))
    QTest.mouseMove(cell, cell.rect().center())
    assert cell.said.startswith("a₃[1] = ")
    cell.leaveEvent(None)
    assert cell.said == ends


def test_an_edit_removes_only_missing_units(pinned, document, qtbot):
    document.edit("Units", edits.set_units(document.project, 1, 2))
    assert list(pinned.cells) == [(1, 0), (2, 0)]
    document.edit("Mute", edits.mute_unit(document.project, 1, 0))
    qtbot.waitUntil(lambda: set(values_of(pinned.cells[1, 0])) == {"a₁[1] = 0"})


@pytest.mark.parametrize(("wide", "high"), [(220, 200), (420, 340), (900, 260), (300, 900)])
@pytest.mark.parametrize("count", [1, 4, 9])
def test_they_share_the_room_and_none_is_too_small(panel, document, selection, wide, high, count):
    document.edit("Units", edits.set_units(document.project, 1, 9))
    panel.resize(wide, high)
    for unit in range(count):
        selection.pin((1, unit))
    sides = {cell.width() - 4 for cell in panel.cells.values()}
    assert len(sides) == 1
    assert SIDES[0] <= sides.pop() <= SIDES[1]
    panel.grab()
