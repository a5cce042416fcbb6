"""The table of panels, and the docks that hold them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLayout, QMainWindow, QTabBar

from core.errors import LayerwiseError
from gui.actions import set_shortcuts
from gui.labs.base import Lab
from gui.model.document import Document
from gui.model.selection import Selection
from gui.model.training import Training
from gui.model.walk import Walk
from gui.panels.base import Panel
from gui.parts import Kind, name_part, name_parts
from gui.style import text
from gui.widgets.dock import SIDE, Dock

Area = Qt.DockWidgetArea


@dataclass(frozen=True, slots=True)
class PanelSpec:
    """One panel: its class and module, imported when the panel is made.

    `late` panels are made after the first paint, which they would delay by half a second. `walks`
    says that the panel also gets the walk.
    """

    name: str  # its key in a saved layout
    title: str
    area: Qt.DockWidgetArea
    module: str
    kind: str
    keys: str  # to bring it, or close it
    late: bool = True
    walks: bool = False
    plot: bool = False  # fits itself to any height: never so low that it must scroll


LEFT, RIGHT = Qt.DockWidgetArea.LeftDockWidgetArea, Qt.DockWidgetArea.RightDockWidgetArea
BOTTOM = Qt.DockWidgetArea.BottomDockWidgetArea
PANELS = (
    PanelSpec("data", "Data", LEFT, "data.panel", "DataPanel", "Ctrl+1", late=False),
    PanelSpec("layers", "Layers", BOTTOM, "layers", "LayersPanel", "Ctrl+2", late=False),
    PanelSpec(
        "boundary",
        text.plane_title("binary"),
        RIGHT,
        "boundary.panel",
        "BoundaryPanel",
        "Ctrl+3",
        plot=True,
    ),
    PanelSpec("cost", "Cost", RIGHT, "cost.panel", "CostPanel", "Ctrl+4", plot=True),
    PanelSpec(
        "activations",
        "Activations",
        RIGHT,
        "activations.panel",
        "ActivationsPanel",
        "Ctrl+5",
        plot=True,
    ),
    PanelSpec("lens", "Example", RIGHT, "lens.panel", "LensPanel", "Ctrl+6", walks=True),
    PanelSpec("stepper", "Stepper", BOTTOM, "stepper", "StepperPanel", "Ctrl+7", walks=True),
    PanelSpec("results", "Results", RIGHT, "results.panel", "ResultsPanel", "Ctrl+8"),
    PanelSpec("examples", "Examples table", BOTTOM, "examples.panel", "ExamplesPanel", "Ctrl+9"),
    PanelSpec("pinned", "Pinned units", RIGHT, "pinned.panel", "PinnedPanel", "Ctrl+Shift+P"),
    PanelSpec("hidden", "Hidden space", RIGHT, "hidden.panel", "HiddenPanel", "Ctrl+Shift+H"),
    PanelSpec("surface", "Cost surface", RIGHT, "surface.panel", "SurfacePanel", "Ctrl+Shift+C"),
    PanelSpec(
        "distributions",
        "Distributions",
        RIGHT,
        "distributions.panel",
        "DistributionsPanel",
        "Ctrl+Shift+T",
    ),
    PanelSpec("slopes", "Slopes", RIGHT, "slopes", "SlopesPanel", "Ctrl+Shift+L", plot=True),
    PanelSpec("doctor", "Doctor", RIGHT, "doctor", "DoctorPanel", "Ctrl+Shift+D"),
    PanelSpec("runs", "Runs", BOTTOM, "runs.panel", "RunsPanel", "Ctrl+Shift+R"),
)  # fmt: skip

LABS = (
    PanelSpec("labs.neuron", "Neuron", RIGHT, "neuron.panel", "NeuronLab", ""),
    PanelSpec("labs.derivative", "Derivative", RIGHT, "derivative", "DerivativeLab", ""),
    PanelSpec("labs.graph", "Computation graph", BOTTOM, "graph.panel", "GraphLab", ""),
    PanelSpec("labs.race", "Loop against vector", RIGHT, "race", "RaceLab", ""),
    PanelSpec("labs.shapes", "Shape X-ray", RIGHT, "shapes", "ShapesLab", ""),
    PanelSpec(
        "labs.broadcasting", "Broadcasting and rank 1", RIGHT, "broadcasting", "BroadcastingLab", ""
    ),
    PanelSpec("labs.picture", "Picture and vector", RIGHT, "picture.panel", "PictureLab", ""),
    PanelSpec("labs.starts", "Six starts", RIGHT, "starts.panel", "StartsLab", ""),
)  # fmt: skip
"""The labs, in the order of their menu: a module of gui/labs each. Neither one nor its dock is made
before it is asked for.
"""


class Docks(QObject):
    """The docks of one window, and their panels once they are made."""

    noted = Signal(str)  # a sentence of some panel for the user
    picture_wanted = Signal(str)  # of the panel of this name
    made = Signal(object)  # the Dock of a lab
    lab_changed = Signal()  # the facts of some lab for goals

    def __init__(
        self, window: QMainWindow, document: Document, training: Training, selection: Selection,
        walk: Walk,
    ) -> None:  # fmt: skip
        super().__init__(window)
        self._window, self._shown = window, (document, training, selection)
        self._walk = walk
        self.by_name = {spec.name: Dock(spec.name, spec.title, window) for spec in PANELS}
        self.lesson = Dock("lesson", self.tr("Lesson"), window)  # shown while one is open
        window.addDockWidget(LEFT, self.lesson)
        self.lesson.hide()
        self.panels: dict[str, Panel] = {}
        for spec in PANELS:
            dock = self.by_name[spec.name]
            name_part(dock, spec.name, spec.title, Kind.PANEL, dock.show_action)
            window.addDockWidget(spec.area, dock)
        self.lab_actions = {spec.name: self._lab_action(spec) for spec in LABS}
        document.changed.connect(self._name)
        self._name()

    # --- labs -------------------------------------------------------------------------------------

    def _lab_action(self, spec: PanelSpec) -> QAction:
        """The action that opens a lab from the menu, and creates it the first time."""
        action = QAction(self.tr("Lab: {}").format(spec.title), self._window, checkable=True)
        set_shortcuts(action, [], self.tr("Show or hide this lab"))
        name_part(action, spec.name, action.text(), Kind.PANEL)
        action.triggered.connect(lambda _on: self.lab_dock(spec.name).toggle())
        return action

    def lab_dock(self, name: str) -> Dock:
        """The dock of a lab such as `labs.neuron`, with the lab in it. LayerwiseError for another
        name.
        """
        if name not in self.lab_actions:
            raise LayerwiseError(f"There is no lab called “{name.removeprefix('labs.')}”.")
        if name not in self.by_name:
            self._make_lab(next(spec for spec in LABS if spec.name == name))
        return self.by_name[name]

    def lab(self, name: str) -> Lab:
        """The lab of that name, made if necessary. LayerwiseError if there is none."""
        self.lab_dock(name)
        lab = self.panels[name]
        assert isinstance(lab, Lab)
        return lab

    @property
    def labs(self) -> tuple[Lab, ...]:
        """The labs that have been opened."""
        return tuple(panel for panel in self.panels.values() if isinstance(panel, Lab))

    def lab_facts(self, name: str) -> Mapping[str, object] | None:
        """The facts of a lab, by the names used in goals; None before it is made."""
        lab = self.panels.get(f"labs.{name}")
        return lab.facts() if isinstance(lab, Lab) else None

    def _make_lab(self, spec: PanelSpec) -> None:
        action = self.lab_actions[spec.name]
        dock = self.by_name[spec.name] = Dock(spec.name, action.text(), self._window, action)
        lab = self._make_panel(spec, "labs", dock)
        assert isinstance(lab, Lab)
        lab.facts_changed.connect(self.lab_changed)
        name_part(action, "")  # the dock has the key from now on, and carries out the action
        name_part(dock, spec.name, action.text(), Kind.PANEL, action)
        self.made.emit(dock)

    def _name(self, *_: object) -> None:
        """Title the picture of the outputs to suit these labels."""
        document, dock = self._shown[0], self.by_name["boundary"]
        title = text.plane_title(document.kind_of_labels)
        if title != dock.windowTitle():
            dock.rename(title)
            name_part(dock, "boundary", title, Kind.PANEL, dock.show_action)

    def import_next(self) -> bool:
        """Import the modules for one more panel, which takes longer than making it; False if all
        are imported.
        """
        modules = (f"gui.panels.{spec.module}" for spec in PANELS)
        missing = next((module for module in modules if module not in sys.modules), None)
        if missing is not None:
            import_module(missing)
        return missing is not None

    def fill(self, *, late: bool) -> None:
        """Create the late panels, or the others, and put them into their docks."""
        for spec in PANELS:
            if spec.late == late:
                self._make_panel(spec, "panels", self.by_name[spec.name])

    def _make_panel(self, spec: PanelSpec, folder: str, dock: Dock) -> Panel:
        module = import_module(f"gui.{folder}.{spec.module}")
        make: Callable[..., Panel] = getattr(module, spec.kind)
        panel = make(*self._shown, *((self._walk,) if spec.walks else ()))
        panel.noted.connect(self.noted)
        dock.picture_wanted.connect(lambda: self.picture_wanted.emit(spec.name))
        name_parts(spec.name, panel.named_parts())
        self.panels[spec.name] = panel
        dock.show_panel(panel, panel.lend_header(), scrolls=not spec.plot)
        return panel

    def keep_off_sides(self, room: QLayout) -> None:
        """Keep the layout of the centre away from sides of the window that have no dock."""

        docks = [*self.by_name.values(), self.lesson]

        def leave_room(*_: object) -> None:
            docked = [dock for dock in docks if not dock.isHidden()]
            taken = {self._window.dockWidgetArea(dock) for dock in docked if not dock.isFloating()}
            left = 0 if Area.LeftDockWidgetArea in taken else SIDE
            right = 0 if Area.RightDockWidgetArea in taken else SIDE
            room.setContentsMargins(left, 0, right, 0)
            corner = self._window.corner
            for dock in docks:
                dock.reach(
                    left > 0 or corner(Qt.Corner.BottomLeftCorner) == Area.BottomDockWidgetArea,
                    right > 0 or corner(Qt.Corner.BottomRightCorner) == Area.BottomDockWidgetArea,
                )
            # Qt parks the bar of a panel that shares its place with hidden ones out of sight.
            # The bars of docks are children of the window itself; those of editors are below.
            of_docks = Qt.FindChildOption.FindDirectChildrenOnly
            for bar in self._window.findChildren(QTabBar, options=of_docks):
                policy = Qt.FocusPolicy
                bar.setFocusPolicy(policy.TabFocus if bar.count() > 1 else policy.NoFocus)
                bar.setElideMode(Qt.TextElideMode.ElideNone)  # "C…" is useless: it scrolls
                bar.setUsesScrollButtons(True)
                bar.setAccessibleName(self.tr("Panels in this area"))

        def listen(dock: Dock) -> None:
            for changed in (dock.visibilityChanged, dock.dockLocationChanged, dock.topLevelChanged):
                changed.connect(leave_room)

        def take_in(dock: Dock) -> None:
            docks.append(dock)
            listen(dock)

        for dock in docks:
            listen(dock)
        self.made.connect(take_in)
