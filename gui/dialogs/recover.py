"""The recovery dialog: offers work that a crashed window left behind."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QDateTime, QLocale, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QListWidget, QWidget

from core.files import disk
from core.files.recovery import Recovered
from gui.style import text
from gui.style.theme import BODY
from gui.widgets import labels
from gui.widgets.buttons import button
from gui.widgets.rows import in_column, in_row


class RecoverDialog(QDialog):
    """A list of works, newest first; those neither recovered nor discarded are offered again next
    time.

    The receiver of `recover_requested` owns that work from then on.
    """

    recover_requested = Signal(object)  # Recovered

    def __init__(self, parent: QWidget, works: Sequence[Recovered]) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Recover unsaved work"))
        self._works = list(works)
        head = labels.title(self.tr("Unsaved work was found"))
        note = labels.label(
            self.tr(
                "Recovered work is kept until you save it. Anything you skip is offered "
                "again next time."
            ),
            BODY,
            tone="muted",
            wrap=True,
        )
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Unsaved work"))
        self.list.addItems([described(work) for work in works])
        self.list.setSpacing(4)
        self.list.setCurrentRow(0)
        self.list.itemActivated.connect(lambda _item: self.recover())
        in_column(
            head,
            note,
            self.list,
            self._make_buttons(),
            on=self,
            margins=(20, 18, 20, 16),
            spacing=12,
        )
        self.resize(560, 300)

    def _make_buttons(self) -> QHBoxLayout:
        self.recover_button = button(self.tr("Recover"), "primary")
        self.discard_button = button(self.tr("Discard"))
        self.later_button = button(self.tr("Later"))
        self.recover_button.setDefault(True)
        self.recover_button.clicked.connect(self.recover)
        self.discard_button.clicked.connect(self.discard)
        self.later_button.clicked.connect(self.reject)
        return in_row(self.discard_button, None, self.later_button, self.recover_button, spacing=8)

    def recover(self) -> None:
        """Hand out the chosen work."""
        work = self._take()
        if work is not None:
            self.recover_requested.emit(work)

    def discard(self) -> None:
        """Throw the chosen work away."""
        work = self._take()
        if work is not None:
            work.discard()

    def _take(self) -> Recovered | None:
        row = self.list.currentRow()
        if row < 0:
            return None
        self.list.takeItem(row)
        work = self._works.pop(row)
        if not self._works:
            self.accept()
        return work

    def done(self, result: int) -> None:
        for work in self._works:
            work.release()
        self._works.clear()
        super().done(result)
        self.deleteLater()


def described(work: Recovered) -> str:
    """Its name, its iterations, and when it was saved."""
    project, state = work.saved.project, work.saved.state
    sizes = "-".join(map(str, project.sizes()))
    name = disk.shown(work.path.name) if work.path else f"Untitled, {project.data.source} {sizes}"
    when = QDateTime.fromSecsSinceEpoch(int(work.when))
    said = QLocale().toString(when, QLocale.FormatType.ShortFormat)
    trained = f"iteration {text.count(state.iteration)}" if state else "not trained"
    where = f"\n{disk.shown(work.path.parent)}" if work.path else ""
    return f"{name} · {trained} · {said}{where}"
