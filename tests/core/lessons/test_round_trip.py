"""Whatever lesson can be made is the same again after it was written and read."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from core.lessons.lesson import Command, Lesson, LessonStep, Question, Reply
from core.lessons.read import read
from core.lessons.script import LAB_ACTIONS, VERBS
from core.lessons.vocabulary import LABS
from core.lessons.write import write

LETTERS = st.characters(
    exclude_categories=("Cc", "Cs", "Co", "Cf", "Zl", "Zp", "Cn"), exclude_characters="<>[]{}#`~|"
)
WORDS = st.text(LETTERS, min_size=1, max_size=30).map(lambda t: " ".join(t.split())).filter(bool)
PLAIN = WORDS.filter(lambda t: t.isprintable() and t == t.strip())
FILES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9._-]{0,20}", fullmatch=True)
PARTS = st.lists(
    st.sampled_from(
        ["canvas", "canvas.edge[1][1,2]", "stepper.chip[dW[1]]", "runbar.play", "data.feature[x1]"]
    ),
    max_size=4,
).map(tuple)
KEYS = st.sampled_from(["Return", "Ctrl+Shift+Left", "Down,Down", "+", "M", "F5"])
NUMBERS = st.floats(-1e6, 1e6).map(lambda x: round(x, 6))


@st.composite
def commands(draw):
    verb = draw(st.sampled_from(sorted(VERBS)))
    if verb == "lab":
        action = draw(st.sampled_from(sorted(LAB_ACTIONS)))
        count = LAB_ACTIONS[action] - 2
        words = draw(st.lists(PLAIN, min_size=count, max_size=count))
        if action == "key":
            words[-1] = draw(KEYS)
        return Command(verb, (draw(st.sampled_from(sorted(LABS))), action, *words))
    least, most = VERBS[verb]
    words = draw(st.lists(PLAIN, min_size=least, max_size=min(most, 3)))
    if verb == "key":
        words[-1] = draw(KEYS)
    return Command(verb, tuple(words))


@st.composite
def questions(draw):
    kind = draw(st.sampled_from(["choice", "number", "shape", "order", "match", "text"]))
    options = tuple(draw(st.lists(PLAIN, min_size=2, max_size=4)))
    count = len(options)
    right: tuple[float, ...] = ()
    if kind == "choice":
        right = tuple(draw(st.sets(st.integers(1, count), min_size=1)))
    elif kind == "number":
        right = (draw(NUMBERS),)
    elif kind == "shape":
        right = draw(st.sampled_from([(), (4, 400)]))
    elif kind == "order":
        right = tuple(draw(st.permutations(range(1, count + 1))))
    elif kind == "match":
        right = tuple(draw(st.lists(st.integers(1, 2), min_size=count, max_size=count)))
    replies = draw(st.dictionaries(NUMBERS, PLAIN, max_size=2))
    return Question(
        kind,
        draw(PLAIN),
        tuple(map(float, right)),
        options if kind in ("choice", "order", "match") else (),
        ("p", "q") if kind == "match" else (),
        abs(draw(NUMBERS)),
        tuple(Reply(float(value), text) for value, text in replies.items()),
        draw(st.one_of(st.just(""), PLAIN)),
    )


@st.composite
def steps(draw):
    a, b = sorted(draw(st.lists(NUMBERS, min_size=2, max_size=2, unique=True)))
    maybe = lambda strategy: draw(st.one_of(st.none(), strategy))  # noqa: E731
    text = st.one_of(st.just(""), PLAIN.filter(lambda t: not t.startswith(("- -", "---"))))
    return LessonStep(
        draw(PLAIN),
        draw(text),
        draw(text),
        scene=draw(st.one_of(st.just(""), FILES)),
        iteration=maybe(st.integers(0, 10**6)),
        example=maybe(st.integers(1, 400)),
        unit=maybe(st.tuples(st.integers(0, 3), st.integers(1, 9))),
        bounds=maybe(st.just((a, b, a, b))),
        bug=draw(st.sampled_from(["", "doubled"])),
        hide=draw(st.sampled_from([(), ("shapes",)])),
        layout=draw(st.sampled_from(["", "train", "walk"])),
        show=draw(PARTS),
        point=draw(PARTS),
        allow=maybe(PARTS),
        goal=draw(st.sampled_from(["", 'chip == "J"', "len(runs) >= 2 and cost < 1e-3"])),
        hint=draw(st.one_of(st.just(""), PLAIN)),
        test=tuple(draw(st.lists(commands(), max_size=3))),
        pace=draw(st.sampled_from(["full", "slow"])),
        questions=tuple(draw(st.lists(questions(), max_size=3))),
    )


@given(PLAIN, PLAIN, st.integers(1, 999), st.lists(steps(), min_size=1, max_size=3))
@settings(max_examples=60)
def test_written_and_read_a_lesson_is_the_same(title, about, minutes, made):
    lesson = Lesson(title, about, minutes, tuple(made), ("S1",), ("one-neuron",))
    again = read(write(lesson), "a")
    assert replace(again, steps=tuple(replace(step, line=0) for step in again.steps)) == lesson
