"""A network that starts from zeros: the doctor says what is wrong, until it is fixed."""

import numpy as np
from PySide6.QtCore import Qt

from core.data.own import own_data
from core.edits import choose_own, with_data, with_network
from gui.canvas.overlay import Lamp
from gui.panels.doctor import ELSEWHERE
from tests.e2e.driver import run_app
from tests.e2e.work import train
from tests.gui.canvas.conftest import pointer_of


def test_twins_from_zeros_until_the_start_is_random(qtbot):
    def script(window):
        window.docks["doctor"].bring()
        panel = window.panels["doctor"]
        qtbot.waitUntil(panel.well.isVisible)
        document = window.document
        cured = document.project
        document.edit("Zeros", with_network(cured, initializer="zeros"))
        train(qtbot, window, 50)
        qtbot.waitUntil(lambda: len(panel.remarks) == 1)
        assert "Units 1, 2, 3 and 4 of layer 1 are twins" in panel.remarks[0].what.text()
        panel.remarks[0].show_me.click()
        assert window.selection.unit == (1, 0)
        assert pointer_of(window.canvas) is not None
        assert window.canvas.network.picture.remarks.twins == {1: ((0, 1, 2, 3),)}
        document.undo_stack.undo()
        qtbot.waitUntil(panel.well.isVisible)

    assert run_app(script) == 0


def test_a_lamp_on_the_canvas_leads_to_the_doctor_and_on_to_the_spot(qtbot):
    def script(window):
        lamp, document = window.canvas.findChild(Lamp), window.document
        assert not lamp.isVisible()
        large = own_data(100 * np.random.RandomState(0).rand(2, 60), [np.arange(60) % 2], "l.npz")
        window.training.bring(large)
        document.edit(
            "Zeros", with_network(choose_own(document.project, large), initializer="zeros")
        )
        qtbot.waitUntil(lambda: lamp.text() == "2 remarks")
        qtbot.mouseClick(lamp, Qt.MouseButton.LeftButton)
        panel = window.panels["doctor"]
        qtbot.waitUntil(lambda: len(panel.remarks) == 2)
        assert panel.isVisible()
        window.docks["data"].hide()
        scaling = next(each for each in panel.remarks if "not scaled" in each.what.text())
        qtbot.mouseClick(scaling.show_me, Qt.MouseButton.LeftButton)
        assert window.docks["data"].isVisible()
        document.edit("Scale", with_data(document.project, normalize=True))
        qtbot.waitUntil(lambda: lamp.text() == "1 remark")

    assert run_app(script) == 0


def test_show_me_shows_the_subject_of_each_finding(qtbot):
    def script(window):
        window.docks["doctor"].bring()
        panel, docks = window.panels["doctor"], window.docks
        rate = window.run_bar.settings.rate
        for name, brings in (
            ("overfitting", "cost"),
            ("nothing-learned", "cost"),
            ("unscaled", "data"),
        ):
            for other in ("cost", "data"):
                docks[other].hide()
            panel.wanted.emit(ELSEWHERE[name])
            assert [other for other in ("cost", "data") if docks[other].isVisible()] == [brings]
        rate.clearFocus()
        panel.wanted.emit(ELSEWHERE["rate-too-low"])
        assert rate.hasFocus() or rate.isAncestorOf(window.focusWidget())

    assert run_app(script) == 0
