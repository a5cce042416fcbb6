"""The import dialog for folders of pictures: size, colour or grey."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QDialog, QWidget

from core.errors import LayerwiseError
from core.files import disk
from core.files.pictures import MAX_SIDE, USUAL, suggested_size
from gui.style import text
from gui.style.theme import BODY
from gui.widgets import labels
from gui.widgets.boxes import CountBox
from gui.widgets.buttons import button
from gui.widgets.rows import in_column, in_row, put


class PicturesDialog(QDialog):
    """Asks for the size, suggesting the files' own; emits `import_requested` when `size_chosen` and
    `colour` are set.

    It stays open until it is accepted or rejected from outside.
    """

    import_requested = Signal()

    def __init__(self, parent: QWidget, folder: Path) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Import pictures"))
        self.folder = folder
        self.width_box, self.height_box = self._side("Width"), self._side("Height")
        self.colour_box = QCheckBox(self.tr("In colour (off: grey)"))
        self.colour_box.setChecked(True)
        self.problem = labels.label("", BODY, tone="error", wrap=True)
        self.problem.hide()
        self.note = labels.label("", BODY, wrap=True)
        for changed in (
            self.width_box.valueChanged,
            self.height_box.valueChanged,
            self.colour_box.toggled,
        ):
            changed.connect(self._show_order)
        self._lay_out()
        self._suggest()
        self._show_order()

    @property
    def size_chosen(self) -> tuple[int, int]:
        """(height, width) in pixels."""
        return self.height_box.value(), self.width_box.value()

    @property
    def colour(self) -> bool:
        """Whether red, green and blue are kept apart."""
        return self.colour_box.isChecked()

    def refuse(self, sentence: str) -> None:
        """Say why the pictures cannot be imported with these choices."""
        self.problem.setText(sentence)
        self.problem.show()

    def _suggest(self) -> None:
        """The size of the files, and grey if they are grey."""
        try:
            height, width, colour = suggested_size(self.folder)
        except LayerwiseError as error:
            self.refuse(str(error))
            return
        self.height_box.setValue(height)
        self.width_box.setValue(width)
        self.colour_box.setChecked(colour)

    def _side(self, name: str) -> CountBox:
        box = CountBox()
        box.setRange(1, MAX_SIDE)
        box.setValue(USUAL)
        box.setSuffix(" px")
        box.setAccessibleName(name)
        return box

    def _lay_out(self) -> None:
        layout = in_column(
            labels.title(disk.shown(self.folder.name)),
            on=self,
            margins=(20, 18, 20, 16),
            spacing=12,
        )
        about = self.tr("Each folder in it is a class, each picture in that an example.")
        layout.addWidget(labels.label(about, BODY, tone="muted"))
        row = in_row(
            labels.label(self.tr("Width"), BODY, tone="muted"),
            self.width_box,
            labels.label(self.tr("Height"), BODY, tone="muted"),
            self.height_box,
            8,
            self.colour_box,
            None,
            spacing=8,
        )
        put(layout, row, self.note, self.problem, None)
        cancel, accept = button(self.tr("Cancel")), button(self.tr("Import"), "primary")
        cancel.clicked.connect(self.reject)
        accept.clicked.connect(self.import_requested)
        accept.setDefault(True)
        self.import_button = accept
        end = in_row(None, cancel, accept, spacing=8)
        layout.addLayout(end)
        self.resize(560, 260)

    def _show_order(self) -> None:
        self.problem.hide()
        self.note.setText(pixel_order(*self.size_chosen, self.colour))


def pixel_order(height: int, width: int, colour: bool) -> str:
    """How a picture becomes a column of X, in a sentence or two."""
    channels = 3 if colour else 1
    numbers = text.count(height * width * channels)
    within = " of each pixel red, green, blue" if colour else " one grey number a pixel"
    product = f"{width} × {height}" + (" × 3" if colour else "")
    return (
        f"A picture becomes a column of {product} = {numbers} numbers from 0 to 1: row by row from"
        f" the top, in each row from the left,{within}. That is reshape(m, -1).T / 255, as in"
        " the course."
    )
