"""The lab of computation graphs: answered by key, revealed, nudged, typed and wired by hand."""

import pytest
from hypothesis import given
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from core.labs.expression import PRESETS, parse
from gui.labs.graph.layout import arranged, columns
from gui.labs.graph.panel import GraphLab
from tests.core.labs.test_graph import graphs
from tests.gui.labs.conftest import take_choice, type_into

LEFT, CTRL = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier
KEY = Qt.Key


@pytest.fixture
def lab(shown):
    lab = shown(GraphLab)
    lab.resize(1100, 420)
    return lab


def middle(lab, name):
    return lab.view.place_of(name).center()


def click(lab, name, held=NONE):
    QTest.mouseClick(lab.view, LEFT, held, middle(lab, name))


def drag(lab, source, target):
    start, end = middle(lab, source), middle(lab, target)
    QTest.mousePress(lab.view, LEFT, NONE, start)
    for share in (0.3, 0.7, 1.0):
        QTest.mouseMove(lab.view, start + (end - start) * share)
    QTest.mouseRelease(lab.view, LEFT, NONE, end)


def test_both_passes_are_answered_one_number_after_another(lab):
    for answer in ("6", "10", "30"):
        type_into(lab.answer, answer)
    assert "Backward" not in lab.view.said()
    assert lab.facts()["right"] == {"u", "v", "J"}
    type_into(lab.answer, "3")
    type_into(lab.answer, "3")
    type_into(lab.answer, "6")
    type_into(lab.answer, "3")  # db: b is multiplied by c first
    assert lab.answer.mark == "not yet"
    assert "comes first" in lab.sentence.text()
    type_into(lab.answer, "9")
    type_into(lab.answer, "3")
    assert "Every number is there" in lab.sentence.text()
    assert {"dv", "du", "da", "db", "dc"} <= lab.facts()["right"]
    assert "b, value 2, db 9" in lab.view.said()
    lab.begin_step()
    assert lab.facts()["right"] == set()
    assert "u = b · c, value not known yet" in lab.view.said()


def test_the_arrow_keys_walk_to_the_right_and_then_to_the_left(lab):
    lab.view.setFocus()
    stops = []
    for key in (KEY.Key_Right,) * 3 + (KEY.Key_Left,) * 4:
        stops.append(lab.asked.text())
        QTest.keyClick(lab.view, key)
    assert stops == ["u = b · c =", "v = a + u =", "J = 3 · v =", "dv =", "du =", "dc =", "db ="]
    assert lab.asked.text() == "da ="
    QTest.keyClick(lab.view, KEY.Key_Right)
    assert lab.asked.text() == "db ="
    QTest.keyClick(lab.view, KEY.Key_R)
    assert "db 9" in lab.view.said()
    assert "dc not known yet" in lab.view.said()
    QTest.keyClick(lab.view, KEY.Key_3)
    assert lab.answer.edit.text() == "3"
    assert lab.answer.edit.hasFocus()


def test_a_number_that_is_revealed_is_not_answered(lab):
    lab.reveal.click()
    assert lab.facts()["right"] == set()
    click(lab, "u")
    assert lab.answer.mark == "revealed"
    assert not lab.reveal.isEnabled()
    lab.reveal_all.click()
    assert "not known" not in lab.view.said()
    lab.clear.click()
    assert "value not known yet" in lab.view.said()


def test_a_leaf_is_nudged_and_the_slope_tells_by_how_much(lab):
    click(lab, "b")
    lab.nudge.click()
    assert lab.sentence.text() == "b from 2 to 2.001: J moves from 30 to 30.009, by +0.009."
    assert lab.facts()["nudged"] == {"b"}
    lab.reveal_all.click()
    click(lab, "c")
    lab.nudge.click()
    assert lab.sentence.text().endswith("by +0.006. dc · 0.001 = +0.006.")
    lab.begin_step()
    assert lab.facts()["nudged"] == set()


def test_a_leaf_is_typed_and_slid_and_keeps_what_is_revealed(lab):
    click(lab, "c")
    type_into(lab.leaf, "5")
    assert lab.facts()["value"] == 42
    assert lab.leaf.slider.accessibleName() == "Leaf c"
    lab.reveal_all.click()
    QTest.keyClick(lab.leaf.slider, KEY.Key_Right)
    assert lab.facts()["value"] == pytest.approx(42.06)
    assert "J = 3 · v, value 42.06" in lab.view.said()
    type_into(lab.leaf, "many")
    assert "must be a number" in lab.sentence.text()


def test_a_wrong_expression_stays_for_correction(lab):
    edit = lab.expression
    edit.setFocus()
    edit.selectAll()
    QTest.keyClicks(edit, "J = a*a + log(c)")
    QTest.keyClick(edit, KEY.Key_Return)
    assert lab.facts()["value"] == pytest.approx(16 + 1.0986123)
    assert lab.preset.value == "own"
    edit.selectAll()
    QTest.keyClicks(edit, "J = (a + b")
    QTest.keyClick(edit, KEY.Key_Return)
    assert lab.sentence.text() == ") is missing at the end."
    assert edit.text() == "J = (a + b"
    assert lab.facts()["value"] == pytest.approx(16 + 1.0986123)
    lab.undo.click()
    assert edit.text() == "J = 3*(a + b*c)"
    assert lab.preset.value == "chain"
    assert not lab.undo.isEnabled()


