"""The strip of painting tools over the plot: tool, class and brush size."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPaintEvent, QPen
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QSizePolicy,
    QWidget,
)

from core.data.painting import MOST_CLASSES
from gui.paint.painter import RADII, Painter, Tool
from gui.plots.dots import shape
from gui.style.theme import LIGHT, class_colours, sized, theme
from gui.widgets import labels
from gui.widgets.buttons import button
from gui.widgets.painting import rounded, smooth
from gui.widgets.rows import in_column, in_row
from gui.widgets.slider_field import Slider

WORDS: dict[Tool, tuple[str, str]] = {
    "brush": ("Brush", "Paint points of the chosen class (B)"),
    "eraser": ("Eraser", "Erase points (E)"),
    "move": ("Move", "Drag a point to another place (M)"),
    "relabel": ("Relabel", "Give points the chosen class (L); F flips the nearest one"),
}
KEYS: dict[Tool, Qt.Key] = {
    "brush": Qt.Key.Key_B,
    "eraser": Qt.Key.Key_E,
    "move": Qt.Key.Key_M,
    "relabel": Qt.Key.Key_L,
}


class PaintTools(QWidget):
    """Shows and changes a painter's choices; visible only while it is active."""

    left = Signal()  # painting should end

    def __init__(self, painter: Painter) -> None:
        super().__init__()
        self._painter = painter
        self.setAccessibleName(self.tr("Painting"))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.tools = {tool: button(*WORDS[tool][:1], "segment") for tool in WORDS}
        self.classes = [ClassChip(j) for j in range(MOST_CLASSES)]
        self.radius = Slider()
        self.blank = button(
            self.tr("Blank"), "segment", tip=self.tr("Start a blank sheet with the next stroke")
        )
        self.done = button(
            self.tr("Done"), "link", tip=self.tr("Stop painting; the points stay (Esc)")
        )
        self._group = QButtonGroup(self)
        self._connect()
        self._lay_out()
        painter.changed.connect(self._show)
        self._show()

    def _connect(self) -> None:
        for tool, chip in self.tools.items():
            chip.setToolTip(WORDS[tool][1])
            self._group.addButton(chip)
            chip.clicked.connect(lambda _on=False, tool=tool: self._painter.choose_tool(tool))
        for small in self.classes:
            small.clicked.connect(
                lambda _on=False, small=small: self._painter.choose_class(small.number)
            )
        self.radius.setRange(0, len(RADII) - 1)
        self.radius.setAccessibleName(self.tr("Radius of the brush"))
        self.radius.setToolTip(self.tr("Radius of the tool ([ and ])"))
        sized(self.radius, "setFixedWidth", 64)
        self.radius.valueChanged.connect(lambda i: self._painter.choose_radius(RADII[i]))
        self.blank.clicked.connect(self._painter.begin_blank)
        self.done.clicked.connect(self.left)

    def _lay_out(self) -> None:
        first = in_row(*self.tools.values(), None, self.blank, self.done, margins=0, spacing=2)
        radius = labels.caption(self.tr("radius"))
        second = in_row(*self.classes, None, radius, self.radius, margins=0, spacing=2)
        in_column(first, second, on=self, margins=(0, 0, 0, 2), spacing=3)

    def _show(self) -> None:
        painter = self._painter
        self.setVisible(painter.active)
        if not painter.active:
            return
        self.tools[painter.tool].setChecked(True)
        self.blank.setChecked(painter.blank)
        names = painter.classes
        for small in self.classes:
            named = names[small.number] if small.number < len(names) else ""
            small.show_class(named, len(names))
            small.setChecked(small.number == painter.label)
        self.radius.blockSignals(True)
        self.radius.setValue(min(range(len(RADII)), key=lambda i: abs(RADII[i] - painter.radius)))
        self.radius.blockSignals(False)


class ClassChip(QAbstractButton):
    """One class as its dot on the plane; those that do not exist yet are dim."""

    def __init__(self, number: int) -> None:
        super().__init__()
        self.number = number
        self._exists, self._count = False, 2
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        sized(self, "setFixedSize", 23, 22)
        theme().changed.connect(self.update)

    def show_class(self, name: str, count: int) -> None:
        """Show the class by its name, among this many; the name is empty for a new class."""
        self._exists, self._count = bool(name), max(count, self.number + 1)
        what = f"Class {name}" if name else f"Class {self.number}, a new one"
        self.setToolTip(f"{what} ({self.number})")
        self.setAccessibleName(what)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        palette, box = theme().palette, QRectF(self.rect())
        with smooth(self) as painter:
            if self.isChecked():
                rounded(painter, box, 6, palette.accent_soft, palette.accent, 1.5)
            elif self.underMouse():
                rounded(painter, box, 6, palette.raised)
            if self.hasFocus():
                rounded(painter, box, 6, None, palette.accent, 2.0)
            painter.setOpacity(1.0 if self._exists or self.isChecked() else 0.35)
            painter.setPen(QPen(LIGHT.surface, 1.4))
            painter.setBrush(class_colours(self._count)[self.number])
            at = box.center()
            painter.drawPath(shape(self.number, 10.0).translated(at))
