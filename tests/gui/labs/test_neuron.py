"""The neuron lab: one z on three pages, typed, dragged and by keys, against the core's tables."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from core.labs.scalars import losses, output
from gui.labs.neuron.panel import NeuronLab
from tests.gui.labs.conftest import take_choice, type_into

LEFT = Qt.MouseButton.LeftButton


def press(plot, x, y):
    at = plot.point_at(x, y).toPoint()
    QTest.mousePress(plot.viewport(), LEFT, pos=at)
    QTest.mouseRelease(plot.viewport(), LEFT, pos=at)


def test_every_number_of_the_sum_is_typed(shown):
    lab = shown(NeuronLab)
    for name, value in (("x1", 2), ("x2", -1), ("w1", 0.5), ("w2", 3), ("b", 0.25)):
        type_into(lab.sum.fields[name], str(value))
    assert lab.state.terms == (1, -3)
    assert lab.facts()["z"] == -1.75
    assert lab.sum.bars.terms[-1] == ("z", -1.75)
    assert "z -1.750" in lab.sum.bars.accessibleName()
    for view in lab.sum.views:
        a, _ = output(view.activation, -1.75)
        assert float(view.value.text()) == pytest.approx(a, abs=1e-5)
    assert "the step says 0" in lab.sentence.text()
    type_into(lab.sum.fields["b"], "much")
    assert "b must be a number" in lab.sentence.text()
    assert lab.facts()["z"] == -1.75


def test_a_thousandth_at_zero_turns_the_step_and_hardly_the_sigmoid(shown):
    lab = shown(NeuronLab)
    type_into(lab.sum.z, "0")
    assert [view.value.text() for view in lab.sum.views] == ["0", "0", "0.5"]
    b = lab.state.b
    type_into(lab.sum.fields["b"], f"{b + 0.001:.3f}")
    assert [view.value.text() for view in lab.sum.views] == ["1", "0.001", "0.50025"]


def test_z_is_dragged_through_both_curves_of_g(shown):
    lab = shown(NeuronLab)
    lab.pages.button("g").click()
    assert lab.facts()["page"] == "g"
    take_choice(lab.g.function, "tanh")
    take_choice(lab.g.other, "sigmoid")
    press(lab.g.plots["slope"], 6, 0.5)
    z = lab.facts()["z"]
    assert z == pytest.approx(6, abs=0.1)
    assert lab.g.plots["g"].line == lab.g.plots["slope"].line == z
    for name, ends in (("tanh", ""), ("sigmoid", "2")):
        a, slope = output(name, z)
        assert float(lab.g.rows.number(f"a{ends}")) == pytest.approx(a, rel=1e-3)
        assert float(lab.g.rows.number(f"slope{ends}")) == pytest.approx(slope, rel=5e-2)
    lab.g.plots["g"].setFocus()
    QTest.keyClick(lab.g.plots["g"], Qt.Key.Key_Left)
    assert lab.facts()["z"] == pytest.approx(z - 0.01)
    assert lab.facts()["function"] == "tanh"


def test_both_plots_of_g_show_the_same_z_at_the_same_pixel(shown):
    lab = shown(NeuronLab)
    lab.pages.button("g").click()
    for name in ("linear", "sigmoid", "step"):
        take_choice(lab.g.function, name)
        lefts = {plot.area().left() for plot in lab.g.plots.values()}
        assert len(lefts) == 1
    lab.g.plots["g"].box.zoom(0.5)
    ranges = [plot.box.viewRange()[0] for plot in lab.g.plots.values()]
    assert ranges[0] == pytest.approx(ranges[1])
    assert ranges[0][1] < 6


def test_an_answer_has_the_cores_loss(shown):
    lab = shown(NeuronLab)
    lab.pages.button("Loss").click()
    for y, words in ((1, "0.02"), (0, "0.01")):
        lab.loss.segments.buttons[y].click()
        type_into(lab.loss.answer, words)
        z = np.array([lab.state.z])
        for name in ("cross_entropy", "squared_error"):
            _, loss, dz = losses(name, z, y)
            assert float(lab.loss.rows.number(name)) == pytest.approx(loss.item(), rel=1e-4)
            slope = float(lab.loss.rows.number(f"{name} slope"))
            assert slope == pytest.approx(dz.item(), rel=1e-4)
    assert lab.facts()["labels"] == {0, 1}
    assert lab.facts()["yhat"] == pytest.approx(0.01)
    press(lab.loss.losses, 0.8, 1.0)
    assert lab.facts()["yhat"] == pytest.approx(0.8, abs=0.01)
    type_into(lab.loss.answer, "1")
    assert "ŷ must be a number" in lab.sentence.text()
    lab.begin_step()
    assert lab.facts()["labels"] == set()


def test_an_answer_beyond_what_is_drawn_keeps_its_numbers(shown):
    lab = shown(NeuronLab)
    type_into(lab.sum.z, "-60")
    assert lab.loss.rows.number("cross_entropy") == "60"
    type_into(lab.sum.z, "100")
    assert lab.facts()["z"] == 100
    assert lab.sum.views[2].value.text() == "1"
