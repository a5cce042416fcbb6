"""For any actions during a run, its past is recomputed bit for bit, and a branch continues."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core import edits
from core.by_hand import Place, number
from core.data.own import drawn
from core.data.painting import copied
from core.data.sheet import Sheet
from core.project import LayerSettings, Project
from core.training import timeline as module
from core.training.messages import Adjust, Branch, Load, Retune, Run, Visit
from core.training.replay import Replay
from core.training.session import Session
from core.training.timeline import Timeline

SHEET = Sheet(x1=(-5.0, 5.0), x2=(-5.0, 5.0), began="flower")
PAINTED = copied(drawn("flower", 60, 0.2, 1), SHEET)
MORE = PAINTED.painted([[1.0, 2.0, -3.0], [0.0, 0.5, 1.0]], 1)
HIDDEN = (
    LayerSettings(units=5, activation="relu", dropout=0.3),
    LayerSettings(units=4, activation="tanh", dropout=0.2),
    LayerSettings(units=1, activation="sigmoid"),
)


def busy(painting=PAINTED):
    """Everything at once: dropout, mini-batches, Adam, decay, L2, of painted points."""
    project = edits.with_network(Project(), layers=HIDDEN, initializer="xavier", scale=1.0)
    project = edits.choose_own(project, painting.own())
    project = edits.with_training(
        project, optimizer="adam", batch_size=16, learning_rate=0.02, l2=0.1
    )
    return edits.with_decay(project, form="inverse", interval=2)


class Recorded:
    """A run, and what it was at every iteration."""

    def __init__(self, session):
        self.live = session
        self.seen = {}

    def go(self, count):
        for _ in range(count):
            self.seen[self.live.iteration] = self.now()
            assert self.live.step()

    def now(self):
        live = self.live
        return live.p.flat.tobytes(), live.grad.flat.tobytes(), live.epoch, live.score()

    def check(self, iterations):
        for i in iterations:
            again = Recorded(visited(self.live, i).session)
            assert again.now() == self.seen[i], i


def visited(live, iteration):
    visit = Replay(live, iteration)
    while not visit.there:
        visit.advance()
    return visit


@pytest.fixture
def sparse(monkeypatch):
    """Few moments are kept, so that most iterations are remade."""
    monkeypatch.setattr(module, "MOST", 10)
    monkeypatch.setattr(module, "DENSE", 3)


def test_everything_at_once_is_remade(sparse):
    project = busy()
    run = Recorded(Session(project, own=PAINTED.own(), past=Timeline()))
    live = run.live
    run.go(20)
    live.adjust(number(Place(1, 2, 1), -1.5))
    live.adjust(number(Place(3, 0), 0.25))
    run.go(17)
    project = edits.with_decay(project, form="exponential")
    live.retune(project)
    run.go(9)
    project = edits.freeze_unit(edits.mute_unit(project, 1, 3), 2, 0)
    live.retune(project)
    live.adjust(number(Place(2, 1, 1), 2.0))
    run.go(15)
    live.retune(edits.with_training(project, optimizer="momentum", batch_size=7, l1=0.01))
    run.go(25)
    assert live.past is not None
    assert len(live.past.iterations) <= 10
    run.check(range(86))


def test_painting_starts_a_new_past(sparse):
    old = Recorded(Session(busy(), own=PAINTED.own(), past=Timeline()))
    old.go(40)
    run = Recorded(Session(busy(MORE), own=MORE.own(), past=Timeline()))
    run.live.continue_from(old.live)
    run.go(13)
    run.live.adjust(number(Place(1, 0, 0), 0.5))
    run.go(30)
    assert run.live.past.first == 40
    run.check(range(40, 83))
    old.check(range(40))


def test_a_branch_continues_as_a_run(sparse):
    run = Recorded(Session(busy(), own=PAINTED.own(), past=Timeline()))
    run.go(20)
    run.live.adjust(number(Place(1, 2, 1), -1.5))
    run.go(40)
    visit = visited(run.live, 33)
    alone = Session(
        run.live.project, run.live.split, state=visit.session.state()
    )  # as if it had been saved there
    branch = Recorded(visit.branch(run.live, run=2))
    branch.go(20)
    for _ in range(20):
        alone.step()
    assert branch.live.p.flat.tobytes() == alone.p.flat.tobytes()
    assert branch.live.costs[:33].tobytes() == run.live.costs[:33].tobytes()
    branch.check(range(33, 53))
    branch.seen = run.seen
    branch.check(range(33))


def test_through_the_loop_too(driver):
    own, more = PAINTED.own(), MORE.own()
    driver.settled(Load(busy(), run=1, own=own), Run(30))
    end = driver.settled(Adjust(number(Place(1, 0, 0), 0.5)), Run(20))
    assert end.iteration == 50
    painted = driver.settled(Load(busy(MORE), run=2, own=more, keep=True, onward=True), Run(25))
    assert (painted.iteration, painted.earliest) == (75, 50)
    changed = edits.with_training(busy(MORE), learning_rate=0.1)
    end = driver.settled(Retune(changed), Run(15))
    then = driver.settled(Visit(80))
    branch = driver.settled(Branch(3))
    assert (branch.run, branch.newest, branch.earliest) == (3, 80, 50)
    assert branch.flat.tobytes() == then.flat.tobytes()
    assert driver.settled(Run(10)).flat.tobytes() == end.flat.tobytes()


STEPS = st.lists(
    st.one_of(
        st.integers(1, 12),  # iterations
        st.tuples(st.sampled_from(["rate", "batch", "optimizer", "decay", "l2", "dropout"]),
                  st.integers(0, 2)),
        st.tuples(st.just("hand"), st.integers(0, 2)),
    ),
    min_size=2,
    max_size=10,
)  # fmt: skip
CHOICES = {
    "rate": lambda p, k: edits.with_training(p, learning_rate=(0.01, 0.1, 0.5)[k]),
    "batch": lambda p, k: edits.with_training(p, batch_size=(None, 16, 200)[k]),
    "optimizer": lambda p, k: edits.with_training(p, optimizer=("adam", "momentum", "rmsprop")[k]),
    "decay": lambda p, k: edits.with_decay(p, form=("none", "inverse", "exponential")[k]),
    "l2": lambda p, k: edits.with_training(p, l2=(0.0, 0.1, 1.0)[k]),
    "dropout": lambda p, k: edits.set_dropout(p, 1, (0.0, 0.2, 0.5)[k]),
}


@settings(max_examples=40)
@given(STEPS, st.integers(3, 30))
def test_any_course_of_a_run_is_remade(course, most):
    past = Timeline()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "MOST", most)
        patch.setattr(module, "DENSE", 2)
        project = edits.with_data(Project(), examples=40)
        run = Recorded(Session(project, past=past))
        for step in course:
            if isinstance(step, int):
                run.go(step)
            elif step[0] == "hand":
                place = (Place(1, 0, 1), Place(1, 3), Place(2, 0, 2))[step[1]]
                run.live.adjust(number(place, 0.1 * run.live.iteration - 1.0))
            else:
                project = CHOICES[step[0]](project, step[1])
                run.live.retune(project)
        run.go(1)
        run.check(run.seen)
        assert np.isfinite(run.live.costs).all()


def test_a_run_that_is_opened_has_a_past_from_there_on(sparse):
    before = Session(busy(), own=PAINTED.own())
    for _ in range(30):
        before.step()
    run = Recorded(Session(busy(), own=PAINTED.own(), state=before.state(), past=Timeline()))
    run.go(40)
    assert run.live.past.first == 30
    run.check(range(30, 70))
