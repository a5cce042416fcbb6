"""Every question of the bundled lessons is shown by the form and comes out of it as it was."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QObject, Qt

from core.files import lessons
from core.files.lesson_draft import Draft
from core.lessons.lesson import IMPOSSIBLE, Lesson, LessonStep, Question
from gui.lessons.author.book import Book
from gui.lessons.author.question_form import QuestionForm

ALL = [
    (name, number, asked)
    for name in lessons.bundled()
    for number, step in enumerate(lessons.find(name).lesson.steps, start=1)
    for asked in step.questions
]


def choose(button, key):
    button.menu.aboutToShow.emit()
    (action,) = [action for action in button.menu.actions() if action.data() == key]
    action.trigger()


@pytest.fixture
def made(qtbot, tmp_path):
    """A form over a lesson of one step."""
    parent = QObject()
    book = Book(tmp_path, parent)
    book.edit("Begin", Draft(Lesson("A", "B", 1, (LessonStep("One", ""),)), (None,)))
    form = QuestionForm(book)
    qtbot.addWidget(form)
    form.show()
    yield book, form
    book.keep()


def pairs(asked):
    return {
        (option, asked.partners[int(place) - 1])
        for option, place in zip(asked.options, asked.right, strict=True)
    }


def alike(one, other):
    """Whether two questions ask the same; partners may be listed in another order."""
    if one.kind == other.kind == "match":
        same = pairs(one) == pairs(other)
        return same and replace(one, right=(), partners=()) == replace(other, right=(), partners=())
    return one == other


def test_the_questions_of_the_lessons_can_be_built(made):
    book, form = made
    kinds = set()
    for name, number, asked in ALL:
        book.edit_step("Other", "", questions=(asked,))
        choose(form.which, "0")
        form.put.click()
        (again,) = book.step.questions
        assert alike(asked, again), f"{name}, step {number}: {form.fault.text()}"
        kinds.add(asked.kind)
    assert {"choice", "number", "shape", "order", "match", "text"} <= kinds


def test_a_question_is_added_changed_and_removed(made):
    book, form = made
    choose(form.kind, "shape")
    form.text.setText("Which shape?")
    form.right.setText("4, 8")
    form.put.click()
    assert book.step.questions == (Question("shape", "Which shape?", (4.0, 8.0)),)
    choose(form.which, "0")
    form.right.setText(IMPOSSIBLE)
    form.put.click()
    assert book.step.questions[0].right == ()
    choose(form.kind, "number")
    form.text.setText("How many?")
    form.right.setText("0,05")
    form.within.setText("0.01")
    form.put.click()
    assert [q.kind for q in book.step.questions] == ["shape", "number"]
    assert book.step.questions[1].right == (0.05,)
    choose(form.which, "0")
    form.remove.click()
    assert [q.kind for q in book.step.questions] == ["number"]
    book.undo_stack.undo()
    assert len(book.step.questions) == 2


@pytest.mark.parametrize(
    ("kind", "right", "said"),
    [
        ("number", "many", "One of the numbers is missing"),
        ("number", "", "One of the numbers is missing"),
        ("shape", "4", "`right` does not fit"),
        ("choice", "", "`options` of a choice are 2 to 9 texts"),
        ("match", "", "`options` of a match"),
    ],
)
def test_an_invalid_question_gets_a_message_and_changes_nothing(made, kind, right, said):
    book, form = made
    choose(form.kind, kind)
    form.text.setText("What?")
    form.right.setText(right)
    form.put.click()
    assert said in form.fault.text()
    assert book.step.questions == ()
    form.text.clear()
    choose(form.kind, "text")
    form.put.click()
    assert "needs a `text`" in form.fault.text()


def test_one_option_that_is_ticked_is_the_right_one(made):
    book, form = made
    form.text.setText("Which?")
    for row, option in enumerate(("One", "Two", "Three")):
        form.table.item(row, 1).setText(option)
    for row in (0, 2):
        form.table.item(row, 0).setCheckState(Qt.CheckState.Checked)
    form.put.click()
    assert book.step.questions[0].right == (1.0, 3.0)
    assert book.step.questions[0].several
