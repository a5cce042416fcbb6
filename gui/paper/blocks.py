"""The blocks of a page: headings, text, formulas, lines to write on."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QFont,
    QFontMetricsF,
    QPainter,
    QPalette,
    QPen,
    QTextDocument,
)

from gui.style.theme import BODY, CAPTION, TITLE, mono_font, px, theme, ui_font
from gui.widgets.formulas import draw_outlines, size_of

FORMULA = 20  # px of its letters
LINE = 26  # px between lines to write on
_WRAPPED = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop


class Block(Protocol):
    """A piece of a page, in the pixels of the window: lengths by `px`, colours of the theme.

    A block that `stays` is kept on the page of the next one.
    """

    @property
    def stays(self) -> bool: ...
    def height(self, width: float) -> float: ...
    def paint(self, painter: QPainter, width: float) -> None: ...


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of plain text, wrapped; `tone` is a colour of the palette."""

    text: str
    size: int = BODY
    tone: str = "text"
    bold: bool = False
    mono: bool = False
    stays: bool = False

    def _font(self) -> QFont:
        weight = QFont.Weight.DemiBold if self.bold else QFont.Weight.Normal
        return (mono_font if self.mono else ui_font)(self.size, weight)

    def height(self, width: float) -> float:
        room = QRectF(0, 0, width, 1e6)
        return QFontMetricsF(self._font()).boundingRect(room, _WRAPPED, self.text).height() + 1

    def paint(self, painter: QPainter, width: float) -> None:
        painter.setFont(self._font())
        painter.setPen(getattr(theme().palette, self.tone))
        painter.drawText(QRectF(0, 0, width, self.height(width)), _WRAPPED, self.text)


def Heading(text: str, size: int = TITLE, tone: str = "text") -> Paragraph:  # noqa: N802 - a kind of block
    """A heading, kept on the same page as the block below."""
    return Paragraph(text, size, tone, bold=True, stays=True)


def Caption(text: str) -> Paragraph:  # noqa: N802 - a kind of block
    """Small muted words."""
    return Paragraph(text, CAPTION, "muted")


@dataclass(frozen=True, slots=True)
class Rich:
    """Markdown of our own, or from a lesson: no HTML is interpreted, nothing is fetched."""

    markdown: str
    size: int = BODY
    stays: bool = False

    def _document(self, width: float) -> QTextDocument:
        made = QTextDocument()
        made.setDocumentMargin(0)
        made.setDefaultFont(ui_font(self.size))
        made.setIndentWidth(px(18))
        features = QTextDocument.MarkdownFeature
        made.setMarkdown(self.markdown, features.MarkdownNoHTML | features.MarkdownDialectGitHub)
        made.setTextWidth(width)
        return made

    def height(self, width: float) -> float:
        return float(self._document(width).size().height())

    def paint(self, painter: QPainter, width: float) -> None:
        document, palette = self._document(width), theme().palette
        how = QAbstractTextDocumentLayout.PaintContext()
        how.palette.setColor(QPalette.ColorRole.Text, palette.text)
        document.documentLayout().draw(painter, how)


@dataclass(frozen=True, slots=True)
class Formula:
    """LaTeX as outlines, made smaller if too wide; `plain` is its text."""

    latex: str
    plain: str
    size: int = FORMULA
    tone: str = "text"
    stays: bool = False

    def _typeset(self) -> tuple[str, int, str]:
        return self.latex, px(self.size), getattr(theme().palette, self.tone).name()

    def _share(self, width: float) -> float:
        size = size_of(*self._typeset()[:2])
        return 1.0 if size is None or size.width() <= width else width / size.width()

    def _words(self) -> Paragraph:
        return Paragraph(self.plain, BODY, self.tone, mono=True)

    def height(self, width: float) -> float:
        size = size_of(*self._typeset()[:2])
        return self._words().height(width) if size is None else self._share(width) * size.height()

    def paint(self, painter: QPainter, width: float) -> None:
        formula = self._typeset()
        if size_of(*formula[:2]) is None:
            self._words().paint(painter, width)
        else:
            draw_outlines(painter, formula, self.plain, QPointF(0, 0), self._share(width))


@dataclass(frozen=True, slots=True)
class Lines:
    """Blank lines to write on."""

    count: int = 1
    stays: bool = False

    def height(self, width: float) -> float:
        return float(self.count * px(LINE))

    def paint(self, painter: QPainter, width: float) -> None:
        painter.setPen(QPen(theme().palette.faint, 0.8))
        for line in range(1, self.count + 1):
            y = line * px(LINE) - 2.0
            painter.drawLine(QPointF(0, y), QPointF(width, y))


@dataclass(frozen=True, slots=True)
class Gap:
    """Nothing, so high."""

    high: float
    stays: bool = False

    def height(self, width: float) -> float:
        return float(px(self.high))

    def paint(self, painter: QPainter, width: float) -> None:
        pass


@dataclass(frozen=True, slots=True)
class Painted:
    """A block painted by a function, with a height independent of the width."""

    high: float
    draw: Callable[[QPainter, float], None]
    stays: bool = False

    def height(self, width: float) -> float:
        return self.high

    def paint(self, painter: QPainter, width: float) -> None:
        self.draw(painter, width)
