"""The panel of the starts lab: compares zeros, halves, random numbers, Xavier and He."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QWidget

from core.data.examples import Split
from core.errors import LayerwiseError
from core.labs import starts
from core.labs.starts import ITERATIONS, Begun, Start
from core.labs.training import Trained, train
from core.nn.activations import ACTIVATIONS
from core.progress import Progress
from core.project import Project
from core.training.messages import Snapshot
from gui.labs.base import Lab
from gui.labs.fields import number_slider, powers
from gui.labs.pages import Pages
from gui.labs.paragraph import paragraph
from gui.labs.plot import Dot, LinePlot
from gui.labs.starts.multiples import CostCurve, Multiples
from gui.labs.starts.table import INKS, StartsModel
from gui.labs.work import Work, WorkBar
from gui.model.document import Document
from gui.model.selection import Selection
from gui.model.training import Training
from gui.parts import Named
from gui.style import text
from gui.style.theme import px, sized
from gui.widgets.card import Card
from gui.widgets.menu_button import MenuButton
from gui.widgets.rows import in_column, in_row
from gui.widgets.table import Table

TITLE = "Six starts"
OPEN = "open"
DEEP = {  # activations of the deep networks, and their labels
    g.name: g.label for g in ACTIVATIONS.values() if g.elementwise and not (g.linear or g.refusal)
}
ROW, PLOT_HEIGHT = 22, 104  # px
USUAL_SCALE = 10.0


class StartsLab(Lab):
    """One network with seven starts: six, and random numbers times a scale of one's own."""

    def __init__(self, document: Document, training: Training, selection: Selection) -> None:
        super().__init__(document, training, selection)
        self.state: tuple[Start, ...] = (*starts.six(), starts.scaled(USUAL_SCALE))
        self.begun: dict[str, Begun] = {}
        self.trained: dict[str, Trained] = {}
        self._project: Project | None = None  # the network being measured, without its starts
        self._split: Split | None = None
        self._wanted: set[str] = set()  # networks that were chosen in this step
        self._seen: set[str] = set()
        self._measuring, self._training = Work(self), Work(self)
        self._make_controls()
        self._make_plots()
        self._lay_out()
        self._connect()
        self._show()

    # --- construction ----------------------------------------------------------------------

    def _make_controls(self) -> None:
        words = self.tr("8 layers of 16, {}")
        deep = {name: words.format(label) for name, label in DEEP.items()}
        self.network = MenuButton(self.tr("Network"), {OPEN: self.tr("open network"), **deep}, OPEN)
        self.network.setToolTip(self.tr("Which network is begun in seven ways"))
        self.scale = number_slider(self.tr("Seventh scale"), powers(-3, 2), (1e-6, 1e3))
        self.scale.set_value(USUAL_SCALE)
        self.scale.setToolTip(self.tr("Random numbers times this scale"))
        self.model = StartsModel(self)
        self.table = Table(self.model, self.tr("Starts"), self, row=px(ROW))
        header = self.table.horizontalHeader()
        header.setMinimumSectionSize(px(40))
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(len(self.model.columns) - 1, QHeaderView.ResizeMode.Stretch)
        self.table.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        sized(self.table, "setFixedHeight", ROW * 7 + 36)
        self.said = paragraph()
        self.bar = WorkBar(
            self._training,
            self.tr("Train all, {} iterations").format(text.count(ITERATIONS)),
            self.tr("Train each start for {} iterations").format(text.count(ITERATIONS)),
            self.tr("Stop training; nothing is kept of it"),
        )

    def _make_plots(self) -> None:
        self.z = LinePlot(self.tr("Spread of z, layer by layer"), log_y=True, whole_x=True)
        self.dA = LinePlot(self.tr("Spread of dA, layer by layer"), log_y=True, whole_x=True)
        for plot, name in ((self.z, "z"), (self.dA, "dA")):
            for i, ink in enumerate(INKS):
                plot.add_curve(str(i), ink, dashed=i == len(INKS) - 1)
            plot.name_axes(self.tr("layer"), self.tr("spread of {}").format(name))
            sized(plot, "setMinimumHeight", PLOT_HEIGHT)
        self.costs = Multiples()
        sized(self.costs, "setMinimumHeight", 2 * PLOT_HEIGHT)

    def _lay_out(self) -> None:
        self.card = Card(self.tr(TITLE), self)
        spreads, costs = QWidget(), QWidget()
        for page, parts in ((spreads, (self.z, self.dA)), (costs, (self.bar, self.costs))):
            in_column(*((part, int(part is not self.bar)) for part in parts), on=page, margins=0)
        pages = {self.tr("Spreads"): spreads, self.tr("Costs"): costs}
        self.pages = Pages(self.tr("What is drawn"), pages)
        self.card.add_header(self.pages.segments)
        top = in_row(self.network, (self.scale, 1), spacing=14)
        self.card.fill(self, top, self.table, self.said, (self.pages, 1))
        self.setFocusProxy(self.network)

    def _connect(self) -> None:
        self.network.chosen.connect(self._choose)
        self.scale.edited.connect(lambda scale, _: self._set_scale(scale))
        self.scale.refused.connect(self.said.setText)
        self.table.selectionModel().currentRowChanged.connect(lambda *_: self._say())
        self._measuring.made.connect(self._on_measured)
        self._training.made.connect(self._on_trained)
        for work in (self._measuring, self._training):
            work.failed.connect(self._on_failed)
        self.bar.start.clicked.connect(self._start)

    def named_parts(self) -> Mapping[str, Named]:
        spreads, costs = self.pages.segments.buttons
        return {
            "network": Named(self.network, self.tr("Network of the starts")),
            "scale": Named(self.scale, self.tr("Seventh scale")),
            "table": Named(self.table, self.tr("Table of the starts")),
            "view[spreads]": Named(spreads, self.tr("Spreads in the lab of starts")),
            "view[costs]": Named(costs, self.tr("Costs in the lab of starts")),
            "z": Named(self.z, self.tr("Spread of z by layer")),
            "dA": Named(self.dA, self.tr("Spread of dA by layer")),
            "train": Named(self.bar.start, self.tr("Train all starts")),
            "cancel": Named(self.bar.cancel, self.tr("Stop training the starts")),
            "costs": Named(self.costs, self.tr("Costs of the starts")),
        }

    def facts(self) -> Mapping[str, object]:
        return {"seen": len(self._seen)}

    def begin_step(self) -> None:
        self._seen.clear()
        self._wanted.clear()
        self.facts_changed.emit()

    def end_work(self) -> None:
        self._measuring.close()
        self._training.close()

    # --- which network ---------------------------------------------------------------------------

    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Follow the open project as soon as a run has its examples."""
        if snapshot.project == self.document.project:
            self._split = snapshot.split
            self._begin()

    def _choose(self, name: str) -> None:
        self._wanted.add(name)
        self._begin()
        if self.begun and len(self.begun) == len(self.state):
            self._note_seen()

    def _set_scale(self, scale: float) -> None:
        """Replace the seventh start."""
        old, new = self.state[-1], starts.scaled(scale)
        if new == old:
            return
        self._training.cancel()
        self.state = (*self.state[:-1], new)
        if old.name not in {start.name for start in self.state[:-1]}:
            self.begun.pop(old.name, None)
            self.trained.pop(old.name, None)
        self._measure()
        self._show()

    def _begin(self) -> None:
        """Measure the chosen network, unless that is done already."""
        name, project = self.network.value, self.document.project
        project = project if name == OPEN else starts.deep(project, name)
        if project == self._project or self._split is None:
            return
        self._project, self.begun, self.trained = project, {}, {}
        self._training.cancel()
        self._measuring.cancel()
        self._measure()
        self._show()

    # --- before training -------------------------------------------------------------------------

    def _measure(self) -> None:
        """Measure the missing starts; those requested meanwhile follow."""
        project, split = self._project, self._split
        missing = [start for start in self.state if start.name not in self.begun]
        if project is None or split is None or not missing or self._measuring.running:
            return

        def work(progress: Progress) -> list[Begun]:
            found = list[Begun]()
            for start in missing:
                progress(len(found), len(missing))
                session = starts.session_of(project, start, split, between=lambda: progress(0, 0))
                found.append(starts.measured(session, start))
            return found

        self._measuring.start(work)

    def _on_measured(self, found: list[Begun]) -> None:
        wanted = {start.name for start in self.state}
        self.begun |= {each.start.name: each for each in found if each.start.name in wanted}
        self._measure()
        if not self._measuring.running:
            self._note_seen()
        self._show()

    def _note_seen(self) -> None:
        """All starts of the chosen network have been shown."""
        if self.network.value in self._wanted:
            self._seen.add(self.network.value)
            self.facts_changed.emit()

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, LayerwiseError):
            raise error
        self.said.setText(str(error))

    # --- after a while ---------------------------------------------------------------------------

    def _start(self) -> None:
        project, split, all_ = self._project, self._split, self.state
        if project is None or split is None:
            return
        self.trained = {}

        def work(progress: Progress) -> dict[str, Trained]:
            found, made, total = dict[str, Trained](), 0, ITERATIONS * len(all_)

            def told(_: int) -> None:
                nonlocal made
                made += 1

            def between() -> None:
                progress(made, total)

            for i, start in enumerate(all_):
                made = i * ITERATIONS  # a diverged one made fewer
                session = starts.session_of(project, start, split, between=between)
                found[start.name] = train(session, ITERATIONS, between, told)
            return found

        self._training.start(work)
        self._show()

    def _on_trained(self, trained: dict[str, Trained]) -> None:
        self.trained = trained
        self._show()

    # --- showing ---------------------------------------------------------------------------------

    def _show(self) -> None:
        self.scale.set_value(self.state[-1].scale)
        self.model.show_starts(self.state, self.begun, self.trained)
        self._show_spreads()
        curves = []
        for start, ink in zip(self.state, INKS, strict=True):
            found = self.trained.get(start.name)
            curves.append(
                CostCurve(start.label, np.empty(0) if found is None else found.costs, ink)
            )
        self.costs.show_curves(curves)
        ends = [
            f"{curve.name} {text.number(float(curve.costs[-1]), 4, sign=False)}"
            for curve in curves
            if len(curve.costs)
        ]
        said = ", ".join(ends) or self.tr("not trained yet")
        self.costs.setAccessibleName(self.tr("Costs of the starts: {}").format(said))
        self._say()

    def _show_spreads(self) -> None:
        """The curves of z and dA; a spread of 0 has no logarithm, and is left out."""
        for plot, which in ((self.z, "z"), (self.dA, "dA")):
            last, seen = 2, list[float]()
            for i, start in enumerate(self.state):
                begun = self.begun.get(start.name)
                values = np.array(() if begun is None else getattr(begun, which), np.float64)
                layers = np.arange(1.0, len(values) + 1)
                last = max(last, len(values))
                seen += values[values > 0].tolist()
                plot.show_curve(str(i), layers, np.where(values > 0, values, np.nan))
            low, high = min(seen, default=0.1), max(seen, default=1.0)
            plot.show_range((0.8, last + 0.2), (low / 2, high * 2))

    def _chosen(self) -> int:
        row = self.table.currentIndex().row()
        return row if 0 <= row < len(self.state) else 0

    def _say(self) -> None:
        """Describe the chosen start, and mark its curves."""
        row = self._chosen()
        begun = self.begun.get(self.state[row].name)
        if begun is None:
            self.said.setText(self.tr("Measuring each start …") if self._measuring.running else "")
            return
        for plot, which in ((self.z, "z"), (self.dA, "dA")):
            plot.show_marks(None, self._dots(row, which))
        self.said.setText(self._in_words(begun))
        self.table.setAccessibleDescription(self.said.text())

    def _dots(self, row: int, which: str) -> list[Dot]:
        """Dots on the curve of the chosen start, and on each curve of a single point."""
        found = list[Dot]()
        for i, (start, ink) in enumerate(zip(self.state, INKS, strict=True)):
            begun = self.begun.get(start.name)
            values = () if begun is None else getattr(begun, which)
            if i == row or len(values) == 1:
                found += [Dot(l, v, ink) for l, v in enumerate(values, start=1) if v > 0]
        return found

    def _in_words(self, begun: Begun) -> str:
        first, last = begun.z[0], begun.z[-2] if len(begun.z) > 1 else begun.z[-1]
        words = self.tr("{name}: the spread of z goes from {first} in the first layer to {last}")
        said = words.format(
            name=begun.start.label, first=text.magnitude(first), last=text.magnitude(last)
        )
        said = f"{said} {self.tr('in the last hidden one.')}" if len(begun.z) > 1 else f"{said}."
        if begun.twins:
            twins = sum(len(units) for _, units in begun.twins)
            said += " " + self.tr("{} are twins: they get the same gradient.").format(
                text.counted(twins, "unit")
            )
        halted = self.trained.get(begun.start.name)
        return f"{said} {halted.halt}" if halted is not None and halted.halt else said
