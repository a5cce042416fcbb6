"""Every plot of the window with something in it, by its name."""

from collections.abc import Callable

import numpy as np
from PySide6.QtGui import QPen

from core.labs.broadcasting import broadcast
from core.labs.pictures import IN_MEMORY, toys
from core.labs.shapes import NamedShape, ShapeQuestion, outcome
from core.look.cost_along import CostLine
from core.look.plane import Plane
from gui.labs.bars import Bar, BarsPlot
from gui.labs.broadcast_plot import BroadcastPlot
from gui.labs.picture.plot import PicturePlot
from gui.labs.shapes_plot import ShapesPlot
from gui.labs.starts.multiples import CostCurve, Multiples
from gui.panels.activations.activity import BINS, ExampleOrder
from gui.panels.activations.plot import ActivationsPlot, HeatMap
from gui.panels.boundary.weights_plot import WeightsPlot
from gui.panels.distributions.history import HeatRow, History, HistoryLine, TimeAxis
from gui.panels.distributions.plot import HistoryPlot
from gui.panels.lens.pull_chart import PullChart
from gui.panels.results.fit_plot import FitPlot
from gui.panels.runs.difference import DifferencePlane, PictureDifference
from gui.panels.surface.plot import SurfacePlot
from gui.panels.surface.relief import Surface
from gui.plots.chart import Chart
from gui.plots.cost_line import CostLinePlot
from gui.plots.curve_plot import CurvePlot
from gui.plots.dots import Dots
from gui.plots.histograms import Histograms, HistogramsPlot, fitting
from gui.plots.plane_plot import PlanePicture, PlanePlot
from gui.style.theme import image, theme
from gui.sweep.curve import SweepCurve
from tests.gui.sweep import made

RANDOM = np.random.RandomState(0)
TRAIN, TEST = 0.6 * np.exp(-np.arange(300) / 90) + 0.1, 0.6 * np.exp(-np.arange(30) / 9) + 0.15
FIELD = RANDOM.rand(20, 20)
POINTS = RANDOM.uniform(-3, 3, (2, 60))
WEIGHTS = RANDOM.randn(64)
PULLS = np.sort(RANDOM.randn(90))
AXIS = TimeAxis.up_to(100, logarithmic=False)
AT = np.array([0, 1, 5, 20, 60, 100])


def cost() -> Chart:
    plot = CurvePlot("Cost over iterations", ("train", "test"))

    def draw() -> None:
        palette = theme().palette
        plot.take_pens({"train": QPen(palette.positive, 1.0), "test": QPen(palette.negative, 1.0)})
        plot.show_range(300, 0.1, 0.75)
        plot.show_curve("train", np.arange(300), TRAIN)
        plot.show_curve("test", 10 * np.arange(30), TEST)
        plot.show_marks(((100, "α 1.2 → 0.3"),))

    plot.numbers = lambda: {"iteration": np.arange(300), "train": TRAIN}
    return drawn(plot, draw)


def boundary() -> Chart:
    plot = PlanePlot("Prediction over the input plane")
    plane = Plane((-4.0, 4.0), (-3.0, 5.0))

    def draw() -> None:
        picture = image((255 * FIELD).astype(np.uint8))
        lines = np.array([2.0, 9.0, 9.0, 17.0]), np.array([3.0, 8.0, 8.0, 4.0])
        plot.show_picture(plane, PlanePicture(picture, (lines,), ("0", "P(y=1)", "1")))
        plot.show_dots((Dots(POINTS, (POINTS[0] > 0).astype(np.intp), 2),))

    plot.numbers = lambda: {"x₁": POINTS[0], "x₂": POINTS[1]}
    return drawn(plot, draw)


