"""A button with a caption and its current choice, which opens a menu of choices."""

from collections.abc import Mapping

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QEnterEvent,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy, QWidget

from gui.style import text
from gui.style.resources import icon
from gui.style.theme import BODY, CAPTION, px, pxf, theme, ui_font
from gui.widgets.painting import BOTTOM, TOP, caption_height, focus_ring, rounded, smooth

_MARGIN = 8.0
_ARROW = 12.0


class MenuButton(QAbstractButton):
    """Shows one of `choices` (key → words); emits `chosen(key)` when the user selects another one.

    Without a caption it has one line, as on the canvas. `set_value` emits nothing.
    """

    chosen = Signal(str)

    def __init__(
        self,
        caption: str,
        choices: Mapping[str, str],
        value: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._caption = caption
        self._choices: dict[str, str] = {}
        self._hints: dict[str, str] = {}
        self._value = value
        self._tight = False
        self._menu = QMenu(self)
        self._menu.setToolTipsVisible(True)
        self._menu.aboutToShow.connect(self._fill)
        self._menu.triggered.connect(self._choose)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.clicked.connect(self.open_menu)
        self.set_choices(choices)

    @property
    def value(self) -> str:
        """The key in force."""
        return self._value

    @property
    def menu(self) -> QMenu:
        """The menu of the choices, filled when it is about to be shown."""
        return self._menu

    def set_choices(
        self, choices: Mapping[str, str], hints: Mapping[str, str] | None = None
    ) -> None:
        """Replace the choices (key → words), with sentences (key → tooltip) for the menu."""
        self._choices = dict(choices)
        self._hints = dict(hints or {})
        self._show()
        self.updateGeometry()

    def set_value(self, value: str) -> None:
        """Show a choice; a key not in the list is shown as it is."""
        self._value = value
        self._show()
        if self._tight:
            self.updateGeometry()

    def set_tight(self, tight: bool) -> None:
        """Be as wide as the chosen word needs, or so wide that it never changes."""
        if tight != self._tight:
            self._tight = tight
            self.updateGeometry()

    def open_menu(self) -> None:
        """Open the menu under the button."""
        self._menu.popup(self.mapToGlobal(QPoint(0, self.height())))

    def _words(self) -> str:
        return self._choices.get(self._value, self._value)

    def _show(self) -> None:
        words = self._words()
        self.setAccessibleName(f"{self._caption}: {words}" if self._caption else words)
        self.update()

    def _fill(self) -> None:
        self._menu.clear()
        for key, words in self._choices.items():
            action = self._menu.addAction(text.in_menu(words))
            action.setToolTip(text.tip(self._hints.get(key) or words))
            action.setData(key)
            action.setCheckable(True)
            action.setChecked(key == self._value)
            if key == self._value:
                self._menu.setActiveAction(action)

    def _choose(self, action: QAction) -> None:
        key: str = action.data()
        if key != self._value:
            self.set_value(key)
            self.chosen.emit(key)

    def _value_font(self) -> QFont:
        return ui_font(BODY, QFont.Weight.DemiBold)

    def _paint_words(self, painter: QPainter, top: float) -> None:
        palette = theme().palette
        painter.setFont(self._value_font())
        painter.setPen(palette.text if self.isEnabled() else palette.faint)
        wide = QFontMetricsF(self._value_font()).horizontalAdvance(self._words())
        margin, size = pxf(_MARGIN), px(_ARROW)
        line = QRectF(margin, top, self.width() - 2 * margin, self.height() - top - BOTTOM)
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(line, middle | Qt.AlignmentFlag.AlignLeft, self._words())
        arrow = icon("down", "muted" if self.isEnabled() else "faint")
        at = QPoint(int(margin + wide + 5), int(line.center().y() - size / 2 + 1))
        pixmap = arrow.pixmap(QSize(size, size), self.devicePixelRatioF())
        painter.drawPixmap(at, pixmap)

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(self._value_font())
        words = [self._words(), *(() if self._tight else self._choices.values())]
        wide = max(metrics.horizontalAdvance(text) for text in words) + px(_ARROW) + 5
        wide = max(wide, QFontMetricsF(ui_font(CAPTION)).horizontalAdvance(self._caption))
        high = metrics.height() + (caption_height() + 9 if self._caption else 12)
        return QSize(round(wide + 2 * pxf(_MARGIN)), round(high))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_menu()
        else:
            super().keyPressEvent(event)

    def enterEvent(self, event: QEnterEvent) -> None:
        super().enterEvent(event)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        palette = theme().palette
        with smooth(self) as painter:
            rect = QRectF(self.rect())
            if self.isEnabled() and (self.underMouse() or self.isDown()):
                rounded(painter, rect, 7, palette.raised)
            top = 2.0
            if self._caption:
                painter.setFont(ui_font(CAPTION))
                painter.setPen(palette.muted if self.isEnabled() else palette.faint)
                line = QRectF(pxf(_MARGIN), TOP, rect.width() - pxf(_MARGIN), caption_height())
                painter.drawText(line, Qt.AlignmentFlag.AlignLeft, self._caption)
                top = TOP + caption_height()
            self._paint_words(painter, top)
            if self.hasFocus():
                focus_ring(painter, rect, 7)
