"""Signals when anything in the window has moved, so that the spotlight follows."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QDockWidget, QWidget

_Type = QEvent.Type
_MOVED = (_Type.Resize, _Type.Move, _Type.Show, _Type.Hide)
SOON_MS = 60


class Movement(QObject):
    """Watches all widgets except the lesson's, between `start` and `stop`."""

    seen = Signal()

    def __init__(self, lesson: QWidget) -> None:
        super().__init__(lesson)
        self._lesson = lesson
        self._later = QTimer(self, interval=SOON_MS, singleShot=True)
        self._later.timeout.connect(self.seen)

    def start(self) -> None:
        """Watch from now on."""
        app = QApplication.instance()
        assert app is not None
        app.installEventFilter(self)

    def stop(self) -> None:
        """Watch no longer."""
        app = QApplication.instance()
        if app is not None:
            app.removeEventFilter(self)
        self._later.stop()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        raised = kind == _Type.ZOrderChange and isinstance(watched, QDockWidget)
        moved = (raised or kind in _MOVED) and not self._later.isActive()
        if moved and isinstance(watched, QWidget) and not self._lesson.isAncestorOf(watched):
            self._later.start()
        return False
