"""The gradient check lamp: green or red; a click opens the whole check."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import (
    QEnterEvent,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from gui.stepper.check import GradientChecks
from gui.stepper.check_card import CheckCard
from gui.stepper.check_words import lamp_of, sentence_of
from gui.stepper.stripes import stripes
from gui.style.theme import CAPTION, VALUE, theme, ui_font
from gui.widgets.floating import place_near
from gui.widgets.painting import caption_height, focus_ring, rounded, smooth

CAPTION_TEXT = "Gradient check"
_SAMPLE = "✓ 3·10⁻¹⁰"
_MARGIN = 8.0
_SMALL = 14


class GradientLamp(QAbstractButton):
    """A readout as the run bar has, that opens the check; the first click checks at once.

    `compact` is one line, for a header.
    """

    def __init__(
        self, checks: GradientChecks, *, compact: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._checks, self._compact = checks, compact
        self._popup = _Popup(checks, self)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.clicked.connect(self.open_card)
        checks.changed.connect(self._show)
        theme().changed.connect(self.update)
        self._show()

    @property
    def card(self) -> CheckCard:
        """The card that the lamp opens."""
        return self._popup.card

    def open_card(self) -> None:
        """Open the card under the lamp; nothing checked yet, begin."""
        if self._checks.result is None and not self._checks.running:
            self._checks.start()
        self._popup.open_under(self)

    def _show(self) -> None:
        words, _ = lamp_of(self._checks)
        self.setText(words)
        self.setEnabled(self._checks.record is not None)
        bug = self._checks.planted
        said = self.tr("Planted: {bug}; the run is not touched.")
        planted = "" if bug is None else said.format(bug=bug.label)
        found = sentence_of(self._checks)[0] or self.tr(
            "Numeric against analytic: is the gradient right?"
        )
        self.setToolTip(f"{found} {planted}".strip())
        self.setAccessibleName(f"{CAPTION_TEXT}: {words}. {planted}".strip())
        self.updateGeometry()
        self.update()

    def _value_font(self) -> QFont:
        return ui_font(_SMALL if self._compact else VALUE, QFont.Weight.DemiBold)

    def _caption_width(self) -> float:
        return QFontMetricsF(ui_font(CAPTION)).horizontalAdvance(CAPTION_TEXT)

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(self._value_font())
        value = max(metrics.horizontalAdvance(text) for text in (_SAMPLE, self.text()))
        if self._compact:
            wide = self._caption_width() + 8 + value
            return QSize(round(wide + 2 * _MARGIN), round(metrics.height() + 8))
        wide = max(value, self._caption_width())
        return QSize(round(wide + 2 * _MARGIN), round(caption_height() + metrics.height() + 5))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self.open_card()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        palette, rect = theme().palette, QRectF(self.rect())
        with smooth(self) as painter:
            if self._checks.bug:
                stripes(painter, rect, 7)
            elif self.isEnabled() and (self.underMouse() or self.isDown()):
                rounded(painter, rect, 7, palette.raised)
            inner = rect.adjusted(_MARGIN, 2, -_MARGIN, -2)
            align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            caption, value = QRectF(inner), QRectF(inner)
            if self._compact:
                value.setLeft(inner.left() + self._caption_width() + 8)
            else:
                caption.setHeight(caption_height())
                value.setTop(caption.bottom())
            painter.setFont(ui_font(CAPTION))
            painter.setPen(palette.muted if self.isEnabled() else palette.faint)
            painter.drawText(caption, align, CAPTION_TEXT)
            painter.setFont(self._value_font())
            painter.setPen(getattr(palette, lamp_of(self._checks)[1]))
            painter.drawText(value, align, self.text())
            if self.hasFocus():
                focus_ring(painter, rect, 7)


class _Popup(QWidget):
    """The card over the window; a click elsewhere or Esc closes it."""

    def __init__(self, checks: GradientChecks, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self._lamp: QWidget | None = None
        self.card = CheckCard(checks)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSizeConstraint(QVBoxLayout.SizeConstraint.SetFixedSize)
        whole.addWidget(self.card)

    def open_under(self, lamp: QWidget) -> None:
        self._lamp = lamp
        self.adjustSize()
        place_near(self, lamp)
        self.show()
        first = (self.card.cancel_button, self.card.start_button)
        next((one for one in first if one.isVisible()), self.card.bug_button).setFocus()

    def show_part(self, part: QWidget) -> None:
        """Open for a control that is in it."""
        lamp = self.parentWidget()
        if not self.isVisible() and lamp is not None:
            self.open_under(lamp)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._lamp is not None:  # the answer increases the card's height
            place_near(self, self._lamp)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)
