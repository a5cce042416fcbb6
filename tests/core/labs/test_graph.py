"""Computation graphs against central differences, the numbers of the course, and their text."""

import math
import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from core.errors import LayerwiseError
from core.labs.expression import LONGEST, PRESETS, parse, write
from core.labs.graph import LEAF, MOST_NODES, OPERATIONS, Graph, Node

CHAIN, NEURON = (PRESETS[name][1] for name in ("chain", "neuron"))


@st.composite
def graphs(draw):
    """Graphs whose numbers stay small: products and powers of values near 1."""
    values = draw(st.lists(st.floats(0.3, 1.6), min_size=1, max_size=4))
    graph = Graph(tuple(Node(f"x{i}", LEAF, value=v) for i, v in enumerate(values)))
    for _ in range(draw(st.integers(1, 8))):
        names = [node.name for node in graph.nodes]
        op = OPERATIONS[draw(st.sampled_from(sorted(OPERATIONS)))]
        most = min(op.most, 3)
        inputs = draw(st.lists(st.sampled_from(names), min_size=op.least, max_size=most))
        try:
            graph = graph.add(op.name, inputs)
        except LayerwiseError:
            continue
        numbers = (*graph.values.values(), *graph.slopes.values())
        assume(all(abs(number) < 1e3 for number in numbers))
    return graph


@given(graphs())
def test_slopes_are_central_differences(graph):
    h, last = 1e-5, graph.last.name
    for leaf in graph.leaves:
        try:
            low, high = (graph.with_leaf(leaf.name, leaf.value + by).values[last] for by in (-h, h))
        except LayerwiseError:
            continue
        slope = graph.slopes[leaf.name]
        assert slope == pytest.approx((high - low) / (2 * h), rel=1e-3, abs=1e-4)
        if not graph.leads(leaf.name):
            assert slope == 0


@given(graphs())
def test_written_and_read_it_computes_the_same(graph):
    text = write(graph)
    assume(len(text) <= LONGEST)
    known = {leaf.name: leaf.value for leaf in graph.leaves}
    again = parse(text, known)
    assert again.values[again.last.name] == pytest.approx(graph.values[graph.last.name], rel=1e-9)
    for leaf in again.leaves:
        slope = graph.slopes[leaf.name]
        assert again.slopes[leaf.name] == pytest.approx(slope, rel=1e-7, abs=1e-9)


def test_the_chain_of_the_course():
    graph = parse(CHAIN)
    assert [node.name for node in graph.operations] == ["u", "v", "J"]
    assert graph.by_name["u"].formula == "b · c"
    assert {name: graph.values[name] for name in "uvJ"} == {"u": 6, "v": 10, "J": 30}
    found = {name: graph.slopes[name] for name in "vuabc"}
    assert found == {"v": 3, "u": 3, "a": 3, "b": 9, "c": 6}
    assert [node.name for node in graph.backward] == ["v", "u", "c", "b", "a"]
    nudged = [graph.nudged(name) for name in "abc"]
    assert nudged == pytest.approx([30.003, 30.009, 30.006])
    assert write(graph) == "J = 3*(a + b*c)"


