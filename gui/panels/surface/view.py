"""A plot of a surface, or that it is being measured."""

from __future__ import annotations

from gui.panels.surface.plot import SurfacePlot
from gui.panels.surface.relief import Surface
from gui.plots.around import PlotOrSentence


class SurfaceView(PlotOrSentence):
    """The plot, or a sentence in its place."""

    def __init__(self, name: str) -> None:
        self.plot = SurfacePlot(name)
        super().__init__(self.plot)
        self.show_surface(None)

    def show_surface(self, surface: Surface | None, *, movable: bool = False) -> None:
        """Show this, or that it is being measured; on the map its point may be `movable`."""
        self.plot.movable = movable
        self.plot.show_surface(surface)
        self.say("" if surface else self.tr("Measuring the cost over both axes…"))
