"""The pages of a lab, with the switch between them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QStackedWidget, QToolButton, QWidget

from gui.widgets.rows import in_column
from gui.widgets.segments import Segments


class Pages(QStackedWidget):
    """One of `pages` (title → widget) at a time; `segments` chooses it, and goes into a header."""

    turned = Signal(str)  # the title of the page that is shown now

    def __init__(self, name: str, pages: Mapping[str, QWidget]) -> None:
        super().__init__()
        group = QActionGroup(self)
        self._actions: dict[str, QAction] = {}
        for title, page in pages.items():
            action = self._actions[title] = QAction(title, group, checkable=True)
            sheet = _Sheet(page, self._turn)
            action.triggered.connect(lambda _on, sheet=sheet: self._turn(sheet))
            self.addWidget(sheet)
        next(iter(self._actions.values())).setChecked(True)
        self.segments = Segments(self._actions.values(), name)

    @property
    def title(self) -> str:
        """The title of the current page."""
        return list(self._actions)[self.currentIndex()]

    def button(self, title: str) -> QToolButton:
        """The button that shows a page."""
        return self.segments.buttons[list(self._actions).index(title)]

    def _turn(self, sheet: QWidget) -> None:
        if sheet is not self.currentWidget():
            self.setCurrentWidget(sheet)
            self._actions[self.title].setChecked(True)
            self.turned.emit(self.title)


class _Sheet(QWidget):
    """Hides a page, and shows it for a part in it."""

    def __init__(self, page: QWidget, turn: Callable[[QWidget], None]) -> None:
        super().__init__()
        self._turn_to = turn
        in_column(page, on=self, margins=0)

    def show_part(self, _part: QWidget) -> None:
        self._turn_to(self)
