"""The cost surface panel: the cost over two parameters or directions, with the run's path."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count, islice
from types import MappingProxyType

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from core.by_hand import Numbers, Place
from core.look.ask import Asks
from core.look.landscape import Bounds, CostAxis, Landscape, Survey, axes, is_convex
from core.nn.activations import Array
from core.project import Project
from core.training.messages import Snapshot
from gui.model.document import Document
from gui.model.selection import Selection
from gui.model.training import Training
from gui.panels.base import Panel
from gui.panels.surface.relief import Surface
from gui.panels.surface.view import SurfaceView
from gui.parts import Named
from gui.plots.around import switch
from gui.style import text
from gui.widgets import labels
from gui.widgets.buttons import button
from gui.widgets.card import Card
from gui.widgets.menu_button import MenuButton
from gui.widgets.rows import in_column

TITLE = "Cost surface"
MOST = 150  # axes in a menu
DIRECTIONS = {"gradient": "gradient", "random": "random way"}
ALONE = "All other parameters keep their current values."
ALONG = "Distance from the current parameters along the two directions. Scroll to zoom."
TURN = "Drag to rotate; scroll to zoom."
DRAG = "Drag the blue point, or press arrow keys, to set both parameters; scroll to zoom."
BENDS = {  # part of its surface that the view shows
    True: "{}: convex in this range",
    False: "{}: not convex in this range",
}


class SurfacePanel(Panel):
    """Surveys the cost around the run; for a single unit also the squared error, next to it."""

    def __init__(self, document: Document, training: Training, selection: Selection) -> None:
        super().__init__(document, training, selection)
        self._axes: tuple[CostAxis, CostAxis] | None = None
        self._bounds: Bounds | None = None
        self._given: Bounds | None = None  # by a lesson, for this project
        self._shown: Landscape | None = None
        self._sizes: tuple[int, ...] = ()
        self._drags, self._drag = count(1), ""
        self.card = Card(TITLE, self)
        self.across, self.up = MenuButton("", {"": ""}, ""), MenuButton("", {"": ""}, "")
        self.across.setToolTip(self.tr("Parameter on the horizontal axis"))
        self.up.setToolTip(self.tr("Parameter on the vertical axis"))
        self.from_side = switch("3-D", "Show the surface in 3-D; drag to rotate it", self._turn)
        self.fit = button("fit", "link")
        self.fit.setToolTip(self.tr("Choose a range that shows the whole path"))
        self.relief = SurfaceView("Cost surface")
        self.squared = SurfaceView("Surface of the squared error")
        self.names = labels.caption(""), labels.caption("")
        self.note = labels.caption(ALONE, wrap=True)
        self._lay_out()
        self.across.chosen.connect(lambda key: self._choose(0, key))
        self.up.chosen.connect(lambda key: self._choose(1, key))
        self.fit.clicked.connect(lambda: self._set_bounds(None))
        self.relief.plot.dragged.connect(self._on_dragged)
        for relief in (self.relief, self.squared):
            relief.plot.wanted.connect(self._set_bounds)
        self.relief.plot.turned.connect(self.squared.plot.turn_to)  # compared side by side
        self.squared.plot.turned.connect(self.relief.plot.turn_to)

    def _lay_out(self) -> None:
        for widget in (self.across, self.up, self.from_side, self.fit):
            self.card.add_header(widget)
        row = QHBoxLayout()
        row.setSpacing(8)
        self._second = QWidget()
        for name, relief, part in (
            (self.names[0], self.relief, QWidget()),
            (self.names[1], self.squared, self._second),
        ):
            in_column(
                (name, 0, Qt.AlignmentFlag.AlignHCenter), (relief, 1), on=part, margins=0, spacing=2
            )
            row.addWidget(part, 1)
        self._second.hide()
        self.card.body.setSpacing(4)
        self.card.fill(self, (row, 1), self.note)

    def named_parts(self) -> Mapping[str, Named]:
        return {
            "across": Named(self.across, self.tr("Horizontal axis of the cost surface")),
            "up": Named(self.up, self.tr("Vertical axis of the cost surface")),
            "side": Named(self.from_side, self.tr("Cost surface in 3-D")),
            "fit": Named(self.fit, self.tr("Fit the cost surface")),
            "map": Named(self.relief, self.tr("Map of the cost")),
            "squared": Named(self.squared, self.tr("Surface of the squared error")),
        }

    def wants(self) -> Asks:
        return () if self._axes is None else (Survey(*self._axes, self._bounds),)

    def show_project(self, old: Project | None, new: Project) -> None:
        self._axes = None  # until the next snapshot has them
        self._given = None

    def show_snapshot(self, snapshot: Snapshot) -> None:
        if self._axes is None or snapshot.sizes != self._sizes:
            self._offer(snapshot)
        for ask in self.wants():
            if (found := snapshot.answer(ask)) is not None:
                self._shown = found
                self._show(found)

    def _offer(self, snapshot: Snapshot) -> None:
        """Offer the axes that this network has; the earlier choice stays if it is among them."""
        there = list(islice(axes(snapshot.parameters()), MOST + len(DIRECTIONS)))
        places = [axis for axis in there if isinstance(axis, Place)]
        if self._sizes != snapshot.sizes or self._axes is None:
            kept = self._shown.survey if self._shown and self._sizes == snapshot.sizes else None
            self._axes = (kept.x, kept.y) if kept else _first(places)
            self._bounds = self._given if kept is None else self._bounds
        self._sizes = snapshot.sizes
        choices = {_key(axis): name_of(axis) for axis in there}
        for chooser, axis in zip((self.across, self.up), self._axes, strict=True):
            chooser.set_choices(choices)
            chooser.set_value(_key(axis))
        self.training.refresh()

    def _show(self, found: Landscape) -> None:
        names = name_of(found.survey.x), name_of(found.survey.y)
        self._explain()
        for relief, costs in ((self.relief, found.costs), (self.squared, found.squared)):
            relief.show_surface(
                None
                if costs is None
                else Surface(found.x, found.y, costs, found.path, found.here, names),
                movable=self._movable and relief is self.relief,
            )
        self._second.setVisible(found.squared is not None)
        words = ("Cross-entropy", "Squared error")
        for name, loss, costs in zip(self.names, words, (found.costs, found.squared), strict=True):
            name.setVisible(found.squared is not None)
            if costs is not None:
                name.setText(BENDS[is_convex(costs, found.dtype)].format(loss))

    def _explain(self) -> None:
        drag = TURN if self.from_side.isChecked() else DRAG
        self.note.setText(f"{drag} {ALONE}" if self._movable else ALONG)

    @property
    def _movable(self) -> bool:
        """Whether the point can be dragged: both axes are parameters."""
        return all(isinstance(axis, Place) for axis in self._axes or ())

    # --- hands -----------------------------------------------------------------------------------

    def _choose(self, which: int, key: str) -> None:
        if self._axes is None:
            return
        chosen = _axis(key)
        other = self._axes[1 - which]
        if chosen == other:  # each its own: they change places
            other = self._axes[which]
        self._axes = (chosen, other) if which == 0 else (other, chosen)
        self.across.set_value(_key(self._axes[0]))
        self.up.set_value(_key(self._axes[1]))
        self._set_bounds(None)

    @property
    def shown(self) -> Landscape | None:
        """The drawn survey; None before the first."""
        return self._shown

    @property
    def here(self) -> tuple[float, float] | None:
        """The run's position on the two axes."""
        return None if self._shown is None else self._shown.here

    def show_bounds(self, bounds: Bounds | None) -> None:
        """Show this part of the surface until another project is opened; None: automatic."""
        self._given = bounds
        self._set_bounds(bounds)

    def _set_bounds(self, bounds: Bounds | None) -> None:
        self._bounds = bounds
        self.training.refresh()

    def _on_dragged(self, x: float, y: float, last: bool) -> None:
        """Set both parameters to the point's position; one drag is one undo step."""
        shown = self._shown
        if shown is None or self._axes is None:
            return
        a, b = self._axes
        assert isinstance(a, Place)
        assert isinstance(b, Place)
        if not self._drag:
            self._drag = f"surface {next(self._drags)}"
            self._bounds = (_ends(shown.x), _ends(shown.y))  # a grabbed point must not move away
        before = Numbers(MappingProxyType({a: shown.here[0], b: shown.here[1]}))
        after = Numbers(MappingProxyType({a: x, b: y}))
        words = f"Set {name_of(a)} and {name_of(b)} by hand"
        self.document.set_by_hand(words, before, after, self._drag)
        if last:
            self._drag = ""

    def _turn(self) -> None:
        for relief in (self.relief, self.squared):
            relief.plot.look(from_side=self.from_side.isChecked())
        self._explain()


def name_of(axis: CostAxis) -> str:
    """The name of an axis: w₁₂[1], b₁[1], gradient."""
    if not isinstance(axis, Place):
        return DIRECTIONS[axis]
    return text.parameter(axis)


def _key(axis: CostAxis) -> str:
    return " ".join(str(n) for n in axis) if isinstance(axis, Place) else axis


def _axis(key: str) -> CostAxis:
    if key in DIRECTIONS:
        return "gradient" if key == "gradient" else "random"
    return Place(*(int(n) for n in key.split()))


def _first(places: list[Place]) -> tuple[CostAxis, CostAxis]:
    """The first two parameters; of a single unit with one input its weight and its bias."""
    return places[0], places[1]


def _ends(values: Array) -> tuple[float, float]:
    return float(values[0]), float(values[-1])