def test_the_neuron_of_the_lesson():
    graph = parse(NEURON)
    values, slopes = graph.values, graph.slopes
    for name, value in (("z", 0.18795), ("a", 0.54685), ("L", 0.60358)):
        assert values[name] == pytest.approx(value, abs=5e-6)
    for name, slope in (
        ("a", -1.82866), ("z", -0.45315), ("w₁", -0.40777), ("w₂", 0.32260), ("b", -0.45315)
    ):  # fmt: skip
        assert slopes[name] == pytest.approx(slope, abs=5e-6)
    asked = [node.name for node in graph.backward]
    assert asked == ["a", "z", "v", "u", "b", "w₂", "w₁"]  # x and y are data


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("J = 2 + 3*4", 14), ("2*(3 + 4)", 14), ("2(3+4)", 14), ("J = 2^3^2", 512), ("-2^2", -4),
        ("(-2)^2", 4), ("7 - 2 - 1", 4), ("8 / 2 / 2", 2), ("6 ÷ 3 · 2", 4), ("1e1 + .5", 10.5),
        ("log(1)", 0), ("σ(0)", 0.5), ("sigmoid(0)", 0.5), ("a = 3; b = a^2; J = b + b", 18),
        ("x = 2; 3x²", 12), ("a = 2; J = a*a + a", 6), ("2 - -3", 5), ("J = 4", 4),
        ("loss(0.5, 1)", math.log(2)), ("a=2;b=3;a(b+1)", 8),
    ],
)  # fmt: skip
def test_expressions_are_read_as_people_write_them(text, value):
    graph = parse(text)
    assert graph.values[graph.last.name] == pytest.approx(value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "Type an expression"), ("J =", "missing at the end"), ("3 *", "missing at the end"),
        ("(a", ") is missing"), ("a)", "; is missing"), ("a b)", "; is missing"),
        ("log a", "needs brackets"), ("log()", "is missing"), ("log(0)", "above 0"),
        ("log(a, b)", "takes one input"), ("loss(a)", "takes 2 inputs"), ("1/0", "0 to the power"),
        ("loss(2, 1)", "between 0 and 1"), ("loss(0.5, 3)", "label"), ("a = 3; a = 4", "twice"),
        ("J = u; u = 3", "before it is computed"), ("log = 3", "is a function"),
        ("(-1)^0.5", "has no power"), ("10^400", "too large"), ("9^9^9^9", "too large"),
        ("+".join("abcdefghijklmnopqrstuvw"), "20"), ("(" * 40 + "a", "brackets"),
        ("a" * 500, "characters"), ("a $ b", "; is missing"), ("v = a; J = 2*v", "itself"),
        ("\x00", "missing"), ("1" * 150 + "*" + "9" * 40 + "^9", "too large"),
    ],
)  # fmt: skip
def test_unreadable_text_gets_a_sentence(text, said):
    with pytest.raises(LayerwiseError, match=re.escape(said)) as caught:
        parse(text)
    assert str(caught.value).endswith(".")
    assert len(str(caught.value)) < 200


@given(st.text(alphabet="abJuv123.+-*/^()=;, σlogs", max_size=40))
def test_no_text_raises_anything_else(text):
    try:
        graph = parse(text)
    except LayerwiseError:
        return
    assert len(graph.nodes) <= MOST_NODES
    assert all(map(math.isfinite, graph.slopes.values()))


def test_a_graph_is_wired_by_hand():
    graph = Graph((Node("b", LEAF, value=2.0), Node("c", LEAF, value=3.0)))
    graph = graph.add("*", ("b", "c")).add_leaf()
    assert [node.name for node in graph.leaves] == ["a", "b", "c"]
    graph = graph.add("+", ("a", "u"))
    assert graph.last.formula == "a + u"
    assert graph.values["v"] == 7
    wired = graph.wire("b", "v")
    assert wired.values["v"] == 9
    assert wired.slopes["b"] == 4  # over the product, and straight
    assert write(wired) == "v = a + b*c + b"
    assert graph.wire("c", "u").values["u"] == 18
    moved = wired.remove("u")
    assert [node.name for node in moved.nodes] == ["a", "b", "c", "v"]
    assert moved.values["v"] == 3


def test_a_wire_to_an_earlier_node_puts_it_where_its_input_is_known():
    graph = parse("a = 1; b = 2; c = 3; u = a*b; v = b*c; J = u + v")
    wired = graph.wire("v", "u")
    assert wired.values["u"] == 12
    assert wired.last.name == "J"
    assert wired.values["J"] == 18


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda g: g.wire("J", "u"), "circle"), (lambda g: g.wire("u", "u"), "circle"),
        (lambda g: g.wire("u", "a"), "has no inputs"), (lambda g: g.add("+", ("a",)), "takes 2"),
        (lambda g: g.add("log", ("a", "b")), "takes one"), (lambda g: g.add("+", "xy"), "needs x"),
        (lambda g: Graph(()), "at least one"), (lambda g: Graph((*g.nodes, g.nodes[0])), "twice"),
        (lambda g: g.with_leaf("a", -1.0).add("log", ("a",)), "above 0"),
    ],
)  # fmt: skip
def test_an_invalid_graph_is_refused(change, said):
    with pytest.raises(LayerwiseError, match=said):
        change(parse(CHAIN))


def test_a_graph_that_is_full_takes_no_more():
    graph = parse(CHAIN)
    while len(graph.nodes) < MOST_NODES:
        graph = graph.add_leaf()
    with pytest.raises(LayerwiseError, match="at most 20"):
        graph.add("+", ("a", "b"))
