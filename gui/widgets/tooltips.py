"""Tooltips created on demand, always as plain text."""

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QToolTip, QWidget

from gui.style import text


def show_tip(at: QPoint, words: str, over: QWidget) -> None:
    """Show this text at a point of the screen; an empty text hides the tooltip."""
    QToolTip.showText(at, text.tip(words), over)


def hide_tip() -> None:
    """Hide the tooltip."""
    QToolTip.hideText()
