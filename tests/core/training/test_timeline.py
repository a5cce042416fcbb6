"""Any iteration of a run can be visited, bit for bit, and continued."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.by_hand import Place, number
from core.data.own import own_data
from core.edits import choose_own, with_data, with_training
from core.errors import LayerwiseError
from core.nn.optimizers import OPTIMIZERS
from core.project import Project
from core.state import RunState
from core.training import loop
from core.training import timeline as module
from core.training.messages import Branch, Load, Look, Retune, Run, Visit
from core.training.replay import Replay
from core.training.session import Session
from core.training.timeline import BUDGET, DENSE, MOST, Moment, Timeline

BASE = with_data(Project(), examples=90, test_share=0.2)
WIDE = own_data(np.random.RandomState(0).rand(600, 40), [np.arange(40) % 2], "wide.npz")


def moment(iteration: int, numbers: int = 17) -> Moment:
    flat = np.full(numbers, float(iteration))
    none = np.empty(0)
    return Moment(Project(), RunState(iteration, flat, flat, none, none.astype(np.int64), none))


def kept(length: int, numbers: int = 17, start: int = 0) -> Timeline:
    past = Timeline()
    past.due = start
    for iteration in range(start, start + length):
        if iteration == past.due:
            past.keep(moment(iteration, numbers))
    return past


@given(st.integers(1, 60_000), st.integers(1, 10_000))
def test_it_is_dense_at_first_then_even_and_never_too_many(length, start):
    past = kept(length, start=start)
    iterations = np.array(past.iterations)
    assert len(iterations) <= MOST
    assert iterations[0] == past.first == start
    dense = min(length, DENSE)
    assert (iterations[:dense] == np.arange(start, start + dense)).all()
    steps = np.diff(iterations[DENSE:])
    assert len(set(steps.tolist())) <= 1
    assert length < MOST or len(iterations) > MOST // 2
    assert start + length - iterations[-1] <= max([1, *np.diff(iterations)[-1:]])


@pytest.mark.parametrize("numbers", [10**5, 10**6, 3 * 10**6])
def test_its_bytes_are_bounded_too(numbers):
    past = kept(300, numbers)
    taken = len(past.iterations) * 2 * 8 * numbers
    assert BUDGET / 4 < taken <= BUDGET


def test_a_moment_larger_than_all_there_is_room_for_is_not_kept(monkeypatch):
    monkeypatch.setattr(module, "BUDGET", 100)
    past = kept(50)
    assert past.iterations == ()
    assert past.first is None
    assert past.before(3) is None


@given(st.integers(0, 5000), st.integers(0, 5000))
def test_the_moment_before_an_iteration(length, iteration):
    past = kept(length + 1)
    found = past.before(iteration)
    assert found is not None
    assert found.iteration == max(i for i in past.iterations if i <= iteration)
    assert past.before(-1) is None


def visited(live: Session, iteration: int) -> Session:
    visit = Replay(live, iteration)
    while not visit.there:
        visit.advance()
    return visit.session


def assert_same(one: Session, two: Session) -> None:
    assert one.iteration == two.iteration
    assert one.p.flat.tobytes() == two.p.flat.tobytes()
    assert one.grad.flat.tobytes() == two.grad.flat.tobytes()
    assert one.epoch == two.epoch
    assert one.score() == two.score()


@pytest.mark.parametrize("dtype", ["float64", "float32"])
@pytest.mark.parametrize("batch_size", [None, 16])
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_a_replayed_iteration_is_bit_for_bit_the_same(optimizer, batch_size, dtype, monkeypatch):
    monkeypatch.setattr(module, "MOST", 20)
    monkeypatch.setattr(module, "DENSE", 5)
    project = with_training(
        BASE, optimizer=optimizer, batch_size=batch_size, dtype=dtype, l2=0.1, learning_rate=0.01
    )
    live = Session(project, past=Timeline())
    for _ in range(150):
        live.step()
    assert live.past is not None
    assert len(live.past.iterations) <= 20
    for iteration in (0, 3, 77, 101, 149):
        fresh = Session(project)
        for _ in range(iteration):
            fresh.step()
        assert_same(visited(live, iteration), fresh)


def test_many_inputs_too():
    project = with_training(choose_own(BASE, WIDE), learning_rate=0.01)
    live = Session(with_data(project, test_share=0.25), own=WIDE, past=Timeline())
    seen = {}
    for i in range(60):
        seen[i] = live.p.flat.copy()
        live.step()
    assert live.gram
    for i in (0, 31, 59):
        assert np.allclose(visited(live, i).p.flat, seen[i], rtol=1e-13, atol=1e-15)


def test_replay_repeats_changes_of_settings(monkeypatch):
    monkeypatch.setattr(module, "MOST", 4)
    live = Session(BASE, past=Timeline())
    seen = {}

    def go(n):
        for _ in range(n):
            seen[live.iteration] = live.p.flat.copy()
            live.step()

    go(40)
    live.retune(with_training(BASE, learning_rate=0.3))
    go(25)
    live.retune(with_training(BASE, learning_rate=0.3, optimizer="adam"))
    live.retune(with_training(BASE, learning_rate=0.03, optimizer="adam", batch_size=16))
    go(30)
    for i, flat in seen.items():
        assert visited(live, i).p.flat.tobytes() == flat.tobytes()


def test_replay_repeats_changes_by_hand(monkeypatch):
    monkeypatch.setattr(module, "MOST", 4)
    live = Session(BASE, past=Timeline())
    seen = {}

    def go(n):
        for _ in range(n):
            seen[live.iteration] = live.p.flat.copy()
            live.step()

    live.adjust(number(Place(1, 1, 1), -2.0))
    go(40)
    live.adjust(number(Place(1, 1, 1), 0.5))
    live.retune(with_training(BASE, learning_rate=0.3))
    live.adjust(number(Place(2, 0), 3.0))
    go(35)
    for i, flat in seen.items():
        assert visited(live, i).p.flat.tobytes() == flat.tobytes()


def test_replay_repeats_changes_in_the_middle_of_an_iteration(monkeypatch):
    monkeypatch.setattr("core.training.batch_loader.part_size", lambda sizes: 7)
    live = Session(BASE, past=Timeline())
    while live.iteration < 3:
        live.advance()
    live.advance()  # one part of several
    live.adjust(number(Place(1, 1, 1), -2.0))
    flat = live.p.flat.copy()
    live.step()
    after = live.p.flat.copy()
    live.step()
    assert visited(live, 3).p.flat.tobytes() == flat.tobytes()
    assert visited(live, 4).p.flat.tobytes() == after.tobytes()


def test_a_branch_is_a_run_with_the_same_settings_from_there():
    live = Session(BASE, past=Timeline())
    for _ in range(120):
        live.step()
    visit = Replay(live, 70)
    while not visit.there:
        visit.advance()
    branch = visit.branch(live, run=9)
    assert branch.run == 9
    assert (branch.costs == live.costs[:70]).all()
    fresh = Session(BASE)
    for _ in range(100):
        fresh.step()
    for _ in range(30):
        branch.step()
    assert_same(branch, fresh)
    assert (branch.costs == fresh.costs).all()
    assert_same(visited(branch, 12), visited(live, 12))
    assert_same(visited(branch, 85), visited(live, 85))
    assert [a.tolist() for a in branch.test_curve] == [a.tolist() for a in fresh.test_curve]


def test_without_a_past_nothing_is_gone_back_to():
    live = Session(BASE)
    live.step()
    with pytest.raises(LayerwiseError, match="is not kept"):
        Replay(live, 0)


def test_the_loop_shows_an_earlier_iteration_and_returns(driver):
    end = driver.settled(Load(BASE, run=1), Run(300))
    assert (end.iteration, end.newest, end.earliest) == (300, 300, 0)
    then = driver.settled(Visit(123))
    assert (then.iteration, then.newest, len(then.costs)) == (123, 300, 300)
    fresh = Session(BASE)
    for _ in range(123):
        fresh.step()
    assert then.flat.tobytes() == fresh.p.flat.tobytes()
    assert then.train.cost == pytest.approx(float(end.costs[123]), rel=1e-12)
    assert driver.settled(Visit(None)).flat.tobytes() == end.flat.tobytes()
    assert driver.settled(Visit(50), Run(1)).iteration == 301
    changed = with_training(BASE, learning_rate=0.1)
    assert driver.settled(Visit(50), Retune(changed)).iteration == 301


def test_a_glance_shows_the_moment_kept_before_and_is_no_rest(driver, monkeypatch):
    monkeypatch.setattr(module, "MOST", 20)
    monkeypatch.setattr(module, "DENSE", 5)
    driver.settled(Load(BASE, run=1), Run(300))
    driver.post(Visit(123, exact=False))
    then = driver.look()
    fresh = Session(BASE)
    while fresh.iteration < then.iteration:
        fresh.step()
    assert then.iteration < 123
    assert not then.idle
    assert then.flat.tobytes() == fresh.p.flat.tobytes()
    driver.post(Visit(400, exact=False))
    assert driver.look().iteration == 300
    assert driver.settled(Visit(123)).iteration == 123


def test_viewers_wait_for_a_short_replay_and_see_the_progress_of_a_long_one(driver, monkeypatch):
    monkeypatch.setattr(module, "MOST", 20)
    monkeypatch.setattr(module, "DENSE", 5)
    monkeypatch.setattr(loop, "SOON", 60.0)
    driver.settled(Load(BASE, run=1), Run(300))
    driver.post(Visit(141))
    there = driver.look()
    assert (there.iteration, there.idle) == (141, True)
    monkeypatch.setattr(loop, "SOON", 0.0)
    driver.post(Visit(157), Look())
    on_the_way = driver.answer()
    assert (on_the_way.iteration < 157) == (not on_the_way.idle)
    assert driver.settled().iteration == 157


def test_of_many_visits_that_wait_the_last_is_made(driver, monkeypatch):
    made = []

    class Counted(Replay):
        def __init__(self, live, iteration, *, exact):
            made.append(iteration)
            super().__init__(live, iteration, exact=exact)

    monkeypatch.setattr(loop, "Replay", Counted)
    driver.settled(Load(BASE, run=1), Run(300))
    driver.post(*(Visit(i) for i in range(100, 200)), Branch(2))
    branch = driver.settled(Visit(7))
    assert (branch.run, branch.newest) == (2, 199)
    assert 7 in made
    assert 199 in made
    assert len(made) < 100


def test_the_loop_branches(driver):
    driver.settled(Load(BASE, run=1), Run(200))
    start = driver.settled(Visit(80), Branch(2))
    assert (start.run, start.iteration, start.newest) == (2, 80, 80)
    assert driver.settled(Run(20)).newest == 100
    same = driver.settled(Branch(3))  # nothing is visited: it continues from its iteration
    assert (same.run, same.iteration) == (3, 100)
