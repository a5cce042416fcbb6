"""Choosing what the network is given: features on the canvas, classes, bits and their balance."""

import json

from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from core import cli
from core.data.features import FEATURES
from gui.panels.data.panel import DataPanel
from tests.e2e.driver import run_app
from tests.e2e.work import command, said, saving_to
from tests.patience import never_stop

LEFT = Qt.MouseButton.LeftButton
NAMES = list(FEATURES)


def click_feature(window, name):
    """Click the thumbnail of a feature in the input's column, with the real mouse."""
    canvas = window.canvas
    column = canvas.network.picture.layout.columns[0]
    on = window.document.project.data.features
    off = dict(column.off)
    box = column.boxes[on.index(name)] if name in on else off[NAMES.index(name)]
    QTest.mouseClick(canvas.viewport(), LEFT, pos=canvas.mapFromScene(QPointF(*box.centre)))


def going_on_with(qtbot, window, sizes):
    training = window.training
    qtbot.waitUntil(lambda: training.latest.sizes == sizes and training.latest.iteration > 0)
    assert training.playing


def test_features_are_switched_while_it_trains(qtbot):
    def script(window):
        never_stop(window.document)
        window.training.play()
        click_feature(window, "x1_squared")
        going_on_with(qtbot, window, (3, 4, 1))
        click_feature(window, "x1")
        going_on_with(qtbot, window, (2, 4, 1))
        assert window.document.project.data.features == ("x2", "x1_squared")
        click_feature(window, "x2")
        click_feature(window, "x1_squared")
        assert "at least one feature stays on" in said(window)
        window.training.pause()
        for _ in range(3):
            window.document.undo_stack.undo()
        assert window.document.project.data.features == ("x1", "x2")

    assert run_app(script) == 0


def test_classes_and_their_balance_are_chosen_saved_and_trained(qtbot, tmp_path, monkeypatch):
    path, report = tmp_path / "blobs.json", tmp_path / "report.json"
    saving_to(monkeypatch, path)

    def script(window):
        data = window.panels["data"]
        assert isinstance(data, DataPanel)
        data.gallery.tiles["blobs"].click()
        data.options["classes"].slider.setValue(1)
        assert window.document.project.sizes() == (2, 4, 3)
        data.balance.edit.setText("2 1 1")
        data.balance.edit.commit()
        assert window.document.project.data.balance == (0.5, 0.25, 0.25)
        qtbot.waitUntil(
            lambda: window.training.latest.split.train.Y.sum(axis=1).tolist() == [200, 100, 100]
        )
        command(window, "Save")

    assert run_app(script) == 0
    data = json.loads(path.read_text())["data"]
    assert (data["classes"], data["balance"]) == (3, [0.5, 0.25, 0.25])
    assert cli.main(["train", str(path), "--iterations", "200", "--report", str(report)]) == 0
    assert json.loads(report.read_text())["train_accuracy"] > 0.9
