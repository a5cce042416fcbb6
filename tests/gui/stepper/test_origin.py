"""Where a number comes from: its lines add up, and mouse and keyboard lead down and back."""

from __future__ import annotations

import math
from typing import get_args

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication

from core.walk.chain import chain
from core.walk.entry import Entry, Target
from core.walk.explain import explain
from gui.model.selection import Selection
from gui.model.walk import Walk
from gui.stepper.chain_rows import formula_of, rows_of_chain
from gui.stepper.goals import example_column, goals_of
from gui.stepper.origin import NOTHING, OriginCard, tone_of
from gui.stepper.origin_rows import Piece, Row, aligned, rows_of, with_numbers
from gui.stepper.origin_table import OriginTable
from gui.style import text
from gui.style.theme import theme
from tests.gui.hands import drawing_of, labels_of, numbers_of
from tests.gui.stepper.records import record

DW = Entry("dW", 2, 1, 2)


def test_of_a_row_of_numbers_those_that_fit_are_shown_beside_its_name(qtbot):
    theme()
    numbers = tuple(Piece(f"-0.{i}000", Entry("dZ", 1, i, 0), f"dz{i}") for i in range(3))
    table = OriginTable()
    qtbot.addWidget(table)
    table.show()
    for pieces in (numbers, (*numbers[:2], Piece("… of 10"))):
        table.show_rows([Row("value", "dZ[1]", pieces, "")], "")
        for width, count in ((400, 3), (190, 2)):
            table.resize(width, 30)
            svg = drawing_of(table.draw)
            shown = [words for words in (*(p.text for p in numbers), "… of") if words in svg]
            assert len(shown) == count
            assert "dZ[1]" in svg
    assert table.rows[0].pieces == pieces


@pytest.fixture
def card(qtbot):
    theme()
    walk = Walk()
    walk.show(record())
    made = OriginCard(walk, Selection(walk))
    qtbot.addWidget(made)
    made.resize(450, 420)
    made.show()
    qtbot.waitExposed(made)
    return made


# --- the lines ---


def test_a_long_sum_ends_in_the_number_itself():
    found = explain(record(), DW, 5)
    rows = rows_of(record(), found)
    assert [row.kind for row in rows] == ["term"] * 5 + ["rest", "total"]
    assert rows[5].label == "395 more examples"
    assert rows[-1].label == "sum / 400"
    assert rows[-1].value == text.number(found.value, 5)
    assert math.isclose(found.printed, found.value, rel_tol=1e-12)
    assert {row.pieces[1].text for row in rows[:5]} == {"×"}


