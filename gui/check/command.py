"""The command Check my NumPy: asks for homework, or takes dropped files, and shows the check."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from core.files.homework import SUFFIXES
from core.training.data_source import split_of
from gui.files.open_save import ask_open
from gui.model.document import Document
from gui.model.training import Training

if TYPE_CHECKING:
    from gui.check.window import CheckWindow, SubjectSource

KINDS = "Homework (*.py *.ipynb);;All files (*)"


class Checks(QObject):
    """Opens the window of a check, one at a time; it does not follow edits: Check again uses the
    current project.
    """

    def __init__(self, document: Document, training: Training, window: QWidget) -> None:
        super().__init__(window)
        self._document, self._training, self._window = document, training, window
        self.shown: CheckWindow | None = None

    @staticmethod
    def takes(path: Path) -> bool:
        """Whether a dropped file is homework."""
        return path.suffix.lower() in SUFFIXES

    def ask(self) -> None:
        """Ask for a file and check it."""
        path = ask_open(self._window, self.tr("Check my NumPy"), KINDS)
        if path is not None:
            self.check(path)

    def check(self, path: Path) -> None:
        """Check a file on the network and the examples in the window."""
        if self.shown is None:
            from gui.check.window import CheckWindow  # late: most windows check nothing

            self.shown = CheckWindow(self._question, self._window)
            self.shown.another_wanted.connect(self.ask)
            self.shown.finished.connect(self._forget)
        self.shown.check(path)
        self.shown.show()
        self.shown.raise_()

    def _question(self) -> SubjectSource:
        """The window's current project; the data are split in the thread that checks."""
        from core.check.run import subject_of  # late, as above

        project, own = self._document.project, self._training.own
        return lambda: subject_of(project, split_of(project, own), chosen=True)

    def _forget(self, *_: object) -> None:
        self.shown = None

    def close(self) -> None:
        """Cancel a running check, and close its window."""
        if self.shown is not None:
            self.shown.close()
