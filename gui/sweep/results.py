"""The results of a sweep as a heat map or curve, in one of four metrics."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QHBoxLayout,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gui.plots.around import PlotOrSentence, switch
from gui.style.theme import theme
from gui.sweep.curve import SweepCurve
from gui.sweep.grid import SweepGrid
from gui.sweep.shown import METRIC_NAMES, CellIndex, ShownCells, said_of, sibling
from gui.widgets import labels
from gui.widgets.buttons import button
from gui.widgets.card import Card
from gui.widgets.painting import focus_ring, smooth

NOTHING_YET = "Choose what to vary, or a preset, and press Start."
MARGIN = 6.0
_KEYS = {
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
}
OPENING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class ResultView(QWidget):
    """Draws the results; emits `pointed` for the cell under the mouse or cursor, and `opened`."""

    pointed = Signal(object)  # CellIndex or None
    opened = Signal(object)  # Outcome

    def __init__(self) -> None:
        super().__init__()
        self._shown: ShownCells | None = None
        self._grid: SweepGrid | None = None
        self.curve = SweepCurve("Results of the sweep")
        self.curve.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the view has the keys
        self.curve.hovered.connect(self._on_hovered)
        self.curve.clicked.connect(self._on_clicked)
        self.curve.hide()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(2, 2, 2, 2)  # the ring of the focus
        whole.addWidget(self.curve)
        self._lit: CellIndex | None = None
        self._ringed = False  # only keyboard users see the cursor
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumSize(QSize(280, 200))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme().changed.connect(self.update)

    def show_results(self, shown: ShownCells, logarithmic: bool = False) -> None:
        """Draw these."""
        if self._shown is not None and shown.shape != self._shown.shape:
            self.point(None)
        self._shown = shown
        self._grid = SweepGrid(shown) if len(shown.axes) == 2 else None
        self.curve.setVisible(self._grid is None)
        if self._grid is None:
            self.curve.show_curve(shown, logarithmic=logarithmic)
        self.pointed.emit(self._lit)
        self.update()

    @property
    def lit(self) -> CellIndex | None:
        """The cell that the mouse or the keyboard is on."""
        return self._lit

    @property
    def grid(self) -> SweepGrid | None:
        """The heat map of two axes, and its rectangle."""
        return self._grid

    @property
    def area(self) -> QRectF:
        """The rectangle of the drawing."""
        return QRectF(self.rect()).adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)

    def point(self, place: CellIndex | None) -> None:
        """Read this cell out, as the mouse does; none with None."""
        if place != self._lit:
            self._lit = place
            made = self._shown is not None and place in self._shown.cells
            hand = Qt.CursorShape.PointingHandCursor if made else Qt.CursorShape.ArrowCursor
            self.setCursor(hand)
            self.curve.light(place)
            self.pointed.emit(place)
            self.update()

    def _open(self, place: CellIndex, seed: int | None = None) -> None:
        outcome = None if self._shown is None else self._shown.to_open(place, seed)
        if outcome is not None:
            self.opened.emit(outcome)

    def _step(self, down: int, across: int) -> None:
        assert self._shown is not None
        shape = self._shown.shape
        if self._lit is None:
            self.point((0,) * len(shape))
            return
        by = (down, across) if len(shape) == 2 else (across,)
        moved = [min(max(i + d, 0), n - 1) for i, d, n in zip(self._lit, by, shape, strict=True)]
        self.point(tuple(moved))

    def _on_hovered(self, at: QPointF | None) -> None:
        found = None if at is None else self.curve.at(at)
        self.point(found[0] if found else None)

    def _on_clicked(self, at: QPointF) -> None:
        found = self.curve.at(at)
        if found:
            self._open(*found)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        found = self._grid.at(self.area, event.position()) if self._grid else None
        self.point(found[0] if found else None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        found = self._grid.at(self.area, event.position()) if self._grid else None
        if event.button() == Qt.MouseButton.LeftButton and found:
            self._open(*found)

    def leaveEvent(self, event: QEvent) -> None:
        self.point(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _KEYS.get(Qt.Key(event.key()))
        plain = not event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if self._shown is not None and step is not None and plain:
            self._step(*step)
        elif self._lit is not None and event.key() in OPENING:
            self._open(self._lit)
        elif self._grid is None:
            self.curve.keyPressEvent(event)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._ringed = event.reason() in (
            Qt.FocusReason.TabFocusReason,
            Qt.FocusReason.BacktabFocusReason,
        )
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        with smooth(self) as painter:
            if self._grid is not None:
                self._grid.draw(painter, self.area, self._lit)
            if self.hasFocus() and self._ringed:
                focus_ring(painter, QRectF(self.rect()), 6)


class Results(Card):
    """The view with a choice of metric, the values under the mouse, and Export."""

    opened = Signal(object)  # Outcome
    export_requested = Signal()
    metric_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__(self.tr("Results"))
        self.chosen = "train_cost"
        self._shown: ShownCells | None = None
        self.view = ResultView()
        self.legend = labels.caption("")
        self.legend.setTextFormat(Qt.TextFormat.RichText)
        self.export = button(self.tr("Export CSV…"), "link", "export")
        self.export.setToolTip(self.tr("Show one row per combination, with its spread"))
        self.export.setAutoDefault(False)
        self.export.setEnabled(False)
        self.export.clicked.connect(self.export_requested)
        self.add_header(self.legend)
        self.log = switch(
            self.tr("log"),
            self.tr("Logarithmic scale: equal steps are equal factors"),
            lambda: self.metric_chosen.emit(self.chosen),
        )
        self.add_header(self.log)
        self.kinds = self._pair(
            {"cost": self.tr("cost"), "accuracy": self.tr("accuracy"), "r2": "R²"},
            self.tr("Compare the runs by their cost, or by how well they predict"),
        )
        self.sets = self._pair(
            {"train": self.tr("training"), "test": self.tr("test")},
            self.tr("Training or test examples"),
        )
        self.add_header(self.export)
        self._body = PlotOrSentence(self.view)
        self._body.say(NOTHING_YET)
        self.said = labels.label("", 13, wrap=True)
        self.said.setMinimumHeight(2 * self.said.fontMetrics().height() + 2)
        self.said.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.body.addWidget(self._body, 1)
        self.body.addWidget(self.said)
        self.view.pointed.connect(self._say)
        self.view.opened.connect(self.opened)
        theme().changed.connect(self._draw_legend)
        self.choose_metric(self.chosen)
        self._enable()

    def _pair(self, choices: dict[str, str], tip: str) -> QButtonGroup:
        """A pair of exclusive buttons in the header."""
        group = QButtonGroup(self)
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        for key, words in choices.items():
            made = button(words, "segment", tip=tip)
            made.setAutoDefault(False)
            made.setProperty("key", key)
            group.addButton(made)
            row.addWidget(made)
        group.buttonClicked.connect(lambda _: self._choose())
        self.add_header(holder)
        return group

    def _choose(self) -> None:
        part, kind = (_key(group.checkedButton()) for group in (self.sets, self.kinds))
        self.chosen = f"{part}_{kind}"
        self.metric_chosen.emit(self.chosen)

    def choose_metric(self, metric: str) -> None:
        """Show another metric; `metric_chosen` is not emitted."""
        self.chosen = metric
        part, _, kind = metric.partition("_")
        for group, key in ((self.kinds, kind), (self.sets, part)):
            for made in group.buttons():
                made.setChecked(_key(made) == key)

    def show_results(self, shown: ShownCells | None, sentence: str = NOTHING_YET) -> None:
        """Draw these, or say why there is nothing to draw."""
        self._shown = shown
        self._body.say("" if shown is not None else sentence)
        curve = shown is not None and len(shown.axes) == 1
        self.log.setVisible(curve and self.chosen.endswith("cost"))
        self.export.setEnabled(shown is not None and bool(shown.cells))
        if shown is not None:
            self.view.show_results(shown, self.log.isChecked() and self.log.isVisibleTo(self))
        self._enable()
        self._draw_legend()

    def _enable(self) -> None:
        """Disable metrics that no run has: regression has R², classes have an accuracy."""
        shown = self._shown
        values = shown is not None and (shown.has("train_r2") or shown.has("test_r2"))
        for made in self.kinds.buttons():
            unfit = _key(made) == ("accuracy" if values else "r2")
            made.setVisible(made.isChecked() or not unfit)
        for group in (self.kinds, self.sets):
            for made in group.buttons():
                part, _, kind = self.chosen.partition("_")
                key = _key(made)
                metric = f"{part}_{key}" if group is self.kinds else f"{key}_{kind}"
                has = self._shown is None or not self._shown.cells or self._shown.has(metric)
                made.setEnabled(has or made.isChecked())
                made.setToolTip(
                    self.tr("Show the {}").format(METRIC_NAMES[metric])
                    if has
                    else self.tr("This sweep has no {}").format(METRIC_NAMES[metric])
                )

    def _draw_legend(self) -> None:
        """The legend of the lines of a curve."""
        palette, shown = theme().palette, self._shown
        words = []
        if shown is not None and len(shown.axes) == 1 and shown.cells:
            colours = {"train": palette.positive.name(), "test": palette.negative.name()}
            for metric, line in ((shown.metric, "━"), (sibling(shown.metric), "╍")):
                part = metric.partition("_")[0]
                if shown.has(metric):
                    name = METRIC_NAMES[metric].partition(" ")[0]
                    words.append(f'<span style="color:{colours[part]}">{line}</span> {name}')
        self.legend.setText("&nbsp; ".join(words))

    def _say(self, place: CellIndex | None) -> None:
        if place is None or self._shown is None:
            self.said.setText("")
            return
        more = self.tr(" — click to open it") if place in self._shown.cells else ""
        self.said.setText(said_of(self._shown, place) + more)
        self.view.setAccessibleDescription(self.said.text())


def _key(made: QAbstractButton | None) -> str:
    assert made is not None
    key: str = made.property("key")
    return key
