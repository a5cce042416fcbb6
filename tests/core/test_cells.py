"""A pasted or opened cell is text or a number, never a formula."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.cells import cell, line_of


@pytest.mark.parametrize(
    "text", ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "=", "-inf", "--1"]
)
def test_a_formula_gets_an_apostrophe(text):
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-1", "+2.5", "-1e-300", "-.5", "3", "", "a-b", "'=1", "1=1"])
def test_numbers_and_plain_text_stay(text):
    assert cell(text) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_stays(number):
    assert cell(repr(number)) == repr(number)


@given(st.lists(st.text(), min_size=1))
def test_a_row_stays_a_row_and_none_of_its_cells_is_a_formula(cells):
    line = line_of(cells)
    row = line.split("\t")
    assert len(row) == len(cells)
    assert len(line.splitlines()) <= 1
    for text in row:
        assert not text.startswith(("=", "@", "+", "-")) or float(text) is not None
