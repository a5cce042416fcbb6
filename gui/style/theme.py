"""The theme: every colour, font and the diverging colour scale of the window."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache

import numpy as np
import shiboken6
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QImage, QPalette
from PySide6.QtWidgets import QApplication, QStyle, QWidget

from gui.style import fonts
from gui.style.fonts import (
    BODY,
    CAPTION,
    TITLE,
    VALUE,
    math_font,
    mono_font,
    px,
    pxf,
    ui_font,
)
from gui.style.stylesheet import stylesheet

__all__ = [
    "BODY", "CAPTION", "DARK", "LIGHT", "MODES", "TEXT_SIZES", "TITLE", "VALUE",
    "Palette", "Theme", "class_colours", "colour", "dress", "image", "ink_on", "legible", "lut",
    "math_font",
    "mono_font", "px", "pxf", "reduced_motion", "sized", "theme", "ui_font",
]  # fmt: skip

MODES = ("system", "light", "dark")
TEXT_SIZES = (0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0)  # factors; also the limits


def _rgb(code: str) -> QColor:
    return QColor(code)


@dataclass(frozen=True, slots=True, eq=False)
class Palette:
    """The colours of one mode; the QColors are shared and must not be changed in place."""

    name: str  # "light" or "dark"
    window: QColor  # the background of the cards
    chrome: QColor  # menu bar, status bar
    surface: QColor  # cards, run bar, fields
    canvas: QColor  # the background of the network
    raised: QColor  # hovered or filled controls on a surface
    border: QColor
    grid: QColor  # lines in plots, dots on the canvas
    text: QColor
    muted: QColor  # captions, axes
    faint: QColor  # disabled text
    accent: QColor
    accent_soft: QColor
    accent_text: QColor  # on accent, forward and backward
    forward: QColor
    forward_soft: QColor
    backward: QColor
    backward_soft: QColor
    negative: QColor  # ends and middle of the diverging scale
    neutral: QColor
    positive: QColor
    warning: QColor
    warning_soft: QColor
    error: QColor
    error_soft: QColor
    good: QColor


LIGHT = Palette(
    name="light",
    window=_rgb("#f4f5f7"),
    chrome=_rgb("#e9ebef"),
    surface=_rgb("#ffffff"),
    canvas=_rgb("#fbfcfd"),
    raised=_rgb("#f1f3f6"),
    border=_rgb("#dfe3ea"),
    grid=_rgb("#e4e8ee"),
    text=_rgb("#1d2330"),
    muted=_rgb("#5d6779"),
    faint=_rgb("#a3abb8"),
    accent=_rgb("#2463c8"),
    accent_soft=_rgb("#e8effa"),
    accent_text=_rgb("#ffffff"),
    forward=_rgb("#0a7b6c"),
    forward_soft=_rgb("#eefaf7"),
    backward=_rgb("#9c2fae"),
    backward_soft=_rgb("#faf0fb"),
    negative=_rgb("#e87e1c"),
    neutral=_rgb("#f7f6f3"),
    positive=_rgb("#2463c8"),
    warning=_rgb("#96600a"),
    warning_soft=_rgb("#fdf5e3"),
    error=_rgb("#c0293a"),
    error_soft=_rgb("#fdeff0"),
    good=_rgb("#0a7b6c"),
)

DARK = Palette(
    name="dark",
    window=_rgb("#14171d"),
    chrome=_rgb("#0f1217"),
    surface=_rgb("#1b2029"),
    canvas=_rgb("#171b23"),
    raised=_rgb("#262b36"),
    border=_rgb("#2e3542"),
    grid=_rgb("#272d38"),
    text=_rgb("#e7eaf0"),
    muted=_rgb("#97a3b6"),
    faint=_rgb("#5c677a"),
    accent=_rgb("#5896ff"),
    accent_soft=_rgb("#1f2d48"),
    accent_text=_rgb("#0f1217"),
    forward=_rgb("#34c3a4"),
    forward_soft=_rgb("#16302c"),
    backward=_rgb("#c77ddb"),
    backward_soft=_rgb("#2a2033"),
    negative=_rgb("#f4963c"),
    neutral=_rgb("#20252f"),
    positive=_rgb("#5896ff"),
    warning=_rgb("#e7b65a"),
    warning_soft=_rgb("#33290f"),
    error=_rgb("#ff7b86"),
    error_soft=_rgb("#3a1d24"),
    good=_rgb("#34c3a4"),
)


class Theme(QObject):
    """The current look of the application: palette and text size, with a signal for changes."""

    changed = Signal()

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._mode = "system"
        self._palette: Palette | None = None
        self._text_size = 1.0
        fonts.load()
        fonts.set_scale(fonts.desktop_scale())
        self._dressed_at = fonts.scale()
        app.styleHints().colorSchemeChanged.connect(self._follow_system)

    @property
    def mode(self) -> str:
        """The chosen mode: "system", "light" or "dark"."""
        return self._mode

    @property
    def palette(self) -> Palette:
        """The colours in force."""
        return self._palette or self._wanted()

    @property
    def text_size(self) -> float:
        """The size of text, marks and lines relative to the usual, 0.8 to 2."""
        return self._text_size

    def set_text_size(self, size: float) -> None:
        """Scale every text, mark and line; limited to 0.8 … 2."""
        size = min(max(size, TEXT_SIZES[0]), TEXT_SIZES[-1])
        if size == self._text_size:
            return
        self._text_size = size
        fonts.set_scale(size * fonts.desktop_scale())
        self._app.setFont(ui_font())
        self._restyle()

    def set_mode(self, mode: str) -> None:
        """Choose "system", "light" or "dark"; anything else raises ValueError."""
        if mode not in MODES:
            raise ValueError(f"unknown theme mode {mode!r}")
        self._mode = mode
        self._apply()

    @contextmanager
    def lent(self, palette: Palette) -> Iterator[None]:
        """Use these colours for the picture being painted; emits no change."""
        before, self._palette = self._palette, palette
        try:
            yield
        finally:
            self._palette = before

    @contextmanager
    def worn(self, palette: Palette, widget: QWidget) -> Iterator[None]:
        """Give a widget and its children these colours while a picture of it is made."""
        before, sheet = self.palette, widget.styleSheet()
        if palette is before:
            yield
            return
        try:
            self._palette = palette
            widget.setPalette(_qt_palette(palette))
            plain = f"QLabel {{ color: {palette.text.name()} }}"  # theirs is not handed down
            whole = stylesheet(palette.name, _codes(palette), fonts.scale())
            widget.setStyleSheet(f"{plain}\n{whole}\n{sheet}")
            self.changed.emit()
            yield
        finally:
            self._palette = before
            widget.setStyleSheet(sheet)
            widget.setPalette(QPalette())
            self.changed.emit()

    @Slot()
    def _follow_system(self) -> None:
        if self._mode == "system":
            self._apply()

    def _wanted(self) -> Palette:
        if self._mode != "system":
            return DARK if self._mode == "dark" else LIGHT
        return DARK if self._app.styleHints().colorScheme() == Qt.ColorScheme.Dark else LIGHT

    def _apply(self) -> None:
        wanted = self._wanted()
        if wanted is self._palette:
            return
        first = self._palette is None
        self._palette = wanted
        if first:
            self._app.setStyle("Fusion")
            self._app.setFont(ui_font())
            self._app.setAttribute(Qt.ApplicationAttribute.AA_DontShowIconsInMenus)
        self._app.setPalette(_qt_palette(wanted))
        self._restyle()

    def _restyle(self) -> None:
        palette = self.palette
        self._app.setStyleSheet(stylesheet(palette.name, _codes(palette), fonts.scale()))
        if {fonts.scale(), self._dressed_at} != {1.0}:
            self._dressed_at = fonts.scale()
            for widget in self._app.allWidgets():  # after the style sheet, which resets fonts
                dress_anew(widget)
                widget.updateGeometry()
                widget.update()
        self.changed.emit()


_theme: Theme | None = None


def theme() -> Theme:
    """Return the running application's theme; the first call dresses the application."""
    global _theme  # noqa: PLW0603  one look per application, as there is one QApplication
    if _theme is None or not shiboken6.isValid(_theme):
        app = QApplication.instance()
        if not isinstance(app, QApplication):
            raise RuntimeError("theme() needs a QApplication")
        _theme = Theme(app)
        _theme.set_mode("system")
    return _theme


