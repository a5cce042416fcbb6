"""Places a popup below or above its button, or wherever the screen has room."""

from PySide6.QtCore import QPoint, QRect
from PySide6.QtWidgets import QWidget

_GAP = 3


def place_near(popup: QWidget, button: QWidget) -> None:
    """Move a popup next to a button, fully on the screen and not over the button."""
    room = button.screen().availableGeometry()
    place = QRect(button.mapToGlobal(QPoint(0, button.height() + _GAP)), popup.size())
    top = button.mapToGlobal(QPoint(0, 0)).y()
    if place.bottom() > room.bottom():
        above = top - _GAP - place.height()
        if above >= room.top():
            place.moveTop(above)
        else:  # neither below nor above: to the side
            place.moveBottom(room.bottom())
            place.moveTop(max(place.top(), room.top()))
            place.moveLeft(button.mapToGlobal(QPoint(button.width() + _GAP, 0)).x())
            if place.right() > room.right():
                place.moveRight(button.mapToGlobal(QPoint(-_GAP, 0)).x())
    place.moveLeft(max(min(place.left(), room.right() - place.width()), room.left()))
    popup.move(place.topLeft())
