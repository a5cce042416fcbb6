"""The past of a reopened run: restored bit for bit, or reported as impossible."""

from dataclasses import replace

import numpy as np
import pytest

from core import edits
from core.by_hand import Clone, Place, number
from core.errors import LayerwiseError
from core.files.storage import Saved, decode, encode
from core.hyperparameters import DecaySettings
from core.project import Project
from core.state import Mark
from core.training.messages import Adjust, Load, Remake, Retune, Run, Visit
from core.training.remaking import Remaking, lacks
from core.training.session import Session
from core.training.timeline import Timeline
from tests.core.training.projects import dropping, project, tune
from tests.core.training.test_past import PAINTED, Recorded, busy, visited


def reopened(live, own=None):
    """The run as its file has it."""
    file = encode(Saved(live.project, live.state(), own, live.start))
    saved = decode(file, "a.layerwise")
    assert not saved.set_aside
    return Session(
        saved.project, weights=saved.start, own=saved.own, state=saved.state, past=Timeline()
    )


def remade(live):
    remaking = Remaking(live)
    while not remaking.there:
        remaking.advance()
    remaking.hand_over(live)


def check_all(live, seen, iterations):
    again = Recorded(live)
    again.seen = seen
    again.check(iterations)


def test_everything_at_once_is_remade():
    run = Recorded(Session(busy(), own=PAINTED.own(), past=Timeline()))
    run.go(13)
    opened = reopened(run.live, PAINTED.own())
    assert lacks(opened) == 13
    remade(opened)
    assert lacks(opened) == 0
    check_all(opened, run.seen, range(13))


def test_changes_during_the_run_are_repeated():
    run = Recorded(Session(project(), past=Timeline()))
    steps = (
        lambda live: live.retune(tune(live.project, learning_rate=0.3)),
        lambda live: live.adjust(number(Place(1, 2, 0), 4.5)),
        lambda live: live.retune(tune(live.project, optimizer="adam", learning_rate=0.05)),
        lambda live: live.retune(dropping(live.project, 0.2)),
        lambda live: live.adjust(number(Place(2, 0), -1.0)),
        lambda live: live.retune(tune(live.project, decay=DecaySettings(form="inverse", rate=0.5))),
        lambda live: live.retune(edits.mute_unit(live.project, 1, 1)),
        lambda live: live.retune(tune(live.project, batch_size=16, l2=0.5)),
    )
    for step in steps:
        run.go(7)
        step(run.live)
    run.go(7)
    opened = reopened(run.live)
    remade(opened)
    check_all(opened, run.seen, range(63))


def test_a_run_that_began_with_the_weights_of_another_is_remade():
    before = Session(project())
    for _ in range(20):
        before.step()
    wider = edits.set_units(before.project, 1, before.project.network.layers[0].units + 1)
    run = Recorded(Session(wider, past=Timeline()))
    run.live.carry_over_from(before)
    run.live.adjust(Clone(1, 0))
    run.go(15)
    opened = reopened(run.live)
    remade(opened)
    check_all(opened, run.seen, range(15))


def test_a_branch_of_it_is_remade_too():
    first = Recorded(Session(project(), past=Timeline()))
    first.go(5)
    first.live.adjust(number(Place(1, 0, 0), 2.0))
    first.go(15)
    run = Recorded(visited(first.live, 10).branch(first.live, 1))
    run.seen = {i: first.seen[i] for i in range(10)}
    run.live.retune(tune(run.live.project, learning_rate=0.5))
    run.go(10)
    opened = reopened(run.live)
    remade(opened)
    check_all(opened, run.seen, range(20))


def test_the_run_continues_meanwhile_and_its_new_moments_are_kept():
    run = Recorded(Session(project(), past=Timeline()))
    run.go(40)
    opened = reopened(run.live)
    remaking = Remaking(opened)
    for _ in range(10):
        remaking.advance()
    later = Recorded(opened)
    later.go(5)
    opened.retune(tune(opened.project, learning_rate=0.1))
    later.go(5)
    assert lacks(opened) == 40
    while not remaking.there:
        remaking.advance()
    remaking.hand_over(opened)
    check_all(opened, run.seen | later.seen, range(50))
    later.go(3)
    check_all(opened, later.seen, range(40, 53))


