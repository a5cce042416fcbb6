"""The file behind the document: new, open, save, and whether there is unsaved work."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from core.by_hand import RunPosition
from core.errors import LayerwiseError
from core.files import disk, storage
from core.files.disk import Stamp
from core.files.export import (
    TransposedError,
    how_to_feed,
    read_weights,
    write_array,
    write_weights,
)
from core.files.project import SUFFIX, find_saved, read_saved, write_project
from core.files.storage import Saved, WrittenFile
from core.nn.activations import Array
from core.progress import Progress
from core.project import Project
from core.training.messages import Snapshot
from core.view import View
from gui.dialogs.job import Cancelled, waited_for
from gui.dialogs.questions import (
    ask_elsewhere,
    ask_overwrite,
    ask_replace,
    ask_to_save,
    ask_transpose,
)
from gui.files.recent import last_folder, remember, remember_folder
from gui.files.run_state import RunStateRequest
from gui.model.document import Document, ParameterChanges
from gui.model.selection import Selection
from gui.model.training import Training, check_run
from gui.style.text import tr

OPENED = "Layerwise projects (*.layerwise *.json)"
SAVED = "Layerwise projects (*.layerwise);;Settings alone, without weights (*.json)"
WEIGHTS = "NumPy weights (*.npz)"
TABLES = "Tables (*.csv)"
UNTOUCHED = "The file keeps everything until you save over it."


def ask_open(parent: QWidget, title: str, kinds: str) -> Path | None:
    """Ask for a file that exists; None when the user thinks better of it."""
    name, _ = QFileDialog.getOpenFileName(parent, title, str(last_folder()), kinds)
    return _remembered(name)


def ask_open_several(parent: QWidget, title: str, kinds: str) -> list[Path]:
    """Ask for one or more files that exist; none when the user thinks better of it."""
    names, _ = QFileDialog.getOpenFileNames(parent, title, str(last_folder()), kinds)
    return [path for path in map(_remembered, names) if path is not None]


def ask_folder(parent: QWidget, title: str) -> Path | None:
    """Ask for a folder; None when the user thinks better of it."""
    name = QFileDialog.getExistingDirectory(parent, title, str(last_folder()))
    if name:
        remember_folder(Path(name).parent)
    return Path(name) if name else None


def ask_save(parent: QWidget, title: str, kinds: str, suggested: str) -> Path | None:
    """Ask for a file to save; a name without one of the suffixes in `kinds` gets the one of
    `suggested`.
    """
    usual = str(last_folder() / suggested)
    name, kind = QFileDialog.getSaveFileName(parent, title, usual, kinds)
    path = _remembered(name)
    if path is None:
        return None
    if path.suffix and f"*{path.suffix.lower()}" in kinds:
        return path
    suffix = Path(suggested).suffix
    if f"*{suffix}" not in kind and "*." in kind:  # another of the kinds was picked
        suffix = "." + kind.partition("*.")[2].rstrip(")").split()[0]
    path = path.with_name(path.name + suffix)
    if path.exists() and not ask_replace(
        parent, disk.shown(path.name)
    ):  # Qt asked about the name without the suffix
        return None
    return path


def _remembered(name: str) -> Path | None:
    """The chosen file, whose folder is the default of the next dialog."""
    if not name:
        return None
    remember_folder(Path(name).parent)
    return Path(name)


@dataclass(frozen=True, slots=True)
class FilesAside:
    """The file of a document that was set aside."""

    path: Path | None
    last: Saved | None
    stamp: Stamp | None
    by_hand: ParameterChanges
    runs_edited: int
    view: View


class Files(QObject):
    """The file behind the document, and the commands of the File menu.

    A command returns False if the user cancelled, and raises LayerwiseError if it failed; then
    nothing has changed.
    """

    changed = Signal()  # the name, or whether there is something to save
    saved = Signal()  # verified: the document's current state is in its file
    opened = Signal()  # another document, which this file belongs to
    save_failed = Signal()
    done = Signal(str)  # a sentence on the written or read file

    def __init__(
        self,
        document: Document,
        training: Training,
        selection: Selection,
        parent: QWidget,
        saved: Saved,
        path: Path | None,
    ) -> None:
        super().__init__(parent)
        self._document, self._training, self._window = document, training, parent
        self._selection = selection
        self._run_state = RunStateRequest(document, training, parent)
        self.path = path
        self._last: Saved | None = saved  # the content of the file, or of the start
        selection.show(saved.view)
        self._stamp = disk.stamp(path) if path else None
        self._told = ("", False)
        self._aside: FilesAside | None = None
        self._called = ""
        self._by_hand = document.by_hand  # at the same moment ...
        self._runs_edited = training.runs.edits  # ... and this
        training.runs.changed.connect(self._tell)
        document.edited.connect(self._tell)
        training.arrived.connect(self._on_arrived)
        if path is not None:
            remember(path)

    @property
    def name(self) -> str:
        """The document's name in the title and in suggested file names."""
        if self._aside is not None:
            return self._called
        return disk.shown(self.path.stem) if self.path else default_name(self._document.project)

    @property
    def modified(self) -> bool:
        """Whether closing would lose something that only saving keeps.

        A run without a file that started from its seed and was not changed can be repeated by Play;
        any other run cannot. It is autosaved all the same (`worth_keeping`). The scene of a lesson
        never asks to be saved.
        """
        if self._aside is not None:
            return False
        return self._edited or (self._trained and (self._keeps_runs or self._led_by_hand))

    @property
    def worth_keeping(self) -> bool:
        """Whether the work differs from what was opened or saved last."""
        if self._aside is not None:
            return False
        last = self._last
        ended = last is not None and last.runs != self._training.runs.kept
        return self._edited or self._trained or ended

    @property
    def _edited(self) -> bool:
        last, training = self._last, self._training
        if last is None or self._document.project != last.project:
            return True
        by_hand = self._document.by_hand != self._by_hand
        elsewhere = training.start is not last.start or training.runs.edits != self._runs_edited
        return self._keeps_start and (elsewhere or by_hand)

    @property
    def _keeps_runs(self) -> bool:
        return self.path is not None and self.path.suffix.lower() == SUFFIX

    @property
    def _keeps_start(self) -> bool:
        return self.path is None or self._keeps_runs

    @property
    def _led_by_hand(self) -> bool:
        latest = self._training.latest
        return self.path is None and latest is not None and len(latest.by_hand) > 0

    @property
    def _trained(self) -> bool:
        """Whether the run's state differs from the file."""
        latest, last = self._training.latest, self._last
        if latest is None or not self._training.is_current(latest) or last is None:
            return False
        if last.state is None:
            return latest.newest > 0 or len(latest.by_hand) > 0
        if latest.newest != last.state.iteration:
            return True
        visiting = latest.iteration < latest.newest
        return not visiting and not np.array_equal(latest.flat, last.state.flat)

    def gather(self, patience: float) -> Saved:
        """The current work; only the weights of a run that does not answer."""
        return self.gathered(self._training.stand(patience))

    def gathered(self, stand: Snapshot | None) -> Saved:
        """The current work, with the run from this snapshot or, without one, its weights."""
        training, project, seen = self._training, self._document.project, self._training.latest
        state, start = None if stand is None else stand.state, training.start
        if state is None and seen is not None and training.is_current(seen):
            start = seen.flat if seen.iteration or len(seen.by_hand) else start
        view, runs = self._selection.view, training.runs.kept
        return Saved(project, state, training.own, start, view, runs)

    # --- another document for a while ------------------------------------------------------------

    def park(self, saved: Saved, name: str) -> None:
        """Set the document, its run and its file aside and open a scene, called `name`. Raises
        LayerwiseError, having changed nothing.
        """
        assert self._aside is None, "one document is set aside, not two"
        aside = FilesAside(
            *(self.path, self._last, self._stamp, self._by_hand, self._runs_edited),
            self._selection.view,
        )
        self._training.park(saved)
        self._aside, self._called, self.path = aside, name, None
        self._selection.show(saved.view)
        self._tell()

    def unpark(self) -> None:
        """Restore what was set aside, unchanged; the scene is dropped."""
        aside, self._aside = self._aside, None
        assert aside is not None, "nothing is set aside"
        self.path, self._last, self._stamp = aside.path, aside.last, aside.stamp
        self._by_hand, self._runs_edited = aside.by_hand, aside.runs_edited
        self._training.unpark()
        self._selection.show(aside.view)
        self._tell()

    @property
    def parked(self) -> bool:
        """Whether the open document is a lesson's scene, with the user's own set aside."""
        return self._aside is not None

    def show_scene(self, saved: Saved) -> None:
        """Replace the current scene by another; raises LayerwiseError."""
        assert self._aside is not None, "a scene is never opened in the place of own work"
        self._training.open(saved)
        self._selection.show(saved.view)
        self._tell()

    def save_copy(self) -> bool:
        """Write the current work to another file, without changing the document's file."""
        path = ask_save(
            self._window, self.tr("Keep this as a project"), SAVED, f"{self.name}{SUFFIX}"
        )
        if path is None:
            return False
        saved = self._to_write(path)
        try:
            waited_for(
                self._window,
                self.tr("Saving {name} …").format(name=disk.shown(path.name)),
                lambda progress: write_saved(path, saved, progress),
            )
        except Cancelled:
            return False
        remember(path)
        self.done.emit(_sentence(path, saved))
        return True

    # --- commands --------------------------------------------------------------------------------

    def new(self) -> bool:
        self._check_own()
        if not self.may_discard():
            return False
        self._replace(Saved(Project()), None)
        return True

    def open_example(self, name: str) -> bool:
        """Open a bundled example, which has no file to be saved to."""
        saved, _ = find_saved(name)
        if not self.may_discard():
            return False
        self._replace(saved, None)
        return True

    def _check_own(self) -> None:
        """Refuse to open something in the place of a scene: the user's own work is set aside."""
        if self._aside is not None:
            raise LayerwiseError(
                "A lesson is open, and your own project is set aside. Leave the lesson first"
                " (Ctrl+Esc)."
            )

    def open(self, path: Path | None = None) -> bool:
        self._check_own()
        path = path or ask_open(self._window, self.tr("Open project"), OPENED)
        if path is None:
            return False
        stamp = disk.stamp(path)
        try:
            saved = opened(self._window, path)
        except Cancelled:
            return False
        if not self.may_discard():
            return False
        self._replace(saved, path, stamp)
        remember(path)
        self.tell_set_aside(saved)
        return True

    def recover(self, saved: Saved, path: Path | None, when: float) -> bool:
        """Open work left by another window; it counts as unsaved."""
        self._check_own()
        saved = with_sound_run(saved)
        if not self.may_discard():
            return False
        stamp = disk.stamp(path) if path else None
        if stamp and stamp.modified > when * 1e9:
            stamp = Stamp(0, 0, 0)  # changed by another program: saving asks first
        self._replace(saved, path, stamp)
        self._last = None
        self._tell()
        self.tell_set_aside(saved)
        return True

    def tell_set_aside(self, saved: Saved | None = None) -> None:
        """Say which parts of the file could not be read, if any."""
        saved = saved or self._last
        if saved is not None and saved.set_aside:
            self.done.emit(" ".join((*saved.set_aside, UNTOUCHED)))

    def save(self) -> bool:
        path = self.path
        if self._aside is not None:
            return self.save_copy()
        if path is None:
            return self.save_as()
        stamp = disk.stamp(path)
        if stamp is not None and stamp != self._stamp:
            answer = ask_overwrite(self._window, disk.shown(path.name))
            if answer != "overwrite":
                return answer == "elsewhere" and self.save_as()
        return self._write(path)

    def save_as(self) -> bool:
        if self._aside is not None:
            return self.save_copy()
        path = ask_save(self._window, self.tr("Save project"), SAVED, f"{self.name}{SUFFIX}")
        return self._write(path) if path else False

    def export_weights_by_layer(self) -> bool:
        """Write the weights under names that viewers of networks group: `layer1/W`."""
        return self.export_weights(by_layer=True)

    def export_weights(self, *, by_layer: bool = False) -> bool:
        snapshot = self._training.latest
        if snapshot is None:
            raise LayerwiseError("There are no weights yet: wait for the network to be ready.")
        path = ask_save(
            self._window, self.tr("Export weights"), WEIGHTS, f"{self.name}-weights.npz"
        )
        if path is None:
            return False
        p, split = snapshot.parameters(), snapshot.split
        write_weights(path, snapshot.project, p, split, by_layer=by_layer)
        said = (
            f"Wrote the weights after iteration {snapshot.iteration:,} to"
            f" {disk.shown(path.name)};"
            " np.load opens it."
        )
        self.done.emit(" ".join(filter(None, (said, how_to_feed(snapshot.project)))))
        return True

    def export_table(self, array: Array, name: str) -> bool:
        """Write a matrix as CSV: its rows as lines."""
        path = ask_save(
            self._window,
            self.tr("Export {name}").format(name=name),
            TABLES,
            f"{self.name}-{name}.csv",
        )
        if path is None:
            return False
        write_array(path, array)
        self.done.emit(
            self.tr("Wrote {array} {shape} to {name}.").format(
                array=name, shape=array.shape, name=disk.shown(path.name)
            )
        )
        return True

    def import_weights(self, path: Path | None = None) -> bool:
        path = path or ask_open(self._window, self.tr("Import weights"), WEIGHTS)
        if path is None:
            return False
        training, project = self._training, self._document.project
        try:
            start = read_weights(path, project.sizes())
        except TransposedError as error:
            if not ask_transpose(self._window, str(error)):
                return False
            start = read_weights(path, project.sizes(), transposed=True)
        with np.errstate(over="ignore"):
            if not np.isfinite(start.astype(project.training.dtype)).all():
                raise LayerwiseError(
                    f"{disk.shown(path)} cannot be used: a weight is too large for"
                    f" {project.training.dtype}."
                )
        try:
            stand = self._run_state.ask("Waiting for the end of the iteration …")
        except Cancelled:
            return False
        before = training.back_to(stand)
        text = f"Import weights from {disk.shown(path.name)}"
        self._document.set_by_hand(text, before, RunPosition(start, origin=disk.shown(path.name)))
        self.done.emit(
            self.tr("The network starts from the weights in {name} now.").format(
                name=disk.shown(path.name)
            )
        )
        return True

    def may_discard(self) -> bool:
        """Ask what to do with unsaved changes; returns False to stay."""
        if not self.modified:
            return True
        answer = ask_to_save(self._window, self.name)
        return self.save() if answer == "save" else answer == "discard"

    def _write(self, path: Path) -> bool:
        """Write the file; when that fails, offer another name."""
        undo = self._document.undo_stack
        try:
            saved = self._to_write(path)
            by_hand, runs_edited = self._document.by_hand, self._training.runs.edits
            index = undo.index()
            written = waited_for(
                self._window,
                self.tr("Saving {name} …").format(name=disk.shown(path.name)),
                lambda progress: write_saved(path, saved, progress),
            )
        except Cancelled:
            return False
        except LayerwiseError as error:
            self.save_failed.emit()
            return ask_elsewhere(self._window, str(error)) and self.save_as()
        if undo.index() == index:
            undo.setClean()
        stamp = disk.stamp(path) if written is None else written.stamp
        self._last, self._stamp, self.path = saved, stamp, path
        self._by_hand, self._runs_edited = by_hand, runs_edited
        remember(path)
        self._tell()
        self.saved.emit()
        self.done.emit(" ".join((_sentence(path, saved), *(written.set_aside if written else ()))))
        return True

    def _to_write(self, path: Path) -> Saved:
        """The work to save now."""
        if holds_settings(path):
            return Saved(self._document.project)
        return self.gathered(self._run_state.ask(f"Saving {disk.shown(path.name)} …"))

    def _replace(self, saved: Saved, path: Path | None, stamp: Stamp | None = None) -> None:
        self._training.open(saved)
        self._last, self._stamp, self.path = saved, stamp, path
        self._by_hand, self._runs_edited = self._document.by_hand, self._training.runs.edits
        self._selection.show(saved.view)
        self._tell()
        self.opened.emit()

    def _on_arrived(self, _snapshot: object) -> None:
        """The run may have something to save now; it cannot rename the document."""
        if self.modified != self._told[1]:
            self._tell()

    def _tell(self, *_: object) -> None:
        """Emit a signal if the title has changed."""
        now = (self.name, self.modified)
        if now != self._told:
            self._told = now
            self.changed.emit()


