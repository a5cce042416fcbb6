"""The page of many pictures: X by two reshapes, a column of each as a picture, both trained."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from core.errors import LayerwiseError
from core.labs import pictures
from core.labs.pictures import RESHAPES, Album, Floats, full_colour, whole_bytes
from core.labs.training import Trained
from core.progress import Progress
from gui.labs.paragraph import paragraph
from gui.labs.plot import LinePlot
from gui.labs.work import Work, WorkBar
from gui.parts import Named
from gui.style import text
from gui.style.theme import BODY, dress, mono_font, sized
from gui.widgets import labels
from gui.widgets.captioned import Captioned
from gui.widgets.picture_view import PictureView
from gui.widgets.rows import in_column
from gui.widgets.whole_field import WholeField

INKS = {"right": "forward", "wrong": "backward"}
PLOT_HEIGHT, SIDE = 110, 120  # px
FIRST = 5  # numbers of a column that are written


class ManyPictures(QWidget):
    """`trained` holds the result of each reshape; `done` emits "reshapes" or "trained"."""

    done = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._album: Album | None = None
        self._k = 0
        self.trained: dict[str, Trained] = {}
        self.work = Work(self)
        self.column = WholeField(self.tr("Column of X"), 1, 1)
        self.column.setToolTip(self.tr("Which column of X is shown as a picture"))
        self.column.edited.connect(self._show_column)
        self.views = {name: PictureView() for name in RESHAPES}
        for view in self.views.values():
            sized(view, "setFixedSize", SIDE, SIDE)
        self.said = {name: paragraph() for name in RESHAPES}
        self.bar = WorkBar(
            self.work,
            self.tr("Train both"),
            self.tr("Train the same network on both, from the same start"),
            self.tr("Stop training; nothing is kept of it"),
        )
        self.plot = LinePlot(self.tr("Cost of both"))
        for name, ink in INKS.items():
            self.plot.add_curve(name, ink)
        self.plot.name_axes(self.tr("iteration"), "J")
        sized(self.plot, "setMinimumHeight", PLOT_HEIGHT)
        self.verdict = paragraph()
        self._lay_out()
        self.bar.start.clicked.connect(self._start)
        self.work.made.connect(self._on_trained)
        self.work.failed.connect(self._on_failed)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(14)
        for i, (name, reshape) in enumerate(RESHAPES.items()):
            code: QLabel = labels.label(f"X = {reshape.code}", BODY, tone=INKS[name])
            dress(code, mono_font, BODY)
            grid.addWidget(code, 0, i)
            grid.addWidget(self.views[name], 1, i, Qt.AlignmentFlag.AlignLeft)
            grid.addWidget(self.said[name], 2, i)
            grid.setColumnStretch(i, 1)
        column = (Captioned(self.tr("Column"), self.column), 0, Qt.AlignmentFlag.AlignLeft)
        in_column(column, grid, self.bar, self.verdict, (self.plot, 1), on=self, margins=0)

    def named_parts(self) -> Mapping[str, Named]:
        """Its controls for the registry of parts."""
        return {
            "column": Named(self.column, self.tr("Column of X")),
            "right": Named(self.views["right"], self.tr("Column of the right reshape")),
            "wrong": Named(self.views["wrong"], self.tr("Column of the wrong reshape")),
            "train": Named(self.bar.start, self.tr("Train both reshapes")),
            "cancel": Named(self.bar.cancel, self.tr("Stop training both")),
            "cost": Named(self.plot, self.tr("Cost of both reshapes")),
        }

    def show_album(self, album: Album) -> None:
        """Show these pictures; results of others are dropped."""
        self.work.cancel()
        self._album, self._k, self.trained = album, 0, {}
        self.column.set_most(album.m)
        self.bar.start.setEnabled(album.project is not None)
        self._show_column(1)
        self._show_trained()

    # --- a column of each ------------------------------------------------------------------------

    def _show_column(self, number: int) -> None:
        assert self._album is not None
        self._k = number - 1
        self.column.set_value(number)
        for name, reshape in RESHAPES.items():
            picture = pictures.column_as_picture(self._album, name, self._k)
            self.views[name].show_pixels(pictures.as_bytes(picture, full_colour(picture)))
            count = pictures.sources(self._album, name, self._k)
            of = text.counted(count, self.tr("picture"))
            words = self.tr("Column {k} holds numbers of {of}: {first}").format(
                k=text.count(number), of=of, first=self._first(picture)
            )
            self.said[name].setText(f"{words}\n{reshape.about}")
            self.views[name].setAccessibleName(words)
        self.done.emit("reshapes")

    def _first(self, picture: Floats) -> str:
        """The first numbers of a column, for photographs as the original bytes."""
        some = picture.reshape(-1)[:FIRST]
        if whole_bytes(picture):
            listed = ", ".join(str(round(255 * float(x))) for x in some)
            return self.tr("{} … (of 255)").format(listed)
        return f"{', '.join(text.plain(float(x), 3) for x in some)} …"

    # --- training --------------------------------------------------------------------------------

    def _start(self) -> None:
        album = self._album
        assert album is not None
        assert album.project is not None
        iterations = album.project.training.iterations
        self.trained = {}

        def work(progress: Progress) -> dict[str, Trained]:
            total, found, made = iterations * len(RESHAPES), dict[str, Trained](), 0

            def told(_: int) -> None:
                nonlocal made
                made += 1

            for name in RESHAPES:
                found[name] = pictures.learned(album, name, lambda: progress(made, total), told)
            return found

        self.work.start(work)
        self._show_trained()

    def _on_trained(self, trained: dict[str, Trained]) -> None:
        self.trained = trained
        self._show_trained()
        self.done.emit("trained")

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, LayerwiseError):
            raise error
        self.verdict.setText(str(error))

    def _show_trained(self) -> None:
        most = 1.0
        for name in RESHAPES:
            found = self.trained.get(name)
            costs = np.empty(0) if found is None else found.costs
            self.plot.show_curve(name, np.arange(len(costs), dtype=np.float64), costs)
            most = max(most, len(costs) - 1.0)
        high = max((float(each.costs.max()) for each in self.trained.values()), default=1.0)
        self.plot.show_range((0.0, most), (0.0, 1.05 * high))
        self.verdict.setText(self._verdict())

    def _verdict(self) -> str:
        if self._album is not None and self._album.project is None:
            return self.tr("The toy has nothing to learn. Choose Digits to train both.")
        if not self.trained:
            return self.tr("Train both to see what the mixed columns are worth.")
        said = []
        for name, reshape in RESHAPES.items():
            found = self.trained[name]
            score = _percent(found.accuracy)
            tested = self.tr(", new ones {}").format(_percent(found.test_accuracy))
            tested = tested if found.test_accuracy is not None else ""
            words = self.tr("{code}: training pictures {score}{tested}.")
            said.append(words.format(code=reshape.code, score=score, tested=tested))
            said.append(found.halt)
        return " ".join(each for each in said if each)


def _percent(share: float | None) -> str:
    return "–" if share is None else text.percent(share)
