"""Changes during a run are recorded, with their iteration."""

import numpy as np
from msgspec.structs import replace

from core.hyperparameters import DecaySettings, StopSettings
from core.project import Project
from core.state import Mark
from core.training.changes import marked
from core.training.replay import Replay
from core.training.session import Session
from core.training.timeline import Timeline
from tests.core.training.projects import dropping, project, tune

ADAM = {"optimizer": "adam", "learning_rate": 0.05}


def run(*changes, steps=10):
    """A session that made so many steps before each of these settings and after the last."""
    session = Session(project(), past=Timeline())
    for given in changes:
        for _ in range(steps):
            session.step()
        session.retune(given)
    for _ in range(steps):
        session.step()
    return session


def test_every_hyperparameter_that_learning_depends_on_is_marked():
    before = project()
    for after, expected in (
        (tune(before, learning_rate=0.3), [("learning_rate", 1.2, 0.3)]),
        (
            tune(before, **ADAM),
            [("optimizer", "gradient_descent", "adam"), ("learning_rate", 1.2, 0.05)],
        ),
        (tune(before, batch_size=64), [("batch_size", None, 64)]),
        (tune(before, l1=0.1, l2=0.2), [("l1", 0.0, 0.1), ("l2", 0.0, 0.2)]),
        (
            tune(before, loss="squared_error"),
            [("loss", "cross_entropy", "squared_error")],
        ),
        (
            tune(before, decay=DecaySettings(form="inverse", rate=0.5)),
            [("decay", "none", "inverse")],
        ),
        (dropping(before, 0.2), [("dropout[1]", 0.0, 0.2)]),
        (tune(before, iterations=7, stop=StopSettings(cost=0.1)), []),
        (tune(before, decay=DecaySettings(rate=0.5)), []),  # of no decay
    ):
        found = marked((), 3, before, after)
        assert [(m.what, m.before, m.after) for m in found] == expected
        assert {m.iteration for m in found} <= {3}


def test_the_numbers_of_a_decay_are_marked_while_it_decays():
    one = project(decay=DecaySettings(form="interval", rate=1.0, interval=10))
    other = tune(one, decay=replace(one.training.decay, rate=0.5, interval=20))
    assert [(m.what, m.after) for m in marked((), 3, one, other)] == [
        ("decay_rate", 0.5),
        ("decay_interval", 20),
    ]


def test_changes_at_one_iteration_are_one_and_back_again_is_none():
    a, b, c = (project(learning_rate=rate) for rate in (1.2, 0.5, 0.3))
    marks = marked(marked((), 4, a, b), 4, b, c)
    assert marks == (Mark(4, "learning_rate", 1.2, 0.3),)
    assert marked(marks, 4, c, a) == ()
    assert len(marked(marks, 5, c, a)) == 2


def test_a_run_keeps_its_own_changes_and_none_before_its_start():
    session = Session(project())
    session.retune(tune(project(), l2=0.5))
    assert session.curves.marks == ()
    session = run(tune(project(), learning_rate=0.3), tune(project(), **ADAM))
    assert session.curves.marks == (
        Mark(10, "learning_rate", 1.2, 0.3),
        Mark(20, "optimizer", "gradient_descent", "adam"),
        Mark(20, "learning_rate", 0.3, 0.05),
    )


def test_a_saved_run_and_a_branch_have_the_marks_up_to_there():
    session = run(tune(project(), learning_rate=0.3), tune(project(), **ADAM))
    resumed = Session(session.project, state=session.state())
    assert resumed.curves.marks == session.curves.marks
    for at, count in ((10, 1), (15, 1), (20, 3), (25, 3)):
        visit = Replay(session, at)
        while not visit.there:
            visit.advance()
        branch = visit.branch(session, 2)
        assert branch.curves.marks == session.curves.marks[:count]
        assert np.array_equal(branch.costs, session.costs[:at])


def test_a_reset_forgets_them():
    session = run(tune(project(), learning_rate=0.3))
    assert session.curves.marks
    assert Session(Project()).curves.marks == ()
