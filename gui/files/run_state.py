"""Waits for the state of the run, also if its iterations take seconds."""

from __future__ import annotations

from PySide6.QtCore import QEventLoop, QObject
from PySide6.QtWidgets import QWidget

from core.look.ask import Asks
from core.look.state import State
from core.training.messages import Snapshot
from gui.dialogs.job import QUICK_MS, Cancelled, progress_dialog
from gui.model.document import Document
from gui.model.training import Training


class RunStateRequest(QObject):
    """Asks the run for its state; if that takes long, a dialog says what the window waits for."""

    turn = 0  # its frame of three

    def __init__(self, document: Document, training: Training, window: QWidget) -> None:
        super().__init__(window)
        self._document, self._training, self._window = document, training, window
        self._loop: QEventLoop | None = None
        self._found: Snapshot | None = None
        self._failed = False
        training.add_viewer(self)
        training.failed.connect(self._on_failed)

    def ask(self, title: str) -> Snapshot | None:
        """A snapshot with its `state`, for the current document; None if the run has failed.

        Raises Cancelled if the user cancels, or the application ends.
        """
        found = self._training.stand(QUICK_MS / 1000)
        if found is None and self._training.alive:
            self._wait(title)
            found = self._found
            if found is None and not self._failed:
                raise Cancelled
        return found

    def _wait(self, title: str) -> None:
        self._loop, self._found, self._failed = QEventLoop(), None, False
        dialog = progress_dialog(self._window, title)
        dialog.canceled.connect(self._loop.quit)
        dialog.show()
        self._training.refresh()
        self._loop.exec()
        self._loop = None
        dialog.close()
        dialog.deleteLater()

    def asks(self) -> Asks | None:
        """The ask for the run's state, while it is awaited."""
        return None if self._loop is None else (State(),)

    def receive(self, snapshot: Snapshot) -> None:
        """Take the awaited snapshot; ignore one that was made before the document changed."""
        current = self._training.is_current(snapshot) and snapshot.state is not None
        if self._loop is not None and current and snapshot.project == self._document.project:
            self._found = snapshot
            self._loop.quit()

    def _on_failed(self, _error: object) -> None:
        if self._loop is not None:
            self._failed = True
            self._loop.quit()
