"""The project: its JSON is the pinned one, and every bad value is refused by name."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from core.data.features import FEATURES
from core.errors import LayerwiseError
from core.hyperparameters import TrainingSettings
from core.nn.activations import ACTIVATIONS
from core.nn.initializers import INITIALIZERS
from core.nn.losses import LOSSES
from core.nn.optimizers import OPTIMIZERS
from core.project import (
    DataSettings,
    LayerSettings,
    NetworkSettings,
    Project,
    check,
    decode,
    encode,
)

PINNED = """
{"format": "layerwise", "version": 1,
 "data":     {"source": "flower", "examples": 400, "noise": 0.2, "seed": 1, "test_share": 0.0,
              "features": ["x1", "x2"], "normalize": false},
 "network":  {"layers": [{"units": 4, "activation": "tanh"}, {"units": 1, "activation": "sigmoid"}],
              "initializer": "normal", "scale": 0.01, "seed": 3},
 "training": {"loss": "cross_entropy", "optimizer": "gradient_descent", "learning_rate": 1.2,
              "batch_size": null, "iterations": 10000, "l1": 0.0, "l2": 0.0, "dtype": "float64"}}
"""

hidden = st.builds(
    LayerSettings, units=st.integers(1, 50), activation=st.sampled_from(list(ACTIVATIONS))
)
outputs = st.builds(
    LayerSettings, units=st.integers(1, 5), activation=st.sampled_from(["sigmoid", "softmax"])
)
positive = st.floats(1e-6, 1e3)
projects = st.builds(
    Project,
    data=st.builds(
        DataSettings,
        source=st.sampled_from(["flower", "moons", "circles", "spirals", "xor", "gaussians"]),
        examples=st.integers(1, 10_000),
        noise=st.floats(0, 1),
        seed=st.integers(0, 2**32 - 1),
        test_share=st.floats(0, 0.9),
        features=st.lists(st.sampled_from(list(FEATURES)), min_size=1, max_size=7, unique=True).map(
            tuple
        ),
        normalize=st.booleans(),
        own=st.none(),
    ),
    network=st.builds(
        NetworkSettings,
        layers=st.builds(lambda h, o: (*h, o), st.lists(hidden, max_size=8), outputs),
        initializer=st.sampled_from(list(INITIALIZERS)),
        scale=positive,
        seed=st.integers(0, 2**32 - 1),
    ),
    training=st.builds(
        TrainingSettings,
        loss=st.sampled_from(list(LOSSES)),
        optimizer=st.sampled_from(list(OPTIMIZERS)),
        learning_rate=positive,
        batch_size=st.none() | st.integers(1, 1000),
        iterations=st.integers(0, 10**9),
        l1=st.floats(0, 1),
        l2=st.floats(0, 1),
        beta1=st.none() | st.floats(0, 0.99),
        beta2=st.none() | st.floats(0, 0.99),
        epsilon=st.none() | positive,
        clip_norm=st.just(0.0) | positive,
        dtype=st.sampled_from(["float64", "float32"]),
    ),
)


def test_the_default_is_the_pinned_json():
    assert decode(PINNED.encode()) == Project()
    written = json.loads(encode(Project()))
    pinned = json.loads(PINNED)
    for section, fields in pinned.items():  # keys may be added, never renamed
        if isinstance(fields, dict):
            assert fields.items() <= written[section].items()
        else:
            assert written[section] == fields


def test_settings_that_came_later_are_not_written_while_they_are_usual():
    written = encode(Project()).decode()
    for name in ("beta1", "beta2", "epsilon", "clip_norm"):
        assert name not in written
    set_ = replace(Project(), training=TrainingSettings(beta2=0.5, clip_norm=1.0))
    assert json.loads(encode(set_))["training"].items() >= {"beta2": 0.5, "clip_norm": 1.0}.items()


@given(projects)
def test_an_encoded_project_is_decoded(project):
    check(project)
    assert decode(encode(project)) == project
    assert encode(decode(encode(project))) == encode(project)


def test_text_is_made_for_reading_and_comparing():
    text = encode(Project()).decode()
    assert text.endswith("}\n")
    assert '\n    "learning_rate": 1.2,\n' in text


def test_a_byte_order_mark_is_accepted():
    assert decode(b"\xef\xbb\xbf" + encode(Project())) == Project()


def test_a_part_may_be_missing_and_is_then_the_default():
    assert decode(b'{"format": "layerwise", "version": 1}') == Project()


def test_sizes_follow_the_features_or_own_data():
    project = Project(data=DataSettings(features=("x1", "x2", "x1x2")))
    assert project.sizes() == (3, 4, 1)
    assert project.sizes(12288) == (12288, 4, 1)
    assert project.activations == ("tanh", "sigmoid")


def test_projects_are_values():
    assert Project() == Project()
    assert hash(Project()) == hash(Project())
    with pytest.raises(AttributeError):
        Project().data = DataSettings()  # type: ignore[misc]  # that it is refused is the test


def edited(*path, value):
    """The default project's JSON with the value at this path replaced."""
    document = json.loads(encode(Project()))
    *parents, last = path
    place = document
    for key in parents:
        place = place[key]
    place[last] = value
    return json.dumps(document).encode()


