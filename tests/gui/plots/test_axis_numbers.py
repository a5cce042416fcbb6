"""The numbers of the axes as they are drawn: three on each, none over another, all of them true."""

import itertools
import math
import random

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPen

from gui.plots.curve_plot import CurvePlot, SecondCurve
from gui.plots.ticks import LINEAR, LOG, log_ticks, log_written, ticks, written
from gui.style.theme import theme
from tests.cases import spread
from tests.gui.hands import drawing_of, inked_words
from tests.gui.plots.charts import CHARTS

TEXT_SIZES = (1.0, 1.25, 1.5, 1.75, 2.0)
LOWEST, HIGHEST = 120, 200  # px


@pytest.fixture(autouse=True)
def usual_text(qapp):
    yield
    theme().set_text_size(1.0)


def words_of(axis):
    """Every word that an axis draws, and the place of its ink in the plot."""
    drawing = drawing_of(lambda painter: axis.paint(painter, None))
    return [(word, axis.mapRectToScene(ink)) for word, ink in inked_words(drawing)]


def faults(chart):
    """What is wrong with the numbers and names of all axes that are seen."""
    chart.grab()  # as the window paints it
    found, everything = [], []
    for side, axis in chart.axes.items():
        if not axis.isVisible():
            continue
        words = words_of(axis)
        everything += words
        numbers = [word for word, _ in words if word != axis.name]
        if len(numbers) < 3:
            found.append(f"{side} has {numbers} from {axis.range}")
    seen = QRectF(chart.rect())
    for (one, place), (other, at) in itertools.combinations(everything, 2):
        if place.adjusted(-0.5, -0.5, 0.5, 0.5).intersects(at):
            found.append(f"{one} touches {other}")
    return found + [f"{word} is cut" for word, at in everything if not seen.contains(at)]


def untrue(axis):
    """The numbers of an axis that say another value than the one of their place."""
    numbering, (low, high) = axis.numbering, sorted(axis.range)
    ((_, places),) = axis.tickValues(*axis.range, axis.geometry().height())
    words = axis.tickStrings(places, 1.0, 1.0)
    at = [float(word.replace(",", "")) for word in words]
    if numbering is LOG:
        at = [math.log10(value) for value in at]
    else:
        assert numbering is LINEAR
    return [
        w for w, a, b in zip(words, at, places, strict=True) if abs(a - b) > 0.01 * (high - low)
    ]


def cost_plot(qtbot):
    plot = CurvePlot("Cost over iterations", ("train", "test"))
    plot.take_pens({name: QPen() for name in ("train", "test")})
    qtbot.addWidget(plot)
    plot.show()
    return plot


def costs(chance):
    """The least and the largest cost of a run, often those of a usual one."""
    usual = [(0.13, 0.71), (0.05, 0.8), (1e-3, 0.69), (0.45, 0.6935), (2e-6, 2.3), (0.69, 0.6932)]
    if chance.random() < 0.3:
        return chance.choice(usual)
    high = 10 ** chance.uniform(-3, 1.5)
    return high * (1 - 10 ** chance.uniform(-3, -1e-4)), high


@pytest.mark.parametrize("text", spread(TEXT_SIZES, 2))
@pytest.mark.parametrize("logarithmic", [False, True])
def test_the_cost_has_three_numbers_on_every_axis_at_any_height(qtbot, text, logarithmic):
    theme().set_text_size(text)
    plot, chance, found = cost_plot(qtbot), random.Random(f"{text} {logarithmic}"), {}
    plot.set_logarithmic(logarithmic)
    for height in range(LOWEST, HIGHEST + 1):
        low, high = costs(chance)
        last = chance.choice([1, 7, 40, 300, 1000, 10_000, 123_456])
        plot.resize(round(chance.uniform(200, 480) * text), height)
        plot.show_range(last, low, high)
        at = np.linspace(0, last, 50)
        plot.show_curve("train", at, np.linspace(high, low, 50))
        side = SecondCurve(at, 10 ** -(at / last), (0.0, chance.uniform(1e-4, 2.0)))
        plot.show_second(side if chance.random() < 0.3 else None)
        wrong = [*faults(plot), *untrue(plot.axes["left"])]
        if wrong:
            found[height, plot.width(), low, high, last] = wrong
    assert not found


@pytest.mark.parametrize("name", spread(CHARTS, 6))
def test_every_plot_has_three_numbers_on_every_axis_at_any_height(qtbot, name):
    found = {}
    for text in TEXT_SIZES:
        theme().set_text_size(text)
        plot, chance = CHARTS[name](), random.Random(f"{name} {text}")
        qtbot.addWidget(plot)
        plot.show()
        for height in range(LOWEST, HIGHEST + 1, 8):
            narrow = text == 1.0 and chance.random() < 0.5
            plot.resize(LOWEST if narrow else round(chance.uniform(240, 480) * text), height)
            if wrong := faults(plot):
                found[text, height, plot.width()] = wrong
        plot.hide()
    assert not found


def test_three_numbers_are_there_for_any_range_and_say_what_they_are():
    chance = random.Random(5)
    for _ in range(4000):
        low, most = chance.uniform(-1, 1), chance.randint(0, 9)
        high = low + 10 ** chance.uniform(-4, 4)
        found = ticks(low, high, most)
        assert len(found) >= 3
        said = [float(word.replace(",", "")) for word in written(found)]
        np.testing.assert_allclose(said, found, rtol=0, atol=0.01 * (found[1] - found[0]))
        low = chance.uniform(-6, 3)
        found = log_ticks(low, low + 10 ** chance.uniform(-2, 1), most)
        assert len(found) >= 3
        said = [math.log10(float(word.replace(",", ""))) for word in log_written(found)]
        np.testing.assert_allclose(said, found, rtol=0, atol=0.02 * min(np.diff(found)))
