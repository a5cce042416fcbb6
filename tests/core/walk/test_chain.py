"""The chain of factors: the strongest path, the number of paths, and its share of the total."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.walk.chain import chain
from core.walk.entry import Entry
from tests.core.nn.networks import TRAINABLE, Case
from tests.core.walk.records import TRAINABLE_OUTPUTS, record_of


def all_paths(record, l, i, k):
    """The product of every path from z_i[l] to the loss, by recursion."""
    if not record.has("dA", l):
        return [float(record.dZ[l][i, k])]
    a = record.before_dropout(l)[:, k]
    kept = record.D[l][:, k] / record.keep[l] if l in record.keep else np.ones(len(a))
    if record.activation(l).name == "softmax":
        ways = [(q, a[q] * ((q == i) - a[i])) for q in range(len(a))]
    else:
        ways = [(i, record.value(Entry("slope", l, i, k)))]
    found = []
    for q, slope in ((q, slope * kept[q]) for q, slope in ways):
        if l == record.L:
            found.append(slope * record.dA[l][q, k])
            continue
        for p in range(record.sizes[l + 1]):
            found += [slope * record.p.W[l + 1][p, q] * x for x in all_paths(record, l + 1, p, k)]
    return found


@settings(max_examples=80)
@given(
    st.lists(st.integers(1, 3), min_size=2, max_size=5),
    st.lists(st.sampled_from(TRAINABLE), min_size=4, max_size=4),
    st.sampled_from(TRAINABLE_OUTPUTS),
    st.integers(0, 1000),
    st.data(),
)
def test_the_chain_is_the_strongest_of_all_paths(sizes, names, output, seed, data):
    activations = (*names[: len(sizes) - 2], output[0])
    shares = {l: data.draw(st.sampled_from([1.0, 0.5])) for l in range(1, len(sizes) - 1)}
    keep = {l: share for l, share in shares.items() if share < 1}
    record = record_of(Case(tuple(sizes), activations, output[1], seed=seed, keep=keep))
    l = data.draw(st.integers(1, record.L))
    i = data.draw(st.integers(0, sizes[l] - 1))
    j = data.draw(st.integers(0, sizes[l - 1] - 1))
    k = data.draw(st.integers(0, record.m - 1))
    found, paths = chain(record, Entry("dW", l, i, j), k), all_paths(record, l, i, k)
    a = float(record.A[l - 1][j, k])
    assert found.paths == len(paths)
    assert found.path == pytest.approx(math.prod(link.value for link in found.links), rel=1e-14)
    strongest = max(paths, key=abs) * a
    assert abs(found.path) == pytest.approx(abs(strongest), rel=1e-12)
    whole = math.fsum(paths) * a
    assert found.total == pytest.approx(whole, rel=1e-12, abs=1e-12 * max(map(abs, paths)))
    assert found.contribution == found.total / record.m
    if found.paths == 1:
        assert found.path == pytest.approx(found.total, rel=1e-12)
    for link in found.links:
        if link.entry is not None:
            assert link.value == record.value(link.entry)


def test_the_chain_reads_from_the_loss_back_to_the_weight():
    record = record_of(Case((2, 4, 3, 1), ("tanh", "tanh", "sigmoid"), "cross_entropy", m=400))
    found = chain(record, Entry("W", 2, 1, 2), 7)
    assert [link.text for link in found.links] == [
        "∂loss/∂z₁[3]",
        "∂z₁[3]/∂a₂[2]",
        "∂a₂[2]/∂z₂[2]",
        "∂z₂[2]/∂w₂₃[2]",
    ]
    assert found.links[1].latex == r"\frac{\partial z_{1}[3]}{\partial a_{2}[2]}"
    assert found.paths == 1
    assert found.share == pytest.approx(1.0, rel=1e-12)
    assert "the whole" in found.sentence
    deep = chain(record, Entry("W", 1, 0, 0), 7)
    assert deep.paths == 3
    assert "3 paths" in deep.sentence


def test_contributions_of_all_examples_add_up_to_the_gradient():
    record = record_of(Case((2, 4, 3, 1), ("tanh", "tanh", "sigmoid"), "cross_entropy", m=30))
    for entry in (Entry("dW", 1, 2, 0), Entry("db", 1, 2, 0)):
        parts = [chain(record, entry, k).contribution for k in range(30)]
        gradient = record.value(entry)
        assert math.fsum(parts) == pytest.approx(gradient, rel=1e-11)


def test_a_deep_network_is_searched_at_once():
    record = record_of(Case((2, *[64] * 8, 1), ("tanh",) * 8 + ("sigmoid",), "cross_entropy"))
    found = chain(record, Entry("W", 1, 0, 0), 0)
    assert found.paths == 64**7
    assert np.isfinite(found.share)


def test_a_missing_number_is_refused():
    record = record_of(Case((2, 4, 1), ("tanh", "sigmoid"), "cross_entropy"))
    with pytest.raises(IndexError):
        chain(record, Entry("W", 1, 4, 0), 0)
    with pytest.raises(IndexError):
        chain(record, Entry("W", 1, 0, 0), 99)
