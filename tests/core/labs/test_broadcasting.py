"""The lab of broadcasting: its copies and numbers are those of scalar loops, its lines NumPy's."""

import numpy as np
import pytest

from core.errors import LayerwiseError
from core.labs import broadcasting
from core.labs.broadcasting import broadcast
from core.labs.shapes import NamedShape, ShapeQuestion

OF = {"+": lambda a, b: a + b, "-": lambda a, b: a - b, "*": lambda a, b: a * b}


def asked(a, b, operation="add"):
    return ShapeQuestion(operation, (NamedShape("A", a), NamedShape("B", b)))


def at(numbers, shape, place):
    """The number of an array that a place of the result reads: index 0 along a size of 1."""
    place = place[len(place) - len(shape) :]
    index = 0
    for size, i in zip(shape, place, strict=True):
        index = index * size + (0 if size == 1 else i)
    return numbers[index]


def test_a_thousand_random_pairs_are_broadcast_as_loops_do():
    rng, refused = np.random.RandomState(4), 0
    for _ in range(1000):
        pool = rng.choice((1, 1, 2, 3, 4, 7), 2)
        a, b = (tuple(int(n) for n in rng.choice(pool, rng.randint(1, 3))) for _ in range(2))
        operation = ("add", "subtract", "multiply")[rng.randint(3)]
        found = broadcast(asked(a, b, operation))
        if found.result is None:
            refused += 1
            with pytest.raises(ValueError) as error:  # noqa: PT011 - whatever its words, they agree
                np.add(np.ones(a), np.ones(b))
            assert str(error.value).strip() == found.outcome.error
            assert [part.values.shape for part in found.parts] == [a, b]
            assert all(part.own.all() for part in found.parts)
            continue
        assert found.outcome.shape is not None
        do = OF[broadcasting.SIGNS[operation]]
        ones, tens = np.arange(1.0, 99.0), np.arange(10.0, 990.0, 10.0)
        for place in np.ndindex(found.outcome.shape):
            x, y = at(ones, a, place), at(tens, b, place)
            assert [part.values[place] for part in found.parts] == [x, y]
            assert found.result[place] == do(x, y)
        for part, shape in zip(found.parts, (a, b), strict=True):
            assert part.own.sum() == np.prod(shape)
            assert len(np.unique(part.values[part.own])) == np.prod(shape)
    assert 100 < refused < 600


def test_the_silent_case_has_its_diagonal():
    found = broadcast(asked((5, 1), (1, 5), "subtract"))
    assert found.result is not None
    assert found.meant is not None
    assert found.result.shape == (5, 5)
    assert found.meant.sum() == 5
    ones, tens = np.arange(1.0, 6.0), np.arange(10.0, 60.0, 10.0)
    np.testing.assert_array_equal(found.result[found.meant], ones - tens)
    assert broadcast(asked((5,), (5, 1), "subtract")).meant is not None
    assert broadcast(asked((5, 5), (1, 5))).meant is None
    assert broadcast(asked((4, 400), (400,))).meant is None


def test_too_much_to_draw_is_refused():
    with pytest.raises(LayerwiseError, match="smaller"):
        broadcast(asked((1000, 1), (1, 1000)))


def test_every_line_on_rank_1_gives_numpys_result():
    v = broadcasting.vector(5, 1)
    np.testing.assert_array_equal(v, np.random.RandomState(1).randn(5))
    shapes = {line.code: line.shape for line in broadcasting.lines(v)}
    assert shapes["v.T"] == (5,)
    assert shapes["np.dot(v, v.T)"] == ()
    assert shapes["v.reshape(5, 1) @ v.reshape(1, 5)"] == (5, 5)
    number = next(line.value for line in broadcasting.lines(v) if line.code == "np.dot(v, v.T)")
    assert number == pytest.approx(sum(float(x) ** 2 for x in v), rel=1e-12)
    for vector in (v, v.reshape(5, 1)):
        for line in broadcasting.lines(vector):
            assert np.shape(eval(line.code, {"np": np, "v": vector})) == line.shape
            assert line.meaning.endswith(".")


def test_the_assertion_stops_rank_1_and_lets_a_column_pass():
    v = broadcasting.vector(5, 1)
    refused = broadcasting.asserted(v)
    assert refused.code == "assert v.shape == (5, 1)"
    assert refused.error == "AssertionError"
    assert "v has shape (5,)" in refused.meaning
    passed = broadcasting.asserted(v.reshape(5, 1))
    assert (passed.error, passed.shape) == ("", (5, 1))


@pytest.mark.parametrize("n", [0, 1, 51])
def test_lengths_that_are_not_shown(n):
    with pytest.raises(LayerwiseError, match="choose from 2 to 50"):
        broadcasting.vector(n, 1)