def dress(widget: QWidget, make: Callable[..., QFont], *of: int) -> None:
    """Give a widget the font `make(*of)` (a size, a weight) at every text size."""
    widget.setProperty("dressed", [make.__name__, *(int(each) for each in of)])
    widget.setFont(make(*of))


@contextmanager
def legible(widget: QWidget) -> Iterator[None]:
    """Give a widget and its children fonts whose digits can be copied from a .pdf."""
    everything = [widget, *widget.findChildren(QWidget)]
    try:
        with fonts.legible():
            widget.setFont(ui_font())
            for each in everything:
                dress_anew(each)
            yield
    finally:
        widget.setFont(QFont())
        for each in everything:
            dress_anew(each)


def dress_moved(widget: QWidget) -> None:
    """Bring a widget that has got another parent, and its children, to the text size of now: Qt
    gives them the fonts they were made with.
    """
    for each in (widget, *widget.findChildren(QWidget)):
        dress_anew(each)


def sized(widget: QWidget, setter: str, *lengths: int) -> None:
    """Call a setter of sizes, such as `setFixedWidth`, with lengths that follow the text size."""
    known = widget.property("sized")
    widget.setProperty("sized", {**(known if isinstance(known, dict) else {}), setter: lengths})
    _set_size(widget, setter, lengths)


