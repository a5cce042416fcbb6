"""The table of examples: its rows, their order, and what selecting one does everywhere."""

import time
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QGuiApplication

from core.data.examples import split_of_arrays
from core.look.predictions import Predictions
from core.training.outcomes import Answered, Answers
from gui.panels.examples.columns import Columns
from gui.panels.examples.model import ExamplesModel
from gui.panels.examples.panel import NONE, NONE_LIT, NONE_WRONG, ExamplesPanel
from gui.style.theme import theme
from tests.gui.hands import collected
from tests.gui.panels.snapshots import answering, blobs, line, project, with_answers

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LINE = project((4, "tanh"), (1, "linear"), loss="squared_error")
BLOBS = project((4, "tanh"), (3, "softmax"))


@pytest.fixture
def panel(shown_still):
    return shown_still(ExamplesPanel, 900, 300)


@pytest.fixture
def shown(panel):
    made = with_answers()
    panel.show_snapshot(made)
    return made


def row(panel, i):
    return [panel.model.index(i, j).data() for j in range(panel.model.columnCount())]


def by_code(panel, code):
    return next(i for i, column in enumerate(panel.model.columns) if column.code == code)


def click(qtbot, panel, row, modifier=Qt.KeyboardModifier.NoModifier):
    at = panel.table.visualRect(panel.model.index(row, 1)).center()
    qtbot.mouseClick(panel.table.viewport(), Qt.MouseButton.LeftButton, modifier, at)


