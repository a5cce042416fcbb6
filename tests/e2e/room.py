"""Finds layout faults in a window: cut text, widgets outside their parents, lost controls."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from PySide6.QtCore import QEvent, QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QScrollBar,
    QSizePolicy,
    QTabBar,
    QToolButton,
    QWidget,
)

from gui.layout_table import LAYOUTS
from gui.main_window import MainWindow
from gui.parts import Kind
from gui.style.theme import theme
from gui.widgets.elided import Elided

TITLE_BAR, DESKTOP_PANEL = 40, 28  # px
REACHED = (Kind.CONTROL, Kind.SETTING, Kind.DATA)
CONTROLS = (QAbstractButton, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit)
ROUNDING = 1  # px


def settle(times: int = 6) -> None:
    for _ in range(times):
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        QApplication.processEvents()


def room_on(width: int, height: int) -> tuple[int, int]:
    """The size of a window on a screen, inside of its frame and above the desktop's panel."""
    return width, height - TITLE_BAR - DESKTOP_PANEL


def faults(window: MainWindow, screen: tuple[int, int]) -> list[str]:
    """All that is wrong on a screen of this size with every panel shown, one after the other."""
    size = room_on(*screen)
    window.resize(*size)
    for dock in window.docks.values():
        dock.show()
    settle()
    QTest.qWait(30)  # what is fitted a turn later
    settle()
    found: dict[str, None] = {}
    if window.width() > size[0] or window.height() > size[1]:
        found[f"the window is {window.width()} × {window.height()} px"] = None
    for name, dock in window.docks.items():
        dock.bring()
        settle()
        for fault in _within(dock):
            found[f"{name}: {fault}"] = None
    rest = [widget for widget in window.children() if isinstance(widget, QWidget)]
    for widget in rest:
        if widget.isVisible() and widget not in window.docks.values():
            for fault in _within(widget):
                found[f"window: {fault}"] = None
    return list(found)


def lost(window: MainWindow) -> list[str]:
    """The keys of the controls that cannot be brought to where they are seen."""
    found = []
    for part in [part for part in window.parts if part.kind in REACHED and part.widget is not None]:
        part.bring()
        settle(1)
        place = part.rectangle()
        if min(place.width(), place.height()) < 3:
            found.append(f"{part.key} is lost: {_text(place)}")
        for _ in range(9):
            if (popup := QApplication.activePopupWidget()) is None:
                break
            popup.close()
    return found


def all_faults(window: MainWindow, screen: tuple[int, int], text: float = 1.0) -> list[str]:
    """All that is wrong in every layout, light and dark, at a text size."""
    found = []
    window.resize(*room_on(*screen))
    theme().set_text_size(text)
    for layout, mode in product(LAYOUTS, ("light", "dark")):
        found += faults_of(window, screen, layout, mode)
    return found + lost(window)


def faults_of(window: MainWindow, screen: tuple[int, int], layout: str, mode: str) -> list[str]:
    """All that is wrong in one layout, at first and with every panel shown."""
    theme().set_mode(mode)
    window.resize(*room_on(*screen))
    window.layouts.choose(layout)
    for dock in window.docks.values():
        dock.hide()
    window.reset_layout()
    settle()
    return [f"{layout}, {mode}: {fault}" for fault in faults(window, screen)]


def faults_of_growth(window: MainWindow, screen: tuple[int, int], layout: str) -> list[str]:
    """All that is wrong in a layout when the text grows while panels have been brought there."""
    window.resize(*room_on(*screen))
    theme().set_text_size(1.0)
    window.layouts.choose(layout)
    for dock in window.docks.values():
        dock.bring()
    settle()
    theme().set_text_size(1.5)
    settle()
    found = []
    for name, dock in window.docks.items():
        dock.bring()
        settle()
        found += [f"{layout}, {name}: {fault}" for fault in _within(dock)]
    return found


