"""The decision boundary: the prediction over the input plane, with the examples on it."""

from __future__ import annotations

from html import escape
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QPointF, Qt, Slot
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QStackedWidget, QVBoxLayout

from core.data.examples import Floats, Split
from core.data.pixels import order_of
from core.nn.activations import ACTIVATIONS, Activation
from core.project import Project
from core.training.boundary import points_on
from core.training.messages import Look, Plane, Snapshot
from gui import text
from gui.document import Document
from gui.panels.base import Panel
from gui.selection import Selection
from gui.theme import class_colours, image, theme
from gui.training import Training
from gui.widgets import labels
from gui.widgets.card import Card
from gui.widgets.cut_bar import CutBar
from gui.widgets.dots import GLYPHS, MOST, dots_of
from gui.widgets.plane_plot import PlanePicture, PlanePlot
from gui.widgets.plot import PlotOrSentence, switch
from gui.widgets.prediction import boundary_lines, prediction_image, scale_labels, value_at
from gui.widgets.weights_plot import WeightsPlot

TITLE = "Decision boundary"
SIDE = 100  # points of the grid in each direction while the run goes on ...
SIDE_AT_REST = 200  # ... and where a network this small is at rest:
MOST_AT_REST = 5_000  # weights, so that the finer picture is there in a tenth of a second
SIDE_BY_SIDE = 4  # classes whose legend leaves room for the readout
NEAR = 12.0  # px from an example that still count as a click on it
NO_PLANE = (
    "An example of this data is a single number, so there is no plane to draw it on."
    " The cost and the activations are still shown."
)


