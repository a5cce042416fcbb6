"""A message strip with one sentence, in a layout or floating; never modal."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import (
    QAbstractButton,
    QLabel,
    QSizePolicy,
    QToolButton,
    QWidget,
)

from gui.style.resources import icon
from gui.style.theme import BODY, px, theme
from gui.widgets import labels
from gui.widgets.buttons import button, icon_button
from gui.widgets.painting import rounded, smooth
from gui.widgets.rows import in_row

KINDS = ("info", "warning", "error")
_MARK = 18
_GAP = 16  # from a floating banner to the window's edge
_WIDEST = 760
READ_ANY, READ_CHARACTER = 3000, 80  # ms to read a message: a slow reader's pace


class Banner(QWidget):
    """Shows one sentence, with an optional action; hidden until `say`, closed by Esc or ×.

    If it `passes` and only confirms (kind "info"), it disappears after enough time to read it,
    unless the mouse is on it. A floating one is at the top.
    """

    action_requested = Signal()
    closed = Signal()

    def __init__(
        self, parent: QWidget | None = None, floating: bool = False, passes: bool = False
    ) -> None:
        super().__init__(parent)
        self._passes = passes or floating
        self._kind = "info"
        self.act: Callable[[], object] | None = None  # the action's function, for the owner
        self._floating = floating
        self._text = labels.label("", BODY, wrap=True)
        self._text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._action = button("", "link")
        self._action.clicked.connect(self.action_requested)
        self._close = icon_button("close", self.tr("Close this message"), "muted", 14)
        self._close.clicked.connect(self.close_message)
        self._reading = QTimer(self, singleShot=True)
        self._reading.timeout.connect(self._close_when_read)
        self._lay_out()
        self.hide()
        if floating and parent is not None:
            parent.installEventFilter(self)

    def _lay_out(self) -> None:
        in_row(
            (self._text, 1),
            (self._action, 0, Qt.AlignmentFlag.AlignVCenter),
            (self._close, 0, Qt.AlignmentFlag.AlignTop),
            on=self,
            margins=(14 + px(_MARK) + 10, 9, 8, 9),
            spacing=8,
        )

    @property
    def sentence(self) -> str:
        """The current sentence; "" when hidden."""
        return self._text.text() if not self.isHidden() else ""

    @property
    def text_label(self) -> QLabel:
        """The label of the sentence."""
        return self._text

    @property
    def action_button(self) -> QAbstractButton:
        """The button of the action."""
        return self._action

    @property
    def close_button(self) -> QToolButton:
        """The button that closes the banner."""
        return self._close

    def say(self, sentence: str, kind: str = "info", action: str = "") -> None:
        """Show a sentence, replacing the one before; kind is "info", "warning" or "error"."""
        if kind not in KINDS:
            raise ValueError(f"unknown kind of message {kind!r}")
        self._kind = kind
        self._text.setText(sentence)
        self._action.setText(action)
        self._action.setVisible(bool(action))
        self.setAccessibleName(sentence)
        self.show()
        self._place()
        self.update()
        if self._passes and kind == "info" and not action:
            self._reading.start(READ_ANY + READ_CHARACTER * len(sentence))
        else:
            self._reading.stop()
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))

    def close_message(self) -> None:
        """Hide the banner and emit `closed`."""
        self._reading.stop()
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    def _close_when_read(self) -> None:
        if self.underMouse():
            self._reading.start(READ_ANY)
        else:
            self.close_message()

    def _place(self) -> None:
        parent = self.parentWidget()
        if not self._floating or parent is None:
            return
        width = min(px(_WIDEST), parent.width() - 2 * px(_GAP))
        height = max(self.heightForWidth(width), self.minimumSizeHint().height())
        self.setGeometry((parent.width() - width) // 2, px(_GAP), width, height)
        self.raise_()

    def _paint_mark(self, painter: QPainter) -> None:
        pixmap = icon(self._kind, self._colour_name()).pixmap(
            QSize(px(_MARK), px(_MARK)), self.devicePixelRatioF()
        )
        painter.drawPixmap(14, (self.height() - px(_MARK)) // 2, pixmap)

    def _colour_name(self) -> str:
        return "accent" if self._kind == "info" else self._kind

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and not self.isHidden():
            self._place()
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close_message()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        palette = theme().palette
        name = self._colour_name()
        with smooth(self) as painter:
            fill, border = getattr(palette, f"{name}_soft"), getattr(palette, name)
            rounded(painter, QRectF(self.rect()), 8.0, fill, border)
            self._paint_mark(painter)
