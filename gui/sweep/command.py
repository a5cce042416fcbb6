"""The command Train ▸ Sweep…, which creates the sweep window on first use."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from gui.model.document import Document
from gui.model.training import Training

if TYPE_CHECKING:
    from gui.sweep.runner import Runner
    from gui.sweep.window import SweepWindow


class Sweeps(QObject):
    """The command and its window; `done` and `failed` report results, `changed` progress."""

    changed = Signal()
    done = Signal(str)
    failed = Signal(object)

    def __init__(self, document: Document, training: Training, window: QWidget) -> None:
        super().__init__(window)
        self._document, self._training, self._window = document, training, window
        self.window: SweepWindow | None = None

    @property
    def runner(self) -> Runner | None:
        """The runner of sweeps; None before the window was first opened."""
        return None if self.window is None else self.window.runner

    def show(self) -> None:
        """Bring the window of sweeps to the front."""
        if self.window is None:
            from gui.sweep.window import SweepWindow  # late: who never sweeps imports no executors

            self.window = SweepWindow(self._document, self._training, self._window)
            self.window.noted.connect(self.done)
            self.window.runner.changed.connect(self.changed)
            self.window.failed.connect(self.failed)
        self.window.show()
        self.window.raise_()
        self.window.activateWindow()

    def close(self) -> None:
        """Stop a running sweep."""
        if self.window is not None:
            self.window.close_for_good()