class BoundaryPanel(Panel):
    """Shows the newest prediction; while a unit is hovered elsewhere, what that unit computes."""

    turn = 1

    def __init__(self, document: Document, training: Training, selection: Selection) -> None:
        super().__init__(document, training, selection)
        self._snapshot: Snapshot | None = None  # the newest with a picture of the plane ...
        self._newest: Snapshot | None = None  # ... and the newest of all
        self._split: Split | None = None
        self._plane: Plane | None = None
        self._points: Floats | None = None  # where the training examples are on it
        self._cursor: QPointF | None = None
        self.card = Card(TITLE)
        self.plot = PlanePlot("Prediction over the input plane")
        self.plot.setToolTip("Click an example to select it; the arrow keys go to the next one")
        self.weights = WeightsPlot("Weights of a unit on the pixels")
        self._plots = QStackedWidget()
        for plot in (self.plot, self.weights):
            self._plots.addWidget(plot)
        self.show_test = switch(
            "test data",
            "Show the test examples too, with a dark instead of a white rim",
            self._draw_dots,
        )
        self.discretize = switch(
            "discretize", "Show the predicted class alone, not how sure it is", self._draw
        )
        self.cut = CutBar()
        self.cut.hide()
        self.order = labels.caption("")  # of the pixels, in the same place
        self.order.hide()
        self.readout = labels.caption("")
        self.legend = labels.caption("")
        self._body = PlotOrSentence(self._plots)
        self._lay_out()
        self.plot.hovered.connect(self._on_hovered)
        self.plot.clicked.connect(self._on_clicked)
        self.plot.stepped.connect(self._on_stepped)
        self.follow_view(self.show_test, "test_data")
        self.follow_view(self.discretize, "discretize")
        self.cut.chosen.connect(selection.look_along)
        selection.cut_changed.connect(self._on_cut)
        selection.unit_hovered.connect(self._on_unit)
        selection.example_changed.connect(self._on_example)
        selection.lit_changed.connect(self._on_lit)
        theme().changed.connect(self._on_theme)

    def _lay_out(self) -> None:
        self.card.add_header(self.show_test)
        self.card.add_header(self.discretize)
        self.card.body.setSpacing(2)
        self.order.setFixedHeight(self.cut.sizeHint().height())
        self.order.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.card.body.addWidget(self.cut)
        self.card.body.addWidget(self.order)
        self.card.body.addWidget(self._body, 1)
        self.legend.setTextFormat(Qt.TextFormat.RichText)  # its words are escaped
        self.readout.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.readout.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._words = QGridLayout()
        self._words.setColumnStretch(1, 1)
        self._words.setVerticalSpacing(0)
        self._words.addWidget(self.legend, 0, 0)
        self._words.addWidget(self.readout, 0, 1)
        self.card.body.addLayout(self._words)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.card)

    def wants(self) -> Look:
        fine = not self.training.playing and self._weights() <= MOST_AT_REST
        side = SIDE_AT_REST if fine else SIDE
        return Look(boundary=side, unit=self.selection.unit, cut=self.selection.cut)

    def _weights(self) -> int:
        return sum(n * n_prev for n_prev, n in pairwise(self.document.project.sizes()))

    def show_project(self, old: Project | None, new: Project) -> None:
        has_test = new.data.has_test
        self.show_test.setEnabled(has_test)
        if not has_test:
            self.show_test.setChecked(False)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        self._body.say(NO_PLANE if snapshot.plane is None else "")
        if snapshot.split is not self._split or snapshot.plane != self._plane:
            self._show_points(snapshot.split, snapshot.plane)
        if snapshot.boundary is not None or snapshot.plane is None:
            self._snapshot = snapshot
        self._newest = snapshot
        self._draw()

    def _show_points(self, split: Split, plane: Plane | None) -> None:
        self._split, self._plane = split, plane
        self._points = None if plane is None else points_on(split, plane)
        if plane is not None and plane.cut is not None:
            self.cut.show_cut(split.features, plane.cut)
        self._draw_dots()
        self._draw_example()

    def _draw(self) -> None:
        """The picture, its title and the readout, of what is at hand."""
        on_pixels, plane = self._draws_weights(), self._plane
        self.order.setVisible(on_pixels)
        self.legend.setVisible(not on_pixels)
        self.cut.setVisible(plane is not None and plane.cut is not None and not on_pixels)
        self._plots.setCurrentWidget(self.weights if on_pixels else self.plot)
        shown = self._snapshot
        if on_pixels:
            return
        if shown is None or shown.plane is None or shown.boundary is None:
            self.readout.clear()
            return
        unit = self.selection.unit
        as_unit = unit is not None and shown.unit == unit
        picture = self._unit_picture(shown) if as_unit else self._prediction(shown)
        self.card.set_title(f"{self._unit_name(shown)} over the plane" if as_unit else TITLE)
        self.plot.show_picture(shown.plane, picture)
        self._read_out()

    def _draws_weights(self) -> bool:
        """Draw the hovered unit's weights, if it is one that looks at pixels."""
        newest, unit = self._newest, self.selection.unit
        if newest is None or newest.split.picture is None or unit is None or unit[0] != 1:
            return False
        if unit[1] >= newest.sizes[1]:
            return False
        picture = newest.split.picture
        self.weights.show_weights(newest.parameters().W[1][unit[1]], picture)
        self.card.set_title(f"Weights of {text.symbol('a', unit[1] + 1, 1)} on the pixels")
        self.order.setText(order_of(picture))
        z = text.symbol("z", unit[1] + 1, 1)
        self.readout.setText(f"Where blue, a brighter pixel raises {z}; where orange, it lowers it")
        return True

    def _prediction(self, shown: Snapshot) -> PlanePicture:
        assert shown.boundary is not None
        split, values = shown.split, shown.boundary
        scale = None if split.kind == "classes" else scale_labels(split, _output(shown))
        seen = prediction_image(values, split, theme().palette, self.discretize.isChecked())
        return PlanePicture(seen, boundary_lines(values, split.kind), scale, _axes(shown))

    def _unit_picture(self, shown: Snapshot) -> PlanePicture:
        assert shown.unit_map is not None
        assert self.selection.unit is not None
        l, _ = self.selection.unit
        limits = ACTIVATIONS[shown.project.activations[l - 1]].limits if l else None
        low, high = ("-", "+") if limits is None else (text.plain(end) for end in limits)
        nothing = np.empty(0)
        middle = "0" if limits is None else ""
        scale = (low, middle, high)
        return PlanePicture(image(shown.unit_map), (nothing, nothing), scale, _axes(shown))

    def _unit_name(self, shown: Snapshot) -> str:
        assert self.selection.unit is not None
        l, i = self.selection.unit
        if l == 0:
            return text.input_name(shown.split.features[i])
        return text.symbol("a", i + 1, l)

    @Slot()
    def _draw_dots(self) -> None:
        split, plane, lit = self._split, self._plane, self.selection.lit
        train = None if split is None or plane is None else dots_of(split, plane, lit=lit)
        if split is None or plane is None or train is None:
            self.plot.show_dots(())
            self.legend.clear()
            return
        test = dots_of(split, plane, test=True, lit=lit)
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
        below = (1, 0, 1, 2) if len(names) > SIDE_BY_SIDE else (0, 1, 1, 1)
        self._words.addWidget(self.readout, *below)

    def _example(self) -> int | None:
        """The selected example, if there is one and it has a place."""
        k, points = self.selection.example, self._points
        return None if k is None or points is None or k >= points.shape[1] else k

    def _draw_example(self) -> None:
        k = self._example()
        self.plot.show_ring(None if k is None else self._point(k))
        self._read_out()

    def _point(self, k: int) -> tuple[float, float]:
        assert self._points is not None
        x1, x2 = self._points[:, k]
        return float(x1), float(x2)

    def _read_out(self) -> None:
        """What is under the cursor; the selected example where that is, or where no cursor is."""
        at, example = self._cursor, self._example()
        shares = None if at is None else self.plot.shares(at)
        on_example = at is None or (example is not None and self._near(at) == example)
        if example is not None and (shares is None or on_example):
            words = self._example_words(example)
        else:
            words = "" if shares is None else self._words_at(*shares)
        if words != self.readout.text():
            self.readout.setText(words)

    def _words_at(self, across: float, down: float) -> str:
        shown = self._snapshot
        if shown is None or shown.plane is None or shown.boundary is None:
            return ""
        (x1, x1_end), (x2, x2_end) = shown.plane.x1, shown.plane.x2
        at = x1 + across * (x1_end - x1), x2_end - down * (x2_end - x2)
        words = _point_words(at, shown.split, shown.plane)
        if self.selection.unit is not None:
            return words
        values = value_at(shown.boundary, across, down)
        if shown.split.kind == "classes":
            best = int(values.argmax())
            name = shown.split.class_names[best]
            return f"{words}   P({name}) = {text.fixed(float(values[best]))}"
        what = scale_labels(shown.split, _output(shown))[1]
        return f"{words}   {what} = {text.fixed(float(values[0]), 3)}"

    def _example_words(self, k: int) -> str:
        split, plane = self._split, self._plane
        assert split is not None
        assert plane is not None
        if split.kind == "classes":
            label = split.class_names[int(split.train.Y[:, k].argmax())]
        else:
            label = text.plain(float(split.train.Y[0, k]))
        place = _point_words(self._point(k), split, plane)
        return f"example {text.count(k + 1)}:  {place},  y = {label}"

    @Slot(object)
    def _on_hovered(self, at: QPointF | None) -> None:
        self._cursor = at
        self._read_out()

    @Slot(object)
    def _on_clicked(self, at: QPointF) -> None:
        if self._points is not None:
            near = self._near(at)
            self.selection.select_example(near)
            if near is None:
                self.selection.light()

    def _near(self, at: QPointF) -> int | None:
        """Which training example is nearest to a pixel, if one is near."""
        if self._points is None:
            return None
        way = self.plot.pixels()
        x = way.m11() * self._points[0] + way.dx()
        y = way.m22() * self._points[1] + way.dy()
        away = np.hypot(x - at.x(), y - at.y())
        nearest = int(away.argmin())
        return nearest if away[nearest] <= NEAR else None

    @Slot(object)
    def _on_stepped(self, step: int) -> None:
        if self._points is not None:
            start = self.selection.example
            first = 0 if step > 0 else -1
            after = first if start is None else start + step
            self.selection.select_example(after % self._points.shape[1])

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

    @Slot(object)
    def _on_cut(self, _cut: object) -> None:
        self.training.refresh()

    @Slot()
    def _on_theme(self) -> None:
        if self._split is not None:
            self._draw_dots()
        self._draw()


def _output(shown: Snapshot) -> Activation:
    return ACTIVATIONS[shown.project.activations[-1]]


def _axes(shown: Snapshot) -> tuple[str, str]:
    cut = None if shown.plane is None else shown.plane.cut
    if cut is None:
        return "x₁", "x₂"
    first, second = (text.input_name(shown.split.features[row]) for row in cut)
    return first, second


def _point_words(at: tuple[float, float], split: Split, plane: Plane) -> str:
    if plane.cut is None:
        return f"x = ({at[0]:+.2f}, {at[1]:+.2f})"
    names = (text.input_name(split.features[row]) for row in plane.cut)
    return ", ".join(f"{name} = {text.number(x, 3)}" for name, x in zip(names, at, strict=True))
