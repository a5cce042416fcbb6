"""What results look like, without a widget."""

import pytest
from PySide6.QtCore import QPointF, QRectF

from core.sweep.plan import axis
from gui.sweep.curve import SweepCurve
from gui.sweep.grid import SweepGrid
from gui.sweep.shown import arranged, said_of, sibling, spread_written
from tests.gui.sweep import made

AREA = QRectF(6, 6, 700, 420)
AXES = tuple(map(axis, made.TWO))


def there(value):
    """What is there, for certain."""
    assert value is not None
    return value


def test_cells_are_where_their_values_are():
    shown = made.shown(made.TWO)
    assert shown.shape == (3, 2)
    assert set(shown.cells) == {(i, j) for i in range(3) for j in range(2)}
    assert shown.cells[2, 1].settings == (4, 1)
    assert there(shown.spread((2, 1))).mean == pytest.approx(0.135)
    assert there(shown.ends()) == (pytest.approx(0.135), pytest.approx(0.51))


def test_the_best_has_the_lowest_cost_and_the_highest_accuracy():
    assert made.shown(made.TWO).best == (2, 0)
    assert made.shown(made.TWO, "train_accuracy").best == (2, 0)
    assert made.shown(made.TWO, "test_accuracy").best is None
    for metric in ("train_cost", "train_accuracy"):
        shown = made.shown(made.TWO, metric)
        assert [shown.goodness((i, 0)) for i in range(3)] == [
            pytest.approx(0), pytest.approx(2 / 3), pytest.approx(1),
        ]  # fmt: skip


def test_diverged_runs_do_not_count_in_the_range():
    def of(run):
        stopped = run.settings == (1, 1) and run.seed == 0
        return made.result(1e5, stopped="x") if stopped else made.result(made.cost_of(run))

    shown = arranged(AXES, "train_cost", made.outcomes(made.TWO, of=of), 3)
    assert shown.spread((0, 1)) is None
    assert shown.goodness((0, 1)) is None
    assert there(shown.ends())[1] == pytest.approx(0.51)
    assert said_of(shown, (0, 1)).endswith("hidden units 1, learning rate α 1: 3 runs; 1 diverged")


def test_a_cell_is_described_in_one_line():
    assert said_of(made.shown(made.TWO), (2, 0)) == (
        "hidden units 4, learning rate α 0.1: training cost 0.135 ± 0.010 (0.125 … 0.145);"
        " test cost 0.270; 3 runs"
    )
    empty = arranged(AXES, "train_cost", [])
    assert said_of(empty, (0, 0)) == "hidden units 1, learning rate α 0.1: not made yet"
    failed = arranged(AXES, "train_cost", made.outcomes(made.TWO, 1, of=lambda _: None))
    assert said_of(failed, (0, 0)).endswith("1 run; 1 without a result: It died.")


def test_a_spread_is_written_in_the_words_of_its_metric():
    shown = made.shown(made.ONE, "train_accuracy")
    assert (
        spread_written("train_accuracy", there(shown.spread((0,))))
        == "49.0 % ± 1.0 (48.0 % … 50.0 %)"
    )
    one = made.shown(made.ONE, seeds=1)
    assert spread_written("train_cost", there(one.spread((0,)))) == "0.500"
    assert sibling("test_cost") == "train_cost"


def test_a_click_opens_the_run_in_the_middle_or_that_of_the_dot():
    shown = made.shown(made.TWO)
    assert there(shown.to_open((0, 0))).run.seed == 1
    assert there(shown.to_open((0, 0), seed=2)).run.seed == 2
    assert arranged(AXES, "train_cost", []).to_open((0, 0)) is None


@pytest.mark.parametrize("area", [AREA, QRectF(0, 0, 300, 220), QRectF(20, 5, 2000, 1500)])
def test_every_cell_is_found_where_it_is_drawn(area):
    shown = made.shown(made.TWO)
    grid = SweepGrid(shown)
    for place in shown.cells:
        rect = grid.rect(area, place)
        assert area.contains(rect)
        assert grid.at(area, rect.center()) == (place, None)
    assert grid.at(area, area.topLeft()) is None


@pytest.fixture
def curve(qtbot):
    made_here = SweepCurve("Test")
    qtbot.addWidget(made_here)
    made_here.resize(600, 400)
    return made_here


@pytest.mark.parametrize("logarithmic", [False, True])
def test_every_run_of_a_curve_is_found_at_its_dot(curve, logarithmic):
    shown = made.shown(made.ONE)
    curve.show_curve(shown, logarithmic=logarithmic)
    heights = []
    for place in shown.cells:
        dots = dict(curve.dots_of(place))
        for seed in range(3):
            assert curve.area().contains(dots[seed])
            assert curve.at(dots[seed]) == (place, seed)
        heights.append(dots[0].y())
        under = QPointF(dots[1].x(), curve.area().bottom() - 3)
        assert there(curve.at(under))[0] == place
    assert heights == sorted(heights)  # lower costs are further down
    assert curve.at(QPointF(0, 0)) is None


def test_a_curve_of_zeros_has_a_place_on_a_logarithmic_scale(curve):
    zeros = made.outcomes(made.ONE, of=lambda _: made.result(0.0))
    curve.show_curve(arranged((axis("units=1,2,4"),), "train_cost", zeros), logarithmic=True)
    assert curve.dots_of((0,))
    assert not curve.grab().isNull()
