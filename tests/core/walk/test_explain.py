"""Every opened number equals its arithmetic, names its source, and ends at leaves."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.walk.entry import Entry
from core.walk.explain import explain
from tests.core.nn.networks import Case
from tests.core.walk.records import entries, record_of, records


def flower(m=400, sizes=(2, 4, 3, 1), **options):
    return Case(sizes, ("tanh",) * (len(sizes) - 2) + ("sigmoid",), "cross_entropy", m=m, **options)


def rounding_allowed(found):
    """What adding up the terms in another order may change."""
    values = [term.value for term in (*found.terms, *found.extra)]
    if found.numerator is not None:
        return 64 * 2.2e-16
    scale = 1.0 if found.scale is None else abs(found.scale.value)
    return 64 * 2.2e-16 * (math.fsum(map(abs, values)) * max(scale, 1e-300) + abs(found.value))


@pytest.mark.slow
@settings(max_examples=60)
@given(records())
def test_every_opened_number_adds_up(record):
    for entry in entries(record):
        found = explain(record, entry, most=None)
        assert found.value == record.value(entry)
        assert found.rest is None
        assert abs(found.printed + found.residual - found.value) <= 1e-12 * abs(found.value)
        # Terms with wide cancellation, and roots of optimizers, may differ by their rounding.
        scale = max(abs(found.value), 1.0) if entry.target in ("J", "loss") else 0.0
        assert abs(found.residual) <= rounding_allowed(found) + 1e-13 * scale, (entry, found)


@pytest.mark.slow
@settings(max_examples=40)
@given(records(), st.integers(1, 4))
def test_a_shortened_sum_comes_to_the_same(record, most):
    for entry in entries(record):
        short, whole = explain(record, entry, most), explain(record, entry, None)
        assert len(short.terms) + (short.rest.count if short.rest else 0) == len(whole.terms)
        assert abs(short.printed + short.residual - short.value) <= 1e-12 * abs(short.value)
        if short.rest is not None:
            shown = [abs(term.value) for term in short.terms]
            chosen = {term.index for term in short.terms}
            hidden = [abs(term.value) for term in whole.terms if term.index not in chosen]
            assert shown == sorted(shown, reverse=True)
            assert max(hidden) <= shown[-1]


@pytest.mark.slow
@settings(max_examples=60)
@given(records())
def test_every_number_shown_is_that_of_the_record(record):
    for entry in entries(record):
        found = explain(record, entry, None)
        for term in (*found.terms, *found.extra):
            for factor in term.factors:
                if factor.entry is not None and not factor.text.startswith("sign"):
                    assert factor.value == record.value(factor.entry)
            if term.is_product:
                expected = term.sign * math.prod(factor.value for factor in term.factors)
                assert term.value == pytest.approx(expected, rel=1e-15, abs=0.0)


@settings(max_examples=40)
@given(records(units=False))
def test_every_way_down_ends_in_leaves(record):
    last = Entry("W_after", 1, 0, 0)
    seen, open_ = set(), [last]
    while open_:
        entry = open_.pop()
        if entry in seen:
            continue
        seen.add(entry)
        found = explain(record, entry, None)
        if found.kind == "leaf":
            assert found.note
            assert not found.entries
        else:
            assert found.entries or entry.target == "J"
            open_.extend(found.entries)
    targets = {entry.target for entry in seen}
    assert {"A", "W", "Y"} <= targets
    assert {e for e in seen if e.target == "A" and e.layer == 0 and e.row == 0}


def test_a_long_sum_shows_its_largest_terms_with_their_examples():
    record = record_of(flower(), iteration=300)
    found = explain(record, Entry("dW", 2, 1, 2), most=5)
    products = np.asarray(record.dZ[2][1]) * np.asarray(record.A[1][2])
    assert [term.index for term in found.terms] == list(np.argsort(-abs(products))[:5])
    assert found.rest is not None
    assert found.rest.count == 395
    assert found.scale is not None
    assert found.scale.text == "1/400"
    assert found.counted == "example"
    assert found.text == "dw₂₃[2] = 1/400 · Σₖ dz₂[2](k) · a₃[1](k)"
    assert found.sum / 400 == pytest.approx(record.value(Entry("dW", 2, 1, 2)), rel=1e-12)
    assert found.exact


def test_a_short_formula_is_written_out():
    record = record_of(flower())
    found = explain(record, Entry("Z", 1, 0, 0))
    assert found.text == "z₁[1](1) = w₁₁[1] · x₁(1) + w₁₂[1] · x₂(1) + b₁[1]"
    assert found.extra[0].text == "b₁[1]"
    assert [term.with_numbers(lambda x: f"{x:.1f}") for term in found.terms] == [
        " \\cdot ".join(
            f"({factor.value:.1f})" if factor.value < 0 else f"{factor.value:.1f}"
            for factor in term.factors
        )
        for term in found.terms
    ]


def test_functions_and_slopes_say_which():
    record = record_of(flower())
    a, g = explain(record, Entry("A", 1, 2, 7)), explain(record, Entry("slope", 1, 2, 7))
    assert a.text == "a₃[1](8) = tanh(z₃[1](8))"
    assert a.latex == r"a_{3}[1](8) = \tanh(z_{3}[1](8))"
    assert g.text == "g′₃[1](8) = 1 − a₃[1](8)²"
    assert g.terms[0].with_numbers(lambda x: "0.5") == "1 - 0.5^2"
    assert a.kind == g.kind == "function"


def test_leaves_say_where_they_come_from():
    record = record_of(flower())
    later = record_of(flower(), iteration=2)
    assert explain(record, Entry("A", 0, 0, 7)).note == "Input x₁ of example 8."
    assert explain(record, Entry("Y", 3, 0, 7)).note == "Label of example 8."
    assert "no update" in explain(record, Entry("W", 1, 0, 0)).note
    assert "after 2 updates" in explain(later, Entry("b", 1, 0, 0)).note
    linear = record_of(Case((2, 2, 1), ("linear", "sigmoid"), "cross_entropy"))
    assert explain(linear, Entry("slope", 1)).note == "The slope of linear, 1 everywhere."


def test_a_number_of_float32_states_its_rounding_error():
    record = record_of(flower(dtype=np.float32))
    found = explain(record, Entry("dW", 2, 1, 2))
    assert found.value == found.printed + found.residual
    assert not found.exact
    assert abs(found.residual) < 1e-5


def test_a_missing_number_is_refused():
    record = record_of(flower())
    with pytest.raises(IndexError):
        explain(record, Entry("Z", 1, 4, 0))
    with pytest.raises(IndexError):
        explain(record, Entry("Z", 1, -1, 0))
    with pytest.raises(KeyError):
        explain(record, Entry("dA", 3, 0, 0))  # dZ[3] = A[3] - Y at once
    with pytest.raises(KeyError):
        explain(record, Entry("Z", 4, 0, 0))


def test_numbers_that_are_not_finite_are_explained_as_they_are():
    case = flower(m=20)
    case.X[0, 3] = np.inf
    case.X[1, 3] = -np.inf
    record = record_of(case)
    for entry in entries(record):
        assert str(explain(record, entry).value) == str(record.value(entry))
