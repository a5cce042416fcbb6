"""The dialog for a picture's size and background; saves it or copies it to the clipboard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QDialog, QFormLayout, QWidget

from core.files import disk
from gui.files.open_save import ask_save
from gui.style import text
from gui.style.theme import BODY, DARK, LIGHT, Palette
from gui.widgets import labels
from gui.widgets.boxes import ChoiceBox, CountBox
from gui.widgets.buttons import button
from gui.widgets.rows import in_column, in_row

PICTURES = "Picture (*.png);;Drawing (*.svg);;Document (*.pdf)"
SMALLEST, WIDEST = 120, 8000  # px of a saved picture
SCALES = (1.0, 1.5, 2.0, 3.0, 4.0)
GROUNDS = {"White": LIGHT, "Dark": DARK}
ABOUT = (
    "A .png is made of pixels. A .svg or .pdf stays sharp at any size, and its text can be edited."
)


@dataclass(frozen=True, slots=True, eq=False)
class PictureSubject:
    """The subject of a picture: `title` for people, `name` for its file.

    `size` is its size on the screen. `make(suffix, size, scale, palette)` gives the bytes of a
    file, with everything in it `scale` times as large as on the screen; without `tall`, it computes
    its own height.
    """

    title: str
    name: str
    size: QSize
    make: Callable[[str, QSize, float, Palette], bytes]
    tall: bool = True


class PictureDialog(QDialog):
    """Offers these subjects, with `first` chosen; a single one leaves no choice."""

    def __init__(self, window: QWidget, subjects: Sequence[PictureSubject], first: int = 0) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Save picture"))
        self._subjects = tuple(subjects)
        self.subject = ChoiceBox()
        for subject in self._subjects:
            self.subject.addItem(subject.title)
        self.across, self.down = _box(), _box()
        self.scale = ChoiceBox()
        for scale in SCALES:
            self.scale.addItem(text.percent(scale, 0), scale)
        self.scale.setCurrentIndex(SCALES.index(2.0))
        self.ground = ChoiceBox()
        for words in GROUNDS:
            self.ground.addItem(words)
        self._lay_out()
        self.subject.currentIndexChanged.connect(self._on_subject)
        self.subject.setCurrentIndex(first)
        self._on_subject()

    def _lay_out(self) -> None:
        self._form = QFormLayout()
        self._form.setSpacing(10)
        for words, field in (
            (self.tr("Picture of"), self.subject),
            (self.tr("Width"), self.across),
            (self.tr("Height"), self.down),
            (self.tr("Size of text and lines"), self.scale),
            (self.tr("Background"), self.ground),
        ):
            field.setAccessibleName(words)
            self._form.addRow(labels.label(words, BODY, tone="muted"), field)
        self._form.setRowVisible(self.subject, len(self._subjects) > 1)
        about = labels.label(self.tr(ABOUT), BODY, tone="muted", wrap=True)
        self.copy_button = button(self.tr("Copy"), tip=self.tr("Copy the picture to the clipboard"))
        self.cancel_button = button(self.tr("Cancel"))
        self.save_button = button(self.tr("Save…"), "primary")
        self.copy_button.clicked.connect(self.copy)
        self.cancel_button.clicked.connect(self.reject)
        self.save_button.clicked.connect(self.save)
        self.save_button.setDefault(True)
        end = in_row(self.copy_button, None, self.cancel_button, self.save_button)
        in_column(self._form, about, None, end, on=self, margins=(20, 18, 20, 16), spacing=14)

    @property
    def chosen(self) -> PictureSubject:
        """The chosen subject."""
        return self._subjects[self.subject.currentIndex()]

    def _on_subject(self, *_: object) -> None:
        """Begin with twice the size on the screen, which is sharp on paper."""
        size = self.chosen.size
        self.across.setValue(2 * size.width())
        self.down.setValue(2 * size.height())
        self._form.setRowVisible(self.down, self.chosen.tall)

    def _made(self, suffix: str) -> bytes:
        size = QSize(self.across.value(), self.down.value())
        scale: float = self.scale.currentData()
        return self.chosen.make(suffix, size, scale, GROUNDS[self.ground.currentText()])

    def save(self) -> None:
        """Ask for a file, and write it."""
        title = self.tr("Save picture")
        path = ask_save(self, title, PICTURES, f"{self.chosen.name}.png")
        if path is not None:
            disk.replace(path, self._made(path.suffix.lower()))
            self.accept()

    def copy(self) -> None:
        """Copy the picture to the clipboard: as pixels, and as a drawing for programs that accept
        one.
        """
        clipboard = QApplication.clipboard()
        # The clipboard's own data, with a format more: Qt destroys it after Python has ended, and
        # with data made here the process would crash then.
        clipboard.setImage(QImage.fromData(self._made(".png")))
        clipboard.mimeData().setData("image/svg+xml", self._made(".svg"))
        self.accept()


def _box() -> CountBox:
    box = CountBox()
    box.setRange(SMALLEST, WIDEST)
    box.setSuffix(" px")
    return box
