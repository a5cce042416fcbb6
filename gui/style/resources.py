"""Loads files from resources/, and makes icons in the colours of the theme."""

from functools import cache

from PySide6.QtCore import QByteArray, QObject, QRectF, Qt
from PySide6.QtGui import QAction, QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton

from gui.style.paths import path
from gui.style.theme import theme

__all__ = ["app_icon", "icon", "path", "set_icon"]

_SIZES = (16, 18, 20, 24, 32, 36, 40, 48, 64, 96)  # physical pixels: crisp at 100, 150, 200, 300 %


def icon(name: str, role: str = "text") -> QIcon:
    """Draw resources/icons/NAME.svg in the current palette colour `role`; OSError if there is none.

    A QIcon keeps its colours for ever: use `set_icon` for icons that follow the theme.
    """
    palette = theme().palette
    return _drawn(name, QColor(getattr(palette, role)).name(), palette.faint.name())


def set_icon(target: QAbstractButton | QAction, name: str, role: str = "text") -> None:
    """Give a button or action an icon that follows the theme; a later call replaces it."""
    keeper = target.findChild(_IconKeeper, options=Qt.FindChildOption.FindDirectChildrenOnly)
    if keeper is None:
        keeper = _IconKeeper(target)
    keeper.show(name, role)


def app_icon() -> QIcon:
    """The application's own mark, the same in every theme."""
    return QIcon(str(path("icons", "layerwise.svg")))


class _IconKeeper(QObject):
    """Lives as a child of its button or action and redraws the icon when the theme changes."""

    def __init__(self, target: QAbstractButton | QAction) -> None:
        super().__init__(target)
        self._target = target
        self._wanted = ("", "")
        theme().changed.connect(self._redraw)

    def show(self, name: str, role: str) -> None:
        self._wanted = (name, role)
        self._redraw()

    def _redraw(self) -> None:
        self._target.setIcon(icon(*self._wanted))


@cache
def _drawn(name: str, code: str, disabled_code: str) -> QIcon:
    source = path("icons", f"{name}.svg").read_text(encoding="utf-8")
    result = QIcon()
    for mode, stroke in ((QIcon.Mode.Normal, code), (QIcon.Mode.Disabled, disabled_code)):
        svg = QByteArray(source.replace("currentColor", stroke).encode())
        renderer = QSvgRenderer(svg)
        for size in _SIZES:
            result.addPixmap(_pixmap(renderer, size), mode)
    return result


def _pixmap(renderer: QSvgRenderer, size: int) -> QPixmap:
    pixmap = QPixmap(size, size)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        renderer.render(painter, QRectF(0, 0, size, size))
    return pixmap
