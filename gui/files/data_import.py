"""Imports own data by dialog, drop or paste, as one undoable edit, and exports data."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from core import edits
from core.data.examples import training_of
from core.data.own import OwnData
from core.data.pixels import order_of, square_of
from core.data.table.examples import Account, Imported, examples, scales_differ
from core.data.table.frame import Format, guess
from core.data.table.source import Source, of_text
from core.errors import LayerwiseError
from core.files import disk
from core.files.course import read_h5
from core.files.own_data import (
    read_arrays,
    read_table,
    sort_of,
    training_first,
    write_arrays,
    write_table,
)
from core.progress import Progress
from core.training.data_source import whole
from gui.dialogs.job import Cancelled, Job, waited_for
from gui.dialogs.table import TableDialog
from gui.files.open_save import Files, ask_folder, ask_open_several, ask_save
from gui.model.document import Document
from gui.model.training import Training

if TYPE_CHECKING:
    from gui.dialogs.pictures import PicturesDialog

DATA = "Data (*.csv *.tsv *.txt *.tab *.dat *.data *.xlsx *.xlsm *.npz *.h5 *.hdf5);;All files (*)"
EXPORTED = "Tables (*.csv);;NumPy arrays X, Y (*.npz)"
_SAID = 3  # reasons in a message
SUGGESTED = (
    "Normalize inputs is on (Data): one input varies at least ten times as much as another, and the"
    " network learns as well from all of them."
)


class Imports(QObject):
    """The commands that import and export data; on a LayerwiseError nothing has changed.

    Errors of reading in a thread come later, with `failed`.
    """

    done = Signal(str)  # a sentence on the written or read file
    failed = Signal(object)  # the exception

    def __init__(
        self, document: Document, training: Training, files: Files, window: QWidget
    ) -> None:
        super().__init__(window)
        self._document, self._training, self._files = document, training, files
        self._window = window
        self.job: Job | None = None
        self.dialog: TableDialog | PicturesDialog | None = None

    # --- in --------------------------------------------------------------------------------------

    def import_file(self) -> None:
        paths = ask_open_several(self._window, self.tr("Import data"), DATA)
        if paths:
            self.open_dropped(paths)

    def import_folder(self) -> None:
        folder = ask_folder(self._window, self.tr("Import a folder of pictures"))
        if folder is not None:
            self._ask_pictures(folder)

    def paste(self) -> None:
        """Take a table from the clipboard, as a spreadsheet leaves it there."""
        text = QGuiApplication.clipboard().text()
        if not text.strip():
            raise LayerwiseError("There is no table in the clipboard: copy some cells first.")
        self._ask_table("Pasted table", lambda: [of_text(text, "Pasted table")])

    def open_dropped(self, paths: list[Path]) -> None:
        """Open dropped or chosen paths: a project, data or weights; two tables with the same
        columns, or two course files, are a training and a test set.
        """
        first, *others = paths
        sorts = {sort_of(path) for path in paths} if len(paths) == 2 else set()
        if sorts == {"h5"}:
            self._start(
                disk.shown(first.name), lambda progress: read_h5(first, *others, progress=progress)
            )
        elif sorts == {"table"}:
            self._ask_tables(*training_first(paths))
        elif others:
            raise LayerwiseError(
                f"{len(paths)} files were chosen: choose one at a time, two tables with the same"
                " columns, or the course's two .h5 files together."
            )
        else:
            self.import_path(first)

    def import_path(self, path: Path) -> None:
        """Open a file or folder of any supported kind."""
        match sort_of(path):
            case "project":
                self._files.open(path)
            case "weights":
                self._files.import_weights(path)
            case "table":
                self._ask_tables(path)
            case "arrays":
                name = disk.shown(path.name)
                self._start(name, lambda progress: read_arrays(path, progress), guesses=True)
            case "h5":
                name = disk.shown(path.name)
                self._start(name, lambda progress: read_h5(path, progress=progress))
            case "pictures":
                self._ask_pictures(path)

    def _ask_tables(self, *paths: Path) -> None:
        """Open the dialog for a table, or for two that are a training and a test set."""
        self._ask_table(disk.shown(paths[0].name), lambda: [read_table(p) for p in paths])

    def _ask_table(self, name: str, read: Callable[[], list[Source]]) -> None:
        def look(_progress: Progress) -> tuple[Format, list[Source]]:
            tables = read()
            return guess(tables[0]), tables

        try:
            format_, tables = waited_for(
                self._window, self.tr("Opening {name} …").format(name=name), look
            )
        except Cancelled:
            return
        title = tables[0].name
        dialog = TableDialog(self._window, tables[0], format_, *tables[1:])
        dialog.standardize_as_before(self._document.project.data.normalize)

        def take() -> None:
            grid, suggestion = dialog.grid, dialog.suggestion
            assert grid is not None
            assert suggestion is not None
            choice, gaps, data = dialog.choice, dialog.gaps, self._document.project.data
            self._start(
                title,
                lambda _: examples(
                    *(grid, suggestion, choice),
                    gaps=gaps,
                    training=lambda m: training_of(m, data.test_share, data.seed),
                ),
                normalize=dialog.normalize,
                guesses=True,
                dialog=dialog,
            )

        self._show(dialog, take)

    def _ask_pictures(self, folder: Path) -> None:
        from core.files.pictures import read_pictures  # late: Pillow takes time to import
        from gui.dialogs.pictures import PicturesDialog

        dialog = PicturesDialog(self._window, folder)

        def take() -> None:
            (height, width), colour = dialog.size_chosen, dialog.colour
            self._start(
                disk.shown(folder.name),
                lambda progress: read_pictures(
                    folder, height, width, colour=colour, progress=progress
                ),
                dialog=dialog,
            )

        self._show(dialog, take)

    def _show(self, dialog: TableDialog | PicturesDialog, take: Callable[[], None]) -> None:
        if self.dialog is not None:
            self.dialog.reject()
        self.dialog = dialog
        dialog.import_requested.connect(take)
        dialog.rejected.connect(self.close)  # Cancel also stops reading for this dialog
        dialog.finished.connect(self._forget_dialog)
        dialog.open()

    def _forget_dialog(self) -> None:
        if self.dialog is not None:
            if isinstance(self.dialog, TableDialog):
                self.dialog.forget()
            self.dialog.deleteLater()
            self.dialog = None

    def _start(
        self,
        name: str,
        work: Callable[[Progress], Imported],
        *,
        normalize: bool | None = None,
        guesses: bool = False,
        dialog: TableDialog | PicturesDialog | None = None,
    ) -> None:
        """Read in a thread, then choose the data; `guesses` the picture shape if the source has
        none. A dialog stays open until that is done, and shows errors.
        """
        self.close()
        job = Job(self._window, f"Reading {name} …", work)

        def choose(imported: object) -> None:
            if self._choose(cast(Imported, imported), normalize, guesses) and dialog is not None:
                dialog.accept()

        job.made.connect(choose)
        job.failed.connect(self._refuse if dialog is not None else self.failed)
        job.ended.connect(lambda: self._forget(job))
        self.job = job
        job.start()

    def _refuse(self, error: Exception) -> None:
        """Show a domain error in the dialog, if that is still open."""
        if self.dialog is not None and isinstance(error, LayerwiseError):
            self.dialog.refuse(str(error))
        else:
            self.failed.emit(error)

    def _forget(self, job: Job) -> None:
        if self.job is job:
            self.job = None

    def _choose(self, imported: Imported, normalize: bool | None, guesses: bool) -> bool:
        """Make these the project's data; returns whether that was possible."""
        own, before = imported.own, self._document.project
        after = edits.choose_own(before, own)
        suggested = normalize is None and not before.data.normalize and _differs(own)
        if normalize is not None or suggested:
            after = edits.with_data(after, normalize=suggested if normalize is None else normalize)
        self._training.bring(own)
        try:
            self._document.edit(self.tr("Choose data {origin}").format(origin=own.origin), after)
        except LayerwiseError as error:
            self._refuse(error)
            return False
        said = (
            f"Learning {own.origin}: {_size_words(own)}.",
            _shape_words(own, guesses),
            *_account_words(imported.account),
            edits.consequence(before, after),
            SUGGESTED if suggested else "",
        )
        self.done.emit(" ".join(words for words in said if words))
        return True

    # --- out -------------------------------------------------------------------------------------

    def export_data(self) -> bool:
        """Export the examples before any split or standardization."""
        own = whole(self._document.project, self._training.own)
        suggested = f"{self._files.name}-data.csv"
        path = ask_save(self._window, self.tr("Export data"), EXPORTED, suggested)
        if path is None:
            return False
        write = write_arrays if path.suffix.lower() == ".npz" else write_table
        try:
            waited_for(
                self._window,
                self.tr("Writing {name} …").format(name=disk.shown(path.name)),
                lambda progress: write(path, own, progress),
            )
        except Cancelled:
            return False
        self.done.emit(
            self.tr("Wrote {examples} to {name}.").format(
                examples=_examples(own.m), name=disk.shown(path.name)
            )
        )
        return True

    def close(self) -> None:
        """Stop reading."""
        if self.job is not None:
            self.job.close()
            self.job = None


