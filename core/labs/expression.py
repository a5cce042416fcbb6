"""Parses computation graphs: `J = 3*(a + b*c)`, or several such lines joined by semicolons."""

from __future__ import annotations

import re
from collections.abc import Mapping

from core.errors import LayerwiseError
from core.labs.graph import CONSTANT, LEAF, LEAST_NAMES, MOST_NODES, OPERATIONS, Graph, Node
from core.limits import clip

LONGEST = 200  # characters
DEEPEST = 30  # brackets in brackets
_NAME = r"[^\W\d_][\w₀-₉′]*"
_TOKEN = re.compile(rf"\s*(?:(\d+\.?\d*(?:[eE][+-]?\d+)?|\.\d+)|({_NAME})|(.))", re.DOTALL)
_SAME = str.maketrans({"·": "*", "×": "*", "−": "-", "÷": "/"})
_POWERS = {"²": "^2", "³": "^3"}
FUNCTIONS = {"log": "log", "ln": "log", "σ": "sigmoid", "sigmoid": "sigmoid", "loss": "loss"}
LAST = "J"  # the name of the result, if it has none
TIGHT = {"+": 1, "*": 2, "^": 3}  # how tightly an operation binds


def parse(text: str, known: Mapping[str, float] | None = None) -> Graph:
    """Parse a graph; leaves get the numbers given in the text (`a = 4; J = 3*a`), else those that
    are `known` by name, else 1, 2, 3 …

    Raises LayerwiseError, a sentence with the position of the error.
    """
    if len(text) > LONGEST:
        raise LayerwiseError(f"An expression has at most {LONGEST} characters.")
    for power, written in _POWERS.items():
        text = text.replace(power, written)
    reader = _Reader(text.translate(_SAME), known or {})
    return reader.graph()


class _Reader:
    """Reads one text, a token at a time."""

    def __init__(self, text: str, known: Mapping[str, float]) -> None:
        self._tokens = [_Token(*found.groups()) for found in _TOKEN.finditer(text.strip())]
        self._at, self._deep, self._known = 0, 0, known
        self._nodes: dict[str, Node] = {}
        self._taken = {token.name for token in self._tokens if token.name}

    def graph(self) -> Graph:
        last = ""
        while self._at < len(self._tokens):
            last = self._statement()
            if self._at < len(self._tokens):
                self._expect(";")
        if not last:
            raise LayerwiseError("Type an expression, such as J = 3*(a + b*c).")
        ordered = {name: node for name, node in self._nodes.items() if name != last}
        return Graph((*ordered.values(), self._nodes[last]))

    def _statement(self) -> str:
        name = ""
        if self._peek().name and self._peek(1).mark == "=":
            name, self._at = self._peek().name, self._at + 2
            if name in self._nodes:
                raise LayerwiseError(f"{name} is used before it is computed, or computed twice.")
            if name in FUNCTIONS:
                raise LayerwiseError(f"{name} is a function: call what you compute otherwise.")
        made = self._sum()
        if not name:
            name = LAST if LAST not in self._taken else self._free()
        return self._called(made, name)

    def _called(self, made: str, name: str) -> str:
        """Name the parsed expression: a number becomes a leaf, another node keeps its own name."""
        node = self._nodes[made]
        if node.op == CONSTANT:
            del self._nodes[made]
            self._nodes[name] = Node(name, LEAF, value=node.value)
            return name
        if node.named:
            if name not in (made, LAST):
                raise LayerwiseError(f"{name} is {made} itself: write {made} instead of {name}.")
            return made  # a copy would be a node that computes nothing
        del self._nodes[made]
        self._nodes[name] = Node(name, node.op, node.inputs)
        return name

    # --- the grammar ------------------------------------------------------------------------------

    def _sum(self) -> str:
        parts = [self._product()]
        while self._peek().mark in ("+", "-"):
            minus = self._next().mark == "-"
            part = self._product()
            parts.append(self._negative(part) if minus else part)
        return self._make("+", parts)

    def _product(self) -> str:
        parts = [self._factor()]
        while True:
            token = self._peek()
            if token.mark in ("*", "/"):
                self._next()
                part = self._factor()
                parts.append(
                    self._make("^", [part, self._number(-1)]) if token.mark == "/" else part
                )
            elif token.name or token.number or token.mark == "(":
                parts.append(self._factor())  # 3(a + b), 2a
            else:
                return self._make("*", parts)

    def _factor(self) -> str:
        if self._peek().mark == "-":
            self._next()
            return self._negative(self._factor())
        base = self._atom()
        if self._peek().mark == "^":
            self._next()
            return self._make("^", [base, self._factor()])
        return base

    def _atom(self) -> str:
        token = self._next()
        if token.number:
            return self._number(float(token.number))
        if token.name in FUNCTIONS and self._peek().mark == "(":
            return self._function(FUNCTIONS[token.name])
        if token.name:
            return self._leaf(token.name)
        if token.mark == "(":
            return self._inside()
        raise LayerwiseError(f"A number, a name or ( is missing {self._where()}.")

    def _inside(self) -> str:
        self._deep += 1
        if self._deep > DEEPEST:
            raise LayerwiseError("There are too many brackets in brackets.")
        made = self._sum()
        self._expect(")")
        self._deep -= 1
        return made

    def _function(self, op: str) -> str:
        self._expect("(")
        inputs = [self._sum()]
        while self._peek().mark == ",":
            self._next()
            inputs.append(self._sum())
        self._expect(")")
        return self._make(op, inputs)

    # --- nodes ------------------------------------------------------------------------------------

    def _make(self, op: str, inputs: list[str]) -> str:
        if op in ("+", "*"):
            if len(inputs) == 1:
                return inputs[0]
            inputs = [each for name in inputs for each in self._flat(op, name)]
        return self._put(Node(self._free(), op, tuple(inputs), named=False))

    def _flat(self, op: str, name: str) -> tuple[str, ...]:
        """The inputs of a sum within a sum, merged into one."""
        node = self._nodes[name]
        if node.op != op or node.named:
            return (name,)
        del self._nodes[name]
        return node.inputs

    def _negative(self, name: str) -> str:
        node = self._nodes[name]
        if node.op == CONSTANT:
            del self._nodes[name]
            return self._number(-node.value)
        return self._make("*", [self._number(-1), name])

    def _number(self, value: float) -> str:
        name, twin = f"{value:g}", 2
        while name in self._nodes:
            name, twin = f"{value:g} ({twin})", twin + 1
        return self._put(Node(name, CONSTANT, value=value))

    def _leaf(self, name: str) -> str:
        if name in self._nodes:
            return name
        if name in FUNCTIONS:
            raise LayerwiseError(f"{name} needs brackets: {name}(a).")
        count = sum(node.is_leaf for node in self._nodes.values())
        return self._put(Node(name, LEAF, value=self._known.get(name, count + 1.0)))

    def _put(self, node: Node) -> str:
        if len(self._nodes) > 2 * MOST_NODES:
            raise LayerwiseError(f"A graph has at most {MOST_NODES} nodes: use fewer operations.")
        self._nodes[node.name] = node
        return node.name

    def _free(self) -> str:
        """A name of no node: u, v …; LAST is for the last."""
        names = (*LEAST_NAMES, *(f"n{i}" for i in range(1, 4 * MOST_NODES)))
        name = next(each for each in names if each not in self._taken)
        self._taken.add(name)
        return name

    # --- tokens -----------------------------------------------------------------------------------

    def _peek(self, ahead: int = 0) -> _Token:
        at = self._at + ahead
        return self._tokens[at] if at < len(self._tokens) else _END

    def _next(self) -> _Token:
        token, self._at = self._peek(), self._at + 1
        return token

    def _expect(self, mark: str) -> None:
        if self._next().mark != mark:
            raise LayerwiseError(f"{mark} is missing {self._where()}.")

    def _where(self) -> str:
        before = self._peek(-1)
        if before is _END or self._at > len(self._tokens):
            return "at the end"
        return f"at {clip(before.text)!r}"


