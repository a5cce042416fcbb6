"""Opening, saving, importing and exporting: the dialogs, and what the document is called."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from core.errors import LayerwiseError
from core.files.export import read_weights, write_array, write_weights
from core.files.project import read_project, write_project
from core.nn.activations import Array
from core.project import Project
from gui.document import Document
from gui.training import Training

PROJECTS = "Layerwise projects (*.json)"
WEIGHTS = "NumPy weights (*.npz)"
TABLES = "Tables (*.csv)"


def ask_open(parent: QWidget, title: str, kinds: str) -> Path | None:
    """Ask for a file that exists; None when the user thinks better of it."""
    name, _ = QFileDialog.getOpenFileName(parent, title, "", kinds)
    return Path(name) if name else None


def ask_save(parent: QWidget, title: str, kinds: str, suggested: str) -> Path | None:
    """Ask where to save; the suffix of `suggested` is added to a name without one."""
    name, _ = QFileDialog.getSaveFileName(parent, title, suggested, kinds)
    if not name:
        return None
    path = Path(name)
    return path if path.suffix else path.with_suffix(Path(suggested).suffix)


class Files(QObject):
    """The file behind the document, and the commands of the File menu.

    A command returns whether it was carried out (False: the user cancelled) and raises
    LayerwiseError when it could not be; then nothing has changed.
    """

    path_changed = Signal()
    done = Signal(str)  # a sentence on what was written or read

    def __init__(
        self, document: Document, training: Training, parent: QWidget, path: Path | None
    ) -> None:
        super().__init__(parent)
        self._document, self._training, self._window = document, training, parent
        self.path = path

    @property
    def name(self) -> str:
        """What the document is called in the title and in suggested file names."""
        return self.path.stem if self.path else default_name(self._document.project)

    def new(self) -> bool:
        if not self.may_discard():
            return False
        self._replace(Project(), None)
        return True

    def open(self, path: Path | None = None) -> bool:
        if not self.may_discard():
            return False
        path = path or ask_open(self._window, "Open project", PROJECTS)
        if path is None:
            return False
        self._replace(read_project(path), path)
        return True

    def save(self) -> bool:
        return self._write(self.path) if self.path else self.save_as()

    def save_as(self) -> bool:
        path = ask_save(self._window, "Save project", PROJECTS, f"{self.name}.json")
        return self._write(path) if path else False

    def export_weights(self) -> bool:
        snapshot = self._training.latest
        if snapshot is None:
            raise LayerwiseError("There are no weights yet: wait for the network to be ready.")
        path = ask_save(self._window, "Export weights", WEIGHTS, f"{self.name}-weights.npz")
        if path is None:
            return False
        write_weights(path, snapshot.project, snapshot.parameters())
        self.done.emit(
            f"Wrote the weights after iteration {snapshot.iteration:,} to {path.name};"
            " np.load opens it."
        )
        return True

    def export_table(self, array: Array, name: str) -> bool:
        """Write a matrix as CSV: its rows as lines."""
        path = ask_save(self._window, f"Export {name}", TABLES, f"{self.name}-{name}.csv")
        if path is None:
            return False
        write_array(path, array)
        self.done.emit(f"Wrote {name} {array.shape} to {path.name}.")
        return True

    def import_weights(self) -> bool:
        path = ask_open(self._window, "Import weights", WEIGHTS)
        if path is None:
            return False
        self._training.load_weights(read_weights(path, self._document.project.sizes()))
        self.done.emit(f"The network starts from the weights in {path.name} now.")
        return True

    def may_discard(self) -> bool:
        """Ask what to do with unsaved changes; False means: stay, nothing may be lost."""
        if self._document.undo_stack.isClean():
            return True
        buttons = QMessageBox.StandardButton
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setText(f"Save the changes to {self.name}?")
        box.setInformativeText("What is not saved is lost.")
        box.setStandardButtons(buttons.Save | buttons.Discard | buttons.Cancel)
        box.setDefaultButton(buttons.Save)
        answer = box.exec()
        if answer == buttons.Save:
            return self.save()
        return answer == buttons.Discard

    def _write(self, path: Path) -> bool:
        write_project(path, self._document.project)
        self._document.undo_stack.setClean()
        self._set_path(path)
        self.done.emit(f"Saved {path.name}.")
        return True

    def _replace(self, project: Project, path: Path | None) -> None:
        self._document.replace(project)
        self._training.reset()
        self._set_path(path)

    def _set_path(self, path: Path | None) -> None:
        self.path = path
        self.path_changed.emit()


def default_name(project: Project) -> str:
    """A name for what was never saved: flower-2-4-1."""
    return "-".join([project.data.source, *(str(n) for n in project.sizes())])
