"""The decision boundary: the prediction over the input plane, with the examples on it."""

from __future__ import annotations

from html import escape
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QPointF, Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout

from core.data.examples import Split
from core.data.features import FEATURES
from core.nn.activations import ACTIVATIONS, Activation
from core.project import Project
from core.training.messages import Look, Snapshot
from gui import text
from gui.document import Document
from gui.panels.base import Panel
from gui.selection import Selection
from gui.theme import class_colours, image, theme
from gui.training import Training
from gui.widgets import labels
from gui.widgets.card import Card
from gui.widgets.dots import GLYPHS, MOST, dots_of
from gui.widgets.plane_plot import PlanePicture, PlanePlot
from gui.widgets.plot import PlotOrSentence, switch
from gui.widgets.prediction import boundary_lines, prediction_image, scale_labels, value_at

TITLE = "Decision boundary"
SIDE = 100  # points of the grid in each direction while the run goes on ...
SIDE_AT_REST = 200  # ... and where a network this small is at rest:
MOST_AT_REST = 5_000  # weights, so that the finer picture is there in a tenth of a second
NEAR = 12.0  # px from an example that still count as a click on it
NO_PLANE = (
    "An example of this data has other than two inputs, so there is no plane to draw it on."
    " The cost and the activations are still shown."
)


