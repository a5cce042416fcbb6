"""An unchanged window uses no processor time, and only visible panels are asked."""

from collections import Counter
from time import monotonic

import pytest
from PySide6.QtCore import QEvent, QObject

from core.look.activations import Activations
from core.look.boundary import Boundary
from gui.app import application
from gui.panels.base import Panel
from tests.e2e.driver import run_app
from tests.leftovers import left
from tests.looking import answer_in
from tests.patience import PATIENCE_MS


class Events(QObject):
    """Counts every event that anything in the application gets."""

    def __init__(self) -> None:
        super().__init__()
        self.counts: Counter[tuple[str, QEvent.Type]] = Counter()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        self.counts[type(watched).__name__, event.type()] += 1
        return False


def half_a_second(qtbot):
    """The events of the next half second."""
    events = Events()
    application().installEventFilter(events)
    qtbot.wait(500)
    application().removeEventFilter(events)
    return events.counts


def timers():
    return [what for _, what in left() if what.startswith("timer")]


def come_to_rest(qtbot, window):
    qtbot.waitUntil(lambda: window.training.latest.idle)
    qtbot.wait(700)  # what glides comes to its place, what waits to be shown is shown


@pytest.mark.parametrize("width", [1600, 980])
def test_nothing_happens_in_a_window_at_rest(qtbot, width):
    def script(window):
        window.resize(width, 900)
        window.training.step(50)
        come_to_rest(qtbot, window)
        # What is kept in case of a crash is written two seconds after an edit.
        qtbot.waitUntil(lambda: not timers())
        # What the last of them set going comes to its end, later on a busy machine. What never
        # rests leaves no half second without events.
        deadline = monotonic() + PATIENCE_MS / 1000
        while (events := half_a_second(qtbot)).total() >= 10:
            assert monotonic() < deadline, events.most_common(5)

    assert run_app(script) == 0


def test_hidden_panels_are_neither_asked_nor_drawn(qtbot, monkeypatch):
    asked: list[Panel] = []

    def script(window):
        panels = {name: dock.findChild(Panel) for name, dock in window.docks.items()}
        for dock in window.docks.values():
            dock.hide()
        come_to_rest(qtbot, window)
        for panel in panels.values():
            for method in ("wants", "show_snapshot"):
                note = lambda *_, panel=panel: asked.append(panel)  # noqa: E731
                monkeypatch.setattr(panel, method, note)
        window.training.step(50)
        come_to_rest(qtbot, window)
        assert window.training.latest.iteration == 50
        assert answer_in(window.training.latest, Boundary) is None
        assert answer_in(window.training.latest, Activations) is None

    assert run_app(script) == 0
    assert not asked
