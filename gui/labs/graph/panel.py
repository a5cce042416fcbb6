"""The panel of the graph lab: type or wire a graph, walk both passes, nudge a leaf."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtWidgets import QWidget

from core.errors import LayerwiseError
from core.labs.expression import PRESETS, parse, write
from core.labs.graph import NUDGE, OPERATIONS, Graph
from core.labs.tour import SLOPE, VALUE, Tour, TourStop
from gui.labs.answer import AnswerField
from gui.labs.base import Lab
from gui.labs.fields import evenly, number_slider
from gui.labs.graph.view import GraphView
from gui.model.document import Document
from gui.model.selection import Selection
from gui.model.training import Training
from gui.parts import Named
from gui.style import text
from gui.style.theme import BODY, sized
from gui.widgets import labels
from gui.widgets.buttons import button
from gui.widgets.card import Card
from gui.widgets.commit_edit import CommitEdit
from gui.widgets.flow_layout import FlowLayout
from gui.widgets.menu_button import MenuButton
from gui.widgets.rows import in_row, put

OWNER = "labs.graph"
OWN = "own"  # the entry for a graph that is not a preset
MOST_UNDONE = 99  # undo steps that are kept, and the current state
REACH, FARTHEST = 10.0, 1000.0  # of a leaf: on the slider, and typed
MARK_FIRST = (
    "Mark the inputs first, in their order: Ctrl+click each node, or choose it and press M."
)


class GraphLab(Lab):
    """A graph, and a learner's tour of it. Changes of the graph can be undone here."""

    wanted_height = 380

    def __init__(self, document: Document, training: Training, selection: Selection) -> None:
        super().__init__(document, training, selection)
        self.state = Tour(parse(PRESETS["chain"][1]))
        self._past: list[Tour] = []
        self._choice, self._marks = "a", ()  # type: tuple[str, tuple[str, ...]]
        self._leaf = "a"  # the leaf that was chosen last
        self._right: set[str] = set()
        self._nudged: set[str] = set()
        self.card = Card(self.tr("Computation graph"), self)
        self._make_controls()
        self._make_answers()
        self._lay_out()
        self._connect()
        self._show()

    # --- making -----------------------------------------------------------------------------------

    def _make_controls(self) -> None:
        presets = {name: title for name, (title, _) in PRESETS.items()}
        choices = {**presets, OWN: self.tr("Your own")}
        self.preset = MenuButton(self.tr("Graph"), choices, "chain")
        self.expression = CommitEdit()
        self.expression.setAccessibleName(self.tr("Expression of the graph"))
        tip = self.tr("Type an expression with + - * / ^ log( ) σ( ) loss(a, y), then press Enter")
        self.expression.setToolTip(tip)
        sized(self.expression, "setMinimumWidth", 330)
        tip = self.tr("Undo the last change of the graph (Ctrl+Z on the graph)")
        self.undo = button(self.tr("Undo"), "link", tip=tip)
        self.view = GraphView(OWNER)
        self.wiring = {"leaf": button(self.tr("+ leaf"), "link", tip=self.tr("Add a number"))}
        for name, op in OPERATIONS.items():
            tip = self.tr("Add the {} of the marked nodes").format(op.title)
            self.wiring[name] = button(op.symbol, "link", tip=tip)
            self.wiring[name].setAccessibleName(tip)
        tip = self.tr("Remove the chosen node (Delete)")
        self.wiring["remove"] = button(self.tr("remove"), "link", tip=tip)

    def _make_answers(self) -> None:
        places = evenly(-REACH, REACH, 0.01)
        self.leaf = number_slider(self.tr("Leaf"), places, (-FARTHEST, FARTHEST))
        sized(self.leaf, "setMinimumWidth", 150)
        self.nudge = button(
            "", tip=self.tr("Move the chosen leaf a little, and see the result move")
        )
        self.asked = labels.label("", BODY)
        self.answer = AnswerField(self.tr("Your answer"), width=104)
        self.reveal = button(self.tr("Reveal"), tip=self.tr("Show this number (R on the graph)"))
        self.reveal_all = button(self.tr("Reveal all"), "link", tip=self.tr("Show every number"))
        self.clear = button(
            self.tr("Clear"), "link", tip=self.tr("Forget all answers and begin again")
        )

    def _lay_out(self) -> None:
        top, body = QWidget(), self.card.body
        body.setSpacing(6)
        row = FlowLayout(top, 10)
        for each in (self.preset, self.expression, _row(*self.wiring.values(), self.undo)):
            row.addWidget(each)
        for each in (self.reveal_all, self.clear):
            self.card.add_header(each)
        below = QWidget()
        flow = FlowLayout(below, 14)
        nudging, asking = _row(self.leaf, self.nudge), _row(self.asked, self.answer, self.reveal)
        flow.addWidget(nudging)
        flow.addWidget(asking)
        put(body, top, (self.view, 1), below, self.sentence)
        self.card.fill(self)
        self.setFocusProxy(self.view)

    def _connect(self) -> None:
        view = self.view
        self.preset.chosen.connect(self._take_preset)
        self.expression.committed.connect(self._take_text)
        self.undo.clicked.connect(self._undo)
        view.chosen.connect(self._choose)
        view.marked.connect(self._mark)
        view.wired.connect(lambda a, b: self._change(lambda graph: graph.wire(a, b)))
        view.removed.connect(self._remove)
        view.stepped.connect(self._step)
        view.revealed.connect(self._reveal)
        view.typed.connect(self._begin_answer)
        view.undone.connect(self._undo)
        self.wiring["leaf"].clicked.connect(lambda: self._change(Graph.add_leaf))
        self.wiring["remove"].clicked.connect(lambda: self._remove(self._choice))
        for name in OPERATIONS:
            self.wiring[name].clicked.connect(lambda _=False, name=name: self._add(name))
        self.leaf.edited.connect(lambda value, _: self._set_leaf(value))
        self.nudge.clicked.connect(self._on_nudge)
        self.answer.answered.connect(self._judge)
        for field in (self.leaf, self.answer):
            field.refused.connect(self.say)
        self.reveal.clicked.connect(self._reveal)
        self.reveal_all.clicked.connect(lambda: self._walk(self.state.reveal_all()))
        self.clear.clicked.connect(self._clear)

    def named_parts(self) -> Mapping[str, Named]:
        lab = self.tr("Computation graph lab")
        wiring = {
            f"add[{name}]": Named(each, f"{each.toolTip()}: {lab}")
            for name, each in self.wiring.items()
            if name != "remove"
        }
        return {
            "preset": Named(self.preset, self.tr("Graph of the {}").format(lab)),
            "expression": Named(self.expression, self.tr("Expression in the {}").format(lab)),
            "view": Named(self.view, self.tr("Picture of the graph in the {}").format(lab)),
            **wiring,
            "remove": Named(self.wiring["remove"], self.tr("Remove a node in the {}").format(lab)),
            "undo": Named(self.undo, self.tr("Undo in the {}").format(lab)),
            "leaf": Named(self.leaf, self.tr("Number of the leaf in the {}").format(lab)),
            "nudge": Named(self.nudge, self.tr("Nudge the leaf in the {}").format(lab)),
            "answer": Named(self.answer, self.tr("Your answer in the {}").format(lab)),
            "reveal": Named(self.reveal, self.tr("Reveal a number in the {}").format(lab)),
            "reveal_all": Named(self.reveal_all, self.tr("Reveal all in the {}").format(lab)),
            "clear": Named(self.clear, self.tr("Clear the answers in the {}").format(lab)),
        }

    def facts(self) -> Mapping[str, object]:
        graph = self.state.graph
        return {
            "right": frozenset(self._right),
            "nudged": frozenset(self._nudged),
            "value": graph.values[graph.last.name],
        }

    def begin_step(self) -> None:
        self._nudged = set()
        self._clear()

    # --- the graph --------------------------------------------------------------------------------

    def _take_preset(self, name: str) -> None:
        if name in PRESETS:
            self._change(lambda _: parse(PRESETS[name][1]))
        else:
            self._show()
            self.expression.setFocus()
            self.say(self.tr("Type an expression here, or wire nodes below."))

    def _take_text(self, words: str) -> None:
        known = {leaf.name: leaf.value for leaf in self.state.graph.leaves}
        self._change(lambda _: parse(words, known), keeps_text=True)

    def _add(self, op: str) -> None:
        if not self._marks:
            self.say(self.tr(MARK_FIRST))
            return
        marks = self._marks
        self._change(lambda graph: graph.add(op, marks))

    def _remove(self, name: str) -> None:
        self._change(lambda graph: graph.remove(name))

    def _change(self, make: Callable[[Graph], Graph], *, keeps_text: bool = False) -> None:
        """Use another graph, or say why it is invalid; the typed text then stays for correction."""
        try:
            graph = make(self.state.graph)
        except LayerwiseError as error:
            self.say(str(error))
            if keeps_text:
                self.expression.setFocus()
            return
        self._past = [*self._past[-MOST_UNDONE:], self.state]
        self._take(Tour(graph))

    def _undo(self) -> None:
        if self._past:
            self._take(self._past.pop())

    def _take(self, tour: Tour) -> None:
        self.state, self._marks = tour, ()
        self._right = set()
        leaves = [leaf.name for leaf in tour.graph.leaves]
        if self._leaf not in leaves:
            self._leaf = leaves[0] if leaves else ""
        if self._choice not in tour.graph.by_name:
            self._choice = self._leaf or tour.graph.last.name
        self._show()
        self.facts_changed.emit()

    def _set_leaf(self, value: float) -> None:
        """Set the chosen leaf to another number; earlier answers no longer count."""
        try:
            graph = self.state.graph.with_leaf(self._leaf, value)
        except LayerwiseError as error:
            self._show()
            self.say(str(error))
            return
        known = self.state.known if self.state.complete else frozenset()
        self._right = set()
        self.state = Tour(graph, known, self.state.at if known else 0)
        self._show()
        self.facts_changed.emit()

    # --- the tour -----------------------------------------------------------------------

    def _choose(self, name: str) -> None:
        self._choice = name
        if self.state.graph.by_name[name].is_leaf:
            self._leaf = name
        self.state = self.state.go_to(name)
        self._show()

    def _mark(self, name: str) -> None:
        marks = self._marks
        self._marks = tuple(m for m in marks if m != name) if name in marks else (*marks, name)
        self._show()

    def _step(self, towards: int) -> None:
        """Walk with the picture: to the right in the forward pass, to the left in the backward."""
        tour = self.state
        last_value = len(tour.graph.operations) - 1
        turns = not tour.goes_back and towards > 0 and tour.at == last_value
        self._walk(tour.step(1 if turns else -towards if tour.goes_back else towards))

    def _walk(self, tour: Tour) -> None:
        self.state = tour
        self._show()
        self.facts_changed.emit()

    def _reveal(self) -> None:
        self._walk(self.state.reveal())

    def _clear(self) -> None:
        self._right = set()
        self._walk(Tour(self.state.graph))

    def _begin_answer(self, first: str) -> None:
        if self.answer.edit.isEnabled():
            self.answer.edit.setFocus()
            self.answer.edit.setText(first)

    def _judge(self, value: float) -> None:
        stop = self.state.stop
        if stop is None:
            return
        tour, reply = self.state.judged(value)
        if reply:
            self.answer.show_answer(text.plain(value, 6), self.tr("not yet"), right=False)
            self.say(reply)
            return
        self._right.add(stop.name)
        number = text.plain(tour.number(stop), 6)
        self.state = tour
        self._show()
        done = self.tr("Every number is there.") if tour.complete else ""
        self.say(self.tr("Right: {} = {}. {}").format(stop.name, number, done).strip())
        self.facts_changed.emit()

    def _on_nudge(self) -> None:
        graph, name = self.state.graph, self._leaf
        try:
            after = graph.nudged(name)
        except LayerwiseError as error:
            self.say(str(error))
            return
        self._nudged.add(name)
        last, before = graph.last.name, graph.values[graph.last.name]
        a, b = graph.by_name[name].value, graph.by_name[name].value + NUDGE
        words = self.tr("{name} from {a} to {b}: {last} moves from {before} to {after}, by {by}.")
        numbers = {"a": a, "b": b, "before": before, "after": after}
        written = {key: f"{number:.9g}" for key, number in numbers.items()}
        words = words.format(name=name, last=last, by=f"{after - before:+.6g}", **written)
        if self.state.knows(SLOPE, name):
            slope = graph.slopes[name]
            said = self.tr(" d{} · {} = {}.")
            words += said.format(name, text.plain(NUDGE), f"{slope * NUDGE:+.6g}")
        self.say(words)
        self.facts_changed.emit()

    # --- display ----------------------------------------------------------------------------

    def _show(self) -> None:
        tour = self.state
        self.view.show_tour(tour, self._choice, self._marks)
        self.expression.show_text(write(tour.graph))
        written = write(tour.graph)
        same = (name for name, (_, preset) in PRESETS.items() if write(parse(preset)) == written)
        self.preset.set_value(next(same, OWN))
        self.undo.setEnabled(bool(self._past))
        self._show_leaf()
        self._show_asked(tour.stop)
        self.say(self._in_words(), aloud=False)

    def _show_leaf(self) -> None:
        name, there = self._leaf, bool(self._leaf)
        self.leaf.setEnabled(there)
        self.nudge.setEnabled(there)
        self.leaf.rename(self.tr("Leaf {}").format(name))
        self.leaf.set_value(self.state.graph.values[name] if there else 0.0)
        self.nudge.setText(self.tr("Nudge {} by {}").format(name, text.plain(NUDGE)))

    def _show_asked(self, stop: TourStop | None) -> None:
        tour = self.state
        open_ = stop is not None and stop not in tour.known
        self.answer.set_open(open_)
        self.reveal.setEnabled(open_)
        self.answer.clear()
        if stop is None:
            self.asked.setText("")
            return
        node = tour.graph.by_name[stop.node]
        self.asked.setText(
            f"{node.name} = {node.formula} =" if stop.kind == VALUE else f"{stop.name} ="
        )
        if not open_:
            words = text.plain(tour.number(stop), 6)
            mark = self.tr("right") if stop.name in self._right else self.tr("revealed")
            self.answer.show_answer(words, mark, right=stop.name in self._right)

    def _in_words(self) -> str:
        tour, stop = self.state, self.state.stop
        if stop is None:
            return self.tr("This graph computes nothing: add an operation.")
        if stop.kind == VALUE:
            said = self.tr("Forward: what is {} = {}?")
            return said.format(stop.node, tour.graph.by_name[stop.node].formula)
        said = self.tr("Backward: by how much does {last} move per bit of {node}? That is {name}.")
        return said.format(last=tour.graph.last.name, node=stop.node, name=stop.name)


def _row(*parts: QWidget) -> QWidget:
    row = QWidget()
    in_row(*parts, on=row, margins=0, spacing=8)
    return row
