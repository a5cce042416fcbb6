"""Six starts side by side: measured as their runs record them, trained, and told to goals."""

import numpy as np
import pytest
from PySide6.QtCore import Qt

from core import edits
from core.labs import starts
from core.project import Project
from core.training.session import Session
from gui.labs.starts.panel import StartsLab
from tests.gui.labs.conftest import type_into
from tests.gui.panels.snapshots import snapshot

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def lab(shown, qtbot):
    lab = shown(StartsLab, Project())
    lab.training.latest = snapshot(Project())
    lab.show_snapshot(lab.training.latest)
    qtbot.waitUntil(lambda: len(lab.begun) == 7)
    return lab


def cells(lab, column):
    model = lab.model
    return [model.data(model.index(row, column)) for row in range(model.rowCount())]


def test_the_table_has_the_records_of_each_run(lab):
    assert cells(lab, 0) == ["Zeros", "All ½", "× 0.01", "× 1", "Xavier", "He", "× 10"]
    assert cells(lab, 1) == ["0.6931", "1.090", "0.6932", "0.7705", "0.7092", "0.7401", "6.113"]
    assert cells(lab, 2)[3:] == ["29 %", "20 %", "29 %", "87 %"]
    record = Session(edits.with_network(Project(), initializer="he")).record()
    assert lab.begun["he"].cost == record.J
    assert cells(lab, 3)[5] == f"{np.abs(record.grad.W[1]).max():.3f}"
    assert cells(lab, 4)[:3] == ["4", "4", "–"]
    lab.table.selectRow(1)
    assert "4 units are twins: they get the same gradient." in lab.said.text()
    x, y = lab.z.points("5")
    np.testing.assert_array_equal(x, [1.0, 2.0])
    np.testing.assert_array_equal(y, lab.begun["he"].z)
    assert not lab.grab().isNull()


def test_the_seventh_scale_is_typed_and_measured_alone(lab, qtbot):
    before = lab.begun["he"]
    type_into(lab.scale, "100")
    qtbot.waitUntil(lambda: cells(lab, 1)[6] == "63.61")
    assert lab.begun["he"] is before
    type_into(lab.scale, "-1")
    assert "must be a number" in lab.said.text()
    assert lab.state[-1].scale == 100


def test_a_scale_that_is_dragged_ends_with_the_last_one_measured(lab, qtbot):
    for scale in (0.02, 0.05, 0.1, 0.2, 50.0):
        lab.scale.edited.emit(scale, "drag")
    qtbot.waitUntil(lambda: lab.state[-1].name in lab.begun)
    assert lab.begun[lab.state[-1].name].start.scale == 50.0
    assert set(lab.begun) == {start.name for start in lab.state}


def test_deep_networks_are_looked_at_and_counted(lab, by_key, qtbot):
    assert lab.facts() == {"seen": 0}
    for count, words in enumerate(("tanh", "ReLU", "sigmoid"), start=1):
        by_key(lab.network, f"8 layers of 16, {words}")
        qtbot.waitUntil(lambda count=count: lab.facts()["seen"] == count)
    assert len(lab.begun["xavier"].z) == 9
    lab.begin_step()
    assert lab.facts() == {"seen": 0}
    by_key(lab.network, "open network")
    qtbot.waitUntil(lambda: lab.facts()["seen"] == 1)


def test_all_are_trained_or_given_up(lab, qtbot):
    qtbot.mouseClick(lab.pages.button("Costs"), LEFT)
    qtbot.mouseClick(lab.bar.start, LEFT)
    qtbot.mouseClick(lab.bar.cancel, LEFT)
    assert not lab.trained
    qtbot.mouseClick(lab.bar.start, LEFT)
    qtbot.waitUntil(lambda: len(lab.trained) == 7)
    assert [len(curve.costs) for curve in lab.costs.curves] == [starts.ITERATIONS + 1] * 7
    assert cells(lab, 5)[2] == "0.2586"
    assert cells(lab, 5)[3] == "0.2628"
    assert "× 1 0.2628" in lab.costs.accessibleName()
    assert not lab.grab().isNull()


def test_it_follows_the_open_project(lab, qtbot):
    project = edits.set_units(Project(), 1, 6)
    lab.document.edit("Units", project)
    lab.training.latest = snapshot(project)
    lab.show_snapshot(lab.training.latest)
    qtbot.waitUntil(lambda: len(lab.begun) == 7 and cells(lab, 4)[0] == "6")
