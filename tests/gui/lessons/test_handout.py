"""What stands on the paper of a lesson: texts and blanks first, what is right only at the end."""

import pytest

from core.files import lessons
from core.lessons.questions import right_answer
from gui.lessons.handout import handout, parts_of
from gui.paper.blocks import Painted, Paragraph, Rich
from tests.gui.paper.reading import pages


def words(blocks):
    return [
        b.markdown if isinstance(b, Rich) else b.text
        for b in blocks
        if isinstance(b, Rich | Paragraph)
    ]


@pytest.mark.parametrize("name", ["one-neuron", "deep", "limits", "pictures"])
def test_solutions_come_after_all_questions(name, qtbot):
    package = lessons.find(name)
    tasks, solved = parts_of(package)
    first, last = "\n".join(words(tasks)), "\n".join(words(solved))
    for step in package.lesson.steps:
        assert step.title in first
        for asked in step.questions:
            assert asked.text in first
            assert right_answer(asked) in last
            if asked.kind in ("number", "shape"):
                assert f" {right_answer(asked)} " not in first.partition(asked.text)[2][:40]
        if step.explanation:
            begin = step.explanation.split("{{")[0][:40]
            assert begin in last
            assert len(begin) < 20 or begin not in first
    assert "{{" not in first + last
    assert sum(isinstance(block, Painted) for block in tasks) == len(package.scenes)


def test_the_pdf_of_a_lesson(qtbot):
    pdf = handout(lessons.find("line"))
    assert pdf.startswith(b"%PDF")
    assert len(pages(pdf)) >= 3
