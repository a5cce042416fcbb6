"""Lessons as text: what is read of them, and what is refused with its line."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from core.lessons.block import MOST_BLOCK
from core.lessons.faults import LessonError
from core.lessons.goal import render
from core.lessons.read import LONGEST_LINE, MOST_BYTES, MOST_LINES, MOST_STEPS, pictures, read
from core.lessons.write import write
from tests.core.lessons.samples import FRONT, LESSON, STEP, with_block, with_text

ASK = '[[ask]]\nkind = "{}"\ntext = "How many?"\n'
HOSTILE: dict[str, tuple[str | bytes, int, str]] = {
    "nothing": ("", 1, "begins with"),
    "no front matter": ("## A step\n", 1, "begins with"),
    "an endless front matter": ("---\ntitle: A\n", 3, "title, about"),
    "a front matter that does not end": ("---\ntitle: A", 2, "missing"),
    "no title": (FRONT.replace("title: Down the bowl\n", ""), 6, "`title:` is missing"),
    "no minutes": (FRONT.replace("minutes: 7\n", ""), 6, "`minutes:` is missing"),
    "minutes in words": (FRONT.replace("7", "seven"), 4, "whole number"),
    "minutes below zero": (FRONT.replace("7", "-7"), 4, "whole number"),
    "minutes in other digits": (FRONT.replace("7", "٧"), 4, "whole number"),
    "an unknown key": (FRONT.replace("about", "author"), 3, "is not title"),
    "a key twice": (FRONT.replace("about:", "title:"), 3, "twice"),
    "yaml that makes objects": (
        FRONT.replace("[S18, S19]", "!!python/object/apply:os.system [ls]"), 5, "in brackets",
    ),
    "an anchor of yaml": (FRONT.replace("about: ", "about: &a "), 8, "needs a step"),
    "a path as a lesson before": (FRONT.replace("one-neuron", "../../etc"), 6, "not a name"),
    "a title as long as a book": (FRONT.replace("Down", "Down" * 99), 2, "too long"),
    "no step": (FRONT, 8, "needs a step"),
    "text before the first step": (FRONT + "Hello.\n## A step\n", 8, "before the first step"),
    "too many steps": (FRONT + "## A\n" * (MOST_STEPS + 1), 8 + MOST_STEPS, "at most"),
    "a step without a name": (FRONT + "## \n", 8, "empty"),
    "a block that does not end": (FRONT + "## A\n```step\ngoal = ''\n", 9, "does not end"),
    "two blocks": (with_block("") + "```step\n```\n", 13, "another"),
    "a block of Python": (with_text("```python\nimport os\n```"), 9, "only block"),
    "HTML": (with_text("<script>alert(1)</script>"), 9, "no HTML"),
    "a picture in HTML": (with_text('Look: <img src="http://a.b/c.png">'), 9, "no HTML"),
    "HTML in a heading": (FRONT + "## <b>A</b>\n", 8, "no HTML"),
    "a link": (with_text("See [here](http://example.org)."), 9, "no links"),
    "a link to a file": (with_text("[a](file:///etc/passwd)"), 9, "no links"),
    "a link by reference": (with_text("[a]: http://example.org"), 9, "no links"),
    "a link in angles": (with_text("<http://example.org>"), 9, "no HTML"),
    "a picture from outside": (with_text("![a](http://example.org/a.png)"), 9, "no links"),
    "a picture above": (with_text("![a](../a.png)"), 9, "no links"),
    "a picture that is a program": (with_text("![a](a.svg)"), 9, "no links"),
    "a title among the steps": (with_text("# Another"), 9, "first part"),
    "bytes that are no text": (LESSON.encode().replace(b"valley", b"\xff\xfe\x00", 1), 3, "UTF-8"),
    "a NUL": (with_text("a\0b"), 9, "no screen"),
    "an escape sequence": (with_text("\x1b[31mred"), 9, "no screen"),
    "text that turns around": (with_text("\u202etxet"), 9, "no screen"),
    "a private character": (with_text("\ue000"), 9, "no screen"),
    "too many lines": (LESSON + "\n" * MOST_LINES, MOST_LINES, "lines"),
    "too many bytes": (LESSON + "a" * MOST_BYTES, 1, "limit"),
    "toml that is none": (with_block("goal ="), 11, "cannot be read"),
    "toml nested without end": (with_block("a = " + "[" * 3000), 10, "cannot be read"),
    "a key of toml twice": (with_block('goal = ""\ngoal = ""'), 12, "cannot be read"),
    "a block as long as a book": (with_block(("#" * 999 + "\n") * MOST_BLOCK), 1, "limit"),
    "a block as long as a chapter": (
        with_block(("#" * 999 + "\n") * (MOST_BLOCK // 999 + 1)), 10, "characters",
    ),
    "an unknown key of a step": (with_block('run = "rm -rf /"'), 11, "unknown field"),
    "a number for a text": (with_block("goal = 7"), 11, "str"),
    "a text for a number": (with_block('example = "7"'), 11, "int"),
    "a scene elsewhere": (with_block('scene = "../../etc/passwd"'), 11, "without path"),
    "a scene of the root": (with_block('scene = "/etc/passwd"'), 11, "without path"),
    "a scene on a share": (with_block('scene = "\\\\\\\\host\\\\share"'), 11, "without path"),
    "weights elsewhere": (with_block('weights = "a/../b.npz"'), 11, "without path"),
    "an example before the first": (with_block("example = 0"), 11, "from 1"),
    "an iteration beyond all": (with_block("iteration = 99999999999"), 11, "whole number"),
    "bounds turned around": (with_block("bounds = [1, 0, 0, 1]"), 11, "in this order"),
    "bounds that are no numbers": (with_block("bounds = [nan, 1, 0, 1]"), 11, "four numbers"),
    "bounds without end": (with_block("bounds = [-inf, inf, 0, 1]"), 11, "four numbers"),
    "an unknown layout": (with_block('layout = "desk"'), 11, "one of"),
    "an unknown pace": (with_block('pace = "lightning"'), 11, "full or slow"),
    "a part that is no key": (with_block('point = "the canvas"'), 11, "key of a part"),
    "a part that asks for more": (with_block('allow = ["canvas; rm"]'), 11, "key of a part"),
    "a thousand parts": (with_block(f"allow = {['canvas'] * 1000}"), 11, "at most"),
    "an unknown verb": (with_block('test = ["shell ls"]'), 11, "no verb"),
    "a lab that is none": (with_block('test = ["lab oven click on"]'), 11, "no lab"),
    "a lab without an action": (with_block('test = ["lab neuron bake a"]'), 11, "no action"),
    "a lab with too many words": (with_block('test = ["lab neuron click a b"]'), 11, "words"),
    "a verb with too many words": (with_block('test = ["play 1 2"]'), 11, "words"),
    "an empty line of test": (with_block('test = [""]'), 11, "cannot be read"),
    "an open quote in test": (with_block("test = ['click \"a']"), 11, "cannot be read"),
    "an unknown kind of question": (with_block(ASK.format("essay")), 11, "essay"),
    "a choice of nothing": (with_block(ASK.format("choice") + "right = [1]"), 11, "options"),
    "a right answer that is not there": (
        with_block(ASK.format("choice") + 'options = ["a", "b"]\nright = [3]'), 11, "does not fit",
    ),
    "a number that is none": (with_block(ASK.format("number") + "right = nan"), 11, "no number"),
    "a reply to nothing": (
        with_block(ASK.format("number") + "right = 1\nreplies = { a = 'b' }"), 11, "a number",
    ),
    "a shape of halves": (with_block(ASK.format("shape") + "right = [0.5, 1]"), 11, "not fit"),
    "a match without partners": (
        with_block(ASK.format("match") + 'options = ["a", "b"]\nright = [1, 2]'), 11, "partners",
    ),
    "a question without a text": (with_block('[[ask]]\ntext = " "\n'), 11, "needs a `text`"),
    "a goal that imports": (with_block("goal = \"__import__('os')\""), 11, "no function"),
    "a goal that calls a method": (with_block('goal = "chip.upper()"'), 11, "asked for a number"),
    "a goal that looks inside": (with_block('goal = "runs.__class__"'), 11, "to ask for"),
    "a goal with a lambda": (with_block('goal = "(lambda: 1)()"'), 11, "no lambda"),
    "a goal that takes for ever": (with_block('goal = "9**9**9**9"'), 11, "no pow"),
    "a goal without end": (with_block(f'goal = "{"(" * 300}"'), 11, "not an expression"),
    "a goal on nothing": (with_block('goal = "weather == 1"'), 11, "know no"),
    "a goal on no setting": (with_block('goal = "project.training.speed > 1"'), 11, "nothing"),
    "a live number that opens a file": (with_text("{{open('a')}}"), 9, "no function"),
    "a live number that is none": (with_text("{{1 +}}"), 9, "not an expression"),
    "an idea that the course has not": (FRONT.replace("S19", "S65"), 5, "S1 to S64"),
    "a line without end": (with_text("[" * (LONGEST_LINE + 1)), 9, "characters"),
    "a thousand live numbers": (with_text("{{cost}}" * 400), 9, "at most"),
    "a link behind a lonely `": (with_text("a ` b\n` [a](http://b.c) `"), 9, "no partner"),
    "a link behind a ` and three": (with_text("` [a](http://b.c) ```"), 9, "no partner"),
    "a link behind an escaped `": (with_text("\\` [a](http://b.c) `"), 9, "no partner"),
    "a link that runs a script": (with_text("[a](javascript:alert(1))"), 9, "no links"),
    "a picture in its own address": (with_text("![a](data:image/png;base64,AA)"), 9, "no links"),
    "a picture with another's title": (with_text('![a](a.png "http://b.c")'), 9, "no links"),
    "text turned around by toml": (with_block('hint = "\\u202etxet"'), 11, "no screen"),
    "a NUL by toml": (with_block('[[ask]]\ntext = "a\\u0000"'), 11, "no screen"),
    "a number of thousands of digits": (with_block("example = " + "9" * 3900), 11, "whole number"),
    "an answer beyond all numbers": (
        with_block(ASK.format("number") + f"right = {'9' * 400}"), 11, "out of range",
    ),
    "a date for a number": (with_block("example = 1979-05-27"), 11, "date"),
    "tables in tables": (with_block("a = " + "{a=" * 900 + "1" + "}" * 900), 10, "nested"),
    "a unit before the first": (with_block("unit = [1, 0]"), 11, "as [1, 2]"),
    "a key that no keyboard has": (with_block("test = ['key canvas é']"), 11, "is no key"),
    "a test that saves a file": (with_block("test = ['click file.save']"), 11, "does not open"),
    "a test that opens a lesson": (with_block("test = ['click learn.open']"), 11, "not leave"),
    "a key of a lab that is none": (with_block("test = ['lab race key size Ω']"), 11, "no key"),
    "a live number over two lines": (with_text("{{cost\n}} [a](b)"), 10, "no links"),
    "a goal that formats": (with_block('goal = "f\'{cost}\' == 1"'), 11, "no joined str"),
    "a live number that counts on": (with_text("{{(x for x in runs for y in runs)}}"), 9, "one"),
    "a live number that looks inside": (with_text("{{cost.__class__}}"), 9, "to ask for"),
    "a format in a format": (with_text("{{cost:{cost}}}"), 9, "not an expression"),
    "a live number with a format that is none": (with_text("{{cost:9999999999d}}"), 9, "express"),
}  # fmt: skip


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_lessons_are_refused_in_a_sentence_with_the_line(kind):
    text, line, words = HOSTILE[kind]
    content = text.encode() if isinstance(text, str) else text
    with pytest.raises(LessonError) as found:
        read(content, "bowl.lesson")
    sentence = str(found.value)
    assert sentence.startswith("bowl.lesson, line ")
    assert words in sentence
    assert found.value.line == line
    assert "\n" not in sentence
    assert len(sentence) < 400
    assert sentence.isprintable()


def test_there_are_kinds_enough():
    assert len(HOSTILE) >= 40


def test_a_live_number_over_two_lines_is_plain_text():
    step = read(with_text("{{1 +\n}} and {{cost}}").encode(), "a").steps[0]
    assert render(step.text, {"cost": 2}) == "{{1 +\n}} and 2"


@pytest.mark.parametrize("keys", ["Ctrl+Shift+Left", "Down,Down,Down,Down", "+", "-", "M", "F5"])
def test_keys_of_a_keyboard_are_read(keys):
    (line,) = read(with_block(f'test = ["key canvas {keys}"]').encode(), "a").steps[0].test
    assert line.words == ("canvas", keys)


def test_the_example_of_the_format_is_read():
    lesson = read(LESSON.encode(), "bowl")
    step = lesson.steps[0]
    assert (lesson.title, lesson.minutes) == ("Down the bowl", 7)
    assert (lesson.concepts, lesson.after) == (("S18", "S19"), ("one-neuron",))
    assert step.title == "Four corners"
    assert step.point == ("surface",)
    assert step.allow == ("surface", "runbar.play", "runbar.reset")
    assert [command.verb for command in step.test] == ["answer", "drag", "play", "drag", "play"]
    assert step.questions[0].options == ("One", "Four", "It depends on α")
    assert step.explanation.startswith("Both starts reached {{")
    assert step.line == 8


def test_without_a_block_a_step_shows_its_text_alone():
    step = read(with_text("Only **this**, and a ![map](map.png).").encode(), "a").steps[0]
    assert step.text.startswith("Only **this**")
    assert step.allow is None
    assert not step.goal
    assert pictures(read(with_text("![map](map.png)").encode(), "a")) == {"map.png"}


def test_windows_line_ends_and_a_byte_order_mark_are_read():
    assert read(b"\xef\xbb\xbf" + LESSON.replace("\n", "\r\n").encode(), "a") == read(
        LESSON.encode(), "a"
    )


def test_a_lesson_is_written_as_it_is_read():
    lesson = read((FRONT + STEP + STEP.replace("Four", "Five")).encode(), "a")
    again = read(write(lesson), "a")
    assert [step.questions for step in again.steps] == [step.questions for step in lesson.steps]
    assert write(again) == write(lesson)


def sentence_of(content):
    """What is said of a lesson; empty for one that is read."""
    try:
        read(content, "a")
    except LessonError as error:
        return str(error)
    return ""


@given(st.binary(max_size=400))
@example(LESSON.encode())
def test_any_bytes_are_read_or_refused(content):
    assert sentence_of(content).isprintable()


@given(st.data())
def test_a_damaged_lesson_is_read_or_refused(data):
    content = bytearray(LESSON.encode())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content) - 1))
        if data.draw(st.booleans()):
            content[at] = data.draw(st.integers(0, 255))
        else:
            del content[at : at + data.draw(st.integers(1, 40))]
    assert sentence_of(bytes(content)).isprintable()