def opened(window: QWidget, path: Path) -> Saved:
    """The checked content of a file; raises LayerwiseError naming it and the error, and Cancelled
    if the user cancels.
    """

    def read(progress: Progress) -> Saved:
        saved = read_saved(path, progress)
        progress(0, 0)
        return check_opened(saved, path)

    return waited_for(
        window, tr("Opening {name} …").format(name=disk.shown(path.name)), read, reads=True
    )


def holds_settings(path: Path) -> bool:
    """Whether a file of this name holds only settings."""
    return path.suffix.lower() == ".json"


def write_saved(path: Path, saved: Saved, progress: Progress) -> WrittenFile | None:
    """Replace the file; raises LayerwiseError naming it, which is then unchanged.

    A file of settings alone reports nothing else.
    """
    if not holds_settings(path):
        return storage.write(path, saved, progress)
    if saved.project.data.own is not None:
        raise LayerwiseError(
            f"{disk.shown(path.name)} would not hold your own data: save as .layerwise instead."
        )
    write_project(path, saved.project)
    return None


def check_opened(saved: Saved, path: Path) -> Saved:
    """The same, without a run that cannot continue; raises LayerwiseError, naming the file, if it
    lacks its own data.
    """
    if saved.project.data.own is not None and saved.own is None:
        raise LayerwiseError(
            f"{disk.shown(path)} cannot be opened: it learns data of your own, which a .json file"
            " does not hold. Open the .layerwise file that has them."
        )
    return with_sound_run(saved)


def with_sound_run(saved: Saved) -> Saved:
    """The same, without its run if that does not belong to this project."""
    try:
        check_run(saved)
    except LayerwiseError as error:
        return storage.without_run(saved, error)
    return saved


def _sentence(path: Path, saved: Saved) -> str:
    if path.suffix.lower() == SUFFIX:
        left = len(storage.left_out(saved))
        if not left:
            return f"Saved {disk.shown(path.name)}."
        runs = "1 run that" if left == 1 else f"{left:,} runs that"
        return f"Saved {disk.shown(path.name)}, without {runs} learned other data of your own."
    return f"Saved {disk.shown(path.name)}: the settings alone, without weights and run."


def default_name(project: Project) -> str:
    """A name for an unsaved document: flower-2-4-1."""
    source = project.data.source
    if project.data.own is not None:
        with suppress(ValueError):
            source = Path(project.data.own.origin).stem or source
    return "-".join([source, *(str(n) for n in project.sizes())])
