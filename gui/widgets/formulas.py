"""Typesets LaTeX formulas with a cache: pixels on screen, outlines on paper."""

from __future__ import annotations

import re
import warnings
from functools import lru_cache
from html import escape

from PySide6.QtCore import QByteArray, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPaintEngine, QPainter, QPainterPath, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QWidget

KEPT = 512  # formulas
_SIZE, _INK = 48, "#010203"  # px of the letters, and colour, of the cached typesetting
_ON_PAPER = (QPaintEngine.Type.SVG, QPaintEngine.Type.Pdf)
_PLACE = re.compile(  # the placeholder of a formula in an .svg: QSvgGenerator's version of _mark
    r'<text[^>]*?\bx="([^"]+)" y="([^"]+)"[^>]*>\s*@formula:([0-9a-f]+):(\d+):(#[0-9a-f]+):'
    r"([0-9a-f]+):([0-9.]+)@\s*</text>"
)


@lru_cache(maxsize=KEPT)
def _svg(latex: str) -> str | None:
    """The typeset formula as an SVG of letters of _SIZE in _INK, or None if it is not LaTeX."""
    # Imported late: it takes a tenth of a second, and only the stepper needs it.
    with warnings.catch_warnings():
        # WORKAROUND for ziamath 0.12: it opens its font by a call that Python 3.11 and 3.12
        # deprecate.
        warnings.simplefilter("ignore", DeprecationWarning)
        from ziamath.config import config
        from ziamath.zmath import Latex

    config.svg2 = False  # Qt draws no glyphs of SVG 2
    try:
        made = str(Latex(latex, size=_SIZE, color=_INK).svg())
    except Exception:  # noqa: BLE001 - ziamath may raise anything; the plain text is shown then
        return None
    return made.replace('fill="black"', f'fill="{_INK}"')  # of a line over letters


@lru_cache(maxsize=KEPT)
def _renderer(latex: str, colour: str) -> QSvgRenderer | None:
    svg = _svg(latex)
    if svg is None:
        return None
    renderer = QSvgRenderer(QByteArray(svg.replace(_INK, colour).encode()))
    return renderer if renderer.isValid() else None


@lru_cache(maxsize=KEPT)
def pixmap(latex: str, size: int, colour: str, ratio: float) -> QPixmap | None:
    """The formula as pixels, `ratio` of them per pixel of the window; None if it is not LaTeX."""
    renderer, wanted = _renderer(latex, colour), size_of(latex, size)
    if renderer is None or wanted is None:
        return None
    picture = QPixmap(max(round(wanted.width() * ratio), 1), max(round(wanted.height() * ratio), 1))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    with QPainter(picture) as painter:
        renderer.render(painter, QRectF(0, 0, wanted.width(), wanted.height()))
    return picture


def size_of(latex: str, size: int) -> QSizeF | None:
    """The size of the formula at this font size; None if it is not LaTeX."""
    renderer = _renderer(latex, _INK)
    return None if renderer is None else renderer.viewBoxF().size() * (size / _SIZE)


def is_paper(painter: QPainter) -> bool:
    """Whether painted lines and text are kept: in an .svg or a .pdf."""
    return painter.paintEngine().type() in _ON_PAPER


def is_elsewhere(painter: QPainter, widget: QWidget) -> bool:
    """Whether a widget is painted for another use than its window: on paper, or in finer pixels."""
    finer = painter.deviceTransform().m11() / widget.devicePixelRatioF()
    return is_paper(painter) or abs(finer - 1) > 1e-6


def draw_outlines(
    painter: QPainter, formula: tuple[str, int, str], plain: str, at: QPointF, share: float = 1.0
) -> None:
    """Draw a formula (LaTeX, size, colour) as outlines, with its top left corner at a point.

    `plain` is its text, which becomes its title in an .svg; `share` makes it smaller.
    """
    latex, size, colour = formula
    renderer = _renderer(latex, colour)
    if renderer is None:
        return
    if painter.paintEngine().type() == QPaintEngine.Type.SVG:
        painter.drawText(at, _mark(formula, plain, share))
        return
    by = share * size / _SIZE
    painter.save()
    painter.translate(at)
    painter.scale(by, by)
    painter.translate(-renderer.viewBoxF().topLeft())
    painter.fillPath(_path(latex), QColor(colour))
    painter.restore()


@lru_cache(maxsize=KEPT)
def _path(latex: str) -> QPainterPath:
    """The outlines of a formula: in a .pdf, Qt's own SVG reader draws a line around them."""
    path = QPainterPath()
    for shape in re.finditer(r'<path d="([^"]*)"|<rect ([^>]*)', _svg(latex) or ""):
        if shape[1] is None:
            sides = dict(re.findall(r'(\w+)="([^"]*)"', shape[2]))
            path.addRect(*(float(sides[side]) for side in ("x", "y", "width", "height")))
            continue
        for kind, numbers in re.findall(r"([MLQZ])([^MLQZ]*)", shape[1]):
            points = [float(number) for number in numbers.replace(",", " ").split()]
            if kind == "M":
                path.moveTo(*points)
            elif kind == "L":
                path.lineTo(*points)
            elif kind == "Q":
                path.quadTo(*points)
            else:
                path.closeSubpath()
    path.setFillRule(Qt.FillRule.WindingFill)
    return path


def _mark(formula: tuple[str, int, str], plain: str, share: float) -> str:
    """The placeholder of a formula until the .svg is written: QSvgGenerator has no titles."""
    latex, size, colour = formula
    said = f"{latex.encode().hex()}:{size}:{colour}:{plain.encode().hex()}:{share:.4f}"
    return f"@formula:{said}@"


def with_formulas(svg: str) -> str:
    """An .svg in which formulas were drawn, with their outlines and titles in their places."""

    def outlines(place: re.Match[str]) -> str:
        latex, plain = (bytes.fromhex(place[i]).decode() for i in (3, 6))
        made = (_svg(latex) or "").replace(_INK, place[5])
        corner = re.search(r'viewBox="(\S+) (\S+)', made)
        left, top = (float(corner[i]) for i in (1, 2)) if corner else (0.0, 0.0)
        share = float(place[7]) * int(place[4]) / _SIZE
        x, y = float(place[1]) - share * left, float(place[2]) - share * top
        inside = re.sub(r"^<svg[^>]*>|</svg>\s*$", "", made)
        return (  # a group, no drawing in the drawing: SVG Tiny has none of these
            f'<g transform="translate({x:.3f},{y:.3f}) scale({share:g})" stroke="none">'
            f"<title>{escape(plain)}</title>{inside}</g>"
        )

    return _PLACE.sub(outlines, svg)
