"""A surface as a map or from the side, in one place."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget

from gui.panels.surface.map import SurfaceMap
from gui.panels.surface.relief import Relief
from gui.panels.surface.surface import Surface


class SurfaceView(QStackedWidget):
    """Shows the same surface either way; what is done to the one that is seen, it passes on."""

    dragged = Signal(object, object, object)  # x, y, whether the point was let go
    wanted = Signal(object)  # the ranges of x and y to be seen; None: those that are best
    turned = Signal(object)  # the angle, in radians

    def __init__(self, name: str) -> None:
        super().__init__()
        self.map, self.relief = SurfaceMap(name), Relief(name)
        for view in (self.map, self.relief):
            self.addWidget(view)
            view.wanted.connect(self.wanted)
        self.map.dragged.connect(self.dragged)
        self.relief.turned.connect(self.turned)

    @property
    def from_side(self) -> bool:
        """Whether it is seen from the side."""
        return self.currentWidget() is self.relief

    def show_surface(self, surface: Surface | None, *, movable: bool = False) -> None:
        """Show this, or nothing; on the map its point may be `movable`."""
        self.map.movable = movable
        self.map.show_surface(surface)
        self.relief.show_surface(surface)

    def look(self, *, from_side: bool) -> None:
        """Show it from the side, or as a map."""
        self.setCurrentWidget(self.relief if from_side else self.map)
