"""Distributions over a run: the contents of each picture, and the values read from it."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt

from core.look.distributions import Distributions
from core.look.frames import histogram
from core.look.recorder import Recorder
from core.training.session import Session
from gui.panels.distributions.history import TimeAxis, apart, heat_row
from gui.panels.distributions.panel import NEVER_STUCK, NO_UPDATE, VIEWS, DistributionsPanel
from gui.style.theme import LIGHT, theme
from tests.gui.panels.snapshots import FLOWER, answering, project, snapshot

DEEP = project(*[(5, "relu")] * 7, (1, "sigmoid"))
AT = (0, 1, 2, 5, 10, 20, 50, 100)


def run(of, at=AT):
    """A snapshot with frames at these iterations, and the weights W[1] at each of them."""
    session, weights, found = Session(of), [], []
    for iteration in at:
        for _ in range(session.iteration, iteration):
            session.step()
        found.append(Recorder(session).frames(now=True)[-1])
        weights.append(session.p.W[1].ravel().copy())
    shown = answering(replace(snapshot(of), iteration=at[-1]), Distributions(), tuple(found))
    return shown, weights


@pytest.fixture
def panel(shown_still):
    return shown_still(DistributionsPanel, 460, 320)


def test_it_asks_for_the_frames(panel):
    assert panel.wants() == (Distributions(),)


def test_a_picture_counts_every_weight_of_every_moment_in_one_kind_of_bin(panel):
    shown, weights = run(FLOWER)
    panel.show_snapshot(shown)
    row = panel.shown.rows[0]
    width = 2.0**row.exponent
    for frame, values in enumerate(weights):
        for bin_ in range(len(row.counts)):
            low = (row.low + bin_) * width
            expected = sum(low <= v < low + width for v in values)
            assert row.counts[bin_, frame] == expected
        assert row.counts[:, frame].sum() == len(values)


def test_few_pixels_get_fewer_and_wider_bins():
    seen = [histogram(np.linspace(-1, 1, 1000)), histogram(np.linspace(0, 0.01, 10))]
    fine, coarse = heat_row(1, "W[1]", seen, 200), heat_row(1, "W[1]", seen, 10)
    assert len(coarse.counts) <= 10 < len(fine.counts)
    assert coarse.counts.sum() == fine.counts.sum() == 1010
    assert coarse.ends[0] <= -1
    assert coarse.ends[1] >= 1


def test_the_first_moment_does_not_widen_the_bins_of_gradients(panel):
    shown, _ = run(FLOWER)
    panel.selection.set(distributions="gradients")
    panel.show_snapshot(shown)
    row = panel.shown.rows[0]
    widest = max(frame.layers[0].gradients.exponent for frame in shown.answer(Distributions())[1:])
    assert row.exponent == widest or len(row.counts) <= 60
    assert row.counts[:, 0].sum() == 0


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("of", [FLOWER, DEEP], ids=["shallow", "deep"])
@pytest.mark.parametrize("log_time", [False, True])
def test_every_view_is_drawn_and_read_out(panel, name, of, log_time):
    shown, _ = run(of)
    panel.selection.set(distributions=name, log_time=log_time)
    assert panel.view.value == name
    panel.show_snapshot(shown)
    assert panel.body.sentence == ""
    before = panel.plot.grab().toImage()
    panel.selection.select_layer(2)
    assert panel.plot.grab().toImage() != before
    heat = bool(panel.shown.rows)
    inside = panel.plot.cells()[0] if heat else panel.plot.area()
    panel.plot.hovered.emit(inside.center())
    assert "iteration" in panel.readout.text()
    panel.plot.hovered.emit(None)
    assert panel.readout.text()


def test_the_readout_is_the_number_of_values_in_a_bin(panel, qtbot):
    shown, weights = run(FLOWER)
    panel.show_snapshot(shown)
    heat = panel.shown
    assert heat.rows
    assert not heat.lines
    cell = panel.plot.cells()[0]
    row = heat.rows[0]
    low, high = row.ends
    w = float(weights[-1].max())
    y = cell.bottom() - (w - low) / (high - low) * cell.height()
    qtbot.mouseMove(panel.plot.viewport(), QPoint(round(cell.right()) - 2, round(y)))
    assert panel.readout.text().startswith("W[1] after 100 iterations: ")
    width = 2.0**row.exponent
    under = panel.plot.under(QPointF(round(cell.right()) - 2, round(y)))
    assert under is not None
    bin_ = under[2]
    found = sum((row.low + bin_) * width <= v < (row.low + bin_ + 1) * width for v in weights[-1])
    assert f": {found} of 8 from " in panel.readout.text()


def test_a_click_on_a_picture_selects_its_layer(panel, qtbot):
    panel.show_snapshot(run(FLOWER)[0])
    second = panel.plot.cells()[1].center().toPoint()
    qtbot.mouseClick(panel.plot.viewport(), Qt.MouseButton.LeftButton, pos=second)
    assert panel.selection.layer == 2


def test_of_many_layers_those_around_the_selected_one_are_shown(panel):
    panel.plot.hovered.emit(None)
    panel.show_snapshot(run(DEEP)[0])
    assert panel.shown.rows[0].layer == 1
    panel.selection.select_layer(8)
    layers = [row.layer for row in panel.shown.rows]
    assert layers[-1] == 8
    assert 1 < len(layers) < 8
    assert f"layers {layers[0]} to 8 of 8" in panel.readout.text()


def test_the_lines_are_the_ratios(panel):
    shown, weights = run(FLOWER, at=(0, 1, 2, 3))
    panel.selection.set(distributions="ratio")
    panel.show_snapshot(shown)
    lines = panel.shown
    assert lines.lines
    assert not lines.rows
    assert np.isnan(lines.lines[0].values[0])
    for k in (1, 2, 3):
        step = np.linalg.norm(weights[k] - weights[k - 1]) / np.linalg.norm(weights[k - 1])
        assert lines.lines[0].values[k] == pytest.approx(step, rel=1e-9)
    assert lines.guide == 1e-3


def test_before_the_first_update_it_says_what_to_do(panel):
    shown, _ = run(FLOWER, at=(0,))
    panel.selection.set(distributions="ratio")
    panel.show_snapshot(shown)
    assert panel.body.sentence == NO_UPDATE
    panel.selection.set(distributions="weights")
    assert panel.body.sentence == ""


def test_where_nothing_can_die_it_says_so(panel):
    of = project((3, "leaky_relu"), (1, "linear"), loss="squared_error")
    panel.selection.set(distributions="stuck")
    panel.show_snapshot(run(of, at=(0, 1))[0])
    assert panel.body.sentence == NEVER_STUCK


def test_a_snapshot_without_frames_leaves_the_picture(panel):
    shown, _ = run(FLOWER)
    panel.show_snapshot(shown)
    before = panel.shown
    panel.show_snapshot(answering(shown, Distributions(), None))
    assert panel.shown is before


def test_every_choice_is_an_option_of_the_view(panel):
    panel.view.chosen.emit("ratio")
    panel.log_time.click()
    assert panel.selection.view.distributions == "ratio"
    assert panel.selection.view.log_time


def test_an_even_axis_ends_at_a_round_number_and_a_logarithmic_one_here():
    even, log = (TimeAxis.up_to(1234, logarithmic=on) for on in (False, True))
    assert even.last == 1500
    assert float(even.places(750)) == even.end / 2
    assert float(log.places(1234)) == log.end
    assert float(log.places(0)) == 0.0
    at = np.array([0, 10, 1000])
    for share, nearest in ((0.0, 0), (0.49, 1), (0.99, 2)):
        for axis in (even, log):
            away = np.abs(axis.places(at) - share * axis.end)
            assert int(axis.nearest(share * axis.end, at)) == int(away.argmin())
        assert int(log.nearest(share * log.end, at)) == nearest


def test_the_numbers_of_the_lines_do_not_cover_each_other():
    placed = apart([(10.0, 1), (11.0, 2), (99.0, 3), (99.0, 4)], bottom=100.0)
    y = [at for at, _ in placed]
    assert sorted(y, reverse=True) == y
    assert all(above - below >= 11 for above, below in pairwise(y))
    assert max(y) <= 100


def test_colours_say_the_sign(panel):
    shown, _ = run(FLOWER)
    panel.show_snapshot(shown)
    image = panel.plot.grab().toImage()
    cell = panel.plot.cells()[0]
    colours = {
        image.pixelColor(round(cell.left()) + 60, y).name()
        for y in range(round(cell.top()), round(cell.bottom()))
    }
    assert LIGHT.raised.name() in colours
    assert len(colours) > 2


def test_it_follows_the_theme(panel):
    panel.show_snapshot(run(FLOWER)[0])
    light = panel.plot.grab().toImage()
    theme().set_mode("dark")
    assert panel.plot.grab().toImage() != light


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("weights", "W[1] after 100 iterations: "),
        ("gradients", "dW[1] of iteration 99: "),
        ("ratio", "of iteration 99: "),
    ],
)
def test_a_gradient_is_of_the_iteration_that_the_stepper_calls_so(panel, name, said):
    """The stepper's iteration 100 is the one that comes after 100 updates."""
    shown, _ = run(FLOWER)
    panel.selection.set(distributions=name)
    panel.show_snapshot(shown)
    heat = bool(panel.shown.rows)
    inside = panel.plot.cells()[0] if heat else panel.plot.area()
    panel.plot.hovered.emit(QPointF(inside.right() - 1, inside.center().y()))
    assert panel.readout.text().startswith(said)
