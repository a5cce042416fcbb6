"""A window to put widgets under test into, and what hands do to them."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QLineEdit, QVBoxLayout, QWidget

from gui.style.theme import theme


@pytest.fixture(autouse=True)
def look(qapp):
    theme().set_mode("light")
    yield
    theme().set_mode("system")


class Window(QWidget):
    """Takes the widgets under test, and has a field to move the focus to."""

    def __init__(self) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.other = QLineEdit()
        self.column.addWidget(self.other)
        self.resize(400, 300)


@pytest.fixture
def window(qtbot):
    made = Window()
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    made.activateWindow()
    made.other.setFocus()
    return made


def put(window, widget):
    window.column.addWidget(widget)
    QApplication.processEvents()
    return widget


def wheel(widget, notches, at=None):
    at = QPointF(widget.rect().center() if at is None else at)
    no = Qt.MouseButton.NoButton
    event = QWheelEvent(
        at, widget.mapToGlobal(at), QPoint(), QPoint(0, 120 * notches), no,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    QApplication.sendEvent(widget, event)


def collected(signal):
    seen = []
    signal.connect(lambda *args: seen.append(args if len(args) > 1 else args[0]))
    return seen


def mouse(widget, kind, at, modifiers=Qt.KeyboardModifier.NoModifier, held=True):
    """A mouse event with the left button held down; QTest's own move holds none."""
    widget = widget.viewport() if isinstance(widget, QAbstractScrollArea) else widget
    left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    button = none if kind == QEvent.Type.MouseMove else left
    down = held and kind != QEvent.Type.MouseButtonRelease
    point, globally = QPointF(at), QPointF(widget.mapToGlobal(at))
    event = QMouseEvent(kind, point, globally, button, left if down else none, modifiers)
    QApplication.sendEvent(widget, event)


def draw(widget, path, modifiers=Qt.KeyboardModifier.NoModifier, *, let_go=True):
    """Press, drag along these pixels and, unless told otherwise, let go."""
    mouse(widget, QEvent.Type.MouseButtonPress, path[0], modifiers)
    for at in path[1:]:
        mouse(widget, QEvent.Type.MouseMove, at, modifiers)
    if let_go:
        mouse(widget, QEvent.Type.MouseButtonRelease, path[-1], modifiers)


def handle_of(bar):
    """The iteration at which the handle stands, as a screen reader says it."""
    where, _of, _newest = bar.accessibleDescription().removeprefix("Iteration ").split()
    return int(where.replace(",", ""))