class _Token:
    """A number, a name or a mark."""

    def __init__(self, number: str | None = None, name: str | None = None, mark: str | None = None):
        self.number, self.name, self.mark = number or "", name or "", mark or ""

    @property
    def text(self) -> str:
        return self.number or self.name or self.mark


_END = _Token()


# --- writing ----------------------------------------------------------------------------------


def write(graph: Graph) -> str:
    """The text that is read as this graph, without the numbers of its leaves."""
    lines = [
        f"{node.name} = {_written(graph, node, top=True)}"
        for node in graph.operations
        if node is not graph.last and _has_line(graph, node)
    ]
    last = graph.last
    right = _written(graph, last, top=True) if last.is_operation else f"{last.value:g}"
    return "; ".join([*lines, f"{last.name} = {right}"])


def _has_line(graph: Graph, node: Node) -> bool:
    uses = [name for user in graph.nodes for name in user.inputs if name == node.name]
    return node.named or len(uses) != 1


def _written(graph: Graph, node: Node, *, top: bool = False) -> str:
    if node.op == CONSTANT:
        return f"{node.value:g}"
    if not top and (node.is_leaf or _has_line(graph, node)):
        return node.name
    inputs = [graph.by_name[name] for name in node.inputs]
    if node.op not in TIGHT:
        inside = ", ".join(_written(graph, each) for each in inputs)
        return f"{OPERATIONS[node.op].symbol}({inside})"
    parts = [_part(graph, each, node.op, first=i == 0) for i, each in enumerate(inputs)]
    return {"+": " + ", "*": "*", "^": "^"}[node.op].join(parts)


def _part(graph: Graph, node: Node, op: str, *, first: bool) -> str:
    """An input of an operation, in brackets if it binds less tightly."""
    words = _written(graph, node)
    if node.op == CONSTANT:
        return f"({words})" if node.value < 0 and not (first and op != "^") else words
    inlined = node.is_operation and not _has_line(graph, node)
    loose = inlined and TIGHT.get(node.op, 9) <= TIGHT[op]
    return f"({words})" if loose else words


PRESETS = {
    "chain": ("J = 3(a + b·c)", "a = 4; b = 2; c = 3; J = 3*(a + b*c)"),
    "neuron": (
        "One neuron, one example",
        "x₁ = 0.89984773; x₂ = -0.71189677; w₁ = 1; w₂ = 1; b = 0; y = 1;"
        " z = w₁*x₁ + w₂*x₂ + b; a = σ(z); L = loss(a, y)",
    ),
}
"""Graphs that are there to begin with: what each is called, and its text."""
