"""The surface of the cost: the path of the run on it, its point dragged, one unit's two shapes."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from core.by_hand import Place
from core.edits import with_network
from core.project import LayerSettings
from core.training.session import Session
from tests.e2e.driver import run_app
from tests.e2e.work import train

LEFT = Qt.MouseButton.LeftButton


def shown(qtbot, window, iteration):
    panel = window.panels["surface"]
    qtbot.waitUntil(lambda: panel.shown is not None and panel.shown.iteration == iteration)
    return panel.shown


def test_drag_the_point_and_take_it_back(qtbot):
    def script(window):
        window.docks["surface"].bring()
        train(qtbot, window, 100)
        panel = window.panels["surface"]
        plan = panel.relief.plot
        found = shown(qtbot, window, 100)
        session = Session(window.document.project)
        for _ in range(100):
            session.step()
        assert found.here == (session.p.W[1][0, 0], session.p.W[1][0, 1])
        assert len(found.path) == 100

        start = plan.point_at(*found.here).toPoint()
        to = plan.point_at(found.x[2], found.y[3]).toPoint()
        qtbot.mousePress(plan.viewport(), LEFT, pos=start)
        event = QMouseEvent(
            QEvent.Type.MouseMove, QPointF(to), QPointF(plan.mapToGlobal(to)), LEFT, LEFT,
            Qt.KeyboardModifier.NoModifier,
        )  # fmt: skip
        QApplication.sendEvent(plan.viewport(), event)
        qtbot.mouseRelease(plan.viewport(), LEFT, pos=to)
        qtbot.waitUntil(lambda: abs(panel.shown.here[0] - found.x[2]) < 0.2)
        p = window.training.latest.parameters()
        assert p.W[1][0, 1] == panel.shown.here[1]
        stack = window.document.undo_stack
        assert stack.count() == 1
        assert stack.undoText() == "Set w₁₁[1] and w₁₂[1] by hand"
        stack.undo()
        qtbot.waitUntil(lambda: np.array_equal(window.training.latest.flat, session.p.flat))

    assert run_app(script) == 0


@pytest.mark.slow
def test_other_axes_zoom_and_fit(qtbot):
    def script(window):
        window.docks["surface"].bring()
        train(qtbot, window, 50)
        panel = window.panels["surface"]
        shown(qtbot, window, 50)
        panel.across.chosen.emit("gradient")
        panel.up.chosen.emit("random")
        qtbot.waitUntil(lambda: panel.shown.survey.y == "random")
        assert panel.shown.here == (0.0, 0.0)
        assert not panel.relief.plot.movable
        wide = panel.shown.x[-1]
        panel.relief.plot.box.zoom(0.5)
        qtbot.waitUntil(lambda: panel.shown.x[-1] < 0.6 * wide)
        panel.fit.click()
        qtbot.waitUntil(lambda: panel.shown.x[-1] == wide)
        panel.up.chosen.emit("2 0 -1")
        qtbot.waitUntil(lambda: panel.shown.survey.y == Place(2, 0, -1))
        panel.up.chosen.emit("gradient")  # both the same: they change places
        qtbot.waitUntil(lambda: panel.shown.survey.y == "gradient")
        assert panel.shown.survey.x == Place(2, 0, -1)

    assert run_app(script) == 0


@pytest.mark.slow
def test_one_unit_shows_cross_entropy_and_squared_error_side_by_side(qtbot):
    def script(window):
        window.docks["surface"].bring()
        panel, document = window.panels["surface"], window.document
        one = (LayerSettings(units=1, activation="sigmoid"),)
        document.edit("One unit", with_network(document.project, layers=one))
        train(qtbot, window, 30)
        qtbot.waitUntil(lambda: panel.shown is not None and panel.shown.squared is not None)
        assert panel.squared.isVisible()
        assert "Cross-entropy: convex in this range" in panel.names[0].text()
        panel.from_side.setChecked(True)
        assert panel.relief.plot.from_side
        assert panel.squared.plot.from_side
        assert panel.note.text().startswith("Drag to rotate")
        for one, other in ((panel.relief, panel.squared), (panel.squared, panel.relief)):
            before = other.plot.angle
            qtbot.keyClick(one.plot, Qt.Key.Key_Right)  # they are compared: both turn
            assert other.plot.angle == one.plot.angle != before
        document.undo_stack.undo()
        qtbot.waitUntil(lambda: panel.shown.squared is None)
        assert not panel.squared.isVisible()

    assert run_app(script) == 0
