"""The uses of a number are the inverse of the origins of numbers."""

from collections import defaultdict

import pytest
from hypothesis import given, settings

from core.walk.entry import Entry
from core.walk.explain import explain
from core.walk.uses import uses
from tests.core.nn.networks import Case
from tests.core.walk.records import entries, record_of, records


@pytest.mark.slow
@settings(max_examples=20)
@given(records())
def test_uses_are_the_inverse_of_explanations(record):
    everything = list(entries(record))
    used = {entry: uses(record, entry) for entry in everything}
    if record.l1 or record.l2:  # J names the sum over all weights, not each of them
        used = {e: tuple(use for use in us if use.target != "J") for e, us in used.items()}
    inverse = defaultdict(set)
    for entry, us in used.items():
        for goal in (goal for use in us for goal in use.first(10**6)):
            inverse[goal].add(entry)
    for entry in everything:
        if entry.target != "J" or not (record.l1 or record.l2):
            assert set(explain(record, entry, None).entries) == inverse[entry]
    for entry in everything[::19]:  # each with each would take half a minute
        containing = {e for e, us in used.items() if any(u.contains(entry) for u in us)}
        assert containing == inverse[entry]


@settings(max_examples=40)
@given(records(units=False))
def test_every_number_is_used_until_the_cost_or_the_update(record):
    for entry in entries(record):
        found = uses(record, entry)
        assert bool(found) == (entry.target not in ("J", "W_after", "b_after"))
        for use in found:
            assert len(use.first(10**6)) == use.count
            assert all(record.contains(e) and use.contains(e) for e in use.first())


def test_a_large_fan_out_is_one_group():
    record = record_of(Case((2, 4, 3, 1), ("tanh", "tanh", "sigmoid"), "cross_entropy", m=400))
    forward, back, update = uses(record, Entry("W", 2, 1, 2))
    assert forward.text == "all 400 columns of Z[2], row 2"
    assert (forward.count, len(forward.first())) == (400, 6)
    assert back.text == "all 400 columns of dA[1], row 3"
    assert update.text == "new w₂₃[2]"
    assert [use.phase for use in (forward, back, update)] == ["forward", "backward", "update"]
    to_next, *_ = uses(record, Entry("A", 0, 0, 7))
    assert to_next.text == "all 4 rows of Z[1], example 8"
    bias = uses(record, Entry("dZ", 2, 0, 7))
    assert [use.text for use in bias] == [
        "all 4 columns of dW[2], row 1",
        "db₁[2]",
        "all 4 rows of dA[1], example 8",
    ]
    assert uses(record, Entry("J", 3)) == ()
    with pytest.raises(IndexError):
        uses(record, Entry("Z", 1, 4, 0))
