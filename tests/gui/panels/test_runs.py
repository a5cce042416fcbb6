"""The Runs panel: what it says of each run, editing, sorting, comparing, opening and undoing."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QItemSelectionModel, QPointF, Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from core import edits
from core.data.own import own_data
from core.edits import with_network, with_training
from core.project import Project
from core.runs import EndedRun
from core.training.ended_run import ended
from core.training.session import Session
from gui.model.document import Document
from gui.model.selection import Selection
from gui.model.training import Training
from gui.panels.runs.comparison import ALIKE, RunsCompared
from gui.panels.runs.difference import (
    NO_PICTURE,
    OTHER_DATA,
    OTHER_OUTPUTS,
    DifferencePlane,
    difference,
)
from gui.panels.runs.model import NOW
from gui.panels.runs.panel import NOTHING_YET, RunsPanel
from gui.style import text
from gui.style.theme import lut, theme
from tests.gui.hands import collected

KEY = Qt.Key
BASE = edits.with_data(Project(), examples=60, test_share=0.2)
SLOW = with_training(BASE, learning_rate=0.3)
WIDE = with_network(edits.set_units(SLOW, 1, 8), seed=9)
FLAG = QItemSelectionModel.SelectionFlag


def ran(project: Project, number: int, iterations: int = 40, **more) -> EndedRun:
    session = Session(project, run=number)
    for _ in range(iterations):
        session.step()
    found = ended(session, None)
    assert found is not None
    return replace(found, **more)


RUNS = (ran(BASE, 1), ran(SLOW, 2, 60, name="slow", note="see\tthis"), ran(WIDE, 3, 20))


@pytest.fixture
def panel(qtbot):
    document = Document(WIDE)
    training = Training(document)
    qtbot.first.append(training)
    training.runs.show(RUNS, before=1)
    made = RunsPanel(document, training, Selection(document))
    qtbot.addWidget(made)
    made.resize(1200, 300)
    with qtbot.waitExposed(made):
        made.show()
    qtbot.waitUntil(lambda: "Now" in titles(made))
    yield made
    training.close()


def titles(panel):
    return [panel.sorted.index(row, 0).data() for row in range(panel.sorted.rowCount())]


def cell(panel, row, name):
    columns = [column.name for column in panel.model.columns]
    return panel.sorted.index(row, columns.index(name)).data()


def select(panel, *rows):
    model = panel.table.selectionModel()
    model.clear()
    for row in rows:
        model.select(panel.sorted.index(row, 0), FLAG.Select | FLAG.Rows)
    model.setCurrentIndex(panel.sorted.index(rows[0], 0), FLAG.NoUpdate)
    panel.table.setFocus()


def editor(panel):
    return panel.table.findChild(QLineEdit)


def test_every_run_has_a_row_with_the_current_one_first(panel):
    assert titles(panel) == ["Now", "Run 3", "slow", "Run 1"]
    assert [cell(panel, row, "changes") for row in range(4)] == [
        "same settings",
        "units of layer 1: 4 → 8, weight seed 3 → 9",
        "learning rate α 1.2 → 0.3",
        "",
    ]
    assert cell(panel, 3, "iterations") == "40"
    assert cell(panel, 3, "cost") == f"{RUNS[0].cost:.4f}"
    bold = panel.sorted.index(0, 0).data(Qt.ItemDataRole.FontRole)
    assert bold.bold() or bold.weight() > 500
    assert not panel.sorted.index(1, 0).data(Qt.ItemDataRole.DecorationRole).isNull()


def test_runs_on_values_are_judged_by_r2(panel):
    values = edits.with_data(edits.choose_source(Project(), "plane"), test_share=0.3)
    found = ran(values, 7)
    panel.training.runs.show((*RUNS, found), before=1)
    assert found.r2 is not None
    assert cell(panel, titles(panel).index("Run 7"), "r2") == text.number(found.r2, sign=False)
    assert cell(panel, titles(panel).index("Run 7"), "accuracy") == ""


def test_without_runs_it_says_what_to_do(panel, qtbot):
    panel.training.runs.clear()
    assert panel.body.sentence == NOTHING_YET
    panel.training.runs.bring_back()
    assert panel.body.sentence == ""


def test_the_live_row_follows_the_run(panel, qtbot):
    panel.training.step(25)
    qtbot.waitUntil(lambda: cell(panel, 0, "iterations") == "25")
    latest = panel.training.latest
    assert cell(panel, 0, "cost") == f"{latest.train.cost:.4f}"


def test_sorting_leaves_the_live_row_on_top(panel):
    sorted_by_cost = [run.title for run in sorted(RUNS, key=lambda run: run.cost)]
    for column, order, expected in [
        ("iterations", Qt.SortOrder.AscendingOrder, ["Run 3", "Run 1", "slow"]),
        ("iterations", Qt.SortOrder.DescendingOrder, ["slow", "Run 1", "Run 3"]),
        ("name", Qt.SortOrder.AscendingOrder, ["Run 1", "Run 3", "slow"]),
        ("cost", Qt.SortOrder.AscendingOrder, sorted_by_cost),
    ]:
        names = [each.name for each in panel.model.columns]
        panel.table.sortByColumn(names.index(column), order)
        assert titles(panel) == ["Now", *expected]
    for i in range(len(panel.model.columns)):
        panel.table.sortByColumn(i, Qt.SortOrder.DescendingOrder)
        assert titles(panel)[0] == "Now"


def test_s_sorts_by_the_column_the_keyboard_is_in(panel, qtbot):
    select(panel, 1)
    names = [column.name for column in panel.model.columns]
    index = panel.sorted.index(1, names.index("iterations"))
    panel.table.selectionModel().setCurrentIndex(index, FLAG.NoUpdate)
    for expected in (
        ["Now", "Run 3", "Run 1", "slow"],
        ["Now", "slow", "Run 1", "Run 3"],
        ["Now", "Run 3", "slow", "Run 1"],
    ):
        qtbot.keyClick(panel.table, KEY.Key_S)
        assert titles(panel) == expected
    assert [run.number for run in panel.selected()] == [3]


def test_f2_edits_the_name_and_the_note(panel, qtbot):
    runs = panel.training.runs
    select(panel, 1)
    qtbot.keyClick(panel.table, KEY.Key_F2)
    qtbot.keyClicks(editor(panel), "wide")
    qtbot.keyClick(editor(panel), KEY.Key_Return)
    qtbot.waitUntil(lambda: runs.of(3).name == "wide" and editor(panel) is None)
    assert titles(panel)[1] == "wide"
    qtbot.keyClick(panel.table, KEY.Key_F2, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClicks(editor(panel), "too wide")
    qtbot.keyClick(editor(panel), KEY.Key_Return)
    qtbot.waitUntil(lambda: runs.of(3).note == "too wide")
    assert [run.number for run in panel.selected()] == [3]
    select(panel, 0)  # the current run has no name yet
    qtbot.keyClick(panel.table, KEY.Key_F2)
    qtbot.waitUntil(lambda: editor(panel) is None)


def test_del_removes_and_it_can_be_brought_back(panel, qtbot):
    said = collected(panel.noted)
    select(panel, 0, 1, 2)
    qtbot.keyClick(panel.table, KEY.Key_Delete)
    assert titles(panel) == ["Now", "Run 1"]
    assert said[0].startswith("Removed 2 runs")
    qtbot.keyClick(panel.table, KEY.Key_Insert, Qt.KeyboardModifier.ShiftModifier)
    assert titles(panel) == ["Now", "Run 3", "slow", "Run 1"]


def test_copied_runs_paste_as_cells_with_all_digits(panel, qtbot):
    select(panel, 2, 3)
    qtbot.keyClick(panel.table, KEY.Key_C, Qt.KeyboardModifier.ControlModifier)
    header, first, second = QApplication.clipboard().text().splitlines()
    assert header.split("\t")[0] == "Run"
    assert first.split("\t")[0] == "slow"
    assert first.split("\t")[-1] == "see this"
    assert repr(RUNS[0].cost) in second.split("\t")


def test_two_runs_are_compared(panel, qtbot):
    assert not panel.compared.isVisible()
    select(panel, 2, 3)
    compared = panel.compared
    assert compared.isVisible()
    assert compared.settings.said == ["learning rate α: 1.2, 0.3"]
    assert "Same seeds" in compared.seeds.text()
    assert compared.difference.isVisible()
    curves = compared.curves
    area = curves.plot.area()
    qtbot.waitUntil(lambda: curves.plot.columns > 50)
    curves.plot.hovered.emit(QPointF(area.left() + area.width() / 4, area.center().y()))
    i = round(curves.plot.iteration_at(QPointF(area.left() + area.width() / 4, area.top() + 5)))
    for run in RUNS[:2]:
        assert f"{run.state.costs[i]:.4f}" in curves.legend.text()
    select(panel, 1, 2, 3)
    assert not compared.difference.isVisible()
    assert "Run 1 and slow" in compared.seeds.text()
    select(panel, 1)
    assert not compared.isVisible()


def test_runs_of_the_same_seeds_are_marked(panel):
    select(panel, 3)
    assert [cell(panel, row, "seeds") for row in range(4)] == ["1 · 9", "1 · 9", "= 1 · 3", "1 · 3"]
    select(panel, 1)
    assert [cell(panel, row, "seeds") for row in range(4)] == ["= 1 · 9", "1 · 9", "1 · 3", "1 · 3"]


def test_enter_opens_a_run_completely_and_undo_returns(panel, qtbot):
    training, document = panel.training, panel.document
    training.step(30)
    qtbot.waitUntil(lambda: training.latest.idle and training.latest.iteration == 30)
    before = training.latest
    select(panel, 2)
    qtbot.keyClick(panel.table, KEY.Key_Return)
    run = RUNS[1]
    assert document.project == run.project
    qtbot.waitUntil(lambda: training.is_current(training.latest) and training.latest.idle)
    assert training.latest.flat.tobytes() == run.state.flat.tobytes()
    assert np.array_equal(training.latest.costs, run.state.costs)
    training.step(10)
    qtbot.waitUntil(lambda: training.latest.idle and training.latest.iteration == 70)
    assert training.latest.flat.tobytes() == ran(SLOW, 9, 70).state.flat.tobytes()
    assert document.undo_stack.undoText() == "Open slow"
    document.undo_stack.undo()
    qtbot.waitUntil(lambda: training.latest.iteration == 30 and training.latest.idle)
    assert training.latest.flat.tobytes() == before.flat.tobytes()
    assert document.project == WIDE
    # the one that was left is kept; the run that an undo restored continues, it has not ended
    qtbot.waitUntil(lambda: len(training.runs.kept) == 4)
    assert [run.state.iteration for run in training.runs.kept][-1] == 70


def test_a_run_that_cannot_be_opened_says_why(panel, qtbot):
    lost = replace(RUNS[0], number=7, state=replace(RUNS[0].state, flat=np.zeros(3)))
    panel.training.runs.show((lost,), before=panel.training.latest.run)
    said = collected(panel.noted)
    select(panel, 1)
    qtbot.keyClick(panel.table, KEY.Key_Return)
    assert said[-1].startswith("Run 7 cannot be opened: ")
    assert panel.document.project == WIDE


def test_a_run_on_own_data_is_opened_with_them(panel, qtbot):
    training, document = panel.training, panel.document
    rng = np.random.RandomState(0)
    own = own_data(rng.randn(2, 30), [np.arange(30) % 2], "a.csv")
    training.bring(own)
    document.edit("Own", edits.choose_own(document.project, own))
    training.step(20)
    qtbot.waitUntil(lambda: training.latest.idle and training.latest.iteration == 20)
    flat = training.latest.flat
    document.edit("Flower", BASE)
    qtbot.waitUntil(lambda: len(training.runs.kept) == 4)
    select(panel, 1)
    assert cell(panel, 1, "changes").startswith("data set Flower → your own")
    qtbot.keyClick(panel.table, KEY.Key_Return)
    qtbot.waitUntil(lambda: training.is_current(training.latest) and training.latest.idle)
    assert training.latest.flat.tobytes() == flat.tobytes()
    assert training.own is own
    training.data_cache.clear()
    document.edit("Flower", BASE)
    said = collected(panel.noted)
    select(panel, 1)
    qtbot.keyClick(panel.table, KEY.Key_Return)
    assert "no longer in memory" in said[-1]


def costs_of_now(panel):
    """How many costs of the current run are compared."""
    return len(panel.compared.curves.plot.numbers()[f"train of run {NOW} Now"])


def test_the_current_run_is_compared_live(panel, qtbot):
    select(panel, 0, 1)
    panel.training.step(15)
    qtbot.waitUntil(lambda: costs_of_now(panel) == 15)
    panel.training.reset()  # a run that is too short to be kept, and a fresh curve
    qtbot.waitUntil(lambda: panel.training.latest.iteration == 0)
    qtbot.waitUntil(lambda: costs_of_now(panel) == 0)


# --- where two answer otherwise ------------------------------------------------------------------


def test_the_difference_is_one_picture_minus_the_other(qtbot):
    one, other = RUNS[:2]
    found = difference(one, other)
    assert not isinstance(found, str)
    assert one.picture is not None
    assert other.picture is not None
    change = np.asarray(other.picture - one.picture, np.float64)[0]
    assert np.array_equal(found.values, change)
    plane = DifferencePlane("Difference")
    qtbot.addWidget(plane)
    plane.show_difference(found, None)
    assert plane.picture is not None
    seen, scale = plane.picture.image, lut(theme().palette).tolist()
    assert (seen.height(), seen.width()) == change.shape
    for row, column in ((0, 0), (3, 40), (24, 7), (47, 47)):
        level = 127.5 * (change[row, column] + 1)
        assert abs(scale.index(seen.pixel(column, row)) - level) <= 0.51
    turned = (one.picture > 0.5) != (other.picture > 0.5)
    assert f"{100 * np.mean(turned):.1f} %" in found.words


def test_of_several_classes_it_is_where_the_class_differs():
    blobs = edits.choose_source(BASE, "blobs")
    one, other = ran(blobs, 1, 15), ran(blobs, 2, 60)
    found = difference(one, other)
    assert not isinstance(found, str)
    assert one.picture is not None
    assert other.picture is not None
    apart = one.picture.argmax(axis=0) != other.picture.argmax(axis=0)
    assert found.classes == len(one.picture)
    assert np.array_equal(found.values != -1, apart)
    assert np.array_equal(found.values[apart], other.picture.argmax(axis=0)[apart])


def test_a_finer_picture_is_looked_at_in_between_its_points():
    """Of a plane that rises evenly nothing is lost."""
    fine, coarse = (np.arange(n, dtype=np.float32) + 0.5 for n in (100, 48))
    finer = ((fine[:, np.newaxis] + 2 * fine)[np.newaxis] / 300).astype(np.float32)
    expected = ((coarse[:, np.newaxis] + 2 * coarse)[np.newaxis] / 144).astype(np.float32)
    found = difference(replace(RUNS[0], picture=expected), replace(RUNS[1], picture=finer))
    assert not isinstance(found, str)
    assert np.abs(found.values).max() <= 1 / 255


def test_a_sentence_where_pictures_cannot_be_subtracted():
    other = ran(edits.with_data(BASE, seed=5), 4, 20)
    assert difference(RUNS[0], other) == OTHER_DATA
    assert difference(RUNS[0], replace(RUNS[1], picture=None)) == NO_PICTURE
    assert RUNS[1].picture is not None
    two = np.concatenate([RUNS[1].picture] * 2)
    assert difference(RUNS[0], replace(RUNS[1], picture=two)) == OTHER_OUTPUTS
    featured = ran(edits.with_data(BASE, features=("x1", "x1x2"), test_share=0.4), 4, 20)
    assert not isinstance(difference(RUNS[0], featured), str)  # the plane is the same


def test_more_than_ten_are_not_compared(qtbot):
    compared = RunsCompared()
    qtbot.addWidget(compared)
    compared.show_runs([replace(RUNS[0], number=i) for i in range(1, 13)])
    assert "first 10 of 12" in compared.seeds.text()
    assert compared.settings.said == [ALIKE]
