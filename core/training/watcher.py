"""What looks at a run without touching it: makes the snapshots that the window draws."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

from core.by_hand import Place
from core.errors import LayerwiseError
from core.nn.activations import Array
from core.training.along import Along
from core.training.boundary import Cut, Pictures, Unit, fits, plane_of
from core.training.distributions import Recorder
from core.training.doctor import examine
from core.training.finding import Finding
from core.training.frames import Frame
from core.training.hidden import AT_REST, IN_FLIGHT, Hidden
from core.training.history import frozen
from core.training.landscape import Landscape, Survey, survey
from core.training.messages import Answered, CostLine, Line, Look, Score, Snapshot
from core.training.metrics import Ration
from core.training.session import Session
from core.training.signs import signs_of
from core.training.space import HiddenSpace, Viewpoint
from core.training.trace import Trace, trace
from core.training.weights import input_map, weights_map
from core.walk.record import Record

PIN_SIDE = 100  # points along one side of a pinned unit
MAP_SIDE = 40  # points along one side of a unit's thumbnail
SPEED_WINDOW = 0.5  # seconds that iterations per second are measured over

NO_ENDS = (0.0, 1.0)
Drawn = tuple[Array | None, NDArray[np.uint8] | None, tuple[float, float]]


class Watcher:
    """Takes snapshots of one session, with memory of its own.

    Scores and pictures of a network so large that they would slow its training are left out, or
    are a little older than the parameters, until it rests.
    """

    def __init__(self, session: Session, frames: Iterable[Frame] = ()) -> None:
        self._session = self.live = session  # the one that is shown, and the run itself
        self.recorder = Recorder(session, frames)
        self._cut(None)
        self._usual = self.plane.cut
        self._scored: tuple[int, Score, Score | None] | None = None
        self._shown: tuple[int, Array] | None = None  # a layer and its activations
        self._answered: Answered | None = None
        self._found: tuple[int, tuple[Finding, ...]] | None = None  # at which iteration
        self._along: Along | None = None
        self._space: tuple[tuple[Viewpoint, int, bool], HiddenSpace | None] | None = None
        self._scoring, self._showing, self._answering = Ration(0.03), Ration(0.05), Ration(0.05)
        self._examining, self._recording = Ration(0.02), Ration(0.03)
        self._lining, self._surveying, self._seeing = Ration(0.05), Ration(0.1), Ration(0.05)
        self._hidden: Hidden | None = None
        self._pinning = Ration(0.05)
        self._speed = 0.0
        self.start_clock()

    def _cut(self, cut: Cut | None) -> None:
        """Draw another plane from now on."""
        session, self._wanted = self._session, cut
        self._muted = session.network.muted
        self.plane = plane = plane_of(session.split, cut)
        self._pictures = Pictures(session.network, session.split, plane, session.between)
        self._drawing, self._painting = Ration(0.06), Ration(0.05)

    def _follow_cut(self, cut: Cut | None) -> None:
        """Look along other inputs if these are wanted, and the data have them."""
        wanted = self._usual if cut is None or not fits(self._session.split, cut) else cut
        if self.plane.cut not in (None, wanted):
            self._cut(cut)

    def start_clock(self) -> None:
        """Training starts or goes on now: measure its speed from here."""
        self._clock = (perf_counter(), self.live.iteration)

    def show(self, session: Session) -> None:
        """Show the run, or a session that stands where it stood earlier."""
        self._session = session
        self.forget()

    @property
    def scores(self) -> tuple[Score, Score | None] | None:
        """What was measured last, training and test; None if nothing was since it was forgotten."""
        return None if self._scored is None else self._scored[1:]

    def forget(self) -> None:
        """What is measured has changed (another loss, a number set by hand): the next snapshot
        measures anew.
        """
        self._scored = self._shown = self._answered = self._along = self._space = None
        self._found = None
        self.recorder.forget()
        if self._muted != self._session.network.muted:
            self._cut(self._wanted)

    def snapshot(self, look: Look, *, idle: bool, waiting: bool = False) -> Snapshot:
        """A frozen state with what `look` asks for, all of it up to date if the run rests."""
        rests = idle or waiting
        if look.boundary or look.maps:
            self._follow_cut(look.cut)
        boundary, unit_map, unit_ends = self._draw_plane(look, rests)
        record, refusal = self._record() if look.record else (None, "")
        L = self._session.network.L
        layer = look.layer if look.layer is None or look.layer <= L else None
        return replace(
            self._standing(look, idle, waiting),
            state=self.live.state() if look.state else None,
            boundary=boundary,
            unit=None if unit_map is None else look.unit,
            unit_map=unit_map,
            unit_ends=unit_ends,
            maps=self._draw_maps(look, rests),
            layer=layer,
            answered=self._answer(rests) if look.answers else None,
            frames=self._frames(look.frames, rests),
            record=record,
            findings=self._examine(rests) if look.findings else None,
            landscape=None if look.survey is None else self._survey(look.survey, rests),
            hidden=None if look.hidden is None else self._see(look.hidden, idle=idle, rests=rests),
            trace=None if look.trace is None else self._trace(look.trace),
            record_refusal=refusal,
            activations=self._activations(layer, rests),
            pins=self._draw_pins(look, rests),
            pins_z=look.pins_z,
            along=None if look.line is None else self._measure_along(look.line, rests),
        )

    def _standing(self, look: Look, idle: bool, waiting: bool) -> Snapshot:
        """Where the run stands: what every snapshot carries."""
        session, live, rests = self._session, self.live, idle or waiting
        train, test, scored_iteration = self._score(rests)
        test_iterations, test_costs = live.test_curve
        return Snapshot(
            run=live.run,
            project=live.project,
            split=session.split,
            sizes=session.network.sizes,
            iteration=session.iteration,
            newest=live.iteration,
            earliest=None if live.past is None else live.past.first,
            best=live.best,
            epoch=session.epoch,
            idle=idle,
            waiting=waiting,
            halt=live.halt,
            flat=frozen(session.p.flat),
            grad=frozen(session.grad.flat) if rests or look.gradient else None,
            costs=live.costs,
            cost_iterations=live.curves.train.iterations,
            test_iterations=test_iterations,
            test_costs=test_costs,
            marks=live.curves.marks,
            by_hand=live.by_hand.iterations,
            drawn=live.by_hand.drawn,
            adjusted=live.by_hand.count,
            train=train,
            test=test,
            scored_iteration=scored_iteration,
            iterations_per_second=self._measure_speed(idle),
            plane=self.plane,
        )

    def _score(self, rests: bool) -> tuple[Score, Score | None, int]:
        iteration = self._session.iteration
        scored = self._scored
        may = self._scoring.begin(now=rests)
        if scored is None or (may and scored[0] != iteration):
            scored = self._scored = (iteration, *self._session.score())
            self._scoring.end()
        scored_iteration, train, test = scored
        return train, test, scored_iteration

    def _activations(self, layer: int | None, rests: bool) -> Array | None:
        if layer is None:
            return None
        other = self._shown is None or self._shown[0] != layer
        if self._showing.begin(now=rests or other):
            self._shown = (layer, frozen(self._session.activations(layer, fresh=rests)))
            self._showing.end()
        return None if self._shown is None else self._shown[1]

    def _answer(self, rests: bool) -> Answered | None:
        known = self._answered
        if known is None or known.iteration != self._session.iteration:
            if not self._answering.begin(now=rests or known is None):
                return None
            self._answered = known = self._session.answers()
            self._answering.end()
        return known

    def _examine(self, rests: bool) -> tuple[Finding, ...] | None:
        known = self._found
        if known is None or known[0] != self._session.iteration:
            if not self._examining.begin(now=rests):
                return None
            self._found = known = (
                self._session.iteration,
                examine(signs_of(self._session, self.live)),
            )
            self._examining.end()
        return known[1]

    def _survey(self, wanted: Survey, rests: bool) -> Landscape | None:
        if not self._surveying.begin(now=rests):
            return None
        past = () if self.live.past is None else self.live.past.parameters
        session = self._session
        ground = session.measures.ground(session.p, session.project.training, past)
        found = survey(ground, wanted, session.iteration)
        self._surveying.end()
        return found

    def _see(self, wanted: Viewpoint, *, idle: bool, rests: bool) -> HiddenSpace | None:
        session, (of, known) = self._session, self._space or (None, None)
        key = wanted, session.iteration, idle
        if of == key:
            return known
        if not self._seeing.begin(now=rests or of is None or of[0] != wanted):
            return None
        self._hidden = self._hidden or Hidden(
            session.network, session.split, self.plane, session.between
        )
        most = AT_REST if idle else IN_FLIGHT
        found = self._hidden.space(session.p, wanted, session.iteration, most)
        self._space = key, found
        self._seeing.end()
        return found

    def _trace(self, place: Place) -> Trace | None:
        live = self.live
        return trace(place, live.past, live.iteration, live.p)

    def _measure_along(self, line: Line, rests: bool) -> CostLine | None:
        p, (l, row, column) = self._session.p, line.place
        if l not in p.Wb or not (row < p.Wb[l].shape[0] and column < p.W[l].shape[1]):
            return None  # it was asked for before the last edit
        if not self._lining.begin(now=rests):
            return None
        self._along = self._along or Along(self._session)
        measured = self._along.measure(p, line)
        self._lining.end()
        return measured

    def _frames(self, wanted: bool, rests: bool) -> tuple[Frame, ...]:
        """Whoever looks gives the occasion to record, too, for those who will look later."""
        if not wanted:
            self.recorder.look()
            return ()
        now = self._recording.begin(now=rests)
        self.recorder.look(now=now)
        frames = self.recorder.frames(now=now)
        if now:
            self._recording.end()
        return frames

    def _record(self) -> tuple[Record | None, str]:
        try:
            return self._session.record(), ""
        except LayerwiseError as error:
            return None, str(error)

    def _draw_plane(self, look: Look, rests: bool) -> Drawn:
        if not look.boundary or not self._drawing.begin(now=rests):
            return None, None, NO_ENDS
        network = self._session.network
        outputs = [(network.L, i) for i in range(network.sizes[-1])]
        wanted = () if look.unit is None else (look.unit,)
        extra = [unit for unit in wanted if self._exists(unit) and self._pictures.shows(unit)]
        values = self._pictures.values(self._session.p, look.boundary, outputs + extra)
        boundary = frozen(np.stack([values[unit] for unit in outputs]))
        unit_map, unit_ends = None, NO_ENDS
        for unit in extra:
            unit_map = self._pictures.as_levels(unit[0], values[unit])
            unit_ends = self._pictures.ends(unit[0], values[unit])
        self._drawing.end()
        return boundary, unit_map, unit_ends

    def _draw_maps(self, look: Look, rests: bool) -> dict[Unit, NDArray[np.uint8]]:
        units = [unit for unit in look.maps if self._exists(unit)]
        if not units or not self._painting.begin(now=rests):
            return {}
        p, picture = self._session.p, self._session.split.picture
        maps: dict[Unit, NDArray[np.uint8]] = {}
        if picture is not None:  # a unit that looks at pixels is seen best by its weights
            maps |= {(0, i): input_map(i, picture) for l, i in units if l == 0}
            maps |= {(1, i): weights_map(p.W[1][i], picture) for l, i in units if l == 1}
        maps |= self._pictures.maps(p, MAP_SIDE, [unit for unit in units if unit not in maps])
        self._painting.end()
        return maps

    def _draw_pins(self, look: Look, rests: bool) -> dict[Unit, Array]:
        units = [unit for unit in look.pins if self._exists(unit)]
        if not units or not self._pinning.begin(now=rests):
            return {}
        drawn = self._pictures.values(self._session.p, PIN_SIDE, units, z=look.pins_z)
        self._pinning.end()
        return {unit: frozen(values) for unit, values in drawn.items()}

    def _exists(self, unit: Unit) -> bool:
        l, i = unit
        sizes = self._session.network.sizes
        return l < len(sizes) and i < sizes[l]

    def _measure_speed(self, idle: bool) -> float:
        now = perf_counter()
        since, start = self._clock
        done = self.live.iteration - start
        if done > 0 and (idle or now - since >= SPEED_WINDOW):
            self._speed = done / (now - since)
            self.start_clock()
        return self._speed
