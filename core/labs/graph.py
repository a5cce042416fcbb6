"""A computation graph of scalars: forward left to right, backward right to left."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from core.errors import LayerwiseError
from core.labs.scalars import output
from core.nn.losses import LOSSES

MOST_NODES = 20
LEAF, CONSTANT = "leaf", "constant"
LEAST_NAMES = ("u", "v", "p", "q", "r", "s", "t")  # prefix for nodes without a name
NUDGE = 0.001

Values = Sequence[float]


@dataclass(frozen=True, slots=True, kw_only=True)
class NodeOperation:
    """One row of the table: a node's function of its inputs, and its slope along each of them.

    `why_not(values)` says for which inputs it is undefined; empty if it is defined.
    """

    name: str
    symbol: str
    title: str  # in words
    least: int
    most: int
    value: Callable[[Values], float]
    slopes: Callable[[Values], tuple[float, ...]]
    write: Callable[[Sequence[str]], str]
    why_not: Callable[[Values], str] = lambda _: ""


def _others(values: Values) -> tuple[float, ...]:
    """For each number, the product of all others."""
    return tuple(math.prod((*values[:i], *values[i + 1 :])) for i in range(len(values)))


def _power_slopes(values: Values) -> tuple[float, float]:
    base, exponent = values
    along_base = exponent * base ** (exponent - 1) if exponent else 0.0
    return along_base, base**exponent * math.log(base) if base > 0 else 0.0


def _why_no_power(values: Values) -> str:
    base, exponent = values
    if base < 0 and not exponent.is_integer():
        return f"{base:g} below 0 has no power {exponent:g}"
    if base == 0 and exponent < 1 and exponent != 0:
        return f"0 to the power {exponent:g} has no value or no slope"
    return ""


def _loss(values: Values) -> float:
    """−(y log a + (1 − y) log(1 − a)), as the core computes it, from z."""
    a, y = (np.array([[value]]) for value in values)
    Z = np.log(a) - np.log1p(-a)
    return LOSSES["cross_entropy"].at("sigmoid").each(Z, a, y).item()


def _loss_slopes(values: Values) -> tuple[float, float]:
    a, y = values
    return -y / a + (1 - y) / (1 - a), math.log1p(-a) - math.log(a)


def _why_no_loss(values: Values) -> str:
    a, y = values
    if not 0 < a < 1:
        return f"the loss needs an answer between 0 and 1, and it is {a:g}"
    return "" if 0 <= y <= 1 else f"the label must be from 0 to 1, and it is {y:g}"


OPERATIONS: dict[str, NodeOperation] = {
    op.name: op
    for op in (
        NodeOperation(
            name="+",
            symbol="+",
            title="sum",
            least=2,
            most=MOST_NODES,
            value=sum,
            slopes=lambda v: (1.0,) * len(v),
            write=" + ".join,
        ),
        NodeOperation(
            name="*",
            symbol="·",
            title="product",
            least=2,
            most=MOST_NODES,
            value=math.prod,
            slopes=_others,
            write=" · ".join,
        ),
        NodeOperation(
            name="^",
            symbol="^",
            title="power",
            least=2,
            most=2,
            value=lambda v: v[0] ** v[1],
            slopes=_power_slopes,
            write="^".join,
            why_not=_why_no_power,
        ),
        NodeOperation(
            name="log",
            symbol="log",
            title="logarithm",
            least=1,
            most=1,
            value=lambda v: math.log(v[0]),
            slopes=lambda v: (1 / v[0],),
            write=lambda names: f"log({names[0]})",
            why_not=lambda v: "" if v[0] > 0 else f"log needs a number above 0, and it is {v[0]:g}",
        ),
        NodeOperation(
            name="sigmoid",
            symbol="σ",
            title="sigmoid",
            least=1,
            most=1,
            value=lambda v: output("sigmoid", v[0])[0],
            slopes=lambda v: (output("sigmoid", v[0])[1],),
            write=lambda names: f"σ({names[0]})",
        ),
        NodeOperation(
            name="loss",
            symbol="loss",
            title="loss",
            least=2,
            most=2,
            value=_loss,
            slopes=_loss_slopes,
            write=lambda names: f"loss({', '.join(names)})",
            why_not=_why_no_loss,
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Node:
    """A leaf or a constant with its `value`, or the result of `op` on its `inputs`, other nodes by
    name. `named` says that its name was given, not generated.
    """

    name: str
    op: str
    inputs: tuple[str, ...] = ()
    value: float = 0.0
    named: bool = True

    @property
    def is_leaf(self) -> bool:
        return self.op == LEAF

    @property
    def is_operation(self) -> bool:
        return self.op in OPERATIONS

    @property
    def formula(self) -> str:
        """Its formula in the names of its inputs: `b · c`."""
        return OPERATIONS[self.op].write(self.inputs) if self.is_operation else self.name


@dataclass(frozen=True)
class Graph:
    """Nodes in an order in which each comes after its inputs; the last one is the result.

    Raises LayerwiseError for more than MOST_NODES, a duplicate name, a cycle, missing or surplus
    inputs, and numbers for which a node is undefined or has no slope.
    """

    nodes: tuple[Node, ...]

    def __post_init__(self) -> None:
        if not self.nodes:
            raise LayerwiseError("A graph has at least one node: type an expression such as a*b.")
        if len(self.nodes) > MOST_NODES:
            raise LayerwiseError(
                f"This graph has {len(self.nodes)} nodes, and at most {MOST_NODES} can be drawn:"
                " use fewer operations."
            )
        seen: set[str] = set()
        for node in self.nodes:
            self._check(node, seen)
            seen.add(node.name)
        self.slopes  # noqa: B018 - checks that every number exists

    def _check(self, node: Node, before: set[str]) -> None:
        if node.name in before:
            raise LayerwiseError(f"{node.name} is there twice: give each node its own name.")
        if missing := [name for name in node.inputs if name not in before]:
            raise LayerwiseError(
                f"{node.name} needs {missing[0]}, which is not computed before it."
            )
        if node.is_operation:
            op = OPERATIONS[node.op]
            if not op.least <= len(node.inputs) <= op.most:
                inputs = f"{op.least} inputs" if op.least > 1 else "one input"
                raise LayerwiseError(
                    f"{op.symbol} takes {inputs}, and {len(node.inputs)} are given."
                )

    # --- contents ----------------------------------------------------------------------------

    @cached_property
    def by_name(self) -> Mapping[str, Node]:
        return {node.name: node for node in self.nodes}

    @property
    def last(self) -> Node:
        """The result."""
        return self.nodes[-1]

    @cached_property
    def leaves(self) -> tuple[Node, ...]:
        return tuple(node for node in self.nodes if node.is_leaf)

    @cached_property
    def operations(self) -> tuple[Node, ...]:
        """The nodes that are computed, in the order of the forward pass."""
        return tuple(node for node in self.nodes if node.is_operation)

    @cached_property
    def backward(self) -> tuple[Node, ...]:
        """The nodes with an unknown slope, from right to left: all but the last one, whose slope is
        1, and constants.
        """
        return tuple(node for node in reversed(self.nodes[:-1]) if self.has_slope(node))

    def has_slope(self, node: Node) -> bool:
        """Whether the slope of a node is useful: it leads to the last one, and is not a constant;
        for a loss the leaves x… and y are data.
        """
        data = node.is_leaf and node.name[0] in "xy"
        fixed = node.op == CONSTANT or (data and self._has_loss)
        return self.leads(node.name) and not fixed

    @cached_property
    def _has_loss(self) -> bool:
        return any(node.op == "loss" for node in self.nodes)

    def leads(self, name: str) -> bool:
        """Whether the last node depends on a node."""
        return name in self._used

    @cached_property
    def _used(self) -> frozenset[str]:
        used = {self.last.name}
        for node in reversed(self.nodes):
            if node.name in used:
                used.update(node.inputs)
        return frozenset(used)

    def users(self, name: str) -> Iterator[Node]:
        """The nodes that take this one as an input."""
        return (node for node in self.nodes if name in node.inputs)

    # --- both passes ------------------------------------------------------------------------------

    @cached_property
    def values(self) -> Mapping[str, float]:
        """The number of each node, from left to right."""
        found: dict[str, float] = {}
        for node in self.nodes:
            if not node.is_operation:
                found[node.name] = node.value
                continue
            op, inputs = OPERATIONS[node.op], [found[name] for name in node.inputs]
            if reason := op.why_not(inputs):
                raise LayerwiseError(f"{node.name} = {node.formula} has no value: {reason}.")
            found[node.name] = _finite(node, op.value, inputs)
        return found

    @cached_property
    def local(self) -> Mapping[str, tuple[float, ...]]:
        """How fast each computed node moves with each of its inputs."""
        found = {}
        for node in self.operations:
            inputs = [self.values[name] for name in node.inputs]
            slopes = OPERATIONS[node.op].slopes(inputs)
            if not all(map(math.isfinite, slopes)):
                raise LayerwiseError(f"{node.name} = {node.formula} has no slope there.")
            found[node.name] = slopes
        return found

    @cached_property
    def slopes(self) -> Mapping[str, float]:
        """How fast the last node moves with each node, from right to left: the chain rule."""
        found = dict.fromkeys(self.by_name, 0.0)
        found[self.last.name] = 1.0
        for node in reversed(self.operations):
            for name, slope in zip(node.inputs, self.local[node.name], strict=True):
                found[name] += found[node.name] * slope  # every path to the last node
        return found

    # --- changes ----------------------------------------------------------------------------------

    def with_leaf(self, name: str, value: float) -> Graph:
        """With another number in a leaf."""
        return Graph(tuple(replace(n, value=value) if n.name == name else n for n in self.nodes))

    def nudged(self, name: str) -> float:
        """The value of the last node after a leaf is moved by NUDGE."""
        return self.with_leaf(name, self.by_name[name].value + NUDGE).values[self.last.name]

    def free_name(self) -> str:
        """A name that no node has."""
        names = (*LEAST_NAMES, *(f"n{i}" for i in range(1, MOST_NODES + 2)))
        return next(name for name in names if name not in self.by_name)

    def add_leaf(self) -> Graph:
        """With one more leaf, of value 1, which nothing uses yet; the last node stays the last."""
        letters = [chr(c) for c in range(ord("a"), ord("z") + 1)]
        name = next(n for n in (*letters, self.free_name()) if n not in self.by_name)
        return Graph((Node(name, LEAF, value=1.0), *self.nodes))

    def add(self, op: str, inputs: Sequence[str]) -> Graph:
        """With one more node, which becomes the last one: the result of `op` on these nodes."""
        return Graph((*self.nodes, Node(self.free_name(), op, tuple(inputs), named=False)))

    def wire(self, source: str, target: str) -> Graph:
        """With one node as a further input of another; one that has all its inputs gets it in the
        place of its first one.
        """
        node = self.by_name[target]
        if not node.is_operation:
            raise LayerwiseError(
                f"{target} is a number, which has no inputs: wire to an operation."
            )
        if source == target or target in self._before(source):
            raise LayerwiseError(
                f"{source} is computed from {target}: a wire back would be a circle, and a graph"
                " has none."
            )
        full = len(node.inputs) >= OPERATIONS[node.op].most
        inputs = (source, *node.inputs[1:]) if full else (*node.inputs, source)
        return self._changed(replace(node, inputs=inputs))

    def remove(self, name: str) -> Graph:
        """Without a node; nodes using it lose that input, or are removed too if they need it."""
        gone = {name}
        kept: list[Node] = []
        for node in self.nodes:
            if node.name in gone:
                continue
            left = tuple(each for each in node.inputs if each not in gone)
            if node.is_operation and len(left) < OPERATIONS[node.op].least:
                gone.add(node.name)
            else:
                kept.append(replace(node, inputs=left))
        return Graph(tuple(kept))

    def _before(self, name: str) -> set[str]:
        """The nodes that a node is computed from."""
        found: set[str] = set()
        todo = list(self.by_name[name].inputs)
        while todo:
            each = todo.pop()
            if each not in found:
                found.add(each)
                todo += self.by_name[each].inputs
        return found

    def _changed(self, changed: Node) -> Graph:
        """With a node that has other inputs: the nodes in an order that has them first."""
        nodes = {**self.by_name, changed.name: changed}
        ordered: dict[str, Node] = {}

        def take(name: str) -> None:
            if name not in ordered:
                for each in nodes[name].inputs:
                    take(each)
                ordered[name] = nodes[name]

        for name in nodes:
            take(name)
        used = {name for node in ordered.values() for name in node.inputs}
        last = next(name for name in reversed(ordered) if name not in used)
        ordered[last] = ordered.pop(last)
        return Graph(tuple(ordered.values()))


def _finite(node: Node, value: Callable[[Values], float], inputs: Values) -> float:
    try:
        found = float(value(inputs))
    except (OverflowError, ZeroDivisionError):
        found = math.inf
    if not math.isfinite(found):
        raise LayerwiseError(f"{node.name} = {node.formula} is too large: use smaller numbers.")
    return found
