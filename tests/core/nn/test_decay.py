"""Learning-rate decay: the course's formulas, and the displayed formula gives the rate."""

import math

import pytest

from core.errors import LayerwiseError
from core.hyperparameters import DecaySettings, TrainingSettings, check_training
from core.nn.decay import DECAYS, Schedule

A, N = 1.2, 7
EPOCHS = (0, 1, 2, 6, 7, 8, 20, 1000)

# learning_rate0, decay_rate, epoch_num and time_interval as the course's notebooks have them.
ORACLES = {
    "none": lambda k, t: A,
    "inverse": lambda k, t: 1 / (1 + k * t) * A,
    "interval": lambda k, t: 1 / (1 + k * math.floor(t / N)) * A,
    "exponential": lambda k, t: math.pow(k, t) * A,
    "staircase": lambda k, t: math.pow(k, math.floor(t / N)) * A,
}


def test_every_form_has_an_oracle():
    assert ORACLES.keys() == DECAYS.keys()


@pytest.mark.parametrize("form", DECAYS)
def test_the_rates_are_the_course_s(form):
    for k in (DECAYS[form].usual, 0.5, 1.0):
        schedule = Schedule(form, A, k, N)
        for t in EPOCHS:
            assert schedule.alpha(t) == pytest.approx(ORACLES[form](k, t), rel=1e-13, abs=1e-300)
        rates = [schedule.alpha(t) for t in range(50)]
        assert rates == sorted(rates, reverse=True)
        assert rates[0] == A


@pytest.mark.parametrize("form", DECAYS)
def test_the_written_formula_gives_the_computed_rate(form):
    schedule = Schedule(form, 0.1 + 0.2, 0.95, N)
    for t in EPOCHS:
        assert eval(schedule.python(), {}, {"epoch": t}) == schedule.alpha(t)
    assert form == "none" or DECAYS[form].source


def test_it_reads_as_on_paper():
    assert Schedule("inverse", 1.2, 0.01, 1).text(35) == "1.2 / (1 + 0.01 · 35)"
    assert Schedule("interval", 0.1, 1.0, 1000).text("epoch") == "0.1 / (1 + 1 · ⌊epoch / 1000⌋)"
    assert Schedule("exponential", 0.1, 0.95, 1).python() == "0.1 * 0.95**epoch"


@pytest.mark.parametrize(
    ("decay", "sentence"),
    [
        (
            {"form": "slow"},
            "training.decay.form is 'slow', which Layerwise does not know: use none",
        ),
        ({"form": "inverse", "rate": -0.1}, "training.decay.rate is -0.1: use a finite number 0"),
        ({"form": "exponential", "rate": 1.5}, "above 0 and at most 1, the share"),
        ({"form": "staircase", "rate": 0.0}, "above 0 and at most 1, the share"),
        ({"interval": 0}, "training.decay.interval is 0: use a whole number from 1"),
    ],
)
def test_a_decay_that_cannot_be_is_refused(decay, sentence):
    with pytest.raises(LayerwiseError) as refused:
        check_training(TrainingSettings(decay=DecaySettings(**decay)))
    assert sentence in str(refused.value)
