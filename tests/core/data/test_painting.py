"""Painted points, compared with a plain list of points edited in the obvious way."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.data.own import drawn, own_data
from core.data.painting import CHUNK, FULL, LAST_POINT, MOST, Painting, copied, painting_of
from core.data.registry import DataRegistry
from core.data.sheet import Sheet, check_sheet, drawn_for_testing
from core.errors import LayerwiseError

SHEET = Sheet(x1=(-2.0, 2.0), x2=(-1.0, 3.0), began="flower")
BLANK = Painting(SHEET, ("0", "1"))
places = st.tuples(st.floats(-3, 3), st.floats(-2, 4))
edits = st.one_of(
    st.tuples(st.just("paint"), st.lists(places, min_size=1, max_size=40), st.integers(0, 9)),
    st.tuples(st.just("erase"), places, st.floats(0.1, 3)),
    st.tuples(st.just("move"), st.integers(0, 999), places),
    st.tuples(st.just("label"), st.integers(0, 999), st.integers(0, 9)),
)


def clipped(x1, x2):
    return min(max(x1, -2.0), 2.0), min(max(x2, -1.0), 3.0)


def one_edit(painting, points, edit):
    """The edit on both: the painting, and the list of (x1, x2, class)."""
    match edit:
        case "paint", at, label:
            added = [(*clipped(*point), label) for point in at]
            return painting.painted(np.array(at).T, label), points + added
        case "erase", at, radius:
            near = [math.hypot(x - at[0], y - at[1]) <= radius for x, y, _ in points]
            if all(near):
                near[-1] = False
            kept = [point for point, is_near in zip(points, near, strict=True) if not is_near]
            found = painting.near([at], radius)
            if len(kept) == len(points):
                assert painting.m == 1 or not len(found)
                return painting, points
            return painting.without(found), kept
        case "move", k, to:
            k %= len(points)
            other = [*points]
            other[k] = (*clipped(*to), points[k][2])
            return painting.moved(k, to), other
        case "label", k, label:
            k %= len(points)
            other = [*points]
            other[k] = (*points[k][:2], label)
            return painting.labelled([k], label), other
    raise AssertionError(edit)


@settings(max_examples=60)
@given(st.lists(edits, max_size=25))
def test_every_edit_is_that_of_a_plain_list(wanted):
    painting, points = BLANK.painted([[0.0], [0.0]], 0), [(0.0, 0.0, 0)]
    for edit in wanted:
        before, table = painting, painting.table()
        painting, points = one_edit(painting, points, edit)
        assert np.array_equal(before.table(), table)  # what was, stays
        assert painting.table().T.tolist() == [list(map(float, point)) for point in points]
        assert painting.m == len(points)
        assert not any(chunk.flags.writeable for chunk in painting.chunks)
        assert all(0 < chunk.shape[1] <= CHUNK for chunk in painting.chunks)
    own = painting.own()
    classes = max(2, *(label + 1 for _, _, label in points), len(painting.classes))
    assert own.kind == ("binary" if classes == 2 else "classes")
    for k, (x1, x2, label) in enumerate(points):
        assert own.X[:, k].tolist() == [x1, x2]
        said = own.Y[0, k] if classes == 2 else own.Y[:, k].argmax()
        assert said == label
    again = painting_of(own)
    assert np.array_equal(again.table(), painting.table())
    assert again.own().digest == own.digest


def test_a_class_stays_when_its_last_point_is_erased():
    three = BLANK.painted([[0, 1], [0, 1]], 0).painted([[2.0], [2.0]], 4)
    assert three.classes == ("0", "1", "2", "3", "4")
    assert three.without([2]).own().Y.shape == (5, 2)


def test_only_one_class_is_no_error():
    own = BLANK.painted([[0, 1], [0, 1]], 1).own()
    assert own.kind == "binary"
    assert own.Y.tolist() == [[1.0, 1.0]]
    with pytest.raises(LayerwiseError, match="at least two classes"):
        own_data(own.X, own.Y, "not painted")


def test_the_last_point_stays_with_a_message():
    some = BLANK.painted([[0, 1, 2], [0, 1, 2]], 1)
    last = some.without([0, 1, 2])
    assert last.table().T.tolist() == [[2.0, 2.0, 1.0]]
    with pytest.raises(LayerwiseError, match="The last point stays"):
        last.without([0])
    assert LAST_POINT.startswith("The last point stays")


@pytest.mark.parametrize(
    ("act", "reason"),
    [
        (lambda p: p.painted([[0.0], [0.0]], 10), "Class 10 cannot be painted"),
        (lambda p: p.painted([[0.0], [0.0]], -1), "Class -1 cannot be painted"),
        (lambda p: p.labelled([0], 12), "Class 12 cannot be painted"),
        (lambda p: p.painted(np.zeros((2, MOST)), 0), FULL),
        (lambda p: p.moved(7, (0, 0)), "There is no point 7"),
        (lambda p: p.without([7]), "There is no point 7"),
    ],
)
def test_an_impossible_stroke_says_why(act, reason):
    with pytest.raises(LayerwiseError, match=reason):
        act(BLANK.painted([[0.0, 1.0], [0.0, 1.0]], 0))


@pytest.mark.parametrize("source", ["flower", "blobs", "moons"])
def test_current_data_are_copied_point_by_point(source):
    own = drawn(source, 300, 0.1, 2)
    sheet = Sheet(x1=(-9.0, 9.0), x2=(-9.0, 9.0), began=source)
    copy = copied(own, sheet)
    assert np.array_equal(copy.own().X, own.X)
    assert np.array_equal(copy.own().Y, own.Y)
    assert copy.own().classes == own.classes


def test_names_of_classes_are_kept():
    own = own_data([[0.0, 1.0]] * 2, [[0.0, 1.0]], "pets.csv", classes=("cat", "dog"))
    painted = copied(own, SHEET).painted([[0.0], [0.0]], 3)
    assert painted.own().classes == ("cat", "dog", "2", "3")


@pytest.mark.parametrize(
    ("own", "reason"),
    [
        (drawn("parity", 20, 0.0, 1), "has 4 inputs"),
        (drawn("plane", 20, 0.0, 1), "are real numbers"),
        (drawn("moons", MOST + 1, 0.0, 1), "at most 20,000 points"),
        (own_data(np.zeros((2, 11)), np.eye(11), "many"), "11 points of 11 classes"),
    ],
)
def test_data_that_cannot_be_copied_say_why(own, reason):
    with pytest.raises(LayerwiseError, match=reason):
        copied(own, SHEET)


@pytest.mark.parametrize("limits", [(0.0, 0.0), (1.0, -1.0), (0.0, math.inf), (math.nan, 1.0)])
def test_a_sheet_has_limits(limits):
    with pytest.raises(LayerwiseError, match="use two finite numbers"):
        check_sheet(Sheet(x1=limits, x2=(0.0, 1.0)))


# --- which points are for testing ---


def decides(x1, x2, seed, share):
    """The same in whole numbers, one point at a time."""
    word, step = 2**64 - 1, 0x9E3779B97F4A7C15

    def mixed(z):
        z = (z + step) & word
        z = ((z ^ z >> 30) * 0xBF58476D1CE4E5B9) & word
        z = ((z ^ z >> 27) * 0x94D049BB133111EB) & word
        return z ^ z >> 31

    first, second = (int(np.float64(x + 0.0).view(np.uint64)) for x in (x1, x2))
    mix = mixed(second ^ mixed((first + (seed + 1) * step) & word))
    return (mix >> 11) * 2.0**-53 < share


@given(
    st.lists(places, min_size=2, max_size=30),
    st.integers(0, 2**32 - 1),
    st.floats(0.01, 0.9),
)
def test_each_point_decides_for_itself(points, seed, share):
    found = drawn_for_testing(np.array(points).T, seed, share)
    expected = [decides(x1, x2, seed, share) for x1, x2 in points]
    if all(expected):
        expected[0] = False
    assert found.tolist() == expected


def test_the_share_is_met_on_the_average_and_others_change_nothing():
    points = np.random.RandomState(1).uniform(-1, 1, (2, 4000))
    whole = drawn_for_testing(points, 3, 0.3)
    assert abs(whole.mean() - 0.3) < 0.03
    assert np.array_equal(drawn_for_testing(points[:, 500:], 3, 0.3), whole[500:])
    assert (drawn_for_testing(points, 4, 0.3) != whole).any()
    assert not drawn_for_testing(points, 3, 0.0).any()
    assert drawn_for_testing(np.zeros((2, 1)), 3, 0.9).tolist() == [False]


# --- what a long history takes ---


def bytes_of(paintings):
    chunks = {id(chunk): chunk.nbytes for painting in paintings for chunk in painting.chunks}
    return sum(chunks.values())


def test_a_thousand_strokes_share_memory():
    painting = copied(drawn("flower", 2000, 0.2, 1), Sheet(x1=(-9.0, 9.0), x2=(-9.0, 9.0)))
    history, rng = [painting], np.random.RandomState(0)
    for i in range(1000):
        if i % 2:
            painting = painting.without(painting.near([tuple(rng.uniform(-4, 4, 2).tolist())], 0.3))
        else:
            painting = painting.painted(rng.uniform(-4, 4, (2, 8)), i % 3)
        history.append(painting)
    alone = sum(each.table().nbytes for each in history)
    assert bytes_of(history) < alone / 4
    assert bytes_of(history) < 16e6


def test_the_registry_keeps_paintings_as_chunks_and_drops_unwanted_ones():
    registry, painting = DataRegistry(), BLANK.painted([[0.0], [0.0]], 0)
    digests = []
    for i in range(20):
        painting = painting.painted([[i / 20], [0.0]], i % 2)
        own = registry.put_painting(painting)
        assert registry.get(own.digest) is own
        digests.append(own.digest)
    assert len(set(digests)) == 20
    again = registry.get(digests[3])
    assert again is not None
    assert again.digest == digests[3]
    assert again.m == 5
    assert registry.painting(digests[3]) is not None
    other = drawn("moons", 10, 0.1, 1)
    registry.put(other)
    assert registry.get(other.digest) is other
    assert registry.painting(other.digest) is None
    registry.retain({digests[5], other.digest})
    assert len(registry) == 2
    assert registry.get(digests[3]) is None
    registry.clear()
    assert len(registry) == 0
