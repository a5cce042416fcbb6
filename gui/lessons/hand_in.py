"""Saves a student's answers to hand in, and a class's answers as one table."""

from __future__ import annotations

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QInputDialog, QWidget

from core.files import answers, disk
from core.lessons.handed import handed
from core.lessons.progress import CourseProgress
from gui.files.open_save import TABLES, ask_folder, ask_save
from gui.style.text import counted, tr

NAME = "lessons/student"
KINDS = f"Answers (*{answers.SUFFIX})"


def save_answers(parent: QWidget, progress: CourseProgress) -> str:
    """Ask for a name and a file, and save; returns a sentence on it, empty if the user cancels.

    Raises LayerwiseError.
    """
    handed("-", progress)  # no question about the name if there is nothing to save
    known = QSettings().value(NAME)
    name, given = QInputDialog.getText(
        parent, tr("Save my answers"), tr("Your name, as your teacher knows it:"),
        text=known if isinstance(known, str) else "",
    )  # fmt: skip
    if not given:
        return ""
    work = handed(name, progress)
    QSettings().setValue(NAME, work.student)
    plain = "-".join("".join(c if c.isalnum() else " " for c in work.student).split())
    path = ask_save(parent, tr("Save my answers"), KINDS, f"{plain or 'answers'}{answers.SUFFIX}")
    if path is None:
        return ""
    answers.write(path, work)
    count = sum(len(each.answers) for each in work.lessons)
    said = tr("Saved {answers} to {name}. Hand in this file.")
    return said.format(answers=counted(count, "answer"), name=disk.shown(path.name))


def save_class(parent: QWidget) -> str:
    """Ask for the folder of a class and for a table, and write it. Raises LayerwiseError."""
    folder = ask_folder(parent, tr("The folder with the answers of a class"))
    if folder is None:
        return ""
    found = answers.read_class(folder)
    path = ask_save(parent, tr("Save the answers of the class"), TABLES, "class.csv")
    if path is None:
        return ""
    disk.replace(path, found.table())
    said = tr("Wrote the answers of {students} to {name}.")
    if found.unread:
        said = tr(
            "Wrote the answers of {students} to {name}."
            " {count} could not be read, the first: {first}"
        )
    return said.format(
        students=counted(len(found.works), "student"),
        name=disk.shown(path.name),
        count=len(found.unread),
        first=next(iter(found.unread.values()), ""),
    )
