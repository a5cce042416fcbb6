"""A paged gallery of examples that are pictures; click or arrow keys select one."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QImage, QKeyEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from core.data.examples import Indices, Split
from core.data.pixels import example_picture, mixed_order, order_of
from gui.style import text
from gui.style.theme import BODY, theme
from gui.widgets import labels
from gui.widgets.buttons import button
from gui.widgets.painting import focus_ring, rounded, smooth
from gui.widgets.picture_view import draw_pixels, rgb_image
from gui.widgets.rows import in_column, in_row
from gui.widgets.tooltips import show_tip

ROWS = 3
FINE = 20  # side of a picture in pixels, from which it is enlarged
GAP = 4.0


class ExampleGallery(QWidget):
    """A page of training examples with mixed classes, with buttons for the other pages.

    Emits `chosen(k)`, a column of the training examples. `show_example` emits nothing.
    """

    chosen = Signal(object)  # int
    lab_wanted = Signal(object)  # int: the example to show as a column

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.which = labels.caption("")
        self.back = button("◂", "link", tip=self.tr("Previous pictures"))
        self.on = button("▸", "link", tip=self.tr("More pictures"))
        self.sheet = _Sheet()
        self.note = labels.caption("", wrap=True)
        self.lab = button(
            self.tr("Open in a lab"), "link", tip=self.tr("See a picture beside its column of X")
        )
        head = in_row(
            labels.label(self.tr("Examples"), BODY, tone="muted"),
            None,
            self.which,
            self.back,
            self.on,
        )
        in_column(
            head,
            self.sheet,
            self.note,
            (self.lab, 0, Qt.AlignmentFlag.AlignLeft),
            on=self,
            margins=0,
            spacing=4,
        )
        self.lab.clicked.connect(lambda: self.lab_wanted.emit(self.sheet.first))
        self.back.clicked.connect(lambda: self._turn(-1))
        self.on.clicked.connect(lambda: self._turn(1))
        self.sheet.chosen.connect(self.chosen)
        self.sheet.turned.connect(self._say)

    def show_split(self, split: Split) -> None:
        """Show the first page of these examples, which are pictures."""
        assert split.picture is not None
        self.sheet.show_split(split)
        self.note.setText(
            self.tr("{order}; 0 is black, 1 is white.").format(order=order_of(split.picture))
        )
        self._say()

    def show_example(self, example: int | None) -> None:
        """Frame the chosen example, and turn to its page."""
        self.sheet.show_example(example)

    def _turn(self, by: int) -> None:
        self.sheet.turn(by)

    def _say(self) -> None:
        sheet = self.sheet
        self.which.setText(f"{text.count(sheet.page + 1)} of {text.count(sheet.pages)}")
        self.back.setEnabled(sheet.page > 0)
        self.on.setEnabled(sheet.page < sheet.pages - 1)


class _Sheet(QWidget):
    """The pictures of one page; arrow keys move to a neighbour."""

    chosen = Signal(object)
    turned = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._split: Split | None = None
        self._order: Indices = np.empty(0, np.intp)
        self._place: Indices = self._order  # of each example in that order
        self._images: list[QImage] = []
        self._example: int | None = None
        self.columns, self.page = 6, 0
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName(self.tr("Examples as pictures"))
        self.setAccessibleDescription(self.tr("The arrow keys choose an example"))

    @property
    def each(self) -> int:
        """Pictures on a page."""
        return self.columns * ROWS

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return -(-len(self._order) // self.each)

    def show_split(self, split: Split) -> None:
        assert split.picture is not None
        self._split, self._order = split, mixed_order(split)
        self._place = np.argsort(self._order)
        self.columns = 6 if max(split.picture[:2]) < FINE else 4
        self._open(0)
        self.updateGeometry()

    @property
    def first(self) -> int:
        """The chosen example, or the first of the page."""
        return int(self._order[self.page * self.each]) if self._example is None else self._example

    def show_example(self, example: int | None) -> None:
        self._example = example
        if example is not None and example < len(self._place):
            self._open(int(self._place[example]) // self.each, anew=False)
        self.update()

    def turn(self, by: int) -> None:
        self._open(min(max(self.page + by, 0), self.pages - 1))

    def shown(self) -> Indices:
        """The examples of this page."""
        return self._order[self.page * self.each : (self.page + 1) * self.each]

    def box(self, place: int) -> QRectF:
        """The rectangle of a picture of this page."""
        side = (self.width() - (self.columns - 1) * GAP) / self.columns
        row, column = divmod(place, self.columns)
        return QRectF(column * (side + GAP), row * (side + GAP), side, side)

    def _open(self, page: int, anew: bool = True) -> None:
        if self._split is not None and (anew or page != self.page):
            self.page = page
            split = self._split
            self._images = [rgb_image(example_picture(split, int(k))) for k in self.shown()]
            self.turned.emit()
            self.update()

    def _at(self, point: QPointF) -> int | None:
        """The example under a point."""
        for place, k in enumerate(self.shown()):
            if self.box(place).contains(point):
                return int(k)
        return None

    def _words(self, k: int) -> str:
        split = self._split
        assert split is not None
        Y = split.train.Y[:, k]
        if split.kind == "regression":
            label = text.number(float(Y[0]))
        else:
            label = split.class_names[int(Y[0]) if len(Y) == 1 else int(Y.argmax())]
        return f"Example {text.count(k + 1)}: {label}"

    def sizeHint(self) -> QSize:
        return QSize(200, self.heightForWidth(max(self.width(), 120)))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, 40)

    def heightForWidth(self, width: int) -> int:
        side = (width - (self.columns - 1) * GAP) / self.columns
        rows = min(-(-len(self._order) // self.columns), ROWS) or 1
        return round(rows * side + (rows - 1) * GAP)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            k = self._at(event.pos().toPointF())
            show_tip(event.globalPos(), "" if k is None else self._words(k), self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        k = self._at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and k is not None:
            self.chosen.emit(k)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            int(Qt.Key.Key_Left): -1,
            int(Qt.Key.Key_Right): 1,
            int(Qt.Key.Key_Up): -self.columns,
            int(Qt.Key.Key_Down): self.columns,
        }
        step, m = steps.get(event.key()), len(self._order)
        if step is None or not m:
            super().keyPressEvent(event)
            return
        if self._example is None or self._example >= m:
            place = self.page * self.each
        else:
            place = min(max(int(self._place[self._example]) + step, 0), m - 1)
        self.chosen.emit(int(self._order[place]))

    def paintEvent(self, _event: QPaintEvent) -> None:
        with smooth(self) as painter:
            for place, (k, seen) in enumerate(zip(self.shown(), self._images, strict=True)):
                box = self.box(place).adjusted(1, 1, -1, -1)
                draw_pixels(painter, box, seen)
                if k == self._example:
                    rounded(painter, box, 3, None, theme().palette.accent, 2.5)
            if self.hasFocus():
                focus_ring(painter, QRectF(self.rect()), 4)
