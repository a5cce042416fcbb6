"""The base class of panels: a view of the document and the run, drawn only while visible."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QAbstractButton, QWidget

from core.look.ask import Asks
from core.project import Project
from core.training.messages import Snapshot
from gui.model.document import Document
from gui.model.selection import Selection
from gui.model.training import Training
from gui.parts import Named
from gui.widgets.card import Card
from gui.widgets.trouble import Trouble


class Panel(QWidget):
    """Subclasses override `wants`, `show_project` and `show_snapshot`, never the slots.

    `show_project(old, new)` is called at once with old None and then after every edit;
    `show_snapshot` with the answers to `wants`, about twenty times a second during training, and
    once when the run stops. Neither is called while the panel is hidden; when shown, it is brought
    up to date.
    """

    noted = Signal(str)  # a sentence for the user: what else an edit changed, why one was refused

    card: Card  # its background
    wanted_height = 0  # px that it gets on request, if there are so many
    turn = 2  # its frame of three; the canvas has 0

    def __init__(
        self,
        document: Document,
        training: Training,
        selection: Selection,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.document, self.training, self.selection = document, training, selection
        self._shown_project: Project | None = None
        self._covered = False
        self.trouble = Trouble(self)
        document.changed.connect(self._on_changed)
        training.add_viewer(self)

    def follow_view(self, button: QAbstractButton, option: str) -> None:
        """Make a checkable button a view option: saved with the document, and restored with it."""
        button.setChecked(getattr(self.selection.view, option))
        button.toggled.connect(lambda on: self.selection.set(**{option: on}))
        self.selection.changed.connect(lambda _, view: button.setChecked(getattr(view, option)))

    def wants(self) -> Asks:
        """The asks for the next snapshot; `snapshot.answer(ask)` is the answer to each."""
        return ()

    def lend_header(self) -> QWidget:
        """Move its title and controls to the title bar of its dock."""
        return self.card.lend_header()

    def named_parts(self) -> Mapping[str, Named]:
        """Its controls for the registry of parts, each by the last word of its key."""
        return {}

    def show_project(self, old: Project | None, new: Project) -> None:
        """Show the project; only differences from `old` need an update."""

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show a state of the run."""

    def asks(self) -> Asks | None:
        """The current asks: none while hidden, or covered by another panel during training."""
        if not self.isVisible():
            return None
        self._covered = self.training.playing and self.visibleRegion().isEmpty()
        return None if self._covered else self.wants()

    def receive(self, snapshot: Snapshot) -> None:
        """Show the answers, or the state in which the run rests."""
        if self.isVisible():
            self.show_snapshot(snapshot)
            self._say_trouble(snapshot)
            if snapshot.idle and self._covered:  # to be up to date when it is raised
                self._covered = False
                self.training.refresh()

    def _say_trouble(self, snapshot: Snapshot) -> None:
        """Show what this panel could not compute, until it can be computed."""
        answered = [ask for ask in self.wants() if ask in snapshot.answers]
        failures = [snapshot.failure(ask) for ask in answered]
        unexpected = [failure.sentence for failure in failures if failure and failure.details]
        if answered:
            self.trouble.say(unexpected[0] if unexpected else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.trouble.place()

    def _on_changed(self, old: Project, new: Project) -> None:
        if self.isVisible():
            self._update_project()

    def _update_project(self) -> None:
        old, new = self._shown_project, self.document.project
        if old != new:
            self._shown_project = new
            self.show_project(old, new)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._update_project()
        if self.training.latest is not None:
            self.show_snapshot(self.training.latest)
            self._say_trouble(self.training.latest)
        self.training.refresh()
