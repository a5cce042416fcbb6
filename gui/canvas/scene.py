"""The canvas items: created when the structure changes, repainted for any other change."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar

from PySide6.QtCore import QEasingCurve, QObject, QPointF, QRect, QRectF, Qt, QVariantAnimation
from PySide6.QtGui import QPainter, QPainterPath
from PySide6.QtWidgets import QGraphicsScene

from core.by_hand import Place
from core.look.plane import Cut
from core.look.units import Thumbnails
from core.project import Project
from core.training.messages import Snapshot
from gui.canvas.arrange import Widths, arrange, match
from gui.canvas.edges import EdgesItem
from gui.canvas.features import input_names, switches
from gui.canvas.fonts import ui_font
from gui.canvas.items import equation_widths
from gui.canvas.layout import Box, CanvasLayout, Spot, SpotKind
from gui.canvas.marks import DropItem, GhostItem, InsertItem
from gui.canvas.picture import Emphasis, Picture
from gui.canvas.remark_items import PointerItem, pulse
from gui.canvas.units import ColumnItem
from gui.canvas.words import Words, words_of
from gui.style.theme import CAPTION, pxf, reduced_motion, theme

GRID = 24  # between the dots of the sheet
MOVE_MS = 190
MOST_UNITS = 60  # checked in one frame during training: 20 microseconds each ...
MOST_EDGES = 120  # ... and 15 if they have changed
T = TypeVar("T")


class NetworkScene(QGraphicsScene):
    """A network as columns of units; knows neither the document nor the mouse."""

    def __init__(self, project: Project, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setItemIndexMethod(QGraphicsScene.ItemIndexMethod.NoIndex)  # few items, often moved
        self._project = project
        self._features = input_names(project.data)
        self._m: int | None = None  # number of training examples, once known
        self._view, self._size = (870.0, 610.0), pxf(1.0)
        self._marks: list[DropItem | GhostItem] = []
        self._presented = False
        self._column_turn = self._edge_turn = 0  # the index from which to check next
        self._offsets: dict[ColumnItem, float] = {}
        self._fresh: list[ColumnItem] = []
        self._motion = QVariantAnimation(self)
        self._motion.setDuration(MOVE_MS)
        self._motion.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._motion.setStartValue(1.0)
        self._motion.setEndValue(0.0)
        self._motion.valueChanged.connect(self._on_motion)
        self._pointer: PointerItem | None = None
        self._pulse = pulse(self)
        self._pulse.valueChanged.connect(self._on_pulse)
        self._pulse.finished.connect(self._end_pointing)
        self._shapes_hidden = False
        self.picture: Picture
        self.columns: list[ColumnItem] = []
        self.edges: list[EdgesItem] = []
        self.inserts: list[InsertItem] = []
        self._build(None)

    def hide_shapes(self, hidden: bool) -> None:
        """Write question marks for the shapes under the layers, or the shapes again."""
        if hidden != self._shapes_hidden:
            self._shapes_hidden = hidden
            self._rewrite()

    def _words(self) -> tuple[Words, ...]:
        words = words_of(self._project, self._features, self._m)
        return tuple(each.without_shapes() for each in words) if self._shapes_hidden else words

    # --- content --------------------------------------------------------------------------

    def show_project(self, project: Project) -> None:
        """Show another project; items are created again only if the structure differs."""
        old, self._project = self._project, project
        if old.data != project.data:
            self._features = input_names(project.data)
        now = (len(self._features), switches(project.data))
        same_input = now == (self.picture.sizes[0], self.picture.switches)
        before, after = old.network.structure, project.network.structure
        if before.layers == after.layers and same_input:
            self._rewrite()
            return
        self._build(match((("input",), *before.layers), (("input",), *after.layers)))

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Repaint units and edges with the numbers of a snapshot of this very network."""
        if snapshot.sizes[1:] != self.picture.sizes[1:]:
            return  # it was requested before the last edit
        m, features = snapshot.split.train.m, snapshot.split.names
        if len(features) != snapshot.sizes[0]:
            return
        if len(features) != self.picture.sizes[0]:
            self._features, self._m = features, m
            self._build({l: l for l in range(1, len(snapshot.sizes))})
        elif (m, features) != (self._m, self._features):
            self._features, self._m = features, m
            self._rewrite()
        self.picture.take(snapshot)
        columns, edges = self.columns, self.edges
        if not snapshot.idle:  # of a large network not all in one frame
            columns, self._column_turn = take_turns(
                columns, self._column_turn, MOST_UNITS, lambda column: len(column.column.units)
            )
            edges, self._edge_turn = take_turns(
                edges, self._edge_turn, MOST_EDGES, lambda each: each.count
            )
        for each in edges:
            each.follow_weights(exactly=snapshot.idle)
        for column in columns:
            column.follow_numbers()

    def show_emphasis(self, emphasis: Emphasis | None) -> None:
        """Highlight one layer and dim the rest, or (None) show all normally."""
        for column in self.columns:
            column.resize()
        self.picture.emphasis = emphasis
        self.refresh()
        self.update()

    def set_selected(self, layer: int, unit: int | None = None) -> None:
        self.picture.selected, self.picture.unit = layer, unit
        for column in self.columns:
            column.update()
            column.head.update()
            if column.equation is not None:
                column.equation.update()

    def set_presented(self, on: bool) -> None:
        """Leave out the handles that add layers, or not."""
        self._presented = on
        for item in self.inserts:
            item.setVisible(not on)

    @contextmanager
    def without_controls(self) -> Iterator[None]:
        """Hide controls, as in a presentation, while a picture is made."""
        before = self._presented
        self.set_presented(True)
        try:
            yield
        finally:
            self.set_presented(before)

    def set_focused(self, focused: bool) -> None:
        """Show, or not, that the keyboard works on the selected layer."""
        self.picture.focused = focused
        for column in self.columns:
            column.head.update()

    def set_hovered(self, spot: Spot | None, pressed: Spot | None = None) -> None:
        """Highlight the hovered part, and the pressed one."""
        old = (self.picture.hovered, self.picture.pressed)
        self.picture.hovered, self.picture.pressed = spot, pressed
        if old != (spot, pressed):
            for changed in {old[0], old[1], spot, pressed} - {None}:
                assert changed is not None
                self._update_spot(changed)

    def set_chosen(self, place: Place | None) -> None:
        """Mark the parameter that is being edited."""
        old, self.picture.chosen = self.picture.chosen, place
        for chosen in (old, place):
            if chosen is not None and chosen.layer < len(self.columns):
                self.edges[chosen.layer - 1].update()
                self.columns[chosen.layer].update()

    def point_out(self, layer: int, units: Sequence[int]) -> QRectF:
        """Frame these units of a layer, or (none) all of it, for a while; returns the position."""
        column = self.picture.layout.columns[layer]
        drawn = dict(zip(column.units, column.boxes, strict=True))
        others = column.boxes[0] if column.more is None else column.more
        boxes = {drawn.get(unit, others) for unit in units} or {column.area}
        above = self.picture.layout.label_height
        self._end_pointing()
        self._pointer = PointerItem([QRectF(*box).adjusted(0, -above, 0, 0) for box in boxes])
        self.addItem(self._pointer)
        self._pulse.start()
        return self._pointer.boundingRect()

    def _end_pointing(self) -> None:
        self._pulse.stop()
        if self._pointer is not None:
            self.removeItem(self._pointer)
        self._pointer = None

    def _on_pulse(self, strength: float) -> None:
        if self._pointer is not None:
            self._pointer.setOpacity(strength)

    def point_of(self, place: Place) -> QPointF:
        """The position of a weight or bias, or of the ⋯ that stands for it."""
        if (edge := self.edge_of(place)) is not None:
            return edge.pointAtPercent(0.5)
        column = self.picture.layout.columns[place.layer]
        drawn = dict(zip(column.units, column.boxes, strict=True))
        box = drawn.get(place.row, column.more or column.boxes[0])
        return QPointF(box.x, box.bottom)

    def edge_of(self, place: Place) -> QPainterPath | None:
        """The path of a weight; None if it is not drawn, or a bias."""
        l, row, column = place
        after, before = self.picture.layout.columns[l], self.picture.layout.columns[l - 1]
        if row not in after.units or column not in before.units:
            return None
        return self.edges[l - 1].curve(after.units.index(row), before.units.index(column))

    def refresh(self) -> None:
        """Repaint everything that depends on numbers: units and edges."""
        for edges in self.edges:
            edges.refresh()
        for column in self.columns:
            column.update()
            column.thumbnails.update()

    def repaint_all(self) -> None:
        """Repaint everything: the theme has changed."""
        self.picture.colour()
        self.refresh()
        self.update()

    def thumbnails(self, cut: Cut | None) -> Thumbnails:
        """The ask for the maps of every drawn unit, including the inputs."""
        entry = tuple((0, unit) for unit in self.picture.layout.columns[0].units)
        self.picture.asked = Thumbnails(entry + self.picture.layout.drawn(), cut)
        return self.picture.asked

    def fit(self, width: float, height: float) -> None:
        """Lay out the picture for a window of this size in pixels."""
        if (width, height, pxf(1.0)) != (*self._view, self._size):
            self._view, self._size = (max(width, 40.0), max(height, 40.0)), pxf(1.0)
            self._build({l: l for l in range(len(self.picture.sizes))}, moving=False)

    # --- while something is dragged ---------------------------------------------------------------

    def preview_move(self, layer: int, by: float) -> int:
        """Show hidden layer `layer` dragged sideways by this much; return where it would land."""
        self._motion.stop()
        columns = self.picture.layout.columns
        to = self.picture.layout.slot_at(columns[layer].x + by)
        order = [l for l in range(len(columns)) if l != layer]
        order.insert(to, layer)
        for place, l in enumerate(order):
            moved = by if l == layer else columns[place].x - columns[l].x
            self.columns[l].setX(moved)
        self.columns[layer].setZValue(5)
        self._fade(True)
        self._mark(DropItem(_grown(columns[to].area, 8)))
        return to

    def end_preview(self, back: bool) -> None:
        """End the display of a drag; with `back`, the dragged item returns to its place."""
        self._mark()
        self._fade(False)
        for column in self.columns:
            column.setZValue(2)
        if back:
            self._move({column: column.x() for column in self.columns})

    def preview_insert(self, label: str, at: QPointF, layer: int | None) -> None:
        """Show a new layer dragged to a point, and the target gap, before `layer`."""
        ghost = GhostItem(label)
        ghost.setPos(at)
        if layer is None:
            self._mark(ghost)
            return
        columns = self.picture.layout.columns
        before, after = columns[layer - 1].area, columns[layer].area
        middle = (before.right + after.x) / 2
        self._mark(ghost, DropItem(Box(middle - 14, before.y, 28, before.height)))

    # --- making items -----------------------------------------------------------------------------

    def _build(self, pairs: dict[int, int] | None, moving: bool = True) -> None:
        """Create all items. `pairs` matches layers (new → old); None: no layer is the same."""
        words = self._words()
        sizes = self._project.sizes(len(self._features))
        on = switches(self._project.data)
        layout = self._arranged(sizes, equation_widths(words), on)
        picture = Picture(layout, words, sizes, self._features, on)
        picture.muted, picture.frozen = self._project.muted, self._project.frozen
        places: dict[int, float] = {}
        if pairs is not None:
            old = self.picture
            picture.carry_over(old, pairs)
            picture.focused, picture.emphasis = old.focused, old.emphasis if not moving else None
            picture.chosen = old.chosen if not moving else None
            picture.selected, picture.unit = min(old.selected, len(sizes) - 1), old.unit
            places = {l: old.layout.columns[j].x + self.columns[j].x() for l, j in pairs.items()}
        self._motion.stop()
        self._end_pointing()
        self._fresh = []
        self.clear()
        self._marks = []
        self.picture = picture
        self.columns = [ColumnItem(picture, l) for l in range(len(sizes))]
        self.edges = [
            EdgesItem(picture, l, self.columns[l - 1], self.columns[l])
            for l in range(1, len(sizes))
        ]
        self.inserts = [InsertItem(picture, l) for l in range(1, len(sizes))]
        self.set_presented(self._presented)
        for item in (*self.edges, *self.columns, *self.inserts):
            self.addItem(item)
        if moving and places:
            self._fresh = [self.columns[l] for l in range(len(sizes)) if l not in places]
            self._move({self.columns[l]: x - layout.columns[l].x for l, x in places.items()})

    def _arranged(self, sizes: Sequence[int], widths: Widths, on: Sequence[bool]) -> CanvasLayout:
        """The layout for the view, enlarged by the text size."""
        size = pxf(1.0)
        width, height = self._view
        layout = arrange(sizes, width / size, height / size, widths, on)
        return replace(layout, scale=layout.scale * size)

    def _rewrite(self) -> None:
        """Update the texts in place."""
        self.picture.words = self._words()
        self.picture.features = self._features
        units = self._project.muted, self._project.frozen
        if units != (self.picture.muted, self.picture.frozen):
            self.picture.muted, self.picture.frozen = units
            for column in self.columns:
                column.update()
        sizes = self.picture.sizes
        widths = equation_widths(self.picture.words)
        on = self.picture.switches
        if self._arranged(sizes, widths, on) != self.picture.layout:
            self._build({l: l for l in range(len(sizes))}, moving=False)
        self.update()

    # --- motion -----------------------------------------------------------------------------------

    def _move(self, offsets: dict[ColumnItem, float]) -> None:
        """Animate columns from these offsets to their places, and fade in new ones."""
        self._offsets = {column: by for column, by in offsets.items() if abs(by) > 0.5}
        still = reduced_motion() or not (self._offsets or self._fresh)
        self._on_motion(0.0 if still else 1.0)
        if not still:
            self._motion.start()

    def _on_motion(self, share: float) -> None:
        for column, by in self._offsets.items():
            column.setX(by * share)
        for column in self._fresh:
            column.setOpacity(1.0 - share)
        for edges in self.edges:
            edges.follow()

    def _fade(self, faded: bool) -> None:
        self.picture.faded = faded
        for edges in self.edges:
            edges.follow()

    def _mark(self, *marks: DropItem | GhostItem) -> None:
        for mark in self._marks:
            self.removeItem(mark)
        self._marks = list(marks)
        for mark in marks:
            self.addItem(mark)

    def _update_spot(self, spot: Spot) -> None:
        if spot.layer >= len(self.columns):
            return  # of a network that was
        if spot.kind is SpotKind.INSERT:
            self.inserts[spot.layer - 1].update()
        elif spot.kind is SpotKind.EDGE:
            self.edges[spot.layer - 1].update()
        else:
            self.columns[spot.layer].update()
            self.columns[spot.layer].head.update()

    def drawBackground(self, painter: QPainter, area: QRectF | QRect) -> None:
        palette = theme().palette
        painter.fillRect(area, palette.canvas)
        left, top = int(area.left() // GRID), int(area.top() // GRID)
        right, bottom = int(area.right() // GRID) + 1, int(area.bottom() // GRID) + 1
        if (right - left) * (bottom - top) > 20_000:
            return  # zoomed out so far that dots would be a grey veil
        for x in range(left, right + 1):
            for y in range(top, bottom + 1):
                painter.fillRect(QRectF(x * GRID, y * GRID, 1.4, 1.4), palette.grid)

    def drawForeground(self, painter: QPainter, area: QRectF | QRect) -> None:
        emphasis, layout = self.picture.emphasis, self.picture.layout
        if emphasis is None or not emphasis.caption:
            return
        palette = theme().palette
        painter.setFont(ui_font(CAPTION))
        line = QRectF(0, layout.equation_y - 22, layout.width, 18)
        ground = painter.boundingRect(line, Qt.AlignmentFlag.AlignCenter, emphasis.caption)
        painter.fillRect(ground.adjusted(-6, 0, 6, 0), palette.canvas)
        painter.setPen(palette.muted)
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, emphasis.caption)


def take_turns(
    items: list[T], start: int, most: int, size: Callable[[T], int]
) -> tuple[list[T], int]:
    """The items that are due, from index `start` around the list, up to `most` in size but at least
    one; and the index of the next one.
    """
    chosen: list[T] = []
    used = 0
    for k in range(len(items)):
        item = items[(start + k) % len(items)]
        used += size(item)
        if chosen and used > most:
            break
        chosen.append(item)
    return chosen, (start + len(chosen)) % len(items)


def _grown(box: Box, by: float) -> Box:
    return Box(box.x - by, box.y, box.width + 2 * by, box.height)
