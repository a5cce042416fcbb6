"""The past of a project that was opened again: restored on demand, with progress and Cancel."""

import threading
import time
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from core.edits import with_training
from core.files import storage
from core.project import Project
from core.training.remaking import Remaking
from core.training.session import Session
from core.training.timeline import Timeline
from gui.dialogs.film import FilmDialog
from gui.files import film
from tests.e2e.driver import run_app
from tests.e2e.test_timeline import seen
from tests.e2e.work import command, said

LEFT, KEY = Qt.MouseButton.LeftButton, Qt.Key


def file_of(path, iterations, shift=0.0, project=None):
    """A project saved after so many iterations, its costs shifted by what another machine makes."""
    live = Session(project or Project(), past=Timeline())
    for _ in range(iterations):
        live.step()
    state = live.state()
    if shift:
        state = replace(state, costs=state.costs + shift)
    storage.write(path, storage.Saved(live.project, state))
    return [str(path)]


@pytest.fixture
def released(monkeypatch):
    """Nothing is restored until this is set: what is shown meanwhile is seen however fast it is."""
    released, advance = threading.Event(), Remaking.advance

    def advance_when_set(remaking):
        if released.is_set():
            advance(remaking)
        else:
            time.sleep(0.001)

    monkeypatch.setattr(Remaking, "advance", advance_when_set)
    return released


def test_a_click_restores_it_and_it_is_the_same(qtbot, tmp_path, released):
    def script(window):
        panel = window.panels["cost"]
        strip, bar = panel.remake, panel.timeline
        window.docks["cost"].raise_()
        assert not bar.isVisible()
        assert strip.go.isVisible()
        qtbot.mouseClick(strip.go, LEFT)
        qtbot.waitUntil(strip.stop.isVisible)
        assert "of 2,000 iterations" in strip.said.text()
        released.set()
        qtbot.waitUntil(bar.isVisible)
        assert not strip.isVisible()
        qtbot.keyClick(bar, KEY.Key_Home)
        assert np.array_equal(seen(qtbot, window, 0).flat, Session(Project()).p.flat)
        window.training.visit(777)
        then = seen(qtbot, window, 777)
        once = Session(Project())
        for _ in range(777):
            once.step()
        assert np.array_equal(then.flat, once.p.flat)

    assert run_app(script, file_of(tmp_path / "run.layerwise", 2000)) == 0


@pytest.mark.slow
def test_after_cancel_it_is_offered_again_and_the_run_continues(qtbot, tmp_path, released):
    def script(window):
        strip = window.panels["cost"].remake
        window.docks["cost"].raise_()
        qtbot.mouseClick(strip.go, LEFT)
        qtbot.waitUntil(strip.stop.isVisible)
        qtbot.mouseClick(strip.stop, LEFT)
        qtbot.waitUntil(strip.go.isVisible)
        assert window.training.latest.lacking == 20000
        released.set()
        window.training.step(5)
        seen(qtbot, window, 20005)

    assert run_app(script, file_of(tmp_path / "run.layerwise", 20000)) == 0


def test_costs_of_another_machine_stay_and_a_sentence_says_so(qtbot, tmp_path):
    def script(window):
        strip = window.panels["cost"].remake
        costs = window.training.latest.costs
        window.docks["cost"].raise_()
        qtbot.mouseClick(strip.go, LEFT)
        qtbot.waitUntil(lambda: "cannot be shown" in said(window))
        assert "The saved curve stays" in said(window)
        assert strip.said.text() == "No earlier iterations"
        assert "iteration 0" in strip.said.toolTip()
        assert not strip.go.isVisible()
        assert np.array_equal(window.training.latest.costs, costs)

    assert run_app(script, file_of(tmp_path / "run.layerwise", 50, shift=1e-6)) == 0


@pytest.mark.slow
@pytest.mark.parametrize("cancels", [False, True])
def test_a_film_restores_it_first(qtbot, tmp_path, monkeypatch, released, cancels):
    monkeypatch.setattr(film, "ask_save", lambda *_: tmp_path / "a.gif")

    def script(window):
        command(window, "Export a film of the run…")
        assert window.films.dialog is None
        if cancels:
            window.films.remaking.cancel()
            qtbot.waitUntil(lambda: window.training.latest.remade is None)
            assert window.films.dialog is None
            return
        released.set()
        qtbot.waitUntil(lambda: isinstance(window.films.dialog, FilmDialog))
        assert window.training.latest.lacking == 0
        dialog = next(w for w in QApplication.topLevelWidgets() if isinstance(w, FilmDialog))
        dialog.frames.setValue(4)
        dialog.accept()
        qtbot.waitUntil(lambda: "Wrote 4 frames" in said(window))

    assert run_app(script, file_of(tmp_path / "run.layerwise", 1500)) == 0


@pytest.mark.slow
def test_playing_comes_first_and_the_past_follows(qtbot, tmp_path):
    project = with_training(Project(), iterations=0)

    def script(window):
        training = window.training
        training.remake()
        training.play()
        qtbot.waitUntil(lambda: training.latest.iteration > 1100)
        training.pause()
        qtbot.waitUntil(lambda: training.latest.lacking == 0)
        training.visit(1)
        seen(qtbot, window, 1)

    assert run_app(script, file_of(tmp_path / "run.layerwise", 1000, project=project)) == 0
