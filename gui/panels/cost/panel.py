"""The cost panel: the training and test cost of every iteration so far."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt, Slot
from PySide6.QtGui import QAction, QActionGroup, QPen

from core.by_hand import Place
from core.look.ask import Asks
from core.look.costs import CostWindow
from core.look.trace import Trace, TraceOf
from core.training.messages import Snapshot
from gui.model.document import Document
from gui.model.playback import PACES, Playback
from gui.model.selection import Selection
from gui.model.training import Training
from gui.panels.base import Panel
from gui.panels.cost.close_up import CloseUp
from gui.panels.cost.past_strip import PastStrip
from gui.panels.cost.remake_strip import RemakeStrip
from gui.panels.cost.timeline_bar import TimelineBar
from gui.panels.cost.trace_chip import TraceChip
from gui.parts import Named
from gui.plots.around import PlotOrSentence, switch
from gui.plots.curve_plot import CurvePlot, SecondCurve
from gui.plots.decimate import Envelope
from gui.plots.marks import sayings
from gui.style import text
from gui.style.resources import set_icon
from gui.style.theme import theme, translucent
from gui.widgets import labels
from gui.widgets.buttons import icon_button
from gui.widgets.card import Card
from gui.widgets.rows import put

Iterations = NDArray[np.int64]
CostValues = NDArray[np.floating[Any]]
NOTHING_YET = "Press Play (Space) to see the cost fall."
AGAIN = 12  # px, the icon that plays the run again
FAINT = 70  # alpha of single iterations behind their moving mean
TRAIN, TEST, TRAIN_EACH, TEST_EACH = "train", "test", "train each", "test each"


class CostPanel(Panel):
    """Draws as many points as it has columns of pixels, however long the run, and every spike."""

    def __init__(self, document: Document, training: Training, selection: Selection) -> None:
        super().__init__(document, training, selection)
        self._snapshot: Snapshot | None = None
        self._trace: Trace | None = None
        self._train, self._test = Envelope(), Envelope()
        self._close_up = CloseUp()
        self._window: CostWindow | None = None  # the zoomed range, if not all of its costs are kept
        self._cursor: QPointF | None = None
        self.card = Card(self.tr("Cost"), self)
        self.plot = CurvePlot("Cost over iterations", (TRAIN_EACH, TEST_EACH, TRAIN, TEST))
        self.legend = labels.caption("")
        self.log = switch("log", "Logarithmic scale: equal steps are equal factors", self._on_log)
        self.smooth = switch(
            "smooth", "Draw a moving mean, with single iterations faint behind it", self._draw
        )
        self.readout = labels.caption("")
        self.timeline = TimelineBar()
        self.playback = Playback(training, self)
        self.again = icon_button("play", "Play the run again", "muted", AGAIN)
        self.past = PastStrip()
        self.remake = RemakeStrip()
        self.traced = TraceChip()
        self.body = PlotOrSentence(self.plot)
        self.body.say(NOTHING_YET)
        self._lay_out()
        self._dress()
        self.follow_view(self.log, "log_cost")
        self.follow_view(self.smooth, "smooth_cost")
        self.plot.numbers = self._numbers
        self.plot.hovered.connect(self._on_hovered)
        self.plot.resized.connect(self._draw)
        self.plot.zoomed.connect(self._on_zoomed)
        self._make_again()
        self.timeline.moved.connect(self._on_moved)
        self.timeline.passed.connect(self._on_passed)
        self.remake.wanted.connect(training.remake)
        self.past.continued.connect(training.branch)
        self.past.left.connect(self._leave_past)
        self.past.released.connect(self._draw)
        self.traced.closed.connect(lambda: selection.trace(None))
        selection.traced_changed.connect(self._on_traced)
        self.plot.restyled.connect(self._dress)

    def _lay_out(self) -> None:
        self.legend.setTextFormat(Qt.TextFormat.RichText)
        for widget in (self.legend, self.traced, self.log, self.smooth, self.past):
            self.card.add_header(widget)
        self.card.body.setSpacing(0)
        put(self.card.body, self.body, self.remake, self.timeline)
        self.readout.setParent(self.plot)
        self.readout.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.card.fill(self)

    @Slot()
    def _dress(self) -> None:
        palette = theme().palette
        faint_train = translucent(palette.positive, FAINT)
        faint_test = translucent(palette.negative, FAINT)
        dashed = QPen(palette.negative, 1.0)
        dashed.setDashPattern([6, 3])
        self.plot.take_pens(
            {
                TRAIN_EACH: QPen(faint_train, 1.0),
                TEST_EACH: QPen(faint_test, 1.0),
                TRAIN: QPen(palette.positive, 1.0),
                TEST: dashed,
            }
        )
        self.readout.setStyleSheet(f"background: {palette.surface.name()}; border-radius: 4px")
        self._draw_legend()
        self._place_again()

    def _draw_legend(self) -> None:
        palette = theme().palette
        words = f'<span style="color:{palette.positive.name()}">━</span> train'
        if self._test.size:
            words += f'&nbsp; <span style="color:{palette.negative.name()}">╍</span> test'
        if words != self.legend.text():
            self.legend.setText(words)

    def named_parts(self) -> Mapping[str, Named]:
        return {
            "plot": Named(self.plot, self.tr("Plot of the cost")),
            "log": Named(self.log, self.tr("Logarithmic scale of the cost")),
            "smooth": Named(self.smooth, self.tr("Smooth cost curve")),
            "remake": Named(self.remake.go, self.tr("Restore earlier iterations")),
            "timeline": Named(self.timeline, self.tr("Timeline of the run")),
            "replay": Named(self.again, self.tr("Play the run again")),
        }

    def wants(self) -> Asks:
        place = self.selection.traced
        asks: Asks = () if place is None else (TraceOf(place),)
        return asks if self._window is None else (*asks, self._window)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        before, self._snapshot = self._snapshot, snapshot
        if before is None or before.run != snapshot.run:
            self._train.clear()
            self._test.clear()
            self._close_up.clear()
            self._trace = None
        if self.selection.traced is not None:
            self._trace = snapshot.answer(TraceOf(self.selection.traced)) or self._trace
        self._take_close_up(snapshot)
        self._train.extend(snapshot.costs)
        self._test.extend(snapshot.test_costs)
        self.body.say("" if self._train.size else NOTHING_YET)
        self.timeline.setVisible(bool(self._train.size) and snapshot.earliest is not None)
        self.remake.show_run(snapshot)
        self._draw_legend()
        self._draw()

    def _take_close_up(self, snapshot: Snapshot) -> None:
        """Store the costs of the zoomed range; ask for those that there was no time for."""
        self._window = self._wanted_window(snapshot)
        found = None if self._window is None else snapshot.answer(self._window)
        if found is not None and self._close_up.take(found) and snapshot.idle:
            self.training.refresh()

    def _wanted_window(self, snapshot: Snapshot) -> CostWindow | None:
        part = self.plot.part
        return None if part is None else CloseUp.window(snapshot, part)

    @Slot()
    def _on_zoomed(self) -> None:
        if self._snapshot is not None:
            before, self._window = self._window, self._wanted_window(self._snapshot)
            if self._window not in (before, None):
                self.training.refresh()
        self._draw()

    @Slot()
    def _draw(self) -> None:
        """Draw both curves and their range, then the values under the cursor."""
        snapshot = self._snapshot
        if snapshot is None or not self._train.size:
            self.plot.show_cross_hair(None)
            self.readout.hide()
            self._show_strip(past=False)
            return
        ends = [end for curve in (self._train, self._test) if curve.size for end in _ends(curve)]
        self.plot.show_range(snapshot.newest, min(ends), max(ends))
        self._draw_trace(snapshot)
        self.plot.show_marks(sayings(snapshot.marks, snapshot.by_hand))
        self._show_place(snapshot)
        of_train = self._train, snapshot.costs, snapshot.cost_iterations
        self._draw_curve(TRAIN, TRAIN_EACH, *of_train, self._close_up)
        of_test = self._test, snapshot.test_costs, snapshot.test_iterations
        self._draw_curve(TEST, TEST_EACH, *of_test)
        self._read_out()

    def _show_place(self, snapshot: Snapshot) -> None:
        """Show the visited iteration, in the plot and on the timeline."""
        shown, newest = snapshot.iteration, snapshot.newest
        self.timeline.show_scale(*self.plot.scale)
        self.timeline.show_run(snapshot.earliest or 0, newest, shown)
        self.timeline.show_best(snapshot.best)
        self.plot.show_playhead(shown if shown < newest else None)
        self._show_strip(past=shown < newest)

    def _show_strip(self, *, past: bool) -> None:
        """Show the strip for the past, or the usual one; never another button under the mouse."""
        self.past.show_past(past)
        past = past or self.past.held
        usual = (self.legend, self.log, self.smooth)
        for part in usual if past else (self.past,):  # first: all at once they had no room
            part.hide()
        for part in (self.past,) if past else usual:
            part.show()

    @Slot(object)
    def _on_traced(self, _place: Place | None) -> None:
        self._draw()
        self.training.refresh()

    @property
    def _shown_trace(self) -> Trace | None:
        trace = self._trace
        return trace if trace is not None and trace.place == self.selection.traced else None

    def _draw_trace(self, snapshot: Snapshot) -> None:
        """The selected parameter over the run, with its value at the visited iteration."""
        trace = self._shown_trace
        if trace is None:
            self.traced.hide()
            self.plot.show_second(None)
            return
        value = _value(snapshot, trace.place)
        self.traced.say(text.parameter(trace.place))
        at = (snapshot.iteration, value)
        self.plot.show_second(SecondCurve(trace.iterations, trace.values, at))

    def _numbers(self) -> dict[str, list[Any]]:
        """All costs, with their iterations."""
        seen = self._snapshot
        if seen is None or not self._train.size:
            return {}
        costs, places = seen.costs, seen.cost_iterations
        if places is not None:
            costs, places = self._close_up.over(costs, places)
        at = range(len(costs)) if places is None else places.tolist()
        found: dict[str, list[Any]] = {"iteration": list(at), "train": costs.tolist()}
        if self._test.size:
            tested = dict(zip(seen.test_iterations.tolist(), seen.test_costs.tolist(), strict=True))
            both = sorted({*at, *tested})
            trained = dict(zip(at, found["train"], strict=True))
            found = {
                "iteration": both,
                "train": [trained.get(i) for i in both],
                "test": [tested.get(i) for i in both],
            }
        trace = self._shown_trace
        if trace is not None:
            found[f"iteration of {text.parameter(trace.place)}"] = trace.iterations.tolist()
            found[text.parameter(trace.place)] = trace.values.tolist()
        return found

    def _make_again(self) -> None:
        """Position the playback button in the margin next to the timeline."""
        self.again.setParent(self.timeline)
        self._place_again()
        paces = QActionGroup(self.timeline)
        for pace, words in PACES.items():
            action = QAction(words, paces, checkable=True, checked=pace == self.playback.pace)
            action.triggered.connect(lambda _checked, pace=pace: self._set_pace(pace))
            self.timeline.addAction(action)
        best = QAction(self.tr("Go to the lowest cost (B)"), self.timeline)
        best.triggered.connect(self.timeline.go_to_best)
        self.timeline.addAction(best)
        self.timeline.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.again.clicked.connect(self._toggle_playback)
        self.playback.playing_changed.connect(self._show_playback)
        self._show_playback(False)

    def _place_again(self) -> None:
        wide, high = self.again.sizeHint().width(), self.timeline.sizeHint().height()
        self.again.setGeometry(2, 0, wide, high)

    def _set_pace(self, pace: int) -> None:
        self.playback.pace = pace
        self._show_playback(self.playback.playing)

    def _toggle_playback(self) -> None:
        if self.playback.playing:
            self.playback.stop()
        else:
            self.playback.play()

    @Slot(object)
    def _show_playback(self, playing: bool) -> None:
        set_icon(self.again, "pause" if playing else "play", "muted")
        pace = PACES[self.playback.pace].lower()
        self.again.setToolTip(
            self.tr("Rest here")
            if playing
            else (
                self.tr("Play the run again: {pace} (right-click for other speeds)").format(
                    pace=pace
                )
            )
        )

    @Slot(object)
    def _on_moved(self, iteration: int) -> None:
        self.playback.stop()
        self.training.visit(iteration)

    @Slot(object)
    def _on_passed(self, iteration: int) -> None:
        self.playback.stop()
        self.training.glance(iteration)

    @Slot()
    def _leave_past(self) -> None:
        self.playback.stop()
        if self._snapshot is not None:
            self.training.visit(self._snapshot.newest)

    def _draw_curve(
        self,
        name: str,
        each: str,
        curve: Envelope,
        costs: CostValues,
        iterations: Iterations | None = None,
        close_up: CloseUp | None = None,
    ) -> None:
        part, drawn = self.plot.part, (costs, iterations)
        if close_up is not None and part is not None and iterations is not None:
            drawn = close_up.over(costs, iterations, part)
        x, values = self.plot.drawn(curve, *drawn)
        if not self.smooth.isChecked():
            self.plot.show_curve(name, x, values)
            self.plot.show_curve(each, x[:0], values[:0])
            return
        self.plot.show_curve(each, x, values)
        places, means, _ = curve.means(self.plot.fine_columns)
        if iterations is not None and len(places):
            places = np.interp(places, np.arange(len(iterations)), iterations)
        self.plot.show_curve(name, places, means)

    def _read_out(self) -> None:
        """Iteration and costs under the cursor, else an explanation of the smooth line."""
        x = None if self._cursor is None else self.plot.iteration_at(self._cursor)
        if x is None or self._snapshot is None:
            self.plot.show_cross_hair(None)
            self._show_words(self._said_at_rest())
            return
        costs, places = self._snapshot.costs, self._snapshot.cost_iterations
        i = at = min(max(round(x), 0), self._train.size - 1)
        if places is not None:  # a very long run does not keep every cost
            costs, places = self._close_up.over(costs, places, (x - 1, x + 1))
            at = _nearest(places, round(x))
            i = int(places[at])
        values = {TRAIN: float(costs[at])}
        words = f"iteration {text.count(i)}   train {text.number(values[TRAIN], sign=False)}"
        if self._test.size:
            k = _nearest(self._snapshot.test_iterations, i)
            values[TEST] = float(self._snapshot.test_costs[k])
            words += f"   test {text.number(values[TEST], sign=False)}"
        if self._cursor is not None and (changed := self.plot.marks.at(self._cursor.x())):
            words = f"{changed}   {words}"
        self.plot.show_cross_hair(i, values)
        self._show_words(words + self._said_of_trace(i))

    def _said_of_trace(self, i: int) -> str:
        """The parameter at an iteration; between two kept ones only approximately."""
        trace = self._shown_trace
        if trace is None:
            return ""
        value = float(np.interp(i, trace.iterations, trace.values))
        about = "" if i in trace.iterations else "≈ "
        return f"   {text.parameter(trace.place)} {about}{text.number(value)}"

    def _said_at_rest(self) -> str:
        """The text without a cursor: the iteration shown, or what is drawn."""
        seen, trace, said = self._snapshot, self._shown_trace, []
        if seen is not None and seen.iteration < seen.newest:
            said.append(f"iteration {text.count(seen.iteration)} of {text.count(seen.newest)}")
        if seen is not None and trace is not None:
            value = text.number(_value(seen, trace.place))
            said.append(f"{text.parameter(trace.place)} {value}")
        if said:
            return "   ".join(said)
        every = seen is None or seen.cost_iterations is None
        window = self._train.means(1)[2] if every and self.smooth.isChecked() else 1
        return f"mean of {text.count(window)} iterations" if window > 1 else ""

    def _show_words(self, words: str) -> None:
        self.readout.setVisible(bool(words))
        if words != self.readout.text():
            self.readout.setText(words)
            self.readout.adjustSize()
        self.readout.move(round(self.plot.area().right()) - self.readout.width(), 2)

    @Slot(object)
    def _on_hovered(self, at: QPointF | None) -> None:
        self._cursor = at
        if self._train.size:
            self._read_out()

    def _on_log(self) -> None:
        self.plot.set_logarithmic(self.log.isChecked())
        self._draw()


def _ends(curve: Envelope) -> tuple[float, float]:
    return curve.low, curve.high


def _value(snapshot: Snapshot, place: Place) -> float:
    return float(snapshot.parameters().Wb[place.layer][place.row, place.column])


def _nearest(iterations: Iterations, i: int) -> int:
    """Which of the ascending iterations is nearest to i."""
    after = int(np.searchsorted(iterations, i))
    if after == len(iterations):
        return after - 1
    if after > 0 and i - iterations[after - 1] <= iterations[after] - i:
        return after - 1
    return after
