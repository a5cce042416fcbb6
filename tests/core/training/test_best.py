"""The moment of a run's best iteration is kept, even when others are dropped."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import edits
from core.by_hand import Place, number
from core.look.trace import TraceOf
from core.project import Project
from core.training import best as module
from core.training import history, timeline
from core.training.best import Best
from core.training.messages import Load, Retune, Run, Visit
from core.training.replay import Replay
from core.training.session import Session
from core.training.timeline import Moment, Timeline

JUMPY = edits.with_training(
    edits.with_data(Project(), examples=60), learning_rate=2.5, optimizer="momentum"
)  # its cost goes up and down
TESTED = edits.with_data(JUMPY, examples=60, test_share=0.3)


def past_of(live: Session) -> Timeline:
    assert live.past is not None
    return live.past


def best_of(live: Session) -> Moment:
    best = past_of(live).best
    assert best is not None
    return best


def keep(live):
    Best(live).keep(lambda: True)
    return past_of(live).best


def run_of(project, iterations):
    live = Session(project, past=Timeline())
    for _ in range(iterations):
        live.step()
    return live


@pytest.fixture
def sparse(monkeypatch):
    monkeypatch.setattr(timeline, "MOST", 12)
    monkeypatch.setattr(timeline, "DENSE", 3)


CHANGES = {
    "rate": lambda p: edits.with_training(p, learning_rate=0.3),
    "loss": lambda p: edits.with_training(p, loss="squared_error"),
    "l2": lambda p: edits.with_training(p, l2=p.training.l2 + 0.1),
}
COUNTS = {"loss", "l2"}


@settings(max_examples=40)
@given(
    st.lists(st.one_of(st.integers(1, 60), st.sampled_from([*CHANGES, "hand"])), max_size=8),
    st.integers(4, 30),
    st.integers(1, 60),
    st.booleans(),
)
def test_first_last_and_best_of_any_run_however_it_is_thinned(course, most, last, tested):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timeline, "MOST", most)
        patch.setattr(timeline, "DENSE", 3)
        patch.setattr(history, "EXACT", 40)
        patch.setattr(history, "STRETCHES", 6)
        project = TESTED if tested else JUMPY
        live, seen = Session(project, past=Timeline()), {}
        costs: dict[int, float] = {}
        tests: dict[int, float] = {}
        keeper = Best(live)
        for step in [*course, last]:
            if step == "hand":
                live.adjust(number(Place(1, 0, 1), 0.1 * live.iteration - 1.0))
            elif isinstance(step, str):
                before, project = project, CHANGES[step](project)
                live.retune(project)
                if project != before and step in COUNTS:
                    costs.clear()
                if project != before and step == "loss":
                    tests.clear()
                continue
            else:
                for _ in range(step):
                    i, (train, test) = live.iteration, live.score()
                    seen[i], costs[i] = live.p.flat.tobytes(), train.cost
                    if test is not None and i % history.TEST_EVERY == 0:
                        tests[i] = test.cost
                    live.step()
            keeper.keep(lambda: True)
            assert len(past_of(live).iterations) + 1 <= most  # and the last is the run itself
        lows = tests if tested else costs
        if not lows:  # none was measured since the loss was changed
            return
        best = best_of(live)
        assert lows[best.iteration] <= min(lows.values()) * (1 + 1e-12)
        assert best.state.flat.tobytes() == seen[best.iteration]
        assert past_of(live).iterations[0] == 0
        assert best.iteration in past_of(live).iterations
        assert list(past_of(live).iterations) == sorted(set(past_of(live).iterations))


@pytest.mark.parametrize("project", [JUMPY, TESTED], ids=["train", "test"])
def test_the_best_equals_a_fresh_run_and_continues_like_it(project, sparse):
    live = run_of(project, 400)
    best = keep(live)
    fresh = run_of(project, best.iteration)
    assert best.state.flat.tobytes() == fresh.p.flat.tobytes()
    assert best.state.grad.tobytes() == fresh.grad.flat.tobytes()
    visit = Replay(live, best.iteration)
    assert visit.there  # without a single iteration
    branch = visit.branch(live, run=2)
    assert past_of(branch).best is None
    for _ in range(20):
        branch.step()
        fresh.step()
    assert branch.p.flat.tobytes() == fresh.p.flat.tobytes()
    for _ in range(600):  # thinned out meanwhile
        live.step()
    assert best.iteration in past_of(live).iterations


def test_without_tests_a_batch_says_nothing(sparse):
    live = run_of(edits.with_training(JUMPY, batch_size=16), 100)
    assert live.best is None
    assert keep(live) is None
    assert run_of(edits.set_dropout(JUMPY, 1, 0.3), 30).best is None
    assert run_of(edits.with_training(TESTED, batch_size=16), 100).best is not None


def test_its_bytes_count(monkeypatch, sparse):
    one = past_of(run_of(JUMPY, 1)).bytes
    monkeypatch.setattr(timeline, "BUDGET", 5 * one + 100)  # momentum remembers after the first
    live = run_of(JUMPY, 300)
    evenly = past_of(live).bytes
    assert keep(live) is not None
    assert evenly < past_of(live).bytes <= 5 * one + 100
    monkeypatch.setattr(timeline, "BUDGET", 2 * one)  # room for the first and the last alone
    live = run_of(JUMPY, 300)
    assert keep(live) is None
    assert past_of(live).iterations == (0,)


def test_it_pauses_for_other_work_and_then_continues(sparse):
    live, turns = run_of(JUMPY, 300), iter([True, True, False])
    assert live.best not in past_of(live).iterations
    keeper = Best(live)
    keeper.keep(lambda: next(turns))
    assert past_of(live).best is None
    keeper.keep(lambda: True)
    assert best_of(live).iteration == live.best


def test_a_slow_best_is_kept_when_it_is_visited(monkeypatch, sparse):
    monkeypatch.setattr(module, "PATIENCE", -1.0)
    live = run_of(JUMPY, 300)
    keeper = Best(live)
    keeper.keep(lambda: True)
    keeper.keep(lambda: True)
    assert past_of(live).best is None
    visit = Replay(live, live.best)
    keeper.keep(lambda: True, visit)
    assert past_of(live).best is None
    while not visit.there:
        visit.advance()
    keeper.keep(lambda: True, visit)
    assert best_of(live).iteration == live.best


def test_a_reopened_run_keeps_only_a_best_it_can_visit():
    before = run_of(TESTED, 200)
    live = Session(TESTED, state=before.state(), past=Timeline())
    assert live.best == before.best
    assert keep(live) is None
    for _ in range(300):
        live.step()
    assert live.best == run_of(TESTED, 500).best


def test_the_loop_keeps_it_when_the_run_rests(driver, sparse):
    end = driver.settled(Load(JUMPY, run=1), Run(300))
    assert end.best == int(np.argmin(end.costs))
    trace = TraceOf(Place(1, 1, 1))
    while end.best not in driver.ask(trace).iterations:
        pass
    driver.post(Visit(end.best, exact=False))
    glance = driver.look()
    assert glance.iteration == end.best
    assert glance.flat.tobytes() == run_of(JUMPY, end.best).p.flat.tobytes()
    changed = driver.settled(Retune(edits.with_training(JUMPY, loss="squared_error")))
    assert changed.best is None
    assert driver.settled(Run(5)).best >= 300


def test_of_equal_costs_the_first(monkeypatch):
    curves = history.CostCurves(bounded=True)
    monkeypatch.setattr(history, "EXACT", 5)
    for cost in (3.0, 1.0, 1.0, 2.0):
        curves.train.append(cost)
    assert curves.best(noisy=False) == 1
    assert curves.best(noisy=True) is None
    assert history.CostCurves(bounded=True).best(noisy=False) is None
    curves.train.append(math.inf)
    assert curves.best(noisy=False) == 1
