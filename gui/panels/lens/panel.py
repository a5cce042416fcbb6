"""The example panel: the numbers of one example, and each example's pull on a parameter."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QFont, QShowEvent
from PySide6.QtWidgets import QWidget

from core.data.pixels import example_picture, order_of
from core.look.ask import Asks
from core.look.boundary import Boundary, Field
from core.look.next_iteration import NextIteration
from core.look.plane import points_on
from core.training.messages import Snapshot
from core.walk.entry import Entry
from core.walk.lens import Pulls, lens, neighbour, pulls, worst
from core.walk.record import Record
from gui.model.document import Document
from gui.model.selection import Selection
from gui.model.training import Training
from gui.model.walk import Walk
from gui.panels.base import Panel
from gui.panels.lens.pull_chart import PullChart
from gui.panels.lens.ringed_plane import RingedPlane
from gui.parts import Named
from gui.plots.dots import dots_of
from gui.plots.prediction import prediction_image
from gui.stepper.goals import example_column
from gui.stepper.lens_rows import gradient_of, rows_of_layers, rows_of_lens
from gui.stepper.origin_table import OriginTable
from gui.style import text
from gui.style.theme import BODY, theme
from gui.widgets import labels
from gui.widgets.buttons import button
from gui.widgets.card import Card
from gui.widgets.picture_view import PictureView
from gui.widgets.rows import in_column, in_row
from gui.widgets.scrolled import Scrolled
from gui.widgets.veil import Veil

TITLE = "Example"
NOTHING = "Pause, then click an example to see all its numbers here."
OPEN_ONE = "Open a number of dW or db to see how much each example adds to it."


class LensPanel(Panel):
    """Shows the chosen example of the recorded iteration; the first one while none is chosen."""

    def __init__(
        self, document: Document, training: Training, selection: Selection, walk: Walk
    ) -> None:
        super().__init__(document, training, selection)
        self.walk = walk
        self._snapshot: Snapshot | None = None  # the newest with a field, which is:
        self._field: Field | None = None
        self._pulls: Pulls | None = None
        self.card = Card(TITLE, self)
        self.previous = button(self.tr("◂ previous"), "link", tip=self.tr("Previous example"))
        self.next = button(self.tr("next ▸"), "link", tip=self.tr("Next example"))
        self.worst = button("worst", "link", tip=self.tr("The example with the largest loss"))
        self.plane = RingedPlane()
        self.picture = PictureView()  # in the plane's place if examples are pictures
        self.picture.hide()
        self.values = OriginTable(striped=False)
        self.question = labels.label("", BODY, QFont.Weight.DemiBold, wrap=True)
        self.hint = labels.caption(OPEN_ONE, wrap=True)
        self.chart = PullChart()
        self.down = labels.label("", 12)
        self.up = labels.label("", 12)
        self.show_layers = button(
            self.tr("▸ z and a of every layer"),
            "link",
            tip=self.tr("z and a of every unit for this example"),
        )
        self.layers = OriginTable()
        self.missing = labels.caption("", wrap=True)
        self._nothing = labels.caption(NOTHING, wrap=True)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        for link in (self.previous, self.next, self.worst):
            self.card.add_header(link)
        content = QWidget()
        top = in_row(
            (self.plane, 0, Qt.AlignmentFlag.AlignTop),
            (self.picture, 0, Qt.AlignmentFlag.AlignTop),
            (self.values, 1, Qt.AlignmentFlag.AlignTop),
            spacing=12,
        )
        lines = in_column(
            *(self.missing, top, self.question, self.hint, (self.chart, 1)),
            in_row(self.down, None, self.up),
            (self.show_layers, 0, Qt.AlignmentFlag.AlignLeft),
            self.layers,
            on=content,
            margins=(0, 0, 6, 0),
            spacing=6,
        )
        lines.addStretch(0)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.show_layers.setCheckable(True)
        self._scroll = Scrolled(content)
        self.veil = Veil(self._scroll)
        self.card.fill(self, (self._scroll, 1), (self._nothing, 1))

    def _connect(self) -> None:
        self.previous.clicked.connect(lambda: self._go(-1))
        self.next.clicked.connect(lambda: self._go(1))
        self.worst.clicked.connect(self._go_to_worst)
        self.values.chosen.connect(self.walk.open_number)
        self.layers.chosen.connect(self.walk.open_number)
        self.chart.chosen.connect(self._on_bar)
        self.chart.numbers = self._numbers
        self.show_layers.toggled.connect(self._on_layers)
        self.follow_view(self.show_layers, "layers_of_example")
        self.walk.recorded.connect(self._on_recorded)
        self.walk.opened.connect(self._on_opened)
        self.selection.example_changed.connect(self._on_example)
        self.selection.lit_changed.connect(self._on_lit)
        theme().changed.connect(self._on_theme)

    # --- content ---

    def named_parts(self) -> Mapping[str, Named]:
        return {
            "previous": Named(self.previous, self.tr("Previous example")),
            "next": Named(self.next, self.tr("Next example")),
            "worst": Named(self.worst, self.tr("Example with the largest loss")),
            "layers": Named(self.show_layers, self.tr("Activations of the example in every layer")),
            "pulls": Named(self.chart, self.tr("Which examples pull up, which down")),
        }

    def wants(self) -> Asks:
        if self.training.playing:
            return ()
        record = (NextIteration(),) if self.walk.lacks(self.training.standing) else ()
        return (Boundary(self.selection.cut), *record)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        self.veil.draw(self.walk.is_past(snapshot))
        self.walk.take(snapshot)
        field = snapshot.answer(Boundary(self.selection.cut))
        if snapshot.idle and field is not None:
            self._snapshot, self._field = snapshot, field
            self._draw_plane()

    def _draw(self) -> None:
        """Everything but the picture of the plane."""
        record = self.walk.record
        self._scroll.setVisible(record is not None)
        self._nothing.setVisible(record is None)
        for link in (self.previous, self.next, self.worst):
            link.setEnabled(record is not None)
        if record is None:
            self.card.set_title(TITLE)
            return
        k = self._column(record)
        self._draw_title(record, k)
        self.values.show_rows(rows_of_lens(record, lens(record, k), self.walk.entry), "")
        self._draw_pulls(record, k)
        self.layers.setVisible(self.show_layers.isChecked())
        if self.show_layers.isChecked():
            self.layers.show_rows(rows_of_layers(record, k), "forward")
        self._draw_place(record, k)

    def _column(self, record: Record) -> int:
        return example_column(record, self.selection.example)

    def _draw_title(self, record: Record, k: int) -> None:
        example = int(record.examples[k])
        self.card.set_title(
            self.tr("Example {example} of {examples}, iteration {iteration}").format(
                example=text.count(example + 1),
                examples=text.count(record.train_m),
                iteration=text.count(record.iteration),
            )
        )
        chosen = self.selection.example
        words = f"Column {text.count(k + 1)} of {text.count(record.m)} in this batch."
        if chosen is not None and chosen != example:
            words = f"Example {text.count(chosen + 1)} is not in this batch of {record.m}."
        self.missing.setText(words if record.batch or chosen not in (None, example) else "")
        self.missing.setVisible(bool(self.missing.text()))

    def _numbers(self) -> dict[str, Any]:
        """Every example with its pull, in order of the pulls."""
        found = self._pulls
        return {} if found is None else {"example": found.columns + 1, "pull": found.values}

    def _draw_pulls(self, record: Record, k: int) -> None:
        gradient = gradient_of(self.walk.entry)
        shown = gradient is not None and record.contains(gradient)
        for part in (self.question, self.chart, self.down, self.up):
            part.setVisible(shown)
        self.hint.setVisible(not shown)
        if gradient is None or not shown:
            self._pulls = None
            return
        found = self._pulls = pulls(record, gradient)
        self.question.setText(
            self.tr("Which examples pull {symbol} up, which down").format(symbol=gradient.symbol)
        )
        letter = gradient.symbol.removeprefix("d")
        self.question.setToolTip(
            self.tr(
                "Up: a positive part of {symbol}. The update subtracts the gradient, so"
                " that these examples want {letter} smaller, the others larger."
            ).format(symbol=gradient.symbol, letter=letter)
        )
        marked = int((found.columns == k).nonzero()[0][0])
        self.chart.show_values(
            found.values, marked, lambda bar: record.say_example(int(found.columns[bar]))
        )
        one, several = self.tr("{count} example pulls down"), self.tr("{count} examples pull down")
        self.down.setText(
            (one if found.down == 1 else several).format(count=text.count(found.down))
        )
        one, several = self.tr("{count} pulls up"), self.tr("{count} pull up")
        self.up.setText((one if found.up == 1 else several).format(count=text.count(found.up)))
        self._colour_counts()

    def _colour_counts(self) -> None:
        for count, colour in ((self.down, "negative"), (self.up, "positive")):
            look = count.palette()
            look.setColor(count.foregroundRole(), getattr(theme().palette, colour))
            count.setPalette(look)

    def _draw_plane(self) -> None:
        shown, field = self._snapshot, self._field
        pictures = shown is not None and shown.split.picture is not None
        self.plane.setVisible(shown is not None and not pictures)
        self.picture.setVisible(pictures)
        if shown is None or field is None:
            return
        picture = prediction_image(field.values, shown.split, theme().palette)
        dots = dots_of(shown.split, field.plane, lit=self.selection.lit)
        self.plane.show_plane(field.plane, picture, dots)
        if self.walk.record is not None:
            self._draw_place(self.walk.record, self._column(self.walk.record))

    def _draw_place(self, record: Record, k: int) -> None:
        shown, example = self._snapshot, int(record.examples[k])
        points = None
        if shown is not None and shown.split.picture is not None and example < shown.split.train.m:
            self.picture.show_pixels(example_picture(shown.split, example))
            self.picture.setToolTip(order_of(shown.split.picture))
        if shown is not None and self._field is not None:
            points = points_on(shown.split, self._field.plane)
        if points is None or example >= points.shape[1]:
            self.plane.show_ring(None)
            return
        x1, x2 = points[:, example]
        self.plane.show_ring((float(x1), float(x2)))

    # --- actions ---

    def _choose(self, column: int) -> None:
        record = self.walk.record
        if record is not None:
            self.selection.select_example(int(record.examples[column]))

    def _go(self, by: int) -> None:
        record = self.walk.record
        if record is not None:
            self._choose(neighbour(record, self._column(record), by))

    def _go_to_worst(self) -> None:
        if self.walk.record is not None:
            self._choose(worst(self.walk.record))

    @Slot(int)
    def _on_bar(self, bar: int) -> None:
        if self._pulls is not None:
            self._choose(int(self._pulls.columns[bar]))

    @Slot(object)
    def _on_recorded(self, _record: Record | None) -> None:
        self._on_opened(self.walk.entry)

    @Slot(object)
    def _on_opened(self, entry: Entry | None) -> None:
        """An opened number of an example chooses that example."""
        record = self.walk.record
        if entry is not None and record is not None and entry.per_example:
            self._choose(entry.column)
        if self.isVisible():
            self._draw()

    @Slot(object)
    def _on_example(self, _example: int | None) -> None:
        if self.isVisible():
            self._draw()

    @Slot(object)
    def _on_lit(self, _lit: object) -> None:
        if self.isVisible():
            self._draw_plane()

    @Slot()
    def _on_layers(self) -> None:
        opened = self.show_layers.isChecked()
        shut, open_ = self.tr("▸ z and a of every layer"), self.tr("▾ z and a of every layer")
        self.show_layers.setText(open_ if opened else shut)
        self._draw()

    @Slot()
    def _on_theme(self) -> None:
        if self.isVisible():
            self._colour_counts()
            self._draw_plane()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._draw()
