"""The labels of a picture of the plane, placed where they take little room."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from gui.plots.chart import Chart
from gui.style.theme import CAPTION, dress, dress_moved, px, theme, ui_font
from gui.widgets.card import Card


class Legend(QLabel):
    """The legend of the dots, as rich text: in the title bar of a card if that has room, else on
    separate lines at its bottom.
    """

    def __init__(self, card: Card) -> None:
        super().__init__()
        self._card = card
        self._below = False
        self.setTextFormat(Qt.TextFormat.RichText)
        dress(self, ui_font, CAPTION)
        self.setProperty("tone", "muted")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        card.add_header(self, first=True)
        card.installEventFilter(self)
        card.header.installEventFilter(self)  # resized separately in a title bar
        self.hide()

    def say(self, words: str) -> None:
        """Show these words; none take no room."""
        if words != self.text():
            self.setText(words)
        self.place()

    def place(self) -> None:
        """Position it where there is room, after its text or its neighbours have changed."""
        self.setVisible(bool(self.text()))
        if self.isHidden():
            return
        self.setWordWrap(False)
        below = super().sizeHint().width() > self._card.free_width(self)
        self.setWordWrap(below)
        if below == self._below:
            return
        self._below = below
        if below:
            self._card.body.addWidget(self)
        else:
            self._card.add_header(self, first=True)
        dress_moved(self)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())  # no panel is wider for its legend

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.place()
        return super().eventFilter(watched, event)


class ValueReadout(QLabel):
    """The values under the cursor or of the selected example, or a few words, below the plot.

    It has a line of its own while an example is selected. Otherwise words that fit are left of the
    numbers of the axis, and the values under the cursor perhaps over them.
    """

    def __init__(self, plots: QWidget, plot: Chart) -> None:
        super().__init__(plots)
        self._plots, self._plot = plots, plot
        self._stays = False
        self.setTextFormat(Qt.TextFormat.PlainText)
        dress(self, ui_font, CAPTION)
        self.setProperty("tone", "muted")
        self.setAutoFillBackground(True)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()
        plots.installEventFilter(self)
        plot.resized.connect(self.place)
        theme().changed.connect(self._dress)
        self._dress()

    def say(self, words: str) -> None:
        """Show these words; without any, the axis."""
        if words != self.text():
            self.setText(words)
            self.place()
        self.setVisible(bool(words))

    def stay(self, on: bool) -> None:
        """Take a line below the plot, or none."""
        self._stays = on
        self._plots.setContentsMargins(0, 0, 0, self._height if on else 0)

    @property
    def _height(self) -> int:
        return self.fontMetrics().height() + 4

    def place(self) -> None:
        """Position it below the plot; a text that is too long starts at the left end."""
        room, high = self._plots.rect(), self._height
        below = self._plot.area().bottom() + self._plot.axes["bottom"].thickness()
        top = min(round(below) + px(2), room.height() - high)
        wide = self.sizeHint().width()
        aside = not self._stays and wide <= self._plot.area().left()
        self.setGeometry(0, top, wide if aside else room.width(), high)
        fits = wide <= room.width()
        self.setAlignment(
            (Qt.AlignmentFlag.AlignHCenter if fits else Qt.AlignmentFlag.AlignLeft)
            | Qt.AlignmentFlag.AlignVCenter
        )
        self.raise_()

    def _dress(self) -> None:
        self.setStyleSheet(f"background: {theme().palette.surface.name()}")
        self.stay(self._stays)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.place()
        return super().eventFilter(watched, event)
