"""The costs kept of a run of millions of iterations: all at first, then every extreme."""

import io
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.edits import with_data
from core.files import storage
from core.files.storage import Saved
from core.look.findings import Findings
from core.project import Project
from core.training import history
from core.training.history import FIRST, RECENT, ThinnedCurve
from core.training.replay import Replay
from core.training.session import Session
from core.training.timeline import Timeline
from tests.looking import seen

BASE = with_data(Project(), examples=20)


@pytest.fixture(autouse=True)
def small(monkeypatch):
    monkeypatch.setattr(history, "EXACT", 40)
    monkeypatch.setattr(history, "STRETCHES", 6)


def filled(values, reads=()):
    """A curve of these, read after so many of them."""
    curve = ThinnedCurve(bounded=True)
    for count, value in enumerate(values.tolist(), 1):
        curve.append(value)
        if count in reads:
            known = [*curve.values, curve.lowest_under_way[0]]
            assert min(known) == values[:count].min()
    return curve


@given(st.integers(0, 3000), st.integers(0, 5), st.sets(st.integers(0, 3000)))
def test_all_at_first_then_the_extremes_of_every_stretch(length, seed, reads):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(history, "EXACT", 40)
        patch.setattr(history, "STRETCHES", 6)
        values = np.random.RandomState(seed).randint(0, 9, length).astype(float)
        curve = filled(values, reads)
        places = curve.iterations
        if length <= 40:
            assert places is None
            assert (curve.values == values).all()
            return
        assert places is None or (np.diff(places) > 0).all()
        at = np.arange(40) if places is None else places
        assert (curve.values == values[at]).all()
        assert (at[:40] == np.arange(40)).all()
        start, width, done = 40, FIRST, 0
        kept = set(at.tolist())
        while start + width <= length:
            stretch = values[start : start + width]
            inside = [values[i] for i in range(start, start + width) if i in kept]
            assert len(inside) == 2
            assert (min(inside), max(inside)) == (stretch.min(), stretch.max())
            start, done = start + width, done + 1
            width = FIRST << (done // 6)
        assert len(at) <= 40 + 2 * 6 * (np.log2(max(length, 2)) + 1)
        assert (curve.recent == values[-RECENT:]).all()


def test_old_values_never_change():
    values = np.random.RandomState(0).rand(2000)
    curve = ThinnedCurve(bounded=True)
    before = np.empty(0)
    for value in values.tolist():
        curve.append(value)
        now = curve.values
        assert (now[: len(before)] == before).all()
        before = now


def test_without_a_bound_all_are_kept():
    curve = ThinnedCurve(bounded=False)
    for i in range(500):
        curve.append(float(i))
    assert (curve.values == np.arange(500)).all()
    assert curve.iterations is None
    assert (curve.recent == np.arange(500 - RECENT, 500)).all()


def test_the_test_curve_gets_rarer_with_the_length_of_the_run():
    curves = history.CostCurves(bounded=True)
    taken = [i for i in range(0, 2**23, 20) if curves.want_test(i, gram=False)]
    assert np.diff(taken[:1000]).tolist() == [20] * 999
    assert taken[-1] - taken[-2] == 20 * 2**3
    assert len(taken) < 2 * 2**20 / 20 + 2**23 / 160


def long_run(iterations=400):
    live, plain = Session(BASE, past=Timeline()), Session(BASE)
    for _ in range(iterations):
        live.step()
        plain.step()
    return live, plain


def test_a_run_without_a_window_keeps_every_cost_and_one_with_a_past_the_same_ones_of_them():
    live, plain = long_run()
    assert len(plain.costs) == 400
    places = live.curves.train.iterations
    assert places is not None
    assert len(places) < 200
    assert (live.costs == plain.costs[places]).all()
    assert live.p.flat.tobytes() == plain.p.flat.tobytes()
    shown = seen(live, Findings())
    assert shown.cost_iterations is not None
    assert len(shown.cost_iterations) == len(shown.costs)
    assert shown.answer(Findings()) is not None


def test_a_reopened_curve_continues():
    live, plain = long_run()
    saved = storage.decode(storage.encode(Saved(BASE, live.state())), "a.layerwise")
    assert saved.state is not None
    again = Session(BASE, state=saved.state, past=Timeline())
    for _ in range(300):
        again.step()
        plain.step()
    assert again.p.flat.tobytes() == plain.p.flat.tobytes()
    places = again.curves.train.iterations
    assert places is not None
    assert (again.costs == plain.costs[places]).all()
    assert places[-1] > 600


def test_a_branch_has_the_curve_up_to_there():
    live, plain = long_run()
    visit = Replay(live, 333)
    while not visit.there:
        visit.advance()
    branch = visit.branch(live, 2)
    places = branch.curves.train.iterations
    assert places is not None
    assert places[-1] < 333
    assert (branch.costs == plain.costs[places]).all()
    early = Replay(live, 30)
    while not early.there:
        early.advance()
    branch = early.branch(live, 3)
    assert (branch.costs == plain.costs[:30]).all()
    for _ in range(200):
        branch.step()
    places = branch.curves.train.iterations
    assert places is not None
    assert (branch.costs == plain.costs[places]).all()


@pytest.mark.parametrize(
    "places",
    [
        np.arange(3),
        np.arange(400.0),
        np.arange(1, 200),
        np.zeros(200, np.int64),
        np.arange(200)[::-1],
        np.arange(200) * 7,
        np.zeros((2, 100), np.int64),
    ],
)
def test_places_that_cannot_be_are_refused(places):
    live, _ = long_run()
    state = replace(live.state(), costs=np.ones(200), cost_iterations=np.arange(200))
    arrays = dict(np.load(io.BytesIO(storage.encode(Saved(BASE, state)))))
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **(arrays | {"cost_iterations": places}))
    opened = storage.decode(file.getvalue(), "a.layerwise")
    assert opened.state is None
    assert opened.set_aside
    assert opened.project == BASE
