"""View options: saved tolerantly, and fitted to the project."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.edits import with_data
from core.nn.parameters import Parameters
from core.project import Project
from core.view import View, decode, encode, fitted

WORD = st.text(max_size=5)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | WORD,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORD, inner, max_size=3),
    max_leaves=6,
)


def test_defaults_are_left_out():
    assert encode(View()) == b"{}"
    view = View(layer=2, example=7, discretize=True)
    assert encode(view) == b'{"layer":2,"example":7,"discretize":true}'
    assert decode(encode(view)) == view


@pytest.mark.parametrize(
    "text",
    [
        b"", b"[]", b"null", b"\xff", b"[" * 100_000, b'{"layer":' + b"[" * 100_000, b'{"layer": 2',
        b'{"layer": true}', b'{"layer": "2"}', b'{"layer": 2.5}', b'{"layer": 1e999}',
        b'{"layer": ' + b"9" * 5000 + b"}", b'{"discretize": 1}', b'{"zoom": 3}',
    ],
)  # fmt: skip
def test_unreadable_values_become_defaults(text):
    assert decode(text) == View()


def test_one_odd_value_does_not_take_the_others_along():
    text = b'{"later": {}, "layer": "two", "example": 3, "discretize": true}'
    assert decode(text) == View(example=3, discretize=True)


@given(st.dictionaries(st.sampled_from(View.__struct_fields__) | WORD, JSON, max_size=8))
def test_any_view_is_fitted_to_the_project(values):
    view = fitted(decode(json.dumps(values).encode()), Project())
    assert 0 <= view.layer <= 2
    assert view.example is None or 0 <= view.example < 400
    assert not view.test_data
    assert view.cut in (None, (0, 1), (1, 0))
    assert view.output in (None, 0)
    assert view.traced is None or Parameters(Project().sizes()).index(*view.traced) is not None
    assert view.hidden_layer in (None, 0, 1, 2)
    assert view.hidden_axes is None or 0 <= min(view.hidden_axes) < max(view.hidden_axes)


def test_existing_values_stay():
    view = View(
        layer=0, example=399, cut=(1, 0), output=0, test_data=True, hidden_layer=2,
        hidden_axes=(3, 1), hidden_linear=True,
    )  # fmt: skip
    project = with_data(Project(), test_share=0.2)
    assert fitted(view, project) == view
    assert fitted(View(layer=5, example=400), project) == View(layer=2)
    assert fitted(View(cut=(0, 2)), project) == fitted(View(cut=(1, 1)), project) == View()
    assert fitted(View(output=1), project) == fitted(View(output=-1), project) == View()
    for place in ((1, 3, 1), (1, 0, -1), (2, 0, 3)):
        assert fitted(View(traced=place), project) == View(traced=place)
    for place in ((0, 0, 0), (3, 0, 0), (1, 4, 0), (1, 0, 2), (2, 0, 4), (1, 0, -2)):
        assert fitted(View(traced=place), project) == View()
    assert fitted(View(hidden_layer=3), project) == fitted(View(hidden_layer=-1), project) == View()
    assert fitted(View(hidden_axes=(1, 1)), project) == View()
    assert fitted(View(hidden_axes=(0, -1)), project) == View()
    assert fitted(View(layer=-1, example=-1), project) == View(layer=0)
