"""Compares two or more runs: their curves, their settings, and where their predictions differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import combinations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QShowEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QLabel,
    QScrollArea,
    QSplitter,
    QWidget,
)

from core.limits import clip
from core.look.plane import Plane
from core.runs import EndedRun, drawn_alike
from gui.panels.runs.curves import MOST, RunCurves, colours_of
from gui.panels.runs.difference import RunDifference
from gui.panels.runs.model import NOW, title_of
from gui.style import text
from gui.style.theme import CAPTION, theme
from gui.widgets import labels
from gui.widgets.rows import in_column
from gui.widgets.setting_words import differing

ALIKE = "The settings of these runs are the same."
PLANE = 170  # px for the difference
BESIDE = 22  # px around the settings
MOST_OF_IT = 0.42  # of the width, for the settings
TOO_MANY = "The first {} of {} selected runs are compared."


class SettingsGrid(QScrollArea):
    """One row for each setting in which the runs differ, one column per run."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName(self.tr("Settings in which the runs differ"))
        self.setStyleSheet(
            "QScrollArea, QScrollArea > QWidget > QWidget { background: transparent }"
        )
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._shown: object = None
        self.needed = 0  # px for all of it side by side
        self.said: list[str] = []  # its words, line by line

    def show_runs(self, runs: Sequence[EndedRun]) -> None:
        """Show the settings in which these differ."""
        projects = [run.project for run in runs]
        names = [title_of(run) for run in runs]
        if (projects, names, theme().palette) == self._shown:
            return
        self._shown = (projects, names, theme().palette)
        found = differing(projects)
        self.said = [ALIKE] if not found else [f"{e.name}: {', '.join(e.values)}" for e in found]
        inside = QWidget()
        grid = QGridLayout(inside)
        grid.setContentsMargins(0, 0, 4, 0)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(3)
        if not found:
            grid.addWidget(_word(ALIKE, "muted"), 0, 0)
        else:
            for i, (name, colour) in enumerate(zip(names, colours_of(runs), strict=True)):
                grid.addWidget(_headed(name, colour), 0, i + 1)
        for row, each in enumerate(found, start=1):
            grid.addWidget(_word(each.name, "muted"), row, 0)
            for i, value in enumerate(each.values):
                grid.addWidget(_word(value), row, i + 1)
        grid.setRowStretch(len(found) + 1, 1)
        grid.setColumnStretch(len(runs) + 1, 1)
        self.setWidget(inside)
        self.needed = inside.sizeHint().width()


def _word(words: str, tone: str = "") -> QLabel:
    made = labels.label(clip(words, 60), CAPTION, tone=tone)
    made.setToolTip(text.tip(words) if len(words) > 60 else "")
    return made


def _headed(name: str, colour: QColor) -> QLabel:
    made = labels.label(clip(name, 20), CAPTION, QFont.Weight.DemiBold)
    made.setStyleSheet(f"border-bottom: 2px solid {colour.name()}")
    made.setToolTip(text.tip(name))
    return made


class RunsCompared(QSplitter):
    """The compared runs, from the left: curves, settings and, for two runs, their difference."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.curves, self.settings, self.difference = RunCurves(), SettingsGrid(), RunDifference()
        self.seeds = labels.caption("", wrap=True)
        middle = QWidget()
        in_column(self.seeds, (self.settings, 1), on=middle, margins=(8, 0, 4, 0))
        for part in (self.curves, middle, self.difference):
            self.addWidget(part)
        for i, share in enumerate((1, 0, 0)):
            self.setStretchFactor(i, share)
        self.setChildrenCollapsible(False)
        self._divided: object = None  # for whom the room was divided last
        self._runs: tuple[EndedRun, ...] = ()
        self.plane_of: Callable[[EndedRun], Plane | None] = lambda _run: None
        theme().changed.connect(self._on_theme)

    def show_runs(self, runs: Sequence[EndedRun]) -> None:
        """Compare these, two or more, from the oldest to the current one."""
        self._runs = tuple(sorted(runs, key=lambda run: (run.number == NOW, run.number)))
        shown = self._runs[:MOST]
        self.curves.show_runs(shown)
        self.settings.show_runs(shown)
        said = [TOO_MANY.format(MOST, len(runs))] if len(runs) > MOST else []
        said += [_alike(shown)]
        words = " ".join(part for part in said if part)
        self.seeds.setVisible(bool(words))
        self.seeds.setText(words)
        self.difference.setVisible(len(runs) == 2)
        if len(runs) == 2:
            one, other = shown
            self.difference.show_runs(one, other, self.plane_of(one))
        self._divide()

    def _divide(self) -> None:
        """Give the settings the width they need and the curves the rest, once for the same runs."""
        shown = [run.number for run in self._runs]
        if shown == self._divided or not self.isVisible():
            return
        self._divided = shown
        last = PLANE if len(shown) == 2 else 0
        middle = min(self.settings.needed + BESIDE, round(MOST_OF_IT * self.width()))
        self.setSizes([self.width() - middle - last, middle, last])

    def show_now(self, now: EndedRun) -> None:
        """Update the current run, if it is compared."""
        if any(run.number == NOW for run in self._runs):
            self.show_runs([now if run.number == NOW else run for run in self._runs])

    def _on_theme(self) -> None:
        if self._runs:
            self.show_runs(self._runs)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._divide()


def _alike(runs: Sequence[EndedRun]) -> str:
    """Which of the runs drew the same examples and initial weights."""
    pairs = list(combinations(runs, 2))
    alike = [pair for pair in pairs if drawn_alike(*pair)]
    if len(alike) == len(pairs):
        return "= Same seeds: same examples and initial weights."
    if not alike:
        return "≠ Different seeds: differences may be chance."
    pair = text.tr("{one} and {other}")
    said = ", ".join(pair.format(one=title_of(a), other=title_of(b)) for a, b in alike[:3])
    whole = (
        text.tr("= Same seeds: {pairs} …") if len(alike) > 3 else text.tr("= Same seeds: {pairs}.")
    )
    return whole.format(pairs=said)
