"""Saves a student's answers to hand in, and a class's answers as one table."""

from __future__ import annotations

from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QInputDialog, QWidget

from core.files import answers, disk
from core.lessons.handed import handed
from core.lessons.progress import Progress
from gui.files.open_save import TABLES, ask_folder, ask_save

NAME = "lessons/student"
KINDS = f"Answers (*{answers.SUFFIX})"


def save_answers(parent: QWidget, progress: Progress) -> str:
    """Ask for a name and a file, and save; returns a sentence on it, empty if the user cancels.

    Raises LayerwiseError.
    """
    handed("-", progress)  # no question about the name if there is nothing to save
    known = QSettings().value(NAME)
    name, given = QInputDialog.getText(
        parent, "Save my answers", "Your name, as your teacher knows it:",
        text=known if isinstance(known, str) else "",
    )  # fmt: skip
    if not given:
        return ""
    work = handed(name, progress)
    QSettings().setValue(NAME, work.student)
    plain = "-".join("".join(c if c.isalnum() else " " for c in work.student).split())
    path = ask_save(parent, "Save my answers", KINDS, f"{plain or 'answers'}{answers.SUFFIX}")
    if path is None:
        return ""
    answers.write(path, work)
    count = sum(len(each.answers) for each in work.lessons)
    said = "1 answer" if count == 1 else f"{count} answers"
    return f"Saved {said} to {disk.shown(path.name)}. Hand in this file."


def save_class(parent: QWidget) -> str:
    """Ask for the folder of a class and for a table, and write it. Raises LayerwiseError."""
    folder = ask_folder(parent, "The folder with the answers of a class")
    if folder is None:
        return ""
    found = answers.read_class(folder)
    path = ask_save(parent, "Save the answers of the class", TABLES, "class.csv")
    if path is None:
        return ""
    disk.replace(path, found.table())
    count = len(found.works)
    said = f"Wrote the answers of {'1 student' if count == 1 else f'{count} students'} to"
    unread = next(iter(found.unread.values()), "")
    more = f" {len(found.unread)} could not be read, the first: {unread}" if unread else ""
    return f"{said} {disk.shown(path.name)}.{more}"
