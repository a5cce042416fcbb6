"""Judging a trained network: which examples are wrong, and where they are."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt

import core.look.recorder
from core import edits
from tests.e2e.driver import run_app
from tests.e2e.work import at_rest, train


def ask_for(qtbot, window, name):
    """Open a panel that is hidden at first, by its command."""
    assert window.docks[name].isHidden()
    window.docks[name].show_action.trigger()
    panel = window.panels[name]
    qtbot.waitUntil(lambda: panel.isVisible() and not panel.visibleRegion().isEmpty())
    return panel


def answers_of(window):
    """The answers of the network as it is, computed from the snapshot's parameters alone."""
    snapshot = window.training.latest
    p = snapshot.parameters()
    A = np.tanh(p.W[1] @ snapshot.split.train.X + p.b[1])
    return 1 / (1 + np.exp(-(p.W[2] @ A + p.b[2])))[0], snapshot.split.train.Y[0]


def test_a_cell_of_the_confusion_matrix_highlights_its_points(qtbot):
    def script(window):
        window.resize(1600, 1000)
        panel = ask_for(qtbot, window, "results")
        train(qtbot, window, 500)
        a, y = answers_of(window)
        counts = [[np.sum((y == i) & ((a > 0.5) == j)) for j in (0, 1)] for i in (0, 1)]
        qtbot.waitUntil(lambda: np.array_equal(panel.grid.shown.counts, counts))
        wrong = np.flatnonzero((y == 0) & (a > 0.5))
        assert len(wrong)
        at = panel.grid.visualRect(panel.grid.model().index(0, 1)).center()
        qtbot.mouseClick(panel.grid.viewport(), Qt.MouseButton.LeftButton, pos=at)
        assert window.selection.lit.tolist() == wrong.tolist()
        boundary = window.panels["boundary"]
        assert boundary.plot.dots[0].lit.tolist() == wrong.tolist()
        window.selection.select_example(int(wrong[0]))
        qtbot.wait(20)
        assert not panel.visibleRegion().isEmpty()  # the lens does not take its place
        document = window.document
        document.edit("Rate", edits.with_training(document.project, learning_rate=0.5))
        assert len(window.selection.lit)
        document.edit("Noise", edits.with_data(document.project, noise=0.3))
        assert not len(window.selection.lit)

    assert run_app(script) == 0


@pytest.mark.parametrize("source", ["blobs", "plane"])
def test_the_results_follow_the_data_while_it_trains(qtbot, source):
    def script(window):
        panel = ask_for(qtbot, window, "results")
        window.training.play()
        document = window.document
        document.edit("Data", edits.choose_source(document.project, source))
        document.edit("Test share", edits.with_data(document.project, test_share=0.25))
        qtbot.waitUntil(lambda: "300 training" in panel.card.title)
        panel.of_test.click()
        assert "100 test" in panel.card.title
        window.training.pause()
        qtbot.waitUntil(lambda: at_rest(window))
        assert panel.plot.isVisible() == (source == "plane")

    assert run_app(script) == 0


def test_the_worst_example_is_found_in_the_table_and_looked_into(qtbot):
    def script(window):
        table = ask_for(qtbot, window, "examples").table
        train(qtbot, window, 300)
        header = table.horizontalHeader()
        loss = [column.code for column in window.panels["examples"].model.columns].index("loss")
        panel = window.panels["examples"]
        a, y = answers_of(window)
        losses = -y * np.log(a) - (1 - y) * np.log(1 - a)
        qtbot.waitUntil(lambda: np.allclose(panel.model.columns[loss].values, losses))
        for _ in range(2):  # up, then down
            at = QPoint(header.sectionViewportPosition(loss) + 8, header.height() // 2)
            qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)
        first = table.visualRect(table.model().index(0, 0)).center()
        qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=first)
        worst = int(np.argmax(losses))
        assert window.selection.example == worst
        assert window.panels["boundary"].plot.ring is not None
        lens = window.panels["lens"]
        qtbot.waitUntil(lambda: lens.card.title == f"Example {worst + 1} of 400, iteration 300")
        points = (
            window.panels["boundary"]
            .plot.pixels()
            .map(QPointF(*window.training.latest.split.points[:, 7]))
        )
        plot = window.panels["boundary"].plot
        qtbot.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=points.toPoint())
        near = window.selection.example
        rows = table.selectionModel().selectedRows()
        assert [window.panels["examples"].model.examples[index.row()] for index in rows] == [near]

    assert run_app(script) == 0


def test_during_training_the_tables_values_change_and_its_rows_stay(qtbot):
    def script(window):
        panel = ask_for(qtbot, window, "examples")
        qtbot.waitUntil(lambda: panel.model.rowCount() == 400)
        panel.model.sort_again(5)
        order = panel.model.examples.copy()
        words = panel.model.index(0, 5).data()
        window.training.play()
        qtbot.waitUntil(lambda: panel.model.index(0, 5).data() != words)
        assert np.array_equal(panel.model.examples, order)
        panel.wrong_only.click()
        window.training.pause()
        qtbot.waitUntil(lambda: at_rest(window))
        a, y = answers_of(window)
        qtbot.waitUntil(
            lambda: set(panel.model.examples) == set(np.flatnonzero((a > 0.5) != (y > 0.5)))
        )

    assert run_app(script) == 0


@pytest.mark.slow
def test_the_distributions_of_the_past_are_there_when_they_are_asked_for(qtbot, monkeypatch):
    monkeypatch.setattr(core.look.recorder, "CREDIT", 60.0)  # on a busy machine time is soon spent

    def script(window):
        train(qtbot, window, 2000)
        panel = ask_for(qtbot, window, "distributions")
        qtbot.waitUntil(lambda: panel.shown is not None)
        iterations = panel.shown.iterations.tolist()
        assert iterations[:4] == [0, 1, 2, 3]
        assert iterations[-1] == 2000
        latest = window.training.latest
        row = panel.shown.rows[0]
        low = np.floor(latest.parameters().W[1].min() / 2.0**row.exponent)
        assert row.counts[int(low) - row.low, -1] > 0
        train(qtbot, window, 500)
        qtbot.waitUntil(lambda: panel.shown.iterations[-1] == 2500)
        panel.view.chosen.emit("ratio")
        panel.log_time.click()
        assert len(panel.shown.lines) == 2
        window.document.edit("Data", edits.choose_source(window.document.project, "moons"))
        qtbot.waitUntil(lambda: panel.shown.iterations.tolist() == [0])

    assert run_app(script) == 0


@pytest.mark.slow
def test_a_covered_panel_costs_nothing_during_training_and_is_up_to_date_at_rest(qtbot):
    def script(window):
        covered = ask_for(qtbot, window, "results")
        ask_for(qtbot, window, "distributions")
        qtbot.waitUntil(lambda: covered.visibleRegion().isEmpty())
        document = window.document
        document.edit("Stop", edits.with_training(document.project, iterations=3000))
        window.training.play()
        qtbot.waitUntil(lambda: window.training.latest.iteration > 100)
        if window.training.playing:
            assert covered.asks() is None
        qtbot.waitUntil(lambda: window.training.latest.iteration == 3000)
        a, y = answers_of(window)
        right = f"{100 * np.mean((a > 0.5) == (y > 0.5)):.1f} %"
        qtbot.waitUntil(lambda: covered.figures["accuracy"].text == right)
        assert covered.visibleRegion().isEmpty()

    assert run_app(script) == 0
