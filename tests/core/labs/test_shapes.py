"""The lab of shapes says what NumPy does, for any shapes, and takes the network's own."""

import numpy as np
import pytest

from core import Project
from core.errors import LayerwiseError
from core.labs import shapes
from core.labs.shapes import OPERATIONS, NamedShape, ShapeQuestion, outcome
from core.nn.equations import equations
from core.training.session import Session

SIZES = (1, 1, 2, 3, 4, 5, 6, 7)


def really(question):
    """The same line of code, executed on full arrays."""
    names = {operand.name: np.ones(operand.shape) for operand in question.operands}
    try:
        return np.shape(eval(question.code, {"np": np}, names)), ""
    except (ValueError, np.exceptions.AxisError) as error:
        return None, str(error).strip()


def array(record, name):
    letter, layer = name[:-1].split("[")
    return record.array(letter, int(layer))


def drawn(rng):
    operation = list(OPERATIONS.values())[rng.randint(len(OPERATIONS))]
    pool = rng.choice(SIZES, 3)  # few different sizes, so that half of them fit
    operands = tuple(
        NamedShape(name, tuple(int(size) for size in rng.choice(pool, rng.randint(1, 3))))
        for name in shapes.NAMES[: operation.operands]
    )
    target = (-1, *rng.choice(SIZES, 1)) if rng.randint(2) else tuple(rng.choice(SIZES, 2))
    target = tuple(int(size) for size in target) if operation.name == "reshape" else ()
    return ShapeQuestion(operation.name, operands, target)


def test_a_thousand_random_shapes_come_out_as_numpy_does():
    rng, refused = np.random.RandomState(1), 0
    for _ in range(1000):
        question = drawn(rng)
        found = outcome(question)
        assert (found.shape, found.error) == really(question), question
        assert found.meaning.endswith("."), question
        refused += found.shape is None
    assert 200 < refused < 800


def test_the_remedy_that_is_named_works():
    rng = np.random.RandomState(2)
    seen = 0
    for _ in range(600):
        question = drawn(rng)
        said = outcome(question).meaning
        if "With " not in said or "in place of" not in said:
            continue
        new, _, old = (
            said.partition("With ")[2].partition(" it works")[0].partition(" in place of ")
        )
        if len(OPERATIONS[question.operation].steps) > 1:
            continue
        code = OPERATIONS[question.operation].code.format(
            *(new if each.name == old else each.name for each in question.operands), target=""
        )
        names = {operand.name: np.ones(operand.shape) for operand in question.operands}
        made = np.shape(eval(code, {"np": np}, names))
        assert str(made) in said
        seen += 1
    assert seen > 20


def test_numpys_sentence_and_its_explanation():
    question = ShapeQuestion("dot", (NamedShape("W", (4, 2)), NamedShape("X.T", (400, 2))))
    found = outcome(question)
    assert found.error == "shapes (4,2) and (400,2) not aligned: 2 (dim 1) != 400 (dim 0)"
    assert found.meaning == (
        "W has 2 columns, and X.T has 400 rows. The inner sizes must be equal."
        " With X in place of X.T it works and gives (4, 400)."
    )
    found = outcome(ShapeQuestion("add", (NamedShape("A", (4, 1)), NamedShape("B", (3, 1)))))
    assert found.error == "operands could not be broadcast together with shapes (4,1) (3,1)"
    assert "here 4 meets 3" in found.meaning


def test_huge_shapes_cost_nothing():
    wide, high = NamedShape("A", (1_000_000, 1)), NamedShape("B", (1, 1_000_000))
    assert outcome(ShapeQuestion("subtract", (wide, high))).shape == (1_000_000, 1_000_000)
    assert outcome(ShapeQuestion("dot", (wide, high))).shape == (1_000_000, 1_000_000)
    assert outcome(ShapeQuestion("reshape", (wide,), (-1, 8))).shape == (125_000, 8)


def test_the_silent_case_is_explained():
    found = outcome(ShapeQuestion("subtract", (NamedShape("A", (5, 1)), NamedShape("B", (1, 5)))))
    assert found.shape == (5, 5)
    assert "does not complain" in found.meaning
    found = outcome(ShapeQuestion("add", (NamedShape("A", (4, 400)), NamedShape("b", (400,)))))
    assert "reads b (400,) as a row, (1, 400)" in found.meaning