def test_a_leaf_that_a_node_has_no_value_for_is_refused(lab):
    lab.expression.setText("J = log(c)")
    lab.expression.commit()
    click(lab, "c")
    type_into(lab.leaf, "-1")
    assert "log needs a number above 0" in lab.sentence.text()
    assert lab.leaf.shown == "3"


def test_a_graph_is_wired_by_mouse(lab):
    lab.wiring["+"].click()
    assert "Mark the inputs first" in lab.sentence.text()
    click(lab, "b", CTRL)
    click(lab, "c", CTRL)
    lab.wiring["+"].click()
    graph = lab.state.graph
    assert graph.last.formula == "b + c"
    assert graph.values[graph.last.name] == 5
    drag(lab, "a", graph.last.name)
    assert lab.facts()["value"] == 9
    drag(lab, graph.last.name, "u")
    assert lab.state.graph.by_name["u"].inputs == ("b", "c", graph.last.name)
    drag(lab, "J", "u")
    assert "circle" in lab.sentence.text()
    drag(lab, "u", "b")
    assert "has no inputs" in lab.sentence.text()
    lab.undo.click()
    lab.view.setFocus()
    for _ in range(2):
        QTest.keySequence(lab.view, "Ctrl+Z")
    assert lab.expression.text() == "J = 3*(a + b*c)"
    assert not lab.undo.isEnabled()


def test_a_graph_is_wired_by_keys(lab):
    lab.view.setFocus()
    for _ in range(2):
        QTest.keyClick(lab.view, KEY.Key_M)
        QTest.keyClick(lab.view, KEY.Key_Down)
    lab.wiring["*"].setFocus()
    QTest.keyClick(lab.wiring["*"], KEY.Key_Space)
    assert lab.state.graph.last.formula == "a · b"
    assert lab.facts()["value"] == 8
    lab.view.setFocus()
    while lab.wiring["remove"].isEnabled() and lab.leaf.slider.accessibleName() != "Leaf b":
        QTest.keyClick(lab.view, KEY.Key_Down)
    QTest.keyClick(lab.view, KEY.Key_Delete)
    assert "b" not in lab.state.graph.by_name
    lab.wiring["leaf"].click()
    assert "b" in lab.state.graph.by_name


def test_a_marked_node_is_wired_to_another_by_key(lab):
    click(lab, "a", CTRL)
    click(lab, "u")
    lab.view.setFocus()
    QTest.keyClick(lab.view, KEY.Key_W)
    assert lab.state.graph.by_name["u"].formula == "b · c · a"
    assert lab.facts()["value"] == 84


def test_a_long_sum_is_written_in_words(lab):
    lab.expression.setText("J = " + "+".join("abcdefghijklmno"))
    lab.expression.commit()
    assert lab.state.graph.last.inputs == tuple("abcdefghijklmno")
    assert lab.view.place_of("J").width() < 260
    assert lab.view.rect().contains(lab.view.place_of("o"))


def test_a_graph_that_computes_nothing_asks_for_nothing(lab):
    lab.view.setFocus()
    for name in ("J", "v", "u"):
        click(lab, name)
        QTest.keyClick(lab.view, KEY.Key_Delete)
    assert not lab.state.graph.operations
    assert "add an operation" in lab.sentence.text()
    for key in (KEY.Key_Right, KEY.Key_Left, KEY.Key_R):
        QTest.keyClick(lab.view, key)
    while len(lab.state.graph.nodes) > 1:
        lab.wiring["remove"].click()
    lab.wiring["remove"].click()
    assert "at least one node" in lab.sentence.text()


def test_the_neuron_is_there_and_its_data_are_asked_nothing(lab):
    take_choice(lab.preset, "neuron")
    lab.reveal_all.click()
    said = lab.view.said()
    for part in ("z = u + v + b, value 0.18795, dz -0.45315", "da -1.8287", "dw₁ -0.40777",
                 "dw₂ 0.3226", "db -0.45315", "value 0.60358"):  # fmt: skip
        assert part in said
    assert "dx" not in said
    keys = list(lab.view.part_keys())
    assert "labs.graph.node[w₁]" in keys
    assert all(lab.view.part(key).rectangle().isValid() for key in keys)
    assert lab.view.part("labs.graph.node[nobody]") is None


def test_a_press_between_nodes_does_nothing(lab):
    before = lab.state
    QTest.mouseClick(lab.view, LEFT, NONE, QPoint(3, 3))
    assert lab.state == before


@given(graphs())
def test_no_two_nodes_overlap_and_wires_go_to_the_right(graph):
    sizes = {node.name: (80.0 + 5 * len(node.formula), 40.0) for node in graph.nodes}
    found, column = arranged(graph, sizes), columns(graph)
    places = list(found.places.values())
    for i, place in enumerate(places):
        assert place.left() >= -0.01
        assert place.right() <= found.width + 0.01
        assert place.bottom() <= found.height + 0.01
        assert not any(place.intersects(other) for other in places[:i])
    for node in graph.nodes:
        assert all(column[name] < column[node.name] for name in node.inputs)


def test_presets_are_graphs():
    for _, words in PRESETS.values():
        assert parse(words).slopes
