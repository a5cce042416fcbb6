"""What the user edits, saves and undoes: one frozen Project, replaced whole by every edit."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoStack

from core.project import Project, check


class _Edit(QUndoCommand):
    """The only undo command: swap one Project for another."""

    def __init__(self, document: Document, text: str, after: Project, merge_key: str) -> None:
        super().__init__(text)
        self._document, self._before, self._after = document, document.project, after
        self._merge_key = merge_key

    def redo(self) -> None:
        self._document.show(self._after)

    def undo(self) -> None:
        self._document.show(self._before)

    def id(self) -> int:
        return 1 if self._merge_key else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _Edit) or other._merge_key != self._merge_key:
            return False
        self._after = other._after
        self.setText(other.text())
        self.setObsolete(self._after == self._before)
        return True


class Document(QObject):
    """The project at hand and its undo stack; everybody reads it, only `edit` changes it."""

    changed = Signal(object, object)  # (old, new) Projects: each view redraws what differs for it
    replaced = Signal()  # another project was opened: the undo stack is empty

    def __init__(self, project: Project, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.project = project
        self.undo_stack = QUndoStack(self)

    def edit(self, text: str, after: Project, merge_key: str = "") -> None:
        """Make `after` the project as one undoable step named `text`.

        An edit that changes nothing is no edit. Edits that follow each other with the same
        non-empty `merge_key` (one drag of one slider) are one step. Raises LayerwiseError, having
        changed nothing, if a value is outside its limits.
        """
        check(after)
        if after != self.project:
            self.undo_stack.push(_Edit(self, text, after, merge_key))

    def replace(self, project: Project) -> None:
        """Open another project: no undo leads back. Raises LayerwiseError as `edit` does."""
        check(project)
        self.undo_stack.clear()
        self.show(project)
        self.replaced.emit()

    def show(self, project: Project) -> None:
        """Swap the project without a step of undo; for the undo command itself."""
        old, self.project = self.project, project
        if old != project:
            self.changed.emit(old, project)
