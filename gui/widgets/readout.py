"""A changing number: a small caption above large digits, at constant width."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.style.theme import CAPTION, VALUE, theme, ui_font
from gui.widgets.painting import BOTTOM, TOP, caption_height, paper, smooth

ZEROS = str.maketrans("123456789", "000000000")


class Readout(QWidget):
    """Shows `text` under `caption`, as wide as `sample`; a longer text widens it for good."""

    def __init__(self, caption: str, sample: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._caption = caption
        self._text = ""
        self._tone = "text"
        self._widest = ""  # text so far
        self._measured: set[str] = set()  # texts, with zeros for all digits: these are equally wide
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # its background does not change
        self._widen(sample)
        self.set_text("–")

    @property
    def text(self) -> str:
        """The digits shown."""
        return self._text

    def set_caption(self, caption: str) -> None:
        """Change the caption over the digits."""
        if caption != self._caption:
            self._caption = caption
            self.setAccessibleName(f"{caption}: {self._text}")
            self.updateGeometry()
            self.update()

    def set_text(self, text: str, tone: str = "text") -> None:
        """Show another text, in a palette colour ("text", "good", "warning", "error")."""
        if (text, tone) == (self._text, self._tone):
            return
        self._text, self._tone = text, tone
        self._widen(text)
        self.setAccessibleName(f"{self._caption}: {text}")
        self.update()

    def _advance(self, text: str) -> float:
        return QFontMetricsF(self._font()).horizontalAdvance(text)

    def _font(self) -> QFont:
        return ui_font(VALUE, QFont.Weight.DemiBold)

    def _widen(self, text: str) -> None:
        alike = text.translate(ZEROS)
        if alike not in self._measured:
            self._measured.add(alike)
            if self._advance(alike) > self._advance(self._widest):
                self._widest = alike
                self.updateGeometry()

    def sizeHint(self) -> QSize:
        caption = QFontMetricsF(ui_font(CAPTION)).horizontalAdvance(self._caption)
        high = caption_height() + QFontMetricsF(self._font()).height()
        return QSize(round(max(self._advance(self._widest), caption)) + 4, round(high) + TOP)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        palette = theme().palette
        with smooth(self) as painter:
            paper(painter, self, palette.surface)
            painter.setFont(ui_font(CAPTION))
            painter.setPen(palette.muted)
            left, top = Qt.AlignmentFlag.AlignLeft, TOP + caption_height()
            painter.drawText(QRectF(1, TOP, self.width(), caption_height()), left, self._caption)
            painter.setFont(self._font())
            painter.setPen(getattr(palette, self._tone) if self.isEnabled() else palette.faint)
            below = QRectF(1, top, self.width(), self.height() - top - BOTTOM)
            painter.drawText(below, left | Qt.AlignmentFlag.AlignVCenter, self._text)
