"""Own data: imported by dialog, drop or paste, chosen as one undoable edit, and exported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from core import edits
from core.data import delimited
from core.data.own import OwnData, drawn
from core.data.pixels import order_of, square_of
from core.errors import LayerwiseError
from core.files import disk
from core.files.course import read_h5
from core.files.own_data import read_arrays, read_table, sort_of, write_arrays, write_table
from core.files.pictures import read_pictures
from core.progress import Progress
from gui.dialogs.job import Cancelled, Job, waited_for
from gui.dialogs.pictures import PicturesDialog
from gui.dialogs.table import TableDialog
from gui.files.open_save import Files, ask_open, ask_save
from gui.model.document import Document
from gui.model.training import Training

DATA = "Data (*.csv *.tsv *.txt *.tab *.dat *.npz *.h5 *.hdf5);;All files (*)"
EXPORTED = "Tables (*.csv);;NumPy arrays X, Y (*.npz)"


def ask_folder(parent: QWidget) -> Path | None:
    """Ask for a folder of pictures; None when the user thinks better of it."""
    name = QFileDialog.getExistingDirectory(parent, "Import a folder of pictures")
    return Path(name) if name else None


class Imports(QObject):
    """The commands that bring data in and out; each raises LayerwiseError having changed nothing.

    What is read in a thread comes later: then `failed` has the exception.
    """

    done = Signal(str)  # a sentence on what was written or read
    failed = Signal(object)  # the exception

    def __init__(
        self, document: Document, training: Training, files: Files, window: QWidget
    ) -> None:
        super().__init__(window)
        self._document, self._training, self._files = document, training, files
        self._window = window
        self._job: Job | None = None
        self.dialog: TableDialog | PicturesDialog | None = None

    # --- in --------------------------------------------------------------------------------------

    def import_file(self) -> None:
        path = ask_open(self._window, "Import data", DATA)
        if path is not None:
            self.import_path(path)

    def import_folder(self) -> None:
        folder = ask_folder(self._window)
        if folder is not None:
            self._ask_pictures(folder)

    def paste(self) -> None:
        """Take a table from the clipboard, as a spreadsheet leaves it there."""
        text = QGuiApplication.clipboard().text()
        if not text.strip():
            raise LayerwiseError("There is no table in the clipboard: copy some cells first.")
        self._ask_table(delimited.of_text(text, "Pasted table"))

    def open_dropped(self, paths: list[Path]) -> None:
        """Open what was dropped on the window: a project, data or weights; of two course files
        the one with the training set and the one with the test set.
        """
        first, *others = paths
        if len(others) == 1 and {sort_of(path) for path in paths} == {"h5"}:
            self._start(disk.shown(first.name), lambda _: read_h5(first, *others))
        elif others:
            raise LayerwiseError(
                f"{len(paths)} files were dropped: drop one at a time, or the course's two .h5"
                " files together."
            )
        else:
            self.import_path(first)

    def import_path(self, path: Path) -> None:
        """Open whatever a file or folder is."""
        match sort_of(path):
            case "project":
                self._files.open(path)
            case "weights":
                self._files.import_weights(path)
            case "table":
                self._ask_table(read_table(path))
            case "arrays":
                name = disk.shown(path.name)
                self._start(name, lambda progress: read_arrays(path, progress), guesses=True)
            case "h5":
                self._start(disk.shown(path.name), lambda _: read_h5(path))
            case "pictures":
                self._ask_pictures(path)

    def _ask_table(self, source: delimited.Source) -> None:
        dialog = TableDialog(self._window, source)
        dialog.normalize_box.setChecked(self._document.project.data.normalize)

        def take() -> None:
            format_, choice = dialog.format, dialog.choice
            self._start(
                source.name,
                lambda _: delimited.examples(source, format_, choice),
                normalize=dialog.normalize,
                guesses=True,
            )

        self._show(dialog, take)

    def _ask_pictures(self, folder: Path) -> None:
        dialog = PicturesDialog(self._window, folder)

        def take() -> None:
            (height, width), colour = dialog.size_chosen, dialog.colour
            self._start(
                disk.shown(folder.name),
                lambda progress: read_pictures(
                    folder, height, width, colour=colour, progress=progress
                ),
            )

        self._show(dialog, take)

    def _show(self, dialog: TableDialog | PicturesDialog, take: Callable[[], None]) -> None:
        if self.dialog is not None:
            self.dialog.reject()
        self.dialog = dialog
        dialog.accepted.connect(take)
        dialog.finished.connect(self._forget_dialog)
        dialog.open()

    def _forget_dialog(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    def _start(
        self,
        name: str,
        work: Callable[[Progress], OwnData],
        *,
        normalize: bool | None = None,
        guesses: bool = False,
    ) -> None:
        """Read in a thread, then choose what was read; a source that does not say what is a picture
        `guesses`.
        """
        self.close()
        job = Job(self._window, f"Reading {name} …", work)
        job.made.connect(lambda own: self._choose(cast(OwnData, own), normalize, guesses))
        job.failed.connect(self.failed)
        job.ended.connect(lambda: self._forget(job))
        self._job = job
        job.start()

    def _forget(self, job: Job) -> None:
        if self._job is job:
            self._job = None

    def _choose(self, own: OwnData, normalize: bool | None, guesses: bool) -> None:
        before = self._document.project
        after = edits.choose_own(before, own)
        if normalize is not None:
            after = edits.with_data(after, normalize=normalize)
        self._training.bring(own)
        try:
            self._document.edit(f"Choose data {own.origin}", after)
        except LayerwiseError as error:
            self.failed.emit(error)
            return
        size = f"{own.m:,} examples with {len(own.X):,} input{'s' if len(own.X) > 1 else ''}"
        said = (
            f"Learning {own.origin}: {size}.",
            _shape_words(own, guesses),
            edits.consequence(before, after),
        )
        self.done.emit(" ".join(words for words in said if words))

    # --- out -------------------------------------------------------------------------------------

    def export_data(self) -> bool:
        """Write the examples as they are, before any split or standardization."""
        data = self._document.project.data
        own = self._training.own or drawn(
            data.source, data.examples, data.noise, data.seed, data.options, data.balance
        )
        suggested = f"{self._files.name}-data.csv"
        path = ask_save(self._window, "Export data", EXPORTED, suggested)
        if path is None:
            return False
        write = write_arrays if path.suffix.lower() == ".npz" else write_table
        try:
            waited_for(
                self._window,
                f"Writing {disk.shown(path.name)} …",
                lambda progress: write(path, own, progress),
            )
        except Cancelled:
            return False
        said = f"Wrote {own.m:,} examples to {disk.shown(path.name)}."
        if write is write_table and own.picture not in (None, square_of(own.X)):
            said += " A table does not say that they are pictures: export as .npz to keep that."
        self.done.emit(said)
        return True

    def close(self) -> None:
        """Let go of what is being read."""
        if self._job is not None:
            self._job.close()
            self._job = None


def _shape_words(own: OwnData, guesses: bool) -> str:
    """What is taken for pictures, and by which rule; empty if nothing is."""
    if own.picture is None:
        return ""
    said = f"Each is shown as a picture of {order_of(own.picture)}"
    if not guesses or own.picture != square_of(own.X):
        return f"{said}."
    fits = f"its {len(own.X):,} numbers from 0 to 1 fit a square"
    return f"{said}: {fits}. An array `picture` in a .npz says otherwise."
