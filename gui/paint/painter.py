"""Applies painting strokes to the document, each as one undo step."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import Literal

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal, Slot

from core import edits
from core.data.own import drawn
from core.data.painting import LAST_POINT, MOST_CLASSES, Painting, copied
from core.data.sheet import Sheet
from core.data.strokes import Point, dabs, spray
from core.errors import LayerwiseError
from core.look.plane import Plane, plane_of
from core.project import Project
from core.training.data_source import split_of
from core.training.messages import Snapshot
from gui.model.document import Document
from gui.model.training import Training

Tool = Literal["brush", "eraser", "move", "relabel"]
TOOLS: dict[Tool, str] = {
    "brush": "Paint points",
    "eraser": "Erase points",
    "move": "Move a point",
    "relabel": "Relabel points",
}
"""Every tool and what a step of undo is called that it makes."""
RADII = (0.0, 0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.14, 0.2)
"""How far a tool reaches, as shares of the width of the sheet; 0 paints one point at a time."""
LEAST_REACH = 0.02  # of the tools that must hit a point
APART = 0.012  # of the width, at least, between dabs
DENSITY = 30  # points of a dab as wide as the sheet
BLANK = 5.0  # a blank sheet goes from -BLANK to BLANK
FLUSH_MS = 30  # between two edits during one stroke
_serial = count(1)


@dataclass(slots=True)
class _Stroke:
    """The tool is down: its position, and the part of its path that is not yet in the document."""

    key: str
    at: Point
    path: list[Point]  # the end of the part already applied
    points: list[Point] = field(default_factory=list)  # that the brush left
    rest: float = 0.0  # of the distance since the last dab
    held: int | None = None  # the point that is moved
    due: bool = True  # whether there is something to apply
    note: str = ""  # shown at its end: the next edit would hide it


class Painter(QObject):
    """The chosen tool and class, and the strokes made with them while `active`.

    A stroke is `begin_stroke`, `draw_to` …, `end_stroke`; during it the document is edited now and
    then, all as one undo step. The first one copies the current examples or, if `blank`, begins a
    blank sheet. `fresh` are points (x1, x2, class) not yet learned.
    """

    changed = Signal()  # the tool, the class, the radius, whether it is active or blank
    noted = Signal(str)  # a sentence: what cannot be painted, what else changed
    fresh_changed = Signal()

    def __init__(self, document: Document, training: Training, parent: QObject) -> None:
        super().__init__(parent)
        self._document, self._training = document, training
        self.active = self.blank = False
        self.tool: Tool = "brush"
        self.label = 0
        self.radius = RADII[3]
        self.fresh: list[tuple[float, float, int]] = []
        self._stroke: _Stroke | None = None
        self._editing = False
        self._rng = np.random.RandomState(0)
        self._flush = QTimer(self, interval=FLUSH_MS, singleShot=True)
        self._flush.timeout.connect(self._carry_out)
        document.changed.connect(self._on_changed)
        document.replaced.connect(self.stop)  # opened data are shown first
        training.arrived.connect(self._on_arrived)

    # --- choices --------------------------------------------------------------------------

    def start(self) -> None:
        """Begin painting; on a blank sheet if the current examples cannot be painted on."""
        self.active, self.blank = True, False
        try:
            self.base()
        except LayerwiseError as error:
            self.blank = True
            self.noted.emit(str(error))
        self.changed.emit()

    def stop(self) -> None:
        """End painting; painted points stay."""
        self.end_stroke()
        self.active = self.blank = False
        self.changed.emit()

    def choose_tool(self, tool: Tool) -> None:
        self.end_stroke()
        self.tool = tool
        self.changed.emit()

    def choose_class(self, label: int) -> None:
        self.end_stroke()
        self.label = min(max(label, 0), MOST_CLASSES - 1)
        self.changed.emit()

    def choose_radius(self, radius: float) -> None:
        self.radius = radius
        self.changed.emit()

    def begin_blank(self, blank: bool = True) -> None:
        """Let the next stroke begin a blank sheet; until then the examples stay."""
        self.end_stroke()
        self.blank = blank
        self.changed.emit()

    @property
    def drawing(self) -> bool:
        """Whether the tool is down."""
        return self._stroke is not None

    @property
    def width(self) -> float:
        """The width of the sheet."""
        low, high = self.sheet.x1
        return high - low

    @property
    def reach(self) -> float:
        """The radius of the tool on the sheet."""
        return max(self.radius, 0.0 if self.tool == "brush" else LEAST_REACH) * self.width

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the classes that there are."""
        try:
            return self.base().classes
        except LayerwiseError:
            return ("0", "1")

    @property
    def sheet(self) -> Sheet:
        """The sheet: the part of the plane that is visible when painting begins."""
        painting = self._training.data_cache.painting
        if painting is not None:
            began = "" if self.blank else painting.sheet.began
            return Sheet(x1=painting.sheet.x1, x2=painting.sheet.x2, began=began)
        began = "" if self.blank else self._document.project.data.source
        plane = self._plane()
        if plane.cut is None:
            return Sheet(x1=plane.x1, x2=plane.x2, began=began)
        return Sheet(x1=(-BLANK, BLANK), x2=(-BLANK, BLANK), began=began)

    def _plane(self) -> Plane:
        seen = self._training.latest
        if seen is not None and self._training.is_current(seen):
            return plane_of(seen.split)
        return plane_of(split_of(self._document.project, self._training.own))

    def base(self) -> Painting:
        """The painting that the next stroke changes. Raises LayerwiseError if the data cannot be
        painted on.
        """
        if self.blank:
            return Painting(self.sheet, ("0", "1"))
        painting = self._training.data_cache.painting
        if painting is not None:
            return painting
        data = self._document.project.data
        own = self._training.own
        if own is None and data.own is not None:
            raise LayerwiseError("The examples are not ready yet: paint on a blank sheet.")
        own = own or drawn(
            data.source, data.examples, data.noise, data.seed, data.options, data.balance
        )
        return copied(own, self.sheet)

    # --- strokes ---------------------------------------------------------------------------------

    def begin_stroke(self, at: Point) -> None:
        """Put the tool down."""
        self.end_stroke()
        self._stroke = stroke = _Stroke(f"paint {next(_serial)}", at, [at])
        if self.tool == "move":
            stroke.held, stroke.due = self.nearest(at), False
        elif self.tool == "brush":
            self._leave(stroke, [at])
        self._carry_out()

    def draw_to(self, at: Point) -> None:
        """Move the tool while it is down."""
        stroke = self._stroke
        if stroke is None:
            return
        if self.tool == "brush":
            apart = max(0.5 * self.reach, APART * self.width)
            places, stroke.rest = dabs(stroke.at, at, apart, stroke.rest)
            each = max(1, round(DENSITY * self.radius))
            for place in places:
                self._leave(stroke, spray(place, self.reach, each, self._rng))
        stroke.at, stroke.due = at, True
        stroke.path.append(at)
        if not self._flush.isActive():
            self._flush.start()

    def end_stroke(self) -> None:
        """Lift the tool."""
        if self._stroke is not None:
            self._carry_out()
        stroke, self._stroke = self._stroke, None
        if stroke is not None and stroke.note:
            self.noted.emit(stroke.note)

    def flip(self, at: Point) -> None:
        """Give the nearest point the next existing class: of two, the other one."""
        self.end_stroke()
        place = self.nearest(at)
        if place is not None:
            base = self.base()
            label = (base.label_of(place) + 1) % len(base.classes)
            self._edit(self.tr("Flip a label"), base.labelled([place], label), "")

    def erase(self, at: Point) -> None:
        """Erase at a position, with any tool."""
        tool, self.tool = self.tool, "eraser"
        self.begin_stroke(at)
        self.end_stroke()
        self.tool = tool

    def nearest(self, at: Point) -> int | None:
        """The index of the nearest point, if one is near."""
        try:
            found = self.base().near([at], max(self.radius, 2 * LEAST_REACH) * self.width)
        except LayerwiseError as error:
            self.noted.emit(str(error))
            return None
        return int(found[0]) if len(found) else None

    def _leave(self, stroke: _Stroke, points: list[Point]) -> None:
        """Let the brush add points; they are visible at once and learned a little later."""
        at = self.sheet.clip(np.array(points).T).T.tolist()
        stroke.points += [(x1, x2) for x1, x2 in at]
        self.fresh += [(x1, x2, self.label) for x1, x2 in at]
        self.fresh_changed.emit()

    @Slot()
    def _carry_out(self) -> None:
        """Apply the recent actions of the tool to the document."""
        stroke = self._stroke
        self._flush.stop()
        if stroke is None or not stroke.due:
            return
        stroke.due = False
        try:
            base = self.base()
            after = self._drawn(base, stroke)
            if after is not base:
                self._edit(TOOLS[self.tool], after, stroke.key)
            stroke.path, stroke.points = [stroke.at], []
        except LayerwiseError as error:
            self._stroke = None  # one sentence is enough
            self._forget_fresh()
            self.noted.emit(str(error))

    def _drawn(self, base: Painting, stroke: _Stroke) -> Painting:
        """The painting after the stroke; the same object if nothing changed."""
        points = stroke.points
        if self.tool == "brush":
            return base.painted(np.array(points).T, self.label) if points else base
        if self.tool == "move":
            return base if stroke.held is None else base.moved(stroke.held, stroke.at)
        places = base.near(stroke.path, self.reach)
        if not len(places):
            return base
        if self.tool == "relabel":
            return base.labelled(places, self.label)
        if len(places) == base.m:
            stroke.note = LAST_POINT
        return base.without(places) if base.m > 1 else base

    def _edit(self, text: str, painting: Painting, key: str) -> None:
        before = self._document.project
        after = edits.choose_own(before, self._training.data_cache.bring_painting(painting))
        self._editing = True
        try:
            self._document.edit(text, after, key)
        finally:
            self._editing = False
        if self.blank or before.data.outputs != after.data.outputs:
            self.blank = False
            self.changed.emit()
        reason = edits.consequence(before, after)
        if reason and self._stroke is not None:
            self._stroke.note = reason
        elif reason:
            self.noted.emit(reason)

    # --- changes from outside
    # --------------------------------------------------------------------------

    @Slot(object, object)
    def _on_changed(self, old: Project, new: Project) -> None:
        """Undo, or another data set: a stroke in progress ends."""
        if self._editing or old.data == new.data:
            return
        self._stroke = None
        self._forget_fresh()
        if self.active and (self.blank or old.data.source != new.data.source):
            self.start()

    @Slot(object)
    def _on_arrived(self, snapshot: Snapshot) -> None:
        """Points that the run has received are not fresh any more."""
        if self.fresh and snapshot.project.data == self._document.project.data:
            waiting = [] if self._stroke is None else self._stroke.points
            self.fresh = [(x1, x2, self.label) for x1, x2 in waiting]
            self.fresh_changed.emit()

    def _forget_fresh(self) -> None:
        self.fresh = []
        self.fresh_changed.emit()
