"""A dock whose title bar is the header of its panel."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from PySide6.QtCore import QCoreApplication, QEvent, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QAction, QCloseEvent, QContextMenuEvent, QMouseEvent, QPaintEvent
from PySide6.QtWidgets import (
    QDockWidget,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gui.style.theme import theme
from gui.widgets.buttons import icon_button
from gui.widgets.layout_barrier import LayoutBarrier
from gui.widgets.painting import rounded, smooth
from gui.widgets.scrolled import Scrolled

SIDE = 10  # px next to a card at the side of the window; a separator between two cards is as wide
LOWEST = 50  # minimum pixels of a panel without room: it scrolls
_AIR = 14  # px in a card, at the left and right of its content
_RADIUS = 8.0
Area = Qt.DockWidgetArea


class TitleBar(QWidget):
    """The title bar by which a dock is dragged, floated (double click) and, when
    floating, closed.
    """

    def __init__(self, dock: Dock) -> None:
        super().__init__(dock)
        self._dock = dock
        self.setToolTip(self.tr("Drag to move this panel; double-click to float it"))
        self._row = QHBoxLayout(self)
        self._row.setSpacing(6)

    @cached_property
    def _buttons(self) -> tuple[QToolButton, QToolButton]:
        """To put the dock back, and to close it; made when it first floats, which few do."""
        back = icon_button("fit", self.tr("Put back into the window"), "muted", 14)
        back.clicked.connect(lambda: self._dock.setFloating(False))
        close = icon_button("close", self.tr("Close"), "muted", 14)
        close.clicked.connect(self._dock.close)
        for part in (back, close):
            self._row.addWidget(part)
            part.hide()
        return back, close

    @property
    def back_button(self) -> QToolButton:
        """Puts the floating dock back into the window."""
        return self._buttons[0]

    @property
    def close_button(self) -> QToolButton:
        """Closes the floating dock."""
        return self._buttons[1]

    def take(self, header: QWidget) -> None:
        """Be the place of a panel's header."""
        self._row.insertWidget(
            0, LayoutBarrier(header, self), 1
        )  # its text changes with every frame
        header.show()

    def leave_room(self, left: int, right: int, *, floating: bool) -> None:
        """Keep the margins of the card below it; when floating, show the close button."""
        self._row.setContentsMargins(left + _AIR, 8, right + _AIR, 2)
        if floating or "_buttons" in vars(self):
            for part in self._buttons:
                part.setVisible(floating)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        floating = self._dock.isFloating()
        menu.addAction(
            self.tr("Put back") if floating else self.tr("Float"),
            lambda: self._dock.setFloating(not floating),
        )
        if not floating:
            menu.addAction(self.tr("Maximize"), self._dock.maximize_wanted.emit)
        menu.addAction(self.tr("Save picture…"), self._dock.picture_wanted.emit)
        menu.addAction(self.tr("Close"), self._dock.close)
        menu.popup(event.globalPos())


