"""A learner's tour of a computation graph: each number is entered and checked, or revealed."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from core.labs.graph import Graph

CLOSE, FLOOR = 0.01, 1e-9  # tolerance of a right answer: relative, and for 0
VALUE, SLOPE = "value", "slope"


class TourStop(NamedTuple):
    """One number to enter: the value of a node, or its slope."""

    kind: str
    node: str

    @property
    def name(self) -> str:
        """Its name as written: `u`, `du`."""
        return self.node if self.kind == VALUE else f"d{self.node}"


@dataclass(frozen=True)
class Tour:
    """The learner's position, and the known numbers: forward over the values, then back over
    slopes.

    The last node's own slope is 1 and is not a question.
    """

    graph: Graph
    known: frozenset[TourStop] = frozenset()
    at: int = 0

    @cached_property
    def stops(self) -> tuple[TourStop, ...]:
        """Every number to enter, in order."""
        values = (TourStop(VALUE, node.name) for node in self.graph.operations)
        return (*values, *(TourStop(SLOPE, node.name) for node in self.graph.backward))

    @property
    def stop(self) -> TourStop | None:
        """The current number; None for a graph without any."""
        return self.stops[self.at] if self.stops else None

    @property
    def goes_back(self) -> bool:
        """Whether the backward pass is in progress."""
        return self.stop is not None and self.stop.kind == SLOPE

    @property
    def complete(self) -> bool:
        """Whether every number is known."""
        return set(self.stops) <= self.known

    def knows(self, kind: str, node: str) -> bool:
        """Whether a number may be shown."""
        if kind == SLOPE and node == self.graph.last.name:
            return self.goes_back or any(stop.kind == SLOPE for stop in self.known)
        if kind == VALUE and not self.graph.by_name[node].is_operation:
            return True
        return TourStop(kind, node) in self.known

    def number(self, stop: TourStop) -> float:
        """The right number of a stop."""
        found = self.graph.values if stop.kind == VALUE else self.graph.slopes
        return found[stop.node]

    # --- moves ------------------------------------------------------------------------------------

    def step(self, by: int) -> Tour:
        """Go to the next stop (+1) or back (-1), if there is one."""
        return self.go(self.at + by)

    def go(self, at: int) -> Tour:
        """Go to a stop by its index."""
        return replace(self, at=min(max(at, 0), max(len(self.stops) - 1, 0)))

    def go_to(self, node: str) -> Tour:
        """Go to a node's stop in the current pass, if it has one there."""
        stop = TourStop(SLOPE if self.goes_back else VALUE, node)
        return self.go(self.stops.index(stop)) if stop in self.stops else self

    def reveal(self) -> Tour:
        """Reveal the current number, and continue."""
        return self if self.stop is None else self._knowing(self.stop)

    def reveal_all(self) -> Tour:
        """Know every number."""
        return replace(self, known=frozenset(self.stops))

    def _knowing(self, stop: TourStop) -> Tour:
        known = replace(self, known=self.known | {stop})
        ahead = [*range(self.at + 1, len(self.stops)), *range(self.at)]
        open_ = (at for at in ahead if self.stops[at] not in known.known)
        return known.go(next(open_, self.at))

    def judged(self, answer: float) -> tuple[Tour, str]:
        """The tour after an answer, and the reply: empty if it is right."""
        stop = self.stop
        assert stop is not None, "nothing is asked"
        if math.isclose(answer, self.number(stop), rel_tol=CLOSE, abs_tol=FLOOR):
            return self._knowing(stop), ""
        if stop.kind == VALUE:
            return self, self._of_value(stop)
        replies = (reply for wrong, reply in self._mistakes(stop) if _same(answer, wrong))
        return self, next(replies, self._hint(stop))

    # --- replies -----------------------------------------------------------------------------

    def _of_value(self, stop: TourStop) -> str:
        node = self.graph.by_name[stop.node]
        numbers = ", ".join(f"{name} = {self.graph.values[name]:.6g}" for name in node.inputs)
        return f"Not yet: {node.name} = {node.formula}, with {numbers}."

    def _mistakes(self, stop: TourStop) -> Iterator[tuple[float, str]]:
        """Common wrong numbers, and the reply to each."""
        graph, name, right = self.graph, stop.node, self.number(stop)
        yield -right, "The size is right, the sign is not: does the result grow with it, or shrink?"
        for user, local in self._ways(name):
            beyond = graph.slopes[user]
            if local != 1 and beyond != 1:
                yield (
                    beyond,
                    f"That is d{user}. {name} does not go into {graph.last.name} as {user} does:"
                    f" {user} = {graph.by_name[user].formula} comes first.",
                )
                yield (
                    local,
                    f"That is how fast {user} moves with {name}. Multiply it by d{user}.",
                )
            if len(list(self._ways(name))) > 1:
                yield local * beyond, f"That is one way, by {user}. {name} has others: add them."
        for user, _ in self._ways(name):
            yield (
                graph.slopes[user] * graph.values[name],
                f"{name} itself is no factor: how fast does {user} move with {name}?",
            )

    def _hint(self, stop: TourStop) -> str:
        users = [name for name, _ in self._ways(stop.node)]
        through = " and ".join(dict.fromkeys(users))
        return (
            f"Not yet. {stop.node} goes into {through}: multiply d{users[0]} by how fast"
            f" {users[0]} moves with {stop.node}" + (", and add the ways." if users[1:] else ".")
        )

    def _ways(self, name: str) -> Iterator[tuple[str, float]]:
        """The nodes that take this one, each with its slope along it, once for each wire."""
        for user in self.graph.users(name):
            if self.graph.leads(user.name):
                local = self.graph.local[user.name]
                for each, slope in zip(user.inputs, local, strict=True):
                    if each == name:
                        yield user.name, slope


def _same(answer: float, wrong: float) -> bool:
    return math.isclose(answer, wrong, rel_tol=CLOSE, abs_tol=FLOOR)
