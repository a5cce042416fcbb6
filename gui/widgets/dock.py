"""A dock whose title bar is a slim grip: the card inside has a title of its own."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QContextMenuEvent, QEnterEvent, QPaintEvent
from PySide6.QtWidgets import QDockWidget, QMenu, QVBoxLayout, QWidget

from gui.style.theme import theme
from gui.widgets.layout_throttle import Still
from gui.widgets.painting import smooth
from gui.widgets.scrolled import Scrolled

HEIGHT = 8  # of the grip, with the separator the gap between two cards
SIDE = 10  # px beside a card at the side of the window ...
INNER = 5  # ... and between it and the separator, as wide again
LOWEST = 70  # pixels that a panel is left with when there is no room: it scrolls


class Grip(QWidget):
    """The strip a dock is dragged by; mouse events fall through it to the dock."""

    def __init__(self, dock: Dock) -> None:
        super().__init__(dock)
        self._dock = dock
        self._hovered = False
        self.setToolTip(self.tr("Drag to move this panel, double-click to float it"))
        self.setCursor(Qt.CursorShape.SizeAllCursor)

    def sizeHint(self) -> QSize:
        return QSize(60, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(20, HEIGHT)

    def enterEvent(self, event: QEnterEvent) -> None:
        self._hovered = True
        self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = False
        self.update()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        floating = self._dock.isFloating()
        menu.addAction(
            self.tr("Put back") if floating else self.tr("Float"),
            lambda: self._dock.setFloating(not floating),
        )
        menu.addAction(self.tr("Close"), self._dock.toggleViewAction().trigger)
        menu.popup(event.globalPos())

    def paintEvent(self, event: QPaintEvent) -> None:
        palette = theme().palette
        with smooth(self) as painter:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(palette.muted if self._hovered else palette.border)
            painter.drawRoundedRect(
                QRectF(self.width() / 2 - 18, HEIGHT / 2 - 1.5, 36, 3), 1.5, 1.5
            )


class Dock(QDockWidget):
    """A movable place for one panel; `name` is what the saved layout knows it by.

    Between two cards lies the separator; at the sides of the window, as much room is left here.
    """

    def __init__(self, name: str, title: str, parent: QWidget) -> None:
        super().__init__(title, parent)
        self.setObjectName(name)
        self.setTitleBarWidget(Grip(self))
        self._panel: QWidget | None = None
        inside = QWidget()
        self._room = QVBoxLayout(inside)
        self.setWidget(inside)
        self._leave_room(Qt.DockWidgetArea.NoDockWidgetArea)
        self.dockLocationChanged.connect(self._leave_room)
        self.topLevelChanged.connect(self._on_floated)
        self.toggleViewAction().triggered.connect(self._on_asked_for)

    def show_panel(self, panel: QWidget, *, scrolls: bool = True) -> None:
        """Put the panel in; it takes the focus when asked for, if it has a part for that.

        With `scrolls` the dock can be lower than the panel: no window is as high as all are.
        """
        self._panel = panel
        self._room.addWidget(Still(Scrolled(panel, LOWEST) if scrolls else panel))
        if (part := panel.focusProxy()) is not None:
            self.widget().setFocusProxy(part)

    @property
    def whole_height(self) -> int:
        """The pixels in which nothing of the panel needs to scroll."""
        panel = self._panel
        return HEIGHT + (LOWEST if panel is None else panel.minimumSizeHint().height())

    def _on_asked_for(self, shown: bool) -> None:
        if shown:
            self.raise_()
            if self.widget().focusProxy() is not None:
                self.widget().setFocus(Qt.FocusReason.ShortcutFocusReason)

    def bring(self, *_: object) -> None:
        """Show the panel, in front of those it shares its place with."""
        self.show()
        self.raise_()

    def _on_floated(self, floating: bool) -> None:
        if floating:
            self._leave_room(Qt.DockWidgetArea.NoDockWidgetArea)

    def _leave_room(self, area: Qt.DockWidgetArea) -> None:
        at, free = Qt.DockWidgetArea, self.isFloating()
        outer = SIDE if free or area == at.BottomDockWidgetArea else INNER
        self._room.setContentsMargins(
            SIDE if area == at.LeftDockWidgetArea else outer,
            0,
            SIDE if area == at.RightDockWidgetArea else outer,
            SIDE if free else 0,
        )