class Dock(QDockWidget):
    """A movable dock for one panel; `name` is its key in a saved layout.

    `show_action` shows the panel, also from behind another, and closes it if it is in front. It is
    created here, unless an action made earlier is given, which is then connected.
    """

    maximize_wanted = Signal()
    picture_wanted = Signal()
    asked_for = Signal(bool)  # by its command: shown, or closed

    def __init__(
        self, name: str, title: str, parent: QWidget, show_action: QAction | None = None
    ) -> None:
        super().__init__(title, parent)
        self.setObjectName(name)
        self.maximizes = False  # whether a double click on the title does this instead of floating
        self._panel: QWidget | None = None
        self.first: QWidget | None = None
        """What takes the keyboard when the panel is asked for."""
        self._bar = TitleBar(self)
        self.setTitleBarWidget(self._bar)
        inside = QWidget()
        self._room = QVBoxLayout(inside)
        self.setWidget(inside)
        self._area = Area.NoDockWidgetArea
        self._reaches = (True, True)  # below, the left and the right side of the window
        self._leave_room()
        if show_action is None:
            show_action = QAction(title, self, checkable=True)
            show_action.triggered.connect(self.toggle)
        self.show_action = show_action
        self.visibilityChanged.connect(self._say_shown)
        self.dockLocationChanged.connect(self._on_moved)
        self.topLevelChanged.connect(self._leave_room)
        theme().changed.connect(self.update)

    def show_panel(self, panel: QWidget, header: QWidget, *, scrolls: bool = True) -> None:
        """Insert the panel; it takes the focus on request, if it has a part for that.

        With `scrolls` the dock can be lower than the panel: no window is high enough for all.
        """
        self._panel = panel
        self._bar.take(header)
        self._room.addWidget(self._around(panel, scrolls=scrolls))
        if (part := panel.focusProxy()) is not None:
            self.first = part
            # Tab into a proxied widget goes to its proxy: past what stands before that, or back
            # to the title.
            panel.setFocusProxy(None)  # type: ignore[arg-type]  # PySide's types forget it

    def _around(self, panel: QWidget, *, scrolls: bool) -> LayoutBarrier:
        if not scrolls:
            return LayoutBarrier(panel, self.widget())
        scrolled = Scrolled(lowest=LOWEST)
        barrier = LayoutBarrier(scrolled, self.widget())
        scrolled.fill(panel)
        return barrier

    def rename(self, title: str) -> None:
        """Be called otherwise in its tab and in the menus."""
        self.setWindowTitle(title)
        self.show_action.setText(title)

    @property
    def whole_height(self) -> int:
        """The pixels in which nothing of the panel needs to scroll."""
        panel, bar = self._panel, self._bar.sizeHint().height()
        return bar + (LOWEST if panel is None else panel.minimumSizeHint().height())

    @property
    def card(self) -> QRect:
        """The frame that is drawn, within the dock."""
        room = self._room.contentsMargins()
        return self.rect().adjusted(room.left(), 0, -room.right(), -room.bottom())

    @property
    def is_behind(self) -> bool:
        """Whether another panel in the same place covers it."""
        return not self.isHidden() and not self.isFloating() and self.visibleRegion().isEmpty()

    def toggle(self) -> None:
        """Show the panel in front and ready for the keyboard; in front already, close it."""
        shown = self.isHidden() or self.is_behind
        if shown:
            self.bring()
            if self.first is not None:
                self.first.setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            self.close()
        self.asked_for.emit(shown)

    def bring(self, *_: object) -> None:
        """Show the panel, in front of those it shares its place with."""
        self.show()
        self.raise_()
        if self.isFloating():
            self.activateWindow()

    def show_part(self, part: QWidget) -> None:
        """Bring the panel for a part of it; if it was closed, as its command does."""
        closed = self.isHidden()
        self.bring()
        if closed:
            self.asked_for.emit(True)

    def end_drag(self) -> None:
        """Drop the panel, if it is being dragged: while it is, restoreState ends the process."""
        nowhere = QPointF()
        release = QMouseEvent(
            QEvent.Type.MouseButtonRelease,
            *(nowhere, nowhere, Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton),
            Qt.KeyboardModifier.NoModifier,
        )
        QCoreApplication.sendEvent(self, release)

    def _say_shown(self, *_: object) -> None:
        self.show_action.setChecked(not self.isHidden())

    def _on_moved(self, area: Qt.DockWidgetArea) -> None:
        self._area = area
        self._leave_room()

    def reach(self, left: bool, right: bool) -> None:
        """Tell a dock below which sides of the window it touches."""
        if self._reaches != (left, right):
            self._reaches = left, right
            self._leave_room()

    def _leave_room(self, *_: object) -> None:
        """At the sides of the window the margins are set here; between cards, by the splitters."""
        free, area, below = self.isFloating(), self._area, self._area == Area.BottomDockWidgetArea
        at_left = free or area == Area.LeftDockWidgetArea or (below and self._reaches[0])
        at_right = free or area == Area.RightDockWidgetArea or (below and self._reaches[1])
        left, right = (SIDE if at_left else 0), (SIDE if at_right else 0)
        self._room.setContentsMargins(left, 0, right, SIDE if free else 0)
        self._bar.leave_room(left, right, floating=free)
        self.update()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.MouseButtonDblClick and self.maximizes:
            self.maximize_wanted.emit()
            return True
        return super().event(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self._say_shown()

    def paintEvent(self, _event: QPaintEvent) -> None:
        palette, card = theme().palette, QRectF(self.card)
        with smooth(self) as painter:
            if self.isFloating():
                painter.fillRect(self.rect(), palette.window)
                rounded(painter, QRectF(self.rect()), 0, None, palette.muted)
            rounded(painter, card, _RADIUS, palette.surface, palette.border)


def resize_docks(
    window: QMainWindow, docks: Sequence[Dock], sizes: Sequence[int], direction: Qt.Orientation
) -> None:
    """Give docks about these sizes in px. Qt complains of any that is not positive, and the docks
    of a small window may leave no room.
    """
    window.resizeDocks(docks, [max(1, size) for size in sizes], direction)
