"""pyqtgraph with this program's options; the only module that imports it."""

import pyqtgraph as pg

# Import it late and in the GUI thread only: PySide creates its classes without a lock, and an
# import in another thread crashes the process.
pg.setConfigOptions(
    antialias=True,
    imageAxisOrder="row-major",
    exitCleanup=False,  # its handler walks all objects when the process ends
    mouseRateLimit=60,
)

SYMBOLS = pg.graphicsItems.ScatterPlotItem.Symbols  # outlines about 1 wide, by their names
render_symbol = pg.graphicsItems.ScatterPlotItem.renderSymbol  # as a picture

__all__ = ["SYMBOLS", "pg", "render_symbol"]
