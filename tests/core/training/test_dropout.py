"""Dropout applies only to training: no measurement or picture drops anything."""

import numpy as np
import pytest

from core.errors import LayerwiseError
from core.nn import cache
from core.project import Project, check, decode, encode
from core.training.replay import Replay
from core.training.session import Session
from core.training.timeline import Timeline
from tests.core.training.projects import dropping, project, tune, wide

DROPPED = dropping(project((6, "tanh"), (4, "relu"), (1, "sigmoid")), 0.5, 0.2)


def steps(given, count, **options):
    session = Session(given, **options)
    for _ in range(count):
        assert session.step()
    return session


def test_measurements_drop_nothing():
    session = steps(DROPPED, 30)
    plain = Session(dropping(DROPPED, 0.0, 0.0), weights=session.p.flat.copy())
    assert session.score() == plain.score()
    for fresh in (False, True):
        for layer in (1, 2, 3):
            expected = plain.activations(layer, fresh=True)
            assert np.array_equal(session.activations(layer, fresh=fresh), expected)
    assert np.array_equal(session.answers().train.A, plain.answers().train.A)
    assert session.costs[-1] != plain.score()[0].cost  # that of the pass is with dropout


@pytest.mark.parametrize("batch_size", [None, 64])
def test_a_saved_run_drops_on_bit_for_bit(batch_size):
    given = tune(DROPPED, batch_size=batch_size, optimizer="adam", learning_rate=0.01)
    whole, half = steps(given, 50), steps(given, 23)
    resumed = Session(given, state=half.state())
    for _ in range(27):
        resumed.step()
    assert np.array_equal(resumed.p.flat, whole.p.flat)
    assert np.array_equal(resumed.costs, whole.costs)


def test_reset_and_another_run_drop_the_same():
    assert np.array_equal(steps(DROPPED, 20).p.flat, steps(DROPPED, 20).p.flat)


def test_it_changes_midway_without_a_reset_and_back_again():
    plain = dropping(DROPPED, 0.0, 0.0)
    session = steps(plain, 10)
    session.retune(DROPPED)
    assert session.iteration == 10
    before = session.p.flat.copy()
    record = session.record()
    assert set(record.keep) == {1, 2}
    session.step()
    assert np.array_equal(record.after.flat, session.p.flat)
    assert not np.array_equal(before, session.p.flat)
    session.retune(plain)
    assert session.record().keep == {}
    session.step()
    again = Session(plain, weights=record.after.flat.copy())
    again.step()
    assert np.array_equal(session.p.flat, again.p.flat)


def test_the_record_has_the_masks_of_the_iteration_to_come():
    session = steps(DROPPED, 5)
    for _ in range(3):
        record, again = session.record(), session.record()
        assert np.array_equal(record.D[1], again.D[1])
        assert np.array_equal(record.A[1], record.G[1] * record.D[1] / 0.5)
        session.step()
        assert np.array_equal(record.after.flat, session.p.flat)
        assert session.costs[-1] == record.J


def test_an_iteration_in_parts_has_one_mask_however_often_it_begins(monkeypatch):
    monkeypatch.setattr(cache, "PART_WORK", 2**17)
    given = tune(DROPPED, l2=0.1)
    straight, session = Session(given), Session(given)
    straight.step()
    session.advance()
    assert session.iteration == 0  # in the midst of it
    state, record = session.state(), session.record()
    resumed = Session(given, state=state)
    session.retune(tune(given, l2=0.2))  # begins again
    session.retune(given)
    for each in (session, resumed):
        each.step()
        np.testing.assert_array_equal(each.p.flat, straight.p.flat)
    np.testing.assert_allclose(record.after.flat, straight.p.flat, rtol=1e-12)


def test_the_past_of_a_run_with_dropout_is_remade_bit_for_bit():
    session = Session(DROPPED, past=Timeline())
    seen = {}
    for i in range(300):
        if i == 150:
            session.retune(dropping(DROPPED, 0.1, 0.0))
        session.step()
        seen[session.iteration] = session.p.flat.copy()
    for iteration in (1, 99, 151, 222, 299):
        visit = Replay(session, iteration)
        while not visit.there:
            visit.advance()
        assert np.array_equal(visit.session.p.flat, seen[iteration])


def test_the_gram_form_is_left_alone():
    layers = project((5, "relu"), (1, "sigmoid"), learning_rate=0.01)
    assert steps(layers, 1, split=wide()).gram
    session = steps(dropping(layers, 0.5), 1, split=wide())
    assert not session.gram
    session.retune(layers)
    session.step()
    assert session.gram


def test_dropout_code_appears_only_where_needed():
    assert b"dropout" not in encode(Project())
    dropped = dropping(Project(), 0.25)
    assert b'"dropout": 0.25' in encode(dropped)
    assert decode(encode(dropped)) == dropped


@pytest.mark.parametrize(
    ("shares", "sentence"),
    [
        ((-0.1,), "network.layers[0].dropout is -0.1: use a finite number from 0 to 0.9"),
        ((1.0,), "network.layers[0].dropout is 1.0: use a finite number from 0 to 0.9"),
        ((0.0, 0.5), "network.layers[1].dropout is 0.5: the output layer drops nothing, use 0"),
    ],
)
def test_invalid_dropout_is_refused(shares, sentence):
    with pytest.raises(LayerwiseError) as refused:
        check(dropping(Project(), *shares))
    assert sentence in str(refused.value)
