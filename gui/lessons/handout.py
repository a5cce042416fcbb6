"""A lesson on paper: its texts, a picture of each scene, questions with blanks, then solutions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QWidget

from core.errors import LayerwiseError
from core.files import disk
from core.files.lessons import Package
from core.files.storage import Saved
from core.lessons import goal as goals
from core.lessons import questions
from core.lessons.goal import YET
from core.lessons.lesson import LessonStep, Question
from core.lessons.seen import SeenRun, seen
from core.training.results import classes_of
from gui.canvas.scene import NetworkScene
from gui.files.open_save import ask_save
from gui.paper.blocks import Block, Caption, Heading, Lines, Painted, Paragraph, Rich
from gui.paper.sheet import pages
from gui.plots.dots import shape
from gui.plots.prediction import prediction_image
from gui.style.text import tr
from gui.style.theme import BODY, TITLE, class_colours, px, theme

KINDS = "Document (*.pdf)"
HIGH = 190  # px of a scene's picture
DOT = 6.0  # px of an example
MOST_DOTS = 600
BLANK = "______"
_PICTURE = re.compile(r"!\[([^\]\[]*)\]\([^)]*\)")


def save_handout(parent: QWidget, package: Package, suggested: str) -> str:
    """Ask for a file, and write a lesson as a PDF; returns a sentence on it, empty if cancelled.

    Raises LayerwiseError; an existing file is then untouched.
    """
    path: Path | None = ask_save(parent, tr("Export the hand-out"), KINDS, suggested)
    if path is None:
        return ""
    disk.replace(path, handout(package))
    return f"Wrote the hand-out to {disk.shown(path.name)}; its solutions are at the end."


def handout(package: Package) -> bytes:
    """The PDF of a lesson."""
    return pages(parts_of(package), package.lesson.title)


def parts_of(package: Package) -> tuple[list[Block], list[Block]]:
    """The tasks, with blanks; and the solutions, which begin on a new page."""
    lesson = package.lesson
    tasks: list[Block] = [Heading(lesson.title, TITLE + 6), Paragraph(lesson.about, tone="muted")]
    solved: list[Block] = [Heading("Solutions", TITLE + 4)]
    for number, step in enumerate(lesson.steps, start=1):
        heading = Heading(f"{number}  {step.title}", TITLE)
        tasks += [heading, *_task(step, package.scenes.get(number - 1))]
        if solution := list(_solution(step)):
            solved += [Heading(f"{number}  {step.title}", BODY), *solution]
    return tasks, solved


def _task(step: LessonStep, scene: Saved | None) -> Iterator[Block]:
    if step.text:
        yield Rich(_on_paper(step.text))
    if scene is not None:
        yield from _scene(scene)
    if step.hint:
        yield Paragraph(step.hint)
    for question in step.questions:
        yield Paragraph(question.text, bold=True, stays=True)
        yield from _blanks(question)
    if step.goal and not step.questions:
        yield Caption(tr("What did you see?"))
        yield Lines(2)


def _blanks(question: Question) -> Iterator[Block]:
    if question.kind in ("choice", "order"):
        mark = "☐" if question.kind == "choice" else "___"
        for option in question.options:
            yield Paragraph(f"{mark}  {option}", stays=option is not question.options[-1])
    elif question.kind == "match":
        letters = [chr(ord("A") + i) for i in range(len(question.partners))]
        for option in question.options:
            yield Paragraph(f"___  {option}", stays=True)
        for letter, partner in zip(letters, question.partners, strict=True):
            yield Paragraph(f"{letter}  {partner}", tone="muted")
    elif question.kind == "shape":
        yield Paragraph(f"( {BLANK} , {BLANK} )    ☐  impossible")
    else:
        yield Lines(1 if question.kind == "number" else 3)


def _solution(step: LessonStep) -> Iterator[Block]:
    for question in step.questions:
        right = questions.right_answer(question)
        said = question.said if question.kind == "text" or question.said != right else ""
        answer = ". ".join(part.rstrip(".") for part in (right, said) if part)
        yield Paragraph(f"{question.text}  {answer}." if answer else question.text)
    if step.explanation:
        yield Rich(_on_paper(step.explanation))


def _on_paper(text: str) -> str:
    """A text without its live numbers and pictures: there is no window to read them from."""
    plain = _PICTURE.sub(r"\1", text)
    parts = goals.live_parts(plain)
    return "".join(part if isinstance(part, str) else BLANK for part in parts).replace(YET, BLANK)


# --- the picture of a scene -----------------------------------------------------------------------


def _scene(scene: Saved) -> Iterator[Block]:
    try:
        shown = seen(scene.project, scene.own, scene.start)
    except LayerwiseError as error:
        yield Caption(tr("This scene cannot be drawn: {error}").format(error=error))
        return
    yield Painted(px(HIGH), lambda painter, width: _paint(painter, width, scene, shown), stays=True)
    split, sizes = shown.split, " – ".join(map(str, scene.project.sizes()))
    plane = "" if split.points is None else "; at the right, what it answers before you begin"
    yield Caption(
        tr(
            "{examples} examples, a network of {sizes} units, a first cost of {cost:.4f}{plane}."
        ).format(examples=split.train.X.shape[1], sizes=sizes, cost=shown.cost, plane=plane)
    )


def _paint(painter: QPainter, width: float, scene: Saved, shown: SeenRun) -> None:
    high = px(HIGH)
    with_plane = shown.split.points is not None
    room = QRectF(0, 0, width - (high + px(16) if with_plane else 0), high)
    network = NetworkScene(scene.project)
    network.fit(round(room.width() * 1.6), round(room.height() * 1.6))
    with network.without_controls():
        network.render(painter, room, network.itemsBoundingRect())
    network.deleteLater()
    if with_plane:
        _paint_plane(painter, QRectF(width - high, 0, high, high), shown)


def _paint_plane(painter: QPainter, box: QRectF, shown: SeenRun) -> None:
    split, plane, palette = shown.split, shown.field.plane, theme().palette
    painter.drawImage(box, prediction_image(shown.field.values, split, palette))
    painter.setPen(QPen(palette.border, 1.0))
    painter.drawRect(box)
    points = split.points
    if points is None:
        return
    classes = np.zeros(points.shape[1], np.intp)
    if split.kind != "regression":
        classes = classes_of(split.train.Y, split.kind)
    colours = class_colours(max(2, int(classes.max()) + 1))
    (low1, high1), (low2, high2) = plane.x1, plane.x2
    painter.setPen(QPen(palette.surface, 0.7))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for k in range(min(points.shape[1], MOST_DOTS)):
        right = (float(points[0, k]) - low1) / (high1 - low1)
        up = (float(points[1, k]) - low2) / (high2 - low2)
        at = QPointF(box.left() + right * box.width(), box.bottom() - up * box.height())
        if box.contains(at):
            painter.setBrush(colours[classes[k]])
            painter.drawPath(shape(int(classes[k]), DOT).translated(at))
    painter.setBrush(Qt.BrushStyle.NoBrush)