def test_the_rest_of_a_long_sum_opens_by_mouse_and_keyboard(card, qtbot):
    card.walk.open_number(DW)

    def terms():
        return [row for row in card.table.rows if row.kind == "term"]

    def rest():
        return next(i for i, row in enumerate(card.table.rows) if row.more)

    few = len(terms())
    assert card.table.rows[rest()].label == f"{400 - few} more examples"
    at = QPoint(30, round((rest() + 0.5) * card.table.sizeHint().height() / len(card.table.rows)))
    qtbot.mouseClick(card.table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert len(terms()) == few + 100
    sizes = [abs(term.value) for term in card.explanation.terms]
    assert sizes == sorted(sizes, reverse=True)
    assert math.isclose(card.explanation.printed, card.explanation.value, rel_tol=1e-12)
    for _ in range(3):
        card.table.setFocus()
        for _ in range(len(card.table.rows)):
            qtbot.keyClick(card.table, Qt.Key.Key_Down)
        qtbot.keyClick(card.table, Qt.Key.Key_Return)
    assert len(terms()) == 400
    assert not any(row.more for row in card.table.rows)


def test_the_bias_is_a_line_of_its_own_and_the_sum_includes_it():
    found = explain(record(), Entry("Z", 2, 1, 7), 5)
    rows = rows_of(record(), found)
    assert [row.label for row in rows] == ["j = 1", "j = 2", "j = 3", "j = 4", "b₂[2]", "sum"]
    assert sum(float(row.value) for row in rows[:-1]) == pytest.approx(
        float(rows[-1].value), abs=3e-4
    )
    assert float(rows[-1].value) == pytest.approx(found.value, abs=1e-4)


def test_a_function_lists_its_arguments():
    rows = rows_of(record(), explain(record(), Entry("A", 1, 1, 7)))
    assert [row.label for row in rows] == ["z₂[1](8)", "tanh(z₂[1](8))"]
    assert rows[0].entry == Entry("Z", 1, 1, 7)


def test_regularization_comes_after_the_mean():
    made = record(l2=0.5)
    rows = rows_of(made, explain(made, DW, 4))
    assert [row.kind for row in rows] == ["term"] * 4 + ["rest", "rest", "term", "total"]
    assert float(rows[-1].value) == pytest.approx(made.value(DW), rel=1e-3)
    assert float(rows[-3].value) + float(rows[-2].value) == pytest.approx(
        float(rows[-1].value), rel=1e-2
    )


def test_softmax_is_a_share():
    made = record(((4, "tanh"), (4, "softmax")), source="blobs")
    rows = rows_of(made, explain(made, Entry("A", 2, 1, 5)))
    assert (rows[0].label, rows[-1].label) == ("above", "above / sum")


@pytest.mark.parametrize("target", ["A", "Y", "W", "b"])
def test_a_leaf_has_no_lines(target):
    layer = {"A": 0, "Y": 3}.get(target, 1)
    found = explain(record(), Entry(target, layer, 0, 0))
    assert rows_of(record(), found) == ()
    assert with_numbers(found) == ("", "")


def test_lines_of_every_number_can_be_written():
    for made in (record(), record(((4, "relu"), (4, "softmax")), source="blobs", batch_size=32)):
        targets: tuple[Target, ...] = get_args(Target)
        for entry in (Entry(t, l) for t in targets for l in range(made.L + 1) if made.has(t, l)):
            rows = rows_of(made, explain(made, entry))
            assert all(row.value or row.pieces for row in rows)
            assert "nan" not in "".join(row.value for row in rows)


def test_decimals_are_alike_and_enough():
    assert aligned([1.25, -0.5], 0.75) == ["+1.2500", "-0.5000", "+0.7500"]
    assert aligned([1.0, -0.9999], 0.0001) == ["+1.000000", "-0.999900", "+0.000100"]
    assert aligned([1.0, 1e-9], 1.0)[1] == "+1.0e-09"
    assert aligned([1.8, 111.0], 112.8, rest=111.0) == ["+1.8000", "+111.0000", "+112.8000"]
    assert aligned([0.0], 0.0) == ["0", "0"]
    assert aligned([math.nan, 1.0], math.nan) == ["nan", "+1.0000", "nan"]


# --- the chain rule ---


def test_the_chain_multiplies_to_its_part_of_the_mean():
    found = chain(record(), Entry("W", 1, 1, 1), 7)
    rows = rows_of_chain(record(), found)
    assert [row.kind for row in rows[: len(found.links)]] == ["term"] * len(found.links)
    assert rows[len(found.links)].value == text.number(found.path, 5)
    assert rows[-1].label == "its part of the mean"
    latex, words = formula_of(found)
    assert latex.count(r"\cdot") == len(found.links) - 1
    assert words.startswith("∂loss/∂w₂₂[1] = ∂loss/∂z₁[3]")


def test_a_deep_chain_is_abbreviated():
    deep = record(((3, "tanh"),) * 7 + ((1, "sigmoid"),))
    _, words = formula_of(chain(deep, Entry("W", 1, 0, 0), 0))
    assert words.count("∂loss") == 2
    assert "…" in words
    assert words.count("·") == 5


# --- where it goes ---


def test_goals_are_the_uses_of_a_number():
    assert [goal.entry for goal in goals_of(record(), DW, 0)] == [Entry("step_W", 2, 1, 2)]
    goals = goals_of(record(), Entry("W", 2, 1, 2), 7)
    assert (goals[0].text, goals[0].entry) == ("z₂[2](k), k = 1…400", Entry("Z", 2, 1, 7))
    assert "Opens z₂[2](8)" in goals[0].hint


def test_a_batch_without_the_example_falls_back_to_its_first_column():
    made = record(batch_size=32)
    assert example_column(made, int(made.examples[5])) == 5
    missing = next(k for k in range(400) if k not in made.examples)
    assert example_column(made, missing) == 0
    assert example_column(made, None) == 0


# --- the card ---


def test_empty_it_says_what_to_do(card):
    assert NOTHING in labels_of(card)
    card.walk.open_number(DW)
    assert NOTHING not in labels_of(card)
    card.walk.close_number()
    assert NOTHING in labels_of(card)


def test_down_to_an_input_and_back_with_the_mouse(card, qtbot):
    card.walk.open_number(DW)
    assert card.formula.plain.startswith("dw₂₃[2] = 1/400 · Σₖ")
    assert card.value.text() == text.number(record().value(DW), 5)
    for which in (1, 0):  # of the first term: a₃[1](k), then its z
        before = card.walk.entry
        at = numbers_of(card.table)[which]
        qtbot.mouseClick(card.table.viewport(), Qt.MouseButton.LeftButton, pos=at)
        assert card.walk.entry != before
    assert card.walk.entry.target == "Z"
    at = numbers_of(card.table)[1]
    qtbot.mouseClick(card.table.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert (card.walk.entry.target, card.walk.entry.layer) == ("A", 0)
    assert "Input x₁ of example" in card.note.text()
    assert len(card.trail.texts) == 4
    qtbot.mouseClick(card.trail.chip(0), Qt.MouseButton.LeftButton)
    assert card.walk.trail == (DW,)
    assert card.trail.chip(0).isChecked()


def test_down_and_back_with_the_keyboard_alone(card, qtbot):
    card.walk.open_number(DW)
    card.table.setFocus()
    qtbot.keyClick(card.table, Qt.Key.Key_Down)
    qtbot.keyClick(card.table, Qt.Key.Key_Right)
    assert "a₃[1]" in card.table.currentIndex().data(Qt.ItemDataRole.AccessibleTextRole)
    qtbot.keyClick(card.table, Qt.Key.Key_Return)
    assert card.walk.entry.target == "A"
    qtbot.keyClick(card.table, Qt.Key.Key_Return)
    assert card.walk.entry.target == "Z"
    qtbot.keyClick(card.table, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert card.walk.entry.target == "A"
    qtbot.keyClick(card.table, Qt.Key.Key_Backspace)
    assert card.walk.entry == DW
    card.trail.chip(0).setFocus()
    card.walk.follow(Entry("dZ", 2, 1, 5))
    qtbot.keyClick(card.trail.chip(0), Qt.Key.Key_Return)
    assert card.walk.trail == (DW,)
    qtbot.keyClick(card.table, Qt.Key.Key_Escape)
    assert card.walk.entry is None


def test_the_arithmetic_is_copied_and_read_line_by_line(card, qtbot):
    card.walk.open_number(Entry("Z", 2, 1, 7))
    card.table.setFocus()
    qtbot.keyClick(card.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = [line.split("\t") for line in QApplication.clipboard().text().splitlines()]
    rows = card.table.rows
    assert [line[0] for line in lines] == [row.label for row in rows]
    assert [line[-1] or line[-2] for line in lines][:4] == [row.value for row in rows[:4]]
    spoken = card.table.model().index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == rows[0].words


def test_a_click_next_to_the_numbers_opens_the_first_of_the_row(card, qtbot):
    card.walk.open_number(DW)
    qtbot.mouseClick(card.table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(440 - 60, 12))
    assert card.walk.entry.target == "dZ"


def test_where_it_goes_is_one_click_away(card, qtbot):
    card.walk.open_number(DW)
    assert card.goes_to.texts == ["Δw₂₃[2]"]
    qtbot.mouseClick(card.goes_to.chip(0), Qt.MouseButton.LeftButton)
    assert card.walk.trail == (DW, Entry("step_W", 2, 1, 2))


def test_the_chain_rule_follows_the_chosen_example(card, qtbot):
    card.walk.open_number(DW)
    qtbot.mouseClick(card.as_chain, Qt.MouseButton.LeftButton)
    assert card.note.text().startswith("Example 1.")
    card.selection.select_example(7)
    assert card.note.text().startswith("Example 8.")
    assert "dz₁[3](8)" in card.table.rows[0].label
    card.walk.follow(Entry("dZ", 2, 1, 7))
    assert not card.as_chain.isVisible()
    assert card.table.rows[0].label == "da₂[2](8) · g′₂[2](8)"


def test_tones_are_those_of_the_passes(card):
    assert [tone_of(Entry(t, 1)) for t in ("Z", "dW", "J", "W_after")] == [
        "forward", "backward", "", "",
    ]  # fmt: skip
    card.walk.open_number(Entry("Z", 1))
    assert card.tone == "forward"


def test_more_room_shows_more_terms(card, qtbot):
    card.walk.open_number(DW)
    few = len(card.explanation.terms)
    card.resize(450, 600)
    qtbot.waitUntil(lambda: len(card.explanation.terms) > few)
    card.resize(450, 240)
    qtbot.waitUntil(lambda: len(card.explanation.terms) == 3)


def test_a_long_trail_keeps_its_first_and_last(card):
    card.walk.open_number(DW)
    for k in range(9):
        card.walk.follow(Entry("dZ", 2, 1, k))
    assert len(card.trail.texts) == 6
    assert card.trail.texts[0] == "dw₂₃[2]"
    assert card.trail.texts[-1] == "dz₂[2](9)"
    card.trail.chosen.emit(0)
    assert card.walk.trail == (DW,)


def test_the_number_is_followed_into_the_next_record(card):
    card.walk.open_number(DW)
    card.walk.show(record(iterations=21))
    assert card.value.text() == text.number(record(iterations=21).value(DW), 5)
    card.walk.show(record(((2, "tanh"), (1, "sigmoid"))))
    assert NOTHING in labels_of(card)


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_it_paints_in_both_looks(card, mode):
    theme().set_mode(mode)
    for entry in (DW, Entry("loss", 3, 0, 1), Entry("A", 0, 0, 1), Entry("J", 3)):
        card.walk.open_number(entry)
        assert not card.grab().isNull()
