"""The broadcasting lab draws copies and numbers as NumPy makes them, and rank 1 with its trap."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt

from gui.labs.broadcasting import BroadcastingLab
from tests.gui.hands import mouse


@pytest.fixture
def lab(shown):
    return shown(BroadcastingLab)


def test_typed_arrays_are_drawn_with_their_copies(lab, typed):
    typed(lab.fields[0], "(3, 1)")
    typed(lab.fields[1], "4")
    a, b, result = lab.plot.tables
    ones, tens = np.arange(1.0, 4.0).reshape(3, 1), np.arange(10.0, 50.0, 10.0)
    np.testing.assert_array_equal(result.values, ones + tens)
    np.testing.assert_array_equal(a.values, np.broadcast_to(ones, (3, 4)))
    assert a.own.sum() == 3
    assert (b.shape, b.read) == ((4,), (1, 4))
    assert "reads B (4,) as a row" in lab.meaning.text()
    assert lab.facts() == {"reshaped": False, "seen": frozenset({"copies", "error"})}


def test_a_refusal_is_numpys_and_the_arrays_stay_in_sight(lab, by_key):
    by_key(lab.example, "Does not fit")
    with pytest.raises(ValueError, match="broadcast") as error:
        np.add(np.ones((4, 1)), np.ones((3, 1)))
    assert lab.error.text() == str(error.value).strip()
    assert [table.values.shape for table in lab.plot.tables] == [(4, 1), (3, 1)]
    assert "error" in lab.facts()["seen"]
    lab.begin_step()
    assert lab.facts()["seen"] == frozenset()


def test_the_silent_case_is_seen(lab, by_key):
    by_key(lab.example, "A forgotten transpose")
    assert lab.code.text() == "A - B   →   (5, 5)"
    assert lab.facts()["seen"] == {"copies", "surprise"}
    assert not lab.grab().isNull()


def test_a_number_explains_itself_by_key_and_by_mouse(lab, qtbot):
    lab.plot.setFocus()
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Right):
        qtbot.keyClick(lab.plot, key)
    assert lab.plot.cell == (1, 1)
    assert lab.cell.text() == "row 2, column 2: 8 + 20 (copied) = 28"
    result = lab.plot.tables[-1]
    at = lab.plot.seen(result.rect(3, 0)).center()
    mouse(lab.plot, QEvent.Type.MouseMove, at, held=False)
    assert lab.cell.text() == "row 4, column 1: 19 + 40 = 59"


def test_an_edge_is_dragged(lab):
    place, shape = lab.plot.edges()[0]
    assert shape == (4, 6)
    edge = QPointF(place.center().x(), place.bottom())
    mouse(lab.plot, QEvent.Type.MouseButtonPress, edge)
    mouse(lab.plot, QEvent.Type.MouseMove, edge + QPointF(0, place.height() / 4))
    mouse(lab.plot, QEvent.Type.MouseButtonRelease, edge + QPointF(0, place.height() / 4))
    assert lab.state.operands[0].shape == (5, 6)
    assert lab.shown.result is None


def test_an_array_too_large_to_draw_is_refused_next_to_its_field(lab, typed):
    before = lab.state
    typed(lab.fields[0], "(900, 900)")
    assert lab.state == before
    assert "smaller sizes" in lab.fields[0].toolTip()


def test_wide_arrays_are_drawn_in_part(lab, by_key):
    by_key(lab.example, "Rank 1 that works and is wrong")
    a = lab.plot.tables[0]
    assert a.columns < 400
    assert a.values.shape == (4, 400)
    assert not lab.grab().isNull()


def test_rank_1_is_reshaped_and_asserted(lab, qtbot, typed):
    qtbot.mouseClick(lab.pages.button("Rank 1"), Qt.MouseButton.LeftButton)
    page = lab.rank_one
    lines = dict(page.said)
    assert lines["v.T"] == "→ (5,)"
    assert lines["np.dot(v, v.T)"].startswith("→ one number")
    assert lines["v.reshape(5, 1) @ v.reshape(1, 5)"] == "→ (5, 5)"
    qtbot.mouseClick(page.assertion, Qt.MouseButton.LeftButton)
    assert dict(page.said)["assert v.shape == (5, 1)"] == "AssertionError"
    assert dict(page.said)["v.T"] == "not reached"
    assert not lab.facts()["reshaped"]
    qtbot.mouseClick(page.reshape, Qt.MouseButton.LeftButton)
    assert lab.facts()["reshaped"]
    assert dict(page.said)["assert v.shape == (5, 1)"] == "→ (5, 1)"
    assert dict(page.said)["np.dot(v, v.T)"] == "→ (5, 5)"
    assert {"stopped", "column"} <= lab.facts()["seen"]
    typed(page.length, "7")
    assert dict(page.said)["v.T"] == "not reached"
    lab.begin_step()
    assert not lab.facts()["reshaped"]
