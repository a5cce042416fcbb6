"""A grey veil over a widget whose content is from another iteration than the window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QColor, QPaintEvent
from PySide6.QtWidgets import QWidget

from gui.style.theme import theme
from gui.widgets.painting import smooth

ALPHA = 150


class Veil(QWidget):
    """Covers all of `host` while it is drawn; clicks and keys go through."""

    def __init__(self, host: QWidget) -> None:
        super().__init__(host)
        self._host = host
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        host.installEventFilter(self)
        self.hide()

    def draw(self, on: bool) -> None:
        """Grey the host, or no more."""
        if on == self.isHidden():
            self._fit()
            self.setVisible(on)

    def _fit(self) -> None:
        self.setGeometry(self._host.rect())
        self.raise_()

    def eventFilter(self, host: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self._fit()
        return super().eventFilter(host, event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        ground = QColor(theme().palette.surface)
        ground.setAlpha(ALPHA)
        with smooth(self) as painter:
            painter.fillRect(self.rect(), ground)
