"""Questions asked before work or a file would be lost."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QMessageBox, QWidget

from gui.style.text import tr

Buttons = QMessageBox.StandardButton


def ask_to_save(parent: QWidget, name: str) -> Literal["save", "discard", "cancel"]:
    """Ask what to do with unsaved changes."""
    box = _question(
        parent,
        tr("Save the changes to {name}?").format(name=name),
        tr("Unsaved changes will be lost."),
    )
    box.setStandardButtons(Buttons.Save | Buttons.Discard | Buttons.Cancel)
    box.button(Buttons.Discard).setText(tr("Don’t save"))
    box.setDefaultButton(Buttons.Save)
    answer = _asked(box)
    if answer is box.button(Buttons.Save):
        return "save"
    return "discard" if answer is box.button(Buttons.Discard) else "cancel"


def ask_overwrite(parent: QWidget, name: str) -> Literal["overwrite", "elsewhere", "cancel"]:
    """Ask what to do with a file that another program has changed since it was opened or saved."""
    box = _question(
        parent,
        tr("{name} was changed by another program since you opened or saved it.").format(name=name),
        tr("Overwriting replaces those changes."),
    )
    overwrite = box.addButton(tr("Overwrite"), QMessageBox.ButtonRole.DestructiveRole)
    elsewhere = box.addButton(tr("Save as…"), QMessageBox.ButtonRole.AcceptRole)
    box.addButton(Buttons.Cancel)
    box.setDefaultButton(elsewhere)
    answer = _asked(box)
    if answer is overwrite:
        return "overwrite"
    return "elsewhere" if answer is elsewhere else "cancel"


def ask_elsewhere(parent: QWidget, sentence: str) -> bool:
    """Say why saving failed, and ask whether to save under another name."""
    box = _question(
        parent, sentence, tr("Nothing is lost: your work is still open in this window.")
    )
    box.setIcon(QMessageBox.Icon.Warning)
    elsewhere = box.addButton(tr("Save as…"), QMessageBox.ButtonRole.AcceptRole)
    box.addButton(Buttons.Cancel)
    box.setDefaultButton(elsewhere)
    return _asked(box) is elsewhere


def ask_replace(parent: QWidget, name: str) -> bool:
    """Ask whether an existing file may be replaced."""
    box = _question(
        parent,
        tr("{name} already exists.").format(name=name),
        tr("Replacing it deletes its contents."),
    )
    replace = box.addButton(tr("Replace"), QMessageBox.ButtonRole.DestructiveRole)
    box.setDefaultButton(box.addButton(Buttons.Cancel))
    return _asked(box) is replace


def ask_transpose(parent: QWidget, sentence: str) -> bool:
    """Ask whether to transpose weights that only fit transposed."""
    box = _question(parent, sentence, tr("All arrays fit once they are transposed."))
    transpose = box.addButton(tr("Transpose and import"), QMessageBox.ButtonRole.AcceptRole)
    box.addButton(Buttons.Cancel)
    box.setDefaultButton(transpose)
    return _asked(box) is transpose


def ask_clear(parent: QWidget, count: int) -> bool:
    """Ask whether to delete all ended runs."""
    what = "the run" if count == 1 else f"all {count:,} runs"
    box = _question(
        parent,
        tr("Clear {what}?").format(what=what),
        (tr("Runs in a saved file stay there until you save again.")),
    )
    clear = box.addButton(tr("Clear"), QMessageBox.ButtonRole.DestructiveRole)
    box.setDefaultButton(box.addButton(Buttons.Cancel))
    return _asked(box) is clear


def _question(parent: QWidget, text: str, more: str) -> QMessageBox:
    box = QMessageBox(parent)
    box.setIcon(QMessageBox.Icon.Question)
    box.setTextFormat(Qt.TextFormat.PlainText)  # a file's name is never read as markup
    box.setText(text)
    box.setInformativeText(more)
    return box


def _asked(box: QMessageBox) -> QAbstractButton | None:
    """Wait for the answer; the box is deleted by the next event loop."""
    box.exec()
    box.deleteLater()
    return box.clickedButton()
