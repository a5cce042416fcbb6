"""The page of one picture: which number of the column is which pixel, for any order of axes."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from core.labs.pictures import (
    AXES,
    IN_MEMORY,
    Album,
    AxisOrder,
    code_of,
    place_of,
    row_of,
)
from gui.labs.paragraph import paragraph
from gui.labs.picture.plot import PicturePlot
from gui.parts import Named
from gui.style import text
from gui.style.theme import BODY, dress, mono_font, sized
from gui.widgets.captioned import Captioned
from gui.widgets.menu_button import MenuButton
from gui.widgets.rows import in_column, in_flow
from gui.widgets.whole_field import WholeField

PLOT_HEIGHT = 180  # px


class OnePicture(QWidget):
    """Emits `done` with "pixel" or "order" when that was tried."""

    done = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._album: Album | None = None
        self._k = 0
        self.order: AxisOrder = IN_MEMORY
        self.plot = PicturePlot()
        sized(self.plot, "setMinimumHeight", PLOT_HEIGHT)
        self.plot.setToolTip(
            self.tr("Hover a pixel or a row; arrow keys move, Page Up and Down change the channel")
        )
        names = (self.tr("Slowest"), self.tr("Then"), self.tr("Fastest"))
        axes = {str(i): name for i, name in enumerate(AXES)}
        self.axes = [MenuButton(name, axes, str(i)) for i, name in enumerate(names)]
        self.number = WholeField(self.tr("Picture"), 1, 1)
        self.row = WholeField(self.tr("Row of the column"), 1, 1)
        self.code, self.said = paragraph(), paragraph()
        dress(self.code, mono_font, BODY)
        self._lay_out()
        for i, axis in enumerate(self.axes):
            axis.set_tight(True)
            axis.setToolTip(self.tr("In which order the numbers of a picture become a column"))
            axis.chosen.connect(lambda value, i=i: self._set_axis(i, int(value)))
        self.number.setToolTip(self.tr("Which picture; up and down show the next ones"))
        self.row.setToolTip(self.tr("Which row of the column is lit"))
        self.number.edited.connect(self._show_number)
        self.row.edited.connect(lambda row: self._go(row - 1))
        self.plot.moved.connect(self._on_moved)

    def _lay_out(self) -> None:
        number, row = (
            Captioned(self.tr("Picture"), self.number),
            Captioned(self.tr("Row"), self.row),
        )
        top = in_flow(number, row, *self.axes, gap=10)
        in_column(top, self.code, (self.plot, 1), self.said, on=self, margins=0)

    def named_parts(self) -> Mapping[str, Named]:
        """Its controls for the registry of parts."""
        return {
            "number": Named(self.number, self.tr("Number of the picture")),
            "row": Named(self.row, self.tr("Row of the column")),
            **{
                f"order[{i}]": Named(axis, self.tr("Order of the axes, {} of 3").format(i))
                for i, axis in enumerate(self.axes, start=1)
            },
            "plot": Named(self.plot, self.tr("Picture and column")),
        }

    def show_album(self, album: Album, k: int = 0) -> None:
        """Show picture k of these, from 0."""
        self._album, self._k = album, k
        height, width, channels = album.picture
        self.number.set_most(album.m)
        self.row.set_most(height * width * channels)
        self._show(min(self.plot.row, height * width * channels - 1))

    # --- actions ----------------------------------------------------------------------------

    def _set_axis(self, i: int, axis: int) -> None:
        """Put an axis there; the one that was there takes its place. The pixel stays."""
        assert self._album is not None
        shape = self._album.picture
        place = place_of(self.plot.row, shape, self.order)
        order = list(self.order)
        j = order.index(axis)
        order[i], order[j] = order[j], order[i]
        self.order = order[0], order[1], order[2]
        self._show(row_of(place, shape, self.order))
        self.done.emit("order")

    def _show_number(self, number: int) -> None:
        self._k = number - 1
        self._show(self.plot.row)

    def _go(self, row: int) -> None:
        self._show(row)
        self.done.emit("pixel")

    def _on_moved(self, row: int) -> None:
        self._say(row)
        self.done.emit("pixel")

    # --- display ---------------------------------------------------------------------------

    def _show(self, row: int) -> None:
        assert self._album is not None
        self.number.set_value(self._k + 1)
        for axis, which in zip(self.axes, self.order, strict=True):
            axis.set_value(str(which))
        self.code.setText(f"x = {code_of(self.order)}")
        picture = self._album.sets[0][self._k]
        self.plot.show_picture(picture, self.order, row)
        self._say(row)

    def _say(self, row: int) -> None:
        assert self._album is not None
        self.row.set_value(row + 1)
        y, x, c = place_of(row, self._album.picture, self.order)
        value = text.plain(float(self._album.sets[0][self._k][y, x, c]), 4)
        words = self.tr("Row {row} of the column is the pixel in row {y}, column {x}{c}: {value}.")
        channel = self.tr(", channel {}").format(c + 1) if self._album.picture[2] > 1 else ""
        said = words.format(row=text.count(row + 1), y=y + 1, x=x + 1, c=channel, value=value)
        self.said.setText(said)
        self.plot.setAccessibleName(self.tr("Picture and column. {}").format(said))
