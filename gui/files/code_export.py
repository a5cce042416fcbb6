"""The command that writes a project as code: a NumPy script or a notebook that prints its costs."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from core.export.script import export
from core.export.writing import write
from core.files import disk
from core.training.data_source import split_of
from gui.dialogs.job import Cancelled, waited_for
from gui.files.open_save import Files, ask_save
from gui.model.document import Document
from gui.model.training import Training

KINDS = "NumPy script (*.py);;Jupyter notebook (*.ipynb)"


class CodeExport(QObject):
    """Writes what is built and how it is trained, from the run's start."""

    done = Signal(str)  # a sentence on what was written

    def __init__(
        self, document: Document, training: Training, files: Files, window: QWidget
    ) -> None:
        super().__init__(window)
        self._document, self._training, self._files = document, training, files
        self._window = window

    def export(self) -> None:
        """Ask where to, and write; raises LayerwiseError where that is not possible."""
        project, own = self._document.project, self._training.own
        path = ask_save(self._window, self.tr("Export code"), KINDS, f"{self._files.name}.py")
        if path is None:
            return
        start = self._training.start

        def work(_progress: object) -> list[str]:
            split = split_of(project, own)
            made = export(project, split, start, own, path.stem, f"{path.stem}.data.npz")
            return [one.name for one in write(made, path)]

        try:
            written = waited_for(self._window, f"Writing {disk.shown(path.name)} …", work)
        except Cancelled:
            return
        names = " and ".join(disk.shown(name) for name in written)
        self.done.emit(f"Wrote {names}. It needs NumPy alone and prints the costs of this run.")
