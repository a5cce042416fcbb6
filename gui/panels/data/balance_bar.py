"""The class balance as a bar in the classes' colours, with draggable dividers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate, count, pairwise

from PySide6.QtCore import QElapsedTimer, QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.style import text
from gui.style.theme import BODY, class_colours, px, pxf, theme
from gui.widgets import labels
from gui.widgets.commit_edit import CommitEdit
from gui.widgets.painting import focus_ring, rounded, smooth
from gui.widgets.rows import in_column, in_row
from gui.widgets.tooltips import show_tip

STEPS = 100  # a share is set in hundredths
_HEIGHT, _BAR, _R = 24, 10.0, 7.0
_PAUSE = 1000  # ms; key presses closer than this are one edit
_serial = count(1)
Key = Qt.Key


class BalanceField(QWidget):
    """Shows and sets the share of each class; `edited(shares, key)` has () for even shares.

    The key is the same during one drag. `set_value` emits nothing. Shares can also be typed:
    "90 10" or "3, 1, 1", in any unit.
    """

    edited = Signal(object, str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.bar = BalanceBar(name)
        self.bar.moved.connect(self.edited)
        self.edit = CommitEdit()
        self.edit.setProperty("variant", "flat")
        self.edit.setAccessibleName(name)
        self.edit.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.edit.committed.connect(self._take)
        top = in_row(labels.label(name, BODY, tone="muted"), (self.edit, 1))
        in_column(top, self.bar, on=self, margins=0, spacing=1)

    def set_value(self, shares: Sequence[float], classes: int) -> None:
        """Show the shares of this many classes; () is even."""
        self.bar.set_value(shares, classes)
        self.edit.show_text(written(self.bar.shares))
        if not self.edit.hasFocus():
            self.edit.setCursorPosition(0)  # of many shares the first are shown

    def _take(self, typed: str) -> None:
        try:
            shares = read(typed, len(self.bar.shares))
        except ValueError:
            self.edit.show_text(written(self.bar.shares))
            return
        self.edited.emit(shares, "")


class BalanceBar(QWidget):
    """The bar itself: drag a divider; ← → move the chosen one, ↑ ↓ choose another, Home evens."""

    moved = Signal(object, str)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shares: tuple[float, ...] = (0.5, 0.5)
        self._chosen, self._held = 0, False
        self._key, self._since = "", QElapsedTimer()
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def set_value(self, shares: Sequence[float], classes: int) -> None:
        """Show the shares of this many classes; () is even."""
        self.shares = tuple(shares) or (1 / classes,) * classes
        self._chosen = min(self._chosen, len(self.shares) - 2)
        self.setAccessibleDescription(written(self.shares))
        self.update()

    def divider(self, j: int) -> QPointF:
        """The position of the divider between class j and the next, in pixels."""
        area = self._area()
        return QPointF(area.left() + sum(self.shares[: j + 1]) * area.width(), area.center().y())

    def _area(self) -> QRectF:
        bar, r = pxf(_BAR), pxf(_R)
        return QRectF(r, (self.height() - bar) / 2, self.width() - 2 * r, bar)

    def _nearest(self, x: float) -> int:
        """The divider nearest to x; of several at one place the one that can move towards x."""
        away = [abs(self.divider(j).x() - x) for j in range(len(self.shares) - 1)]
        near = [j for j, by in enumerate(away) if by <= min(away) + 0.5]
        return near[-1] if x >= self.divider(near[0]).x() else near[0]

    def _move_to(self, place: float) -> None:
        """Move the chosen divider to this share of the whole, between its neighbours."""
        ends = [0.0, *accumulate(self.shares)]
        j = self._chosen + 1
        place = round(min(max(place, ends[j - 1]), ends[j + 1]) * STEPS) / STEPS
        ends[j] = min(max(place, ends[j - 1]), ends[j + 1])
        shares = [round(b - a, 9) for a, b in pairwise(ends)]
        self._set(tuple(shares))

    def _set(self, shares: tuple[float, ...]) -> None:
        if shares == self.shares:
            return
        if not self._key or (not self._held and self._rested()):
            self._new_key()
        self._since.start()
        self.set_value(shares, len(shares))
        self.moved.emit(even_or(shares), self._key)

    def _rested(self) -> bool:
        return not self._since.isValid() or self._since.elapsed() > _PAUSE

    def _new_key(self) -> None:
        self._key = f"balance {next(_serial)}"

    def sizeHint(self) -> QSize:
        return QSize(px(120), px(_HEIGHT))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            area = self._area()
            at = (event.pos().x() - area.left()) / area.width()
            ends = list(accumulate(self.shares))
            j = next((j for j, end in enumerate(ends) if at <= end), len(ends) - 1)
            share = text.percent(self.shares[j], 0)
            said = f"Class {j}: {share} of the examples. Drag a divider; double-click evens them."
            show_tip(event.globalPos(), said, self)
            return True
        return super().event(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._held = True
            self._new_key()
            self._chosen = self._nearest(event.position().x())
            self.mouseMoveEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held:
            area = self._area()
            self._move_to((event.position().x() - area.left()) / area.width())
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._held = False
        self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._even()

    def _even(self) -> None:
        self._set((1 / len(self.shares),) * len(self.shares))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        by = {Key.Key_Left: -1, Key.Key_Right: 1, Key.Key_PageDown: -10, Key.Key_PageUp: 10}
        other = {Key.Key_Up: -1, Key.Key_Down: 1}
        key = Key(event.key())
        if key in by:
            self._move_to(sum(self.shares[: self._chosen + 1]) + by[key] / STEPS)
        elif key in other:
            self._chosen = min(max(self._chosen + other[key], 0), len(self.shares) - 2)
            self.update()
        elif key == Key.Key_Home:
            self._even()
        else:
            event.ignore()

    def paintEvent(self, _event: QPaintEvent) -> None:
        area = self._area()
        with smooth(self) as painter:
            left, whole = area.left(), QPainterPath()
            whole.addRoundedRect(area, 4, 4)
            painter.setClipPath(whole)
            for share, colour in zip(self.shares, class_colours(len(self.shares)), strict=True):
                part = QRectF(left, area.top(), share * area.width(), area.height())
                painter.fillRect(part, colour)
                left = part.right()
            painter.setClipping(False)
            for j in range(len(self.shares) - 1):
                self._draw_divider(painter, j)
            if self.hasFocus():
                focus_ring(painter, QRectF(self.rect()).adjusted(1, 1, -1, -1), 6)

    def _draw_divider(self, painter: QPainter, j: int) -> None:
        palette = theme().palette
        chosen = j == self._chosen and (self.hasFocus() or self._held)
        grip = QRectF(0, 0, pxf(8), pxf(18))
        grip.moveCenter(self.divider(j))
        border = palette.accent if chosen else palette.muted
        rounded(painter, grip, 4, palette.surface, border, 2.0 if chosen else 1.2)


def even_or(shares: Sequence[float]) -> tuple[float, ...]:
    """The shares, or () if they are even."""
    n = len(shares)
    return () if all(abs(share - 1 / n) < 1e-6 for share in shares) else tuple(shares)


def written(shares: Sequence[float]) -> str:
    """The shares in per cent: "90 / 10 %", of more than three "40 20 20 20"; "even" if they are."""
    if len(shares) > 2 and not even_or(shares):
        return "even"
    parts = [text.percent(share, 0).removesuffix(" %") for share in shares]
    return " / ".join(parts) + " %" if len(parts) < 4 else " ".join(parts)


def read(typed: str, classes: int) -> tuple[float, ...]:
    """Parse typed shares, in any unit; () for even ones. Raises ValueError for anything else."""
    if typed.strip().lower() == "even":
        return ()
    bare = typed.replace("%", " ").strip()
    numbers = [float(part) for part in re.split(r"[\s,;/:]+", bare)]
    total = sum(numbers)
    if len(numbers) != classes or not all(0 <= n <= total for n in numbers) or not 0 < total < 1e9:
        raise ValueError(typed)
    return even_or([n / total for n in numbers])
