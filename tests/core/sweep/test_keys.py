"""The keys that a sweep can vary, and the message for others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import LayerwiseError
from core.project import check
from core.sweep.keys import KEYS, parse, show, with_value
from core.sweep.plan import Plan, axis_of, runs_of
from tests.core.training.projects import project

DEEP = project((4, "tanh"), (3, "relu"), (1, "sigmoid"))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3", 3),
        ("-1", -1),
        ("0.1", 0.1),
        (" 1e-3 ", 0.001),
        ("none", None),
        ("full", None),
        ("null", None),
        ("true", True),
        ("False", False),
        ("tanh", "tanh"),
        ("1_000", "1_000"),
        ("nan", "nan"),
        ("9" * 50, "9" * 50),
    ],
)
def test_a_word_is_read_as_the_value_it_looks_like(text, value):
    found = parse(text)
    assert found == value
    assert type(found) is type(value)


@given(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(10**9), 10**9),
        st.floats(1e-6, 1e6).map(lambda x: float(f"{x:.10g}")),
        st.sampled_from(["tanh", "adam"]),
    )
)
def test_a_written_value_is_read_back(value):
    assert parse(show(value)) == value


CHANGES = [
    ("source", "moons", lambda p: p.data.source == "moons"),
    ("examples", 100, lambda p: p.data.examples == 100),
    ("noise", 0.5, lambda p: p.data.noise == 0.5),
    ("data_seed", 9, lambda p: p.data.seed == 9),
    ("test_share", 0.3, lambda p: p.data.test_share == 0.3),
    ("layers", 0, lambda p: [x.units for x in p.network.layers] == [1]),
    ("layers", 1, lambda p: [x.units for x in p.network.layers] == [4, 1]),
    ("layers", 4, lambda p: [x.units for x in p.network.layers] == [4, 3, 3, 3, 1]),
    ("units", 7, lambda p: [x.units for x in p.network.layers] == [7, 7, 1]),
    ("activation", "sigmoid", lambda p: p.activations == ("sigmoid", "sigmoid", "sigmoid")),
    ("initializer", "xavier", lambda p: p.network.initializer == "xavier"),
    ("scale", 1, lambda p: p.network.scale == 1.0),
    ("seed", 9, lambda p: p.network.seed == 9),
    ("loss", "squared_error", lambda p: p.training.loss == "squared_error"),
    ("optimizer", "adam", lambda p: p.training.optimizer == "adam"),
    ("learning_rate", 0.1, lambda p: p.training.learning_rate == 0.1),
    ("batch_size", 32, lambda p: p.training.batch_size == 32),
    ("batch_size", None, lambda p: p.training.batch_size is None),
    ("iterations", 5, lambda p: p.training.iterations == 5),
    ("l1", 0.1, lambda p: p.training.l1 == 0.1),
    ("l2", 0.1, lambda p: p.training.l2 == 0.1),
    ("beta1", 0.5, lambda p: p.training.beta1 == 0.5),
    ("beta1", None, lambda p: p.training.beta1 is None),
    ("beta2", 0.5, lambda p: p.training.beta2 == 0.5),
    ("epsilon", 1e-4, lambda p: p.training.epsilon == 1e-4),
    ("clip_norm", 0.1, lambda p: p.training.clip_norm == 0.1),
    ("decay", "inverse", lambda p: p.training.decay.form == "inverse"),
    ("decay", None, lambda p: p.training.decay.form == "none"),
    ("dropout", 0.2, lambda p: p.keep == {1: 0.8, 2: 0.8}),
    ("dtype", "float32", lambda p: p.training.dtype == "float32"),
    ("network.layers[1].units", 9, lambda p: p.network.layers[1].units == 9),
    ("training.l2", 1, lambda p: p.training.l2 == 1.0),
    ("data.normalize", True, lambda p: p.data.normalize),
]


@pytest.mark.parametrize(("key", "value", "holds"), CHANGES)
def test_a_key_changes_its_setting(key, value, holds):
    after = with_value(DEEP, key, value)
    check(after)
    assert holds(after)


def test_every_friendly_key_is_tried_here():
    assert {key for key, _, _ in CHANGES} >= set(KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_suggested_values_can_be_swept(key):
    runs = runs_of(Plan(DEEP, (axis_of(key, KEYS[key].suggested),)))
    assert len({run.digest for run in runs}) == len(runs) > 1


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("rate", 1, "'rate' cannot be varied: use source, examples,"),
        ("units", 2.5, "units=2.5 cannot be used: it takes a whole number."),
        ("units", "two", "units=two cannot be used: it takes a whole number."),
        ("learning_rate", "fast", "learning_rate=fast cannot be used: it takes a number."),
        ("learning_rate", None, "learning_rate=none cannot be used: it takes a number."),
        ("learning_rate", True, "learning_rate=true cannot be used: it takes a number."),
        ("optimizer", 1, "optimizer=1 cannot be used: it takes a name."),
        ("loss", "log", "loss=log cannot be used: it takes one of "),
        ("source", "rose", "source=rose cannot be used: it takes one of flower,"),
        ("layers", -1, "layers=-1 cannot be used: it takes a whole number of hidden layers"),
        ("layers", 32, "from 0 to 31."),
        ("layers", True, "layers=true cannot be used"),
        ("data.features", "x1", "data.features=x1 cannot be used: it takes a list, which"),
        ("data.normalize", 1, "data.normalize=1 cannot be used: it takes true or false."),
        ("training.rate", 1, "'training.rate' is no setting of this project."),
        ("training.", 1, "'training.' is no path into the project's JSON."),
        ("network.layers[9].units", 1, "'network.layers[9].units' is no setting"),
        ("network.layers.units", 1, "'network.layers.units' is no setting"),
        ("training.l2.x", 1, "'training.l2.x' is no setting"),
        ("training[0].l2", 1, "'training[0].l2' is no setting"),
    ],
)
def test_an_invalid_key_says_why(key, value, sentence):
    with pytest.raises(LayerwiseError) as caught:
        with_value(DEEP, key, value)
    assert sentence in str(caught.value)
