"""Which panels there are, where each is on a first start, and how they come back on the next."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from PySide6.QtCore import QByteArray, QEvent, QObject, QSettings, Qt, QTimer, Signal
from PySide6.QtWidgets import QLayout, QMainWindow, QTabBar

from gui.model.document import Document
from gui.model.selection import Selection
from gui.model.training import Training
from gui.model.walk import Walk
from gui.panels.base import Panel
from gui.widgets.dock import HEIGHT, SIDE, Dock

LAYOUT_VERSION = 2  # of what QSettings keeps; a window built otherwise ignores an older one
TALL = 850  # pixels of a window in which the stepper and every plot have room at once
SHEET_HEIGHT = 430  # pixels in which the decision boundary can be painted on
LENS_HEIGHT = 260  # pixels that an example's numbers need
Area = Qt.DockWidgetArea


@dataclass(frozen=True, slots=True)
class Place:
    """One panel: a class in a module, imported when the panel is made.

    `late` ones are made after the first paint, which would have to wait half a second for them.
    `walks` says that the panel is given the walk too; `behind` names the panel with which it
    shares its place, hidden until it is asked for.
    """

    name: str  # what a saved layout knows it by
    title: str
    area: Qt.DockWidgetArea
    module: str
    kind: str
    late: bool = True
    walks: bool = False
    behind: str = ""
    plot: bool = False  # of those that are always seen: never so low that it must scroll
    keys: str = ""  # to show and hide it; the first nine have Ctrl and their number


PLACES = (
    Place("data", "Data", Area.LeftDockWidgetArea, "data.panel", "DataPanel", late=False),
    Place(
        "layers", "Layers", Area.BottomDockWidgetArea, "layers", "LayersPanel", late=False,
        behind="stepper",
    ),
    Place(
        "boundary", "Decision boundary", Area.RightDockWidgetArea, "boundary.panel",
        "BoundaryPanel", plot=True,
    ),
    Place("cost", "Cost", Area.RightDockWidgetArea, "cost.panel", "CostPanel", plot=True),
    Place(
        "activations", "Activations", Area.RightDockWidgetArea, "activations.panel",
        "ActivationsPanel", plot=True,
    ),
    Place("lens", "Example", Area.RightDockWidgetArea, "lens.panel", "LensPanel", walks=True),
    Place("stepper", "Stepper", Area.BottomDockWidgetArea, "stepper", "StepperPanel", walks=True),
    Place(
        "results", "Results", Area.RightDockWidgetArea, "results.panel", "ResultsPanel",
        behind="activations",
    ),
    Place(
        "examples", "Examples table", Area.BottomDockWidgetArea, "examples.panel", "ExamplesPanel",
        behind="stepper",
    ),
    Place(
        "pinned", "Pinned units", Area.RightDockWidgetArea, "pinned.panel", "PinnedPanel",
        behind="boundary", keys="Ctrl+Shift+P",
    ),
    Place(
        "hidden", "Hidden space", Area.RightDockWidgetArea, "hidden.panel", "HiddenPanel",
        behind="boundary", keys="Ctrl+Shift+H",
    ),
    Place(
        "surface", "Cost surface", Area.RightDockWidgetArea, "surface.panel", "SurfacePanel",
        behind="boundary", keys="Ctrl+Shift+C",
    ),
    Place(
        "distributions", "Distributions", Area.RightDockWidgetArea, "distributions.panel",
        "DistributionsPanel", behind="activations", keys="Ctrl+Shift+T",
    ),
    Place(
        "doctor", "Doctor", Area.RightDockWidgetArea, "doctor", "DoctorPanel",
        behind="activations", keys="Ctrl+Shift+D",
    ),
    Place(
        "runs", "Runs", Area.BottomDockWidgetArea, "runs.panel", "RunsPanel", behind="stepper",
        keys="Ctrl+Shift+R",
    ),
)  # fmt: skip


class Docks(QObject):
    """The docks of one window, and the panels in them once they are made."""

    noted = Signal(str)  # a sentence of some panel for the user

    def __init__(
        self, window: QMainWindow, document: Document, training: Training, selection: Selection,
        walk: Walk,
    ) -> None:  # fmt: skip
        super().__init__(window)
        self._window, self._parts, self._walk = window, (document, training, selection), walk
        self.by_name = {place.name: Dock(place.name, place.title, window) for place in PLACES}
        self.panels: dict[str, Panel] = {}
        self._restored = False
        self._tall = True  # whether the arrangement is the one of tall windows
        self._moved = False  # whether the user has made it another one
        self._arranging = False
        window.setDockNestingEnabled(True)
        for corner in (Qt.Corner.BottomLeftCorner, Qt.Corner.BottomRightCorner):
            window.setCorner(corner, Area.BottomDockWidgetArea)
        for place in PLACES:
            dock = self.by_name[place.name]
            window.addDockWidget(place.area, dock)
            for changed in (dock.dockLocationChanged, dock.topLevelChanged):
                changed.connect(self._on_moved)
            dock.toggleViewAction().triggered.connect(self._on_moved)
            if place.behind == "activations":
                dock.toggleViewAction().triggered.connect(
                    lambda shown, name=place.name: self._keep_boundary_large(name, shown)
                )
        self._later = QTimer(self, singleShot=True)
        self._later.timeout.connect(self._follow_height)
        window.installEventFilter(self)

    def import_next(self) -> bool:
        """Import what one more panel needs, which takes longer than making it; False if all is."""
        modules = (f"gui.panels.{place.module}" for place in PLACES)
        missing = next((module for module in modules if module not in sys.modules), None)
        if missing is not None:
            import_module(missing)
        return missing is not None

    def fill(self, *, late: bool) -> None:
        """Make the panels that are late, or those that are not, and put them in."""
        for place in PLACES:
            if place.late == late:
                module = import_module(f"gui.panels.{place.module}")
                make: Callable[..., Panel] = getattr(module, place.kind)
                panel = make(*self._parts, *((self._walk,) if place.walks else ()))
                panel.noted.connect(self.noted)
                self.panels[place.name] = panel
                self.by_name[place.name].show_panel(panel, scrolls=not place.plot)

    def keep_off_sides(self, room: QLayout) -> None:
        """Keep what is in the centre's layout off the sides of the window that have no dock."""

        def leave_room(*_: object) -> None:
            docked = [dock for dock in self.by_name.values() if not dock.isHidden()]
            taken = {self._window.dockWidgetArea(dock) for dock in docked if not dock.isFloating()}
            left = 0 if Area.LeftDockWidgetArea in taken else SIDE
            right = 0 if Area.RightDockWidgetArea in taken else SIDE
            room.setContentsMargins(left, HEIGHT, right, 0)
            # Qt parks the bar of a panel that shares its place with hidden ones out of sight.
            for bar in self._window.findChildren(QTabBar):
                policy = Qt.FocusPolicy
                bar.setFocusPolicy(policy.TabFocus if bar.count() > 1 else policy.NoFocus)
                bar.setAccessibleName(self.tr("Panels in this place"))

        for dock in self.by_name.values():
            for changed in (dock.visibilityChanged, dock.dockLocationChanged, dock.topLevelChanged):
                changed.connect(leave_room)

    def arrange(self) -> None:
        """Put every dock where it is on a first start, as the window's height allows."""
        self._arranging = True
        self._tall = self._window.height() >= TALL
        self._place(self._tall)
        self._divide()
        self._arranging = self._moved = False

    def _place(self, tall: bool) -> None:
        window, docks = self._window, self.by_name
        for place in PLACES:
            docks[place.name].setFloating(False)
            docks[place.name].hide()  # one above the other they had no room
            window.addDockWidget(place.area, docks[place.name])
        if not tall:
            window.tabifyDockWidget(docks["cost"], docks["activations"])
        window.tabifyDockWidget(docks["activations"], docks["lens"])
        for place in PLACES:
            if place.behind:
                window.tabifyDockWidget(docks[place.behind], docks[place.name])
            docks[place.name].setVisible(not place.behind and (tall or place.name != "stepper"))
        (docks["activations"] if tall else docks["cost"]).raise_()

    def _divide(self) -> None:
        """Give every dock its share of the room."""
        window, docks, tall = self._window, self.by_name, self._tall
        plots = [docks["boundary"], docks["cost"], docks["activations"]]
        window.resizeDocks([docks["data"]], [242], Qt.Orientation.Horizontal)
        window.resizeDocks(plots, [467 if tall else 459] * len(plots), Qt.Orientation.Horizontal)
        heights = [339, 147, 146] if tall else [360, 210, 210]
        window.resizeDocks(plots, heights, Qt.Orientation.Vertical)
        window.resizeDocks([docks["stepper"]], [262 if tall else 250], Qt.Orientation.Vertical)

    def bring_sheet(self) -> None:
        """Show the decision boundary with room enough to paint on it."""
        boundary = self.by_name["boundary"]
        boundary.bring()
        if boundary.height() < SHEET_HEIGHT:
            below = [
                dock
                for dock in self.by_name.values()
                if self._window.dockWidgetArea(dock) == Area.BottomDockWidgetArea
                and not (dock.isHidden() or dock.isFloating() or self._tall)
            ]
            least = [dock.whole_height for dock in below]
            vertical = Qt.Orientation.Vertical
            self._window.resizeDocks([*below, boundary], [*least, SHEET_HEIGHT], vertical)

    def _keep_boundary_large(self, name: str, shown: bool) -> None:
        """What a panel needs that was asked for, the cost gives first: the points are looked at."""
        boundary, cost = self.by_name["boundary"], self.by_name["cost"]
        asked_for = self.by_name[name if shown else "activations"]
        others = [asked_for]
        if cost not in self._window.tabifiedDockWidgets(asked_for):
            others.insert(0, cost)
        least = [dock.whole_height for dock in others]
        if shown and name in self.panels:
            least[-1] = max(least[-1], self.panels[name].wanted_height + HEIGHT)
        whole = sum(dock.height() for dock in (boundary, *others))
        rest = max(whole - sum(least), whole // 2)
        self._window.resizeDocks([boundary, *others], [rest, *least], Qt.Orientation.Vertical)

    def bring_lens(self, example: int | None) -> None:
        """Show the lens for a chosen example, with room enough to read; not if it was closed, nor
        in place of a panel that was asked for.
        """
        lens = self.by_name["lens"]
        if example is None or not lens.toggleViewAction().isChecked():
            return
        asked_for = [self.by_name[place.name] for place in PLACES if place.behind]
        beside = self._window.tabifiedDockWidgets(lens)
        if any(dock in beside and not dock.visibleRegion().isEmpty() for dock in asked_for):
            return
        lens.raise_()
        if lens.height() < LENS_HEIGHT:
            self._window.resizeDocks([lens], [LENS_HEIGHT], Qt.Orientation.Vertical)

    def _on_moved(self, *_: object) -> None:
        self._moved = self._moved or not self._arranging

    def _follow_height(self) -> None:
        """Where nobody has moved a panel, arrange them anew for a window much lower or higher."""
        if self._moved or self._tall == (self._window.height() >= TALL):
            return
        self.arrange()
        if self._walk.started:
            self.by_name["stepper"].bring()

    def settle(self) -> None:
        """On a first start, divide the room again: panels that came late want other shares."""
        if not self._restored:
            self._divide()

    def restore(self) -> None:
        """Arrange the docks as they were when the last window was closed."""
        self.arrange()
        settings = QSettings()
        geometry = settings.value("geometry")
        if isinstance(geometry, QByteArray):
            self._window.restoreGeometry(geometry)
        kept = self._kept_as()
        state = settings.value(kept)
        if isinstance(state, QByteArray):
            self._arranging = True
            self._restored = self._window.restoreState(state, LAYOUT_VERSION)
            self._arranging, self._tall = False, bool(settings.value(f"{kept}/tall", True, bool))
            self._moved = bool(settings.value(f"{kept}/moved", True, bool))

    def save(self) -> None:
        """Remember the arrangement for the next window."""
        settings, kept = QSettings(), self._kept_as()
        settings.setValue("geometry", self._window.saveGeometry())
        settings.setValue(kept, self._window.saveState(LAYOUT_VERSION))
        settings.setValue(f"{kept}/tall", self._tall)
        settings.setValue(f"{kept}/moved", self._moved)

    def _kept_as(self) -> str:
        """The desk's layout is kept beside the projector's: neither would fit the other."""
        return "layout/high" if self._window.normalGeometry().height() >= TALL else "layout/low"

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._later.start()
        return super().eventFilter(watched, event)
