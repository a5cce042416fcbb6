"""The commands that write a project as code that prints its costs, or as a model that predicts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from core.errors import LayerwiseError
from core.export import onnx
from core.export.script import Exported, export
from core.export.torch_script import export_torch
from core.export.writing import MODEL, write
from core.files import disk
from core.training.data_source import split_of
from gui.dialogs.job import Cancelled, waited_for
from gui.files.open_save import Files, ask_save
from gui.model.document import Document
from gui.model.training import Training

TORCH_KINDS = "PyTorch script (*.py);;Jupyter notebook (*.ipynb)"
KINDS = "NumPy script (*.py);;Jupyter notebook (*.ipynb)"


class CodeExport(QObject):
    """Exports the network and its training, from the run's start."""

    done = Signal(str)  # a sentence on the written file

    def __init__(
        self, document: Document, training: Training, files: Files, window: QWidget
    ) -> None:
        super().__init__(window)
        self._document, self._training, self._files = document, training, files
        self._window = window

    def export(self) -> None:
        """Ask for a file, and write it; raises LayerwiseError on failure."""
        self._write_code(self.tr("Export code"), KINDS, "", export)

    def torch(self) -> None:
        """The same for PyTorch."""
        self._write_code(self.tr("Export PyTorch code"), TORCH_KINDS, "-torch", export_torch)

    def _write_code(
        self, title: str, kinds: str, ending: str, make: Callable[..., Exported]
    ) -> None:
        project, own = self._document.project, self._training.own
        path = ask_save(self._window, title, kinds, f"{self._files.name}{ending}.py")
        if path is None:
            return
        start = self._training.start

        def work(_progress: object) -> list[str]:
            split = split_of(project, own)
            made = make(project, split, start, own, path.stem, f"{path.stem}.data.npz")
            return [one.name for one in write(made, path)]

        written = self._waited_for(path, work)
        if written is not None:
            names = " and ".join(disk.shown(name) for name in written)
            needs = "PyTorch and NumPy" if ending else "NumPy alone"
            self.done.emit(
                self.tr("Wrote {names}. It needs {needs} and prints the costs of this run.").format(
                    names=names, needs=needs
                )
            )

    def model(self) -> None:
        """Ask for a file, and write the network with its current parameters as an ONNX model."""
        snapshot = self._training.latest
        if snapshot is None:
            raise LayerwiseError("There are no weights yet: wait for the network to be ready.")
        kinds, name = "ONNX model (*.onnx)", f"{self._files.name}{MODEL}"
        path = ask_save(self._window, self.tr("Export ONNX"), kinds, name)
        if path is None:
            return

        def work(_progress: object) -> list[str]:
            split, p = snapshot.split, snapshot.parameters()
            disk.replace(path, onnx.model(snapshot.project, split, p, path.stem))
            return [path.name]

        if self._waited_for(path, work) is not None:
            self.done.emit(
                self.tr(
                    "Wrote the network after iteration {iteration:,} to {name}. Its input x"
                    " has an example in each row; features and normalization are part of the"
                    " model."
                ).format(iteration=snapshot.iteration, name=disk.shown(path.name))
            )

    def _waited_for(self, path: Path, work: Callable[[object], list[str]]) -> list[str] | None:
        try:
            return waited_for(
                self._window, self.tr("Writing {name} …").format(name=disk.shown(path.name)), work
            )
        except Cancelled:
            return None
