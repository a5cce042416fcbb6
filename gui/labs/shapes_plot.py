"""Matrices drawn to the scale of their shapes, with a band between sizes that must agree."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPainterPath, QPen

from core.labs.shapes import Shape, ShapeOutcome, ShapeQuestion, SizePair, links
from gui.labs.dragged import DraggedSheet
from gui.style import text
from gui.style.theme import BODY, CAPTION, math_font, mono_font, px, theme

FLOOR = 16.0  # px of a side: a size of 1 next to one of 400 is drawn larger than to scale
LARGEST = 44.0  # px of one row or column at most
GAP = 40.0  # px between two matrices, for the sign
OVER, UNDER = 40.0, 44.0  # px above for name and shape, below for the band
ROOM = 28.0  # px at the left and the right
SIGNS = {"multiply": "*", "add": "+", "subtract": "−"}
INKS = {"equal": "good", "repeated": "good", "no": "error"}
_CENTRE = Qt.AlignmentFlag.AlignCenter


@dataclass(frozen=True, slots=True)
class Drawn:
    """A matrix on the sheet; `shape` is None if there is none."""

    name: str
    shape: Shape | None
    place: QRectF


def sides(shape: Shape) -> tuple[int, int]:
    """Columns and rows as drawn; rank 1 has one row, a single number one cell."""
    if not shape:
        return 1, 1
    return shape[-1], shape[-2] if len(shape) > 1 else 1


def scaled(shapes: Sequence[Shape], widest: Sequence[float], room: QSizeF) -> float:
    """The pixels of one row or column at which these matrices fit side by side, none narrower than
    its words.
    """

    def fits(scale: float) -> bool:
        boxes = [box_of(shape, scale) for shape in shapes]
        wide = sum(max(box.width(), words) for box, words in zip(boxes, widest, strict=True))
        return wide <= room.width() and max(box.height() for box in boxes) <= room.height()

    low, high = 0.0, LARGEST
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return low


def box_of(shape: Shape, scale: float) -> QSizeF:
    """How large a matrix is drawn."""
    columns, rows = sides(shape)
    return QSizeF(max(FLOOR, scale * columns), max(FLOOR, scale * rows))


class ShapesPlot(DraggedSheet):
    """Shows a question and its result. Dragging an edge changes a size."""

    def __init__(self) -> None:
        self._question: ShapeQuestion | None = None
        self._outcome = ShapeOutcome(None, "", "")
        self._hidden = False
        self._drawn: tuple[Drawn, ...] = ()
        self._scale = 1.0
        super().__init__(self.tr("Shapes of the matrices"))
        self.numbers = lambda: {
            drawn.name: [str(drawn.shape)] for drawn in self._drawn if drawn.shape is not None
        }

    def show_question(
        self, question: ShapeQuestion, outcome: ShapeOutcome, *, hidden: bool
    ) -> None:
        """Draw these matrices and the result, or a question mark in its place."""
        self._question, self._outcome, self._hidden = question, outcome, hidden
        self.lay_out()
        self.refresh()

    @property
    def drawn(self) -> tuple[Drawn, ...]:
        """The matrices in order, the result last."""
        return self._drawn

    def edges(self) -> Sequence[tuple[QRectF, Shape]]:
        shown = ((drawn.place, drawn.shape) for drawn in self._drawn[:-1])
        return [(self.seen(place), shape) for place, shape in shown if shape is not None]

    # --- positions ------------------------------------------------------------------------

    def lay_out(self) -> None:
        if self._question is None:
            return
        metrics = QFontMetricsF(mono_font(CAPTION))
        shown: list[tuple[str, Shape | None]] = [
            (operand.name, operand.shape) for operand in self._question.operands
        ]
        shown.append(("?" if self._hidden else "result", self._result()))
        shapes = [shape or (1, 1) for _, shape in shown]
        words = [max(map(metrics.horizontalAdvance, (name, self._said(s)))) for name, s in shown]
        room = self.room_to_draw()
        free = QSizeF(
            room.width() - px(GAP) * (len(shown) - 1) - px(ROOM),
            room.height() - px(OVER) - px(UNDER),
        )
        if not self.dragging:
            self._scale = scaled(shapes, words, free)
        boxes = [box_of(shape, self._scale) for shape in shapes]
        slots = [max(box.width(), wide) for box, wide in zip(boxes, words, strict=True)]
        middle = px(OVER) + (room.height() - px(OVER) - px(UNDER)) / 2
        x = max(0.0, (room.width() - sum(slots) - px(GAP) * (len(slots) - 1)) / 2)
        drawn = []
        for (name, shape), box, slot in zip(shown, boxes, slots, strict=True):
            corner = QPointF(x + (slot - box.width()) / 2, middle - box.height() / 2)
            drawn.append(Drawn(name, shape, QRectF(corner, box)))
            x += slot + px(GAP)
        self._drawn = tuple(drawn)

    def _result(self) -> Shape | None:
        return None if self._hidden else self._outcome.shape

    def _said(self, shape: Shape | None) -> str:
        if shape is None:
            return "?" if self._hidden else "none"
        return text.shape(shape) if shape else "one number"

    # --- painting --------------------------------------------------------------------------------

    def draw(self, painter: QPainter) -> None:
        if self._question is None:
            return
        for link in () if self._hidden else links(self._question):
            self._draw_link(painter, link)
        for i, drawn in enumerate(self._drawn):
            self._draw_matrix(painter, drawn, last=i == len(self._drawn) - 1)
        self._draw_signs(painter)

    def _draw_matrix(self, painter: QPainter, drawn: Drawn, *, last: bool) -> None:
        palette, place = theme().palette, self.seen(drawn.place)
        failed = last and drawn.shape is None and not self._hidden
        ink = palette.error if failed else palette.accent if last else palette.text
        fill = palette.error_soft if failed else palette.accent_soft if last else palette.raised
        flat = drawn.shape is not None and len(drawn.shape) < 2
        dashed = flat or drawn.shape is None
        painter.setPen(QPen(ink, 1.4, Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine))
        painter.setBrush(fill)
        painter.drawRect(place)
        self._draw_grid(painter, drawn, place)
        painter.setPen(palette.text if not last else ink)
        high = px(OVER) / 2
        over = QRectF(place.center().x() - 200, place.top() - 2 * high - 2, 400, high)
        painter.setFont(math_font(BODY))
        painter.drawText(over, _CENTRE, drawn.name)
        painter.setFont(mono_font(CAPTION))
        painter.setPen(palette.muted)
        painter.drawText(over.translated(0, high), _CENTRE, self._said(drawn.shape))

    def _draw_grid(self, painter: QPainter, drawn: Drawn, place: QRectF) -> None:
        """Rows and columns, if they are wide enough to be distinct."""
        if drawn.shape is None:
            return
        columns, rows = sides(drawn.shape)
        painter.setPen(QPen(theme().palette.border, 1.0))
        wide, high = place.width() / columns, place.height() / rows
        for i in range(1, columns if wide >= 5 else 1):
            x = place.left() + i * wide
            painter.drawLine(QPointF(x, place.top() + 1), QPointF(x, place.bottom() - 1))
        for i in range(1, rows if high >= 5 else 1):
            y = place.top() + i * high
            painter.drawLine(QPointF(place.left() + 1, y), QPointF(place.right() - 1, y))

    def _draw_signs(self, painter: QPainter) -> None:
        assert self._question is not None
        signs = {"dot": ["·"], "forward": ["·", "+"]}.get(self._question.operation)
        if signs is None:
            sign = SIGNS.get(self._question.operation)
            signs = [] if sign is None else [sign]
        signs = [*signs, "=" if signs else "→"]
        painter.setFont(math_font(BODY + 5))
        painter.setPen(theme().palette.text)
        for left, right, sign in zip(self._drawn, self._drawn[1:], signs, strict=False):
            one, other = self.seen(left.place), self.seen(right.place)
            middle = (one.right() + other.left()) / 2
            where = QRectF(middle - 20, one.center().y() - 16, 40, 32)
            painter.drawText(where, _CENTRE, sign)

    def _draw_link(self, painter: QPainter, link: SizePair) -> None:
        """The two edges that meet, the band between them, and their sizes."""
        ink = QColor(getattr(theme().palette, INKS[link.fits]))
        end = self._edge(*link.second, left=True)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if link.first is not None:
            start = self._edge(*link.first, left=False)
            soft = QColor(ink)
            soft.setAlpha(70)
            painter.setPen(QPen(soft, 9.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
            painter.drawPath(self._band(start, end, link))
            self._draw_edge(painter, start, ink)
        self._draw_edge(painter, end, ink)
        i, j = link.sizes
        sign = {"equal": "=", "repeated": "→", "no": "≠"}[link.fits]
        i, j = (min(i, j), max(i, j)) if link.fits == "repeated" else (i, j)
        painter.setPen(ink)
        painter.setFont(mono_font(CAPTION))
        painter.drawText(self._words_place(link, end), _CENTRE, f"{i:,} {sign} {j:,}")

    def _draw_edge(self, painter: QPainter, edge: tuple[QPointF, QPointF], ink: QColor) -> None:
        painter.setPen(QPen(ink, 4.0, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap))
        painter.drawLine(*edge)

    def _edge(self, which: int, axis: int, *, left: bool) -> tuple[QPointF, QPointF]:
        """The edge along which a size runs: below for columns, at a side for rows."""
        place = self.seen(self._drawn[which].place)
        if axis == -1:
            return place.bottomLeft(), place.bottomRight()
        if left:
            return place.topLeft(), place.bottomLeft()
        return place.topRight(), place.bottomRight()

    def _band(
        self, start: tuple[QPointF, QPointF], end: tuple[QPointF, QPointF], link: SizePair
    ) -> QPainterPath:
        one, other = (start[0] + start[1]) / 2, (end[0] + end[1]) / 2
        path = QPainterPath(one)
        low = max(point.y() for point in (*start, *end)) + px(UNDER) * 0.6
        assert link.first is not None
        if link.first[1] != -1:  # side to side
            path.lineTo(other)
        elif link.second[1] != -1:  # from below into the side
            path.cubicTo(QPointF(one.x(), low), QPointF(other.x() - px(GAP), low), other)
        else:
            path.cubicTo(QPointF(one.x(), low), QPointF(other.x(), low), other)
        return path

    def _words_place(self, link: SizePair, end: tuple[QPointF, QPointF]) -> QRectF:
        """To the right of the second edge, below it or, for rows that meet, in the gap under the
        sign.
        """
        if link.first is not None and link.second[1] != -1:
            one = self._edge(*link.first, left=False)
            x = (max(one[0].x(), one[1].x()) + end[0].x()) / 2
            low = max(end[1].y(), one[1].y())
            return QRectF(x - 60, low + px(UNDER) * 0.5, 120, 16)
        low = self.seen(self._drawn[link.second[0]].place).bottom()
        lines = 0.55 if link.second[1] == -1 else 0.15  # rows over columns, if both are here
        across = self.seen(self._drawn[link.second[0]].place).center().x()
        return QRectF(across - 60, low + px(UNDER) * lines, 120, 16)
