"""Single units in the window: chosen, muted, frozen, cloned, nudged, pinned; saved and undone."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from core.files import storage
from gui.panels.pinned.panel import PinnedPanel
from tests.e2e.driver import run_app
from tests.e2e.work import at_rest, saving_to, train

NONE, CONTROL = Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier


def click_unit(window, layer, unit):
    canvas = window.canvas
    box = canvas.network.picture.layout.columns[layer].boxes[unit]
    at = canvas.mapFromScene(QPointF(*box.centre))
    QTest.mouseMove(canvas.viewport(), at)
    QTest.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, NONE, at)


def press(window, key, modifier=NONE):
    QTest.keyClick(window.canvas, key, modifier)


def settled(qtbot, window):
    qtbot.waitUntil(lambda: at_rest(window))
    return window.training.latest


def test_a_unit_is_muted_walked_frozen_and_saved_so(qtbot, tmp_path, monkeypatch):
    path = tmp_path / "units.layerwise"
    saving_to(monkeypatch, path)

    def script(window):
        window.start_walk()
        train(qtbot, window, 300)
        before, walk = window.training.latest, window.walk
        click_unit(window, 1, 2)
        press(window, Qt.Key.Key_M)
        after = settled(qtbot, window)
        assert (after.run, after.iteration) == (before.run, 300)
        assert after.train.cost > before.train.cost
        qtbot.waitUntil(lambda: walk.record is not None and walk.record.muted == {1: (2,)})
        assert not walk.record.array("A", 1)[2].any()
        assert not walk.record.array("dW", 1)[2].any()
        press(window, Qt.Key.Key_Z)
        train(qtbot, window, 50)
        p, old = window.training.latest.parameters(), before.parameters()
        assert np.array_equal(p.Wb[1][2], old.Wb[1][2])
        assert not np.array_equal(p.Wb[1][1], old.Wb[1][1])
        assert window.files.save()
        press(window, Qt.Key.Key_Z, CONTROL)
        press(window, Qt.Key.Key_Z, CONTROL)
        assert window.document.project.muted == {}
        assert window.isWindowModified()

    assert run_app(script) == 0
    saved = storage.read(path).project
    assert (saved.muted, saved.frozen) == ({1: (2,)}, {1: (2,)})


@pytest.mark.slow
def test_a_clone_changes_nothing_until_a_nudge_parts_the_two(qtbot):
    def script(window):
        train(qtbot, window, 300)
        before = window.training.latest
        click_unit(window, 1, 1)
        press(window, Qt.Key.Key_C)
        after = settled(qtbot, window)
        assert after.sizes == (2, 5, 1)
        assert after.train.cost == pytest.approx(before.train.cost, rel=1e-12)
        train(qtbot, window, 20)
        p = window.training.latest.parameters()
        np.testing.assert_allclose(p.Wb[1][4], p.Wb[1][1], rtol=1e-9)  # twins stay twins
        adjusted = window.training.latest.adjusted
        press(window, Qt.Key.Key_N)
        qtbot.waitUntil(lambda: window.training.latest.adjusted > adjusted)
        train(qtbot, window, 20)
        p = window.training.latest.parameters()
        assert not np.allclose(p.Wb[1][4], p.Wb[1][1], rtol=1e-3)
        assert window.document.undo_stack.count() == 2

    assert run_app(script) == 0


@pytest.mark.slow
def test_pinned_units_come_to_the_front_and_come_back_with_the_file(qtbot, tmp_path, monkeypatch):
    path = tmp_path / "pinned.layerwise"
    saving_to(monkeypatch, path)

    def script(window):
        train(qtbot, window, 50)
        for unit in (0, 3):
            click_unit(window, 1, unit)
            press(window, Qt.Key.Key_P)
        assert window.docks["pinned"].isVisible()
        panel = window.panels["pinned"]
        assert isinstance(panel, PinnedPanel)
        assert list(panel.cells) == [(1, 0), (1, 3)]
        qtbot.waitUntil(lambda: all(cell.said for cell in panel.cells.values()))
        assert window.document.undo_stack.count() == 0
        assert window.files.save()

    def again(window):
        assert window.selection.view.pins == ((1, 0), (1, 3))

    assert run_app(script) == 0
    assert run_app(again, [str(path)]) == 0