def histograms() -> Chart:
    plot, counts = ActivationsPlot("Activations"), RANDOM.randint(0, 40, (2, BINS))

    def draw() -> None:
        columns, down = fitting(plot.area().width(), plot.area().height(), 2)
        some, names = counts[: columns * down], ("a₁", "a₂")[: columns * down]
        plot.show_shown(Histograms(some, names, frozenset({1}), BINS // 2, (-1.0, 1.0)))

    plot.numbers = lambda: {"a₁": counts[0], "a₂": counts[1]}
    return drawn(plot, draw)


def heat_map() -> Chart:
    plot, levels = ActivationsPlot("Activations"), RANDOM.randint(0, 256, (4, 300)).astype(np.uint8)
    names = tuple(f"a{i}" for i in range(4))
    shown = HeatMap(levels, names, ExampleOrder(np.arange(300), (("0", 0, 150), ("1", 150, 300))))
    plot.numbers = lambda: dict(zip(names, levels, strict=True))
    return drawn(plot, lambda: plot.show_shown(shown))


def lines() -> Chart:
    plot, values = HistoryPlot("Distributions"), 10.0 ** -np.linspace(1, 4, len(AT))
    values[0] = np.nan
    several = (HistoryLine(1, values), HistoryLine(2, values / 3))
    shown = History(AT, AXIS, 1, several, logarithmic=True, guide=1e-3)
    plot.numbers = lambda: {"iteration": AT, "layer 1": values}
    return drawn(plot, lambda: plot.show_history(shown))


def rows() -> Chart:
    plot, counts = HistoryPlot("Distributions"), RANDOM.randint(0, 5, (12, len(AT)))
    row = HeatRow(1, "W[1]", counts.astype(np.uint32), -6, -2)
    plot.numbers = lambda: {"iteration": AT, "bin": counts[0]}
    return drawn(plot, lambda: plot.show_history(History(AT, AXIS, 1, rows=(row,))))


def fit() -> Chart:
    plot, y = FitPlot("Predicted over true values"), POINTS[0]
    dots = Dots(np.stack([y, 0.9 * y]), np.sign(y) * 0.85, 0)
    plot.numbers = lambda: {"y": y, "ŷ": 0.9 * y}
    return drawn(plot, lambda: plot.show_fit(dots, 3))


def weights() -> Chart:
    plot = WeightsPlot("Weights of a unit on the pixels")
    return drawn(plot, lambda: plot.show_weights(WEIGHTS, (8, 8, 1)))


def surface() -> Chart:
    plot, x = SurfacePlot("Cost surface"), np.linspace(-2, 2, 21)
    heights = x[:, np.newaxis] ** 2 + x**2
    way = np.array([[1.5, 1.0], [1.0, 0.5]])
    shown = Surface(x, x, heights, way, (0.5, -0.5), ("w₁₁[1]", "w₁₂[1]"))
    return drawn(plot, lambda: plot.show_surface(shown))


def difference() -> Chart:
    plot = DifferencePlane("Where the two runs predict differently")
    found = PictureDifference(FIELD, "", "")
    plane = Plane((-4.0, 4.0), (-4.0, 4.0))
    return drawn(plot, lambda: plot.show_difference(found, plane))


def pulls() -> Chart:
    plot = PullChart()
    plot.numbers = lambda: {"pull": PULLS}
    return drawn(plot, lambda: plot.show_values(PULLS, 12, lambda bar: f"example {bar}"))


def cost_line() -> Chart:
    plot, w = CostLinePlot(), np.linspace(-1, 2, 61)
    plot.forget(0.3)
    return drawn(plot, lambda: plot.show_line(CostLine(w, (w - 0.7) ** 2 + 0.2)))


def sweep() -> Chart:
    plot = SweepCurve("Results of the sweep")
    return drawn(plot, lambda: plot.show_curve(made.shown(made.ONE)))


def slopes() -> Chart:
    plot, counts = HistogramsPlot("Slopes"), RANDOM.randint(0, 40, (2, 20))
    plot.numbers = lambda: {"layer 1": counts[0], "layer 2": counts[1]}

    def draw() -> None:
        words, tones = ("Layer 1: 9 % flat", "Layer 2: 40 % flat"), ("backward", "backward")
        plot.show_histograms(Histograms(counts, words, frozenset(), 0, (0.0, 1.0), tones, 1, 112.0))

    return drawn(plot, draw)


def shapes_of_matrices() -> Chart:
    plot = ShapesPlot()
    question = ShapeQuestion("dot", (NamedShape("W", (4, 2)), NamedShape("X.T", (400, 2))))
    return drawn(plot, lambda: plot.show_question(question, outcome(question), hidden=False))


def copies() -> Chart:
    plot = BroadcastPlot()
    question = ShapeQuestion("subtract", (NamedShape("A", (5, 1)), NamedShape("B", (1, 5))))
    shown = broadcast(question)
    return drawn(plot, lambda: plot.show_broadcast(shown))


def picture_and_column() -> Chart:
    plot = PicturePlot()
    picture = toys().sets[0][0]
    return drawn(plot, lambda: plot.show_picture(picture, IN_MEMORY, 7))


def bars() -> Chart:
    plot = BarsPlot("Times of the three ways", "seconds")
    times = [Bar("NumPy", 3e-4, "0.3 ms", "forward"), Bar("Loops", 0.25, "0.25 s", "backward")]
    return drawn(plot, lambda: plot.show_bars(times))


def multiples() -> Chart:
    plot = Multiples()
    curves = [CostCurve("Xavier", TRAIN, "forward"), CostCurve("zeros", np.full(9, 0.69), "muted")]
    return drawn(plot, lambda: plot.show_curves(curves))


def drawn(plot: Chart, draw: Callable[[], None]) -> Chart:
    """The plot, drawn as its owner does: now, and whenever its size or its colours change."""
    draw()
    plot.resized.connect(draw)
    plot.restyled.connect(draw)
    return plot


CHARTS = {
    maker.__name__: maker
    for maker in (
        cost, boundary, histograms, heat_map, lines, rows, fit, weights, surface, difference,
        pulls, cost_line, sweep, slopes, shapes_of_matrices, copies, picture_and_column, bars,
        multiples,
    )
}  # fmt: skip
