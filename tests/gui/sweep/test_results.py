"""The results by mouse and keyboard, and the switches of their metric."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from core.sweep.plan import axis
from gui.plots.around import PlotOrSentence
from gui.style.theme import theme
from gui.sweep.results import NOTHING_YET, Results
from gui.sweep.shown import arranged, said_of
from tests.gui.hands import collected, look, put, window  # noqa: F401  (fixtures)
from tests.gui.sweep import made


@pytest.fixture
def results(window):  # noqa: F811
    window.resize(900, 640)
    return put(window, Results())


def button(group, key):
    return next(b for b in group.buttons() if b.property("key") == key)


def cell(results, place):
    return results.view.grid.rect(results.view.area, place).center().toPoint()


def test_with_nothing_to_show_it_says_what_to_do(results):
    assert results.findChild(PlotOrSentence).sentence == NOTHING_YET
    assert not results.export.isEnabled()


def test_the_mouse_reads_a_cell_and_a_click_opens_its_run(results, qtbot):
    results.show_results(made.shown(made.TWO))
    opened = collected(results.opened)
    QTest.mouseMove(results.view, cell(results, (1, 1)))
    qtbot.waitUntil(lambda: results.view.lit == (1, 1))
    assert results.said.text().startswith("hidden units 2, learning rate α 1: training cost 0.260")
    assert results.said.text().endswith("click to open it")
    QTest.mouseClick(results.view, Qt.MouseButton.LeftButton, pos=cell(results, (2, 0)))
    assert opened[0].run.settings == (4, 0.1)
    assert opened[0].run.seed == 1
    QTest.mouseClick(results.view, Qt.MouseButton.LeftButton, pos=QPoint(1, 1))
    QTest.mouseClick(results.view, Qt.MouseButton.RightButton, pos=cell(results, (2, 0)))
    assert len(opened) == 1


def test_a_click_on_a_dot_opens_that_very_run(results):
    results.show_results(made.shown(made.ONE))
    opened = collected(results.opened)
    curve = results.view.curve
    at = dict(curve.dots_of((1,)))[2].toPoint()
    QTest.mouseClick(curve.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert (opened[0].run.settings, opened[0].run.seed) == ((2,), 2)


def test_the_keyboard_goes_from_cell_to_cell_and_opens(results):
    results.show_results(made.shown(made.TWO))
    opened = collected(results.opened)
    view = results.view
    view.setFocus()
    for key, place in [
        (Qt.Key.Key_Right, (0, 0)),
        (Qt.Key.Key_Right, (0, 1)),
        (Qt.Key.Key_Right, (0, 1)),
        (Qt.Key.Key_Down, (1, 1)),
        (Qt.Key.Key_Left, (1, 0)),
        (Qt.Key.Key_Up, (0, 0)),
    ]:
        QTest.keyClick(view, key)
        assert view.lit == place
        assert view.accessibleDescription() == results.said.text() != ""
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert opened[0].run.settings == (1, 0.1)


def test_another_metric_is_asked_for(results):
    results.show_results(made.shown(made.TWO))
    asked = collected(results.metric_chosen)
    button(results.sets, "test").click()
    assert asked == ["test_cost"]
    results.show_results(made.shown(made.TWO, "test_cost"))
    assert not button(results.kinds, "accuracy").isEnabled()
    assert button(results.kinds, "accuracy").toolTip() == "This sweep has no test accuracy"
    button(results.sets, "train").click()
    results.show_results(made.shown(made.TWO, "train_cost"))
    button(results.kinds, "accuracy").click()
    assert asked[-1] == "train_accuracy"


def test_values_are_compared_by_r2_and_classes_by_accuracy(results):
    assert button(results.kinds, "accuracy").isVisibleTo(results)
    assert not button(results.kinds, "r2").isVisibleTo(results)

    def of(run):
        cost = made.cost_of(run)
        return made.result(cost, train_accuracy=None, train_r2=1 - 2 * cost)

    found = made.outcomes(made.ONE, of=of)
    results.show_results(arranged(tuple(map(axis, made.ONE)), "train_cost", found, 3))
    assert not button(results.kinds, "accuracy").isVisibleTo(results)
    asked = collected(results.metric_chosen)
    button(results.kinds, "r2").click()
    assert asked == ["train_r2"]
    shown = arranged(tuple(map(axis, made.ONE)), "train_r2", found, 3)
    results.show_results(shown)
    assert shown.best == (2,)
    assert said_of(shown, (0,)).count("training R² -0.02")


def test_only_a_curve_of_costs_has_a_logarithmic_scale(results):
    for texts, metric, there in [
        (made.TWO, "train_cost", False),
        (made.ONE, "train_cost", True),
        (made.ONE, "train_accuracy", False),
    ]:
        results.choose_metric(metric)
        results.show_results(made.shown(texts, metric))
        assert results.log.isVisible() == there


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("texts", [made.ONE, made.TWO])
def test_it_is_drawn_in_either_look_at_any_size(results, texts, mode):
    theme().set_mode(mode)

    def of(run):
        if run.settings[0] == 2:
            return made.result(1.0, stopped="x") if run.seed else None
        return made.result(made.cost_of(run))

    plain = made.shown(texts)
    broken = arranged(plain.axes, "train_cost", made.outcomes(texts, of=of), 3)
    for shown in (plain, broken, arranged(plain.axes, "train_cost", [])):
        results.show_results(shown)
        assert not results.view.grab().isNull()
    results.view.resize(60, 40)
    assert not results.view.grab().isNull()
