"""Plain-text labels in three ranks: user text is never read as markup."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel

from gui.style.theme import CAPTION, TITLE, dress, dress_anew, ui_font


def label(
    text: str,
    size: int,
    weight: QFont.Weight = QFont.Weight.Normal,
    tone: str = "",
    *,
    wrap: bool = False,
) -> QLabel:
    """Make a plain-text label; `tone` is a palette name such as "muted", "forward" or "error"."""
    made = QLabel(text)
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setWordWrap(wrap)
    dress(made, ui_font, size, weight)
    if tone:
        made.setProperty("tone", tone)
    return made


def title(text: str) -> QLabel:
    """Make the heading of a card or dialog."""
    return label(text, TITLE, QFont.Weight.DemiBold)


def caption(text: str, *, wrap: bool = False) -> QLabel:
    """Make the small muted text above or next to a control."""
    return label(text, CAPTION, tone="muted", wrap=wrap)


def set_tone(target: QLabel, tone: str) -> None:
    """Colour a label by a palette name ("" for the usual text colour)."""
    if target.property("tone") != tone:
        target.setProperty("tone", tone)
        target.style().unpolish(target)
        target.style().polish(target)
        dress_anew(target)  # unpolishing brings back the font of another text size
