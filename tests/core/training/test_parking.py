"""A restored run is exactly the one that was left, including its past."""

import numpy as np
import pytest

from core.edits import set_units, with_data, with_training
from core.training.messages import Load, Run, Visit
from core.training.parking import Parking
from core.training.session import Session
from core.training.timeline import Timeline
from tests.core.training.projects import project

OTHER = set_units(project(), 1, 7)


def after(of, iterations):
    session = Session(of, past=Timeline())
    for _ in range(iterations):
        session.step()
    return session


@pytest.mark.parametrize(
    "of",
    [
        project(),
        project(optimizer="adam", learning_rate=0.01, batch_size=64, data={"test_share": 0.2}),
        with_training(project((3, "relu"), (1, "sigmoid")), l2=0.3, dtype="float32"),
    ],
    ids=["plain", "adam in batches with tests", "L2 in float32"],
)
def test_a_restored_run_continues_bit_for_bit(driver, of):
    driver.post(Load(of, run=1, left=0), Run(300))
    left = driver.wait(300)
    driver.post(Load(OTHER, run=2, left=0, back=1), Run(40))
    driver.wait(40)
    driver.post(Load(of, run=3, left=1, back=0))
    back = driver.wait(300)
    assert back.run == 3
    assert back.flat.tobytes() == left.flat.tobytes()
    assert back.costs.tolist() == left.costs.tolist()
    assert back.test_costs.tolist() == left.test_costs.tolist()
    assert (back.earliest, back.newest) == (0, 300)
    driver.post(Visit(120))
    assert driver.wait(120).flat.tobytes() == after(of, 120).p.flat.tobytes()
    driver.post(Run(60))
    assert driver.wait(360).flat.tobytes() == after(of, 360).p.flat.tobytes()
    driver.post(Load(OTHER, run=4, left=0, back=1))  # and redo leads to the other one
    assert driver.wait(40).sizes[1] == 7


def test_a_position_restores_only_its_own_run(driver):
    driver.post(Load(project(), run=1, left=0), Run(30))
    driver.wait(30)
    driver.post(Load(OTHER, run=2, left=0, back=5))
    assert driver.wait(0).run == 2
    changed = with_data(project(), seed=2)
    driver.post(Load(changed, run=3, left=1, back=0))  # the place, but another project
    assert driver.wait(0).project == changed
    driver.post(Load(project(), run=4, left=2), Run(20))  # Reset looks at no place
    driver.wait(20)
    driver.post(Load(OTHER, run=5))  # another document
    driver.post(Load(project(), run=6, left=3, back=2))
    assert driver.wait(0).run == 6


def test_a_restored_halted_run_stays_halted():
    wild = project((1, "linear"), loss="squared_error", learning_rate=100.0)
    session = Session(wild)
    while session.step():
        pass
    parking = Parking()
    parking.park(1, session, [])
    found = parking.take(1, wild)
    assert found is not None
    again = found.session(9, None, lambda: None)
    assert again.halt == session.halt
    assert again.allow(5) == 0
    assert parking.take(1, wild) is None


def test_without_room_pasts_are_dropped_first_and_then_the_oldest():
    sessions = [after(with_data(project(), seed=seed), 150) for seed in (1, 2, 3)]
    whole = Parking()
    whole.park(0, sessions[0], [])
    parked = whole.take(0, sessions[0].project)
    assert parked is not None
    size = parked.bytes
    past = sessions[0].past.bytes
    bare = size - past
    for budget, kept in (
        (3 * size, [True, True, True]),
        (3 * size - 1, [False, True, True]),
        (3 * bare + past, [False, False, True]),
        (3 * bare, [False, False, False]),
        (2 * bare, [None, False, False]),
        (bare - 1, [None, None, None]),
    ):
        parking = Parking(budget)
        for place, session in enumerate(sessions):
            parking.park(place, session, [])
        found = [parking.take(place, s.project) for place, s in enumerate(sessions)]
        assert [each and each.past is not None for each in found] == kept
    alone = Parking(bare)
    alone.park(0, sessions[0], [])
    parked = alone.take(0, sessions[0].project)
    assert parked is not None
    back = parked.session(2, None, lambda: None)
    assert np.array_equal(back.p.flat, sessions[0].p.flat)
    assert back.past is not None
    assert back.past.first is None
    back.step()
    assert back.past.first == 150


def test_a_run_that_has_not_begun_is_not_kept_and_forgets_the_one_before_it():
    parking = Parking()
    parking.park(4, after(project(), 20), [])
    parking.park(4, Session(project()), [])
    assert parking.take(4, project()) is None
