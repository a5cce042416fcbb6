"""The row of chips, one per step, which keeps the current one visible."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import (
    QEasingCurve,
    QEvent,
    QPointF,
    QRectF,
    QSize,
    Qt,
    QVariantAnimation,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetricsF,
    QHelpEvent,
    QLinearGradient,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.parts import Kind, Part, bring_widget, rectangle_on_screen
from gui.style.theme import BODY, CAPTION, ink_on, math_font, px, reduced_motion, theme, ui_font
from gui.widgets.painting import rounded, smooth
from gui.widgets.tooltips import show_tip

HIGH = 26.0
_ARROW = 15.0  # between two chips
_SECTION_GAP = 14.0
_FADE = 28.0
_GLIDE_MS = 180
UNTITLED = ("cost", "update", "lines")  # sections that their chips already name
_ALIGN = Qt.AlignmentFlag


@dataclass(frozen=True, slots=True)
class Chip:
    """The text of one chip, with `words` in full for the tooltip; `section` is its phase.

    The tone is "forward", "backward" or "" (cost, update).
    """

    text: str
    words: str
    section: str
    tone: str = ""


class ChipRow(QWidget):
    """The steps of an iteration in a row; a click on a chip asks to go there.

    It is one painted widget: a network of fifty layers has four hundred steps.
    """

    chosen = Signal(int)

    def __init__(self, key: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = key  # the row's name in the registry of parts
        self._chips: tuple[Chip, ...] = ()
        self._places: list[QRectF] = []
        self._titles: list[tuple[QRectF, str, str]] = []  # position, section, tone
        self._length = 0.0
        self._current = 0
        self._hovered: int | None = None
        self._offset = 0.0
        self._glide = QVariantAnimation(self, duration=_GLIDE_MS)
        self._glide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._glide.valueChanged.connect(self._set_offset)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme().changed.connect(self._place_anew)

    def show_chips(self, chips: Sequence[Chip]) -> None:
        """Show other steps; the same ones again change nothing."""
        chips = tuple(chips)
        if chips == self._chips:
            return
        self._chips = chips
        self._current, self._hovered = 0, None
        self._place()
        self._set_offset(0.0)
        self.updateGeometry()

    def set_current(self, index: int) -> None:
        """Fill one chip and bring it into sight."""
        self._current = index
        if index < len(self._chips):
            self.setAccessibleName(
                self.tr("Step {at} of {count}: {step}").format(
                    at=index + 1, count=len(self._chips), step=self._chips[index].words
                )
            )
        self._follow()
        self.update()

    def part_keys(self) -> Iterator[str]:
        """The keys of all steps, for the registry of parts; none for a row without a name."""
        if self._key:
            yield from (f"{self._key}[{chip.text}]" for chip in self._chips)

    def part(self, key: str) -> Part | None:
        """The step of a key; None for one that is not in the row."""
        keys = [f"{self._key}[{chip.text}]" for chip in self._chips] if self._key else []
        if key not in keys:
            return None
        index = keys.index(key)
        return Part(
            key, self._chips[index].words, Kind.STEP,
            bring=lambda: self._bring(index),
            rectangle=lambda: rectangle_on_screen(self, self.rect_of(index).toRect()),
            widget=self,
        )  # fmt: skip

    def _bring(self, index: int) -> None:
        """Show the row, and of it this chip."""
        bring_widget(self)
        place = self._places[index]
        room = self.width() - px(_FADE)
        self._glide.stop()
        if place.right() - self._offset > room:
            self._set_offset(place.right() - room)
        elif place.left() < self._offset + px(_FADE):
            self._set_offset(place.left() - px(_FADE))

    @property
    def current(self) -> int:
        """The filled chip."""
        return self._current

    def rect_of(self, index: int) -> QRectF:
        """The current rectangle of a chip, in the widget; it may be out of sight."""
        return self._places[index].translated(-self._offset, 0)

    def _place_anew(self) -> None:
        """The theme has changed, or the text size."""
        self._place()
        self._set_offset(self._offset)

    def _place(self) -> None:
        self._places, self._titles = [], []
        x, section = 1.0, ""
        chip_font = QFontMetricsF(_chip_font())
        title_font = QFontMetricsF(_title_font())
        for chip in self._chips:
            if chip.section != section:
                section = chip.section
                x += px(_SECTION_GAP) if self._places and section != "cost" else 0.0
                if section not in UNTITLED:
                    wide = title_font.horizontalAdvance(section) + 8
                    self._titles.append((QRectF(x, 0, wide, px(HIGH)), section, chip.tone))
                    x += wide
            wide = max(chip_font.horizontalAdvance(chip.text) + 20, px(HIGH))
            self._places.append(QRectF(x, 0, wide, px(HIGH)))
            x += wide + px(_ARROW)
        self._length = x - px(_ARROW) + 1 if self._chips else 0.0

    def _most(self) -> float:
        return max(0.0, self._length - self.width())

    def _follow(self) -> None:
        """Scroll smoothly until the current chip and its neighbours are visible."""
        if not self._places:
            return
        near = self._places[max(self._current - 1, 0)].united(
            self._places[min(self._current + 1, len(self._places) - 1)]
        )
        right = near.right() + px(_FADE) - self.width()
        target = min(max(self._offset, right), near.left() - px(_FADE))
        target = min(max(target, 0.0), self._most())
        self._glide.stop()
        if reduced_motion() or not self.isVisible():
            self._set_offset(target)
        elif target != self._offset:
            self._glide.setStartValue(self._offset)
            self._glide.setEndValue(target)
            self._glide.start()

    def _set_offset(self, offset: float) -> None:
        self._offset = min(max(float(offset), 0.0), self._most())
        self.update()

    def _at(self, point: QPointF) -> int | None:
        point = QPointF(point.x() + self._offset, point.y())
        return next((i for i, place in enumerate(self._places) if place.contains(point)), None)

    def _seen(self) -> Iterator[tuple[int, QRectF]]:
        for index in range(len(self._places)):
            place = self.rect_of(index)
            if place.right() + px(_ARROW) > 0 and place.left() < self.width():
                yield index, place

    def _draw_chip(self, painter: QPainter, index: int, place: QRectF) -> None:
        fill, border, ink = self._colours(index)
        rounded(painter, place, px(HIGH) / 2, fill, border)
        painter.setPen(ink)
        painter.drawText(place, _ALIGN.AlignCenter, self._chips[index].text)

    def _colours(self, index: int) -> tuple[QColor, QColor, QColor]:
        palette, tone = theme().palette, self._chips[index].tone
        strong = getattr(palette, tone or "accent")
        if index == self._current:
            return strong, strong, ink_on(strong)
        soft = getattr(palette, f"{tone}_soft") if tone else palette.raised
        return soft, strong if index == self._hovered else palette.border, palette.text

    def _draw_fades(self, painter: QPainter) -> None:
        """Fade the row at ends with hidden chips."""
        surface = QColor(theme().palette.surface)
        clear = QColor(surface)
        clear.setAlpha(0)
        for hidden, start, end in (
            (self._offset > 0.5, 0.0, px(_FADE)),
            (self._offset < self._most() - 0.5, float(self.width()), self.width() - px(_FADE)),
        ):
            if hidden:
                gradient = QLinearGradient(start, 0, end, 0)
                gradient.setColorAt(0.15, surface)
                gradient.setColorAt(1, clear)
                painter.fillRect(QRectF(min(start, end), 0, px(_FADE), px(HIGH)), gradient)

    # --- Qt ---

    def sizeHint(self) -> QSize:
        return QSize(round(self._length) + 2, int(px(HIGH)))

    def minimumSizeHint(self) -> QSize:
        return QSize(80, int(px(HIGH)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._glide.stop()
        self._set_offset(self._offset)
        self._follow()

    def wheelEvent(self, event: QWheelEvent) -> None:
        by = event.pixelDelta() if not event.pixelDelta().isNull() else event.angleDelta() / 2
        self._glide.stop()
        self._set_offset(self._offset - (by.x() or by.y()))
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        hovered = self._at(event.position())
        if hovered != self._hovered:
            self._hovered = hovered
            pointing = Qt.CursorShape.PointingHandCursor
            self.setCursor(Qt.CursorShape.ArrowCursor if hovered is None else pointing)
            self.update()

    def leaveEvent(self, event: QEvent) -> None:
        self._hovered = None
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self._at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and index is not None:
            self.chosen.emit(index)
        else:
            event.ignore()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            index = self._at(QPointF(event.pos()))
            words = "" if index is None else self._chips[index].words
            show_tip(event.globalPos(), words, self)
            return True
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        palette = theme().palette
        with smooth(self) as painter:
            painter.setFont(_title_font())
            for place, section, tone in self._titles:
                painter.setPen(getattr(palette, tone) if tone else palette.muted)
                painter.drawText(place.translated(-self._offset, 0), _ALIGN.AlignVCenter, section)
            painter.setFont(_chip_font())
            seen = list(self._seen())
            for index, place in seen:
                self._draw_chip(painter, index, place)
            painter.setPen(palette.muted)
            for (one, place), _ in pairwise(seen):
                if self._chips[one + 1].section in (self._chips[one].section, "cost"):
                    gap = QRectF(place.right(), -1, px(_ARROW), px(HIGH))
                    painter.drawText(gap, _ALIGN.AlignCenter, "›")
            self._draw_fades(painter)


def _chip_font() -> QFont:
    return math_font(BODY)


def _title_font() -> QFont:
    return ui_font(CAPTION, QFont.Weight.DemiBold)
