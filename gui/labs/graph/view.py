"""A computation graph as a picture: click a node, drag a wire, walk with the arrow keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QTransform,
)
from PySide6.QtWidgets import QApplication, QSizePolicy, QWidget

from core.labs.graph import CONSTANT, OPERATIONS, Node
from core.labs.tour import SLOPE, VALUE, Tour
from gui.labs.graph.layout import Arranged, arranged
from gui.parts import Kind, Part, bring_widget, rectangle_on_screen
from gui.style import text
from gui.style.theme import BODY, Palette, px, pxf, theme, ui_font
from gui.widgets.painting import focus_ring, rounded, smooth

ASKED = "?"
MARGIN, PAD = 10.0, 9.0  # px around the graph, and in a node
LEAST = 84.0  # px: the width of a node
RADIUS = 8.0
SMALLEST = 0.3  # of its size
LONGEST = 26  # characters of a formula that is written out
KEYS = (
    "Right and left walk: values from left to right, then slopes from right to left. Up and down"
    " choose a node, M marks it, W wires what is marked to it, Delete removes it. R reveals a"
    " number; digits answer."
)
_KEY = Qt.Key
_MIDDLE = Qt.AlignmentFlag.AlignVCenter
_LEFT, _RIGHT = _MIDDLE | Qt.AlignmentFlag.AlignLeft, _MIDDLE | Qt.AlignmentFlag.AlignRight
_CENTRE = Qt.AlignmentFlag.AlignCenter


class GraphView(QWidget):
    """Draws a tour; emits the user's actions and changes nothing itself."""

    chosen = Signal(str)  # a node
    marked = Signal(str)  # a node: chosen as an input of the next one, or not any more
    wired = Signal(str, str)  # from a node to another
    removed = Signal(str)
    stepped = Signal(int)  # +1 forward in the picture's direction, -1 back
    revealed = Signal()
    typed = Signal(str)  # the first character of an answer
    undone = Signal()

    def __init__(self, owner: str) -> None:
        super().__init__()
        self._owner = owner  # the key of the lab, for its painted parts
        self._tour: Tour | None = None
        self._arranged: Arranged | None = None
        self._choice, self._marks = "", ()  # type: tuple[str, tuple[str, ...]]
        self._from: str | None = None  # the node that a wire is dragged from
        self._pressed = QPointF()
        self._at: QPointF | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(self.tr("Computation graph"))
        self.setToolTip(self.tr("Click a node; drag from node to node to wire; Ctrl+click to mark"))
        theme().changed.connect(self._lay)

    def show_tour(self, tour: Tour, choice: str, marks: tuple[str, ...]) -> None:
        """Draw a tour, with a chosen node and the nodes that are marked."""
        before = self._tour
        same = before is not None and before.graph is tour.graph and before.known == tour.known
        other = not same or (before is not None and before.goes_back != tour.goes_back)
        self._tour, self._choice, self._marks = tour, choice, marks
        if other:
            self._lay()
        self.setAccessibleDescription(f"{self.said()} {KEYS}")
        self.update()

    def said(self) -> str:
        """The graph in words: each node with its known numbers."""
        if self._tour is None:
            return ""
        return "; ".join(self._said_of(node) for node in self._tour.graph.nodes) + "."

    def _said_of(self, node: Node) -> str:
        assert self._tour is not None
        words = f"{node.name} = {node.formula}" if node.is_operation else node.name
        value, slope = self._numbers(node)
        words += f", value {value}" if value != ASKED else ", value not known yet"
        return f"{words}, {slope.replace(' ?', ' not known yet')}" if slope else words

    # --- positions -------------------------------------------------------------------------

    def _fonts(self) -> tuple[QFont, QFont]:
        return ui_font(BODY, QFont.Weight.DemiBold), ui_font(BODY)

    def _lay(self) -> None:
        """Give each node its size and its place."""
        if self._tour is None:
            return
        bold, usual = (QFontMetricsF(font) for font in self._fonts())
        sizes = {}
        for node in self._tour.graph.nodes:
            value, slope = self._numbers(node)
            head = bold.horizontalAdvance(_head(node)) + 2 * pxf(PAD)
            below = usual.horizontalAdvance(f"{value}  {slope}") + 2 * pxf(PAD) + pxf(10)
            least = 0.0 if node.op == CONSTANT else pxf(LEAST)
            lines = 1 if node.op == CONSTANT else 2
            sizes[node.name] = (max(head, below if lines == 2 else 0, least),
                                lines * usual.height() + pxf(PAD))  # fmt: skip
        self._arranged = arranged(self._tour.graph, sizes)
        self.update()

    def _numbers(self, node: Node) -> tuple[str, str]:
        """The texts of a node: its value, and its slope as `db = 9`."""
        tour = self._tour
        assert tour is not None
        values, slopes = tour.graph.values, tour.graph.slopes
        value = text.plain(values[node.name], 5) if tour.knows(VALUE, node.name) else ASKED
        if not tour.graph.has_slope(node):
            return value, ""
        known = tour.knows(SLOPE, node.name)
        slope = text.plain(slopes[node.name], 5) if known else ASKED
        shown = known or tour.goes_back
        return value, f"d{node.name} {slope}" if shown else ""

    def _way(self) -> QTransform:
        """From the layout to the pixels: as large as it fits, in the middle."""
        assert self._arranged is not None
        wide, high = self._arranged.width, self._arranged.height
        room = QRectF(self.rect()).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
        scale = max(min(1.0, room.width() / wide, room.height() / high), SMALLEST)
        left = room.left() + max(room.width() - scale * wide, 0) / 2
        top = room.top() + max(room.height() - scale * high, 0) / 2
        return QTransform.fromTranslate(left, top).scale(scale, scale)

    def place_of(self, name: str) -> QRect:
        """The pixels of a node."""
        assert self._arranged is not None
        return self._way().mapRect(self._arranged.places[name]).toRect()

    def node_at(self, at: QPointF) -> str | None:
        """The node at a pixel."""
        names = () if self._arranged is None else self._arranged.places
        return next((name for name in names if self.place_of(name).contains(at.toPoint())), None)

    def part_keys(self) -> Iterator[str]:
        """The keys of the nodes, for the registry of parts."""
        if self._tour is not None:
            for node in self._tour.graph.nodes:
                yield f"{self._owner}.node[{node.name}]"

    def part(self, key: str) -> Part | None:
        """The part of a node's key."""
        owner, _, name = key.partition(".node[")
        name = name.removesuffix("]")
        if owner != self._owner or self._arranged is None or name not in self._arranged.places:
            return None
        return Part(
            key, f"Node {name} of the computation graph", Kind.CONTROL,
            bring=lambda: bring_widget(self),
            rectangle=lambda: rectangle_on_screen(self, self.place_of(name)),
            widget=self,
        )  # fmt: skip

    def sizeHint(self) -> QSize:
        return QSize(px(320), px(150))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(200), px(110))

    # --- painting ---------------------------------------------------------------------------------

    def paintEvent(self, _event: QPaintEvent) -> None:
        palette = theme().palette
        with smooth(self) as painter:
            rounded(painter, QRectF(self.rect()), RADIUS, palette.canvas, palette.border)
            if self._tour is not None and self._arranged is not None:
                painter.setTransform(self._way())
                for node in self._tour.graph.nodes:
                    self._draw_wires(painter, node, palette)
                for node in self._tour.graph.nodes:
                    self._draw_node(painter, node, palette)
                painter.resetTransform()
                self._draw_new_wire(painter, palette)
            if self.hasFocus():
                focus_ring(painter, QRectF(self.rect()), RADIUS)

    def _lit(self, node: Node, source: str) -> QColor | None:
        """The colour of a wire on which the current number depends."""
        tour, palette = self._tour, theme().palette
        if tour is None or tour.stop is None:
            return None
        if tour.stop.kind == VALUE and node.name == tour.stop.node:
            return palette.forward
        return palette.backward if (tour.stop.kind, tour.stop.node) == (SLOPE, source) else None

    def _draw_wires(self, painter: QPainter, node: Node, palette: Palette) -> None:
        assert self._arranged is not None
        upper = sorted(node.inputs, key=self._middle)
        for which, source in enumerate(upper):
            start = self._arranged.port(source)
            end = self._arranged.entry(node.name, which, len(node.inputs))
            lit = self._lit(node, source)
            painter.setPen(QPen(lit or palette.muted, 2.4 if lit else 1.2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPath(_wire(start, end))

    def _middle(self, name: str) -> float:
        assert self._arranged is not None
        return self._arranged.places[name].center().y()

    def _draw_node(self, painter: QPainter, node: Node, palette: Palette) -> None:
        assert self._tour is not None
        assert self._arranged is not None
        place, tour = self._arranged.places[node.name], self._tour
        asked = tour.stop is not None and tour.stop.node == node.name
        fill = palette.surface if node.is_operation else palette.raised
        border = palette.border
        if asked:
            fill = palette.backward_soft if tour.goes_back else palette.forward_soft
            border = palette.backward if tour.goes_back else palette.forward
        painter.setOpacity(1.0 if tour.graph.leads(node.name) else 0.5)
        rounded(painter, place, RADIUS, fill, border, 2.0 if asked else 1.0)
        if node.name == self._choice and not asked:
            rounded(painter, place, RADIUS, border=palette.accent, width=1.6)
        if node.name in self._marks:
            painter.setPen(QPen(palette.accent, 2.0, Qt.PenStyle.DashLine))
            painter.drawRoundedRect(place.adjusted(-4, -4, 4, 4), RADIUS, RADIUS)
        self._draw_words(painter, node, place.adjusted(pxf(PAD), pxf(PAD) / 2, -pxf(PAD),
                                                       -pxf(PAD) / 2), palette)  # fmt: skip
        painter.setOpacity(1.0)

    def _draw_words(self, painter: QPainter, node: Node, inner: QRectF, palette: Palette) -> None:
        bold, usual = self._fonts()
        painter.setFont(bold)
        painter.setPen(palette.text)
        if node.op == CONSTANT:
            painter.drawText(inner, _CENTRE, _head(node))
            return
        half = inner.height() / 2
        painter.drawText(inner.adjusted(0, 0, 0, -half), _LEFT, _head(node))
        value, slope = self._numbers(node)
        line = inner.adjusted(0, half, 0, 0)
        painter.setFont(usual)
        painter.setPen(palette.forward)
        painter.drawText(line, _LEFT, value)
        painter.setPen(palette.backward)
        painter.drawText(line, _RIGHT, slope)

    def _draw_new_wire(self, painter: QPainter, palette: Palette) -> None:
        if self._from is None or self._at is None or self._arranged is None:
            return
        start = self._way().map(self._arranged.port(self._from))
        painter.setPen(QPen(palette.accent, 2.0, Qt.PenStyle.DashLine))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(_wire(start, self._at))

    # --- hands ------------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        self._pressed, self._at = event.position(), None
        self._from = self.node_at(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        far = (event.position() - self._pressed).manhattanLength()
        if self._from is not None and far >= QApplication.startDragDistance():
            self._at = event.position()
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        source, dragged = self._from, self._at is not None
        self._from = self._at = None
        self.update()
        if source is None:
            return
        target = self.node_at(event.position())
        if dragged:
            if target is not None and target != source:
                self.wired.emit(source, target)
        elif event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.marked.emit(source)
        else:
            self.chosen.emit(source)

    def event(self, event: QEvent) -> bool:
        """Ctrl+Z is this graph's own while it has the keyboard, not the network's."""
        if event.type() == QEvent.Type.ShortcutOverride:
            assert isinstance(event, QKeyEvent)
            if event.matches(QKeySequence.StandardKey.Undo):
                event.accept()
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        does = self._keys().get(event.key())
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undone.emit()
        elif held & ~Qt.KeyboardModifier.ShiftModifier or self._tour is None:
            event.ignore()
        elif does is not None:
            does()
        elif event.text() and event.text() in "0123456789-.−":
            self.typed.emit(event.text())
        else:
            event.ignore()

    def _keys(self) -> dict[int, Callable[[], object]]:
        """The current effect of each key."""
        name = self._choice
        does: dict[int, Callable[[], object]] = {
            _KEY.Key_Right: lambda: self.stepped.emit(1),
            _KEY.Key_Left: lambda: self.stepped.emit(-1),
            _KEY.Key_Up: lambda: self._choose_next(-1),
            _KEY.Key_Down: lambda: self._choose_next(1),
            _KEY.Key_R: self.revealed.emit,
        }
        if name:
            does |= {
                _KEY.Key_M: lambda: self.marked.emit(name),
                _KEY.Key_W: self._wire_marked,
                _KEY.Key_Delete: lambda: self.removed.emit(name),
                _KEY.Key_Backspace: lambda: self.removed.emit(name),
            }
        if self._from is not None:
            does[_KEY.Key_Escape] = self._drop_wire
        return does

    def _wire_marked(self) -> None:
        for mark in self._marks:
            self.wired.emit(mark, self._choice)

    def _drop_wire(self) -> None:
        self._from = self._at = None
        self.update()

    def _choose_next(self, by: int) -> None:
        assert self._tour is not None
        names = [node.name for node in self._tour.graph.nodes]
        at = names.index(self._choice) + by if self._choice in names else 0
        self.chosen.emit(names[at % len(names)])


def _head(node: Node) -> str:
    """The text at the top of a node."""
    if node.op == CONSTANT:
        return text.plain(node.value, 5)
    if not node.is_operation:
        return node.name
    formula = node.formula
    if len(formula) > LONGEST:
        op = OPERATIONS[node.op]
        formula = f"{op.title} of {text.counted(len(node.inputs), 'input')}"
    return f"{node.name} = {formula}"


def _wire(start: QPointF, end: QPointF) -> QPainterPath:
    path, bend = QPainterPath(start), max((end.x() - start.x()) / 2, 18.0)
    path.cubicTo(start + QPointF(bend, 0), end - QPointF(bend, 0), end)
    return path
