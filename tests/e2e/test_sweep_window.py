"""A sweep in the window: from the menu to a run of it opened, and closing in the middle of one."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from core.sweep.plan import axis
from tests.e2e.driver import run_app
from tests.e2e.work import at_rest, command, said, train


def opened(window):
    command(window, "Sweep…")
    return window.sweeps.window


def test_sweep_learning_rates_and_open_the_best(qtbot):
    def script(window):
        train(qtbot, window, 20)
        sweep = opened(window)
        sweep.form.choose_preset("rates")
        sweep.form.first.values.setText("0.01, 1, 1e6")
        sweep.form.second.show_axis(axis("iterations=50, 500"))
        sweep.form.seeds.set_value(1)
        sweep.activateWindow()  # shortcuts go to the active window alone
        qtbot.waitUntil(sweep.isActiveWindow)
        QTest.keyClick(sweep, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda: len(sweep.runner.outcomes) == 6)
        qtbot.waitUntil(lambda: not sweep.runner.running)
        view = sweep.results.view
        at = view.grid.rect(view.area, (1, 1)).center().toPoint()
        QTest.mouseClick(view, Qt.MouseButton.LeftButton, pos=at)
        assert said(window).startswith("Opened the run with learning rate α 1, iterations 500.")
        assert window.document.project.training.learning_rate == 1
        assert window.isWindowModified()
        qtbot.waitUntil(lambda: at_rest(window) and window.training.latest.iteration == 0)
        window.training.play()
        qtbot.waitUntil(lambda: window.training.latest.iteration == 500)
        qtbot.waitUntil(lambda: at_rest(window))
        cost = window.training.latest.train.cost
        made = [o for o in sweep.runner.outcomes if o.run.settings == (1, 500)]
        assert made[0].result is not None
        assert made[0].result.train_cost == cost
        window.document.undo_stack.undo()
        assert window.document.project.training.learning_rate == 1.2
        qtbot.waitUntil(lambda: at_rest(window) and window.training.latest.iteration == 20)

    assert run_app(script) == 0


def test_the_window_stays_usable_during_a_sweep_and_can_close(qtbot):
    def script(window):
        sweep = opened(window)
        sweep.form.choose_preset("sizes")
        sweep.form.start.click()
        qtbot.waitUntil(lambda: len(sweep.runner.outcomes) >= 2)
        train(qtbot, window, 200)
        assert sweep.runner.running

    assert run_app(script) == 0
