"""The shape lab shows what NumPy does: typed, dragged, stepped, from the network, and as a quiz."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt

from core import edits
from core.errors import LayerwiseError
from core.labs.shapes import NamedShape, outcome
from gui.labs.shapes import ShapesLab
from tests.gui.hands import mouse


@pytest.fixture
def lab(shown):
    return shown(ShapesLab)


def test_typed_shapes_get_numpys_result(lab, typed):
    assert lab.code.text() == "np.dot(A, B)   →   (4, 400)"
    told = []
    lab.facts_changed.connect(lambda: told.append(lab.facts()))
    typed(lab.fields[1], "400, 2")
    with pytest.raises(ValueError, match="not aligned") as error:
        np.dot(np.ones((4, 2)), np.ones((400, 2)))
    assert lab.error.text() == str(error.value)
    assert lab.error.isVisible()
    assert "inner sizes" in lab.meaning.text()
    assert lab.facts()["error_seen"]
    assert told[-1]["error_seen"]
    assert "error" in lab.plot.accessibleName()
    lab.begin_step()
    assert lab.facts() == {"error_seen": False, "right": 0}
    typed(lab.fields[1], "400, 3")
    assert lab.facts()["error_seen"]


def test_an_invalid_shape_is_explained_and_changes_nothing(lab, typed):
    before = lab.state
    typed(lab.fields[0], "four")
    assert lab.state == before
    assert "no array" in lab.fields[0].toolTip()
    typed(lab.fields[0], "(3, 2)")
    assert lab.state.operands[0] == NamedShape("A", (3, 2))
    assert "no array" not in lab.fields[0].toolTip()


def test_keys_change_the_size_at_the_cursor(lab, qtbot):
    field = lab.fields[1]
    field.setFocus()
    field.setCursorPosition(1)
    qtbot.keyClick(field, Qt.Key.Key_Up)
    assert lab.state.operands[1].shape == (3, 400)
    field.setCursorPosition(len(field.text()))
    qtbot.keyClick(field, Qt.Key.Key_Down)
    assert lab.state.operands[1].shape == (3, 399)


def test_an_edge_is_dragged(lab):
    place = lab.plot.seen(lab.plot.drawn[0].place)
    edge = QPointF(place.right(), place.center().y())
    mouse(lab.plot, QEvent.Type.MouseButtonPress, edge)
    mouse(lab.plot, QEvent.Type.MouseMove, edge + QPointF(60, 0))
    mouse(lab.plot, QEvent.Type.MouseButtonRelease, edge + QPointF(60, 0))
    rows, columns = lab.state.operands[0].shape
    assert rows == 4
    assert columns > 2
    assert lab.outcome == outcome(lab.state)
    assert lab.outcome.shape is None


def test_the_network_gives_its_equations_and_arrays(lab, typed, by_key):
    by_key(lab.equation, "dW[1] = dZ[1] @ A[0].T / m")
    assert [operand.name for operand in lab.state.operands] == ["dZ[1]", "A[0].T"]
    assert lab.outcome.shape == (4, 2)
    typed(lab.fields[0], "W[1]")
    typed(lab.fields[1], "X")
    assert lab.outcome.shape == (4, 400)
    lab.document.edit("Units", edits.set_units(lab.document.project, 1, 7))
    assert lab.state.operands[0] == NamedShape("W[1]", (7, 2))
    assert lab.outcome.shape == (7, 400)
    with pytest.raises(LayerwiseError, match="nothing to X-ray"):
        lab.take_equation("A", 1)
    lab.take_equation("Z", 2)
    assert [operand.name for operand in lab.state.operands] == ["W[2]", "A[1]", "b[2]"]


def test_every_operation_keeps_the_arrays_and_shows_its_fields(lab, by_key, typed):
    by_key(lab.operation, "A · B + C")
    assert lab.fields[2].isVisible()
    assert lab.outcome.shape == (4, 400)
    by_key(lab.operation, "reshape")
    assert lab.target.isVisible()
    assert not lab.fields[1].isVisible()
    typed(lab.target, "(2, 2, -1)")
    assert lab.outcome.shape == (2, 2, 2)
    by_key(lab.operation, "A + B")
    assert [operand.shape for operand in lab.state.operands] == [(4, 2), (2, 400)]
    assert lab.outcome.shape is None


def test_the_quiz_hides_the_result_until_it_was_answered(lab, qtbot, typed):
    qtbot.mouseClick(lab.quiz, Qt.MouseButton.LeftButton)
    for _ in range(6):
        assert lab.code.text().endswith("?")
        assert not lab.meaning.text()
        wanted = outcome(lab.state).shape
        if wanted is None:
            qtbot.mouseClick(lab.impossible, Qt.MouseButton.LeftButton)
        else:
            typed(lab.answer, str(wanted) if wanted else "()")
        assert not lab.code.text().endswith("?")
        qtbot.mouseClick(lab.next, Qt.MouseButton.LeftButton)
    assert lab.facts()["right"] == 6
    typed(lab.answer, "(99, 99)")
    assert lab.facts()["right"] == 6
    assert "You said (99, 99)." in lab.score.text()
    assert "6 of 7 right" in lab.score.text()
    qtbot.mouseClick(lab.quiz, Qt.MouseButton.LeftButton)
    assert not lab.answer.isVisible()


def test_every_part_has_a_key_and_its_picture_is_drawn(lab):
    parts = lab.named_parts()
    assert {"operation", "equation", "a", "b", "c", "target", "quiz", "answer"} <= set(parts)
    assert not lab.grab().isNull()
    numbers = lab.plot.numbers()
    assert numbers["A"] == ["(4, 2)"]
