"""The context menu of a plot: zoom, copy, save as picture or numbers."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QMenu

from core.files import disk
from gui.files.open_save import ask_save
from gui.paper.dialog import PictureDialog, PictureSubject
from gui.plots.export import Plot, encoded, image_of, table
from gui.style.text import tr

NUMBERS = "Numbers (*.csv)"
COPIED = 2.0  # how many times as large as on the screen a picture is copied


def open_menu(chart: Plot, at: QPoint) -> None:
    """Open the menu of a plot here."""
    menu_of(chart).popup(at)


def menu_of(chart: Plot) -> QMenu:
    """The menu for the plot's current state; created each time, so that nothing of it is left
    behind.
    """
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
    """Ask for the size of the picture, and for its file."""
    subject = PictureSubject(
        chart.accessibleName(), _file_name(chart), chart.size(), partial(encoded, chart)
    )
    dialog = PictureDialog(chart.window(), [subject])
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
    path = ask_save(chart.window(), tr("Save numbers"), NUMBERS, f"{_file_name(chart)}.csv")
    if path is not None:
        disk.replace(path, table(chart.numbers()).encode())


def _file_name(chart: Plot) -> str:
    words = "".join(c if c.isalnum() else " " for c in chart.accessibleName().lower()).split()
    return "-".join(words) or "plot"
