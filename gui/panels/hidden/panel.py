"""The hidden space panel: the examples and the input plane as a layer maps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QPointF, Qt, Slot

from core.data.examples import Indices, Split
from core.look.hidden import Hidden
from core.look.space import HiddenSpace, Viewpoint, fitting
from core.nn.activations import ACTIVATIONS
from core.project import Project
from core.training.messages import Snapshot
from core.view import View
from gui.model.document import Document
from gui.model.selection import Selection
from gui.model.training import Training
from gui.panels.base import Panel
from gui.panels.hidden.space_plot import Space, SpacePlot
from gui.parts import Named
from gui.plots.around import PlotOrSentence, switch
from gui.plots.dots import Dots, dots_at
from gui.plots.lasso import HELP as LASSO_HELP
from gui.plots.lasso import Lasso, Seen
from gui.plots.plane_words import label_words, legend
from gui.plots.square_plot import columns_of
from gui.style import text
from gui.style.theme import CAPTION, theme
from gui.widgets import labels
from gui.widgets.card import Card
from gui.widgets.elided import Elided
from gui.widgets.menu_button import MenuButton
from gui.widgets.rows import in_row

TITLE = "Hidden space"
MOST_UNITS = 150  # in a menu
MOST_DOTS = 10_000
SELECTED, PRINCIPAL = "selected layer", "principal axes"
ONE_UNIT = "{} has one unit, and this plot needs two: choose a layer with two or more units."
GONE = "Layer {} was removed: choose another layer above."
HELP = f"Click an example to select it; the arrow keys go to the next one.\n{LASSO_HELP}"
TOO_LARGE = "Some numbers of {} are too large to plot."


class HiddenPanel(Panel):
    """Follows the selected layer unless one is chosen; its options are saved with the view."""

    turn = 1

    def __init__(self, document: Document, training: Training, selection: Selection) -> None:
        super().__init__(document, training, selection)
        self._newest: Snapshot | None = None
        self._shown: HiddenSpace | None = None
        self._split: Split | None = None  # of the drawn points
        self._drawn: list[tuple[Indices, Dots]] = []  # the positions of the drawn points, as dots
        self._cursor: QPointF | None = None
        self.card = Card(TITLE, self)
        self.layer = MenuButton("", {"": SELECTED}, "")
        self.layer.setToolTip(self.tr("Layer to show"))
        self.across, self.up = MenuButton("", {"": ""}, ""), MenuButton("", {"": ""}, "")
        self.across.setToolTip(
            self.tr("Horizontal axis: a unit, or the two directions in which the layer varies most")
        )
        self.up.setToolTip(self.tr("Vertical axis: a unit"))
        self.linear = switch("Z", "Show Z, before the activation, instead of A", training.refresh)
        self.plot = SpacePlot("Examples as a layer sees them")
        self.plot.numbers = lambda: columns_of(self.plot.dots, self.plot.names)
        self.plot.setToolTip(HELP)
        self.lasso = Lasso(self.plot, selection, self._seen)
        self.legend, self.readout = labels.caption(""), Elided(size=CAPTION)
        self.body = PlotOrSentence(self.plot)
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        for widget in (self.layer, self.across, self.up, self.linear):
            self.card.add_header(widget)
        self.card.body.setSpacing(2)
        self.card.body.addWidget(self.body, 1)
        self.legend.setTextFormat(Qt.TextFormat.RichText)  # its words are escaped
        line = in_row(self.legend, (self.readout, 1), spacing=12)
        self.card.fill(self, line)

    def _connect(self) -> None:
        selection = self.selection
        self.follow_view(self.linear, "hidden_linear")
        self.layer.chosen.connect(lambda key: selection.set(hidden_layer=int(key) if key else None))
        self.across.chosen.connect(lambda key: self._choose(0, key))
        self.up.chosen.connect(lambda key: self._choose(1, key))
        self.plot.hovered.connect(self._on_hovered)
        self.plot.clicked.connect(self._on_clicked)
        self.plot.stepped.connect(self._on_stepped)
        selection.changed.connect(self._on_view)
        selection.lit_changed.connect(self._on_lit)
        theme().changed.connect(self._draw)

    # --- which layer, which axes -----------------------------------------------------------------

    @property
    def _layer(self) -> int:
        view = self.selection.view
        return view.layer if view.hidden_layer is None else view.hidden_layer

    def named_parts(self) -> Mapping[str, Named]:
        return {
            "layer": Named(self.layer, self.tr("Layer of the hidden space")),
            "across": Named(self.across, self.tr("Horizontal axis of the hidden space")),
            "up": Named(self.up, self.tr("Vertical axis of the hidden space")),
            "z": Named(self.linear, self.tr("Hidden space before the activation")),
            "plot": Named(self.plot, self.tr("Plot of the hidden space")),
        }

    def wants(self) -> tuple[Hidden]:
        view, shown = self.selection.view, self._shown
        wanted = Viewpoint(self._layer, view.hidden_axes, view.hidden_linear)
        if shown is not None and shown.viewpoint == wanted and shown.units is None:
            wanted = replace(wanted, like=shown.axes)
        return (Hidden(wanted),)

    def show_project(self, old: Project | None, new: Project) -> None:
        layers = {str(l): f"layer {l}" for l in range(1, len(new.network.layers) + 1)}
        self.layer.set_choices({"": SELECTED, "0": "input", **layers})
        self._offer()

    def _offer(self) -> None:
        """The axes that this layer has."""
        view, sizes, l = self.selection.view, self.document.project.sizes(), self._layer
        chosen = view.hidden_layer
        self.layer.set_value("" if chosen is None else str(chosen))
        self.linear.setEnabled(l > 0)
        n = sizes[l] if l < len(sizes) else 0
        self.across.setVisible(n > 1)
        axes = fitting(view.hidden_axes, n)
        self.up.setVisible(axes is not None and n > 1)
        names = {str(i): self._unit_name(i) for i in range(min(n, MOST_UNITS))}
        self.across.set_choices(({} if n == 2 else {"": PRINCIPAL}) | names)
        self.up.set_choices(names)
        for menu, value in zip((self.across, self.up), axes or ("", ""), strict=True):
            menu.set_value(str(value))

    def _unit_name(self, i: int) -> str:
        view, split = self.selection.view, self._split
        if self._layer:
            return text.symbol("z" if view.hidden_linear else "a", i + 1)
        named = split is not None and i < len(split.features)
        return text.input_name(split.names[i]) if split and named else text.symbol("x", i + 1)

    def _choose(self, which: int, key: str) -> None:
        """Choose another axis; if both would be the same, the other one changes."""
        if not key:
            self.selection.set(hidden_axes=None)
            return
        n = self.document.project.sizes()[self._layer]
        chosen, axes = int(key), fitting(self.selection.view.hidden_axes, n)
        other = int(key == "0") if axes is None else axes[1 - which]
        if axes is not None and other == chosen:
            other = axes[which]
        self.selection.set(hidden_axes=(chosen, other) if which == 0 else (other, chosen))

    @Slot(object, object)
    def _on_view(self, old: View, new: View) -> None:
        if not self.isVisible():
            return
        looks = ("layer", "hidden_layer", "hidden_axes", "hidden_linear")
        if any(getattr(old, name) != getattr(new, name) for name in looks):
            self._offer()
            self._judge()
            self.training.refresh()
        else:
            self._draw()

    # --- content ---------------------------------------------------------------------------

    @property
    def shown(self) -> HiddenSpace | None:
        """The space that is drawn; None while the examples are other ones."""
        return self._shown

    def show_snapshot(self, snapshot: Snapshot) -> None:
        if self._newest is None or self._newest.sizes != snapshot.sizes:
            self._offer()
        self._newest = snapshot
        found = snapshot.answer(*self.wants())
        if found is not None:
            self._shown, self._split = found, snapshot.split
        elif snapshot.split is not self._split:
            self._shown = None  # the examples are other ones
        self._judge()
        self._draw()

    def _judge(self) -> None:
        """Say why there is nothing to show, or show the plot."""
        l, newest = self._layer, self._newest
        if newest is None:
            return
        name = f"Layer {l}" if l else "The input"
        if l >= len(newest.sizes):
            self.body.say(GONE.format(l))
        elif newest.sizes[l] < 2:
            self.body.say(ONE_UNIT.format(name))
        elif self._shown is not None and not len(self._shown.examples):
            self.body.say(TOO_LARGE.format(name.lower()))
        else:
            self.body.say("")
        if self.body.sentence:
            self.legend.clear()
            self.readout.show_words("")

    @Slot()
    def _draw(self) -> None:
        shown, split = self._shown, self._split
        if shown is None or split is None or self.body.sentence:
            return
        l, newest = shown.viewpoint.layer, self._newest
        if newest is None or l >= len(newest.sizes):
            return
        letter = "Z" if shown.viewpoint.linear and l else "A"
        self.card.set_title(f"{TITLE}  {text.symbol(letter, layer=l)}")
        self._drawn = self._dots(shown, split)
        activation = ACTIVATIONS[newest.project.activations[l - 1]] if l else None
        bounded = activation is not None and letter == "A" and shown.units is not None
        self.plot.show_space(
            Space(
                of=split,
                viewpoint=shown.viewpoint,
                names=self._names(shown, split),
                dots=tuple(dots for _, dots in self._drawn),
                lattice=shown.lattice,
                line=shown.line,
                limits=activation.limits if activation is not None and bounded else None,
                one_scale=shown.units is None,
                ring=self._ring(shown),
            ),
            flying=self.training.playing,
        )
        self.legend.setText(self._legend(shown, split))
        self._read_out()

    def _dots(self, shown: HiddenSpace, split: Split) -> list[tuple[Indices, Dots]]:
        """The training examples and, if switched on, the test examples."""
        examples, lit, view = shown.examples, self.selection.lit, self.selection.view
        output = (
            view.output if view.output is not None and view.output < len(split.train.Y) else None
        )
        found = []
        for of, first, test in ((split.train, 0, False), (split.test, split.train.m, True)):
            if of is None:
                continue
            within = (examples >= first) & (examples < first + of.m)
            is_lit = np.isin(examples, lit)
            if test and not view.test_data:
                within &= is_lit
            which = np.flatnonzero(within)
            if len(which):
                own = np.flatnonzero(is_lit[which]) if len(lit) else None
                Y = of.Y[:, examples[which] - first]
                points = shown.points[:, which]
                found.append(
                    (
                        which,
                        dots_at(
                            points, split, Y, test=test, lit=own, output=output, most=MOST_DOTS
                        ),
                    )
                )
        return found

    def _ring(self, shown: HiddenSpace) -> tuple[int, int] | None:
        """Which dot is the selected example."""
        k = self.selection.example
        for i, (which, _) in enumerate(self._drawn):
            at = np.flatnonzero(shown.examples[which] == (-1 if k is None else k))
            if len(at):
                return i, int(at[0])
        return None

    def _names(self, shown: HiddenSpace, split: Split) -> tuple[str, str]:
        if shown.units is None:
            return text.symbol("p", 1), text.symbol("p", 2)
        across, up = (self._unit_name(i) for i in shown.units)
        return across, up

    def _legend(self, shown: HiddenSpace, split: Split) -> str:
        every = split.train.m + (0 if split.test is None else split.test.m)
        drawn = (len(shown.examples), every)
        parts = [legend(split, self.selection.view.output, len(self.selection.lit), None, drawn)]
        if shown.share is not None:
            parts.append(f"{text.percent(shown.share, 0)} of the variance")
        if split.points is None:
            parts.append(f"{text.count(len(split.train.X))} inputs: no lattice")
        return "&nbsp;&nbsp; ".join(part for part in parts if part)

    # --- mouse and keys --------------------------------------------------------------------------

    def _seen(self) -> Seen | None:
        """The drawn examples at their current positions."""
        if self._shown is None or not self._drawn:
            return None
        points = [dots.points for dots in self.plot.dots]
        which = [self._shown.examples[which] for which, _ in self._drawn]
        return np.concatenate(points, axis=1), np.concatenate(which)

    def _near(self, at: QPointF) -> int | None:
        """The index of the dot at a pixel."""
        for which, dots in reversed(self._drawn):
            near = self.plot.nearest(dots.points, at)
            if near is not None:
                return int(which[near])
        return None

    def _read_out(self) -> None:
        """The example under the cursor, or else the selected one."""
        shown, split = self._shown, self._split
        if shown is None or split is None:
            return
        at = None if self._cursor is None else self._near(self._cursor)
        example = self.selection.example if at is None else int(shown.examples[at])
        where = np.flatnonzero(shown.examples == (-1 if example is None else example))
        words = ""
        if example is not None and len(where):
            values = shown.points[:, where[0]]
            named = zip(self._names(shown, split), values, strict=True)
            place = ", ".join(f"{name} = {text.number(float(v), 3)}" for name, v in named)
            words = f"{_called(example, split)}:  {place}"
        self.readout.show_words(words)

    @Slot(object)
    def _on_hovered(self, at: QPointF | None) -> None:
        self._cursor = at
        self._read_out()

    @Slot(object)
    def _on_clicked(self, at: QPointF) -> None:
        shown, split = self._shown, self._split
        if shown is None or split is None:
            return
        near = self._near(at)
        example = None if near is None else int(shown.examples[near])
        if example is not None and example >= split.train.m:
            self.selection.light([example])
            return
        self.selection.select_example(example)
        if example is None:
            self.selection.light()

    @Slot(object)
    def _on_stepped(self, step: int) -> None:
        if self._split is not None:
            self.selection.step_example(step, self._split.train.m)

    @Slot(object)
    def _on_lit(self, _lit: object) -> None:
        if self.isVisible():
            self._draw()


def _called(example: int, split: Split) -> str:
    """The number and the label of an example: `example 7, y = 1`; test examples are counted
    separately.
    """
    m = split.train.m
    if example < m:
        return f"example {text.count(example + 1)}, y = {label_words(split, example, None)}"
    return f"test example {text.count(example - m + 1)}"
