"""The document: one frozen Project and manual weight edits, with undo and saved state."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from itertools import count
from types import MappingProxyType

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QUndoCommand, QUndoGroup, QUndoStack

from core.by_hand import Change, Numbers, Place, RunPosition
from core.data.datasets import DataKind
from core.edits import kind_of_labels
from core.project import Project, check, check_labels
from gui.style.text import in_menu

MOST_STEPS = 1000  # of undo: older steps are dropped
ParameterChanges = Mapping[Place, tuple[float, float]]  # (old value, new value) of a number


@dataclass(frozen=True, slots=True)
class _State:
    """The target of an edit: `change` is the change to the run's parameters on the way, and
    `by_hand` the sum of all such edits so far.
    """

    project: Project
    change: Change | None
    by_hand: ParameterChanges
    place: int  # in the history of edits: undo and redo lead to the same ones again


class _Edit(QUndoCommand):
    """The only undo command: swap one state for another."""

    def __init__(
        self, document: Document, text: str, before: _State, after: _State, merge_key: str
    ) -> None:
        super().__init__(in_menu(text))  # it may name a file or a column
        self.before, self.after = before, after
        self._document = document
        self._merge_key = merge_key

    def redo(self) -> None:
        self._document.show(self.after)

    def undo(self) -> None:
        self._document.show(self.before)

    def id(self) -> int:
        return 1 if self._merge_key else -1

    def mergeWith(self, other: QUndoCommand) -> bool:
        if not isinstance(other, _Edit) or other._merge_key != self._merge_key:
            return False
        self.after = other.after
        self.setText(other.text())
        same = (self.before.project, self.before.change)
        self.setObsolete((self.after.project, self.after.change) == same)
        return True


@dataclass(frozen=True, slots=True)
class SetAside:
    """A document that gave its place to another one, with its undo stack."""

    state: _State
    stack: QUndoStack


class Document(QObject):
    """The open project and its undo stack; everyone reads it, and only `edit` and `set_by_hand`
    change it.

    The parameters belong to the run and change without an edit. A manual change to them is an edit:
    undo restores the numbers that it set, and no others.
    """

    changed = Signal(object, object)  # (old, new) Projects: each view redraws its differences
    edited = Signal(object, object, object)  # the same, also when only the run is to Change (third)
    replaced = Signal()  # another project was opened: the undo stack is empty

    def __init__(self, project: Project, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._places = count()
        self._state = _State(project, None, MappingProxyType({}), next(self._places))
        self._checks: list[Callable[[Project], None]] = [check, check_labels]
        self.undo_group = QUndoGroup(self)
        self._add_stack()

    def _add_stack(self) -> None:
        self.undo_stack = QUndoStack(self)
        self.undo_stack.setUndoLimit(MOST_STEPS)
        self.undo_group.addStack(self.undo_stack)
        self.undo_group.setActiveStack(self.undo_stack)

    @property
    def project(self) -> Project:
        return self._state.project

    @property
    def kind_of_labels(self) -> DataKind:
        """What the network learns to predict: one of two or more classes, or values."""
        return kind_of_labels(self.project.data)

    @property
    def place(self) -> int:
        """The position in the history of edits; only undo and redo return to one."""
        return self._state.place

    @property
    def by_hand(self) -> ParameterChanges:
        """The sum of all manual edits in force, without those that were undone."""
        return self._state.by_hand

    def add_check(self, more: Callable[[Project], None]) -> None:
        """Also refuse edits from now on for which this raises a LayerwiseError."""
        self._checks.append(more)

    def _check(self, project: Project) -> None:
        for each in self._checks:
            each(project)

    def projects(self) -> set[Project]:
        """The project and all that undo or redo lead to."""
        found = {self.project}
        for i in range(self.undo_stack.count()):
            command = self.undo_stack.command(i)
            if isinstance(command, _Edit):
                found |= {command.before.project, command.after.project}
        return found

    def edit(self, text: str, after: Project, merge_key: str = "") -> None:
        """Make `after` the project as one undoable step named `text`.

        An edit that changes nothing is no edit. Edits that follow each other with the same
        non-empty `merge_key` (one drag of one slider) are one step. Raises LayerwiseError, having
        changed nothing, if a value is outside its limits.
        """
        self._check(after)
        if after != self.project:
            self._push(text, after, None, None, merge_key)

    def set_by_hand(
        self,
        text: str,
        before: Change,
        after: Change,
        merge_key: str = "",
        project: Project | None = None,
    ) -> None:
        """Change parameters of the run, and perhaps the project with them, as one undoable step.

        `before` is the change made by undo. Otherwise as in `edit`.
        """
        project = self.project if project is None else project
        self._check(project)
        if project != self.project or after != before:
            self._push(text, project, before, after, merge_key)

    def _push(
        self, text: str, project: Project, back: Change | None, on: Change | None, merge_key: str
    ) -> None:
        by_hand = _summed(self.by_hand, back, on)
        before = replace(self._state, change=back)
        after = _State(project, on, by_hand, next(self._places))
        self.undo_stack.push(_Edit(self, text, before, after, merge_key))

    def replace(self, project: Project) -> None:
        """Open another project; this cannot be undone. Raises LayerwiseError as `edit` does."""
        self._check(project)
        self.undo_stack.clear()
        self.show(_State(project, None, MappingProxyType({}), next(self._places)))
        self.replaced.emit()

    def set_aside(self, project: Project) -> SetAside:
        """Open another project and keep this one, with its undo, for `bring_back`. Raises
        LayerwiseError as `edit` does.
        """
        self._check(project)
        aside = SetAside(self._state, self.undo_stack)
        self._add_stack()
        self.show(_State(project, None, MappingProxyType({}), next(self._places)))
        self.replaced.emit()
        return aside

    def bring_back(self, aside: SetAside) -> None:
        """Restore the document that was set aside; the current one is dropped."""
        over, self.undo_stack = self.undo_stack, aside.stack
        self.undo_group.setActiveStack(aside.stack)
        over.clear()
        over.deleteLater()
        self.show(replace(aside.state, change=None))
        self._state = aside.state
        self.replaced.emit()

    def show(self, state: _State) -> None:
        """Go to a state without an undo step; for the undo command itself."""
        old, self._state = self.project, state
        if old != state.project or state.change is not None:
            self.edited.emit(old, state.project, state.change)
        if old != state.project:
            self.changed.emit(old, state.project)


def _summed(so_far: ParameterChanges, back: Change | None, on: Change | None) -> ParameterChanges:
    """The sum of manual edits after one more."""
    if isinstance(on, RunPosition):  # all numbers are others
        return MappingProxyType({})
    if not isinstance(on, Numbers) or not isinstance(back, Numbers):
        return so_far
    summed = dict(so_far)
    for place, value in on.values.items():
        was = summed[place][0] if place in summed else back.values.get(place, value)
        summed[place] = (was, value)
    return MappingProxyType({place: ends for place, ends in summed.items() if ends[0] != ends[1]})
