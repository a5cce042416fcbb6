"""The slopes g'(z) of each layer over the training examples: where a gradient gets stuck."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from core.look.slopes import BINS, LayerSlopes, Slopes
from core.training.messages import Snapshot
from gui.model.document import Document
from gui.model.selection import Selection
from gui.model.training import Training
from gui.panels.base import Panel
from gui.style import text
from gui.style.theme import CAPTION, theme, ui_font
from gui.widgets import labels
from gui.widgets.card import Card
from gui.widgets.painting import smooth

TITLE = "Slopes"
HEAD, GAP = 16.0, 6.0  # px for the words over a layer's bars, and below them
ABOUT = (
    "On its way back a gradient is multiplied by g′(z), layer after layer. Bars at the left are"
    " units that are nearly flat: little of the gradient gets through them."
)


class SlopesPanel(Panel):
    """A row of bars for each layer, from the flattest slope to the steepest; a click selects it."""

    wanted_height = 216

    def __init__(self, document: Document, training: Training, selection: Selection) -> None:
        super().__init__(document, training, selection)
        self.layers: tuple[LayerSlopes, ...] = ()
        self._names: tuple[str, ...] = ()
        self.card = Card(TITLE)
        self.plot = _Rows("Slopes of the activations, layer by layer", self._paint)
        self.plot.setToolTip(ABOUT)
        self.readout = labels.caption("")
        self.card.body.addWidget(self.plot, 1)
        self.card.body.addWidget(self.readout)
        self.card.fill(self)
        self.plot.hovered.connect(self._on_hovered)
        self.plot.clicked.connect(self._on_clicked)
        theme().changed.connect(self.plot.update)

    def wants(self) -> tuple[Slopes]:
        return (Slopes(),)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        found = snapshot.answer(Slopes())
        if found is not None:
            self.layers, self._names = found, snapshot.project.activations
            self.plot.update()

    def says(self, l: int) -> str:
        """What is said of layer l: its activation, the mean slope and the share that is flat."""
        layer, name = self.layers[l - 1], self._names[l - 1]
        return (
            f"Layer {l}, {name}: mean slope {text.plain(layer.mean, 3)},"
            f" {text.percent(layer.flat, 0)} nearly flat"
        )

    def _rows(self, area: QRectF) -> list[QRectF]:
        """Where each layer is drawn, the first at the top."""
        high = area.height() / max(len(self.layers), 1)
        return [
            QRectF(area.left(), area.top() + i * high, area.width(), high)
            for i in range(len(self.layers))
        ]

    def _paint(self, painter: QPainter, area: QRectF) -> None:
        palette = theme().palette
        painter.setFont(ui_font(CAPTION))
        for l, row in enumerate(self._rows(area), start=1):
            layer = self.layers[l - 1]
            chosen = l == self.selection.layer
            painter.setPen(palette.text if chosen else palette.muted)
            head = QRectF(row.left(), row.top(), row.width(), HEAD)
            painter.drawText(head, Qt.AlignmentFlag.AlignVCenter, self.says(l))
            floor, room = row.bottom() - GAP, max(row.height() - HEAD - GAP, 1.0)
            most, wide = max(int(layer.counts.max()), 1), row.width() / BINS
            for i, count in enumerate(layer.counts):
                high = room * int(count) / most
                bar = QRectF(row.left() + i * wide + 1, floor - high, wide - 2, high)
                painter.fillRect(bar, palette.backward)
            painter.setPen(palette.border)
            painter.drawLine(QPointF(row.left(), floor), QPointF(row.right(), floor))

    def _layer_at(self, at: QPointF) -> int | None:
        rows = enumerate(self._rows(QRectF(self.plot.rect())), start=1)
        return next((l for l, row in rows if row.contains(at)), None)

    @Slot(object)
    def _on_hovered(self, at: QPointF | None) -> None:
        l = None if at is None else self._layer_at(at)
        if at is None or l is None:
            self.readout.clear()
            return
        layer = self.layers[l - 1]
        i = min(max(int(at.x() / max(self.plot.width(), 1) * BINS), 0), BINS - 1)
        step = (layer.high - layer.low) / BINS
        low, high = (text.plain(layer.low + k * step, 3) for k in (i, i + 1))
        share = layer.counts[i] / max(int(layer.counts.sum()), 1)
        self.readout.setText(f"Slopes from {low} to {high}: {text.percent(share, 0)}")

    @Slot(object)
    def _on_clicked(self, at: QPointF) -> None:
        l = self._layer_at(at)
        if l is not None:
            self.selection.select_layer(l)
            self.plot.update()


class _Rows(QWidget):
    """Is painted by its panel, and tells where the mouse is and clicks."""

    hovered = Signal(object)  # QPointF, None once the mouse has left
    clicked = Signal(object)  # QPointF

    def __init__(self, name: str, draw: Callable[[QPainter, QRectF], None]) -> None:
        super().__init__()
        self._draw = draw
        self.setAccessibleName(name)
        self.setMouseTracking(True)

    def minimumSizeHint(self) -> QSize:
        return QSize(80, 48)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.hovered.emit(event.position())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.clicked.emit(event.position())

    def leaveEvent(self, event: QEvent) -> None:
        self.hovered.emit(None)

    def paintEvent(self, _event: QPaintEvent) -> None:
        with smooth(self) as painter:
            self._draw(painter, QRectF(self.rect()))
