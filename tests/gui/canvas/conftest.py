"""A canvas in a window of its size at 1600×1000, and helpers to point at its parts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from core.look.units import Thumbnails
from core.project import LayerSettings, NetworkSettings, Project
from gui.canvas.layout import Box, CanvasLayout
from gui.canvas.remark_items import PointerItem
from gui.canvas.view import CanvasView
from gui.model.document import Document
from gui.model.selection import Selection
from gui.model.training import Training
from gui.style.theme import theme
from tests.looking import answer_in


def network(*units: int) -> Project:
    """A project with these layers, tanh but for the sigmoid output."""
    hidden = tuple(LayerSettings(units=n, activation="tanh") for n in units[:-1])
    output = LayerSettings(units=units[-1], activation="sigmoid")
    return Project(network=NetworkSettings(layers=(*hidden, output), initializer="xavier"))


class Pointer:
    """The mouse over a canvas, by real events on its viewport."""

    def __init__(self, canvas: CanvasView) -> None:
        self._canvas = canvas

    @property
    def layout(self) -> CanvasLayout:
        return self._canvas.network.picture.layout

    def at(self, box: Box) -> QPoint:
        return self._canvas.mapFromScene(QPointF(*box.centre))

    def edge(self, layer: int, row: int = 0, column: int = 0, share: float = 0.4) -> QPoint:
        path = self._canvas.network.edges[layer - 1].curve(row, column)
        return self._canvas.mapFromScene(path.pointAtPercent(share))

    def pill(self, layer: int, part: str) -> QPoint:
        return self.at(getattr(self.layout.columns[layer].pill, part))

    def title(self, layer: int) -> QPoint:
        return self.at(self.layout.columns[layer].title)

    def unit(self, layer: int, place: int = 0) -> QPoint:
        return self.at(self.layout.columns[layer].boxes[place])

    def insert(self, layer: int) -> QPoint:
        return self.at(self.layout.inserts()[layer - 1])

    def move(self, to: QPoint) -> None:
        # A move to where the mouse is already, perhaps since the last test, is none.
        QTest.mouseMove(self._canvas.viewport(), to + QPoint(1, 0))
        QTest.mouseMove(self._canvas.viewport(), to)

    def click(self, at: QPoint) -> None:
        self.move(at)
        self.press(at)
        self.release(at)

    def double_click(self, at: QPoint) -> None:
        """Press, release, double click, release: what a mouse sends."""
        self.click(at)
        QTest.mouseDClick(
            self._canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at
        )
        self.release(at)

    def press(self, at: QPoint) -> None:
        QTest.mousePress(
            self._canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at
        )

    def release(self, at: QPoint) -> None:
        QTest.mouseRelease(
            self._canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at
        )

    def drag(self, start: QPoint, stop: QPoint, steps: int = 8) -> None:
        """Press and move, without letting go."""
        self.press(start)
        for i in range(1, steps + 1):
            self.move(start + (stop - start) * i / steps)


def context_menu(canvas: CanvasView) -> QMenu:
    """The menu of what is selected, opened by its key."""
    corner = QPoint(0, 0)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, corner, canvas.mapToGlobal(corner))
    QApplication.sendEvent(canvas.viewport(), event)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def pointer_of(canvas: CanvasView) -> PointerItem | None:
    """The frames around what is pointed out just now."""
    items = canvas.network.items()
    return next((item for item in items if isinstance(item, PointerItem)), None)


@pytest.fixture
def document(qapp, monkeypatch) -> Iterator[Document]:
    monkeypatch.setenv("LAYERWISE_REDUCED_MOTION", "1")
    theme()
    document = Document(network(4, 3, 1))
    yield document
    document.deleteLater()


@pytest.fixture
def selection(document) -> Selection:
    return Selection(document)


@pytest.fixture
def canvas(qtbot, document, selection) -> CanvasView:
    canvas = CanvasView(document, selection)
    qtbot.addWidget(canvas)
    canvas.resize(870, 610)
    with qtbot.waitExposed(canvas):
        canvas.show()
    canvas.activateWindow()
    canvas.setFocus()
    return canvas


@pytest.fixture
def pointer(canvas) -> Pointer:
    return Pointer(canvas)


@pytest.fixture
def training(document, canvas, qtbot) -> Iterator[Training]:
    training = Training(document)
    qtbot.first.append(training)
    training.add_viewer(canvas)
    yield training
    training.close()


@pytest.fixture
def trained(qtbot, training):
    """The run after 50 iterations, its resting snapshot drawn."""
    training.step(50)
    qtbot.waitUntil(
        lambda: (
            training.latest is not None
            and training.latest.iteration == 50
            and training.latest.idle
            and answer_in(training.latest, Thumbnails) is not None
            and not training.busy  # nothing older is on its way
        )
    )
    return training
