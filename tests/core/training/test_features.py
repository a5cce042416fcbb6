"""Switching input features: the weights of the others stay, and the pictures of all are right."""

import math
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import edits
from core.data.features import FEATURES
from core.errors import LayerwiseError
from core.look.pictures import feature_maps
from core.look.plane import Plane
from core.training.session import Session
from tests.core.training.projects import project

NAMES = list(FEATURES)
chosen = st.lists(st.sampled_from(NAMES), min_size=1, max_size=7, unique=True).map(
    lambda names: tuple(name for name in NAMES if name in names)
)
FORMULAS = {
    "x1": lambda x1, x2: x1,
    "x2": lambda x1, x2: x2,
    "x1_squared": lambda x1, x2: x1 * x1,
    "x2_squared": lambda x1, x2: x2 * x2,
    "x1x2": lambda x1, x2: x1 * x2,
    "sin_x1": lambda x1, x2: math.sin(x1),
    "sin_x2": lambda x1, x2: math.sin(x2),
}


def trained(features):
    session = Session(project((3, "tanh"), (1, "sigmoid"), data={"features": features}))
    for _ in range(3):
        session.step()
    return session


@given(chosen, chosen)
def test_weights_stay_with_their_feature_and_the_new_are_the_seeds(before, after):
    old, new = (
        trained(before),
        Session(project((3, "tanh"), (1, "sigmoid"), data={"features": after})),
    )
    drawn = new.p.W[1].copy()
    new.carry_over_from(old)
    for j, name in enumerate(after):
        if name in before:
            assert np.array_equal(new.p.W[1][:, j], old.p.W[1][:, before.index(name)])
        else:
            assert np.array_equal(new.p.W[1][:, j], drawn[:, j])
    assert np.array_equal(new.p.b[1], old.p.b[1])
    assert np.array_equal(new.p.Wb[2], old.p.Wb[2])


def test_a_layer_put_in_before_takes_no_columns():
    old = trained(("x1", "x2", "sin_x1"))
    new = Session(project((2, "tanh"), (3, "tanh"), (1, "sigmoid"), data={"features": ("x2",)}))
    new.carry_over_from(old)
    assert new.step()


@given(chosen, st.lists(st.sampled_from(NAMES), max_size=20))
def test_switching_keeps_the_order_and_never_the_last_is_lost(features, switched):
    now = project(data={"features": features})
    for name in switched:
        on = now.data.features
        if on == (name,):
            with pytest.raises(LayerwiseError, match="at least one feature stays on"):
                edits.switch_feature(now, name)
            continue
        now = edits.switch_feature(now, name)
        assert set(now.data.features) == set(on) ^ {name}
        assert list(now.data.features) == sorted(now.data.features, key=NAMES.index)
        assert edits.switch_feature(edits.switch_feature(now, name), name) == now or on == (name,)


def test_every_map_is_its_formula_on_the_scale_around_zero():
    plane = Plane((-3.0, 1.0), (-1.0, 3.0))
    maps = feature_maps(plane, 16)
    assert list(maps) == NAMES
    rng = random.Random(1)
    for name, levels in maps.items():

        def value(row, column, f=FORMULAS[name]):
            return f(-3 + 4 * (column + 0.5) / 16, 3 - 4 * (row + 0.5) / 16)

        most = max(abs(value(i, j)) for i in range(16) for j in range(16))
        for _ in range(40):
            i, j = rng.randrange(16), rng.randrange(16)
            assert levels[i, j] == int(255 * (value(i, j) + most) / (2 * most) + 0.5)
        assert not levels.flags.writeable
