"""A window for widgets under test, with helpers to use and to see them."""

import re
from collections.abc import Callable
from html import unescape
from xml.etree import ElementTree

import pytest
from PySide6.QtCore import QBuffer, QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QMouseEvent, QPainter, QTransform, QWheelEvent
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QApplication,
    QGraphicsScene,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

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


def choose(button, key):
    """Take a choice from the menu of a button, as a click on it does."""
    button.menu.aboutToShow.emit()
    next(action for action in button.menu.actions() if action.data() == key).trigger()


def drawing_of(paint: Callable[[QPainter], object]) -> str:
    """What is painted, as the text of an .svg."""
    buffer, generator = QBuffer(), QSvgGenerator()
    generator.setOutputDevice(buffer)
    with QPainter(generator) as painter:
        paint(painter)
    return bytes(buffer.data().data()).decode()


def inked_words(drawing: str) -> list[tuple[str, QRectF]]:
    """The words of an .svg, and where their ink is."""
    found: list[tuple[str, QRectF]] = []

    def take(node: ElementTree.Element, way: QTransform) -> None:
        if move := re.match(r"matrix\((.*)\)", node.get("transform", "")):
            way = QTransform(*map(float, move[1].split(","))) * way
        if node.tag.endswith("text") and (word := (node.text or "").strip()):
            font = QFont(node.get("font-family", ""))
            font.setPixelSize(round(float(node.get("font-size", "12"))))
            font.setItalic(node.get("font-style") == "italic")
            ink = QFontMetricsF(font).tightBoundingRect(word)
            ink.translate(float(node.get("x", "0")), float(node.get("y", "0")))
            found.append((word, way.mapRect(ink)))
        for child in node:
            take(child, way)

    take(ElementTree.fromstring(drawing), QTransform())
    return found


def written_on(surface):
    """The words that a widget or a scene paints, one after another."""
    place = () if isinstance(surface, QGraphicsScene) else (QPoint(),)
    drawing = drawing_of(lambda painter: surface.render(painter, *place))
    return [unescape(words).strip() for words in re.findall(r">([^<>]+)</text>", drawing)]


def labels_of(widget):
    """The words of the labels in a widget that are seen."""
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]


def numbers_of(table):
    """Where a click opens each number of a table of origins: on it, or on its line."""
    model = table.model()
    found: list[QPoint] = []
    for i, row in enumerate(table.rows):
        cells = [model.index(i, j) for j in range(model.columnCount())]
        numbers = [cell for cell in cells if cell.data(Qt.ItemDataRole.UserRole)]
        found.extend(
            table.visualRect(cell).center() for cell in numbers or cells[: bool(row.entry)]
        )
    return found