@pytest.mark.parametrize(
    ("text", "shape"),
    [("(4, 2)", (4, 2)), ("4,2", (4, 2)), ("4 × 2", (4, 2)), ("(5,)", (5,)), (" 5 ", (5,))],
)
def test_shapes_are_typed_as_people_write_them(text, shape):
    assert shapes.parse_shape(text) == shape


@pytest.mark.parametrize("text", ["", "()", "(4, 0)", "4, x", "(2, 3, 4)", "(-1, 4)", "9999999"])
def test_an_invalid_shape_is_refused_in_a_sentence(text):
    with pytest.raises(LayerwiseError, match="shape"):
        shapes.parse_shape(text)


def test_repeated_sizes_are_explained():
    said = {
        ((4, 6), (4, 1)): "B: its column is repeated 6 times.",
        ((4, 6), (1, 6)): "B: its row is repeated 4 times.",
        ((4, 6), (1, 1)): "B: its one number is repeated 24 times.",
        ((5,), (1,)): "B: its one number is repeated 5 times.",
        ((4, 6), (6,)): "NumPy reads B (6,) as a row, (1, 6). B: its row is repeated 4 times.",
    }
    for (a, b), words in said.items():
        question = ShapeQuestion("add", (NamedShape("A", a), NamedShape("B", b)))
        assert outcome(question).meaning == words


def test_answers():
    assert shapes.parse_answer("Impossible ") is None
    assert shapes.parse_answer("one number") == ()
    assert shapes.parse_answer("(4, 400)") == (4, 400)


def test_the_equations_of_a_network_are_questions_with_its_true_shapes():
    session = Session(Project())
    record = session.record()
    found = {}
    for equation in equations(session.network):
        question = shapes.question_of(equation, session.network.sizes, record.m)
        if question is not None:
            found[str(equation).partition(" =")[0]] = outcome(question).shape
    for name in ("Z[1]", "Z[2]", "dZ[2]", "dW[2]", "dW[1]", "db[2]", "db[1]", "dA[1]"):
        assert found[name] == array(record, name).shape
    assert found["W[1]"] == (4, 2)
    named = shapes.arrays_of(record.sizes, record.m)
    for name, shape in named.items():
        if name not in ("X", "Y", "dA[2]"):
            assert array(record, name).shape == shape
    assert (named["X"], named["Y"]) == ((2, 400), (1, 400))


def test_a_quiz_asks_for_the_possible_and_the_impossible():
    rng = np.random.RandomState(3)
    asked = [shapes.quiz(rng) for _ in range(200)]
    refused = sum(outcome(question).shape is None for question in asked)
    assert 20 < refused < 120
    assert all((outcome(q).shape, outcome(q).error) == really(q) for q in asked)


def test_the_sizes_that_meet_fit_when_numpy_says_so():
    rng = np.random.RandomState(5)
    for _ in range(600):
        question = drawn(rng)
        found = shapes.links(question)
        if OPERATIONS[question.operation].steps[0] in ("dot", "add"):
            refused = any(link.fits == "no" for link in found)
            assert refused == (outcome(question).shape is None), question
        else:
            assert found == ()
        for link in found:
            which, axis = link.second
            assert question.operands[which].shape[axis] == link.sizes[1]
            if link.first is not None:
                which, axis = link.first
                assert question.operands[which].shape[axis] == link.sizes[0]


def test_an_operand_is_typed_as_a_shape_or_by_its_name():
    known = shapes.arrays_of((2, 4, 1), 400)
    assert shapes.parse_operand("(3, 5)", "A", known) == NamedShape("A", (3, 5))
    assert shapes.parse_operand(" W[1]", "A", known) == NamedShape("W[1]", (4, 2))
    assert shapes.parse_operand("X.T", "B", known) == NamedShape("X.T", (400, 2))
    with pytest.raises(LayerwiseError, match="no array “W\\[9\\]”"):
        shapes.parse_operand("W[9]", "A", known)
