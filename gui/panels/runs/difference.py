"""Shows where two runs predict differently: their pictures of the plane, subtracted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray
from PySide6.QtCore import QMarginsF, QSize, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from core.data.datasets import DataKind
from core.edits import kind_of_labels
from core.limits import clip
from core.look.plane import Plane
from core.nn.activations import Array
from core.project import DataSettings
from core.runs import EndedRun
from core.span import levels
from gui.panels.runs.model import title_of
from gui.plots.around import PlotOrSentence
from gui.plots.contour import between
from gui.plots.pixels import painted
from gui.plots.plane_plot import PlanePicture, PlanePlot
from gui.plots.prediction import THRESHOLD, boundary_lines
from gui.style import text
from gui.style.theme import Palette, class_colours, image, theme
from gui.widgets import labels
from gui.widgets.rows import in_column

NO_PICTURE = "One of these runs has no stored predictions, so they cannot be compared."
OTHER_DATA = "The two runs used different data, so their plots cannot be compared."
OTHER_OUTPUTS = "The two runs have different outputs, so their plots cannot be subtracted."
SAME = -1
OTHERS = "coloured: its class there"
SIGNED = "blue: larger, orange: smaller"
_WIDTH = 150  # px at least
_SIDE = 120


@dataclass(frozen=True, slots=True, eq=False)
class PictureDifference:
    """The second picture minus the first (h, w), and in words; `most` is the end of its scale.

    `lines` are the boundaries of both: columns and rows of the ends of pieces on the grid. With
    several `classes`, the values are instead the second's classes where they differ, and SAME
    elsewhere.
    """

    values: NDArray[Any]
    legend: str
    words: str
    lines: tuple[tuple[Array, Array], ...] = ()
    most: float = 1.0
    classes: int = 0  # how many there are


def difference(one: EndedRun, other: EndedRun) -> PictureDifference | str:
    """Where the predictions of `other` differ from those of `one`; a sentence if they cannot be
    compared.
    """
    if one.picture is None or other.picture is None:
        return NO_PICTURE
    if not same_plane(one.project.data, other.project.data):
        return OTHER_DATA
    kind = kind_of_labels(one.project.data)
    if kind != kind_of_labels(other.project.data) or len(one.picture) != len(other.picture):
        return OTHER_OUTPUTS
    side = min(one.picture.shape[1], other.picture.shape[1])
    return _subtracted(_sampled(one.picture, side), _sampled(other.picture, side), kind)


def same_plane(one: DataSettings, other: DataSettings) -> bool:
    """Whether pictures of runs on these data show the same rectangle of the same plane.

    For points of a plane, features and the test set do not matter.
    """
    sheets = [None if data.own is None else data.own.sheet for data in (one, other)]
    if sheets[0] is not None and sheets[0] == sheets[1]:
        return True
    if not (one.on_plane and other.on_plane):
        return one == other
    like = replace(other, features=one.features, normalize=one.normalize, test_share=one.test_share)
    return one == like


def _sampled(picture: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    """The picture by as many points a side, in between its own."""
    if picture.shape[1] == side:
        return picture
    at = (np.arange(side) + 0.5) * picture.shape[1] / side - 0.5
    return between(picture, at, at[:, np.newaxis]).astype(np.float32)


def _subtracted(
    one: NDArray[np.float32], other: NDArray[np.float32], kind: DataKind
) -> PictureDifference:
    if kind == "classes":
        theirs, ours = one.argmax(axis=0), other.argmax(axis=0)
        apart = theirs != ours
        classes = np.where(apart, ours, SAME)
        return PictureDifference(classes, OTHERS, _turned(apart), classes=len(one))
    change = (other - one)[0].astype(np.float64)
    if kind == "regression":
        most = float(np.abs(change).max())
        words = f"apart by at most {text.number(most, 3, sign=False)}"
        return PictureDifference(change, SIGNED, words, most=most)
    apart = (one[0] > THRESHOLD) != (other[0] > THRESHOLD)
    lines = boundary_lines(one, kind), boundary_lines(other, kind)
    return PictureDifference(change, SIGNED, _turned(apart), lines)


def _turned(apart: NDArray[np.bool_]) -> str:
    return f"another class on {text.percent(float(apart.mean()))}"


class DifferencePlane(PlanePlot):
    """The difference as a square picture, with the boundary of each run in the run's colour."""

    air = QMarginsF(2, 6, 24, 2)
    beside = 0.0  # no colour scale

    def __init__(self, name: str) -> None:
        self._found: PictureDifference | None = None
        super().__init__(name)
        self.restyled.connect(lambda: self._draw(self.plane))
        self.setMinimumSize(QSize(_SIDE // 2, _SIDE // 2))

    def show_difference(self, found: PictureDifference, plane: Plane | None) -> None:
        """Draw this over the plane; without axis numbers if the plane is unknown."""
        self._found = found
        for axis in self.axes.values():
            axis.setVisible(plane is not None)
        self._draw(plane or Plane((0.0, 1.0), (0.0, 1.0)))
        self.arrange()

    def _draw(self, plane: Plane) -> None:
        found, inks = self._found, tuple(class_colours(2))
        if found is not None:
            seen = _image(found, theme().palette)
            self.show_picture(plane, PlanePicture(seen, found.lines, None, inks=inks, opacity=1.0))

    def numbers(self) -> dict[str, Array]:
        """The difference, one column per row of the picture, from top to bottom."""
        values = () if self._found is None else self._found.values
        return {f"row {k + 1}": row for k, row in enumerate(values)}


def _image(found: PictureDifference, palette: Palette) -> QImage:
    if not found.classes:
        return image(levels(found.values, -found.most, found.most), palette)
    colours = [*class_colours(found.classes, palette), palette.neutral]  # SAME is the last
    return painted(np.array([colour.getRgb() for colour in colours])[found.values])


class RunDifference(QWidget):
    """The difference of exactly two runs, or the sentence why there is none."""

    def __init__(self) -> None:
        super().__init__()
        self.title = labels.caption("")
        self.plane = DifferencePlane("Where the two runs predict differently")
        self.words, self.legend = labels.caption(""), labels.caption("")
        for label in (self.title, self.words, self.legend):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.body = PlotOrSentence(self.plane)
        in_column(
            self.title, (self.body, 1), self.words, self.legend, on=self, margins=0, spacing=2
        )
        self.setMinimumWidth(_WIDTH)

    def show_runs(self, one: EndedRun, other: EndedRun, plane: Plane | None = None) -> None:
        """Show `other` minus `one`; `plane` is the plane of their pictures, if known."""
        found = difference(one, other)
        said = isinstance(found, str)
        self.title.setText(f"{clip(title_of(other), 16)} − {clip(title_of(one), 16)}")
        self.body.say(found if isinstance(found, str) else "")
        for label in (self.title, self.words, self.legend):
            label.setVisible(not said)
        if not isinstance(found, str):
            self.plane.show_difference(found, plane)
            self.words.setText(found.words)
            self.legend.setText(found.legend)
