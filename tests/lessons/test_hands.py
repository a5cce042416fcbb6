"""The verbs of a step's test, carried out by the parts' own controls."""

import pytest

from core.files import lessons
from tests.e2e.driver import run_app
from tests.e2e.work import at_rest
from tests.patience import PATIENCE_MS

STEP = """---
title: Verbs
about: A lesson for tests.
minutes: 1
---
## One
Walk.
```step
layout = "walk"
show = ["stepper"]
allow = ["stepper", "train.sweep"]
goal = {goal}
hint = "Do it."
test = {test}
```
Done.
"""


def play(qtbot, tmp_path, goal, test, patience=PATIENCE_MS, then=lambda window: None):
    """A lesson of one step, whose test makes its goal true, or ends with the sentence returned."""
    path = tmp_path / "lesson.md"
    path.write_text(STEP.format(goal=f"'{goal}'", test=test), encoding="utf-8")
    failed: list[str] = []

    def script(window):
        window.lessons.open_package(lessons.find(str(path)))
        guide = window.lessons.guide
        qtbot.waitUntil(lambda: at_rest(window) and window.walk.record is not None)
        assert not guide.reached
        guide.hands.failed.connect(failed.append)
        guide.hands.perform(guide.step.test)
        qtbot.waitUntil(lambda: bool(failed) or not guide.hands.busy, timeout=patience)
        if not failed:
            qtbot.waitUntil(lambda: guide.reached)
        then(window)
        window.lessons.leave()
        assert window.docking.panels["stepper"].checks.bug == ""

    assert run_app(script) == 0
    return failed[0] if failed else ""


def test_a_number_is_opened_where_the_step_shows_it(qtbot, tmp_path):
    goal = 'chip == "dW[2]" and opened == "a₂[1](7)"'
    test = ["click stepper.view[code]", "walk dW[2]", "open a2[1](7)"]
    assert not play(qtbot, tmp_path, goal, test)


@pytest.mark.parametrize(
    ("number", "said"), [("a₁[2](1)", "does not show"), ("nothing", "names no number")]
)
def test_a_number_that_is_not_there_is_not_opened(qtbot, tmp_path, number, said):
    assert said in play(qtbot, tmp_path, "iteration > 5", ["walk Z[1]", f"open {number}"])


def test_the_gradient_is_checked_and_a_planted_bug_is_found(qtbot, tmp_path):
    goal = 'check.wrong == {"dW[1]", "db[1]"}'
    test = [
        *("run_check", "expect check.passed 1 0"),
        *("plant forget_m", "expect len(check.wrong) 4 0", "plant wrong_slope"),
    ]
    assert not play(qtbot, tmp_path, goal, test)


def test_an_unknown_bug_is_not_planted(qtbot, tmp_path):
    assert "no bug" in play(qtbot, tmp_path, "iteration > 5", ["plant weevil"])


@pytest.mark.slow
def test_a_preset_is_swept_and_only_a_sweep_of_the_step_counts(qtbot, tmp_path):
    def then(window):
        assert window.sweeps.window.isHidden()
        guide = window.lessons.guide
        guide.reset()
        qtbot.waitUntil(lambda: at_rest(window))
        assert not guide.reached

    goal = 'sweep("scales").done and 10 in sweep("scale").values'
    assert not play(qtbot, tmp_path, goal, ["sweep scales"], 10 * PATIENCE_MS, then)


def test_shapes_are_hidden_until_the_questions_are_answered(qtbot, tmp_path):
    ask = '[[ask]]\nkind = "shape"\ntext = "Z[1]?"\nright = [4, 400]\n```\nDone.'
    text = STEP.format(goal="'chip == \"Z[1]\"'", test=["answer 1 4 400", "walk Z[1]"])
    text = text.replace("allow =", 'hide = ["shapes"]\nallow =').replace("```\nDone.", ask)
    path = tmp_path / "lesson.md"
    path.write_text(text, encoding="utf-8")

    def said(window):
        operation = window.docking.panels["stepper"].operation
        views = operation.matrices.views
        whole = window.canvas.network.picture.words[1]
        return (
            operation.shapes.plain,
            [view.accessibleName() for view in views],
            " ".join(whole.shapes),
            whole.array,
        )

    def script(window):
        window.lessons.open_package(lessons.find(str(path)))
        guide = window.lessons.guide
        qtbot.waitUntil(lambda: at_rest(window) and window.walk.record is not None)
        hidden = "(?, ?) = (?, ?)·(?, ?) + (?, ?)"
        assert said(window) == ("(?, ?)", ["A[0] (?, ?)"], hidden, "A[1] (?, ?)")
        guide.hands.perform(guide.step.test)
        qtbot.waitUntil(lambda: guide.reached)
        shapes = "(4, 400) = (4, 2) · (2, 400) + (4, 1)"
        names = ["Z[1] (4, 400)", "W[1] (4, 2)", "A[0] (2, 400)", "b[1] (4, 1)"]
        assert said(window) == (shapes, names, shapes.replace(" · ", "·"), "A[1] (4, 400)")
        guide.reset()
        assert said(window)[2:] == (hidden, "A[1] (?, ?)")
        window.lessons.leave()
        qtbot.waitUntil(lambda: at_rest(window) and window.walk.record is not None)
        assert said(window)[2] == shapes.replace(" · ", "·")

    assert run_app(script) == 0


def test_an_unknown_value_fails_the_expectation(qtbot, tmp_path):
    said = play(qtbot, tmp_path, "iteration > 5", ["expect check.passed 1 0"])
    assert said.endswith("check.passed is not known yet")