def _within(outer: QWidget) -> Iterator[str]:
    for widget in (outer, *outer.findChildren(QWidget)):
        if not widget.isVisible() or (widget.isWindow() and widget is not outer):
            continue
        if (words := _cut(widget)) is not None:
            yield f"{words!r} is cut: {_size(widget)} of {_wanted(widget)} in {_path(widget)}"
        if (beyond := _beyond(widget)) is not None:
            yield f"{_path(widget)} at {beyond}"
        if isinstance(widget, CONTROLS) and not _reachable(widget):
            yield f"{_path(widget)} {_words(widget)!r} is out of reach"


def _cut(widget: QWidget) -> str | None:
    """The words of a label or button that has no room for them; None if all of them are there."""
    words = _words(widget)
    if not words or isinstance(widget, Elided):
        return None
    policy = widget.sizePolicy().horizontalPolicy()
    if isinstance(widget, QLabel) and widget.wordWrap():
        high = widget.heightForWidth(widget.width())
        return words if widget.height() < high - ROUNDING else None
    if policy == QSizePolicy.Policy.Ignored:  # takes all the room there is
        told = widget.toolTip()
        return words if not told and widget.width() < widget.sizeHint().width() else None
    wanted = widget.sizeHint()
    if not isinstance(widget, QLabel | QPushButton | QToolButton | QCheckBox):  # painted alone
        wanted.setWidth(widget.fontMetrics().horizontalAdvance(words))
    narrow = widget.width() < wanted.width() - ROUNDING
    low = widget.height() < wanted.height() - 3
    return words if narrow or (low and isinstance(widget, QLabel)) else None


def _words(widget: QWidget) -> str:
    if isinstance(widget, QLabel | QPushButton | QToolButton | QAbstractButton):
        return widget.text()
    return ""


def _beyond(widget: QWidget) -> str | None:
    """Where a widget lies that its parent cuts off; None if all of it is inside."""
    parent = widget.parentWidget()
    if parent is None or widget.isWindow() or isinstance(widget, QScrollBar):
        return None
    area = parent.parentWidget()
    if isinstance(area, QAbstractScrollArea) and area.viewport() is parent:
        if isinstance(area, QScrollArea) and area.widget() is widget:
            bars = area.horizontalScrollBarPolicy()
            off = bars == Qt.ScrollBarPolicy.ScrollBarAlwaysOff
            if off and widget.width() > parent.width() + ROUNDING:
                return f"{_size(widget)} in a view {parent.width()} px wide"
        return None
    place, room = widget.geometry(), parent.rect()
    if min(place.width(), place.height()) == 0:
        return None
    grown = room.adjusted(-ROUNDING, -ROUNDING, ROUNDING, ROUNDING)
    return None if grown.contains(place) else f"{_text(place)} in {_text(room)}"


def _reachable(control: QWidget) -> bool:
    """Whether a control is seen, or can be scrolled to."""
    if not control.isEnabled() or min(control.width(), control.height()) == 0:
        return control.width() * control.height() > 0 or not control.isEnabled()
    at, around = control, control.parentWidget()
    place = QRect(QPoint(0, 0), control.size())
    while around is not None and not at.isWindow():
        place.translate(at.pos())
        outer = around.parentWidget()
        scrolled = isinstance(outer, QAbstractScrollArea) and outer.viewport() is around
        if scrolled:
            place = QRect(QPoint(0, 0), place.size().boundedTo(around.size()))
            if min(around.width(), around.height()) < 12:
                return False
        else:
            place &= around.rect()
        if min(place.width(), place.height()) < 4:
            return isinstance(around, QTabBar)  # whose own buttons come and go
        at, around = around, outer
    return True


def _path(widget: QWidget) -> str:
    names: list[str] = []
    at: QWidget | None = widget
    while at is not None and len(names) < 4:
        names.append(at.objectName() or type(at).__name__)
        at = at.parentWidget()
    return " < ".join(names)


def _size(widget: QWidget) -> str:
    return f"{widget.width()} × {widget.height()}"


def _wanted(widget: QWidget) -> str:
    return f"{widget.sizeHint().width()} × {widget.sizeHint().height()}"


def _text(rect: QRect) -> str:
    return f"({rect.left()}, {rect.top()}, {rect.width()} × {rect.height()})"
