"""A network that starts from zeros: the doctor says what is wrong, until it is cured."""

from core.edits import with_network
from tests.e2e.driver import PATIENCE_MS, run_app
from tests.e2e.work import train


def test_twins_from_zeros_until_the_start_is_random(qtbot):
    def script(window):
        window.docks["doctor"].bring()
        panel = window.panels["doctor"]
        qtbot.waitUntil(panel.well.isVisible, timeout=PATIENCE_MS)
        document = window.document
        cured = document.project
        document.edit("Zeros", with_network(cured, initializer="zeros"))
        train(qtbot, window, 50)
        qtbot.waitUntil(lambda: len(panel.remarks) == 1, timeout=PATIENCE_MS)
        assert "Units 1, 2, 3 and 4 of layer 1 are twins" in panel.remarks[0].what.text()
        panel.remarks[0].show_me.click()
        assert window.selection.unit == (1, 0)
        document.undo_stack.undo()
        qtbot.waitUntil(panel.well.isVisible, timeout=PATIENCE_MS)

    assert run_app(script) == 0
