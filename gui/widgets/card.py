"""The rounded card with a title, which frames every panel."""

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.style.theme import TITLE, dress, theme, ui_font
from gui.widgets import labels
from gui.widgets.elided import Elided
from gui.widgets.header import Header
from gui.widgets.painting import rounded, smooth
from gui.widgets.rows import LayoutPart, in_column, put

RADIUS = 8.0


class Card(QWidget):
    """A titled panel: `body` is its layout, `add_header` puts controls right of the title.

    A title with `short` words needs the room of these only.
    """

    def __init__(
        self, title: str = "", parent: QWidget | None = None, tone: str = "", short: str = ""
    ) -> None:
        super().__init__(parent)
        self._tone = ""
        self._title = Elided("") if short else labels.title(title)
        if isinstance(self._title, Elided):
            dress(self._title, ui_font, TITLE, QFont.Weight.DemiBold)
            self._title.show_words(title, short)
        self._bare = False
        self.header = Header(self._title)
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        self._whole = in_column(
            self.header, (self.body, 1), on=self, margins=(14, 11, 14, 12), spacing=4
        )
        self.set_title(title)
        self.set_tone(tone)

    @property
    def title(self) -> str:
        """The heading shown."""
        return self._title.text()

    def set_title(self, title: str) -> None:
        """Change the heading; an empty one takes no room."""
        self._title.setText(title)
        self._title.setVisible(bool(title))
        self.header.setVisible(bool(title) or self.header.has_controls)
        self.setAccessibleName(title)

    @property
    def tone(self) -> str:
        """The pass that the card is about: "" for none."""
        return self._tone

    def set_tone(self, tone: str) -> None:
        """Show which pass the card speaks of: "", "forward" (green) or "backward" (purple)."""
        if tone not in ("", "forward", "backward"):
            raise ValueError(f"unknown tone {tone!r}")
        self._tone = tone
        labels.set_tone(self._title, tone)
        self.update()

    def lend_header(self) -> QWidget:
        """Move the title line to the title bar of a dock, which paints the frame of both."""
        self._whole.removeWidget(self.header)
        self._bare = True
        margins = self._whole.contentsMargins()
        margins.setTop(2)
        margins.setBottom(min(margins.bottom(), 10))
        self._whole.setContentsMargins(margins)
        return self.header

    def fill(self, widget: QWidget, *parts: LayoutPart) -> None:
        """Fill a widget that has no layout yet, and put these into the body."""
        put(self.body, *parts)
        in_column(self, on=widget, margins=0)

    def add_header(self, widget: QWidget, *, first: bool = False) -> None:
        """Put a control at the right end of the title line or, if it fits itself to the room there,
        right after the title.
        """
        if first:
            self.header.add_first(widget)
        else:
            self.header.add(widget)
        self.header.setVisible(True)

    def set_bottom(self, margin: int) -> None:
        """Leave this many pixels below the content."""
        margins = self._whole.contentsMargins()
        margins.setBottom(margin)
        self._whole.setContentsMargins(margins)

    def free_width(self, besides: QWidget) -> int:
        """The free pixels of the title line for a widget that is in it, or will be."""
        return self.header.free_width(besides)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self._bare:
            return
        palette = theme().palette
        with smooth(self) as painter:
            fill = getattr(palette, f"{self._tone}_soft") if self._tone else palette.surface
            border = getattr(palette, self._tone) if self._tone else palette.border
            rounded(painter, QRectF(self.rect()), RADIUS, fill, border)
