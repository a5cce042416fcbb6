"""The results: what is counted, what a cell lights, and what stands beside it."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from core.look.predictions import Predictions
from core.training.outcomes import Answers
from gui.panels.results.panel import ResultsPanel
from tests.gui.hands import written_on
from tests.gui.panels.snapshots import answering, blobs, line, project, with_answers

LINE = project((4, "tanh"), (1, "linear"), loss="squared_error")
BLOBS = project((4, "tanh"), (3, "softmax"))


@pytest.fixture
def panel(shown_still):
    return shown_still(ResultsPanel, 440, 240)


def cell_of(shown, test, true, said):
    """The numbers of the examples in a cell, by a loop."""
    split = shown.split
    examples = split.test if test else split.train
    A = (shown.answer(Predictions()).test if test else shown.answer(Predictions()).train).A
    first = split.train.m if test else 0
    found = []
    for k in range(examples.m):
        y, a = int(examples.Y[0, k] > 0.5), int(A[0, k] > 0.5)
        if true in (None, y) and said in (None, a):
            found.append(first + k)
    return found


def place_of(table, true, said):
    """The pixel of a cell in the table's viewport."""
    return table.visualRect(table.model().index(true, said)).center()


def click(qtbot, panel, cell):
    at = place_of(panel.grid, *cell)
    qtbot.mouseClick(panel.grid.viewport(), Qt.MouseButton.LeftButton, pos=at)


def said(panel, row, column, role=Qt.ItemDataRole.AccessibleTextRole):
    return panel.grid.model().index(row, column).data(role)


def test_it_asks_for_the_answers(panel):
    assert panel.wants() == (Predictions(),)


@pytest.mark.parametrize("test", [False, True])
def test_a_click_on_a_cell_highlights_its_examples_and_another_clears_them(panel, qtbot, test):
    shown = with_answers()
    panel.show_snapshot(shown)
    panel.of_test.setChecked(test)
    for true in (0, 1):
        for said in (0, 1):
            click(qtbot, panel, (true, said))
            expected = cell_of(shown, test, true, said)
            assert panel.selection.lit.tolist() == expected
            assert panel.grid.shown.counts[true, said] == len(expected)
    click(qtbot, panel, (1, 1))
    assert not len(panel.selection.lit)


def test_the_name_of_a_row_or_column_highlights_all_of_it(panel, qtbot):
    shown = with_answers()
    panel.show_snapshot(shown)
    at = place_of(panel.grid, 1, 0)
    for header, lit in (
        (panel.grid.verticalHeader(), cell_of(shown, False, 1, None)),
        (panel.grid.horizontalHeader(), cell_of(shown, False, None, 0)),
    ):
        place = (
            QPoint(header.width() - 8, at.y())
            if header is panel.grid.verticalHeader()
            else (QPoint(at.x(), header.height() - 8))
        )
        qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert panel.selection.lit.tolist() == lit
    rates = panel.grid.horizontalHeader()
    beyond = QPoint(place_of(panel.grid, 0, 2).x(), rates.height() - 8)
    qtbot.mouseClick(rates.viewport(), Qt.MouseButton.LeftButton, pos=beyond)
    assert panel.selection.lit.tolist() == lit  # a rate has no examples of its own


def test_cells_are_reached_and_highlighted_by_keyboard(panel, qtbot):
    shown = with_answers()
    panel.show_snapshot(shown)
    panel.grid.setFocus()
    qtbot.keyClick(panel.grid, Qt.Key.Key_Right)
    count = len(cell_of(shown, False, 0, 1))
    assert said(panel, 0, 1).startswith(f"Label 0, answer 1: {count} of ")
    assert panel.grid.currentIndex() == panel.grid.model().index(0, 1)
    qtbot.keyClick(panel.grid, Qt.Key.Key_Return)
    assert panel.selection.lit.tolist() == cell_of(shown, False, 0, 1)
    qtbot.keyClick(panel.grid, Qt.Key.Key_Right)
    qtbot.keyClick(panel.grid, Qt.Key.Key_Return)  # a rate is read, and highlights nothing
    assert said(panel, 0, 2).startswith("Precision of ")
    assert panel.selection.lit.tolist() == cell_of(shown, False, 0, 1)


