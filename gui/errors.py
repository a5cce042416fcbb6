"""Reports unexpected errors: a sentence in the window, the details in a log file."""

import logging
import os
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from types import TracebackType
from typing import cast

from PySide6.QtCore import (
    QDir,
    QObject,
    QStandardPaths,
    Qt,
    Signal,
    SignalInstance,
    Slot,
)
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMainWindow, QWidget

from core.errors import LayerwiseError
from core.files import disk
from core.look.ask import Failure
from gui.widgets.banner import Banner

_LOG_BYTES, _LOG_FILES = 500_000, 3
WAITS_NOT = getattr(os, "O_NONBLOCK", 0)  # Windows has no pipes among its files
_BANNER = "message_banner"


def log_path() -> str:
    """The file that unexpected errors are written to."""
    location = QStandardPaths.StandardLocation.AppLocalDataLocation
    return QStandardPaths.writableLocation(location) + "/logs/layerwise.log"


def show_message(
    parent: QWidget | None,
    sentence: str,
    kind: str = "info",
    details: str = "",
    action: tuple[str, Callable[[], object]] | None = None,
) -> None:
    """Show a sentence in the parent's window; details add a button to copy them, and an action (its
    name and function) adds its own button.
    """
    if parent is None:
        _write(sentence)
        return
    banner = banner_of(parent.window())
    banner.setProperty("details", details)
    if details:
        action = banner.tr("Copy details"), lambda: QGuiApplication.clipboard().setText(details)
    banner.act = None if action is None else action[1]
    banner.say(sentence, kind, "" if action is None else action[0])


def dismiss(window: QWidget, sentence: str = "") -> bool:
    """Close the window's message, unless it has details or is not this sentence; return whether
    there was one.
    """
    shown = [banner for banner in window.findChildren(Banner, _BANNER) if banner.sentence]
    banner = next(iter(shown), None)
    if banner is None or banner.property("details"):
        return False
    if sentence and banner.sentence != sentence:
        return False
    banner.close_message()
    return True


def banner_of(window: QWidget) -> Banner:
    """The window's one banner: below the network, so that it covers no control and no equation.
    Without a network it floats.
    """
    centre = window.centralWidget() if isinstance(window, QMainWindow) else None
    room = None if centre is None or centre.isHidden() else centre.layout()
    host = window if room is None or centre is None else centre
    banner = host.findChild(Banner, _BANNER, Qt.FindChildOption.FindDirectChildrenOnly)
    if banner is None:
        banner = Banner(host, floating=room is None, passes=True)
        banner.setObjectName(_BANNER)
        banner.action_requested.connect(lambda: banner.act and banner.act())
        if room is not None:
            room.addWidget(banner)
    return banner


@dataclass(frozen=True, slots=True)
class ErrorReport:
    """One unexpected error as text; `place` identifies errors from the same line of code."""

    sentence: str
    details: str
    place: tuple[str, str, int]
    anew: bool = False  # show it even if it was shown before


def report_of(error: BaseException) -> ErrorReport:
    """Put an exception into words; a LayerwiseError is its own sentence and needs no details."""
    frames = traceback.extract_tb(error.__traceback__)
    last = frames[-1] if frames else None
    place = (type(error).__name__, last.filename if last else "", (last.lineno or 0) if last else 0)
    details = "".join(traceback.format_exception(error))
    if isinstance(error, LayerwiseError):
        return ErrorReport(str(error), "", place)
    what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    sentence = (
        f"An unexpected error occurred ({what[:200]}). Save your work, and restart "
        "Layerwise if something looks wrong."
    )
    return ErrorReport(sentence, details, place)