def _set_size(widget: QWidget, setter: str, lengths: Iterable[int]) -> None:
    scaled = [px(length) for length in lengths]
    getattr(widget, setter)(*([QSize(*scaled)] if setter == "setIconSize" else scaled))


def dress_anew(widget: QWidget) -> None:
    """Bring the widget's own font and sizes to the text size of now."""
    known = widget.property("sized")
    for setter, lengths in (known if isinstance(known, dict) else {}).items():
        _set_size(widget, setter, lengths)
    dressed = widget.property("dressed")
    if isinstance(dressed, list):
        name, *of = dressed
        widget.setFont(fonts.MAKERS[name](*of))


def _codes(palette: Palette) -> dict[str, str]:
    names = (name for name in palette.__slots__ if name != "name")
    codes = {name: getattr(palette, name).name() for name in names}
    codes["accent_hover"] = palette.accent.lighter(108).name()
    codes["accent_pressed"] = palette.accent.darker(112).name()
    codes["scroll"] = palette.faint.name()
    return codes


def _qt_palette(palette: Palette) -> QPalette:
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    colours = {
        role.Window: palette.window,
        role.WindowText: palette.text,
        role.Base: palette.surface,
        role.AlternateBase: palette.canvas,
        role.Text: palette.text,
        role.PlaceholderText: palette.muted,
        role.Button: palette.surface,
        role.ButtonText: palette.text,
        role.BrightText: palette.error,
        role.ToolTipBase: palette.raised,
        role.ToolTipText: palette.text,
        role.Highlight: palette.accent,
        role.HighlightedText: palette.accent_text,
        role.Accent: palette.accent,
        role.Link: palette.accent,
        role.LinkVisited: palette.backward,
        role.Light: palette.raised,
        role.Midlight: palette.raised,
        role.Mid: palette.border,
        role.Dark: palette.faint,
        role.Shadow: QColor(0, 0, 0),
    }
    result = QPalette()
    for which, colour_ in colours.items():
        result.setColor(which, colour_)
    for which in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(group.Disabled, which, palette.faint)
    result.setColor(group.Disabled, role.Highlight, palette.border)
    result.setColor(group.Disabled, role.Accent, palette.faint)
    return result


# --- the one diverging scale -----------------------------------------------------------------

