"""What docs/ say about lessons: every idea has its place, every name in a table is told."""

import re
from pathlib import Path

import pytest

from core.files import lessons
from core.lessons import vocabulary
from core.lessons.block import Keys
from core.lessons.goal import BUILT_IN
from core.lessons.questions import Asked
from core.lessons.read import CONCEPTS
from core.lessons.script import LAB_ACTIONS, VERBS
from gui.docks import LABS, PANELS

DOCS = Path(__file__).parents[2] / "docs"
ROW = re.compile(r"\| (S\d+) \| [^|]+ \| ([^|]+) \| ([^|]+) \|")
STEPS = re.compile(r"`([a-z-]+)` (\d+(?:, \d+)*)")


def rows():
    """Each idea: its lesson steps, and its panels and labs."""
    text = (DOCS / "concepts.md").read_text("utf-8")
    return {
        idea: (
            {name: [int(n) for n in steps.split(",")] for name, steps in STEPS.findall(where)},
            re.findall(r"`([^`]+)`", panels),
        )
        for idea, where, panels in ROW.findall(text)
    }


def heads():
    return {name: lessons.read_text(path) for name, path in lessons.bundled().items()}


def test_every_idea_of_the_course_has_a_lesson():
    found = rows()
    assert set(found) == CONCEPTS
    assert all(steps for steps, _ in found.values())
    assert {idea for lesson in heads().values() for idea in lesson.concepts} == CONCEPTS


def test_everything_in_the_table_of_ideas_exists():
    known, keys = heads(), {panel.name for panel in (*PANELS, *LABS)}
    for idea, (steps, panels) in rows().items():
        assert set(panels) <= keys, idea
        for name, numbers in steps.items():
            assert max(numbers) <= len(known[name].steps), idea
            assert numbers == sorted(set(numbers)), idea


def test_a_lesson_and_the_table_say_the_same_ideas():
    """A lesson's own ideas are in the table; the table may name a lesson that touches another."""
    for name, lesson in heads().items():
        told = {idea for idea, (steps, _) in rows().items() if name in steps}
        assert set(lesson.concepts) <= told, name


def test_every_lab_is_named_in_the_table():
    named = {key for _, panels in rows().values() for key in panels}
    assert {panel.name for panel in LABS} <= named


SAID = (DOCS / "lessons.md").read_text("utf-8")
WORDS = set(re.findall(r"[a-z_]\w*", SAID))
NAMES = {
    "keys of a step": set(Keys.__struct_fields__) - {"ask"},
    "keys of a question": set(Asked.__struct_fields__),
    "verbs": set(VERBS),
    "actions of a lab": set(LAB_ACTIONS),
    "facts": set(vocabulary.SAMPLES),
    "functions": {*vocabulary.FUNCTIONS, *BUILT_IN},
    "labs": set(vocabulary.LABS),
}


@pytest.mark.parametrize("kind", NAMES)
def test_every_name_is_described(kind):
    assert not NAMES[kind] - WORDS


@pytest.mark.parametrize("lab", vocabulary.LABS)
def test_every_fact_of_a_lab_is_described(lab):
    (told,) = re.findall(rf"\| `{lab}` \|(.*)\|", SAID)
    assert set(vocabulary.LABS[lab]) == set(re.findall(r"`(\w+)`", told))


def test_every_verb_is_described_with_its_words():
    told = SAID.partition("**Test lines**")[2].partition("| line | does |")[2]
    cells = [line.split("|")[1] for line in told.splitlines() if line.startswith("| `")]
    lines = [words.split() for cell in cells for words in re.findall(r"`([^`]+)`", cell)]
    assert {verb for verb, *_ in lines} == set(VERBS)
    for verb, *words in lines:
        least, most = VERBS[verb]
        assert least <= len(words) <= most, verb
    assert {action for verb, _, action, *_ in (w for w in lines if w[0] == "lab")} == set(
        LAB_ACTIONS
    )
