"""The names of numbers: each is written and read back."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import LayerwiseError
from core.walk.entry import BIASES, Entry, Target, parse

NO_LAYER = ("Y", "loss", "J")
PLAIN = str.maketrans("₀₁₂₃₄₅₆₇₈₉′", "0123456789'")


@given(
    st.sampled_from(get_args(Target)),
    st.integers(1, 12),
    st.integers(0, 1200),
    st.integers(0, 1200),
)
def test_the_name_of_a_number_is_read_back(target, layer, row, column):
    """Also when it is typed without subscripts."""
    one_row = target in ("loss", "J")
    one_column = target in BIASES or target == "J"
    entry = Entry(target, layer, 0 if one_row else row, 0 if one_column else column)
    assert parse(entry.symbol, layer) == entry
    assert parse(entry.symbol.translate(PLAIN), layer) == entry
    assert target not in NO_LAYER or parse(entry.symbol, layer).layer == layer


def test_inputs_are_the_activations_of_layer_0():
    assert parse("x₂(8)", 3) == Entry("A", 0, 1, 7)


@pytest.mark.parametrize("text", ["", "Q", "dW[2]x", "q₁[1]", "w₁₁[1](", "x" * 300, "a₁[2][3]"])
def test_an_invalid_name_is_refused_in_a_sentence(text):
    with pytest.raises(LayerwiseError, match="names no number"):
        parse(text, 2)