def test_the_selected_cells_or_all_are_copied(panel, qtbot):
    shown = with_answers()
    panel.show_snapshot(shown)
    first, second = (str(len(cell_of(shown, False, i, 1))) for i in (0, 1))
    panel.grid.setFocus()
    qtbot.keyClick(panel.grid, Qt.Key.Key_Right)
    qtbot.keyClick(panel.grid, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(panel.grid, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    names = shown.split.class_names
    lines = QApplication.clipboard().text().splitlines()
    assert lines == [f"\t{names[1]}", f"{names[0]}\t{first}", f"{names[1]}\t{second}"]
    click(qtbot, panel, (0, 0))
    qtbot.keyClick(panel.grid, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    table = [line.split("\t") for line in QApplication.clipboard().text().splitlines()]
    assert table[0] == ["", *names, "precision", "recall", "F1"]
    assert float(table[2][3]) == panel.grid.shown.rates.precision[1]


def test_the_names_of_classes_are_plain_text(panel):
    shown = with_answers()
    names = ("<b>one</b>", "two\u202e")
    data = replace(shown, split=replace(shown.split, class_names=names))
    panel.show_snapshot(data)
    assert "&lt;b&gt;one" in said(panel, 0, 0, Qt.ItemDataRole.ToolTipRole)
    header = panel.grid.model().headerData(1, Qt.Orientation.Vertical)
    assert "\u202e" not in header
    assert "<b>one</b>" in written_on(panel)


def test_the_highlight_of_a_cell_follows_training(panel, qtbot):
    shown = with_answers()
    panel.show_snapshot(shown)
    click(qtbot, panel, (0, 1))
    A = 1 - shown.answer(Predictions()).train.A
    other = replace(
        shown.answer(Predictions()), train=Answers(A, shown.answer(Predictions()).train.losses)
    )
    later = answering(shown, Predictions(), other)
    panel.show_snapshot(later)
    assert panel.selection.lit.tolist() == cell_of(later, False, 0, 1)
    panel.selection.light([3])  # another view's choice stays
    panel.show_snapshot(shown)
    assert panel.selection.lit.tolist() == [3]


def test_the_figures_are_those_of_class_1(panel):
    shown = with_answers()
    panel.show_snapshot(shown)
    tp, fp, fn = (len(cell_of(shown, False, *at)) for at in ((1, 1), (0, 1), (1, 0)))
    right = tp + len(cell_of(shown, False, 0, 0))
    figures = {name: panel.figures[name].text for name in ("accuracy", "precision", "recall", "f1")}
    assert figures == {
        "accuracy": f"{100 * right / 320:.1f} %",
        "precision": f"{100 * tp / (tp + fp):.1f} %",
        "recall": f"{100 * tp / (tp + fn):.1f} %",
        "f1": f"{200 * tp / (2 * tp + fp + fn):.1f} %",
    }
    assert "tp / (tp + fp)" in panel.figures["precision"].toolTip()
    assert f"{tp} / {tp + fp} = " in said(panel, 1, 2)


def test_of_several_classes_the_figures_are_means(panel):
    panel.show_snapshot(with_answers(BLOBS, blobs(3)))
    found = panel.grid.shown.rates
    mean = np.nan_to_num(found.recall).mean()
    assert panel.figures["recall"].text == f"{100 * mean:.1f} %"
    assert "mean" in panel.figures["recall"].toolTip()


def test_a_class_that_no_answer_gives_has_no_precision(panel):
    shown = with_answers()
    none = replace(
        shown.answer(Predictions()),
        train=Answers(np.zeros((1, 320)), shown.answer(Predictions()).train.losses),
    )
    panel.show_snapshot(answering(shown, Predictions(), none))
    assert panel.figures["precision"].text == "–"
    assert panel.figures["recall"].text == "0.0 %"
    assert "does not exist" in said(panel, 1, 2)


def test_without_test_examples_the_switch_rests(panel):
    panel.of_test.setChecked(True)
    panel.document.replace(project((4, "tanh"), (1, "sigmoid")))
    assert not panel.of_test.isEnabled()
    assert not panel.of_test.isChecked()


def test_values_are_drawn_over_the_true_ones_and_selected_by_a_click(panel, qtbot):
    shown = with_answers(LINE, line())
    panel.show_snapshot(shown)
    assert panel.plot.isVisible()
    assert not panel.grid.isVisible()
    a, y = shown.answer(Predictions()).train.A[0], shown.split.train.Y[0]
    errors = [(p - q) ** 2 for p, q in zip(a, y, strict=True)]
    rmse = (sum(errors) / len(errors)) ** 0.5
    r2 = 1 - sum(errors) / sum((q - sum(y) / len(y)) ** 2 for q in y)
    assert float(panel.figures["rmse"].text) == pytest.approx(rmse, rel=1e-3)
    assert float(panel.figures["r2"].text) == pytest.approx(r2, abs=1e-4)
    k = int(np.argmax(y))
    before = panel.plot.grab().toImage()
    at = panel.plot.pixels().map(float(y[k]), float(a[k]))
    qtbot.mouseClick(
        panel.plot.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(*(round(c) for c in at))
    )
    assert panel.selection.example == k
    assert panel.plot.grab().toImage() != before
    panel.selection.light([k])
    assert panel.plot.dots[0].lit.tolist() == [k]


@pytest.mark.parametrize("classes", [2, 10, 40, 120])
def test_any_number_of_classes_is_drawn_or_said_to_be_too_many(panel, classes):
    of = project((4, "tanh"), (classes, "softmax"))
    panel.show_snapshot(with_answers(of, blobs(classes)))
    assert not panel.grab().isNull()
    assert bool(panel.body.sentence) == (classes > 100)
    if classes <= 100:
        assert panel.grid.shown.counts.sum() == 30 * classes


def test_it_is_an_option_of_the_view(panel):
    panel.of_test.setChecked(True)
    assert panel.selection.view.results_of_test
