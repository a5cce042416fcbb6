"""The text size, and presentation mode: full screen, enlarged, without building controls."""

from __future__ import annotations

from PySide6.QtCore import QObject, QSettings, Qt, Signal
from PySide6.QtWidgets import QMainWindow

from gui.layouts import Layouts
from gui.style.theme import TEXT_SIZES, theme

PRESENTED = 1.5  # the least text size that is read from the last row


class Presentation(QObject):
    """Steps the text size, and turns presentation mode on and off; its state is not saved."""

    changed = Signal(bool)  # whether it is on

    def __init__(self, window: QMainWindow, layouts: Layouts) -> None:
        super().__init__(window)
        self._window, self._layouts = window, layouts
        self._before: tuple[float, Qt.WindowState] | None = None

    @property
    def active(self) -> bool:
        """Whether presentation mode is on."""
        return self._before is not None

    def restore(self) -> None:
        """Take the text size of last time."""
        size = QSettings().value("text_size", 1.0)
        try:
            theme().set_text_size(float(size))  # type: ignore[arg-type]  # any file content
        except (TypeError, ValueError):
            theme().set_text_size(1.0)

    def step_text(self, by: int) -> None:
        """One step larger, or smaller."""
        now = theme().text_size
        beyond = [size for size in TEXT_SIZES if (size > now if by > 0 else size < now)]
        if beyond:
            self.set_text_size(min(beyond) if by > 0 else max(beyond))

    def set_text_size(self, size: float) -> None:
        """Scale everything; outside of a presentation also next time."""
        theme().set_text_size(size)
        if not self.active:
            QSettings().setValue("text_size", size)

    def toggle(self) -> None:
        """Begin to present, or stop."""
        if self._before is None:
            self.start()
        else:
            self.stop()

    def start(self) -> None:
        """Full screen, large text, and no building controls."""
        if self._before is None:
            self._before = theme().text_size, self._window.windowState()
            theme().set_text_size(max(PRESENTED, self._before[0]))
            self._layouts.present(True)
            self._window.setWindowState(
                self._window.windowState() | Qt.WindowState.WindowFullScreen
            )
            self.changed.emit(True)

    def stop(self) -> None:
        """Be the window again that it was."""
        if self._before is not None:
            size, state = self._before
            self._before = None
            theme().set_text_size(size)
            self._window.setWindowState(state & ~Qt.WindowState.WindowFullScreen)
            self._layouts.present(False)
            self.changed.emit(False)
