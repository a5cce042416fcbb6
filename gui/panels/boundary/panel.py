"""The decision boundary panel: the prediction over the input plane, with the examples."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
from PySide6.QtCore import QPointF, Slot
from PySide6.QtWidgets import QStackedWidget

from core.data.examples import Floats, Split
from core.data.pixels import order_of
from core.look.ask import Asks
from core.look.boundary import Boundary, Field
from core.look.plane import Cut, Plane, PlanePart, grid, plane_of, points_on
from core.look.predictions import Predictions
from core.look.units import UnitField, UnitMap, exists
from core.nn.activations import Array
from core.project import Project
from core.training.messages import Snapshot
from core.training.outcomes import Answered
from core.training.results import errors_of
from core.view import View
from gui.model.document import Document
from gui.model.selection import Selection
from gui.model.training import Training
from gui.panels.base import Panel
from gui.panels.boundary.choices import PlaneChoices
from gui.panels.boundary.labels import Legend, ValueReadout
from gui.panels.boundary.pictures import prediction_of, unit_of
from gui.panels.boundary.weights_plot import WeightsPlot
from gui.parts import Kind, Named, Part, bring_widget, rectangle_on_screen
from gui.plots.around import switch
from gui.plots.dots import Dots, dots_of, error_dots
from gui.plots.lasso import HELP as LASSO_HELP
from gui.plots.lasso import Lasso, Seen
from gui.plots.plane_plot import PlanePlot, Stems, stems_of
from gui.plots.plane_words import axes_of, label_words, legend, place_words
from gui.plots.prediction import (
    is_probability,
    prediction_words,
    value_at,
)
from gui.plots.square_plot import columns_of
from gui.style import text
from gui.widgets.card import Card

HELP = f"Click an example to select it; the arrow keys go to the next one.\n{LASSO_HELP}"


class BoundaryPanel(Panel):
    """Shows the newest prediction or, while a unit is hovered elsewhere, the unit's output."""

    turn = 1

    def __init__(self, document: Document, training: Training, selection: Selection) -> None:
        super().__init__(document, training, selection)
        self._snapshot: Snapshot | None = None  # the newest with a picture of the plane ...
        self._field: Field | None = None  # ... the predictions
        self._unit_field: tuple[UnitMap, UnitField] | None = None  # ... or of one unit
        self._newest: Snapshot | None = None  # of all
        self._seen_part: PlanePart | None = None
        self._cut: Cut | None = None  # of the plane that is shown
        self._split: Split | None = None
        self._plane: Plane | None = None
        self._answered: Answered | None = None  # the predictions for these examples
        self._points: Floats | None = None  # the positions of the training examples
        self._cursor: QPointF | None = None
        self.card = Card(text.plane_title(document.kind_of_labels), self)
        self.plot = PlanePlot("Prediction over the input plane")
        self.plot.setToolTip(HELP)
        self.lasso = Lasso(self.plot, selection, self._seen)
        self.weights = WeightsPlot("Weights of a unit on the pixels")
        self._plots = QStackedWidget()
        for plot in (self.plot, self.weights):
            self._plots.addWidget(plot)
        self.show_test = switch(
            "test data",
            "Show test examples too (dark rim instead of white)",
            self._draw_dots,
        )
        self.discretize = switch(
            "discretize", "Show only the predicted class, not its probability", self._draw
        )
        self.errors = switch(
            "errors",
            (
                "Show the error of each prediction as a disc: blue where the label is higher, "
                "orange where it is lower; the area is the size of the error"
            ),
            self._on_errors,
        )
        self.choices = PlaneChoices()
        self.legend = Legend(self.card)
        self.readout = ValueReadout(self._plots, self.plot)
        self._lay_out()
        self._connect()

    def _connect(self) -> None:
        selection = self.selection
        self.plot.numbers = self._numbers
        self.plot.zoomed.connect(self._on_zoomed)
        self.plot.restyled.connect(self._on_theme)
        self.plot.hovered.connect(self._on_hovered)
        self.plot.clicked.connect(self._on_clicked)
        self.plot.stepped.connect(self._on_stepped)
        self.follow_view(self.show_test, "test_data")
        self.follow_view(self.discretize, "discretize")
        self.follow_view(self.errors, "errors")
        self.choices.output_chosen.connect(lambda output: selection.set(output=output))
        selection.changed.connect(self._on_view)
        self.choices.cut_chosen.connect(selection.look_along)
        selection.cut_changed.connect(self._on_cut)
        selection.unit_hovered.connect(self._on_unit)
        selection.example_changed.connect(self._draw_example)
        selection.lit_changed.connect(self._on_lit)

    def _lay_out(self) -> None:
        for part in (self.show_test, self.discretize, self.errors):
            self.card.add_header(part)
        self.card.body.setSpacing(2)
        self.card.set_bottom(6)  # the axis has its own margin below it
        self.card.fill(self, self.choices, (self._plots, 1))

    def part_keys(self) -> Iterable[str]:
        """The colour scale is painted next to the plot."""
        return () if self.plot.scale_place is None else ("boundary.scale",)

    def part(self, key: str) -> Part | None:
        """The colour scale; None for another key, or without one."""
        place = self.plot.scale_place
        if key != "boundary.scale" or place is None:
            return None
        return Part(
            key,
            "Colour scale of the decision boundary",
            Kind.CONTROL,
            bring=lambda: bring_widget(self.plot),
            rectangle=lambda: rectangle_on_screen(self.plot, place.toAlignedRect()),
            widget=self.plot,
        )

    def named_parts(self) -> Mapping[str, Named]:
        return {
            "plot": Named(self.plot, self.tr("Plot of the decision boundary")),
            "test_data": Named(self.show_test, self.tr("Test data in the decision boundary")),
            "discretize": Named(self.discretize, self.tr("Predicted class only")),
            "errors": Named(self.errors, self.tr("Errors of the predictions")),
        }

    def wants(self) -> Asks:
        predictions = (Predictions(),) if self._shows_errors() else ()
        return (self._unit_map() or self._boundary(), *predictions)

    def see(self, part: PlanePart | None) -> None:
        """Ask for this part of the plane from now on, at the resolution of the whole; None: the
        whole.

        The part is forgotten when the plane changes.
        """
        if part != self._seen_part:
            self._seen_part = part
            self.training.refresh()

    def _boundary(self) -> Boundary:
        return Boundary(self.selection.cut, self._seen_part)

    def _unit_map(self) -> UnitMap | None:
        """The ask for a hovered unit that has a picture over the plane."""
        unit, plane = self.selection.unit, self._plane
        if unit is None or not exists(unit, self.document.project.sizes()):
            return None
        held = plane is not None and plane.cut is not None and unit[1] not in plane.cut
        if unit[0] == 0 and held:
            return None
        return UnitMap(*unit, self.selection.cut, self._seen_part)

    def show_project(self, old: Project | None, new: Project) -> None:
        has_test = new.data.has_test
        self.show_test.setEnabled(has_test)
        if not has_test:
            self.show_test.setChecked(False)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        if snapshot.split is not self._split:
            self._snapshot = self._field = self._unit_field = self._seen_part = None
            self.plot.show_all()
        if snapshot.split is not self._split or self.selection.cut != self._cut:
            self._cut = self.selection.cut
            self._show_points(snapshot.split, plane_of(snapshot.split, self._cut))
        field, unit_map = snapshot.answer(self._boundary()), self._unit_map()
        unit_field = None if unit_map is None else snapshot.answer(unit_map)
        answered = snapshot.answer(Predictions())
        if answered is not None and answered is not self._answered:
            self._answered = answered
            if self._shows_errors():
                self._draw_dots()
        if field is not None:
            self._snapshot, self._field = snapshot, field
        if unit_map is not None and unit_field is not None:
            self._snapshot, self._unit_field = snapshot, (unit_map, unit_field)
        self._newest = snapshot
        self._draw()

    def _show_points(self, split: Split, plane: Plane) -> None:
        self._split, self._plane, self._answered = split, plane, None
        self.choices.show_split(split, plane)
        self.discretize.setVisible(split.kind != "regression")
        self.errors.setVisible(split.kind == "regression")
        self._draw_dots()
        self._draw_example()

    def _draw(self) -> None:
        """Draw the picture, its title and the readout, from the current values."""
        on_pixels, split = self._draws_weights(), self._split
        pixels = split.picture if on_pixels and split is not None else None
        self.choices.show_output(self._output)
        self.choices.show_order("" if pixels is None else order_of(pixels))
        self.legend.setVisible(not on_pixels and bool(self.legend.text()))
        self._plots.setCurrentWidget(self.weights if on_pixels else self.plot)
        shown = self._snapshot
        if on_pixels:
            return
        if shown is None:
            return
        field: Field | UnitField | None
        if self._unit_field is not None and self._unit_field[0] == self._unit_map():
            field = self._unit_field[1]
            where = "the input" if field.plane.is_line else "the plane"
            title, picture = f"{self._unit_name(shown)} over {where}", unit_of(shown, field)
        elif (field := self._field) is not None:
            discrete = self.discretize.isChecked()
            title = text.plane_title(shown.split.kind)
            picture = prediction_of(shown, field, self._output, discrete)
        else:
            return
        self.card.set_title(title)
        self.plot.show_picture(self._plane or field.plane, picture, field.plane)
        self._read_out()

    def _draws_weights(self) -> bool:
        """Draw the hovered unit's weights, if its inputs are pixels."""
        newest, unit = self._newest, self.selection.unit
        if newest is None or newest.split.picture is None or unit is None or unit[0] != 1:
            return False
        if unit[1] >= newest.sizes[1]:
            return False
        picture = newest.split.picture
        self.weights.show_weights(newest.parameters().W[1][unit[1]], picture)
        self.card.set_title(
            self.tr("Weights of {symbol} on the pixels").format(
                symbol=text.symbol("a", unit[1] + 1, 1)
            )
        )
        z = text.symbol("z", unit[1] + 1, 1)
        self.readout.say(
            self.tr("Blue: a brighter pixel raises {z}. Orange: it lowers it.").format(z=z)
        )
        return True

    def _unit_name(self, shown: Snapshot) -> str:
        assert self.selection.unit is not None
        l, i = self.selection.unit
        if l == 0:
            return text.input_name(shown.split.names[i])
        return text.symbol("a", i + 1, l)

    @property
    def _output(self) -> int | None:
        """The output unit shown alone, if these data have it."""
        output, split = self.selection.view.output, self._split
        return None if split is None or output is None or output >= len(split.train.Y) else output

    def _shows_errors(self) -> bool:
        regression = self._split is not None and self._split.kind == "regression"
        return regression and self.errors.isChecked()

    @Slot()
    def _draw_dots(self) -> None:
        split, plane, lit = self._split, self._plane, self.selection.lit
        if split is None or plane is None:
            self.plot.show_dots(())
            self.legend.say("")
            return
        self._points = points_on(split, plane, output=self._output)
        both = (dots_of(split, plane, test=t, lit=lit, output=self._output) for t in (False, True))
        sets = [dots for dots in both if dots is not None]
        largest, errors = None, list[Array]()
        if self._shows_errors() and self._answered is not None:
            errors = errors_of(split, self._answered, self._output)
            largest = max(float(np.abs(each).max()) for each in errors)
            sets = [error_dots(*pair, largest) for pair in zip(sets, errors, strict=True)]
        self.plot.show_stems(self._stems(sets, errors))
        shown = self.show_test.isChecked()
        drawn = [dots if shown or not dots.test else dots.lit_alone() for dots in sets]
        self.plot.show_dots(tuple(dots for dots in drawn if dots is not None))
        self.legend.say(legend(split, self._output, 0, largest))

    def _stems(self, sets: list[Dots], errors: list[Array]) -> list[Stems]:
        """The errors of the predictions over one input, for the drawn examples."""
        if self._plane is None or not self._plane.is_line:
            return []
        shown = self.show_test.isChecked()
        return [
            stems_of(*pair) for pair in zip(sets, errors, strict=False) if shown or not pair[0].test
        ]

    def _example(self) -> int | None:
        """The selected example, if there is one and it has a place."""
        k, points = self.selection.example, self._points
        return None if k is None or points is None or k >= points.shape[1] else k

    @Slot()
    def _draw_example(self) -> None:
        k = self._example()
        self.plot.show_ring(None if k is None else self._point(k))
        self._read_out()

    def _point(self, k: int) -> tuple[float, float]:
        assert self._points is not None
        x1, x2 = self._points[:, k]
        return float(x1), float(x2)

    def _read_out(self) -> None:
        """The values under the cursor or, without one, at the selected example; otherwise the
        number of highlighted ones.
        """
        if self._plots.currentWidget() is self.weights:
            return  # which has its own texts
        at, example = self._cursor, self._example()
        self.readout.stay(example is not None)
        shares = None if at is None else self.plot.shares(at)
        on_example = at is None or (example is not None and self._near(at) == example)
        if example is not None and (shares is None or on_example):
            words = self._example_words(example)
        else:
            lit = len(self.selection.lit)
            at_rest = f"{text.count(lit)} lit" if lit else ""
            words = at_rest if shares is None else self._words_at(*shares)
        self.readout.say(words)

    def _words_at(self, across: float, down: float) -> str:
        shown, split, plane, field = self._snapshot, self._split, self._plane, self._field
        if split is None or plane is None:
            return ""
        (x1, x1_end), (x2, x2_end) = plane.x1, plane.x2
        at = x1 + across * (x1_end - x1), x2_end - down * (x2_end - x2)
        words = place_words(at, split, plane)
        if self.selection.unit is not None or field is None or shown is None:
            return words
        (left, right), (bottom, top) = field.plane.x1, field.plane.x2
        across, down = (at[0] - left) / (right - left), (top - at[1]) / (top - bottom)
        values = value_at(field.values, across, down)
        said = prediction_words(values, shown.split, is_probability(shown.project), self._output)
        return f"{words}   {said}"

    def _example_words(self, k: int) -> str:
        split, plane = self._split, self._plane
        assert split is not None
        assert plane is not None
        label = label_words(split, k, self._output)
        words = f"example {text.count(k + 1)}:  {place_words(self._point(k), split, plane)}"
        if self._answered is None or not self._shows_errors():
            return f"{words},  y = {label}"
        said = float(self._answered.train.A[self._output or 0, k])
        return f"{words},  y = {label},  ŷ = {text.plain(said)}"

    def _on_zoomed(self) -> None:
        """Ask for the visible part, so that it is as sharp as the whole."""
        part, plane = self.plot.part, self._plane
        if part is not None and plane is not None and plane.is_line:
            part = part[0], plane.x2  # along the label a picture does not vary
        self.see(part)
        self._read_out()

    def _numbers(self) -> dict[str, Array]:
        """The prediction at every point of the picture, and the drawn examples."""
        field, split, plane = self._field, self._split, self._plane
        if field is None or split is None or plane is None:
            return {}
        across, up = names = axes_of(split, plane)
        points = grid(field.plane, field.values.shape[-1])
        found = {across: points[0], up: points[1]}
        for i, values in enumerate(field.values):
            found[text.symbol("ŷ", i + 1) if len(field.values) > 1 else "ŷ"] = values.ravel()
        return {**found, **columns_of(self.plot.dots, names)}

    @Slot(object)
    def _on_hovered(self, at: QPointF | None) -> None:
        self._cursor = at
        if self.plot.isVisible():
            self._read_out()

    @Slot(object)
    def _on_clicked(self, at: QPointF) -> None:
        if self._points is not None:
            near = self._near(at)
            self.selection.select_example(near)
            if near is None:
                self.selection.light()

    def _seen(self) -> Seen | None:
        """The positions of all training examples, and of the drawn test examples."""
        split, points = self._split, self._points
        if split is None or points is None or self._plane is None:
            return None
        test = points_on(split, self._plane, test=True, output=self._output)
        every = points if test is None else np.concatenate([points, test], axis=1)
        drawn = np.arange(every.shape[1])
        if not self.show_test.isChecked():
            drawn = drawn[(drawn < split.train.m) | np.isin(drawn, self.selection.lit)]
        return every[:, drawn], drawn

    def _near(self, at: QPointF) -> int | None:
        """Which training example is nearest to a pixel, if one is near."""
        return None if self._points is None else self.plot.nearest(self._points, at)

    @Slot(object)
    def _on_stepped(self, step: int) -> None:
        if self._points is not None:
            self.selection.step_example(step, self._points.shape[1])

    @Slot(object)
    def _on_unit(self, unit: tuple[int, int] | None) -> None:
        self.training.refresh()
        if unit is None and self.isVisible():
            self._draw()

    @Slot(object)
    def _on_lit(self, lit: object) -> None:
        self._draw_dots()
        self._read_out()

    @Slot(object)
    def _on_cut(self, _cut: object) -> None:
        self._seen_part = None
        self.training.refresh()

    @Slot(object, object)
    def _on_view(self, old: View, new: View) -> None:
        if old.output != new.output and self.isVisible():
            self._draw_dots()
            self._draw_example()
            self._draw()

    @Slot()
    def _on_errors(self) -> None:
        if self._shows_errors():
            self.training.refresh()
        self._draw_dots()

    @Slot()
    def _on_theme(self) -> None:
        if self._split is not None:
            self._draw_dots()
        self._draw()
