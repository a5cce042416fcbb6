"""The rounded panel with a title that everything beside the canvas lies on."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gui.style.theme import theme
from gui.widgets import labels
from gui.widgets.painting import rounded, smooth

RADIUS = 8.0
AFTER_TITLE = 2  # the place in its line after the title and the room that is left over


class Card(QWidget):
    """A titled panel: `body` is its layout, `add_header` puts controls right of the title."""

    def __init__(self, title: str = "", parent: QWidget | None = None, tone: str = "") -> None:
        super().__init__(parent)
        self._tone = ""
        self._title = labels.title(title)
        self._header = QHBoxLayout()
        self._header.setSpacing(6)
        self._header.addWidget(self._title)
        self._header.addStretch(1)
        self.body = QVBoxLayout()
        self.body.setSpacing(8)
        self._whole = QVBoxLayout(self)
        self._whole.setContentsMargins(14, 11, 14, 12)
        self._whole.setSpacing(4)
        self._whole.addLayout(self._header)
        self._whole.addLayout(self.body, 1)
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
        self.setAccessibleName(title)

    def set_tone(self, tone: str) -> None:
        """Show which pass the card speaks of: "", "forward" (green) or "backward" (purple)."""
        if tone not in ("", "forward", "backward"):
            raise ValueError(f"unknown tone {tone!r}")
        self._tone = tone
        labels.set_tone(self._title, tone)
        self.update()

    def fill(self, widget: QWidget) -> None:
        """Be all that is seen of a widget that has no layout yet."""
        whole = QVBoxLayout(widget)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self)

    def add_header(self, widget: QWidget, *, first: bool = False) -> None:
        """Put a control at the right end of the title's line, or before all that are there."""
        at = AFTER_TITLE if first else -1
        self._header.insertWidget(at, widget, 0, Qt.AlignmentFlag.AlignVCenter)

    def set_bottom(self, margin: int) -> None:
        """Leave this many pixels below what is in the card."""
        margins = self._whole.contentsMargins()
        margins.setBottom(margin)
        self._whole.setContentsMargins(margins)

    def free_width(self, besides: QWidget) -> int:
        """How many pixels of the title's line are free for a widget that is in it, or will be."""
        margins, taken = self._whole.contentsMargins(), 0
        for i in range(self._header.count()):
            item = self._header.itemAt(i)
            widget = None if item is None else item.widget()
            if widget is not None and widget is not besides and not widget.isHidden():
                taken += widget.sizeHint().width() + self._header.spacing()
        return self.width() - margins.left() - margins.right() - taken - self._header.spacing()

    def paintEvent(self, _event: QPaintEvent) -> None:
        palette = theme().palette
        with smooth(self) as painter:
            fill = getattr(palette, f"{self._tone}_soft") if self._tone else palette.surface
            border = getattr(palette, self._tone) if self._tone else palette.border
            rounded(painter, QRectF(self.rect()), RADIUS, fill, border)
