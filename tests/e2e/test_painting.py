"""Painting own points while the network learns them: saved, opened, exported, trained without a
window, and everything undone.
"""

import json
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt, QThread
from PySide6.QtTest import QTest

from core import cli
from core.data.table.source import decode
from core.files.own_data import read_arrays
from core.files.recovery import found
from core.files.storage import read
from core.look.plane import plane_of
from gui.files import data_import as imports
from gui.files.recovery import recovery_folder
from gui.paint.surface import PaintSurface
from gui.paint.tools import PaintTools
from gui.panels.boundary.panel import BoundaryPanel
from gui.panels.data.panel import DataPanel
from tests.e2e.driver import run_app
from tests.e2e.work import at_rest, command, said, saving_to, train

LEFT = Qt.MouseButton.LeftButton


def stroke(window, *places):
    """Draw a line over the plot, with the real mouse."""
    surface = window.findChild(PaintSurface)
    view = surface.parentWidget()

    def pixel(place):
        return surface.to_pixels(place).toPoint()

    QTest.mousePress(view, LEFT, pos=pixel(places[0]))
    for start, stop in pairwise(places):
        for i in range(1, 13):
            at = tuple(a + (b - a) * i / 12 for a, b in zip(start, stop, strict=True))
            QTest.mouseMove(view, pixel(at) + QPoint(i % 2, 0))
            QTest.qWait(5)
    QTest.mouseRelease(view, LEFT, pos=pixel(places[-1]))


def learned(qtbot, window):
    """Wait until the run has the examples that the document has."""
    training, document = window.training, window.document
    qtbot.waitUntil(
        lambda: training.is_current(training.latest) and training.latest.project == document.project
    )
    return training.latest


@pytest.mark.slow
def test_painting_while_it_trains(qtbot):
    def script(window):
        data, boundary = window.panels["data"], window.panels["boundary"]
        assert isinstance(data, DataPanel)
        assert isinstance(boundary, BoundaryPanel)
        tools = window.findChild(PaintTools)
        window.training.play()
        qtbot.waitUntil(lambda: window.training.latest.iteration > 500)
        data.gallery.tiles["paint"].click()
        assert tools.isVisible()
        iterations = [window.training.latest.iteration]
        for label in (1, 0, 1):
            QTest.mouseClick(tools.classes[label], LEFT)
            stroke(window, (-3, label + 1), (0, label + 2), (3, label + 1))
            snapshot = learned(qtbot, window)
            iterations.append(snapshot.iteration)
            assert len(snapshot.costs) == snapshot.iteration
        assert iterations == sorted(iterations)  # it went on and on, from where it was
        assert window.document.undo_stack.count() == 3
        assert window.document.undo_stack.undoText() == "Paint points"
        assert "painted points" in data.own_note.text()
        painted = window.training.own.m
        assert painted > 430
        QTest.mouseClick(tools.tools["eraser"], LEFT)
        stroke(window, (-4, -4), (4, 4))
        assert learned(qtbot, window).split.train.m < painted
        window.training.pause()
        qtbot.waitUntil(lambda: at_rest(window))
        for _ in range(4):
            window.document.undo_stack.undo()
        assert window.document.project.data.source == "flower"
        snapshot = learned(qtbot, window)
        assert snapshot.split.train.m == 400
        assert snapshot.iteration >= iterations[-1]  # and the weights are still those learned
        command(window, "Paint points")
        assert not tools.isVisible()

    assert run_app(script) == 0


def test_a_stroke_in_progress_is_kept_when_the_process_must_end(qtbot):
    def script(window):
        window.training.play()
        window.panels["data"].gallery.tiles["paint"].click()
        surface = window.findChild(PaintSurface)
        view = surface.parentWidget()
        QTest.mousePress(view, LEFT, pos=surface.to_pixels((-3, 2)).toPoint())
        for x in range(-3, 4):  # and the button is never let go
            QTest.mouseMove(view, surface.to_pixels((x, 2)).toPoint())
        window.close_without_asking()
        QTest.qWait(200)  # whatever was still to come
        assert not any(thread.isRunning() for thread in window.training.findChildren(QThread))

    assert run_app(script) == 0
    (work,) = found(recovery_folder())
    assert work.saved.own is not None
    assert work.saved.own.m > 410


