"""The doctor on the canvas: brackets of twins, marks on units, the lamp, and where it points."""

import pytest
from PySide6.QtCore import Qt

from core import edits
from core.look.findings import Findings
from core.training.finding import Finding
from gui.canvas import remark_items
from gui.canvas.overlay import HoverCard, Lamp, PaletteStrip, ZoomBox
from gui.canvas.remarks import remarks_of
from tests.gui.canvas.conftest import network, pointer_of
from tests.gui.hands import written_on
from tests.gui.panels.snapshots import answering

TWINS = Finding("twins", "Units 1 and 3 are twins.", "Nudge one.", layer=1, units=(0, 2))
OTHERS = Finding("twins", "Units 2 and 4 are twins.", "Nudge one.", layer=1, units=(1, 3))
DEAD = Finding("dead", "Unit 2 of layer 2 is dead.", "Try leaky ReLU.", layer=2, units=(1,))
RATE = Finding("rate-too-high", "The cost jumps.", "Lower it.")


@pytest.fixture
def show(canvas, trained, monkeypatch):
    def findings(*found):
        monkeypatch.setattr(Findings, "measure", lambda *_: found)  # who hovers asks the thread too
        canvas.receive(answering(trained.latest, Findings(), found))

    return findings


@pytest.fixture
def lamp(canvas) -> Lamp:
    found = canvas.findChild(Lamp)
    assert isinstance(found, Lamp)
    return found


def picture_of(canvas):
    return canvas.viewport().grab().toImage()


def test_findings_on_units_are_shown():
    remarks = remarks_of((TWINS, DEAD, OTHERS, RATE))
    assert remarks.twins == {1: ((0, 2), (1, 3))}
    assert remarks.units == {(2, 1): "dead"}


def test_the_canvas_asks_for_findings(canvas):
    assert Findings() in canvas.asks()


def test_twins_are_joined_until_they_are_none(canvas, show):
    show()
    before = picture_of(canvas)
    item = canvas.network.columns[1].twins
    assert item.boundingRect().isEmpty()
    show(TWINS)
    joined = picture_of(canvas)
    assert joined != before
    first, last = (canvas.network.picture.layout.columns[1].boxes[i] for i in (0, 2))
    assert item.boundingRect().contains(first.right + 11, (first.y + last.bottom) / 2)
    show(TWINS, OTHERS)
    assert picture_of(canvas) != joined
    show()
    assert picture_of(canvas) == before


def test_a_dead_unit_is_marked_and_said_to_be_dead(canvas, show, pointer):
    show()
    before = picture_of(canvas)
    show(DEAD)
    assert picture_of(canvas) != before
    pointer.move(pointer.unit(2, 1))
    card = canvas.findChild(HoverCard)
    assert written_on(card)[0].endswith("dead")
    show()
    assert not written_on(card)[0].endswith("dead")


def test_marks_stay_until_the_doctor_has_looked_again(canvas, show, trained):
    show(TWINS, DEAD)
    canvas.receive(answering(trained.latest, Findings(), None))
    assert canvas.network.picture.remarks.units == {(2, 1): "dead"}
    canvas.resize(700, 500)  # all items are made anew
    assert canvas.network.picture.remarks.twins == {1: ((0, 2),)}
    assert not canvas.network.columns[1].twins.boundingRect().isEmpty()


def test_another_network_begins_without_marks(canvas, show, document):
    show(TWINS, DEAD)
    document.edit("Units", edits.set_units(document.project, 1, 6))
    assert canvas.network.picture.remarks == remarks_of(())


def test_the_lamp_is_seen_only_when_there_is_something(canvas, show, lamp, qtbot):
    show()
    assert not lamp.isVisible()
    show(RATE)
    assert lamp.isVisible()
    assert lamp.text() == "1 remark"
    show(RATE, DEAD)
    assert (lamp.text(), lamp.accessibleName()) == ("2 remarks", "Doctor: 2 remarks")
    assert canvas.rect().contains(lamp.geometry())
    for kind in (ZoomBox, PaletteStrip):
        other = canvas.findChild(kind)
        assert not lamp.geometry().intersects(other.geometry())
    with qtbot.waitSignal(canvas.doctor_wanted):
        qtbot.mouseClick(lamp, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(canvas.doctor_wanted):
        lamp.setFocus(Qt.FocusReason.TabFocusReason)
        qtbot.keyClick(lamp, Qt.Key.Key_Space)
    show()
    assert not lamp.isVisible()


@pytest.fixture
def soon_over(monkeypatch):
    """What is pointed out is so for a moment."""
    monkeypatch.setattr(remark_items, "SHOWN_MS", 120)


def test_it_points_at_units_and_the_frames_go_by_themselves(
    soon_over, canvas, selection, trained, qtbot
):
    before = picture_of(canvas)
    selection.choose_unit(1, 2)
    chosen = picture_of(canvas)
    selection.point_out(1, (2, 0))
    assert selection.chosen == (1, 2)
    assert selection.unit == (1, 2)
    assert picture_of(canvas) not in (before, chosen)
    qtbot.waitUntil(lambda: pointer_of(canvas) is None)
    selection.point_out(2, ())
    assert (selection.layer, selection.chosen, selection.unit) == (2, None, None)
    canvas.resize(700, 500)
    assert pointer_of(canvas) is None


def test_it_points_at_units_that_are_not_drawn(soon_over, canvas, document, selection, qtbot):
    document.replace(network(200, 1))
    selection.point_out(1, (120, 130))
    more = canvas.network.picture.layout.columns[1].more
    pointer = pointer_of(canvas)
    assert pointer is not None
    assert pointer.boundingRect().contains(*more.centre)
    qtbot.waitUntil(lambda: pointer_of(canvas) is None)


def test_of_twins_of_which_one_is_drawn_there_is_no_bracket(canvas, document, training, qtbot):
    document.replace(network(200, 1))
    qtbot.waitUntil(lambda: training.latest is not None and training.latest.sizes == (2, 200, 1))
    canvas.receive(answering(training.latest, Findings(), ()))
    before = picture_of(canvas)
    many = Finding("twins", "", "", layer=1, units=(0, 120))
    canvas.receive(answering(training.latest, Findings(), (many,)))
    assert picture_of(canvas) == before
