"""The language of goals: what it answers, what it refuses, and that it runs nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import LayerwiseError
from core.lessons import vocabulary
from core.lessons.goal import YET, Counted, Goal, Unanswered, asks_for_record, parse, render, value
from core.lessons.vocabulary import NamedFacts, SettingFacts
from core.project import Project


class Grid:
    def at(self, i, k):
        if (i, k) != (1, 2):
            raise Unanswered
        return 0.25


def run(cost, start=(0.0, 0.0)):
    return NamedFacts({"cost": cost, "start": start, "iteration": 10, "accuracy": None})


FACTS = {
    "project": SettingFacts(Project()),
    "layers": Counted((NamedFacts({"units": 4}), NamedFacts({"units": 1}))),
    "cost": 0.5,
    "accuracy": None,
    "chip": "dW[1]",
    "visited": frozenset({"A[0]", "J"}),
    "runs": [run(0.134866), run(0.1349), run(0.2)],
    "record": NamedFacts({"Z": {1: Grid()}}),
    "doctor": frozenset({"twins"}),
    "w": lambda l, i, j: 1.0 if (l, i, j) == (1, 1, 2) else None,
    "halt": NamedFacts({"kind": None}),
}
TRUE = [
    "cost == 0.5",
    "0 < cost <= 0.5",
    "abs(w(1,1,2) - 1) < 0.1 and not cost > 1",
    "project.training.learning_rate == 1.2",
    'project.network.layers[0].activation == "tanh"',
    'project.network.layers[-1].activation == "sigmoid"',
    "layers[1].units == 4 and layers[-1].units == 1",
    'set(project.data.features) == {"x2", "x1"}',
    '"twins" in doctor and "dead" not in doctor',
    "len(runs) >= 3",
    "all(abs(r.cost - 0.134866) < 1e-4 for r in runs[:2])",
    "any(r.cost > 0.19 for r in runs)",
    "min(r.cost for r in runs if r.iteration > 5) < 0.14",
    "record.Z[1](1, 2) == 0.25",
    'chip == "dW[1]" or accuracy > 0.9',
    'starts(chip, "dW")',
    "-cost < 0 and (cost + 1) * 2 / 3 == 1 and 7 // 2 == 3 and 7 % 2 == 1",
    "max(1, 2) == 2",
    'visited == {"J", "A[0]"}',
]
FALSE_YET = [
    "accuracy > 0.9",
    "not accuracy > 0.9",
    'halt.kind == "diverged"',
    "w(9, 9, 9) == 1",
    "runs[7].cost > 0",
    "layers[0].units == 4",
    "record.Z[2](1, 1) == 0",
    "record.Z[1](1, 9) == 0",
    "1 / 0 == 1",
    "chip + 1 == 2",
    '"a" * 3 == "aaa"',
    "cost < chip",
]


@pytest.mark.parametrize("text", TRUE)
def test_it_answers(text):
    goal = parse(text)
    vocabulary.check(goal)
    assert goal.met(FACTS)


@pytest.mark.parametrize("text", FALSE_YET)
def test_a_goal_with_unknown_values_is_false(text):
    goal = parse(text)
    vocabulary.check(goal)
    assert not goal.met(FACTS)
    with pytest.raises(Unanswered):
        value(goal, FACTS)


REFUSED = [
    "x := 1", "lambda: 1", "[r for r in runs]", "{r: 1 for r in runs}", "f'{cost}'",
    "cost if 1 else 2",
    "await cost", "2 ** 2", "cost & 1", "cost is None", "runs.__class__", "min(runs, key=len)",
    "None",
    "b'a'", "1j", "...", "*runs", "all(a for a in runs for b in runs)", "all(a for a, b in runs)",
    "",
    "cost cost", "1; 2", "import os", "\0", "(" * 200, "a" * 700, "+".join(["1"] * 200),
]  # fmt: skip


@pytest.mark.parametrize("text", REFUSED)
def test_other_python_is_refused(text):
    with pytest.raises(LayerwiseError):
        parse(text)


UNKNOWN = [
    "weather", "eval('1')", "open('a')", "project.secret", "project.training.__init__", "runs.cost",
    "runs[0].colour", "cost.real", "chip.upper()", "lab.kitchen.z", "w(1)", "starts('a')", "abs()",
    "record.Q[1](1, 1)", "doctor[0](1)", "all(r.colour for r in runs)", "panel()",
    "sweep('a').best",
]  # fmt: skip


@pytest.mark.parametrize("text", UNKNOWN)
def test_names_that_nothing_answers_to_are_refused_on_reading(text):
    with pytest.raises(LayerwiseError):
        vocabulary.check(parse(text))


def test_a_goal_that_would_take_long_is_given_up():
    inner = "all(all(all(a.cost > 0 for a in runs) for b in runs) for c in runs)"
    many = FACTS | {"runs": [run(1.0)] * 200}
    assert not parse(inner).met(many)


def test_goals_that_need_the_record_are_known():
    assert asks_for_record(parse("record.Z[1](1,1) > 0"))
    assert not asks_for_record(parse('chip == "J"'))


def test_names_of_things_in_the_window_are_found_with_their_functions():
    goal = 'panel("surface") and done("train.sweep") and view("code") and sweep("rates").done'
    asked = vocabulary.asked_names(parse(goal))
    assert set(asked) == {
        ("panel", "surface"), ("done", "train.sweep"), ("view", "code"), ("sweep", "rates"),
    }  # fmt: skip


def test_live_numbers_are_written_as_they_are_now():
    text = "It is {{cost:.3f}}, {{ runs[-1].cost : .1% }} and {{accuracy:.2f}}; {{chip}}."
    assert render(text, FACTS) == f"It is 0.500, 20.0\N{NO-BREAK SPACE}% and {YET}; dW[1]."
    assert render("{{runs[0:1]}}", FACTS | {"runs": [1, 2]}) == "[1]"
    assert render("{{chip:.2f}}", FACTS) == YET


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    try:
        goal = parse(text)
        vocabulary.check(goal)
    except LayerwiseError:
        return
    assert isinstance(goal, Goal)
    assert goal.met(FACTS) in (True, False)
