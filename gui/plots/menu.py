"""The context menu of a plot: zoom, copy, save as picture or numbers."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QMenu,
    QVBoxLayout,
    QWidget,
)

from core.files import disk
from gui.files.open_save import ask_save
from gui.plots.export import Plot, encoded, image_of, table
from gui.style.theme import BODY, theme
from gui.widgets import labels
from gui.widgets.boxes import ChoiceBox, CountBox
from gui.widgets.buttons import button

PICTURES = "Picture (*.png);;Drawing (*.svg);;Document (*.pdf)"
NUMBERS = "Numbers (*.csv)"
SMALLEST, WIDEST = 120, 8000  # px of a saved picture
SCALES = (1.0, 1.5, 2.0, 3.0, 4.0)
COPIED = 2.0  # how many times as large as on the screen a picture is copied


def open_menu(chart: Plot, at: QPoint) -> None:
    """Open the menu of a plot here."""
    menu_of(chart).popup(at)


def menu_of(chart: Plot) -> QMenu:
    """The menu as the plot is now; made anew each time, so that nothing of it is left behind."""
    menu = QMenu(chart.window())
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box, has_numbers = chart.box, bool(chart.numbers())
    menu.addAction("Show all\t0", chart.show_all).setEnabled(box.zoomed)
    menu.addAction("Zoom in\t+", lambda: box.zoom(0.5))
    menu.addAction("Zoom out\t-", lambda: box.zoom(2.0)).setEnabled(box.zoomed)
    if box.left_drags:
        for words, mode in (("Drag to pan", box.PanMode), ("Drag to zoom", box.RectMode)):
            action = QAction(words, menu, checkable=True, checked=box.state["mouseMode"] == mode)
            action.triggered.connect(lambda _checked, mode=mode: box.setMouseMode(mode))
            menu.addAction(action)
    menu.addSeparator()
    menu.addAction("Copy picture", lambda: copy_picture(chart))
    menu.addAction("Save picture…", lambda: ask_picture(chart))
    menu.addSeparator()
    menu.addAction("Copy numbers", lambda: copy_numbers(chart)).setEnabled(has_numbers)
    menu.addAction("Save numbers…", lambda: save_numbers(chart)).setEnabled(has_numbers)
    return menu


def ask_picture(chart: Plot) -> PictureDialog:
    """Ask how large the picture is to be, and where to save it."""

    def make(suffix: str, size: QSize, scale: float, white: bool) -> bytes:
        return encoded(chart, suffix, size, scale, white=white)

    dialog = PictureDialog(chart.window(), _file_name(chart), chart.size(), make)
    dialog.open()
    return dialog


def copy_picture(chart: Plot) -> None:
    """Put the plot on the clipboard, sharp enough for a document."""
    QApplication.clipboard().setImage(image_of(chart, chart.size() * COPIED, COPIED))


def copy_numbers(chart: Plot) -> None:
    """Put the numbers on the clipboard, as a spreadsheet takes them."""
    QApplication.clipboard().setText(table(chart.numbers(), separator="\t"))


def save_numbers(chart: Plot) -> None:
    """Ask for a file, and write the numbers into it."""
    path = ask_save(chart.window(), "Save numbers", NUMBERS, f"{_file_name(chart)}.csv")
    if path is not None:
        disk.replace(path, table(chart.numbers()).encode())


def _file_name(chart: Plot) -> str:
    words = "".join(c if c.isalnum() else " " for c in chart.accessibleName().lower()).split()
    return "-".join(words) or "plot"


class PictureDialog(QDialog):
    """Asks how large the picture is to be, and, if it has `grounds`, on which; then where to save
    it. `make(suffix, size, scale, white)` gives the bytes of the file; `size` is that of the
    picture on the screen.
    """

    def __init__(
        self,
        window: QWidget,
        name: str,
        size: QSize,
        make: Callable[[str, QSize, float, bool], bytes],
        *,
        grounds: bool = True,
    ) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Save picture")
        self._name, self._make = name, make
        self.across, self.down = _box(2 * size.width()), _box(2 * size.height())
        self.scale = ChoiceBox()
        for scale in SCALES:
            self.scale.addItem(f"{scale:.0%}", scale)
        self.scale.setCurrentIndex(SCALES.index(2.0))
        self.white = QCheckBox("White background")
        self.white.setChecked(True)
        self.white.setVisible(grounds and theme().palette.name != "light")
        self._lay_out()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setSpacing(10)
        for words, field in (
            ("Width", self.across),
            ("Height", self.down),
            ("Size of text and lines", self.scale),
        ):
            field.setAccessibleName(words)
            form.addRow(labels.label(words, BODY, tone="muted"), field)
        form.addRow(self.white)
        about = labels.label(
            "A .png is made of pixels. A .svg or .pdf stays sharp at any size, and its text can be"
            " edited.",
            BODY,
            tone="muted",
        )
        about.setWordWrap(True)
        end = QHBoxLayout()
        end.addStretch(1)
        cancel, save = button("Cancel"), button("Save…", "primary")
        cancel.clicked.connect(self.reject)
        save.clicked.connect(self._save)
        save.setDefault(True)
        end.addWidget(cancel)
        end.addWidget(save)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(20, 18, 20, 16)
        whole.setSpacing(14)
        whole.addLayout(form)
        whole.addWidget(about)
        whole.addStretch(1)
        whole.addLayout(end)

    def _save(self) -> None:
        path = ask_save(self, "Save picture", PICTURES, f"{self._name}.png")
        if path is None:
            return
        size = QSize(self.across.value(), self.down.value())
        suffix, scale = path.suffix.lower(), self.scale.currentData()
        content = self._make(suffix, size, scale, self.white.isChecked())
        disk.replace(path, content)
        self.accept()


def _box(value: int) -> CountBox:
    box = CountBox()
    box.setRange(SMALLEST, WIDEST)
    box.setValue(value)
    box.setSuffix(" px")
    return box