# Oklab (Björn Ottosson, 2020): equal steps in it look equal. Linear sRGB → cone responses → Lab.
_TO_CONES = np.array(
    [
        [0.4122214708, 0.5363325363, 0.0514459929],
        [0.2119034982, 0.6806995451, 0.1073969566],
        [0.0883024619, 0.2817188376, 0.6299787005],
    ]
)
_TO_LAB = np.array(
    [
        [0.2104542553, 0.7936177850, -0.0040720468],
        [1.9779984951, -2.4285922050, 0.4505937099],
        [0.0259040371, 0.7827717662, -0.8086757660],
    ]
)


def _oklab(colour_: QColor) -> NDArray[np.float64]:
    srgb = np.array([colour_.redF(), colour_.greenF(), colour_.blueF()])
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    return np.asarray(_TO_LAB @ np.cbrt(_TO_CONES @ linear))


def _srgb(lab: NDArray[np.float64]) -> NDArray[np.float64]:
    linear = np.linalg.inv(_TO_CONES) @ (np.linalg.inv(_TO_LAB) @ lab) ** 3  # (3, n)
    linear = np.clip(linear, 0, 1)
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)


@cache
def lut(palette: Palette) -> NDArray[np.uint32]:
    """The colour scale as (256,) 0xffRRGGBB: 0 is negative or class 0, 255 positive or class 1."""
    ends = np.array([_oklab(palette.negative), _oklab(palette.neutral), _oklab(palette.positive)])
    levels = np.linspace(-1, 1, 256)
    lab = np.array([np.interp(levels, (-1, 0, 1), ends[:, i]) for i in range(3)])  # (3, 256)
    red, green, blue = np.rint(255 * _srgb(lab)).astype(np.uint32)
    table = np.asarray(0xFF000000 | red << 16 | green << 8 | blue, dtype=np.uint32)
    table.flags.writeable = False
    return table


def colour(value: float, scale: float = 1.0, palette: Palette | None = None) -> QColor:
    """The colour of value on -scale…+scale (clipped); not-a-number is the error colour."""
    palette = palette or theme().palette
    if np.isnan(value):
        return palette.error
    share = float(np.clip(value / scale, -1, 1)) if scale > 0 else 0.0
    return QColor.fromRgb(int(lut(palette)[round(127.5 * (share + 1))]))


def image(levels: NDArray[np.uint8], palette: Palette | None = None) -> QImage:
    """Levels (h, w) through the colour scale as a QImage with its own memory (Format_RGB32)."""
    pixels = lut(palette or theme().palette).take(levels)  # (h, w)
    height, width = pixels.shape
    return QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32).copy()


# Okabe & Ito's colour-blind-safe hues (2008) and four darker companions for classes beyond six.
_CLASS_CODES = (
    "#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00",
    "#56b4e9", "#7a5195", "#b5a900", "#8c4a2f", "#8a8f99",
)  # fmt: skip


def translucent(colour: QColor, alpha: int) -> QColor:
    """The colour with this opacity, of 255."""
    return QColor(colour.red(), colour.green(), colour.blue(), alpha)


def class_colours(n: int, palette: Palette | None = None) -> list[QColor]:
    """Colours for 1 to 10 classes: two are the ends of the scale, more are colour-blind safe."""
    palette = palette or theme().palette
    if n <= 2:
        return [palette.negative, palette.positive][:n]
    lift = 118 if palette.name == "dark" else 100
    return [QColor(code).lighter(lift) for code in _CLASS_CODES[:n]]


def ink_on(background: QColor) -> QColor:
    """Near-black or white, whichever reads better on the background (WCAG relative luminance)."""
    srgb = np.array([background.redF(), background.greenF(), background.blueF()])
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    return QColor("#12161f") if linear @ (0.2126, 0.7152, 0.0722) > 0.2 else QColor("#ffffff")


# --- motion -----------------------------------------------------------------------------------


def reduced_motion() -> bool:
    """Whether to skip animations: LAYERWISE_REDUCED_MOTION=1 (or 0), else the desktop's setting."""
    wish = os.environ.get("LAYERWISE_REDUCED_MOTION", "")
    if wish:
        return wish != "0"
    hint = QStyle.StyleHint.SH_Widget_Animation_Duration
    return QApplication.style().styleHint(hint) == 0
