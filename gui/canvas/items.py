"""The head and the equations of a layer's column."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem

from core.project import MAX_UNITS
from gui.canvas.arrange import Widths
from gui.canvas.fonts import math_font, mono_font, ui_font
from gui.canvas.layout import Box, Equations, LayerColumn, Pill, Spot, SpotKind
from gui.canvas.picture import Picture
from gui.canvas.words import Words
from gui.style.theme import BODY, CAPTION, Palette, theme
from gui.widgets.painting import rounded

CENTRE = Qt.AlignmentFlag.AlignCenter
LINE_GAP = 14.0  # between equations in one line
BOLD = QFont.Weight.DemiBold


def rect(box: Box) -> QRectF:
    """The box as Qt has it."""
    return QRectF(*box)


class LayerItem(QGraphicsItem):
    """An item of one layer, painted from the picture; the view does the hit-testing."""

    def __init__(self, picture: Picture, layer: int, parent: QGraphicsItem | None = None) -> None:
        super().__init__(parent)
        self.picture, self.layer = picture, layer
        self._bounds: QRectF | None = None  # requested some ten times a paint
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    @property
    def column(self) -> LayerColumn:
        return self.picture.layout.columns[self.layer]

    @property
    def words(self) -> Words:
        return self.picture.words[self.layer]

    def bounds(self) -> QRectF:
        """The area that `draw` may paint on; the same until `resize`."""
        raise NotImplementedError

    def resize(self) -> None:
        """Announce that its painted area is about to change."""
        self.prepareGeometryChange()
        self._bounds = None

    def draw(self, painter: QPainter, palette: Palette) -> None:
        """Paint, antialiased, in scene coordinates (minus the column's displacement)."""
        raise NotImplementedError

    def boundingRect(self) -> QRectF:
        if self._bounds is None:
            self._bounds = self.bounds()
        return self._bounds

    def paint(self, painter: QPainter, *_: object) -> None:
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        self.draw(painter, theme().palette)


class HeadItem(LayerItem):
    """The title of a layer, and the pill that sets its activation and its units."""

    def bounds(self) -> QRectF:
        column = self.column
        whole = rect(column.title)
        if column.pill is not None:
            whole = whole.united(rect(column.pill.box))
        return whole.adjusted(-4, -4, 4, 24 if column.pill is None else 4)

    def draw(self, painter: QPainter, palette: Palette) -> None:
        title = rect(self.column.title)
        emphasis = self.picture.emphasis
        lit = emphasis is not None and emphasis.layer == self.layer
        painter.setPen(getattr(palette, emphasis.role) if lit and emphasis else palette.text)
        painter.setFont(ui_font(14 if title.width() >= 150 else 12, BOLD))
        written = self.words.title
        if painter.fontMetrics().horizontalAdvance(written) > title.width():
            written = written.partition(" · ")[0]
        painter.drawText(title, CENTRE, written)
        ringed = self.picture.focused and self.picture.selected == self.layer
        if self.column.pill is not None:
            self._draw_pill(painter, palette, self.column.pill, ringed)
            return
        painter.setFont(ui_font(CAPTION))
        painter.setPen(palette.muted)
        painter.drawText(title.translated(0, 20), CENTRE, self.words.note)
        if ringed:
            rounded(painter, title.adjusted(0, -2, 0, 22), 8, None, palette.accent, 1.5)

    def _draw_pill(self, painter: QPainter, palette: Palette, pill: Pill, ringed: bool) -> None:
        box = rect(pill.box)
        radius = 13.0 if pill.stacked else box.height() / 2
        ring, width = (palette.accent, 1.6) if ringed else (palette.border, 1.0)
        rounded(painter, box, radius, palette.surface)
        for part in (SpotKind.ACTIVATION, SpotKind.MINUS, SpotKind.NUMBER, SpotKind.PLUS):
            self._draw_ground(painter, palette, part, rect(getattr(pill, part.value)))
        rounded(painter, box, radius, None, ring, width)
        painter.setPen(QPen(palette.border, 1))
        if pill.stacked:
            y = pill.minus.y
            painter.drawLine(QPointF(box.x() + 8, y), QPointF(box.right() - 8, y))
        else:
            x = pill.minus.x
            painter.drawLine(QPointF(x, box.y() + 6), QPointF(x, box.bottom() - 6))
        self._draw_activation(painter, palette, rect(pill.activation))
        painter.setFont(ui_font(BODY if self.column.count < 1000 else 11, BOLD))
        painter.setPen(palette.text)
        painter.drawText(rect(pill.number), CENTRE, self.words.units)
        self._draw_sign(painter, palette, rect(pill.minus), SpotKind.MINUS)
        self._draw_sign(painter, palette, rect(pill.plus), SpotKind.PLUS)

    def _draw_ground(
        self, painter: QPainter, palette: Palette, part: SpotKind, box: QRectF
    ) -> None:
        """A hovered part of the pill is raised; a pressed one is darker."""
        spot = Spot(part, self.layer)
        if spot != self.picture.hovered or not self.allows(part):
            return
        fill = palette.border if spot == self.picture.pressed else palette.raised
        inner = box.adjusted(3, 3, -3, -3)
        rounded(painter, inner, inner.height() / 2, fill)

    def allows(self, part: SpotKind) -> bool:
        """Whether a part of the pill can be used now."""
        if part is SpotKind.ACTIVATION:
            return True
        if self.layer == len(self.picture.sizes) - 1:
            return False
        if part is SpotKind.MINUS:
            return self.column.count > 1
        return part is not SpotKind.PLUS or self.column.count < MAX_UNITS

    def _draw_activation(self, painter: QPainter, palette: Palette, box: QRectF) -> None:
        painter.setFont(ui_font(BODY if box.width() > 84 else CAPTION, BOLD))
        metrics = painter.fontMetrics()
        arrow, gap = 7.0, 5.0
        label = metrics.elidedText(
            self.words.activation,
            Qt.TextElideMode.ElideRight,
            int(box.width() - arrow - gap - 4),
        )
        width = metrics.horizontalAdvance(label)
        x = box.x() + (box.width() - width - arrow - gap) / 2
        painter.setPen(palette.text)
        line = QRectF(x, box.y(), width + 4, box.height())
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, label)
        tip = QPointF(x + width + gap + arrow / 2, box.center().y() + 2.6)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.text)
        half = QPointF(arrow / 2, 0)
        up = QPointF(0, 5)
        painter.drawPolygon(QPolygonF([tip - half - up, tip + half - up, tip]))

    def _draw_sign(self, painter: QPainter, palette: Palette, box: QRectF, part: SpotKind) -> None:
        painter.setPen(QPen(palette.muted if self.allows(part) else palette.faint, 1.4))
        middle, arm = box.center(), 4.2
        painter.drawLine(middle - QPointF(arm, 0), middle + QPointF(arm, 0))
        if part is SpotKind.PLUS:
            painter.drawLine(middle - QPointF(0, arm), middle + QPointF(0, arm))


