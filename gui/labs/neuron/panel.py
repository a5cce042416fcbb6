"""The panel of the neuron lab: one z as a sum, through an activation, and its loss."""

from __future__ import annotations

from collections.abc import Mapping

from core.labs.neuron import Neuron, of_unit
from core.labs.scalars import ELEMENTWISE
from core.look.ask import Asks
from core.look.unit_inputs import Inputs, UnitInputs
from core.project import Project
from core.training.messages import Snapshot
from gui.labs.base import Lab
from gui.labs.neuron.activation_page import ActivationPage
from gui.labs.neuron.loss_page import LossPage
from gui.labs.neuron.sum_page import SumPage
from gui.labs.pages import Pages
from gui.model.document import Document
from gui.model.selection import Selection
from gui.model.training import Training
from gui.parts import Named
from gui.style import text
from gui.widgets.card import Card

GONE = "The network has no such unit any more: choose another one."
TITLES = {"Neuron": "neuron", "g": "g", "Loss": "loss"}  # of the pages, in the words of goals


class NeuronLab(Lab):
    """One state, three pages: a change on one changes all."""

    def __init__(self, document: Document, training: Training, selection: Selection) -> None:
        super().__init__(document, training, selection)
        self.state = Neuron()
        self._label = 1
        self._labels: set[int] = set()  # for which ŷ was moved in this step
        self._asked: UnitInputs | None = None

        self.card = Card(self.tr("Neuron"), self)
        self.sum, self.g, self.loss = SumPage(), ActivationPage(), LossPage()
        pages = dict(zip(TITLES, (self.sum, self.g, self.loss), strict=True))
        self.pages = Pages(self.tr("Page of the Neuron lab"), pages)
        self.card.add_header(self.pages.segments)
        self.card.body.setSpacing(4)
        self.card.fill(self, (self.pages, 1), self.sentence)
        self.setFocusProxy(self.pages.segments.buttons[0])
        self._connect()
        self._show()

    def _connect(self) -> None:
        self.sum.moved.connect(lambda name, value: self._take(self.state.with_number(name, value)))
        self.g.z_moved.connect(lambda z: self._take(self.state.with_number("z", z)))
        self.g.chosen.connect(self._on_turned)
        self.loss.moved.connect(self._move_answer)
        self.loss.label_chosen.connect(self._choose_label)
        self.pages.turned.connect(self._on_turned)
        for page in (self.sum, self.g, self.loss):
            page.refused.connect(self.say)

    def named_parts(self) -> Mapping[str, Named]:
        views = {
            f"view[{TITLES[title]}]": Named(
                self.pages.button(title), self.tr("Page {} of the Neuron lab").format(title)
            )
            for title in TITLES
        }
        pages = (self.sum, self.g, self.loss)
        return {**views, **{k: v for page in pages for k, v in page.named_parts().items()}}

    def facts(self) -> Mapping[str, object]:
        return {
            "z": round(self.state.z, 12),
            "function": self.g.function.value,
            "page": TITLES[self.pages.title],
            "yhat": self.state.yhat,
            "labels": frozenset(self._labels),
        }

    def begin_step(self) -> None:
        self._labels = set()

    # --- a unit of the network --------------------------------------------------------------------

    def take_unit(self, layer: int, unit: int, example: int) -> None:
        """Take the weights, the bias and the inputs of a unit for a training example."""
        self._asked = UnitInputs(layer, unit, example)
        self.say(self.tr("Reading the unit from the network …"))
        self.training.refresh()

    def wants(self) -> Asks:
        return () if self._asked is None else (self._asked,)

    def show_project(self, old: Project | None, new: Project) -> None:
        """Forget a unit that was removed."""
        if self._asked is not None and not self._asked.fits(new.sizes()):
            self._asked = None
            self.say(GONE)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        asked = self._asked
        if asked is None or asked not in snapshot.answers:
            return
        self._asked, found = None, snapshot.answer(asked)
        if found is None:
            self.say(GONE)
            return
        activation = snapshot.project.activations[asked.layer - 1]
        if activation in ELEMENTWISE:
            self.g.show_function(activation)
        self._take(_neuron_of(asked, found))

    # --- actions -----------------------------------------------------------------------------

    def _move_answer(self, yhat: float) -> None:
        self._labels.add(self._label)
        self._take(self.state.with_answer(yhat))

    def _choose_label(self, y: int) -> None:
        self._label = y
        self._show()
        self._tell()

    def _take(self, state: Neuron) -> None:
        self.state = state
        self._show()
        self._tell()

    def _on_turned(self, _: str) -> None:
        self.say(self._in_words(), aloud=False)
        self._tell()

    def _tell(self) -> None:
        self.facts_changed.emit()

    def _show(self) -> None:
        z = round(self.state.z, 12)
        self.sum.show_neuron(self.state)
        self.g.show_z(z)
        self.loss.show_answer(z, self._label)
        self.say(self._in_words(), aloud=False)

    def _in_words(self) -> str:
        if (page := self.pages.title) != "Neuron":
            return self.g.words if page == "g" else self.loss.words
        state = self.state
        words = self.tr("z is {z}: the step says {step}, the sigmoid {sigmoid}.").format(
            z=text.plain(round(state.z, 12), 5),
            step=int(round(state.z, 12) > 0),
            sigmoid=text.plain(state.yhat, 5),
        )
        if not state.origin:
            return words
        from_where = self.tr("From {}.").format(state.origin)
        if state.count:
            others = text.counted(state.count, "other input")
            adds = text.number(state.others)
            from_where += self.tr(" The {} together add {} to z.").format(others, adds)
        return f"{words} {from_where}"


def _neuron_of(asked: UnitInputs, found: Inputs) -> Neuron:
    l, count = asked.layer, len(found.a)
    if l == 1:
        names = [text.input_name(feature) for feature in found.features]
    else:
        names = [text.symbol("a", i + 1, l - 1) for i in range(count)]
    unit = text.symbol("a", asked.unit + 1, l)
    origin = f"{unit}, example {text.count(asked.example + 1)}"
    return of_unit(found.a, found.w, found.b, names, origin)
