"""Items between the columns: the `+` of every gap, the drop mark, the dragged chip."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem

from gui.canvas.fonts import ui_font
from gui.canvas.layout import Box, Spot, SpotKind
from gui.canvas.picture import Picture
from gui.style.theme import BODY, CAPTION, theme
from gui.widgets.painting import rounded

CENTRE = Qt.AlignmentFlag.AlignCenter
ADD = "Add a hidden layer here"


class InsertItem(QGraphicsItem):
    """The `+` that inserts a hidden layer as layer `layer`."""

    def __init__(self, picture: Picture, layer: int) -> None:
        super().__init__()
        self._picture, self._layer = picture, layer
        self._box = QRectF(*picture.layout.inserts()[layer - 1])
        self.setZValue(3)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def boundingRect(self) -> QRectF:
        box = self._box.adjusted(-4, -4, 4, 4)
        return box.united(self.words_place) if self._has_words else box

    @property
    def _has_words(self) -> bool:
        """Whether no layer has been added yet."""
        return len(self._picture.sizes) == 2

    @property
    def words_place(self) -> QRectF:
        """Where its words are: below it, and left of a pill that is as low as they."""
        wide = QFontMetricsF(ui_font(CAPTION)).horizontalAdvance(ADD) + 2
        place = QRectF(self._box.center().x() - wide / 2, self._box.bottom() + 4, wide, 18)
        pill = self._picture.layout.columns[self._layer].pill
        if pill is not None and pill.box.bottom > place.top():
            place.moveRight(min(place.right(), pill.box.x - 6))
        return place

    def paint(self, painter: QPainter, *_: object) -> None:
        palette = theme().palette
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = self._box
        spot = Spot(SpotKind.INSERT, self._layer)
        hovered, pressed = self._picture.hovered == spot, self._picture.pressed == spot
        fill, ink, border = palette.surface, palette.accent, palette.border
        if hovered:
            fill, ink, border = palette.accent, palette.accent_text, palette.accent
            box = box if pressed else box.adjusted(-1.5, -1.5, 1.5, 1.5)
        rounded(painter, box, box.width() / 2, fill, border)
        painter.setPen(QPen(ink, 1.8))
        middle = box.center()
        painter.drawLine(middle - QPointF(4.5, 0), middle + QPointF(4.5, 0))
        painter.drawLine(middle - QPointF(0, 4.5), middle + QPointF(0, 4.5))
        if self._has_words:
            painter.setFont(ui_font(CAPTION))
            painter.setPen(palette.accent)
            painter.drawText(self.words_place, CENTRE, ADD)


class DropItem(QGraphicsItem):
    """The target of a dragged layer: a dashed outline of its column, or a line in a gap."""

    def __init__(self, box: Box) -> None:
        super().__init__()
        self._box = QRectF(*box)
        self.setZValue(1)

    def boundingRect(self) -> QRectF:
        return self._box.adjusted(-3, -3, 3, 3)

    def paint(self, painter: QPainter, *_: object) -> None:
        palette = theme().palette
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        fill = QColor(palette.accent)
        fill.setAlphaF(0.07)
        painter.setBrush(fill)
        painter.setPen(QPen(palette.accent, 1.6, Qt.PenStyle.DashLine))
        painter.drawRoundedRect(self._box, 10, 10)


class GhostItem(QGraphicsItem):
    """The chip of a new layer while it is dragged from the palette."""

    def __init__(self, label: str) -> None:
        super().__init__()
        self._label = label
        self.setZValue(9)
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIgnoresTransformations)

    def boundingRect(self) -> QRectF:
        return QRectF(-60, -18, 120, 36)

    def paint(self, painter: QPainter, *_: object) -> None:
        palette = theme().palette
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(-55, -15, 110, 30)
        rounded(painter, box.translated(0, 2), 15, QColor(0, 0, 0, 30))
        rounded(painter, box, 15, palette.surface, palette.accent, 1.6)
        painter.setFont(ui_font(BODY, QFont.Weight.DemiBold))
        painter.setPen(palette.text)
        painter.drawText(box, CENTRE, self._label)
