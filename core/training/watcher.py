"""What looks at a run without touching it: makes the snapshots that the window draws."""

from __future__ import annotations

from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from core.errors import LayerwiseError
from core.nn.activations import Array
from core.training.boundary import Pictures, Unit, plane_of
from core.training.messages import Answered, Look, Score, Snapshot
from core.training.metrics import Ration
from core.training.session import Session
from core.walk.record import Record

MAP_SIDE = 40  # points along one side of a unit's thumbnail
SPEED_WINDOW = 0.5  # seconds that iterations per second are measured over


class Watcher:
    """Takes snapshots of one session, with memory of its own.

    Scores and pictures of a network so large that they would slow its training are left out, or
    are a little older than the parameters, until it rests.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        split = session.split
        self.plane = plane_of(split)
        self._pictures = (
            None
            if self.plane is None
            else Pictures(session.network, split, self.plane, session.between)
        )
        self._scored: tuple[int, Score, Score | None] | None = None
        self._shown: tuple[int, Array] | None = None  # a layer and its activations
        self._scoring, self._drawing, self._painting = Ration(0.03), Ration(0.06), Ration(0.05)
        self._answered: Answered | None = None
        self._showing, self._answering = Ration(0.05), Ration(0.05)
        self._speed = 0.0
        self.start_clock()

    def start_clock(self) -> None:
        """Training starts or goes on now: measure its speed from here."""
        self._clock = (perf_counter(), self._session.iteration)

    def forget_scores(self) -> None:
        """What is measured has changed (another loss): the next snapshot scores anew."""
        self._scored = self._answered = None

    def snapshot(self, look: Look, *, idle: bool) -> Snapshot:
        """A frozen state with what `look` asks for."""
        session = self._session
        train, test, scored_iteration = self._score(idle)
        boundary, unit_map = self._draw_plane(look, idle)
        record, refusal = self._record() if look.record else (None, "")
        layer = look.layer if look.layer is None or look.layer <= session.network.L else None
        test_iterations, test_costs = session.test_curve
        return Snapshot(
            run=session.run,
            project=session.project,
            split=session.split,
            sizes=session.network.sizes,
            iteration=session.iteration,
            epoch=session.epoch,
            idle=idle,
            halt=session.halt,
            state=session.state() if look.state else None,
            flat=_frozen(session.p.flat),
            grad=_frozen(session.grad.flat),
            costs=session.costs,
            test_iterations=test_iterations,
            test_costs=test_costs,
            train=train,
            test=test,
            scored_iteration=scored_iteration,
            iterations_per_second=self._measure_speed(idle),
            plane=self.plane,
            boundary=boundary,
            unit=None if unit_map is None else look.unit,
            unit_map=unit_map,
            maps=self._draw_maps(look, idle),
            layer=layer,
            answered=self._answer(idle) if look.answers else None,
            record=record,
            record_refusal=refusal,
            activations=self._activations(layer, idle),
        )

    def _score(self, idle: bool) -> tuple[Score, Score | None, int]:
        iteration = self._session.iteration
        scored = self._scored
        may = self._scoring.begin(now=idle)
        if scored is None or (may and scored[0] != iteration):
            scored = self._scored = (iteration, *self._session.score())
            self._scoring.end()
        scored_iteration, train, test = scored
        return train, test, scored_iteration

    def _activations(self, layer: int | None, idle: bool) -> Array | None:
        if layer is None:
            return None
        other = self._shown is None or self._shown[0] != layer
        if self._showing.begin(now=idle or other):
            self._shown = (layer, _frozen(self._session.activations(layer, fresh=idle)))
            self._showing.end()
        return None if self._shown is None else self._shown[1]

    def _answer(self, idle: bool) -> Answered | None:
        known = self._answered
        if known is None or known.iteration != self._session.iteration:
            if not self._answering.begin(now=idle or known is None):
                return None
            self._answered = known = self._session.answers()
            self._answering.end()
        return known

    def _record(self) -> tuple[Record | None, str]:
        try:
            return self._session.record(), ""
        except LayerwiseError as error:
            return None, str(error)

    def _draw_plane(self, look: Look, idle: bool) -> tuple[Array | None, NDArray[np.uint8] | None]:
        if self._pictures is None or not look.boundary or not self._drawing.begin(now=idle):
            return None, None
        network = self._session.network
        outputs = [(network.L, i) for i in range(network.sizes[-1])]
        extra = [unit for unit in (look.unit,) if unit is not None and self._exists(unit)]
        values = self._pictures.values(self._session.p, look.boundary, outputs + extra)
        boundary = _frozen(np.stack([values[unit] for unit in outputs]))
        unit_map = self._pictures.as_levels(extra[0][0], values[extra[0]]) if extra else None
        self._drawing.end()
        return boundary, unit_map

    def _draw_maps(self, look: Look, idle: bool) -> dict[Unit, NDArray[np.uint8]]:
        units = [unit for unit in look.maps if self._exists(unit)]
        if self._pictures is None or not units or not self._painting.begin(now=idle):
            return {}
        maps = self._pictures.maps(self._session.p, MAP_SIDE, units)
        self._painting.end()
        return maps

    def _exists(self, unit: Unit) -> bool:
        l, i = unit
        sizes = self._session.network.sizes
        return l < len(sizes) and i < sizes[l]

    def _measure_speed(self, idle: bool) -> float:
        now = perf_counter()
        since, start = self._clock
        if idle or now - since >= SPEED_WINDOW:
            done = self._session.iteration - start
            if done > 0:
                self._speed = done / (now - since)
            self.start_clock()
        return self._speed


def _frozen(array: Array) -> Array:
    copy = array.copy()
    copy.setflags(write=False)
    return copy
