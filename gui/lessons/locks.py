"""What a step does not allow is not reached by mouse or keys; looking at it is always free."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QAbstractSlider,
    QApplication,
    QLineEdit,
    QMainWindow,
    QMenu,
    QScrollBar,
    QTabBar,
    QWidget,
)

from gui.canvas.view import CanvasView
from gui.lessons.straying import covers
from gui.parts import Kind, Parts, key_of

_Type, _Key = QEvent.Type, Qt.Key
_PRESSES = (_Type.MouseButtonPress, _Type.MouseButtonDblClick, _Type.ContextMenu)
_MOVED = (_Type.Resize, _Type.Move, _Type.Show, _Type.Hide)
_FREE = ("view.", "help.", "learn.", "edit.undo", "edit.redo", "file.quit")
# What a canvas command does is allowed with the parts that the mouse does it to.
_DOES = {
    "network.weight": ("canvas.edge", "canvas.bias"),
    "network.activation": ("canvas.activation",),
    "network.more_units": ("canvas.units",),
    "network.fewer_units": ("canvas.units",),
    "network.insert": ("canvas.add", "canvas.palette"),
    **dict.fromkeys(
        ("network.mute", "network.freeze", "network.clone", "network.nudge"), ("canvas.unit",)
    ),
}
_LOOKING = ("network.fit", "network.zoom")
_MOVING = {
    _Key.Key_Tab, _Key.Key_Backtab, _Key.Key_Escape, _Key.Key_PageUp, _Key.Key_PageDown,
    _Key.Key_Shift, _Key.Key_Control, _Key.Key_Alt, _Key.Key_Meta,
}  # fmt: skip


class Locks(QObject):
    """Filters the events of the application while a lesson is open.

    `allowed` are the keys of parts that may be used; None: all. What is refused is told (`refused`,
    at most once a press). `moved` tells that something in the window is elsewhere now.
    """

    refused = Signal()
    moved = Signal()

    def __init__(
        self, window: QMainWindow, parts: Parts, canvas: CanvasView, lesson: QWidget
    ) -> None:
        super().__init__(window)
        self._canvas = canvas
        self._window, self._parts, self._lesson = window, parts, lesson
        self._allowed: tuple[str, ...] | None = None
        self._widgets: tuple[QWidget, ...] = ()
        self._actions: set[QAction] = set()
        self._later = QTimer(self, interval=60, singleShot=True)
        self._later.timeout.connect(self.moved)
        self.busy = False

    def start(self) -> None:
        """Watch from now on."""
        app = QApplication.instance()
        assert app is not None
        app.installEventFilter(self)

    def stop(self) -> None:
        """Watch no longer."""
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
        self._later.stop()

    def allow(self, keys: Sequence[str] | None) -> None:
        """Let these parts be used; None: all."""
        self._allowed = None if keys is None else tuple(keys)
        found = [self._parts.find(key) for key in self._allowed or () if self._parts.knows(key)]
        self._widgets = tuple(
            part.widget
            for part in found
            if part.widget is not None and part.kind is not Kind.CANVAS
        )
        self._actions = {part.action for part in found if part.action is not None}

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind in _MOVED and isinstance(watched, QWidget):
            if not self._later.isActive() and not self._lesson.isAncestorOf(watched):
                self._later.start()
            return False
        if self._allowed is None or self.busy or not self._refuses(watched, event):
            return False
        if kind != _Type.ShortcutOverride:
            self.refused.emit()
        event.accept()
        return True

    def _refuses(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if kind == _Type.Shortcut:
            return isinstance(watched, QAction) and not self._may(watched)
        if not isinstance(watched, QWidget):
            return False
        if isinstance(watched, QMenu):
            return self._refuses_choice(watched, event)
        if watched.window() is not self._window or self._is_free(watched):
            return False
        if kind in _PRESSES and isinstance(event, QMouseEvent):
            return not self._lies_open(watched, event.globalPosition().toPoint())
        if kind == _Type.DragEnter or kind == _Type.Drop:
            return True
        if kind == _Type.Wheel:
            turned = isinstance(watched, QLineEdit | QAbstractSlider)
            return turned and not self._is_open(watched)
        if kind == _Type.KeyPress and isinstance(event, QKeyEvent):
            return not self._may_type(watched, event)
        return False

    def _is_free(self, widget: QWidget) -> bool:
        """Whether a widget is the lesson's, or only for looking."""
        looking = isinstance(widget, QScrollBar | QTabBar) or widget is self._window.menuBar()
        return looking or widget is self._lesson or self._lesson.isAncestorOf(widget)

    def _is_open(self, widget: QWidget) -> bool:
        return any(part is widget or part.isAncestorOf(widget) for part in self._widgets)

    def _lies_open(self, widget: QWidget, at: QPoint) -> bool:
        if widget is self._window:
            return True  # a splitter
        if self._is_open(widget) or self._edits(widget):
            return True
        if widget is self._canvas.viewport():
            key = self._canvas.key_at(QPointF(widget.mapFromGlobal(at)))
            return not key or any(covers(allowed, key) for allowed in self._allowed or ())
        return False

    def _edits(self, widget: QWidget) -> bool:
        """Whether a widget is what an edit of an allowed part of the canvas has opened."""
        on_canvas = any(key.startswith("canvas") for key in self._allowed or ())
        return on_canvas and self._canvas.edits_in(widget)

    def _may_type(self, widget: QWidget, event: QKeyEvent) -> bool:
        if event.key() in _MOVING or self._is_open(widget):
            return True
        if widget is self._window:
            play = any(key_of(action) == "train.play" for action in self._actions)
            return event.key() != _Key.Key_Space or play
        if self._edits(widget):
            return True
        on_canvas = any(key.startswith("canvas.") for key in self._allowed or ())
        if on_canvas and widget in (self._canvas, self._canvas.viewport()):
            return True
        steps = (_Key.Key_Left, _Key.Key_Right, _Key.Key_Up, _Key.Key_Down)
        if event.key() in steps or event.key() == _Key.Key_Space:
            return isinstance(widget, QAbstractScrollArea) or event.key() == _Key.Key_Space
        return False

    def _refuses_choice(self, menu: QMenu, event: QEvent) -> bool:
        chosen = None
        if isinstance(event, QMouseEvent) and event.type() == _Type.MouseButtonRelease:
            chosen = menu.actionAt(event.position().toPoint())
        elif isinstance(event, QKeyEvent) and event.type() == _Type.KeyPress:
            enters = event.key() in (_Key.Key_Return, _Key.Key_Enter)
            chosen = menu.activeAction() if enters else None
        return chosen is not None and not self._may(chosen)

    def _may(self, action: QAction) -> bool:
        key = key_of(action)
        if not key or action in self._actions:
            return True
        if key.startswith((*_FREE, *_LOOKING)) or "." not in key:
            return True
        parts = _DOES.get(key, ())
        return any(name == key or name.startswith(parts) for name in self._allowed or ())
