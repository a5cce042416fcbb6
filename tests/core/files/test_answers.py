"""Handed-in answers: read as untrusted files, and collected into a table of a class."""

import csv
import io
import json

import pytest

import main
from core.errors import LayerwiseError
from core.files import answers
from core.lessons import handed, progress
from core.lessons.progress import Course, CourseProgress, Kept


def course():
    made = progress.reached(Course(), 1, 3, "Down the bowl")
    for kept in (
        Kept(1, 0, (2.0,), False, "Four corners", "How many valleys?", "Four"),
        Kept(2, 0, "=HYPERLINK(1)", None, "Looking back", "What first?", "=HYPERLINK(1)"),
        Kept(1, 1, (0.5,), True, "Four corners", "How wide?", "0.5"),
    ):
        made = progress.answered(made, kept)
    return progress.finished(made, 1)


def work(name="Ann  Lee"):
    all_ = CourseProgress().with_("bowl", course()).with_("draft", course()).with_("line", Course())
    return handed.handed(name, all_)


def test_answers_are_read_back(tmp_path):
    path = tmp_path / "ann.json"
    answers.write(path, work())
    found = answers.read(path)
    assert found == work()
    assert found.student == "Ann Lee"
    (bowl,) = found.lessons  # the draft and the lesson without answers are not handed in
    assert (bowl.title, bowl.done, bowl.steps, bowl.judged) == ("Down the bowl", 1, 3, (1, 2))
    assert [line.question for line in bowl.answers] == [
        "How many valleys?",
        "How wide?",
        "What first?",
    ]


def test_progress_of_an_earlier_version_can_be_handed_in():
    old = json.dumps(
        {"format": "layerwise-progress", "version": 1, "lessons": {"bowl": {
            "at": 1, "done": [0], "steps": 3,
            "answers": [{"step": 1, "question": 0, "answer": [2.0], "right": True}],
        }}}
    )  # fmt: skip
    (bowl,) = handed.handed("Ann", progress.decode(old.encode())).lessons
    (line,) = bowl.answers
    assert (bowl.title, line.question, line.answer) == ("bowl", "Question 1", "2")


def test_an_empty_hand_in_gets_a_message():
    with pytest.raises(LayerwiseError, match="play a lesson first"):
        handed.handed("Ann", CourseProgress())
    with pytest.raises(LayerwiseError, match="your name"):
        handed.handed("  ", CourseProgress().with_("bowl", course()))


WHOLE = json.loads(handed.encode(work()))


def changed(**keys):
    return json.dumps({**WHOLE, **keys}).encode()


def with_line(**keys):
    lesson = WHOLE["lessons"][0]
    line = {**lesson["answers"][0], **keys}
    return changed(lessons=[{**lesson, "answers": [line]}])


HOSTILE = {
    "empty": b"",
    "no JSON": b"PK\3\4",
    "a list": b"[]",
    "deep": b"[" * 100_000,
    "not UTF-8": b'{"student": "\xff"}',
    "a number that is too large": b'{"student": 1e999}',
    "another format": changed(format="layerwise"),
    "a newer version": changed(version=2),
    "no student": changed(student=" "),
    "a student that is a number": changed(student=1),
    "a key too much": changed(more=1),
    "no lessons": json.dumps({"student": "A"}).encode(),
    "many lessons": changed(lessons=WHOLE["lessons"] * 101),
    "a long name": changed(student="A" * 3000),
    "a long answer": with_line(answer="A" * 3000),
    "a step before the first": with_line(step=-1),
    "a step that is a text": with_line(step="1"),
    "a huge step": with_line(step=10**12),
    "right as a text": with_line(right="yes"),
    "impossible counts": changed(lessons=[{**WHOLE["lessons"][0], "done": -3}]),
    "too large": b" " * (handed.MOST_BYTES + 1),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_an_invalid_file_of_answers_gets_one_sentence(kind, tmp_path):
    path = tmp_path / "x.json"
    path.write_bytes(HOSTILE[kind])
    with pytest.raises(LayerwiseError) as raised:
        answers.read(path)
    said = str(raised.value)
    assert "x.json" in said
    assert said.endswith(".")
    assert "\n" not in said
    assert len(said) < 500


def a_class(folder):
    folder.mkdir()
    answers.write(folder / "ann.json", work("Ann"))
    answers.write(folder / "ben.json", work("Ben"))
    (folder / "notes.txt").write_text("no answers")
    return folder


def test_a_class_as_a_table(tmp_path, capsys):
    folder, report = a_class(tmp_path / "class"), tmp_path / "class.csv"
    assert main.main(["answers", str(folder), "--report", str(report)]) == 0
    said = capsys.readouterr().out
    assert "Ann, Down the bowl: 1 of 3 steps, 1 of 2 answers right" in said
    lines = list(csv.DictReader(io.StringIO(report.read_text("utf-8-sig"))))
    assert [line["student"] for line in lines] == ["Ann"] * 3 + ["Ben"] * 3
    assert lines[0]["question"] == "How many valleys?"
    assert (lines[0]["answer"], lines[0]["right"], lines[0]["step"]) == (
        "Four", "no", "2 Four corners",
    )  # fmt: skip
    assert {line["answer"] for line in lines} == {"Four", "0.5", "'=HYPERLINK(1)"}


def test_a_file_that_cannot_be_read_costs_only_itself(tmp_path, capsys):
    folder, report = a_class(tmp_path / "class"), tmp_path / "class.csv"
    (folder / "zoe.json").write_bytes(b"{")
    assert main.main(["answers", str(folder), "--report", str(report)]) == 1
    assert "zoe.json" in capsys.readouterr().err
    lines = list(csv.DictReader(io.StringIO(report.read_text("utf-8-sig"))))
    assert (lines[-1]["file"], lines[-1]["student"]) == ("zoe.json", "cannot be read")
    assert len(lines) == 7


def test_a_folder_without_answers(tmp_path, capsys):
    for folder in (tmp_path, tmp_path / "nothing"):
        assert main.main(["answers", str(folder)]) == 2
        assert capsys.readouterr().err.count("\n") == 1