def paint_two_classes(window):
    """A class 0 below and a class 1 above, on a blank sheet."""
    tools = window.findChild(PaintTools)
    command(window, "Paint points")
    QTest.mouseClick(tools.blank, LEFT)
    stroke(window, (-3, -3), (-1, -1))
    QTest.mouseClick(tools.classes[1], LEFT)
    stroke(window, (1, 1), (3, 3))


def test_painted_points_are_saved_opened_and_trained(qtbot, tmp_path, monkeypatch):
    path = tmp_path / "painted.layerwise"
    saving_to(monkeypatch, path)
    kept = {}

    def paint(window):
        paint_two_classes(window)
        learned(qtbot, window)
        train(qtbot, window, 300)
        command(window, "Save")
        own = window.training.own
        kept["digest"], kept["m"] = own.digest, own.m
        kept["flat"] = window.training.latest.flat.copy()

    assert run_app(paint) == 0
    saved = read(path)
    assert saved.own is not None
    assert saved.own.digest == kept["digest"]
    assert saved.own.sheet is not None

    def open_it(window):
        assert np.array_equal(window.training.latest.flat, kept["flat"])
        before = plane_of(window.training.latest.split)
        command(window, "Paint points")
        stroke(window, (-3, 3), (-2, 2))
        snapshot = learned(qtbot, window)
        assert plane_of(snapshot.split) == before  # the sheet is the same
        assert snapshot.split.train.m > kept["m"]
        assert snapshot.iteration == 300
        window.document.undo_stack.undo()
        assert window.training.own.digest == kept["digest"]

    assert run_app(open_it, [str(path)]) == 0

    report = tmp_path / "report.json"
    assert cli.main(["train", str(path), "--iterations", "50", "--report", str(report)]) == 0
    assert json.loads(report.read_text())["train_accuracy"] > 0.4


@pytest.mark.slow
def test_painted_points_are_exported_like_all_data(qtbot, tmp_path, monkeypatch):
    table, arrays = tmp_path / "points.csv", tmp_path / "points.npz"

    def paint(window):
        paint_two_classes(window)
        learned(qtbot, window)
        own = window.training.own
        for path in (table, arrays):
            monkeypatch.setattr(imports, "ask_save", lambda *_, path=path: path)
            command(window, "Export data…")
        written = read_arrays(arrays).own
        assert np.array_equal(written.X, own.X)
        assert np.array_equal(written.Y, own.Y)
        lines = decode(table.read_bytes(), "points.csv").text.splitlines()
        assert "x1" in lines[0]
        assert len(lines) == own.m + 1

    assert run_app(paint) == 0


@pytest.mark.slow
def test_one_class_alone_is_saved_and_opened_again(qtbot, tmp_path, monkeypatch):
    path = tmp_path / "one.layerwise"
    saving_to(monkeypatch, path)

    def paint(window):
        command(window, "Paint points")
        QTest.mouseClick(window.findChild(PaintTools).blank, LEFT)
        stroke(window, (-3, -3), (-1, -1))
        learned(qtbot, window)
        data = window.panels["data"]
        assert isinstance(data, DataPanel)
        assert "Every training example is of class 0" in data.missing_note.text()
        QTest.mouseClick(window.findChild(PaintTools).tools["eraser"], LEFT)
        stroke(window, (-4, -4), (4, 4))
        qtbot.waitUntil(lambda: "last point stays" in said(window))
        assert window.training.own.m == 1
        learned(qtbot, window)
        command(window, "Save")

    assert run_app(paint) == 0

    def open_it(window):
        assert window.training.own.m == 1
        train(qtbot, window, 5)

    assert run_app(open_it, [str(path)]) == 0
