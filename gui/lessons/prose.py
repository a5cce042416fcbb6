"""A lesson's Markdown as a text view of its own height; it follows and fetches nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, QUrl
from PySide6.QtGui import (
    QImage,
    QResizeEvent,
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
    QTextList,
    QTextTable,
)
from PySide6.QtWidgets import QFrame, QSizePolicy, QTextBrowser

from gui.style.theme import dress, px, theme, ui_font

SIZE = 14
GAP = 7  # px between two paragraphs
_SIGNS = re.compile(r"([\\`*_{}\[\]()#+!<>|~-])")
_PERCENT = re.compile(r"(?<=\d) %")
_WIDEST = 4096  # px of a picture that is shown


def quoted(text: str) -> str:
    """Text quoted for Markdown, so that it appears literally."""
    return _SIGNS.sub(r"\\\1", text)


class Prose(QTextBrowser):
    """Shows Markdown; of pictures, only those it was given."""

    def __init__(self) -> None:
        super().__init__()
        self._text = ""
        self._pictures: Mapping[str, bytes] = {}
        self.setProperty("variant", "prose")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setOpenLinks(False)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.document().setDocumentMargin(0)
        dress(self, ui_font, SIZE)
        theme().changed.connect(self._again)

    @property
    def text(self) -> str:
        """The Markdown that is shown."""
        return self._text

    def show_text(self, text: str, pictures: Mapping[str, bytes] | None = None) -> None:
        """Show this, unless it is shown already."""
        if pictures is not None:
            self._pictures = pictures
        if text != self._text:
            self._text = text
            self._again()

    def _again(self) -> None:
        features = QTextDocument.MarkdownFeature
        whole = features.MarkdownNoHTML | features.MarkdownDialectGitHub
        self.document().setMarkdown(_PERCENT.sub("\N{NO-BREAK SPACE}%", self._text), whole)
        self._part_paragraphs()
        self.setAccessibleName(self.document().toPlainText())
        self._fit()

    def _part_paragraphs(self) -> None:
        """Part the paragraphs: Qt does so only where the font has its size in points."""
        block = self.document().firstBlock().next()
        while block.isValid():
            cursor = QTextCursor(block)
            table: QTextTable | None = cursor.currentTable()
            items: QTextList | None = block.textList()
            inner = table is not None or block.blockFormat().nonBreakableLines()
            if not inner and (items is None or items.itemNumber(block) == 0):
                style = QTextBlockFormat()
                style.setTopMargin(px(GAP))
                cursor.mergeBlockFormat(style)
            block = block.next()

    def _fit(self) -> None:
        self.document().setTextWidth(max(self.viewport().width(), 40))
        height = round(self.document().size().height()) + 1
        if height != self.height():
            self.setFixedHeight(height)

    def loadResource(self, kind: int, url: QUrl | str) -> object:  # noqa: N802 - Qt's
        """A picture of the lesson; nothing for any other resource."""
        content = self._pictures.get(url if isinstance(url, str) else url.toString())
        image = QImage()
        if kind == QTextDocument.ResourceType.ImageResource.value and content is not None:
            image = QImage.fromData(content)
        if image.isNull() or max(image.width(), image.height()) > _WIDEST:
            return QImage(1, 1, QImage.Format.Format_Mono)
        wide = min(image.width(), max(self.viewport().width(), 40))
        return image.scaledToWidth(wide, Qt.TransformationMode.SmoothTransformation)

    def sizeHint(self) -> QSize:
        return QSize(200, self.height())

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self.height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()
