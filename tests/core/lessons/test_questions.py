"""Answers: what each is worth, and what is said to a wrong one."""

import pytest

from core.lessons import progress
from core.lessons.progress import Kept
from core.lessons.questions import Asked, judge, question, read_answer, right_answer, written

CHOICE = question(
    Asked(text="?", options=["One", "Four"], right=[1], replies={"2": "Watch where they meet."})
)
NUMBER = question(
    Asked(
        text="?",
        kind="number",
        right=0.05,
        within=0.02,
        replies={"1": "That is the step.", "0.2": "That is z."},
    )
)
SHAPE = question(Asked(text="?", kind="shape", right="impossible"))
MATCH = question(
    Asked(text="?", kind="match", options=["a", "b"], partners=["x", "y"], right=[2, 1])
)


def test_a_choice_gets_its_reply():
    assert judge(CHOICE, (1,)).right
    wrong = judge(CHOICE, (2,))
    assert (wrong.right, wrong.reply) == (False, "Watch where they meet.")
    assert written(CHOICE, (2,)) == "Four"


@pytest.mark.parametrize(
    ("value", "right", "reply"),
    [
        (0.05, True, ""),
        (0.03, True, ""),
        (0.07, True, ""),
        (0.0701, False, ""),
        (0.21, False, "That is z."),
        (1.0, False, "That is the step."),
    ],
)
def test_a_number_is_right_within_its_tolerance(value, right, reply):
    judged = judge(NUMBER, (value,))
    assert (judged.right, judged.reply) == (right, reply)


def test_a_shape_may_be_impossible():
    assert judge(SHAPE, read_answer(SHAPE, ("impossible",))).right
    assert not judge(SHAPE, read_answer(SHAPE, ("4", "400"))).right
    assert written(SHAPE, (4.0, 400.0)) == "(4, 400)"
    assert right_answer(SHAPE) == "impossible"


def test_a_match_is_right_only_completely():
    assert judge(MATCH, (2.0, 1.0)).right
    assert not judge(MATCH, (1.0, 2.0)).right
    assert written(MATCH, (2.0, 1.0)) == "a – y; b – x"


def test_a_free_text_is_neither_right_nor_wrong():
    asked = question(Asked(text="?", kind="text", said="One neuron first."))
    judged = judge(asked, "I would look at the data.")
    assert (judged.right, judged.reply) == (None, "One neuron first.")


def test_progress_is_read_back_and_damage_gives_none():
    course = progress.reached(progress.Course(), 1, 7)
    course = progress.answered(course, Kept(0, 0, (2.0,), False))
    course = progress.answered(course, Kept(0, 0, (1.0,), True))
    course = progress.finished(progress.finished(course, 1), 0)
    kept = progress.CourseProgress().with_("bowl", course)
    again = progress.decode(progress.encode(kept))
    assert again == kept
    assert again.of("bowl").done == (0, 1)
    assert len(again.of("bowl").answers) == 1
    assert not again.of("bowl").finished
    for damaged in (b"", b"{", b"[]", b'{"lessons": 7}', b'{"version": 99}', b"[" * 5000):
        assert progress.decode(damaged) == progress.CourseProgress()
