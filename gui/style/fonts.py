"""The three fonts of the window, and the lengths that follow the text size."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache

from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication

from gui.style.paths import path

CAPTION, BODY, TITLE, VALUE = 12, 13, 15, 18
"""Font sizes at the usual text size, in device-independent pixels."""

# Bundled fonts from resources/fonts come first, so that the window looks the same everywhere; the
# last of each list provides characters that the others lack.
_SIGNS = "Layerwise Symbols"
_FAMILIES = {
    "ui": ["Inter", _SIGNS],
    "math": ["STIX Two Text", _SIGNS],
    "mono": ["JetBrains Mono", _SIGNS],
}
_scale = 1.0
_loaded = False
_legible = False  # whether fonts are made for a .pdf


def load() -> None:
    """Add the bundled faces to the application, once."""
    global _loaded  # noqa: PLW0603  one font database per application
    if not _loaded:
        _loaded = True
        for file in sorted(path("fonts").glob("*.ttf")):
            QFontDatabase.addApplicationFont(str(file))


def desktop_scale() -> float:
    """How much larger than usual the desktop asks for text, by its dots per inch."""
    screen = QGuiApplication.primaryScreen()
    usual = {"darwin": 72.0}.get(sys.platform, 96.0)
    return max(screen.logicalDotsPerInch() / usual, 0.5)


def scale() -> float:
    """The text scale: the chosen text size times the desktop's scale."""
    return _scale


def set_scale(scale: float) -> None:
    """Scale everything created from now on by this factor; `Theme.set_text_size`
    updates the rest.
    """
    global _scale  # noqa: PLW0603  one text size per application
    _scale = scale


@contextmanager
def legible() -> Iterator[None]:
    """Fonts for a .pdf, without features that would make its text impossible to copy."""
    global _legible  # noqa: PLW0603  as the text size
    before, _legible = _legible, True
    try:
        yield
    finally:
        _legible = before


def px(length: float) -> int:
    """A length of the usual text size in whole pixels of the text size in force."""
    return round(length * _scale)


def pxf(length: float) -> float:
    """The same, not rounded."""
    return length * _scale


def _font(kind: str, size: float, weight: int, *, italic: bool = False) -> QFont:
    return QFont(_made(kind, size, int(weight), italic, _legible))  # shares what Qt knows of it


@lru_cache(256)
def _made(kind: str, size: float, weight: int, italic: bool, legible: bool) -> QFont:
    font = QFont()
    font.setFamilies(_FAMILIES[kind])
    font.setPixelSize(max(round(size), 1))
    font.setWeight(QFont.Weight(weight))
    font.setItalic(italic)
    if kind == "mono":
        font.setStyleHint(QFont.StyleHint.Monospace)
    if hasattr(QFont.Tag, "fromString"):  # WORKAROUND for PySide6 6.8: it cannot name a feature
        # Digits of equal width, so that changing numbers do not move. Set in both ways, or the
        # application's font decides.
        font.setFeature(QFont.Tag("tnum"), 0 if legible else 1)
    return font


def ui_font(size: int = BODY, weight: int = QFont.Weight.Normal, *, fixed: bool = False) -> QFont:
    """The font of the window, size in pixels of the usual text size.

    A `fixed` one does not follow the text size, for items that are scaled themselves.
    """
    return _font("ui", size if fixed else pxf(size), weight)


def math_font(size: int = BODY, weight: int = QFont.Weight.Normal, *, fixed: bool = False) -> QFont:
    """Italic serif for symbols."""
    return _font("math", size if fixed else pxf(size), weight, italic=True)


def mono_font(
    size: int = CAPTION, weight: int = QFont.Weight.Normal, *, fixed: bool = False
) -> QFont:
    """Fixed pitch for shapes, matrices and code."""
    return _font("mono", size if fixed else pxf(size), weight)


MAKERS: dict[str, Callable[..., QFont]] = {
    make.__name__: make for make in (ui_font, math_font, mono_font)
}