def _size_words(own: OwnData) -> str:
    inputs = "1 input" if len(own.X) == 1 else f"{len(own.X):,} inputs"
    examples = _examples(own.m)
    test = f", {own.test_examples:,} of them for testing" if own.test_examples else ""
    return f"{examples} with {inputs}{test}"


def _account_words(account: Account) -> list[str]:
    """Sentences on what was left out, filled in and divided."""
    said = list(account.notes)
    if count := account.rows_left_out:
        reasons = [why if n == 1 else f"{why} ({n:,})" for why, n in account.left_out.items()]
        were = "1 was" if count == 1 else f"{count:,} were"
        said.append(f"{were} left out: {_listed(reasons)}.")
    if account.filled:
        gaps = [f"{name} ({n:,})" for name, n in account.filled.items()]
        said.append(f"Gaps were filled with the mean of the training examples: {_listed(gaps)}.")
    if account.divided_by is not None:
        said.append(f"The pixels were divided by {account.divided_by:g}.")
    return said


def _listed(reasons: list[str]) -> str:
    rest = len(reasons) - _SAID
    return "; ".join(reasons[:_SAID]) + (f"; and {rest:,} more reasons" if rest > 0 else "")


def _differs(own: OwnData) -> bool:
    """Whether to suggest standardizing, for an import without a dialog."""
    return own.picture is None and scales_differ(own.X)


def _shape_words(own: OwnData, guesses: bool) -> str:
    """Says which inputs are taken for pictures, and by which rule; empty if none."""
    if own.picture is None:
        return ""
    said = f"Each example is shown as a picture of {order_of(own.picture)}"
    if not guesses or own.picture != square_of(own.X):
        return f"{said}."
    fits = f"its {len(own.X):,} numbers from 0 to 1 fit a square"
    return f"{said}: {fits}. To override this, add an array named `picture` to the .npz."


def _examples(m: int) -> str:
    return "1 example" if m == 1 else f"{m:,} examples"
