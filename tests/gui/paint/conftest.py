"""The decision boundary with painting on it, and a helper with a mouse and keys."""

from collections.abc import Iterator
from itertools import pairwise

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core import edits
from core.data.painting import Painting
from core.look.boundary import Boundary
from core.project import Project
from gui.model.document import Document
from gui.model.selection import Selection
from gui.model.training import Training
from gui.paint.painter import Painter
from gui.paint.surface import PaintSurface
from gui.paint.tools import PaintTools
from gui.panels.boundary.panel import BoundaryPanel
from gui.style.theme import theme
from tests.looking import answer_in

LEFT = Qt.MouseButton.LeftButton
Key = Qt.Key
SIXTY = edits.with_data(Project(), examples=60)


@pytest.fixture
def document(qapp) -> Iterator[Document]:
    theme()
    document = Document(SIXTY)
    yield document
    document.deleteLater()


@pytest.fixture
def painter(document, training) -> Painter:
    return Painter(document, training, document)


class Window(QWidget):
    """The decision boundary with its tools of painting, put together as in the main window."""

    def __init__(self, document: Document, training: Training, painter: Painter) -> None:
        super().__init__()
        self.boundary = BoundaryPanel(document, training, Selection(document))
        self.tools = PaintTools(painter)
        self.tools.left.connect(painter.stop)
        self.boundary.card.body.insertWidget(0, self.tools)
        QVBoxLayout(self).addWidget(self.boundary)
        self.resize(460, 520)
        self.surface = PaintSurface(painter, self.boundary.plot)


@pytest.fixture
def window(qtbot, document, training, painter):
    window = Window(document, training, painter)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    window.activateWindow()
    qtbot.waitUntil(lambda: answer_in(training.latest, Boundary) is not None)
    return window


class Hand:
    """The mouse and the keys over the plot."""

    def __init__(self, window) -> None:
        self.plot, self.surface = window.boundary.plot, window.surface

    def pixel(self, x1, x2):
        return self.surface.to_pixels((x1, x2)).toPoint()

    def press(self, x1, x2):
        QTest.mousePress(self.plot.viewport(), LEFT, pos=self.pixel(x1, x2))

    def move(self, x1, x2):
        QTest.mouseMove(self.plot.viewport(), self.pixel(x1, x2) + QPoint(1, 0))
        QTest.mouseMove(self.plot.viewport(), self.pixel(x1, x2))

    def release(self, x1, x2):
        QTest.mouseRelease(self.plot.viewport(), LEFT, pos=self.pixel(x1, x2))

    def click(self, x1, x2):
        self.press(x1, x2)
        self.release(x1, x2)

    def stroke(self, *places, steps=10):
        self.press(*places[0])
        for start, stop in pairwise(places):
            for i in range(1, steps + 1):
                x1, x2 = (a + (b - a) * i / steps for a, b in zip(start, stop, strict=True))
                self.move(x1, x2)
        self.release(*places[-1])

    def keys(self, *keys):
        for key in keys:
            QTest.keyClick(self.plot, key)


@pytest.fixture
def hand(window, painter) -> Hand:
    painter.start()
    return Hand(window)


def painted(training) -> Painting:
    painting: Painting | None = training.data_cache.painting
    assert painting is not None
    return painting


def told(painter):
    """What it says from now on."""
    sentences: list[str] = []
    painter.noted.connect(sentences.append)
    return sentences
