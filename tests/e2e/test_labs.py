"""Labs in the real window: opened from the menu, kept, told to lessons and used by their tests."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from gui.docks import LABS
from tests.e2e.driver import run_app
from tests.lessons.player import carry_out, settle

LESSON = """---
title: Slopes
about: What a slope is.
minutes: 5
concepts: [S20]
after: []
---
## Three times
```step
show = ["labs.derivative"]
point = "labs.derivative"
allow = ["labs.derivative"]
goal = "lab.derivative.function == '3a' and lab.derivative.nudged"
hint = "Press Nudge."
test = ["lab derivative choose function 3a", "lab derivative click nudge"]
```
It is {{lab.derivative.a:.0f}}.
## A graph
```step
show = ["labs.graph"]
point = "labs.graph"
allow = ["labs.graph"]
goal = "{'du', 'dv', 'da', 'db', 'dc'} <= lab.graph.right and 'b' in lab.graph.nudged"
hint = "Answer from left to right, then back."
test = [
  "lab graph choose preset chain", "lab graph set answer 6", "lab graph set answer 10",
  "lab graph set answer 30", "lab graph set answer 3", "lab graph set answer 3",
  "lab graph set answer 6", "lab graph set answer 9", "lab graph set answer 3",
  "lab graph click node[b]", "lab graph click nudge", "expect lab.graph.value 30 0",
]
```
## A neuron
```step
goal = "lab.neuron.page == 'g' and lab.neuron.z >= 6 and lab.neuron.labels == {1}"
hint = "Move z."
test = [
  "lab neuron click view[loss]", "lab neuron set yhat 0.01", "lab neuron click view[g]",
  "lab neuron choose function tanh", "lab neuron set g_z 6", "expect lab.neuron.z 6 1e-12",
]
```
## A square
```step
goal = "panel('labs.derivative') and lab.derivative.function == 'a^2' and lab.derivative.a > 4.9"
hint = "Choose the square."
test = ["lab derivative choose function a^2", "lab derivative drag plot 5"]
```
"""


def lesson_in(folder: Path) -> str:
    path = folder / "lesson.md"
    path.write_text(LESSON, encoding="utf-8")
    return str(path)


@pytest.mark.slow
def test_a_lab_is_created_when_opened_and_keeps_its_state(qtbot):
    def script(window):
        assert not window.docking.labs
        menus = window.menuBar().findChildren(QMenu)
        labs = next(menu for menu in menus if menu.title().replace("&", "") == "Labs")
        assert [action.text() for action in labs.actions()] == [
            f"Lab: {place.title}" for place in LABS
        ]
        for place in LABS:
            action = window.docking.lab_actions[place.name]
            action.trigger()
            dock = window.docks[place.name]
            qtbot.waitUntil(lambda dock=dock: dock.isVisible() and not dock.is_behind)
            assert action.isChecked()
            assert window.parts.find(place.name).widget is dock
            lab = window.docking.lab(place.name)
            for key in lab.named_parts():
                window.parts.bring(f"{place.name}.{key}")
            QTest.qWait(20)
            action.trigger()
            assert dock.isHidden()
        lab = window.docking.lab("labs.derivative")
        window.docking.lab_actions["labs.derivative"].trigger()
        lab.a.edit.setFocus()
        QTest.keyClick(lab.a.edit, Qt.Key.Key_Up)
        window.layouts.choose("build")
        window.layouts.choose("train")
        window.docks["labs.derivative"].close()
        window.docking.lab_actions["labs.derivative"].trigger()
        assert window.docking.lab("labs.derivative") is lab
        assert lab.isVisible()
        assert lab.facts()["a"] == 2.01

    assert run_app(script) == 0


@pytest.mark.slow
def test_a_lesson_shows_a_lab_waits_for_it_and_closes_it_again(qtbot, tmp_path):
    def script(window):
        window.lessons.open_file(Path(lesson_in(tmp_path)))
        guide = window.lessons.guide
        settle(qtbot, window)
        lab = window.docking.lab("labs.derivative")
        assert lab.isVisible()
        assert not guide.reached
        carry_out(qtbot, window, guide.step)
        assert "It is 2." in guide.panel.explanation.text
        guide.panel.next.click()
        settle(qtbot, window)
        assert not lab.facts()["nudged"]  # it counts from the beginning of a step
        for name in ("graph", "neuron", "derivative"):
            carry_out(qtbot, window, guide.step)
            assert window.docking.lab(f"labs.{name}").isVisible()
            if name != "derivative":
                guide.panel.next.click()
                settle(qtbot, window)
        guide.leave()
        qtbot.wait(50)
        assert all(lab.isHidden() or not lab.isVisible() for lab in window.docking.labs)

    assert run_app(script) == 0


def test_a_unit_is_opened_with_the_numbers_that_the_network_has(qtbot):
    def script(window):
        window.selection.select_example(261)
        lit = {}
        for l, unit in ((1, 2), (2, 0)):
            window.canvas.setFocus()
            window.selection.choose_unit(l, unit)
            QTest.keyClick(window.canvas, Qt.Key.Key_L)
            lab = window.docking.lab("labs.neuron")
            qtbot.waitUntil(lambda lab=lab: "example 262" in lab.sentence.text())
            qtbot.waitUntil(lambda lab=lab, l=l: f"[{l}], example 262" in lab.sentence.text())
            lit[l] = lab.state
        p, X = window.training.latest.parameters(), window.training.latest.split.train.X
        x = X[:, 261]
        a = np.tanh(p.W[1] @ x + p.b[1][:, 0])
        assert lit[1].x == tuple(x)
        assert lit[1].w == tuple(p.W[1][2])
        assert lit[1].names == ("x₁", "x₂")
        assert np.isclose(lit[1].z, p.W[1][2] @ x + p.b[1][2, 0], atol=1e-15)
        assert np.isclose(lit[2].z, p.W[2][0] @ a + p.b[2][0, 0], atol=1e-15)
        assert lit[2].count == 2
        assert "2 other inputs together add" in lab.sentence.text()
        first = lit[2].names[0]
        names = [name for name, _ in lab.sum.bars.terms]
        assert names[0] == f"w·{first}"
        assert names[2:] == ["2 other inputs", "b", "z"]
        assert lab.sum.fields["x1"].name == first
        assert lab.facts()["function"] == "sigmoid"
        assert window.docks["labs.neuron"].isVisible()

    assert run_app(script) == 0


@pytest.mark.slow
def test_a_lab_that_was_open_comes_up_where_it_was(qtbot):
    bottom = Qt.DockWidgetArea.BottomDockWidgetArea

    def move(window):
        dock = window.docking.lab_dock("labs.neuron")
        dock.toggle()
        window.addDockWidget(bottom, dock)
        dock.show()
        qtbot.wait(50)

    def look(window):
        assert not window.docking.labs
        window.docking.lab_actions["labs.neuron"].trigger()
        qtbot.waitUntil(window.docks["labs.neuron"].isVisible)
        assert window.dockWidgetArea(window.docks["labs.neuron"]) == bottom
        window.reset_layout()
        assert window.docks["labs.neuron"].isHidden()
        window.docking.lab_actions["labs.neuron"].trigger()
        area = window.dockWidgetArea(window.docks["labs.neuron"])
        assert area == Qt.DockWidgetArea.RightDockWidgetArea

    assert run_app(move) == 0
    assert run_app(look) == 0


@pytest.mark.slow
def test_labs_do_not_make_a_small_window_larger(qtbot):
    def script(window):
        for place in LABS:
            window.docking.lab_actions[place.name].trigger()
            qtbot.wait(30)
            assert (window.width(), window.height()) == (1280, 720), place.name
            window.docking.lab_actions[place.name].trigger()

    assert run_app(script, size=(1280, 720)) == 0
