"""Data set options: numbers of classes and bits, and class shares, against scalar loops."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import cli
from core.data.datasets import DATASETS, shares
from core.data.examples import make_split
from core.data.features import FEATURES
from core.data.own import drawn
from core.edits import choose_source, consequence, set_option, switch_feature, with_data
from core.errors import LayerwiseError
from core.project import Project, check, decode, encode
from core.training.data_source import split_of
from core.training.session import Session

BALANCED = [name for name, dataset in DATASETS.items() if dataset.balances]
weights = st.lists(st.integers(0, 50), min_size=2, max_size=10).filter(any)


def balance_of(parts):
    return tuple(part / sum(parts) for part in parts)


@given(st.integers(1, 5000), weights)
def test_each_class_ends_where_the_sum_of_the_shares_says(m, parts):
    counts, start = [], 0
    for j in range(len(parts)):
        end = m * sum(parts[: j + 1]) // sum(parts)  # in whole numbers: no rounding at all
        counts.append(end - start)
        start = end
    assert shares(m, len(parts), balance_of(parts)) == counts


def test_even_shares_are_the_course():
    assert shares(7, 2, (0.5, 0.5)) == shares(7, 2) == [3, 4]
    assert shares(10, 4, (0.25,) * 4) == shares(10, 4)


def test_an_unbalanced_flower_is_the_course_loop_with_other_counts():
    X, Y = DATASETS["flower"].make(50, 0.2, np.random.RandomState(3), balance=(0.9, 0.1))
    rng, columns = np.random.RandomState(3), []
    for j, count in enumerate((45, 5)):
        step = 3.12 / (count - 1)
        angles = [j * 3.12 + i * step + n * 0.2 for i, n in enumerate(rng.randn(count))]
        radii = [
            4 * math.sin(4 * t) + n * 0.2 for t, n in zip(angles, rng.randn(count), strict=True)
        ]
        columns += [
            (r * math.sin(t), r * math.cos(t), j) for t, r in zip(angles, radii, strict=True)
        ]
    assert np.allclose(np.vstack([X, Y]).T, columns, atol=1e-12)


def test_unbalanced_blobs_are_clouds_around_their_centres():
    X, Y = DATASETS["blobs"].make(
        40, 0.1, np.random.RandomState(1), classes=3, balance=(0.5, 0.25, 0.25)
    )
    noise = np.random.RandomState(1).randn(2, 40)
    for k in range(40):
        j = 0 if k < 20 else 1 if k < 30 else 2
        angle = 2 * math.pi * j / 3
        assert X[0, k] == pytest.approx(3 * math.sin(angle) + 0.1 * noise[0, k])
        assert X[1, k] == pytest.approx(3 * math.cos(angle) + 0.1 * noise[1, k])
        assert Y[:, k].tolist() == [float(i == j) for i in range(3)]


@given(
    bits=st.integers(2, 6), odd=st.integers(0, 40), even=st.integers(0, 40), seed=st.integers(0, 9)
)
def test_unbalanced_parity_has_the_patterns_of_a_class_as_often(bits, odd, even, seed):
    if not odd + even:
        return
    balance = (even / (odd + even), odd / (odd + even))
    X, Y = DATASETS["parity"].make(
        odd + even, 0.0, np.random.RandomState(seed), bits=bits, balance=balance
    )
    assert Y[0].tolist() == [0.0] * even + [1.0] * odd
    assert np.array_equal(X.sum(axis=0) % 2, Y[0])
    for label in (0, 1):
        patterns = X.T[Y[0] == label]
        if len(patterns):
            _, often = np.unique(patterns, axis=0, return_counts=True)
            assert len(often) == min(len(patterns), 2 ** (bits - 1))
            assert often.max() - often.min() <= 1


@pytest.mark.parametrize("name", BALANCED)
@given(share=st.floats(0, 1), m=st.integers(1, 90))
def test_every_set_that_balances_keeps_its_seed_and_its_counts(name, share, m):
    classes = DATASETS[name].classes()
    rest = (1 - share) / (classes - 1)
    balance = (share, *[rest] * (classes - 1))
    split = make_split(name, m, 0.1, 5, balance=balance)
    again = make_split(name, m, 0.1, 5, balance=balance)
    assert np.array_equal(split.train.X, again.train.X)
    labels = split.train.Y.argmax(axis=0) if classes > 2 else split.train.Y[0]
    assert np.bincount(labels.astype(int), minlength=classes).tolist() == shares(
        m, classes, balance
    )
    own = drawn(name, m, 0.1, 5, {}, balance)
    assert np.array_equal(own.Y, split.train.Y)


BAD = [
    ("plane", (0.5, 0.5), "The classes of Plane cannot be balanced"),
    ("digits", (0.1,) * 10, "The classes of Digits cannot be balanced"),
    ("flower", (0.5, 0.25, 0.25), "3 shares and Flower has 2 classes"),
    ("blobs", (0.5, 0.5), "2 shares and Blobs has 4 classes"),
    ("flower", (0.5, 0.6), "0.5, 0.6: choose shares"),
    ("flower", (-0.5, 1.5), "choose shares from 0 to 1"),
    ("flower", (math.nan, 1.0), "choose shares from 0 to 1"),
]


@pytest.mark.parametrize(("source", "balance", "reason"), BAD)
def test_an_invalid_balance_is_refused_by_name(source, balance, reason):
    with pytest.raises(LayerwiseError, match=reason):
        make_split(source, 40, 0.1, 1, balance=balance)
    with pytest.raises(LayerwiseError, match=reason):
        check(with_data(choose_source(Project(), source), balance=balance))


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("classes", 1, "data.classes is 1: use a whole number from 2 to 10"),
        ("classes", 11, "data.classes is 11"),
        ("bits", 1, "data.bits is 1: use a whole number from 2 to 10"),
        ("bits", 4.5, "at data.bits"),
        ("balance", [0.5, 0.6], "choose shares"),
        ("balance", 0.5, "at data.balance"),
    ],
)
def test_a_bad_option_in_a_file_is_named(field, value, reason):
    document = json.loads(encode(Project()))
    document["data"][field] = value
    with pytest.raises(LayerwiseError, match=reason):
        decode(json.dumps(document).encode())


def test_options_at_their_defaults_are_left_out_of_the_file():
    written = json.loads(encode(Project()))["data"]
    assert not {"classes", "bits", "balance"} & written.keys()
    other = set_option(choose_source(Project(), "blobs"), "classes", 7)
    other = with_data(other, balance=(0.4, *[0.1] * 6))
    written = json.loads(encode(other))["data"]
    assert written["classes"] == 7
    assert "bits" not in written
    assert decode(encode(other)) == other


@pytest.mark.parametrize("classes", [2, 3, 10])
def test_the_output_follows_the_classes_and_says_why(classes):
    before = choose_source(Project(), "blobs")
    after = set_option(before, "classes", classes)
    check(after)
    assert after.sizes() == (2, 4, classes)
    assert f"became {classes} units with softmax" in consequence(before, after)
    assert split_of(after).train.Y.shape == (classes, 400)
    assert Session(after).step()


@pytest.mark.parametrize("bits", [2, 3, 10])
def test_the_input_follows_the_bits(bits):
    after = set_option(choose_source(Project(), "parity"), "bits", bits)
    check(after)
    assert after.data.on_plane == (bits == 2)
    assert after.sizes() == (bits, 4, 1)
    assert split_of(after).train.X.shape == (bits, 400)
    assert Session(after).step()


def test_a_balance_stays_with_as_many_classes_and_goes_with_others():
    uneven = with_data(Project(), balance=(0.75, 0.25))
    assert choose_source(uneven, "moons").data.balance == (0.75, 0.25)
    assert choose_source(uneven, "blobs").data.balance == ()
    assert choose_source(uneven, "bumps").data.balance == ()
    three = with_data(
        set_option(choose_source(Project(), "blobs"), "classes", 3), balance=(1, 0, 0)
    )
    assert set_option(three, "classes", 4).data.balance == ()
    assert set_option(three, "bits", 5).data.balance == (1, 0, 0)


def test_one_class_alone_is_learned_without_harm():
    for source in ("flower", "blobs"):
        one = choose_source(Project(), source)
        count = one.data.class_count
        session = Session(with_data(one, balance=(1.0, *[0.0] * (count - 1))))
        for _ in range(50):
            assert session.step()
        assert session.score()[0].accuracy == 1.0


def test_the_train_command_draws_them_too(tmp_path):
    given = set_option(choose_source(Project(), "blobs"), "classes", 3)
    given = with_data(given, balance=(0.5, 0.25, 0.25), examples=40)
    (tmp_path / "blobs.json").write_bytes(encode(given))
    report = tmp_path / "report.json"
    arguments = ["train", str(tmp_path / "blobs.json"), "--iterations", "101"]
    assert cli.main([*arguments, "--report", str(report)]) == 0
    session = Session(given)
    for _ in range(101):
        session.step()
    assert json.loads(report.read_text())["cost"] == [session.costs[0], session.costs[100]]


wishes = st.one_of(
    st.tuples(st.just("source"), st.sampled_from(list(DATASETS))),
    st.tuples(st.just("classes"), st.integers(2, 10)),
    st.tuples(st.just("bits"), st.integers(2, 10)),
    st.tuples(st.just("balance"), st.integers(0, 100)),
    st.tuples(st.just("feature"), st.sampled_from(list(FEATURES))),
)


def carried_out(project, wish, value):
    data = project.data
    match wish:
        case "source":
            return choose_source(project, value)
        case "balance":
            if not DATASETS[data.source].balances:
                return project
            rest = (1 - value / 100) / (data.class_count - 1)
            return with_data(project, balance=(value / 100, *[rest] * (data.class_count - 1)))
        case "feature":
            return project if data.features == (value,) else switch_feature(project, value)
    return set_option(project, wish, value)


@given(st.lists(wishes, max_size=12))
def test_choices_in_any_order_stay_consistent(wanted):
    project = Project()
    for wish, value in wanted:
        project = carried_out(project, wish, value)
        check(project)
        assert decode(encode(project)) == project
    small = with_data(project, examples=12)
    split = split_of(small)
    assert (len(split.train.X), len(split.train.Y)) == (project.sizes()[0], project.sizes()[-1])
    Session(small, split)