def test_a_differing_cost_is_reported_and_the_kept_curve_stays():
    live = Session(project(), past=Timeline())
    for _ in range(10):
        live.step()
    costs = live.costs.copy()
    for change, said in ((0.9e-9, False), (2e-9, True)):
        costs[6] = live.costs[6] + change
        opened = Session(live.project, state=replace(live.state(), costs=costs), past=Timeline())
        if not said:
            remade(opened)
            continue
        with pytest.raises(LayerwiseError, match=r"at iteration 6 is .* The saved curve stays"):
            remade(opened)
        assert np.array_equal(opened.costs, costs)
        assert lacks(opened) == 10


def test_missing_manual_weights_are_reported():
    live = Session(project(), past=Timeline())
    for _ in range(4):
        live.step()
    live.adjust(number(Place(1, 0, 0), 2.0))
    live.step()
    memory = {n: array for n, array in live.state().memory.items() if n != "by_hand_values"}
    opened = Session(live.project, state=replace(live.state(), memory=memory), past=Timeline())
    with pytest.raises(LayerwiseError, match="by hand at iteration 4"):
        Remaking(opened)


@pytest.mark.parametrize(
    "mark",
    [
        Mark(2, "nonsense", 1.0, 2.0),
        Mark(2, "dropout[7]", 0.1, 0.2),
        Mark(2, "muted[1]", "9", None),
        Mark(2, "learning_rate", "much", 1.2),
        Mark(2, "decay_rate", None, 1.2),
    ],
)
def test_a_history_that_makes_no_sense_is_a_sentence(mark):
    live = Session(project(), past=Timeline())
    for _ in range(4):
        live.step()
    opened = Session(live.project, state=replace(live.state(), marks=(mark,)), past=Timeline())
    with pytest.raises(LayerwiseError):
        Remaking(opened)


def test_values_of_another_network_are_a_sentence():
    live = Session(project(), past=Timeline())
    live.step()
    live.adjust(number(Place(1, 0, 0), 2.0))
    live.step()
    memory = dict(live.state().memory)
    memory["by_hand_values"] = np.array([[1.0, 9.0, 0.0, 0.0, 1.0]])
    opened = Session(live.project, state=replace(live.state(), memory=memory), past=Timeline())
    with pytest.raises(LayerwiseError, match="by hand at iteration 1"):
        Remaking(opened)


def test_the_thread_remakes_it_at_rest_tells_how_far_it_is_and_stops(driver):
    live = Session(Project(), past=Timeline())
    for _ in range(3000):
        live.step()
    driver.post(Load(live.project, 1, state=live.state()))
    assert driver.look().lacking == 3000
    driver.post(Remake())
    shares = [driver.look().remade for _ in range(3)]
    assert all(share is not None and 0 <= share < 1 for share in shares)
    driver.post(Remake(wanted=False))
    seen = driver.look()
    assert (seen.remade, seen.lacking, seen.earliest) == (None, 3000, None)
    driver.post(Remake())
    while (seen := driver.look()).remade is not None:
        pass
    assert (seen.lacking, seen.earliest, seen.iteration) == (0, 0, 3000)
    past = driver.settled(Visit(0))
    assert np.array_equal(past.flat, Session(Project()).p.flat)
    assert driver.settled(Visit(None), Run(2)).iteration == 3002


def test_the_thread_says_why_it_cannot(driver):
    live = Session(Project(), past=Timeline())
    for _ in range(50):
        live.step()
    wrong = replace(live.state(), costs=live.costs + 0.01)
    driver.post(Load(live.project, 1, state=wrong), Remake())
    while (seen := driver.look()).remade is not None:
        pass
    assert "at iteration 0" in seen.not_remade
    assert seen.lacking == 50
    driver.post(Retune(tune(live.project, learning_rate=0.1)), Adjust(number(Place(1, 0, 0), 1.0)))
    assert driver.settled(Run(3)).iteration == 53