class Reporter(QObject):
    """Handles uncaught exceptions in any thread: logs them, and shows each error once."""

    _arrived = Signal(object)  # Report; crosses to the window's thread
    _escaped = Signal(object)  # Report of an uncaught error

    def __init__(self, window_getter: Callable[[], QWidget | None], parent: QObject | None) -> None:
        super().__init__(parent)
        self._window = window_getter
        self._shown: set[tuple[str, str, int]] = set()
        self._busy = threading.local()
        self._before = (sys.excepthook, sys.unraisablehook, threading.excepthook)
        self._arrived.connect(self._show)
        # Not within the call that failed: from an error in a layout or paint event, the message's
        # own layout would enter that again, and the process would end.
        self._escaped.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def hook(self) -> None:
        """Replace Python's three hooks; each is still called afterwards."""
        self._before = (sys.excepthook, sys.unraisablehook, threading.excepthook)
        sys.excepthook = self._uncaught
        sys.unraisablehook = self._unraisable
        threading.excepthook = self._in_thread

    def unhook(self) -> None:
        """Restore the hooks that are still ours."""
        main, unraisable, thread = self._before
        if sys.excepthook == self._uncaught:
            sys.excepthook = main
        if sys.unraisablehook == self._unraisable:
            sys.unraisablehook = unraisable
        if threading.excepthook == self._in_thread:
            threading.excepthook = thread

    def log(self, failure: Failure) -> None:
        """Log a failed computation; the viewer that needed it reports it too."""
        with suppress(OSError):
            _log(ErrorReport(failure.sentence, failure.details, ("", "", 0)))

    def report(self, error: BaseException, sentence: str = "") -> None:
        """Log an error and show it, every time in the words of `sentence`; an error in doing so
        goes only to stderr.
        """
        self._tell(error, self._arrived, sentence)

    def _tell(self, error: BaseException, told: SignalInstance, sentence: str = "") -> None:
        if getattr(self._busy, "now", False):
            return
        self._busy.now = True
        try:
            report = report_of(error)
            with suppress(OSError):  # the disk may be full: that is to be shown all the same
                _log(report)
            told.emit(replace(report, sentence=sentence, anew=True) if sentence else report)
        except Exception:  # noqa: BLE001  reporting must never raise: it would be called for that again
            _last_resort()
        finally:
            self._busy.now = False

    @Slot(object)
    def _show(self, report: ErrorReport) -> None:
        if report.details and report.place in self._shown and not report.anew:
            return
        self._shown.add(report.place)
        try:
            show_message(self._window(), report.sentence, "error", report.details)
        except Exception:  # noqa: BLE001  as above
            _last_resort()

    def _uncaught(
        self, kind: type[BaseException], error: BaseException, trace: TracebackType | None
    ) -> None:
        self._before[0](kind, error, trace)
        if isinstance(error, Exception):  # not Ctrl+C, not SystemExit
            self._tell(error, self._escaped)

    def _unraisable(self, found: "sys.UnraisableHookArgs") -> None:
        self._before[1](found)
        if isinstance(found.exc_value, Exception):
            self._tell(found.exc_value, self._escaped)

    def _in_thread(self, found: threading.ExceptHookArgs) -> None:
        self._before[2](found)
        if isinstance(found.exc_value, Exception):
            self._tell(found.exc_value, self._escaped)


def install(window_getter: Callable[[], QWidget | None], parent: QObject | None = None) -> Reporter:
    """Show uncaught exceptions from now on, over the window that `window_getter` returns then.

    Keep the result (or give it a parent), and call its `unhook()` when the window is gone for good.
    """
    reporter = Reporter(window_getter, parent)
    reporter.hook()
    return reporter


class _PrivateLog(RotatingFileHandler):
    """A log that only its owner can read, from its first byte."""

    def _open(self) -> TextIOWrapper:
        # A pipe in its place is an error, not something to wait for.
        opener = lambda name, flags: os.open(name, flags | WAITS_NOT, disk.PRIVATE)  # noqa: E731
        file = open(self.baseFilename, self.mode, encoding=self.encoding, opener=opener)  # noqa: SIM115
        return cast(TextIOWrapper, file)


def _log(report: ErrorReport) -> None:
    """Append to the log; the file is open only meanwhile, for errors are rare."""
    file = log_path()
    QDir().mkpath(file.rpartition("/")[0])
    handler = _PrivateLog(
        file, maxBytes=_LOG_BYTES, backupCount=_LOG_FILES, encoding="utf-8", delay=True
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(message)s"))
    text = report.details or report.sentence
    record = logging.LogRecord("layerwise", logging.ERROR, "", 0, text, None, None)
    try:
        handler.handle(record)
    finally:
        handler.close()


def _last_resort() -> None:
    _write("While an error was being shown:\n" + traceback.format_exc())


def _write(text: str) -> None:
    if sys.stderr is not None:  # None under pythonw
        sys.stderr.write(text + "\n")