@pytest.mark.parametrize(
    ("path", "value", "reason"),
    [
        (("data", "examples"), True, "Expected `int`, got `bool` at data.examples"),
        (("data", "examples"), "400", "Expected `int`, got `str` at data.examples"),
        (("network", "layers", 0, "units"), 2.5, "at network.layers[0].units"),
        (("network", "layers", 0, "unit"), 2, "unknown field `unit` at network.layers[0]"),
        (("network", "layers"), {}, "at network.layers"),
        (("training", "dtype"), "float16", "at training.dtype"),
        (("data", "noise"), None, "at data.noise"),
        (("colour",), "red", "unknown field `colour`"),
        (("format",), "other", "at format"),
        (
            ("data", "source"),
            "flowr",
            "data.source is 'flowr', which Layerwise does not know: use f",
        ),
        (("data", "examples"), 0, "data.examples is 0: use a whole number from 1 to 1,000,000"),
        (("data", "noise"), -1, "data.noise is -1.0: use a finite number 0 or more"),
        (("data", "seed"), 2**32, "data.seed is 4294967296"),
        (("data", "test_share"), 0.95, "data.test_share is 0.95"),
        (("data", "features"), [], "data.features is empty"),
        (("data", "features"), ["x1", "x1"], "data.features names x1 twice"),
        (("data", "features"), ["x9"], "data.features[0] is 'x9'"),
        (("network", "layers"), [], "network.layers has 0 layers"),
        (("network", "layers"), [{"units": 1, "activation": "sigmoid"}] * 33, "has 33 layers"),
        (("network", "layers", 0, "units"), 0, "units is 0: use a whole number from 1 to 4,096"),
        (("network", "layers", 0, "units"), 4097, "network.layers[0].units is 4097"),
        (("network", "layers", 0, "units"), -(10**30), "network.layers[0].units"),
        (("network", "layers", 1, "activation"), "tank", "network.layers[1].activation is 'tank'"),
        (("network", "layers", 1, "activation"), "relu", "Cross-entropy takes the logarithm"),
        (("network", "initializer"), "best", "network.initializer is 'best'"),
        (("network", "scale"), 0, "network.scale is 0.0: use a finite number greater than 0"),
        (("training", "loss"), "hinge", "training.loss is 'hinge'"),
        (("training", "optimizer"), "magic", "training.optimizer is 'magic'"),
        (("training", "learning_rate"), 0, "training.learning_rate is 0.0"),
        (("training", "learning_rate"), -1.5, "training.learning_rate is -1.5"),
        (("training", "iterations"), -1, "training.iterations is -1"),
        (("training", "batch_size"), 0, "training.batch_size is 0"),
        (("training", "l1"), -0.1, "training.l1 is -0.1"),
        (("training", "l2"), -0.1, "training.l2 is -0.1"),
        (("training", "beta1"), 1.0, "training.beta1 is 1"),
        (("training", "beta2"), -0.1, "training.beta2 is -0.1"),
        (("training", "epsilon"), 0.0, "training.epsilon is 0"),
        (("training", "clip_norm"), -1.0, "training.clip_norm is -1"),
        (("network", "layers", 0, "activation"), "x" * 100_000, "xxx…'"),
    ],
)
def test_a_bad_value_is_refused_by_name(path, value, reason):
    with pytest.raises(LayerwiseError) as caught:
        decode(edited(*path, value=value))
    sentence = str(caught.value)
    assert reason in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert len(sentence) < 400


