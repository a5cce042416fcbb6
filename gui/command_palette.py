"""The command palette: finds any command, panel, setting or data set by typing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from gui.parts import Kind, Part, Parts, focus_part
from gui.style.theme import BODY, CAPTION, px, theme, ui_font
from gui.widgets.painting import rounded, smooth
from gui.widgets.rows import in_column

FOUND = (Kind.COMMAND, Kind.PANEL, Kind.SETTING, Kind.DATA, Kind.CONTROL)
CHANGES = (Kind.COMMAND, Kind.DATA)  # the other kinds are only brought, which no lesson locks
WIDTH, ROW, MOST_ROWS = 520, 30, 12
_ITEM = Qt.ItemDataRole.UserRole
_Index = QModelIndex | QPersistentModelIndex


class CommandPalette(QWidget):
    """A field with a list of matches; Enter runs a command or shows the part.

    Opened again it is empty and lists everything, last used first.
    """

    def __init__(self, parts: Parts, window: QWidget) -> None:
        super().__init__(window, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self._parts, self._window = parts, window
        self._all: list[Part] = []
        self._used: list[str] = []  # keys, the last one first
        self.setAccessibleName(self.tr("Command palette"))
        self.field = _Field(self)
        self.field.setPlaceholderText(self.tr("Find a command, panel, setting or data set"))
        self.field.setAccessibleName(self.field.placeholderText())
        self.field.textChanged.connect(self._search)
        self.field.moved.connect(self._move)
        self.field.returnPressed.connect(self.carry_out)
        self.found = _Found()
        self.list = QListView(self)
        self.list.setModel(self.found)
        self.list.setItemDelegate(_Row(self.list))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.list.setFrameShape(QListView.Shape.NoFrame)
        self.list.setMouseTracking(True)
        self.list.entered.connect(self.list.setCurrentIndex)
        self.list.clicked.connect(lambda _index: self.carry_out())
        in_column(self.field, self.list, on=self, margins=8, spacing=6)

    def open(self) -> None:
        """Open over the upper part of the window, with the focus in the field."""
        self._all = [
            part
            for part in self._parts
            if part.kind in FOUND and part.title and not _is_a_command_too(part)
        ]
        self.field.clear()
        self._search("")
        self._fit()
        self.show()
        self.field.setFocus()

    def carry_out(self) -> None:
        """Apply the chosen match: trigger a command, choose a data set, or show the part."""
        part = self.found.part(self.list.currentIndex().row())
        if part is None or not _is_on(part):
            return
        self._used = [part.key, *(key for key in self._used if key != part.key)]
        self.close()
        QTimer.singleShot(0, self, lambda: self._do(part))  # once the key and this window are gone

    def _do(self, part: Part) -> None:
        if part.kind in CHANGES and not self._parts.allows(part.key):
            self._parts.refused.emit(part.key)
        elif part.kind is Kind.COMMAND and part.action is not None:
            part.action.trigger()
        elif part.kind is Kind.DATA and isinstance(part.widget, QAbstractButton):
            part.bring()
            part.widget.click()
        else:
            focus_part(part)

    def _search(self, typed: str) -> None:
        ranked = [(rank(typed, part), part) for part in self._all]
        recent = {key: place for place, key in enumerate(self._used)}
        chosen = sorted(
            ((worth, part) for worth, part in ranked if worth is not None),
            key=lambda each: (each[0], recent.get(each[1].key, len(recent)), each[1].title),
        )
        self.found.show([part for _, part in chosen])
        self.list.setCurrentIndex(self.found.index(0))
        self.list.scrollToTop()
        self.list.setAccessibleName(self.tr("{count} found").format(count=len(chosen)))

    def _move(self, by: int) -> None:
        count = self.found.rowCount()
        if count:
            row = (self.list.currentIndex().row() + by) % count
            self.list.setCurrentIndex(self.found.index(row))

    def _fit(self) -> None:
        window = self._window
        screen = window.screen().availableGeometry()
        width = min(px(WIDTH), window.width() - 40)
        height = min(px(ROW) * (MOST_ROWS + 2), window.height() - 120, screen.height() - 120)
        at = window.mapToGlobal(QPoint((window.width() - width) // 2, 60))
        place = QRect(at, QSize(width, max(height, px(ROW) * 4)))
        place.moveLeft(max(min(place.left(), screen.right() - place.width()), screen.left()))
        place.moveTop(max(min(place.top(), screen.bottom() - place.height()), screen.top()))
        self.setGeometry(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        palette = theme().palette
        with smooth(self) as painter:
            rounded(painter, self.rect().toRectF(), 10, palette.surface, palette.border)


def rank(typed: str, part: Part) -> tuple[int, int] | None:
    """How well a part matches the typed text, lowest first; None if it does not.

    Every typed word must begin a word of the title or of the key, or at least occur in one.
    """
    title, key = part.title.casefold(), part.key.casefold()
    wanted = typed.casefold().split()
    if not wanted:
        return (0, 0)
    words = title.replace("-", " ").split()
    others = [*key.replace(".", " ").replace("_", " ").split(), part.kind.value]
    worst = 0
    for word in wanted:
        if any(each.startswith(word) for each in words):
            continue
        if word in title:
            worst = max(worst, 1)
        elif any(each.startswith(word) for each in others):
            worst = max(worst, 2)
        else:
            return None
    return (worst, 0 if title.startswith(wanted[0]) else 1)


def _is_a_command_too(part: Part) -> bool:
    """Whether a button only triggers a command that is in the list itself."""
    return part.kind is Kind.CONTROL and part.action is not None


def _is_on(part: Part) -> bool:
    if part.kind is Kind.COMMAND and part.action is not None:
        return part.action.isEnabled()
    return part.kind is not Kind.DATA or part.widget is None or part.widget.isEnabled()


class _Field(QLineEdit):
    """Leaves the arrows to the list."""

    moved = Signal(int)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8}
        steps[Qt.Key.Key_PageUp] = -8
        by = steps.get(Qt.Key(event.key()))
        if by is None:
            super().keyPressEvent(event)
        else:
            self.moved.emit(by)


class _Found(QAbstractListModel):
    """The matches, best first."""

    def __init__(self) -> None:
        super().__init__()
        self._parts: Sequence[Part] = ()

    def show(self, parts: Sequence[Part]) -> None:
        self.beginResetModel()
        self._parts = parts
        self.endResetModel()

    def part(self, row: int) -> Part | None:
        return self._parts[row] if 0 <= row < len(self._parts) else None

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._parts)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        part = self.part(index.row())
        if part is None:
            return None
        if role == _ITEM:
            return part
        if role == Qt.ItemDataRole.ToolTipRole and part.action is not None:
            return part.action.toolTip()
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return ", ".join(filter(None, (part.title, part.kind.value, part.shortcut)))
        return None


class _Row(QStyledItemDelegate):
    """A title, the kind of part after it, the shortcut at the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(px(200), px(ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        part: Part = index.data(_ITEM)
        palette, middle = theme().palette, Qt.AlignmentFlag.AlignVCenter
        place = option.rect.adjusted(0, 1, 0, -1)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            rounded(painter, place.toRectF(), 6, palette.accent_soft)
        line = place.adjusted(px(10), 0, -px(10), 0)
        painter.setFont(ui_font(BODY))
        painter.setPen(palette.text if _is_on(part) else palette.faint)
        painter.drawText(line, middle | Qt.AlignmentFlag.AlignLeft, part.title)
        wide = painter.fontMetrics().horizontalAdvance(part.title)
        painter.setFont(ui_font(CAPTION))
        painter.setPen(palette.muted)
        after = line.adjusted(wide + px(10), 0, 0, 0)
        kind = "" if part.kind in (Kind.COMMAND, Kind.CONTROL) else part.kind.value
        painter.drawText(after, middle | Qt.AlignmentFlag.AlignLeft, kind)
        painter.drawText(line, middle | Qt.AlignmentFlag.AlignRight, part.shortcut)
        painter.restore()
