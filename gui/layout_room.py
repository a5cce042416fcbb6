"""Gives a requested panel room, which its neighbours lose."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QMainWindow, QTabBar

from gui.docks import LABS, Docks
from gui.layout_table import BESIDE
from gui.style.theme import px
from gui.widgets.dock import LOWEST, Dock, resize_docks

SHEET_HEIGHT = 430  # pixels in which the decision boundary can be painted on
LENS_HEIGHT = 260  # pixels that an example's numbers need
COST_LEAST = 170  # pixels of the cost next to a requested panel
SQUARE_LESS = 40  # pixels that the boundary's panel is wider than high, where its plane fills both
BELOW_HEIGHT = 300  # pixels that a table or the stepper is given below ...
ABOVE, LEAST_BELOW = 360, 180  # ... which leaves these to what is above, but keeps at least those
Area = Qt.DockWidgetArea
_BOTTOM = Area.BottomDockWidgetArea
_VERTICAL = Qt.Orientation.Vertical
LAB_AREAS = {place.name: place.area for place in LABS}


class Room(QObject):
    """The room of the docks in one window; `docks` are those that there are."""

    def __init__(self, window: QMainWindow, docks: Mapping[str, Dock], panels: Docks) -> None:
        super().__init__(window)
        self._window, self._docks, self._panels = window, docks, panels.panels
        self._heights: dict[Dock, dict[Dock, int]] = {}  # around panels that float now
        self._returned: Dock | None = None
        self._later = QTimer(self, singleShot=True)
        self._later.timeout.connect(self._settle)
        self.lens_closed = False  # by the user, who does not want it for every example

    def make(self, name: str, shown: bool) -> None:
        """Make room for a panel that is shown on request, or share out that of a hidden one."""
        area = self._window.dockWidgetArea(self._docks[name])
        if area == _BOTTOM and shown:
            high = px(BELOW_HEIGHT)
            if name in LAB_AREAS:
                wanted = px(self._panels[name].wanted_height)
                high = max(high, min(wanted, round(0.46 * self._window.height())))
            high = max(min(high, self._window.height() - px(ABOVE)), px(LEAST_BELOW))
            resize_docks(self._window, [self._docks[name]], [high], _VERTICAL)
        elif BESIDE.get(name) == "activations":
            self._keep_boundary_large(name, shown)
        elif name in LAB_AREAS and shown:
            self._give_room(name)

    def _give_room(self, name: str) -> None:
        """Give a lab at the side the height it wants, as far as its column allows."""
        dock, wanted = self._docks[name], px(self._panels[name].wanted_height)
        beside = self._window.tabifiedDockWidgets(dock)
        # Shown for the first time, only the panels in its place know the height of that.
        now = max(each.height() for each in (dock, *beside) if not each.isHidden())
        if now >= wanted or dock.isFloating():
            return
        taken, giving = {dock, *beside}, list[Dock]()  # one of each place
        for other in self._seen_in(self._window.dockWidgetArea(dock)):
            if other not in taken:
                giving.append(other)
                taken |= {other, *self._window.tabifiedDockWidgets(other)}
        least = [px(LOWEST) + other.titleBarWidget().height() for other in giving]
        whole = now + sum(other.height() for other in giving)
        rest = max(whole - wanted, sum(least))
        sizes = [max(low, rest // max(len(giving), 1)) for low in least]
        sizes.insert(0, max(now, whole - rest))
        resize_docks(self._window, [dock, *giving], sizes, _VERTICAL)

    def _keep_boundary_large(self, name: str, shown: bool) -> None:
        """Take the room for a requested panel from the cost first, because the boundary matters
        more.
        """
        boundary, cost = self._docks["boundary"], self._docks["cost"]
        asked_for = self._docks[name if shown else "activations"]
        least = asked_for.whole_height
        if shown and name in self._panels:
            least = max(least, self._panels[name].wanted_height + px(40))
        column = [boundary, asked_for]
        floor = 0
        if cost not in self._window.tabifiedDockWidgets(asked_for) and not cost.isHidden():
            column.insert(1, cost)
            floor = px(COST_LEAST)
        whole = sum(dock.height() for dock in column)
        square = boundary.width() - px(SQUARE_LESS)  # higher is of no use to the plane
        first = max(min(square, whole - floor - least), min(square, whole // 2))
        rest = whole - first
        asked = max(min(least, rest - floor), round(0.45 * rest))
        sizes = [first, rest - asked, asked] if floor else [first, rest]
        resize_docks(self._window, column, sizes, _VERTICAL)

    def bring_sheet(self) -> None:
        """Show the decision boundary with room enough to paint on it."""
        boundary = self._docks["boundary"]
        boundary.bring()
        if boundary.height() < px(SHEET_HEIGHT):
            under = self._window.corner(Qt.Corner.BottomRightCorner) == _BOTTOM
            below = self._seen_in(_BOTTOM) if under else []
            least = [px(LOWEST) + dock.titleBarWidget().height() for dock in below]
            resize_docks(self._window, below, least, _VERTICAL)
            beside = self._window.tabifiedDockWidgets(boundary)
            column = self._seen_in(self._window.dockWidgetArea(boundary))
            giving = [dock for dock in column if dock is not boundary and dock not in beside]
            sizes = [*(dock.whole_height for dock in giving), px(SHEET_HEIGHT)]
            resize_docks(self._window, [*giving, boundary], sizes, _VERTICAL)

    def leave(self, dock: Dock) -> None:
        """Note the heights in the place of a panel that begins to float."""
        area = self._window.dockWidgetArea(dock)
        self._heights[dock] = {each: each.height() for each in (*self._seen_in(area), dock)}

    def take_back(self, dock: Dock) -> None:
        """Show a panel that floated in front of others in its place, and as high as it was."""
        self._returned = dock
        self._later.start()  # Qt puts it in its place only now

    def _settle(self) -> None:
        dock = self._returned
        if dock is None or dock.isFloating():
            return
        dock.raise_()
        before, window = self._heights.pop(dock, {}), self._window
        seen = [each for each in self._seen_in(window.dockWidgetArea(dock)) if not each.is_behind]
        bars = [bar.height() for bar in window.findChildren(QTabBar) if bar.isVisible()]
        tabs = {
            each: max(bars, default=0)
            for each in seen
            if not all(other.isHidden() for other in window.tabifiedDockWidgets(each))
        }
        rest = sum(each.height() for each in seen) + sum(tabs.values())
        alone = {each: before.get(each, each.height()) for each in seen if each not in tabs}
        rest -= sum(alone.values())
        sizes = [alone.get(each, rest // max(len(tabs), 1)) for each in seen]
        resize_docks(window, seen, sizes, _VERTICAL)

    def _seen_in(self, area: Area) -> list[Dock]:
        return [
            dock
            for dock in self._docks.values()
            if self._window.dockWidgetArea(dock) == area
            and not (dock.isHidden() or dock.isFloating())
        ]

    def bring_lens(self, example: int | None) -> None:
        """Show the lens for a chosen example, with enough room; not in a layout without plots, nor
        if it was closed, nor in place of a requested panel.
        """
        lens = self._docks["lens"]
        plots = not self._docks["activations"].isHidden()
        if example is None or self.lens_closed or not (plots or not lens.isHidden()):
            return
        others = [self._docks[name] for name in BESIDE if name != "lens"]
        asked_for = [dock for dock in others if not dock.visibleRegion().isEmpty()]
        lens.show()
        beside = self._window.tabifiedDockWidgets(lens)
        if kept := next((dock for dock in asked_for if dock in beside), None):
            kept.raise_()  # a shown panel is raised in front of its group
            return
        if self._docks["boundary"] in beside:
            return  # the boundary is more important
        lens.raise_()
        if lens.height() < px(LENS_HEIGHT):
            resize_docks(self._window, [lens], [px(LENS_HEIGHT)], _VERTICAL)