@pytest.mark.parametrize(
    ("section", "name"),
    [("training", "learning_rate"), ("data", "noise"), ("network", "scale"), ("training", "l2")],
)
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_numbers_must_be_finite(section, name, value):
    bad = replace(Project(), **{section: replace(getattr(Project(), section), **{name: value})})
    with pytest.raises(LayerwiseError, match=f"{section}.{name} is {value}: use a finite number"):
        check(bad)


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"null",
        b"[]",
        b"{",
        encode(Project())[:-5],
        encode(Project()) + b"x",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"\xff\xfe",
        b"\0",
        '{"format": "layerwise"}'.encode("utf-16"),
        encode(Project()).replace(b"1.2", b"NaN"),
        encode(Project()).replace(b"1.2", b"1e999"),
        encode(Project()).replace(b"1.2", b"1" * 5000),
        encode(Project()).replace(b'"seed": 3', b'"seed": ' + b"9" * 5000),
        encode(Project()).replace(b'"version": 1', b'"version": ' + b"9" * 5000),
        encode(Project()).replace(b'"tanh"', b'"\xff"'),
        encode(Project()).replace(b'"tanh"', b'"\\ud800"'),
    ],
    ids=range(18),
)
def test_text_that_is_no_project_is_one_sentence(text):
    with pytest.raises(LayerwiseError) as caught:
        decode(text)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 500


def test_a_newer_version_is_refused_first():
    with pytest.raises(LayerwiseError, match=r"newer Layerwise \(version 2 .* update Layerwise"):
        decode(b'{"format": "layerwise", "version": 2, "world": {}}')


def test_a_memory_need_above_the_budget_names_bytes_layer_and_limit():
    layers = tuple(LayerSettings(units=4096, activation="relu") for _ in range(31))
    large = Project(
        network=NetworkSettings(layers=(*layers, LayerSettings(units=1, activation="sigmoid"))),
        data=DataSettings(examples=100_000),
    )
    with pytest.raises(LayerwiseError) as caught:
        check(large)
    sentence = str(caught.value)
    assert sentence.startswith("This needs ")
    assert "bytes of memory" in sentence
    assert "for layer" in sentence
    assert "4,294,967,296" in sentence


@given(st.binary(max_size=300))
def test_any_bytes_are_a_project_or_a_sentence(text):
    try:
        check(decode(text))
    except LayerwiseError as error:
        assert str(error).endswith(".")  # noqa: PT017  # it may as well succeed


@given(st.data())
def test_any_json_in_any_place_is_a_project_or_a_sentence(data):
    document = json.loads(encode(Project()))
    place = document
    while isinstance(place, dict | list) and place:
        key = data.draw(st.sampled_from(list(place) if isinstance(place, dict) else [0]))
        if not isinstance(place[key], dict | list) or data.draw(st.booleans()):
            break
        place = place[key]
    place[key] = data.draw(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just([{}])
    )
    try:
        project = decode(json.dumps(document).encode())
    except LayerwiseError:
        return
    check(project)
    assert decode(encode(project)) == project
