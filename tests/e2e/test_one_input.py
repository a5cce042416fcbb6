"""A table with one input: its label is learned as a curve, seen while it trains, read and saved."""

import numpy as np
from PySide6.QtCore import QPoint, Qt

from core import edits
from gui.dialogs.table import TableDialog
from gui.files import open_save as files
from gui.panels.boundary.panel import BoundaryPanel
from tests.e2e.driver import run_app
from tests.e2e.work import at_rest, train

AT_REST = 200  # points of the curve: in flight there are fewer


def imported(qtbot, window, path):
    window.imports.import_path(path)
    window.findChild(TableDialog).import_button.click()
    qtbot.waitUntil(lambda: at_rest(window) and window.training.own is not None)
    panel = window.findChild(BoundaryPanel)
    qtbot.waitUntil(lambda: panel.plot.picture is not None and panel.plot.plane.is_line)
    return panel


def point_at_middle(qtbot, plot):
    middle = plot.square().center().toPoint()
    for at in (middle - QPoint(9, 0), middle):  # to be there already moves nothing
        qtbot.mouseMove(plot.viewport(), at)


def drawn(panel):
    (curve,) = panel.plot.picture.curves
    return curve.values


def test_numbers_are_a_curve_that_follows_the_training(qtbot, tmp_path, monkeypatch):
    path, saved = tmp_path / "wave.csv", tmp_path / "wave.layerwise"
    x = np.linspace(-2, 2, 60)
    rows = [f"{a:.4f},{b:.4f}" for a, b in zip(x, np.sin(2 * x), strict=True)]
    path.write_text("\n".join(["time,height", *rows]), encoding="utf-8")
    monkeypatch.setattr(files, "ask_save", lambda *_: saved)

    def script(window):
        panel = imported(qtbot, window, path)
        assert window.document.project.sizes() == (1, 4, 1)
        gently = edits.with_training(window.document.project, learning_rate=0.1)
        window.document.edit("Set the learning rate", gently)
        qtbot.waitUntil(lambda: len(drawn(panel)) == AT_REST)
        before = drawn(panel).copy()
        train(qtbot, window, 300)
        qtbot.waitUntil(
            lambda: len(drawn(panel)) == AT_REST and np.abs(drawn(panel) - before).max() > 0.1
        )
        panel.errors.setChecked(True)
        qtbot.waitUntil(lambda: len(panel.plot.stems) == 1)
        point_at_middle(qtbot, panel.plot)
        qtbot.waitUntil(lambda: "ŷ = " in panel.readout.text())
        assert panel.readout.text().startswith("time = ")
        qtbot.keyClick(panel.plot, Qt.Key.Key_Right)
        assert window.selection.example == 0
        assert window.files.save()

    def again(window):
        panel = window.findChild(BoundaryPanel)
        qtbot.waitUntil(lambda: at_rest(window) and panel.plot.picture is not None)
        assert window.training.latest.iteration == 300
        assert panel.plot.plane.is_line

    assert run_app(script) == 0
    assert run_app(again, [str(saved)]) == 0


def test_a_yes_or_no_is_a_probability_over_the_input(qtbot, tmp_path):
    path = tmp_path / "exam.csv"
    rows = [f"{hours / 4};{'passed' if hours > 20 else 'failed'}" for hours in range(40)]
    path.write_text("\n".join(["hours;result", *rows]), encoding="utf-8")

    def script(window):
        panel = imported(qtbot, window, path)
        train(qtbot, window, 50)
        values = drawn(panel)
        assert ((values > 0) & (values < 1)).all()
        assert panel.plot.picture.level == 0.5
        point_at_middle(qtbot, panel.plot)
        qtbot.waitUntil(lambda: "P(y=1) = " in panel.readout.text())

    assert run_app(script) == 0
