"""A pill that is on or off, for input features and the steps of a pass."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from gui.style.theme import BODY, ink_on, math_font, px, theme, ui_font
from gui.widgets.painting import rounded, smooth

_HEIGHT = 26
TONES = ("", "forward", "backward")


class ToggleChip(QAbstractButton):
    """A checkable pill; tone "forward" or "backward" colours it for a pass, `math` is italic."""

    def __init__(
        self, text: str, tone: str = "", math: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        if tone not in TONES:
            raise ValueError(f"unknown tone {tone!r}")
        self._tone = tone
        self._math = math
        self.setText(text)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def _chip_font(self) -> QFont:
        return math_font(BODY + 1) if self._math else ui_font(BODY, QFont.Weight.DemiBold)

    def _colours(self) -> tuple[QColor, QColor, QColor]:
        """Fill, border and ink."""
        palette = theme().palette
        strong = getattr(palette, self._tone or "accent")
        soft = getattr(palette, f"{self._tone}_soft") if self._tone else palette.surface
        if not self.isEnabled():
            return palette.raised, palette.border, palette.faint
        if self.isChecked():
            return strong, strong, ink_on(strong)
        hovered = self.underMouse() or self.isDown()
        return soft, strong if hovered else palette.border, palette.text

    def sizeHint(self) -> QSize:
        wide = QFontMetricsF(self._chip_font()).horizontalAdvance(self.text())
        return QSize(max(round(wide) + px(20), px(_HEIGHT)), px(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        fill, border, ink = self._colours()
        with smooth(self) as painter:
            rect = QRectF(self.rect())
            radius = rect.height() / 2
            rounded(painter, rect, radius, fill, border)
            painter.setFont(self._chip_font())
            painter.setPen(ink)
            painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, self.text())
            if self.hasFocus():
                ring = theme().palette.text if self.isChecked() else theme().palette.accent
                rounded(painter, rect, radius, border=ring, width=2)