def click_header(qtbot, panel, code):
    header = panel.table.horizontalHeader()
    i = by_code(panel, code)
    at = QPoint(header.sectionViewportPosition(i) + 10, header.height() // 2)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=at)


def selected(panel):
    return [index.row() for index in panel.table.selectionModel().selectedRows()]


def test_there_is_a_row_for_every_example(panel, shown):
    split, answered = shown.split, shown.answer(Predictions())
    codes = [column.code for column in panel.model.columns]
    assert codes == ["example", "set", "y", "answer", "output", "loss", "right", "x1", "x2"]
    assert panel.model.rowCount() == 400
    for i in (0, 17, 319, 320, 399):
        test = i >= 320
        examples, answers = (split.test, answered.test) if test else (split.train, answered.train)
        k = i - 320 if test else i
        a, y = answers.A[0, k], examples.Y[0, k]
        words = row(panel, i)
        assert words[:2] == [str(i + 1), "test" if test else "train"]
        assert words[2:4] == [str(int(y)), str(int(a > 0.5))]
        numbers = [float(word) for word in (*words[4:6], *words[7:])]
        assert numbers == pytest.approx([a, answers.losses[k], *examples.X[:, k]], rel=1e-3)
        assert words[6] == ("✓" if y == (a > 0.5) else "✗")


def test_a_click_on_a_name_sorts_and_another_sorts_the_other_way(panel, shown, qtbot):
    losses = np.concatenate(
        [shown.answer(Predictions()).train.losses, shown.answer(Predictions()).test.losses]
    )
    click_header(qtbot, panel, "loss")
    assert panel.model.examples.tolist() == sorted(range(400), key=lambda i: losses[i])
    assert panel.model.headerData(by_code(panel, "loss"), Qt.Orientation.Horizontal) == "loss ▴"
    click_header(qtbot, panel, "loss")
    assert panel.model.examples.tolist() == sorted(range(400), key=lambda i: -losses[i])


@pytest.mark.parametrize("down", [False, True])
def test_equal_values_stay_in_the_order_of_their_numbers(panel, shown, qtbot, down):
    labels = np.concatenate([shown.split.train.Y[0], shown.split.test.Y[0]])
    for _ in range(1 + down):
        click_header(qtbot, panel, "y")
    order = sorted(range(400), key=lambda i: -labels[i] if down else labels[i])  # is stable
    assert panel.model.examples.tolist() == order


def test_the_column_of_the_keyboard_sorts_too(panel, shown, qtbot):
    loss = by_code(panel, "loss")
    panel.table.setFocus()
    panel.table.setCurrentIndex(panel.model.index(0, loss))
    qtbot.keyClick(panel.table, Qt.Key.Key_S)
    assert panel.model.sorted_by.code == "loss"


def test_wrong_answers_alone_and_test_examples_alone(panel, shown):
    wrong = [
        first + k
        for first, examples, answers in (
            (0, shown.split.train, shown.answer(Predictions()).train),
            (320, shown.split.test, shown.answer(Predictions()).test),
        )
        for k in range(examples.m)
        if (answers.A[0, k] > 0.5) != (examples.Y[0, k] > 0.5)
    ]
    panel.wrong_only.click()
    assert panel.model.examples.tolist() == wrong
    assert panel.caption.text() == f"{len(wrong)} of 400 examples"
    panel.test_only.click()
    assert panel.model.examples.tolist() == [i for i in wrong if i >= 320]
    panel.wrong_only.click()
    assert panel.model.examples.tolist() == list(range(320, 400))
    assert panel.selection.view.test_only


def test_where_no_row_is_left_it_says_why(panel, shown):
    panel.lit_only.click()
    assert panel.body.sentence == NONE_LIT
    panel.selection.light([5])
    assert panel.body.sentence == ""
    assert panel.model.examples.tolist() == [5]
    panel.test_only.click()
    assert panel.body.sentence == NONE
    for box in (panel.lit_only, panel.test_only):
        box.click()
    right = shown.split.train.Y, shown.split.test.Y
    losses = shown.answer(Predictions()).train.losses, shown.answer(Predictions()).test.losses
    perfect = Answered(101, *(Answers(A, loss) for A, loss in zip(right, losses, strict=True)))
    panel.show_snapshot(answering(replace(shown, iteration=101), Predictions(), perfect))
    panel.wrong_only.click()
    assert panel.body.sentence == NONE_WRONG


def test_one_selected_row_is_the_example_everywhere(panel, shown, qtbot):
    click_header(qtbot, panel, "x1")
    rows = [i for i in range(1, 12) if max(panel.model.examples[[i, i + 1]]) < 320]
    click(qtbot, panel, rows[0])
    assert panel.selection.example == panel.model.examples[rows[0]]
    assert not len(panel.selection.lit)
    qtbot.keyClick(panel.table, Qt.Key.Key_Down)
    assert panel.selection.example == panel.model.examples[rows[0] + 1]


def test_several_selected_rows_are_highlighted(panel, shown, qtbot):
    click_header(qtbot, panel, "x1")
    click(qtbot, panel, 2)
    click(qtbot, panel, 5, SHIFT)
    assert panel.selection.lit.tolist() == sorted(panel.model.examples[2:6])
    click(qtbot, panel, 4, CTRL)
    assert panel.selection.lit.tolist() == sorted(panel.model.examples[[2, 3, 5]])


def test_a_selected_test_example_is_highlighted(panel, shown, qtbot):
    panel.test_only.click()
    click(qtbot, panel, 2)
    assert panel.selection.example is None
    assert panel.selection.lit.tolist() == [322]


def test_an_example_selected_elsewhere_is_scrolled_to(panel, shown):
    panel.selection.select_example(250)
    assert selected(panel) == [250]
    assert (
        panel.table.viewport()
        .rect()
        .contains(panel.table.visualRect(panel.model.index(250, 0)).center())
    )
    panel.selection.select_example(None)
    assert selected(panel) == []


def test_a_highlight_from_elsewhere_is_selected_and_stays(panel, shown, qtbot):
    panel.selection.light([250, 251, 390])
    assert selected(panel) == [250, 251, 390]
    click_header(qtbot, panel, "loss")
    assert panel.selection.lit.tolist() == [250, 251, 390]
    assert sorted(panel.model.examples[selected(panel)]) == [250, 251, 390]
    among = selected(panel)[0]
    panel.table.selectionModel().select(
        panel.model.index(among, 0),
        QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows,
    )
    assert panel.selection.lit.tolist() == [250, 251, 390]  # looking at one of them


def test_rows_stay_during_training_and_are_sorted_at_rest(panel, shown, qtbot):
    click_header(qtbot, panel, "loss")
    before = panel.model.examples.copy()
    flipped = Answers(
        1 - shown.answer(Predictions()).train.A,
        shown.answer(Predictions()).train.losses[::-1].copy(),
    )
    answered = Answered(150, flipped, shown.answer(Predictions()).test)
    told = collected(panel.model.dataChanged)
    running = answering(replace(shown, iteration=150, idle=False), Predictions(), answered)
    panel.show_snapshot(running)
    assert np.array_equal(panel.model.examples, before)
    assert len(told) == 1
    loss = float(panel.model.index(0, by_code(panel, "loss")).data())
    k = before[0]
    if k < 320:
        assert loss == pytest.approx(flipped.losses[k], rel=1e-3)
    assert "rows as at iteration 100" in panel.caption.text()
    panel.show_snapshot(replace(running, idle=True))
    assert not np.array_equal(panel.model.examples, before)
    losses = np.concatenate([flipped.losses, shown.answer(Predictions()).test.losses])
    assert np.array_equal(panel.model.examples, np.argsort(losses, kind="stable"))
    assert "iteration" not in panel.caption.text()


def test_selected_rows_are_copied_for_a_spreadsheet(panel, shown, qtbot):
    click(qtbot, panel, 1)
    click(qtbot, panel, 2, SHIFT)
    noted = collected(panel.noted)
    panel.table.setFocus()
    qtbot.keyClick(panel.table, Qt.Key.Key_C, CTRL)
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].split("\t") == [column.code for column in panel.model.columns]
    assert len(lines) == 3
    cells = lines[1].split("\t")
    assert cells[0] == "2"
    assert cells[1] == "train"
    assert float(cells[4]) == shown.answer(Predictions()).train.A[0, 1]  # all digits
    assert [float(cell) for cell in cells[7:]] == shown.split.train.X[:, 1].tolist()
    assert noted == ["Copied 2 rows as cells of a spreadsheet."]


