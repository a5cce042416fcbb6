"""The answer widgets of a question: options to click, fields to fill, items to put in order."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from core.data.numbers import typed
from core.lessons.lesson import Question
from gui.style.theme import BODY, dress, px, pxf, theme, ui_font
from gui.widgets import labels
from gui.widgets.buttons import button
from gui.widgets.menu_button import MenuButton
from gui.widgets.painting import focus_ring, rounded, smooth
from gui.widgets.rows import in_row

_WRAPPED = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_SIDE, _TEXT, _AIR = 11, 34, 8  # px: before the circle, before the text, above and below it


class Option(QAbstractButton):
    """One answer on a card, with a circle, or a box if several may be chosen."""

    def __init__(self, text: str, *, several: bool = False) -> None:
        super().__init__()
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.mark = ""  # in the circle: a place in an order
        self._several = several
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        dress(self, ui_font, BODY)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        room = QRect(0, 0, width - px(_TEXT) - px(_SIDE), 4000)
        text = QFontMetrics(self.font()).boundingRect(room, _WRAPPED, self.text())
        return max(text.height() + 2 * px(_AIR), px(36))

    def sizeHint(self) -> QSize:
        return QSize(px(220), self.heightForWidth(px(250)))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(120), px(36))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.focusNextPrevChild(event.key() == Qt.Key.Key_Down)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        palette, box = theme().palette, QRectF(self.rect()).adjusted(1, 1, -1, -1)
        on = self.isChecked()
        hot = self.isEnabled() and self.underMouse()
        with smooth(self) as painter:
            fill = palette.accent_soft if on else palette.raised if hot else palette.surface
            rounded(painter, box, 7, fill, palette.accent if on else palette.border)
            if self.hasFocus():
                focus_ring(painter, box, 7)
            at = QPointF(pxf(_SIDE) + pxf(7), box.center().y())
            circle = QRectF(at.x() - pxf(7), at.y() - pxf(7), pxf(14), pxf(14))
            radius = 3.0 if self._several else circle.height() / 2
            edge = palette.accent if on else palette.muted
            rounded(painter, circle, radius, palette.surface, edge, 1.5)
            painter.setPen(palette.accent)
            if self.mark:
                painter.drawText(circle, Qt.AlignmentFlag.AlignCenter, self.mark)
            elif on:
                inner = circle.adjusted(pxf(3.5), pxf(3.5), -pxf(3.5), -pxf(3.5))
                rounded(painter, inner, 1.5 if self._several else inner.height() / 2, edge)
            painter.setPen(palette.text)
            room = self.rect().adjusted(px(_TEXT), 0, -px(_SIDE), 0)
            painter.drawText(room, _WRAPPED, self.text())


class Answering(QWidget):
    """Asks for one answer; emits it once."""

    answered = Signal(object)  # Answer
    refused = Signal(str)  # why an answer is invalid, as a sentence

    def __init__(self, question: Question) -> None:
        super().__init__()
        self.question = question
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(7)

    @property
    def first(self) -> QWidget:
        """The widget to focus first."""
        raise NotImplementedError

    def add_button(self) -> None:
        """A button that submits the answer."""
        self.take_button = button(self.tr("Answer"), "pill", tip=self.tr("Take this answer"))
        self.take_button.clicked.connect(self.take)
        row = in_row(self.take_button, None)
        self.column.addLayout(row)

    def take(self) -> None:
        """Submit the current answer."""


class Choosing(Answering):
    """One of a few options, submitted by a click; if several are right, by a button."""

    def __init__(self, question: Question) -> None:
        super().__init__(question)
        self.options = [Option(text, several=question.several) for text in question.options]
        for place, option in enumerate(self.options, start=1):
            self.column.addWidget(option)
            if not question.several:
                option.clicked.connect(lambda _on, place=place: self.answered.emit((float(place),)))
        if question.several:
            self.add_button()

    @property
    def first(self) -> QWidget:
        return self.options[0]

    def take(self) -> None:
        chosen = [i for i, option in enumerate(self.options, start=1) if option.isChecked()]
        if chosen:
            self.answered.emit(tuple(float(place) for place in chosen))
        else:
            self.refused.emit(self.tr("Choose at least one, or Skip."))


class Ordering(Answering):
    """Options that are clicked in their order; clicked again, one leaves it."""

    def __init__(self, question: Question) -> None:
        super().__init__(question)
        self.options = [Option(text) for text in question.options]
        self._order: list[int] = []
        for place, option in enumerate(self.options):
            self.column.addWidget(option)
            option.clicked.connect(lambda _on, place=place: self._toggle(place))
        self.add_button()

    @property
    def first(self) -> QWidget:
        return self.options[0]

    def _toggle(self, place: int) -> None:
        if place in self._order:
            self._order.remove(place)
        else:
            self._order.append(place)
        for i, option in enumerate(self.options):
            there = i in self._order
            option.mark = str(self._order.index(i) + 1) if there else ""
            option.setChecked(there)
            name = f"{option.mark}: {option.text()}" if there else option.text()
            option.setAccessibleName(name)
            option.update()

    def take(self) -> None:
        if len(self._order) == len(self.options):
            self.answered.emit(tuple(float(place + 1) for place in self._order))
        else:
            self.refused.emit(self.tr("Click all of them, the first one first."))


class Filling(Answering):
    """Numbers to be typed: one, or the rows and columns of a shape."""

    def __init__(self, question: Question) -> None:
        super().__init__(question)
        of_shape = question.kind == "shape"
        names = ("Rows", "Columns") if of_shape else ("Your answer",)
        self.fields = [QLineEdit() for _ in names]
        for field, name in zip(self.fields, names, strict=True):
            field.setAccessibleName(name)
            field.setPlaceholderText(name.lower() if of_shape else self.tr("a number"))
            field.returnPressed.connect(self.take)
        self.column.addLayout(in_row(*self.fields))
        self.add_button()
        if of_shape:
            self.impossible = button(
                self.tr("Impossible"), "pill", tip=self.tr("There is no such shape")
            )
            self.impossible.clicked.connect(lambda: self.answered.emit(()))
            self.column.addWidget(self.impossible, 0, Qt.AlignmentFlag.AlignLeft)

    @property
    def first(self) -> QWidget:
        return self.fields[0]

    def take(self) -> None:
        try:
            numbers = tuple(
                typed(field.text().replace("\N{MINUS SIGN}", "-")) for field in self.fields
            )
        except ValueError:
            self.refused.emit(self.tr("That is not a number: write it as 0.05 or 1e-3."))
            return
        self.answered.emit(numbers)


class Matching(Answering):
    """For each option one of the partners."""

    def __init__(self, question: Question) -> None:
        super().__init__(question)
        choices = {"": "Choose …"}
        choices |= {str(i): text for i, text in enumerate(question.partners, start=1)}
        self.menus: list[MenuButton] = []
        for text in question.options:
            words = labels.label(text, BODY, wrap=True)
            menu = MenuButton("", choices, "")
            menu.setAccessibleName(text)
            self.menus.append(menu)
            self.column.addWidget(words)
            self.column.addWidget(menu)
        self.add_button()

    @property
    def first(self) -> QWidget:
        return self.menus[0]

    def take(self) -> None:
        if all(menu.value for menu in self.menus):
            self.answered.emit(tuple(float(menu.value) for menu in self.menus))
        else:
            self.refused.emit(self.tr("Choose a partner for each of them."))


class Writing(Answering):
    """A free text."""

    def __init__(self, question: Question) -> None:
        super().__init__(question)
        self.edit = QPlainTextEdit()
        self.edit.setAccessibleName(question.text)
        self.edit.setTabChangesFocus(True)
        self.edit.setFixedHeight(px(96))
        self.column.addWidget(self.edit)
        self.add_button()

    @property
    def first(self) -> QWidget:
        return self.edit

    def take(self) -> None:
        text = self.edit.toPlainText().strip()
        if text:
            self.answered.emit(text)
        else:
            self.refused.emit(self.tr("Write a line, or Skip."))


def _typed(text: str) -> float:
    return typed(text.replace("\N{MINUS SIGN}", "-"))


_KINDS: dict[str, type[Answering]] = {
    "choice": Choosing,
    "number": Filling,
    "shape": Filling,
    "order": Ordering,
    "match": Matching,
    "text": Writing,
}


def answering(question: Question) -> Answering:
    """The answer widget for a question."""
    return _KINDS[question.kind](question)
