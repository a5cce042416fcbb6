"""Push buttons in the styles of the style sheet: pill, primary, link, segment, and bare icons.

They take the keyboard focus by Tab and not by a click, so that Space stays the canvas's key.
"""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QToolButton

from gui.style.resources import set_icon
from gui.style.theme import sized

ICON = 16


def button(text: str, variant: str = "", icon: str = "", tip: str = "") -> QPushButton:
    """Make a push button; variant is "", "pill", "primary", "link" or "segment" (checkable)."""
    made = QPushButton(text)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setToolTip(tip)
    if variant:
        made.setProperty("variant", variant)
    if variant == "link":
        made.setCursor(Qt.CursorShape.PointingHandCursor)
    if variant == "segment":
        made.setCheckable(True)
    if icon:
        sized(made, "setIconSize", ICON + 4, ICON)  # with some space before the text
        set_icon(made, icon, {"primary": "accent_text", "link": "accent"}.get(variant, "text"))
    return made


def icon_button(icon: str, tip: str, role: str = "text", size: int = ICON) -> QToolButton:
    """Make a button with only an icon; the tip is also its name for screen readers."""
    made = QToolButton()
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setToolTip(tip)
    made.setAccessibleName(tip)
    sized(made, "setIconSize", size, size)
    set_icon(made, icon, role)
    return made
