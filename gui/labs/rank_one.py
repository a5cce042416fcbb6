"""The rank 1 page: the results of usual lines for v, and the assertion that catches it."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from core.labs import broadcasting
from core.labs.broadcasting import LONGEST, NumpyLine
from gui.labs.paragraph import paragraph
from gui.parts import Named
from gui.style import text
from gui.style.text import tr
from gui.style.theme import BODY, dress, mono_font
from gui.widgets import labels
from gui.widgets.buttons import button
from gui.widgets.rows import in_column, in_flow, in_row
from gui.widgets.whole_field import WholeField

SEED = 1
SHOWN = 5  # numbers of v that are written


class RankOne(QWidget):
    """v as np.random.randn makes it, or reshaped to a column; emits `changed` after an action."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.v = broadcasting.vector(5, SEED)
        self.asserts = False
        self.reshaped = False  # since the step of a lesson began
        self.seen: set[str] = set()
        self.length = WholeField(self.tr("Length of v"), 2, LONGEST)
        self.length.setToolTip(self.tr("How many numbers v has"))
        self.length.edited.connect(self._begin)
        self.draw = button(self.tr("v = randn"), "pill")
        self.draw.setToolTip(self.tr("Make v again as np.random.randn makes it: of rank 1"))
        self.draw.clicked.connect(lambda: self._begin(self.v.size))
        self.reshape = button(self.tr("v = v.reshape(n, 1)"), "pill")
        self.reshape.setToolTip(self.tr("Make v a column"))
        self.reshape.clicked.connect(self._reshape)
        self.assertion = button(self.tr("Insert assert"), "segment")
        self.assertion.setToolTip(self.tr("Insert a line that stops if v is no column"))
        self.assertion.toggled.connect(self._on_asserts)
        self._lay_out()
        self._show()

    def _lay_out(self) -> None:
        named = QWidget()
        in_row(labels.label("n =", BODY, tone="muted"), self.length, on=named, margins=0)
        top = in_flow(named, self.draw, self.reshape, self.assertion, gap=8)
        self._lines = QGridLayout()
        self._lines.setHorizontalSpacing(12)
        self._lines.setVerticalSpacing(2)
        self._lines.setColumnStretch(0, 5)
        self._lines.setColumnStretch(1, 4)
        in_column(top, self._lines, None, on=self, margins=0)
        count = 2 + len(broadcasting.lines(self.v)) + 1
        self._rows = [self._make_row(i) for i in range(count)]

    def _make_row(self, i: int) -> tuple[QLabel, QLabel, QLabel]:
        code, result = (paragraph() for _ in range(2))
        dress(code, mono_font, BODY)
        dress(result, mono_font, BODY, QFont.Weight.DemiBold)
        meaning = paragraph(tone="muted")
        self._lines.addWidget(code, 2 * i, 0)
        self._lines.addWidget(result, 2 * i, 1)
        self._lines.addWidget(meaning, 2 * i + 1, 0, 1, 2)
        return code, result, meaning

    def named_parts(self) -> Mapping[str, Named]:
        """Its controls for the registry of parts."""
        return {
            "length": Named(self.length, self.tr("Length of v")),
            "draw": Named(self.draw, self.tr("Make v of rank 1")),
            "reshape": Named(self.reshape, self.tr("Reshape v to a column")),
            "assert": Named(self.assertion, self.tr("Insert assert")),
        }

    def begin_step(self) -> None:
        """Forget the actions so far."""
        self.reshaped = False
        self.seen.clear()

    @property
    def said(self) -> list[tuple[str, str]]:
        """The shown lines of code, with their results."""
        return [(code.text(), result.text()) for code, result, _ in self._rows if code.text()]

    # --- actions ----------------------------------------------------------------------------

    def _begin(self, n: int) -> None:
        self.v = broadcasting.vector(n, SEED)
        self._done("rank1")

    def _reshape(self) -> None:
        self.v = self.v.reshape(-1, 1)
        self.reshaped = True
        self._done("column")

    def _on_asserts(self, on: bool) -> None:
        self.asserts = on
        if on:
            self._done("stopped" if self.v.ndim == 1 else "passed")
        else:
            self._show()

    def _done(self, what: str) -> None:
        self.seen.add(what)
        self._show()
        self.changed.emit()

    # --- display ---------------------------------------------------------------------------

    def _show(self) -> None:
        v, n = self.v, self.v.size
        self.length.set_value(n)
        numbers = " ".join(text.number(x, 3) for x in v.reshape(-1)[:SHOWN])
        more = " …" if n > SHOWN else ""
        first = NumpyLine(f"v = np.random.randn({n})", (n,), None, "", f"{numbers}{more}")
        lines = [first]
        if v.ndim == 2:
            lines.append(NumpyLine(f"v = v.reshape({n}, 1)", v.shape, None, "", "A column."))
        stopped = False
        if self.asserts:
            lines.append(broadcasting.asserted(v))
            stopped = bool(lines[-1].error)
        reached = len(lines)
        lines += broadcasting.lines(v)
        for i, row in enumerate(self._rows):
            line = lines[i] if i < len(lines) else None
            _write(row, line, reached=not stopped or i < reached)


def _write(row: tuple[QLabel, QLabel, QLabel], line: NumpyLine | None, *, reached: bool) -> None:
    """Write a line with its result, without one, or as a line that is not reached."""
    code, result, meaning = row
    for label in row:
        label.setVisible(line is not None)
    if line is None:
        code.setText("")
        return
    code.setText(line.code)
    labels.set_tone(code, "" if reached else "faint")
    meaning.setVisible(reached)
    meaning.setText(line.meaning if reached else "")
    if not reached:
        result.setText(tr("not reached"))
    elif line.error:
        result.setText(line.error)
    else:
        shape = text.shape(line.shape or ()) if line.shape else "one number"
        value = "" if line.value is None else f"  {text.number(line.value)}"
        result.setText(f"→ {shape}{value}")
    labels.set_tone(result, "faint" if not reached else "error" if line.error else "accent")
