"""The rectangle that is zoomed stays finite, whatever numbers it is of and whatever is done."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTransform
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.plots.box import LARGEST, NARROWEST, sane
from gui.plots.plane_plot import PlanePlot
from tests.gui.hands import wheel

ENDS = [
    (0.0, 5e-324), (-1e-320, 1e-320), (0.0, 1e-290), (0.0, 1e-200), (1e-155, 2e-155),
    (0.0, 1e-100), (1.0, 1.0 + 1e-16), (-1.0, 1.0), (1e149, 1.1e149), (-1e150, 1e150),
    (-1.8e308, 1.8e308), (float("nan"), 1.0), (-float("inf"), float("inf")),
]  # fmt: skip


@pytest.mark.parametrize("ends", ENDS)
def test_a_sane_range_is_finite_and_its_pixels_are(ends):
    low, high = sane(ends)
    assert -LARGEST <= low < high <= LARGEST
    assert high - low >= 0.99 * NARROWEST
    scale = 4000.0 / ((high - low) * 1e-4)
    assert np.isfinite(scale * scale)
    assert QTransform.fromScale(scale, -scale).determinant() != 0


@pytest.mark.parametrize(
    ("x", "y"),
    [
        pytest.param(x, y, marks=[] if i == j else pytest.mark.slow)
        for i, x in enumerate(ENDS)
        for j, y in enumerate(reversed(ENDS))
    ],
)
def test_zoomed_and_panned_ranges_stay_finite(qtbot, x, y):
    plot = PlanePlot("Plane")
    qtbot.addWidget(plot)
    plot.resize(300, 200)
    with qtbot.waitExposed(plot):
        plot.show()
    plot.box.go_home(x, y)
    QApplication.processEvents()
    for by in (-1, 1, 1, 10, 1000, -1, -1000):
        wheel(plot.viewport(), by)
        assert np.isfinite(plot.box.viewRange()).all()
    for keys in ("+", "+", "Left", "Up", "-", "0"):
        QTest.keyClick(
            plot, getattr(Qt.Key, f"Key_{ {'+': 'Plus', '-': 'Minus'}.get(keys, keys) }")
        )
        assert np.isfinite(plot.box.viewRange()).all()
    QTest.mouseMove(plot.viewport(), QPoint(150, 100))
    assert not plot.grab().toImage().isNull()
