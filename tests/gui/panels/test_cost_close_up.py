"""The cost zoomed in time shows every iteration, also of a run that keeps only some of them."""

from dataclasses import replace

import numpy as np
import pytest

from core.look import costs as module
from core.look.costs import CostWindow
from core.project import Project
from core.training import history
from core.training.session import Session
from core.training.timeline import Timeline
from gui.panels.cost.panel import CostPanel
from tests.gui.panels.snapshots import answering, snapshot
from tests.looking import answer


@pytest.fixture
def panel(shown_still):
    return shown_still(CostPanel, 400, 200)


@pytest.fixture
def long(monkeypatch):
    """A run that keeps 50 costs and then some of each stretch; what is shown of it; all costs."""
    monkeypatch.setattr(history, "EXACT", 50)
    one, other = Session(Project(), past=Timeline()), Session(Project())
    for _ in range(600):
        one.step()
        other.step()
    kept = one.curves.train
    shown = replace(
        snapshot(),
        costs=kept.values,
        cost_iterations=kept.iterations,
        test_costs=np.empty(0),
        test_iterations=np.empty(0, np.int64),
        iteration=600,
        newest=600,
    )
    return one, shown, other.costs


def zoom(panel, low, high):
    panel.plot.box.setXRange(low, high, padding=0)


def seen_between(panel, low, high):
    x, y = panel.plot.points("train")
    inside = (x >= low) & (x <= high)
    return x[inside].tolist(), y[inside]


def test_all_that_is_seen_is_asked_for_and_drawn(panel, long):
    one, shown, whole = long
    panel.show_snapshot(shown)
    assert panel.wants() == ()
    refreshed = panel.training.refreshed
    zoom(panel, 120, 190)
    (ask,) = panel.wants()
    assert isinstance(ask, CostWindow)
    assert ask.first <= 120
    assert ask.last > 190
    assert panel.training.refreshed == refreshed + 1
    assert seen_between(panel, 120, 190)[0] != [*range(120, 191)]  # until the answer is there
    panel.show_snapshot(answering(shown, ask, answer(one, ask)))
    x, y = seen_between(panel, 120, 190)
    assert x == [*range(120, 191)]
    assert y.tobytes() == whole[120:191].tobytes()
    places = panel.plot.points("train")[0]
    assert (np.diff(places) > 0).all()


def test_the_cursor_and_the_saved_numbers_have_them_too(panel, long):
    one, shown, whole = long
    panel.show_snapshot(shown)
    zoom(panel, 120, 190)
    (ask,) = panel.wants()
    panel.show_snapshot(answering(shown, ask, answer(one, ask)))
    missing = next(i for i in range(130, 180) if i not in shown.cost_iterations)
    area, (low, high) = panel.plot.area(), panel.plot.box.viewRange()[0]
    at = area.center()
    at.setX(area.left() + (missing - low) / (high - low) * area.width())
    panel.plot.hovered.emit(at)
    assert f"iteration {missing} " in panel.readout.text()
    numbers = panel.plot.numbers()
    train = dict(zip(numbers["iteration"], numbers["train"], strict=True))
    assert train[missing] == whole[missing]
    assert numbers["iteration"] == sorted({*range(ask.first, ask.last), *shown.cost_iterations})


def test_another_range_and_the_whole_are_drawn_from_kept_costs(panel, long):
    one, shown, _ = long
    panel.show_snapshot(shown)
    zoom(panel, 120, 190)
    (ask,) = panel.wants()
    panel.show_snapshot(answering(shown, ask, answer(one, ask)))
    for low, high in ((300, 400), (60, 100)):
        zoom(panel, low, high)
        kept = [i for i in shown.cost_iterations.tolist() if low <= i <= high]
        assert seen_between(panel, low, high)[0] == kept
    panel.plot.show_all()
    assert panel.wants() == ()
    assert panel.plot.points("train")[0][-1] == shown.cost_iterations[-1]


def test_an_answer_that_was_cut_short_is_asked_for_again(panel, long, monkeypatch):
    one, shown, _ = long
    panel.show_snapshot(shown)
    zoom(panel, 120, 190)
    (ask,) = panel.wants()
    monkeypatch.setattr(module, "AT_REST", 0.0)
    refreshed = panel.training.refreshed
    part = answering(shown, ask, answer(one, ask))
    panel.show_snapshot(part)
    assert panel.training.refreshed == refreshed + 1
    panel.show_snapshot(part)  # no more than before: it is left at that
    assert panel.training.refreshed == refreshed + 1


def test_a_run_that_keeps_them_all_is_not_asked(panel):
    panel.show_snapshot(snapshot())
    zoom(panel, 20, 40)
    assert panel.wants() == ()
    assert seen_between(panel, 20, 40)[0] == [*range(20, 41)]
