"""The results panel: the confusion matrix and its rates, or predicted over true values."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import QPointF, Slot

from core.data.examples import Examples, Indices, Split
from core.look.ask import Asks
from core.look.predictions import Predictions
from core.nn.activations import Array
from core.project import Project
from core.training import results
from core.training.messages import Snapshot
from core.training.outcomes import Answered, Answers
from gui.model.document import Document
from gui.model.selection import Selection
from gui.model.training import Training
from gui.panels.base import Panel
from gui.panels.results.confusion_table import (
    MEANINGS,
    Confusion,
    ConfusionCell,
    ConfusionTable,
    written,
)
from gui.panels.results.fit_plot import FitPlot
from gui.parts import Named
from gui.plots.around import PlotOrSentence, switch
from gui.plots.dots import Dots
from gui.style import text
from gui.widgets.card import Card
from gui.widgets.menu_button import MenuButton
from gui.widgets.readout import Readout
from gui.widgets.rows import in_row

TITLE = "Results"
MOST_CLASSES = 100
TOO_MANY = "{} classes are too many for a matrix; the Examples table lists every prediction."
OF_MEAN = " Here it is the mean over the classes that occur; a class without it counts as 0."
OF_ONE = " Here of class {}."
FIGURES = {
    "accuracy": ("Accuracy", "100.0 %", "The share of predictions that are right."),
    "precision": ("Precision", "100.0 %", MEANINGS[0]),
    "recall": ("Recall", "100.0 %", MEANINGS[1]),
    "f1": ("F1", "100.0 %", MEANINGS[2]),
    "r2": (
        "R²",
        "-0.0000",
        (
            "The share of the labels' variance that the network explains, 1 - Σ(ŷ - y)² / Σ(y - "
            "mean)²: 1 is perfect, 0 is no better than predicting the mean."
        ),
    ),
    "rmse": ("RMSE", "0.0000", "The typical error, in units of the label: √ mean (ŷ - y)²."),
}
VALUES = ("r2", "rmse")  # the figures of regression


class ResultsPanel(Panel):
    """Judges the training or the test examples; a cell of the matrix lights its examples."""

    wanted_height = 200  # two classes and their rates

    def __init__(self, document: Document, training: Training, selection: Selection) -> None:
        super().__init__(document, training, selection)
        self._split: Split | None = None
        self._answered: Answered | None = None
        self._cell: ConfusionCell | None = None  # whose examples are highlighted
        self.card = Card(TITLE, self)
        self.output = MenuButton("", {"0": ""}, "0")
        self.output.setToolTip(self.tr("Output unit to evaluate"))
        self.of_test = switch(
            "test data", "Evaluate test examples instead of training examples", self._draw
        )
        self.figures = {name: Readout(*row[:2]) for name, row in FIGURES.items()}
        self.grid = ConfusionTable()
        self.plot = FitPlot("Predicted over true values")
        self.plot.setToolTip(self.tr("Click a point to select its example"))
        self.plot.numbers = self._numbers
        self.body = PlotOrSentence(self.grid)
        self._lay_out()
        self.follow_view(self.of_test, "results_of_test")
        self.output.chosen.connect(self._draw)
        self.grid.chosen.connect(self._on_cell)
        self.plot.clicked.connect(self._on_clicked)
        selection.lit_changed.connect(self._on_lit)
        selection.example_changed.connect(self._draw_points)

    def _lay_out(self) -> None:
        self.card.add_header(self.output)
        self.card.add_header(self.of_test)
        self.card.body.setSpacing(4)
        for name, figure in self.figures.items():
            figure.setToolTip(FIGURES[name][2])
            figure.setVisible(name not in VALUES)
        self.card.fill(
            self, in_row(*self.figures.values(), None, spacing=18), (self.body, 1), (self.plot, 1)
        )
        self.output.hide()
        self.plot.hide()

    def named_parts(self) -> Mapping[str, Named]:
        return {
            "output": Named(self.output, self.tr("Output unit to evaluate")),
            "test_data": Named(self.of_test, self.tr("Results on test data")),
            "confusion": Named(self.grid, self.tr("Confusion matrix")),
            "fit": Named(self.plot, self.tr("Predicted over true values")),
        }

    def wants(self) -> Asks:
        return (Predictions(),)

    def show_project(self, old: Project | None, new: Project) -> None:
        has_test = new.data.has_test
        self.of_test.setEnabled(has_test)
        if not has_test:
            self.of_test.setChecked(False)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        answered = snapshot.answer(Predictions())
        if answered is None or answered is self._answered:
            return
        if snapshot.split is not self._split:
            self._split = snapshot.split
            self._cell = None
            self._offer_outputs(snapshot.split)
        self._answered = answered
        self._draw()

    def _offer_outputs(self, split: Split) -> None:
        n = len(split.train.Y)
        several = n > 1 and split.kind != "classes"
        self.output.setVisible(several)
        self.output.set_choices({str(i): text.symbol("ŷ", i + 1) for i in range(n)})
        if int(self.output.value or 0) >= n:
            self.output.set_value("0")

    # --- content ---

    def _judged(self) -> tuple[Split, Examples, Answers] | None:
        """The scored examples, and their predictions."""
        split, answered = self._split, self._answered
        if split is None or answered is None:
            return None
        if self.of_test.isChecked() and split.test is not None and answered.test is not None:
            return split, split.test, answered.test
        return split, split.train, answered.train

    @property
    def _of_test(self) -> bool:
        judged = self._judged()
        return judged is not None and judged[1] is not judged[0].train

    @property
    def _output(self) -> int:
        return int(self.output.value or 0)

    @Slot()
    def _draw(self) -> None:
        judged = self._judged()
        if judged is None:
            return
        split, examples, answers = judged
        which = "test" if self._of_test else "training"
        self.card.set_title(f"{TITLE} on {text.counted(examples.m, f'{which} example')}")
        values = split.kind == "regression"
        self.body.setVisible(not values)
        self.plot.setVisible(values)
        for name, figure in self.figures.items():
            figure.setVisible((name in VALUES) == values)
        if values:
            self._draw_fit(split, examples, answers)
        else:
            self._draw_confusion(split, examples, answers)

    def _draw_confusion(self, split: Split, examples: Examples, answers: Answers) -> None:
        labelled, said = self._classes(split, examples, answers)
        k = results.count_of_classes(len(examples.Y), split.kind)
        counts = results.confusions(labelled, said, k)
        rates = results.rates(counts)
        if k > 2:
            of_classes, note = rates.means(), OF_MEAN
        else:
            positive = (rates.precision[1], rates.recall[1], rates.f1[1])
            of_classes, note = positive, OF_ONE.format(split.class_names[1])
        self.figures["accuracy"].set_text(written(results.accuracy(counts)))
        for name, share in zip(("precision", "recall", "f1"), of_classes, strict=True):
            self.figures[name].set_text(written(share))
            self.figures[name].setToolTip(text.tip(FIGURES[name][2] + note))
        self.body.say(TOO_MANY.format(text.count(k)) if k > MOST_CLASSES else "")
        self.grid.show_confusion(Confusion(counts, rates, split.class_names))
        self._light_cell()

    def _classes(
        self, split: Split, examples: Examples, answers: Answers
    ) -> tuple[Indices, Indices]:
        """The class of each label and of each prediction."""
        kind, output = split.kind, self._output
        return (
            results.classes_of(examples.Y, kind, output),
            results.classes_of(answers.A, kind, output),
        )

    def _draw_fit(self, split: Split, examples: Examples, answers: Answers) -> None:
        a, y = answers.A[self._output], examples.Y[self._output]
        found = results.fit(a, y)
        self.figures["r2"].set_text("–" if np.isnan(found.r2) else text.fixed(found.r2, 4))
        self.figures["rmse"].set_text(text.number(found.rmse, sign=False))
        lit = self._lit_here(split, examples)
        colours = np.where(y < 0, -0.85, 0.85)  # by sign: paler ones would be invisible
        dots = Dots(np.stack([y, a]), colours, 0, self._of_test, lit)
        self.plot.show_fit(dots, None if self._of_test else self.selection.example)

    def _numbers(self) -> dict[str, Array]:
        """Every label with its prediction."""
        judged = self._judged()
        if judged is None:
            return {}
        _, examples, answers = judged
        return {"y": examples.Y[self._output], "ŷ": answers.A[self._output]}

    def _lit_here(self, split: Split, examples: Examples) -> Indices | None:
        """Which of these examples are highlighted; None if none are."""
        lit = self.selection.lit
        if not len(lit):
            return None
        own = lit - self._first(split)
        return own[(own >= 0) & (own < examples.m)]

    def _first(self, split: Split) -> int:
        """The index of the first scored example."""
        return split.train.m if self._of_test else 0

    # --- actions ---

    def _light_cell(self) -> None:
        """Light the examples that are in the chosen cell now."""
        judged = self._judged()
        if self._cell is not None and judged is not None and judged[0].kind != "regression":
            labelled, said = self._classes(*judged)
            true, answered = self._cell
            inside = np.ones(len(said), np.bool_)
            inside &= True if true is None else labelled == true
            inside &= True if answered is None else said == answered
            cell, self._cell = self._cell, None  # a highlight from elsewhere clears the cell
            self.selection.light(np.flatnonzero(inside) + self._first(judged[0]))
            self._cell = cell
        self.grid.mark(self._cell)

    @Slot(object)
    def _on_cell(self, cell: ConfusionCell) -> None:
        if cell == self._cell:
            self._cell = None
            self.selection.light()
        else:
            self._cell = cell
        self._light_cell()

    @Slot(object)
    def _on_lit(self, _: object) -> None:
        """A highlight made elsewhere belongs to no cell."""
        self._cell = None
        self.grid.mark(None)
        self._draw_points()

    @Slot()
    def _draw_points(self) -> None:
        judged = self._judged()
        if self.isVisible() and judged is not None and judged[0].kind == "regression":
            self._draw_fit(*judged)

    @Slot(object)
    def _on_clicked(self, at: QPointF) -> None:
        judged = self._judged()
        if judged is None or not self.plot.dots:
            return
        near = self.plot.nearest(self.plot.dots[0].points, at)
        if near is None or not self._of_test:
            self.selection.select_example(near)
            self.selection.light()
        else:
            self.selection.light([self._first(judged[0]) + near])