class EquationItem(LayerItem):
    """The equations of a layer, with the shapes of their arrays."""

    def bounds(self) -> QRectF:
        return rect(self.picture.layout.equation_box(self.layer)).adjusted(-2, -2, 2, 2)

    def draw(self, painter: QPainter, palette: Palette) -> None:
        box = rect(self.picture.layout.equation_box(self.layer))
        lit = self.layer == self.picture.lit
        mode = self.picture.layout.equations
        if mode.only_selected and not lit:
            self._draw_array(painter, palette)
            return
        if lit:
            emphasis = self.picture.emphasis
            role = "forward" if emphasis is None else emphasis.role
            soft, strong = getattr(palette, f"{role}_soft"), getattr(palette, role)
            rounded(painter, box, 8, soft, strong, 1.2)
        else:
            rounded(painter, box, 8, palette.surface, palette.border)
        painter.translate(box.center())
        painter.scale(self.picture.layout.text_scale, self.picture.layout.text_scale)
        if mode is Equations.LINE:
            self._draw_in_a_line(painter, palette)
        else:
            self._draw_lines(painter, palette, self.words.lines(mode), mode)

    def _draw_lines(
        self, painter: QPainter, palette: Palette, lines: list[tuple[str, bool]], mode: Equations
    ) -> None:
        """Write the lines around the origin."""
        heights = [16.0 if shapes else 20.0 for _, shapes in lines]
        y = -sum(heights) / 2
        for (line, shapes), height in zip(lines, heights, strict=True):
            painter.setFont(equation_font(mode, shapes))
            painter.setPen(palette.muted if shapes else palette.text)
            painter.drawText(QRectF(-400, y, 800, height), CENTRE, line)
            y += height

    def _draw_in_a_line(self, painter: QPainter, palette: Palette) -> None:
        """Write the lines in a row, around the origin."""
        mode = Equations.LINE
        x = -_line_width(self.words, mode) / 2
        for line, shapes in self.words.lines(mode):
            font = equation_font(mode, shapes)
            painter.setFont(font)
            painter.setPen(palette.muted if shapes else palette.text)
            width = QFontMetricsF(font).horizontalAdvance(line)
            painter.drawText(QRectF(x, -12, width + 4, 24), Qt.AlignmentFlag.AlignVCenter, line)
            x += width + LINE_GAP

    def _draw_array(self, painter: QPainter, palette: Palette) -> None:
        """If only the selected layer's equations have room: the shape of the others' output."""
        layout = self.picture.layout
        if layout.scale < 0.7:
            return  # too small to read
        room = QRectF(0, layout.equation_y, 110, layout.equations.height)
        room.moveCenter(QPointF(self.column.x, room.center().y()))
        if 0 < self.picture.lit < len(layout.columns):
            taken = rect(layout.equation_box(self.picture.lit))
            if taken.intersects(room):
                return
        painter.setFont(mono_font(10))
        painter.setPen(palette.muted)
        painter.drawText(room, CENTRE, self.words.array)


def equation_font(mode: Equations, shapes: bool) -> QFont:
    """The font of a line of equations or of shapes."""
    small = mode not in (Equations.FULL, Equations.SELECTED)
    if shapes:
        return mono_font(10 if small else 11)
    return math_font(13 if mode is Equations.LINE else 14 if small else 15)


def equation_widths(words: Sequence[Words]) -> Widths:
    """The widths of these layers' equations, in each of the ways to write them."""
    return Widths(*(max(_line_width(layer, mode) for layer in words[1:]) for mode in Equations))


def _line_width(words: Words, mode: Equations) -> float:
    """The width of the longest line, or of all if they are in one row."""
    widths = [
        QFontMetricsF(equation_font(mode, shapes)).horizontalAdvance(line)
        for line, shapes in words.lines(mode)
    ]
    return sum(widths) + 2 * LINE_GAP if mode is Equations.LINE else max(widths)
