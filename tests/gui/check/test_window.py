"""The check window asks about unknown names, checks again, and remembers the answer."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QWidget

from core.check.run import subject_of
from core.project import Project
from core.training.data_source import split_of
from gui.check.answers import MOST, answers_for, remember
from gui.check.naming import NamingDialog
from gui.check.window import CheckWindow
from gui.style.theme import theme

HOMEWORK = """import numpy as np

def sigmoid(z):
    return 1 / (1 + np.exp(-z))

def initialize_with_zeros(dim):
    return np.zeros((dim, 1)), 0.0

def propagate(w, b, X, Y, lambd):
    m = X.shape[1]
    A = sigmoid(np.dot(w.T, X) + b)
    cost = -np.sum(Y * np.log(A) + (1 - Y) * np.log(1 - A)) / m + lambd * np.sum(w ** 2)
    dw = np.dot(X, (A - Y).T) / m + 2 * lambd * w
    db = np.sum(A - Y) / m
    return {"dw": dw, "db": db}, cost
"""


@pytest.fixture
def homework(tmp_path):
    path = tmp_path / "mine.py"
    path.write_text(HOMEWORK)
    return path


def subject():
    project = Project()
    return subject_of(project, split_of(project), chosen=False)


@pytest.fixture
def window(qtbot):
    theme()
    parent = QWidget()
    qtbot.addWidget(parent)
    made = CheckWindow(lambda: subject, parent)
    yield made
    made.close()


def check(qtbot, window, path):
    window.check(path)
    window.show()
    finish(qtbot, window)


def finish(qtbot, window):
    qtbot.waitUntil(lambda: window.checked is not None and window.again.isEnabled(), timeout=60_000)


def test_it_asks_and_checks_again_with_the_answer(qtbot, window, homework):
    check(qtbot, window, homework)
    ask = window.ask
    assert "lambd in propagate" in ask.words.text()
    assert "--map" not in ask.words.text()
    assert ask.choice.isVisible()
    assert not ask.take.isEnabled()
    assert not window.sentence.isVisible()
    assert window.said.title == "A question"
    assert window.found.isVisible()
    ask.choice.setCurrentIndex(ask.choice.findData("0"))
    qtbot.mouseClick(ask.take, Qt.MouseButton.LeftButton)
    finish(qtbot, window)
    assert window.checked.equal, window.checked.said
    assert not ask.choice.isVisible()
    assert window.sentence.isVisible()
    assert "propagate.lambd is the number 0" in ask.known.text()
    assert "dw ✓" in window.stages.words


def test_the_answer_is_kept_for_the_file_until_it_is_taken_back(qtbot, window, homework, tmp_path):
    remember(homework, {"propagate.lambd": "0"})
    check(qtbot, window, homework)
    assert window.checked.equal
    other = tmp_path / "other.py"
    other.write_text(HOMEWORK)
    check(qtbot, window, other)
    assert window.ask.choice.isVisible()
    assert not window.ask.forget.isVisible()
    check(qtbot, window, homework)
    qtbot.mouseClick(window.ask.forget, Qt.MouseButton.LeftButton)
    finish(qtbot, window)
    assert answers_for(homework) == {}
    assert window.ask.choice.isVisible()


def test_a_wrong_answer_is_a_difference_that_can_be_taken_back(qtbot, window, homework):
    remember(homework, {"propagate.lambd": "1"})
    check(qtbot, window, homework)
    assert not window.checked.equal
    assert window.checked.report["name"] == "cost"
    assert window.ask.forget.isVisible()


def test_answers_of_the_last_files_are_kept_and_broken_settings_are_none(qtbot, tmp_path):
    files = [tmp_path / f"{i}.py" for i in range(MOST + 1)]
    for file in files:
        remember(file, {"f.x": "X"})
    assert answers_for(files[0]) == {}
    assert answers_for(files[-1]) == {"f.x": "X"}
    for broken in ("{", "[]", json.dumps({"a": 3})):
        QSettings().setValue("check/answers", broken)
        assert answers_for(files[-1]) == {}


STRANGE = HOMEWORK.replace(", lambd)", ")").replace(" + lambd * np.sum(w ** 2)", "")
STRANGE = STRANGE.replace(" + 2 * lambd * w", "").replace("def propagate", "def hop")


def name_them(qtbot, window, **chosen):
    """Open the dialog, choose there, and check with it."""
    qtbot.mouseClick(window.unnamed.name_button, Qt.MouseButton.LeftButton)
    dialog = next(d for d in window.findChildren(NamingDialog) if d.isVisible())
    for theirs, course in chosen.items():
        box = dialog.boxes[theirs]
        box.setCurrentIndex(box.findData(course))
    return dialog


def test_functions_of_other_names_are_asked_for_and_kept_for_the_file(qtbot, window, homework):
    homework.write_text(STRANGE)
    check(qtbot, window, homework)
    assert "propagate" in window.checked.report["missing"]
    assert window.unnamed.isVisible()
    assert "hop" in window.unnamed.words.text()
    dialog = name_them(qtbot, window, hop="propagate")
    qtbot.mouseClick(dialog.take_button, Qt.MouseButton.LeftButton)
    finish(qtbot, window)
    assert window.checked.equal, window.checked.said
    assert "dw ✓" in window.stages.words
    assert not window.unnamed.isVisible()
    assert "hop is propagate" in window.ask.known.text()
    assert answers_for(homework) == {"hop": "propagate"}
    homework.write_text(STRANGE.replace("(A - Y).T) / m", "(A - Y).T)"))
    qtbot.mouseClick(window.again, Qt.MouseButton.LeftButton)
    finish(qtbot, window)
    assert window.checked.report["name"] == "dw"  # the slip is found under the strange name


def test_a_removed_name_is_reported_and_does_not_hide_the_right_one(qtbot, window, homework):
    remember(homework, {"hop": "propagate"})
    homework.write_text(STRANGE.replace("def hop", "def propagate"))
    check(qtbot, window, homework)
    assert window.checked.equal
    assert "propagate was said to be hop" in window.notes.text()
    assert "dw ✓" in window.stages.words


def test_a_function_of_the_course_has_one_name(qtbot, window, homework):
    homework.write_text(STRANGE + "\ndef jump(x):\n    return x\n")
    check(qtbot, window, homework)
    dialog = name_them(qtbot, window, hop="propagate", jump="propagate")
    assert not dialog.take_button.isEnabled()
    assert "Two functions are named propagate" in dialog.fault.text()
    box = dialog.boxes["jump"]
    box.setCurrentIndex(0)
    assert dialog.take_button.isEnabled()
    assert dialog.names == {"hop": "propagate"}
    dialog.reject()
    assert answers_for(homework) == {}


def test_a_file_without_any_known_name_can_be_checked(qtbot, window, homework):
    homework.write_text(
        STRANGE.replace("def sigmoid", "def ess").replace("sigmoid(", "ess(")
        .replace("def initialize_with_zeros", "def nothing")
    )  # fmt: skip
    check(qtbot, window, homework)
    assert "No function of the course" in window.sentence.text()
    dialog = name_them(
        qtbot, window, hop="propagate", nothing="initialize_with_zeros", ess="sigmoid"
    )
    qtbot.mouseClick(dialog.take_button, Qt.MouseButton.LeftButton)
    finish(qtbot, window)
    assert window.checked.equal, window.checked.said
    assert "dw ✓" in window.stages.words
