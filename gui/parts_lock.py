"""The lock of a lesson: lets presses, keys and commands reach only the allowed parts.

Viewing stays free: hovering, scrolling, menus, the layout, the help and the panels' positions.
A press on a locked part only emits `Parts.refused`, so that the lesson can say why. Anything opened
by an allowed press (a popup, a dialog, a card) is allowed with it.
"""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import (
    QAction,
    QContextMenuEvent,
    QInputEvent,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QShortcut,
    QSinglePointEvent,
)
from PySide6.QtWidgets import QDockWidget, QMainWindow, QMenu, QWidget

from gui.parts import Kind, PaintsParts, Parts, key_of, kind_of, only_opens

_Type, _Key = QEvent.Type, Qt.Key
PRESSES: Final = (_Type.MouseButtonPress, _Type.MouseButtonDblClick, _Type.ContextMenu)
DROPS: Final = (_Type.DragEnter, _Type.Drop)
MOVES_ON: Final = frozenset({  # keys that change nothing: they lead from one part to the next
    _Key.Key_Tab, _Key.Key_Backtab, _Key.Key_Escape, _Key.Key_PageUp, _Key.Key_PageDown,
    _Key.Key_F1, _Key.Key_Shift, _Key.Key_Control, _Key.Key_Alt, _Key.Key_Meta,
})  # fmt: skip
ARROWS: Final = (_Key.Key_Left, _Key.Key_Right, _Key.Key_Up, _Key.Key_Down)
CHOOSES: Final = (_Key.Key_Return, _Key.Key_Enter, _Key.Key_Space)


class PartsLock(QObject):
    """Keeps events of one window from the parts that `parts` does not allow."""

    def __init__(self, parts: Parts) -> None:
        super().__init__(parts)
        self._parts = parts
        self._holds = False  # a button that was pressed on a locked part is still down
        self._decided = 0  # ms, timestamp of input that was let through: its parents get it too
        parts.allowed_changed.connect(self._follow)

    def _follow(self) -> None:
        app = QCoreApplication.instance()
        assert app is not None
        app.removeEventFilter(self)
        self._holds = False
        if self._parts.allowed is not None:
            app.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Whether to stop an event."""
        kind = event.type()
        if kind == _Type.Shortcut:
            return self._refuses(self._key_of_shortcut(watched))
        if not isinstance(watched, QWidget):
            return False
        if isinstance(watched, QMenu):
            action = _chosen(watched, event)
            return action is not None and self._refuses(key_of(action))
        if self._holds and kind in (_Type.MouseMove, _Type.MouseButtonRelease):
            self._holds = kind == _Type.MouseMove
            return True
        return self._ends(watched, event) if self._is_of_window(watched) else False

    def _ends(self, widget: QWidget, event: QEvent) -> bool:
        kind = event.type()
        if kind in DROPS:
            return not self._parts.allows(self._key_at(widget, None) or "file.open")
        pressed = kind in PRESSES
        typed = isinstance(event, QKeyEvent) and kind == _Type.KeyPress
        if not pressed and not typed and kind != _Type.Wheel:
            return False
        assert isinstance(event, QInputEvent)
        if event.timestamp() and event.timestamp() == self._decided:
            return False
        if isinstance(event, QKeyEvent) and event.key() in MOVES_ON:
            return False
        if isinstance(event, QKeyEvent) and event.key() in ARROWS and leads_on(widget):
            return False
        key = self._key_at(widget, _point(event) if pressed else None)
        if isinstance(widget, QMainWindow) and _is_space(event):
            key = "train.play"  # playing that no focused widget handled
        if kind == _Type.Wheel and not self._turns(widget):
            return False
        ends = self._refuses(key)
        self._holds = ends and kind in PRESSES[:2]
        self._decided = 0 if ends else event.timestamp()
        return ends

    def _refuses(self, key: str) -> bool:
        if not key or self._parts.allows(key):
            return False
        self._parts.refused.emit(key)
        return True

    def _is_of_window(self, widget: QWidget) -> bool:
        """Whether it belongs to the window or one of its panels, or to the controls that a bar has
        no room for; not to another popup or dialog of these.
        """
        top = widget.window()
        return isinstance(top, QMainWindow | QDockWidget) or only_opens(top)

    def _key_at(self, widget: QWidget, point: QPoint | None) -> str:
        """The key of the part there: painted, the widget's own, or its parent's.

        Empty for anything outside of parts, and for things that are free because their painter has
        allowed parts: keyboard focus on it, and cards over it.
        """
        at: QWidget | None = None if only_opens(widget) else widget
        while at is not None and not isinstance(at, QMainWindow):
            if hasattr(at, "part_keys") and isinstance(at, PaintsParts):
                sheet = getattr(
                    at, "viewport", lambda at=at: at
                )()  # the pressed widget, or a scroll area around it
                if point is not None and widget in (at, sheet):
                    return self._painted_at(at, widget.mapToGlobal(point)) or key_of(at)
                inside = (key for key in self._parts.allowed or () if at.part(key) is not None)
                return "" if any(inside) else key_of(at)
            if key_of(at):
                return key_of(at)
            at = at.parentWidget()
        return ""

    def _painted_at(self, painter: PaintsParts, point: QPoint) -> str:
        """The key of the smallest painted part at a pixel of the screen, if any; a painter with a
        better test than rectangles, as for an edge, answers itself (`key_at`).
        """
        if (key_at := getattr(painter, "key_at", None)) is not None:
            return str(key_at(point))
        found: list[tuple[int, str]] = []
        for key in painter.part_keys():
            part = painter.part(key)
            place = QRect() if part is None else part.rectangle()
            if place.contains(point):
                found.append((place.width() * place.height(), key))
        return min(found, default=(0, ""))[1]

    def _turns(self, widget: QWidget) -> bool:
        """Whether the wheel would change a setting there."""
        at: QWidget | None = widget
        while at is not None and not key_of(at):
            at = at.parentWidget()
        return at is not None and kind_of(at) is Kind.SETTING

    def _key_of_shortcut(self, owner: QObject) -> str:
        if isinstance(owner, QAction):
            return key_of(owner)
        at = owner.parent() if isinstance(owner, QShortcut) else None
        return self._key_at(at, None) if isinstance(at, QWidget) else ""


def leads_on(widget: QWidget) -> bool:
    """Whether the arrows change nothing there, but lead on, as Tab does (`arrows_lead_on`)."""
    return getattr(widget, "arrows_lead_on", False)


def _is_space(event: QEvent) -> bool:
    return isinstance(event, QKeyEvent) and event.key() == _Key.Key_Space


def _point(event: QEvent) -> QPoint | None:
    if isinstance(event, QContextMenuEvent):
        return event.pos()
    return event.position().toPoint() if isinstance(event, QSinglePointEvent) else None


def _chosen(menu: QMenu, event: QEvent) -> QAction | None:
    """The command that this event would carry out in a menu."""
    if isinstance(event, QMouseEvent) and event.type() == _Type.MouseButtonRelease:
        return menu.actionAt(event.position().toPoint())
    if not isinstance(event, QKeyEvent) or event.type() != _Type.KeyPress:
        return None
    if event.key() in CHOOSES:
        return menu.activeAction()
    typed = QKeySequence(Qt.KeyboardModifier.AltModifier | _Key(event.key()))
    named = (each for each in menu.actions() if QKeySequence.mnemonic(each.text()) == typed)
    return next(named, None)
