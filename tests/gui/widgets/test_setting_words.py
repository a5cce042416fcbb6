"""Settings by name: every one has a name of its own, and only what differs and counts is said."""

import numpy as np
import pytest

from core import edits
from core.data.own import own_data
from core.edits import with_data, with_network, with_training
from core.hyperparameters import DecaySettings, StopSettings
from core.project import LayerSettings, Project, check
from core.runs import settings_of
from gui.widgets.setting_words import (
    NONE,
    SAME,
    SettingDifference,
    changes,
    differing,
    name_of,
    value_of,
)

BASE = Project()


def rate(project, value):
    return with_training(project, learning_rate=value)


@pytest.mark.parametrize(
    ("after", "said"),
    [
        (BASE, SAME),
        (rate(BASE, 0.3), "learning rate α 1.2 → 0.3"),
        (edits.set_units(BASE, 1, 8), "units of layer 1: 4 → 8"),
        (edits.set_activation(BASE, 1, "relu"), "activation of layer 1: tanh → ReLU"),
        (edits.set_dropout(BASE, 1, 0.25), "dropout of layer 1: 0 % → 25 %"),
        (with_training(BASE, batch_size=64), "mini-batch size all → 64"),
        (with_training(BASE, optimizer="adam"), "optimizer Gradient descent → Adam"),
        (with_network(BASE, seed=12_345), "weight seed 3 → 12345"),
        (with_data(BASE, test_share=0.125), "test share 0 % → 12.5 %"),
        (with_data(BASE, features=("x1", "x1_squared")), "inputs x₁, x₂ → x₁, x₁²"),
        (with_data(BASE, examples=1000), "examples 400 → 1,000"),
        (with_data(BASE, normalize=True), "normalized no → yes"),
        (with_data(BASE, balance=(0.3, 0.7)), "shares of the classes even → 30 : 70 %"),
        (with_training(BASE, stop=StopSettings(patience=50)), "patience off → 50"),
        (edits.mute_unit(BASE, 1, 2), "muted units of layer 1: none → 3"),
        (
            edits.insert_layer(BASE, 2, LayerSettings(units=3, activation="relu")),
            "hidden layers: 4 tanh → 4 tanh, 3 ReLU",
        ),
        (
            edits.set_units(rate(BASE, 0.3), 1, 8),
            "units of layer 1: 4 → 8, learning rate α 1.2 → 0.3",
        ),
    ],
)  # fmt: skip
def test_changes_are_listed_in_a_few_words(after, said):
    check(after)
    assert changes(BASE, after) == said


def test_settings_that_mean_nothing_are_no_difference():
    assert changes(BASE, with_data(BASE, bits=6, classes=7)) == SAME
    decayed = with_training(BASE, decay=DecaySettings(rate=0.5, interval=10))
    assert changes(BASE, decayed) == SAME
    he = with_network(BASE, initializer="he")
    assert changes(he, with_network(he, scale=1.0)) == SAME
    assert changes(BASE, with_network(he, scale=1.0)) == (
        f"initialization Random × scale → He, initial scale 0.01 → {NONE}"
    )


def test_several_are_listed_setting_by_setting():
    three = [BASE, rate(BASE, 0.3), rate(with_training(BASE, l2=0.1), 0.3)]
    assert differing(three) == (
        SettingDifference("learning rate α", ("1.2", "0.3", "0.3")),
        SettingDifference("L2 regularization λ", ("0", "0", "0.1")),
    )
    assert differing([BASE, BASE]) == ()


def test_every_setting_has_a_name_of_its_own():
    paths = [path for path in settings_of(BASE) if not path.startswith("data.own")]
    names = [name_of(path) for path in paths]
    assert len(set(names)) == len(names)
    assert not [name for name in names if "." in name or "_" in name or "[" in name]
    assert all(value_of(path, value) for path, value in settings_of(BASE).items())


def test_own_data_are_distinguished_by_origin_and_content():
    rng = np.random.RandomState(0)
    one, other = (
        own_data(rng.randn(2, 20), (rng.rand(1, 20) > 0.5).astype(float), "a.csv") for _ in range(2)
    )
    first, second = (edits.choose_own(BASE, own) for own in (one, other))
    assert changes(first, second).startswith("own data ")
    assert changes(BASE, first).startswith("data set Flower → your own")