class BoundaryPanel(Panel):
    """Shows the newest prediction; while a unit is hovered elsewhere, what that unit computes."""

    turn = 1

    def __init__(self, document: Document, training: Training, selection: Selection) -> None:
        super().__init__(document, training, selection)
        self._snapshot: Snapshot | None = None  # the newest with a picture of the plane
        self._split: Split | None = None
        self._cursor: QPointF | None = None
        self.card = Card(TITLE)
        self.plot = PlanePlot("Prediction over the input plane")
        self.plot.setToolTip("Click an example to select it; the arrow keys go to the next one")
        self.show_test = switch(
            "test data",
            "Show the test examples too, with a dark instead of a white rim",
            self._draw_dots,
        )
        self.discretize = switch(
            "discretize", "Show the predicted class alone, not how sure it is", self._draw
        )
        self.readout = labels.caption("")
        self.legend = labels.caption("")
        self._body = PlotOrSentence(self.plot)
        self._lay_out()
        self.plot.hovered.connect(self._on_hovered)
        self.plot.clicked.connect(self._on_clicked)
        self.plot.stepped.connect(self._on_stepped)
        self.follow_view(self.show_test, "test_data")
        self.follow_view(self.discretize, "discretize")
        selection.unit_hovered.connect(self._on_unit)
        selection.example_changed.connect(self._on_example)
        selection.lit_changed.connect(self._on_lit)
        theme().changed.connect(self._on_theme)

    def _lay_out(self) -> None:
        self.card.add_header(self.show_test)
        self.card.add_header(self.discretize)
        self.card.body.setSpacing(2)
        self.card.body.addWidget(self._body, 1)
        self.legend.setTextFormat(Qt.TextFormat.RichText)  # its words are escaped
        self.readout.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.readout.setAlignment(Qt.AlignmentFlag.AlignRight)
        line = QHBoxLayout()
        line.addWidget(self.legend)
        line.addWidget(self.readout, 1)
        self.card.body.addLayout(line)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.card)

    def wants(self) -> Look:
        fine = not self.training.playing and self._weights() <= MOST_AT_REST
        return Look(boundary=SIDE_AT_REST if fine else SIDE, unit=self.selection.unit)

    def _weights(self) -> int:
        return sum(n * n_prev for n_prev, n in pairwise(self.document.project.sizes()))

    def show_project(self, old: Project | None, new: Project) -> None:
        has_test = new.data.test_share > 0
        self.show_test.setEnabled(has_test)
        if not has_test:
            self.show_test.setChecked(False)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        self._body.say(NO_PLANE if snapshot.plane is None else "")
        if snapshot.split is not self._split:
            self._split = snapshot.split
            self._draw_dots()
            self._draw_example()
        if snapshot.boundary is not None or snapshot.plane is None:
            self._snapshot = snapshot
        self._draw()

    def _draw(self) -> None:
        """The picture, its title and the readout, of what is at hand."""
        shown = self._snapshot
        if shown is None or shown.plane is None or shown.boundary is None:
            self.readout.clear()
            return
        unit = self.selection.unit
        as_unit = unit is not None and shown.unit == unit
        picture = self._unit_picture(shown) if as_unit else self._prediction(shown)
        self.card.set_title(f"{self._unit_name(shown)} over the plane" if as_unit else TITLE)
        self.plot.show_picture(shown.plane, picture)
        self._read_out()

    def _prediction(self, shown: Snapshot) -> PlanePicture:
        assert shown.boundary is not None
        split, values = shown.split, shown.boundary
        scale = None if split.kind == "classes" else scale_labels(split, _output(shown))
        seen = prediction_image(values, split, theme().palette, self.discretize.isChecked())
        return PlanePicture(seen, boundary_lines(values, split.kind), scale)

    def _unit_picture(self, shown: Snapshot) -> PlanePicture:
        assert shown.unit_map is not None
        assert self.selection.unit is not None
        l, _ = self.selection.unit
        limits = ACTIVATIONS[shown.project.activations[l - 1]].limits if l else None
        low, high = ("-", "+") if limits is None else (text.plain(end) for end in limits)
        nothing = np.empty(0)
        middle = "0" if limits is None else ""
        return PlanePicture(image(shown.unit_map), (nothing, nothing), (low, middle, high))

    def _unit_name(self, shown: Snapshot) -> str:
        assert self.selection.unit is not None
        l, i = self.selection.unit
        if l == 0:
            return FEATURES[shown.split.features[i]].label
        return text.symbol("a", i + 1, l)

    @Slot()
    def _draw_dots(self) -> None:
        split, lit = self._split, self.selection.lit
        train = None if split is None else dots_of(split, lit=lit)
        if split is None or train is None:
            self.plot.show_dots(())
            self.legend.clear()
            return
        test = dots_of(split, test=True, lit=lit)
        if test is not None and not self.show_test.isChecked():
            test = test.lit_alone()
        self.plot.show_dots((train,) if test is None else (train, test))
        self._draw_legend(split)

    def _draw_legend(self, split: Split) -> None:
        names = split.class_names
        colours = class_colours(len(names)) if 0 < len(names) <= len(GLYPHS) else []
        parts = [
            f'<span style="color:{colour.name()}">{glyph}</span> {escape(name)}'
            for glyph, colour, name in zip(GLYPHS, colours, names, strict=False)
        ]
        if split.train.m > MOST:
            parts.append(f"{text.count(MOST)} of {text.count(split.train.m)} drawn")
        if len(self.selection.lit):
            parts.append(f"{text.count(len(self.selection.lit))} lit")
        self.legend.setText("&nbsp;&nbsp; ".join(parts))

    def _example(self) -> tuple[Split, int] | None:
        """The split and the selected example of it, if there is one and it has a place."""
        k, split = self.selection.example, self._split
        if k is None or split is None or split.points is None or k >= split.train.m:
            return None
        return split, k

    def _draw_example(self) -> None:
        example = self._example()
        self.plot.show_ring(None if example is None else _point(*example))
        self._read_out()

    def _read_out(self) -> None:
        """What is under the cursor; the selected example where that is, or where no cursor is."""
        at, example = self._cursor, self._example()
        shares = None if at is None else self.plot.shares(at)
        on_example = at is None or (example is not None and self._near(at) == example[1])
        if example is not None and (shares is None or on_example):
            words = _example_words(*example)
        else:
            words = "" if shares is None else self._words_at(*shares)
        if words != self.readout.text():
            self.readout.setText(words)

    def _words_at(self, across: float, down: float) -> str:
        shown = self._snapshot
        if shown is None or shown.plane is None or shown.boundary is None:
            return ""
        (x1, x1_end), (x2, x2_end) = shown.plane.x1, shown.plane.x2
        words = _point_words(x1 + across * (x1_end - x1), x2_end - down * (x2_end - x2))
        if self.selection.unit is not None:
            return words
        values = value_at(shown.boundary, across, down)
        if shown.split.kind == "classes":
            best = int(values.argmax())
            name = shown.split.class_names[best]
            return f"{words}   P({name}) = {text.fixed(float(values[best]))}"
        what = scale_labels(shown.split, _output(shown))[1]
        return f"{words}   {what} = {text.fixed(float(values[0]), 3)}"

    @Slot(object)
    def _on_hovered(self, at: QPointF | None) -> None:
        self._cursor = at
        self._read_out()

    @Slot(object)
    def _on_clicked(self, at: QPointF) -> None:
        if self._split is not None and self._split.points is not None:
            near = self._near(at)
            self.selection.select_example(near)
            if near is None:
                self.selection.light()

    def _near(self, at: QPointF) -> int | None:
        """Which training example is nearest to a pixel, if one is near."""
        split = self._split
        if split is None or split.points is None:
            return None
        way = self.plot.pixels()
        x = way.m11() * split.points[0] + way.dx()
        y = way.m22() * split.points[1] + way.dy()
        away = np.hypot(x - at.x(), y - at.y())
        nearest = int(away.argmin())
        return nearest if away[nearest] <= NEAR else None

    @Slot(object)
    def _on_stepped(self, step: int) -> None:
        if self._split is not None and self._split.points is not None:
            start = self.selection.example
            first = 0 if step > 0 else -1
            after = first if start is None else start + step
            self.selection.select_example(after % self._split.train.m)

    @Slot(object)
    def _on_unit(self, unit: tuple[int, int] | None) -> None:
        if unit is not None:
            self.training.refresh()
        elif self.isVisible():
            self._draw()

    @Slot(object)
    def _on_example(self, example: int | None) -> None:
        self._draw_example()

    @Slot(object)
    def _on_lit(self, lit: object) -> None:
        self._draw_dots()

    @Slot()
    def _on_theme(self) -> None:
        if self._split is not None:
            self._draw_dots()
        self._draw()


def _output(shown: Snapshot) -> Activation:
    return ACTIVATIONS[shown.project.activations[-1]]


def _point(split: Split, k: int) -> tuple[float, float]:
    assert split.points is not None
    return float(split.points[0, k]), float(split.points[1, k])


def _point_words(x1: float, x2: float) -> str:
    return f"x = ({x1:+.2f}, {x2:+.2f})"


def _example_words(split: Split, k: int) -> str:
    if split.kind == "classes":
        label = split.class_names[int(split.train.Y[:, k].argmax())]
    else:
        label = text.plain(float(split.train.Y[0, k]))
    return f"example {text.count(k + 1)}:  {_point_words(*_point(split, k))},  y = {label}"
