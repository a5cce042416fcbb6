"""Single events of the mouse and the keyboard, and what they are meant for."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QAction, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget

LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def write(field: QWidget, sign: str) -> None:
    """Type one character; QTest crashes on a character without its own key."""
    from PySide6.QtTest import QTest  # late: only Show me needs it

    if sign.isascii():
        QTest.keyClicks(field, sign)
        return
    for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
        QApplication.sendEvent(field, QKeyEvent(kind, 0, NONE, sign))


def is_in(inner: QWidget | None, outer: QWidget) -> bool:
    """Whether a widget is another one, or in it."""
    return inner is not None and (inner is outer or outer.isAncestorOf(inner))


def move(widget: QWidget, at: QPointF, held: Qt.MouseButton = LEFT) -> None:
    """Move the mouse with its button held. QTest's own move holds none, and tells only what is on
    the screen.
    """
    globally, none = QPointF(widget.mapToGlobal(at)), Qt.MouseButton.NoButton
    event = QMouseEvent(QEvent.Type.MouseMove, at, globally, none, held, NONE)
    QApplication.sendEvent(widget, event)


def action_of(menu: QMenu, value: str) -> QAction | None:
    """The choice of a menu that has this value or these words; None if there is none."""
    wanted = value.replace("_", " ").lower()
    for action in menu.actions():
        data = action.data()
        text = action.text().replace("&", "").partition("\t")[0].lower()
        if data == value or wanted in (text, text.partition(" (")[0]):
            return action
    return None
