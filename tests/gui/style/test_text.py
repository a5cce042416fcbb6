"""Numbers are written with meaningful digits, and zero only for zero."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.style import text

FINITE = st.floats(-1e300, 1e300)  # beyond, rounding up is infinite


@pytest.mark.parametrize(
    ("x", "written"),
    [
        (0, "0"),
        (-0.0, "0"),
        (11.4567, "+11.46"),
        (-3.42, "-3.420"),
        (0.00378, "+0.00378"),
        (1.36e-5, "+1.36e-05"),
        (9.99996, "+10.00"),
        (0.00099996, "+0.00100"),
        (12345.6, "+12346"),
        (999999.7, "+1.00e+06"),
        (-1e300, "-1.00e+300"),
        (5e-324, "+4.94e-324"),
        (math.nan, "nan"),
        (math.inf, "+inf"),
        (-math.inf, "-inf"),
    ],
)
def test_number(x, written):
    assert text.number(x) == written


@given(FINITE, st.integers(2, 10))
def test_a_number_reads_back_to_its_digits(x, digits):
    assert float(text.number(x, digits)) == pytest.approx(x, rel=0.6 * 10 ** (2 - digits), abs=0)


@given(FINITE.filter(bool), st.integers(1, 8))
def test_only_zero_is_written_as_zero(x, digits):
    assert float(text.number(x, digits)) != 0
    assert float(text.fixed(x, digits)) != 0


@given(FINITE)
def test_the_sign_is_shown_when_asked_and_the_minus_is_ascii(x):
    signed, unsigned = text.number(x), text.number(x, sign=False)
    assert signed.removeprefix("+") == unsigned
    assert signed.isascii()


def test_settings_are_written_as_typed():
    assert [text.plain(x) for x in (1.2, 0.01, 1e-5, 400, 0, 12345, -0.5, math.inf)] == [
        "1.2", "0.01", "1e-05", "400", "0", "12345", "-0.5", "inf",
    ]  # fmt: skip
    assert [text.fixed(x) for x in (0.2, 0.0, 1e-5, math.nan)] == ["0.20", "0.00", "1.0e-05", "nan"]


def test_counted_nouns_are_plural_except_for_one():
    said = [text.counted(n, "run") for n in (0, 1, 2, 1200)]
    assert said == ["0 runs", "1 run", "2 runs", "1,200 runs"]
    assert [text.counted(n, "class", "classes") for n in (1, 2)] == ["1 class", "2 classes"]


def test_counts():
    assert text.count(10_000) == "10,000"
    assert (text.examples(1), text.examples(2_000)) == ("1 example", "2,000 examples")
    written = [
        text.short_count(n) for n in (0, 940, 999.6, 3100, 9949, 31234, 999_600, 1.2e6, 5e12)
    ]
    assert written == ["0", "940", "1.0 k", "3.1 k", "9.9 k", "31 k", "1.0 M", "1.2 M", "5,000 G"]
    assert text.short_count(math.nan) == "nan"


def test_only_all_is_a_hundred_percent():
    assert text.percent(0.905) == "90.5 %"
    assert text.percent(1) == "100.0 %"
    assert text.percent(0.99999) == "> 99.9 %"
    assert text.percent(0) == "0.0 %"
    assert text.percent(0.0001) == "< 0.1 %"
    assert text.percent(0.2, 0) == "20 %"
    assert text.percent(math.nan) == "nan"


def test_names_and_shapes():
    assert text.shape((4, 400)) == "(4, 400)"
    assert text.shape([4]) == "(4,)"
    assert text.symbol("Z", layer=1) == "Z[1]"
    assert text.symbol("a", 1, 3) == "a₁[3]"
    assert text.symbol("w", (2, 3), 2) == "w₂₃[2]"
    assert text.symbol("w", (12, 3), 2) == "w₁₂,₃[2]"
    assert text.symbol("z", 1, 1, example=8) == "z₁[1](8)"
    assert text.symbol("x", 2) == "x₂"


def test_durations_and_sizes():
    durations = (0, 0.0004, 0.012, 0.0996, 0.43, 0.999, 5, 12.3, 59.7, 125, 3800)
    assert [text.seconds(s) for s in durations] == [
        "0.00 s", "0.4 ms", "12 ms", "0.10 s", "0.43 s", "1.0 s", "5.0 s", "12 s", "1 min 0 s",
        "2 min 5 s", "1 h 3 min",
    ]  # fmt: skip
    assert [text.bytes_(n) for n in (5, 1234, 12345, 999_600, 3_400_000)] == [
        "5 B", "1.2 kB", "12 kB", "1.0 MB", "3.4 MB",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("x", "expected"),
    [(3.4e-10, "3·10⁻¹⁰"), (0.0, "0"), (1 / 3, "0.33"), (1.0, "1.0"), (float("nan"), "nan")],
)
def test_magnitude(x, expected):
    assert text.magnitude(x) == expected
