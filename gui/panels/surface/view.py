"""The view of a surface: switches between the map and the relief."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QStackedWidget

from gui.panels.surface.map import SurfaceMap
from gui.panels.surface.relief import Relief
from gui.panels.surface.surface import Surface
from gui.widgets import labels


class SurfaceView(QStackedWidget):
    """Shows the same surface as map or relief; passes on the signals of the visible one."""

    dragged = Signal(object, object, object)  # x, y, whether the point was released
    wanted = Signal(object)  # the visible ranges of x and y; None: automatic
    turned = Signal(object)  # the angle, in radians

    def __init__(self, name: str) -> None:
        super().__init__()
        self.map, self.relief = SurfaceMap(name), Relief(name)
        self._waiting = labels.caption(self.tr("Measuring the cost over both axes…"), wrap=True)
        self._waiting.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._from_side = self._has_surface = False
        self.addWidget(self._waiting)
        for view in (self.map, self.relief):
            self.addWidget(view)
            view.wanted.connect(self.wanted)
        self.map.dragged.connect(self.dragged)
        self.relief.turned.connect(self.turned)

    @property
    def from_side(self) -> bool:
        """Whether the relief is shown."""
        return self._from_side

    def show_surface(self, surface: Surface | None, *, movable: bool = False) -> None:
        """Show this, or that it is being measured; on the map its point may be `movable`."""
        self._has_surface = surface is not None
        self.map.movable = movable
        self.map.show_surface(surface)
        self.relief.show_surface(surface)
        self._choose_page()

    def look(self, *, from_side: bool) -> None:
        """Show it from the side, or as a map."""
        self._from_side = from_side
        self._choose_page()

    def _choose_page(self) -> None:
        seen = self.relief if self._from_side else self.map
        self.setCurrentWidget(seen if self._has_surface else self._waiting)
