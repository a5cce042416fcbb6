"""The strip that restores the earlier iterations of a reopened run, with progress."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.training.messages import Snapshot
from gui.style import text
from gui.widgets import labels
from gui.widgets.buttons import button
from gui.widgets.rows import in_row


class RemakeStrip(QWidget):
    """Hidden if the run's past is complete; `wanted(bool)`: restore it, or stop."""

    wanted = Signal(object)  # bool

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.said = labels.caption("")
        self.go = button(self.tr("Restore earlier iterations"), "link")
        self.go.setToolTip(
            self.tr("Train again from the start, so that you can go back in this run")
        )
        self.stop = button(self.tr("Cancel"), "link")
        self.stop.setToolTip(self.tr("Stop restoring the earlier iterations"))
        self.go.clicked.connect(lambda: self.wanted.emit(True))
        self.stop.clicked.connect(lambda: self.wanted.emit(False))
        in_row(None, self.said, self.go, self.stop, None, on=self, margins=0, spacing=8)
        self.hide()

    def show_run(self, snapshot: Snapshot) -> None:
        """Show how much of the run's past is missing, and the progress of restoring it."""
        under_way = snapshot.remade is not None
        self.go.setVisible(not under_way and not snapshot.not_remade)
        self.stop.setVisible(under_way)
        if snapshot.remade is not None:
            done = round(snapshot.remade * snapshot.lacking)
            words = self.tr("Restored {} of {} iterations")
            self.said.setText(words.format(text.count(done), text.count(snapshot.lacking)))
        else:
            self.said.setText(self.tr("No earlier iterations") if snapshot.not_remade else "")
        self.said.setToolTip(snapshot.not_remade)
        self.said.setVisible(bool(self.said.text()))
        self.setVisible(snapshot.lacking > 0)
