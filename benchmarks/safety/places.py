"""Names of widgets that another process can find again, and targets for the pointer."""

from __future__ import annotations

import random
from collections import defaultdict

from PySide6.QtCore import QPoint, QPointF, QRect
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QGraphicsView,
    QMenu,
    QMenuBar,
    QTabBar,
    QWidget,
)

Place = tuple[str, float, float]  # a widget's path, and where in it: shares of width and height


def path_of(widget: QWidget) -> str:
    """Where a widget is: its windows' and parents' classes, each with its place among its like."""
    names: list[str] = []
    at: QWidget | None = widget
    while at is not None:
        parent = None if at.isWindow() else at.parentWidget()
        names.append(f"{_name(at)}#{_like(at, parent).index(at)}")
        at = parent
    return "/".join(reversed(names))


def found(path: str) -> QWidget | None:
    """The visible widget that a path leads to."""
    at: QWidget | None = None
    for part in path.split("/"):
        name, _, place = part.rpartition("#")
        alike = [each for each in _children(at) if _name(each) == name]
        if int(place) >= len(alike):
            return None
        at = alike[int(place)]
    return at if at is not None and at.isVisible() else None


def _name(widget: QWidget) -> str:
    return f"{type(widget).__name__}.{widget.objectName()}".replace("/", "|")


def _children(parent: QWidget | None) -> list[QWidget]:
    if parent is None:
        return [each for each in QApplication.topLevelWidgets() if each.isVisible()]
    widgets = [each for each in parent.children() if isinstance(each, QWidget)]
    return [each for each in widgets if not each.isWindow()]


def _like(widget: QWidget, parent: QWidget | None) -> list[QWidget]:
    return [each for each in _children(parent) if _name(each) == _name(widget)]


def windows() -> list[QWidget]:
    """Those that take the mouse now: a menu, else a question, else all that are open."""
    for active in (QApplication.activePopupWidget(), QApplication.activeModalWidget()):
        if active is not None:
            return [active]
    tops = [each for each in QApplication.topLevelWidgets() if each.isVisible()]
    return [each for each in tops if type(each).__name__ != "QTipLabel"]


def some_place(rng: random.Random) -> Place | None:
    """Anywhere that can be pointed at, every class of widget as likely as the others."""
    by_class: dict[str, list[QWidget]] = defaultdict(list)
    for window in windows():
        for widget in (window, *window.findChildren(QWidget)):
            if widget.isEnabled() and not widget.visibleRegion().isEmpty():
                by_class[type(widget).__name__].append(widget)
    if not by_class:
        return None
    widget = rng.choice(by_class[rng.choice(sorted(by_class))])
    point = _point_in(widget, rng)
    width, height = max(widget.width(), 1), max(widget.height(), 1)
    return path_of(widget), round(point.x() / width, 4), round(point.y() / height, 4)


def _point_in(widget: QWidget, rng: random.Random) -> QPoint:
    """A point of the widget, rather on what is drawn in it than beside."""
    spots = _spots(widget, rng) if rng.random() < 0.7 else []
    rect = rng.choice(spots) if spots else widget.visibleRegion().boundingRect()
    return QPoint(
        rng.randint(rect.left(), max(rect.right(), rect.left())),
        rng.randint(rect.top(), max(rect.bottom(), rect.top())),
    )


def _spots(widget: QWidget, rng: random.Random) -> list[QRect]:
    """Where a menu, bar, table or scene has something; at most one of a scene."""
    if isinstance(widget, (QMenu, QMenuBar)):
        # Of a menu that is being deleted PySide finds anything.
        found: list[object] = [*widget.actions()]
        actions = [each for each in found if isinstance(each, QAction)]
        return [widget.actionGeometry(action) for action in actions]
    if isinstance(widget, QTabBar):
        return [widget.tabRect(i) for i in range(widget.count())]
    above = widget.parentWidget()
    if isinstance(above, QAbstractItemView) and above.viewport() is widget:
        rows, columns = above.model().rowCount(), above.model().columnCount()
        if rows and columns:
            index = above.model().index(rng.randrange(min(rows, 12)), rng.randrange(columns))
            rect = above.visualRect(index)
            return [rect] if not rect.isEmpty() else []
    if isinstance(above, QGraphicsView) and above.viewport() is widget:
        items = above.items(widget.rect())
        if items:
            item = rng.choice(items)
            rect = above.mapFromScene(item.sceneBoundingRect()).boundingRect()
            return [rect.intersected(widget.rect())]
    return []


def global_point(place: Place) -> tuple[QWidget, QPoint] | None:
    """The window that a place is in, and the pixel of it."""
    path, across, down = place
    widget = found(path)
    if widget is None or widget.window().windowHandle() is None:
        return None
    inside = QPointF(across * widget.width(), down * widget.height()).toPoint()
    window = widget.window()
    at = widget.mapTo(window, inside) if widget is not window else inside
    room = window.rect().adjusted(0, 0, -1, -1)
    return window, QPoint(
        min(max(at.x(), room.left()), room.right()), min(max(at.y(), room.top()), room.bottom())
    )