def test_a_name_with_tabs_and_lines_is_one_cell():
    X, Y = np.zeros((2, 2)), np.eye(2)
    split = split_of_arrays(X, Y, class_names=("a\tb", "c\nd"))
    answers = Answers(Y, np.zeros(2))
    columns = Columns(split).at(Answered(1, answers, None))
    label = next(column for column in columns if column.code == "y")
    assert [label.exact(i) for i in (0, 1)] == ["a b", "c d"]


def test_of_values_it_shows_the_error_and_of_classes_the_surest(panel):
    made = with_answers(LINE, line())
    panel.show_snapshot(made)
    a, y = made.answer(Predictions()).train.A[0, 7], made.split.train.Y[0, 7]
    assert float(panel.model.index(7, by_code(panel, "error")).data()) == pytest.approx(
        a - y, rel=1e-2
    )
    assert not panel.wrong_only.isEnabled()
    made = with_answers(BLOBS, blobs(3))
    panel.show_snapshot(made)
    best = float(made.answer(Predictions()).train.A[:, 7].max())
    assert float(panel.model.index(7, by_code(panel, "output")).data()) == pytest.approx(
        best, rel=1e-3
    )
    assert not panel.grab().isNull()


def test_several_yes_or_no_labels_have_columns_each():
    Y = np.array([[1.0, 0.0, 1.0], [1.0, 1.0, 0.0]])
    split = split_of_arrays(np.zeros((2, 3)), Y)
    answers = Answers(np.array([[0.9, 0.1, 0.8], [0.2, 0.9, 0.1]]), np.zeros(3))
    columns = {column.code: column for column in Columns(split).at(Answered(1, answers, None))}
    assert columns["right"].values.tolist() == [False, True, True]
    assert columns["output2"].values.tolist() == [0.2, 0.9, 0.1]


def test_a_hundred_thousand_examples_are_sorted_in_no_time(qtbot, panel):
    rng = np.random.RandomState(0)
    m = 100_000
    split = split_of_arrays(rng.randn(2, m), (rng.rand(1, m) > 0.5) * 1.0, test_share=0.2)
    parts = [Answers(rng.rand(1, k), rng.rand(k)) for k in (80_000, 20_000)]
    model = ExamplesModel(panel)
    columns = Columns(split)

    def work():
        model.show_columns(columns.at(Answered(1, *parts)))
        model.sort_again(5)

    started = time.process_time()
    work()
    assert time.process_time() - started < 0.5
    losses = np.concatenate([part.losses for part in parts])
    assert np.all(np.diff(losses[model.examples]) >= 0)
    panel.show_snapshot(
        answering(replace(with_answers(), split=split), Predictions(), Answered(1, *parts))
    )
    started = time.process_time()
    panel.table.selectAll()
    qtbot.wait(1)
    assert len(panel.selection.lit) == m
    assert time.process_time() - started < 1.0


def test_it_follows_the_theme(panel, shown):
    light = panel.grab().toImage()
    theme().set_mode("dark")
    assert panel.grab().toImage() != light
