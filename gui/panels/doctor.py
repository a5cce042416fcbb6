"""The doctor panel: lists its findings, what to try, and where to look."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFont, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from core.look.ask import Asks
from core.look.findings import Findings
from core.training.finding import Finding
from core.training.messages import Snapshot
from gui.model.document import Document
from gui.model.selection import Selection
from gui.model.training import Training
from gui.panels.base import Panel
from gui.parts import Named
from gui.style import text
from gui.style.theme import BODY, theme
from gui.widgets import labels
from gui.widgets.buttons import button
from gui.widgets.card import Card
from gui.widgets.painting import rounded, smooth
from gui.widgets.rows import in_column, in_row
from gui.widgets.scrolled import Scrolled

TITLE = "Doctor"
ELSEWHERE = {  # the panel to look at, and the part that shows it
    "unscaled": "data",
    "unbalanced": "data",
    "overfitting": "cost",
    "rate-too-high": "runbar.learning_rate",
    "rate-too-low": "runbar.learning_rate",
    "penalty-too-strong": "runbar.learning_rate",
    "nothing-learned": "cost",
}
WELL = "No findings. The doctor checks weights, gradients, activations, costs and data."


class DoctorPanel(Panel):
    """Lists the findings, most serious first; "Show me" points at units, or asks for the panel or
    part.
    """

    wanted = Signal(str)  # the key of a part

    def __init__(self, document: Document, training: Training, selection: Selection) -> None:
        super().__init__(document, training, selection)
        self._findings: tuple[Finding, ...] | None = None
        self.card = Card(TITLE, self)
        self.when = labels.caption("")
        self.well = labels.label(WELL, BODY, tone="muted", wrap=True)
        self.remarks: list[Remark] = []
        self._column = QVBoxLayout()
        self._lay_out()

    def _lay_out(self) -> None:
        self.card.add_header(self.when)
        inside = QWidget()
        self._column.setContentsMargins(0, 0, 4, 0)
        self._column.setSpacing(8)
        self._column.addWidget(self.well)
        self._column.addStretch(1)
        inside.setLayout(self._column)
        area = Scrolled(inside)
        area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # not every remark has a button
        area.setAccessibleName(self.tr("What the doctor found"))
        self.card.fill(self, area)

    def named_parts(self) -> Mapping[str, Named]:
        return {"findings": Named(self.card, self.tr("Findings of the doctor"))}

    def wants(self) -> Asks:
        return (Findings(),)

    def show_snapshot(self, snapshot: Snapshot) -> None:
        found = snapshot.answer(Findings())
        if found is None:
            return  # not checked again since
        at = text.count(snapshot.iteration)
        self.when.setText(self.tr("iteration {iteration}").format(iteration=at))
        if found != self._findings:
            self._findings = found
            self._show(found)

    def _show(self, found: tuple[Finding, ...]) -> None:
        """As many entries as there are findings; existing entries are reused."""
        while len(self.remarks) > len(found):
            self.remarks.pop().deleteLater()
        while len(self.remarks) < len(found):
            remark = Remark()
            remark.show_wanted.connect(self._show_me)
            self.remarks.append(remark)
            self._column.insertWidget(len(self.remarks) - 1, remark)
        for remark, finding in zip(self.remarks, found, strict=True):
            remark.show_finding(finding)
        self.well.setVisible(not found)

    def _show_me(self, finding: Finding) -> None:
        if finding.name in ELSEWHERE:
            self.wanted.emit(ELSEWHERE[finding.name])
        elif finding.layer is not None:
            self.selection.point_out(finding.layer, finding.units)


class Remark(QWidget):
    """One finding: the problem, what to try, and where."""

    show_wanted = Signal(object)  # the Finding

    def __init__(self) -> None:
        super().__init__()
        self._finding: Finding | None = None
        self.what = labels.label("", BODY, QFont.Weight.Medium, wrap=True)
        self.advice = labels.label("", BODY, tone="muted", wrap=True)
        for words in (self.what, self.advice):
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.show_me = button(self.tr("Show me"), "link")
        self.show_me.setToolTip(self.tr("Show the part this finding is about"))
        self.show_me.clicked.connect(lambda: self.show_wanted.emit(self._finding))
        last = in_row((self.advice, 1), (self.show_me, 0, Qt.AlignmentFlag.AlignBottom))
        in_column(self.what, last, on=self, margins=(14, 8, 8, 8), spacing=4)

    def show_finding(self, finding: Finding) -> None:
        """Say this finding."""
        self._finding = finding
        self.what.setText(finding.what)
        self.advice.setText(finding.advice)
        self.show_me.setVisible(finding.layer is not None or finding.name in ELSEWHERE)
        self.setAccessibleName(finding.what)

    def paintEvent(self, _event: QPaintEvent) -> None:
        palette = theme().palette
        whole = QRectF(self.rect())
        mark = QRectF(whole.left() + 4, whole.top() + 6, 3, whole.height() - 12)
        with smooth(self) as painter:
            rounded(painter, whole, 6.0, palette.warning_soft, palette.border)
            rounded(painter, mark, 1.5, palette.warning)
