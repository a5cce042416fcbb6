"""Every optimizer with every regularization, decay and dropout: training is the oracle's."""

from typing import Any

import numpy as np
import pytest

from core.hyperparameters import DecaySettings
from core.nn.decay import DECAYS
from core.nn.optimizers import OPTIMIZERS
from core.training.session import Session
from tests.core.training import reference
from tests.core.training.projects import dropping, project, tune

SMALL: dict[str, Any] = {"examples": 11, "noise": 0.3}
ITERATIONS = 9  # of three batches an epoch: two of 4 examples and one of 3
PENALTIES = {"none": (0.0, 0.0), "L1": (0.4, 0.0), "L2": (0.0, 0.7), "both": (0.4, 0.7)}
# An interval of 2 epochs and a rate that shows within three.
RATES = {"none": 1.0, "inverse": 0.5, "interval": 1.0, "exponential": 0.8, "staircase": 0.5}


def decaying(form: str) -> DecaySettings:
    return DecaySettings(form=form, rate=RATES[form], interval=2)


def assert_is_the_reference(given, iterations=ITERATIONS):
    session = Session(given)
    for _ in range(iterations):
        assert session.step()
    costs, flat = reference.train(given, iterations)
    np.testing.assert_allclose(session.costs, costs, rtol=1e-11)
    np.testing.assert_allclose(session.p.flat, flat, rtol=1e-9, atol=1e-13)
    return session


@pytest.mark.parametrize("dropped", [(), (0.4,), (0.5, 0.2)])
@pytest.mark.parametrize("form", DECAYS)
@pytest.mark.parametrize("penalty", PENALTIES)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_training_is_the_reference_s(optimizer, penalty, form, dropped):
    l1, l2 = PENALTIES[penalty]
    given = project(
        (4, "tanh"), (3, "relu"), (1, "sigmoid"),
        data=SMALL, batch_size=4, learning_rate=0.1,
        optimizer=optimizer, l1=l1, l2=l2, decay=decaying(form),
    )  # fmt: skip
    assert_is_the_reference(dropping(given, *dropped))


SETTINGS: list[dict[str, float]] = [{"beta1": 0.5}, {"beta2": 0.6, "epsilon": 1e-3}, {"beta1": 0.0}]


@pytest.mark.parametrize("clip_norm", [0.0, 0.05, 100.0])
@pytest.mark.parametrize("settings", SETTINGS)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_training_with_other_settings_of_the_optimizer_and_clipping(optimizer, settings, clip_norm):
    given = project(
        (3, "elu"), (2, "softplus"), (1, "sigmoid"), data=SMALL, batch_size=4, learning_rate=0.1,
        optimizer=optimizer, l2=0.7, clip_norm=clip_norm, **settings,
    )  # fmt: skip
    assert_is_the_reference(given)


@pytest.mark.parametrize("clip_norm", [0.0, 0.05])
def test_a_saved_run_continues_bit_for_bit_and_the_record_is_the_next_update(clip_norm):
    given = project(
        data=SMALL, batch_size=4, optimizer="adam", beta1=0.5, beta2=0.7, clip_norm=clip_norm
    )
    whole, half = Session(given), Session(given)
    for _ in range(7):
        half.step()
    resumed = Session(given, state=half.state())
    for _ in range(12):
        after = whole.record().after.flat
        whole.step()
        assert np.array_equal(whole.p.flat, after)
    for _ in range(5):
        resumed.step()
    assert np.array_equal(resumed.p.flat, whole.p.flat)


def test_a_changed_limit_holds_from_the_next_iteration_on_and_keeps_the_memory():
    given = project(data=SMALL, optimizer="momentum", clip_norm=1e-3)
    session = Session(given)
    for _ in range(5):
        session.step()
    memory = session.optimizer.state()["v"].copy()
    session.retune(tune(given, clip_norm=1e-4))
    assert np.array_equal(session.optimizer.state()["v"], memory)
    assert session.record().clip == pytest.approx(1e-4 / session.record().norm)
    for _ in range(200):
        session.step()
    assert np.linalg.norm(session.optimizer.state()["v"]) <= 1.01e-4


@pytest.mark.parametrize("batch_size", [None, 1, 10, 11, 12, 1000])
def test_a_batch_may_exceed_the_data_and_the_last_one_may_be_smaller(batch_size):
    given = project(
        (2, "relu"), (1, "sigmoid"), data=SMALL, batch_size=batch_size, decay=decaying("inverse")
    )
    session = assert_is_the_reference(given, 12)
    per_epoch = {None: 1, 1: 11, 10: 2}.get(batch_size, 1)
    assert session.epoch == 12 // per_epoch


@pytest.mark.parametrize("form", [form for form in DECAYS if form != "none"])
@pytest.mark.parametrize("batch_size", [None, 4])
def test_a_saved_run_decays_on_bit_for_bit(form, batch_size):
    given = project(data=SMALL, batch_size=batch_size, decay=decaying(form))
    whole, half = Session(given), Session(given)
    for _ in range(23):
        whole.step()
    for _ in range(11):
        half.step()
    resumed = Session(given, state=half.state())
    for _ in range(12):
        resumed.step()
    assert np.array_equal(resumed.p.flat, whole.p.flat)


def test_a_decay_that_changes_midway_counts_from_the_first_epoch():
    given = project(data=SMALL)
    session = Session(given)
    for _ in range(6):
        session.step()
    session.retune(tune(given, decay=decaying("inverse")))
    assert session.optimizer.rate == 1.2 / (1 + 0.5 * 6)
    before = session.p.flat.copy()
    session.step()
    np.testing.assert_allclose(
        session.p.flat, before - 1.2 / (1 + 0.5 * 6) * session.grad.flat, rtol=1e-15
    )
    session.retune(given)
    assert session.optimizer.rate == 1.2


def test_the_recorded_rate_is_the_one_of_the_iteration_to_come():
    given = project(data=SMALL, batch_size=4, decay=decaying("inverse"))
    session = Session(given)
    for _ in range(8):
        record = session.record()
        assert record.rate == 1.2 / (1 + 0.5 * session.epoch)
        session.step()
        assert np.array_equal(record.after.flat, session.p.flat)
