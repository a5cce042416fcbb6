"""The race lab: times loops against NumPy on this machine, in a thread."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from time import monotonic

from PySide6.QtCore import Qt
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QLabel

from core.errors import LayerwiseError
from core.labs import race
from core.labs.contests import Contest
from core.labs.race import LEAST, MOST, TASKS, TRIED, Guess, RaceTimes
from core.progress import Progress
from core.project import Project
from gui.labs.bars import Bar, BarsPlot
from gui.labs.base import Lab
from gui.labs.fields import powers
from gui.labs.pages import Pages
from gui.labs.paragraph import paragraph
from gui.labs.work import Work, WorkBar
from gui.model.document import Document
from gui.model.selection import Selection
from gui.model.training import Training
from gui.parts import Named
from gui.style import text
from gui.style.theme import BODY, dress, mono_font, sized
from gui.widgets import labels
from gui.widgets.card import Card
from gui.widgets.menu_button import MenuButton
from gui.widgets.rows import in_row
from gui.widgets.slider_field import SliderField
from gui.widgets.whole_field import read_whole

TITLE = "Loop against vector"
USUAL = 100_000  # products
INKS = {"numpy": "forward", "one": "accent", "two": "backward"}
PLOT_HEIGHT, CODE_HEIGHT, WIDTH = 132, 112, 108  # px


@dataclass(frozen=True, slots=True)
class RaceEntry:
    """An entry of the race: a task of TASKS and its number of products."""

    task: str
    products: int


class RaceLab(Lab):
    """A task and a size; the same computation in three versions, and the time of each."""

    def __init__(self, document: Document, training: Training, selection: Selection) -> None:
        super().__init__(document, training, selection)
        self.state = RaceEntry("dot", USUAL)
        self.result: RaceTimes | None = None
        self._guess: Guess | None = None
        self._done = False
        self._work, self._guessing = Work(self), Work(self)
        self._make_controls()
        self._lay_out()
        self._connect()
        self._show()

    # --- construction ----------------------------------------------------------------------

    def _make_controls(self) -> None:
        tasks = {name: task.label for name, task in TASKS.items()}
        self.task = MenuButton(self.tr("Task"), tasks, self.state.task)
        self.task.set_tight(True)
        self.task.setToolTip(self.tr("What is computed in three ways"))
        sizes = [size for size in powers(2, 7) if LEAST <= size <= MOST]
        self.size_ = SliderField(
            self.tr("Products"), sizes, lambda n: text.count(round(n)), _read, live=True
        )
        assert self.size_.edit is not None
        sized(self.size_.edit, "setFixedWidth", WIDTH)
        self.size_.setToolTip(self.tr("How many multiplications each way makes"))
        self.guess = paragraph(tone="muted")
        self.bar = WorkBar(
            self._work,
            self.tr("Race"),
            self.tr("Compute it in three ways, five times each"),
            self.tr("Stop the race; nothing is kept of it"),
        )
        self.plot = BarsPlot(self.tr("Times of the three ways"), self.tr("seconds"))
        sized(self.plot, "setMinimumHeight", PLOT_HEIGHT)
        self.verdict = paragraph()
        codes = {"two": self.tr("Loops"), "one": self.tr("One loop"), "numpy": self.tr("NumPy")}
        self.codes: dict[str, QLabel] = {name: labels.label("", BODY) for name in codes}
        for code in self.codes.values():
            dress(code, mono_font, BODY)
            code.setAlignment(Qt.AlignmentFlag.AlignTop)
            sized(code, "setMinimumHeight", CODE_HEIGHT)
        pages = {codes[name]: self.codes[name] for name in codes}
        self.pages = Pages(self.tr("Code of each way"), pages)

    def _lay_out(self) -> None:
        self.card = Card(self.tr(TITLE), self)
        code = labels.label(self.tr("The code"), BODY, tone="muted")
        self.card.fill(
            self,
            in_row(self.task, (self.size_, 1), spacing=14),
            *(self.guess, self.bar, self.verdict, (self.plot, 1)),
            in_row(code, self.pages.segments, None),
            self.pages,
        )
        self.setFocusProxy(self.task)

    def _connect(self) -> None:
        self.task.chosen.connect(lambda task: self._take(RaceEntry(task, self.state.products)))
        self.size_.edited.connect(
            lambda products, _: self._take(RaceEntry(self.state.task, round(products)))
        )
        self.size_.refused.connect(self.guess.setText)
        self.bar.start.clicked.connect(self._start)
        self._work.made.connect(self._on_made)
        self._work.failed.connect(self._on_failed)
        self._work.running_changed.connect(self._on_running)
        self._guessing.made.connect(self._on_guessed)

    def named_parts(self) -> Mapping[str, Named]:
        loops, one, numpy = self.pages.segments.buttons
        return {
            "task": Named(self.task, self.tr("Task of the race")),
            "size": Named(self.size_, self.tr("Products of the race")),
            "start": Named(self.bar.start, self.tr("Start the race")),
            "cancel": Named(self.bar.cancel, self.tr("Stop the race")),
            "plot": Named(self.plot, self.tr("Times of the three ways")),
            "code[two]": Named(loops, self.tr("Code with loops")),
            "code[one]": Named(one, self.tr("Code with one loop")),
            "code[numpy]": Named(numpy, self.tr("Code without loops")),
        }

    def facts(self) -> Mapping[str, object]:
        found = self.result if self._done else None
        return {
            "done": self._done,
            "agrees": None if found is None else found.agrees,
            "ratio": None if found is None else found.ratio,
        }

    def begin_step(self) -> None:
        self._done = False
        self.facts_changed.emit()

    def end_work(self) -> None:
        self._work.close()
        self._guessing.close()

    # --- the guess -------------------------------------------------------------------------------

    def show_project(self, old: Project | None, new: Project) -> None:
        if self.state.task == "forward" and old is not None:  # another network is open
            self._work.cancel()
            self.result = None
            self._show()
        if self.state.task == "forward" or old is None:
            self._begin_guess()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._show()

    def _begin_guess(self) -> None:
        """Try each version on few products, to measure this machine's speed."""
        task, project = self.state.task, self.document.project
        self._guess = None

        def work(progress: Progress) -> tuple[Guess, Contest]:
            def between() -> None:
                progress(0, 0)

            return race.guess(task, project, between), TASKS[task].make(TRIED, between, project)

        self._guessing.start(work)

    def _on_guessed(self, guessed: tuple[Guess, Contest]) -> None:
        self._guess, contest = guessed
        for way in contest.ways:
            self.codes[way.name].setText(way.code)
        self._show()

    # --- the race --------------------------------------------------------------------------------

    def _take(self, entry: RaceEntry) -> None:
        """Choose another race; a running one is cancelled."""
        if entry == self.state:
            return
        other = entry.task != self.state.task
        self.state, self.result = entry, None
        self._work.cancel()
        if other:
            self._begin_guess()
        self._show()

    def _start(self) -> None:
        entry, project = self.state, self.document.project
        guess = self._guess.seconds(entry.products) if self._guess else 0.0
        self.result = None

        def work(progress: Progress) -> RaceTimes:
            began, all_ = monotonic(), max(1, round(1000 * guess))

            def between() -> None:
                progress(min(round(1000 * (monotonic() - began)), all_ - 1), all_)

            return race.run(entry.task, entry.products, project, between)

        self._work.start(work)
        self._show()

    def _on_made(self, result: RaceTimes) -> None:
        self.result, self._done = result, True
        self._show()
        self.facts_changed.emit()

    def _on_failed(self, error: Exception) -> None:
        if not isinstance(error, LayerwiseError):
            raise error
        self.verdict.setText(str(error))

    def _on_running(self, running: bool) -> None:
        if not running and self.result is None:
            self._show()

    # --- showing ---------------------------------------------------------------------------------

    def _show(self) -> None:
        entry, result = self.state, self.result
        self.task.set_value(entry.task)
        self.size_.set_value(entry.products)
        self.guess.setText(self._guess_in_words())
        bars = () if result is None else result.laps
        self.plot.show_bars(
            [
                Bar(lap.way.label, lap.median, text.seconds(lap.median), INKS[lap.way.name])
                for lap in bars
            ]
        )
        self.verdict.setText(self._verdict())
        self.plot.setAccessibleName(
            self.tr("Times of the three ways. {}").format(self.verdict.text())
        )

    def _guess_in_words(self) -> str:
        if self._guess is None:
            return self.tr("Trying how fast this computer is …")
        seconds = text.seconds(self._guess.seconds(self.state.products))
        return self.tr("It will take about {} here: three ways, five times each.").format(seconds)

    def _verdict(self) -> str:
        if self._work.running:
            return self.tr("The race is running. The rest of the window stays free.")
        if self.result is None:
            return self.tr("Press Race to measure it on this computer.")
        found = self.result
        faster = (
            text.number(found.ratio, 2, sign=False)
            if found.ratio < 100
            else text.count(int(round(found.ratio, -1)))
        )
        off = text.magnitude(found.difference)
        size = f"{found.size:,.6g}"
        agree = self.tr("The results agree: they differ by {off} of {size}.")
        differ = self.tr("The results differ by {off} of {size}, which is more than rounding.")
        return " ".join(
            (
                found.about,
                self.tr("NumPy is {} times as fast as the loops, measured here and now.").format(
                    faster
                ),
                (agree if found.agrees else differ).format(off=off, size=size),
            )
        )


def _read(words: str) -> float:
    """The typed number of products; ValueError with a sentence for anything else."""
    try:
        products = float(read_whole(words))
    except (ValueError, OverflowError):
        products = math.nan
    try:
        return race.check_products(products)
    except LayerwiseError as error:
        raise ValueError(str(error)) from None
