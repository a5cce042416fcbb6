"""Starts Qt, shows the window, and runs the application until the window closes."""

from __future__ import annotations

import os
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from PySide6.QtCore import QObject, QSettings, QSocketNotifier, QStandardPaths
from PySide6.QtWidgets import QApplication

from core.errors import LayerwiseError
from core.files import disk
from core.files.project import find_saved
from core.files.storage import Saved
from core.progress import Progress, unheard
from core.project import Project
from core.terminal import endings
from gui.dialogs.job import Cancelled, wait_for_those_left, waited_for
from gui.display import has_display, missing_library
from gui.files.open_save import check_opened
from gui.garbage import Collector
from gui.main_window import MainWindow
from gui.style.resources import app_icon
from gui.style.text import tr
from gui.style.theme import theme

if TYPE_CHECKING:
    from core.files.lessons import Package

NAME = "Layerwise"
END_S = 2.0  # seconds for a reader to notice that its result is not needed
USAGE = """usage: python main.py                    the window
       python main.py PROJECT            the window, with a file or a bundled example
       python main.py lesson FILE        the window, in a lesson: a .lesson file or a bundled one
       python main.py answers FOLDER     what a class handed in, as a table (--report class.csv)
       python main.py train PROJECT …    without a window; see python main.py train --help
       python main.py sweep PROJECT …    many runs; see python main.py sweep --help
       python main.py export PROJECT …   as code or a model; see python main.py export --help
       python main.py check HOMEWORK …   Check my NumPy; see python main.py check --help"""


def main(argv: list[str]) -> int:
    """Open the window, with the project that `argv` names if it names one; return the exit status.

    Without a display it says so in one line and trains that project, or the flower, without a
    window. Raises ImportError, naming it first, for a system library that Qt's window needs and
    does not find.
    """
    if argv and argv[0] in ("-h", "--help"):
        print(USAGE)
        return 0
    lesson, argv = _lesson_of(argv)
    display = has_display()
    if display and (library := missing_library()):
        raise ImportError(f"{library}: missing")  # main.py tells what to install
    try:
        package = None if lesson is None else _package_of(lesson)
        saved, path = _waited_for(argv) if display else _saved_of(argv)
    except Cancelled:
        return 0
    except LayerwiseError as error:
        print(error, file=sys.stderr)
        return 2
    if not display and package is not None:
        print("There is no display to open a window on, which a lesson needs.", file=sys.stderr)
        return 2
    if not display:
        return _train_without_window(*argv)
    app, collector = application(), Collector()
    keep_private()
    window = MainWindow(saved, path)
    window.lessons.begin_with = package
    window.closed.connect(app.quit)
    app.commitDataRequest.connect(window.keep_work)
    quitter = SignalQuitter(window)
    try:
        window.show()
        return app.exec()
    finally:
        quitter.close()
        app.commitDataRequest.disconnect(window.keep_work)
        window.shut_down()
        collector.close()
        if not wait_for_those_left(END_S):
            _end_now()


def application() -> QApplication:
    """The one QApplication, created and styled on the first call."""
    app = QApplication.instance()
    if not isinstance(app, QApplication):
        # Qt divides larger pictures among threads, and waits for them: while a run trains, to wake
        # them takes longer than to paint. It reads this when it paints for the first time.
        os.environ["QT_NO_GUI_THREADPOOL"] = "1"
        app = QApplication(sys.argv[:1])
    app.setApplicationName(NAME)
    app.setOrganizationName(NAME)
    app.setApplicationDisplayName(NAME)
    # The main window ends the application (MainWindow.closed): a second, automatic quit would stay
    # in the queue when the loop has ended, and end the next one.
    app.setQuitOnLastWindowClosed(False)
    theme()
    if app.windowIcon().isNull():
        app.setWindowIcon(app_icon())
    return app


def _end_now() -> NoReturn:
    """End even if a reader hangs in the system, as on a lost network drive: all else is done."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, AttributeError):
            stream.flush()
    os._exit(0)


def keep_private() -> None:
    """Make the folders of the application private to their owner; on failure they stay usable."""
    places = QStandardPaths.StandardLocation
    for place in (places.AppDataLocation, places.AppLocalDataLocation):
        with suppress(OSError):
            disk.make_private(Path(QStandardPaths.writableLocation(place)))
    if sys.platform not in ("win32", "darwin"):  # elsewhere settings share a folder
        with suppress(OSError):
            disk.make_private(Path(QSettings().fileName()).parent)


def _lesson_of(argv: list[str]) -> tuple[str | None, list[str]]:
    """The lesson that the arguments name, and those that are left."""
    if argv[:1] != ["lesson"]:
        return None, argv
    if len(argv) != 2:
        from core.files import lessons  # late: most windows open no lesson

        raise SystemExit(
            "Name one lesson: python main.py lesson FILE, a .lesson file or one of"
            f" {', '.join(lessons.bundled())}."
        )
    return argv[1], []


def _package_of(lesson: str) -> Package:
    from core.files import lessons  # late, as above

    return lessons.find(lesson)


def _waited_for(argv: list[str]) -> tuple[Saved, Path | None]:
    """The same, in the background: large files take seconds, and show their progress."""
    if not argv:
        return _saved_of(argv)
    application()
    name = disk.shown(Path(argv[0]).name)
    work = lambda progress: _saved_of(argv, progress)  # noqa: E731 - no name says more
    return waited_for(None, tr("Opening {name} …").format(name=name), work, reads=True)


def _saved_of(argv: list[str], progress: Progress = unheard) -> tuple[Saved, Path | None]:
    """What to open, and its file (None for an example and the default)."""
    if len(argv) > 1:
        raise LayerwiseError(
            f"Layerwise opens one project and was given {len(argv)}: name one file or example, or"
            " use `python main.py train PROJECT …` to train without a window."
        )
    saved, path = find_saved(argv[0], progress) if argv else (Saved(Project()), None)
    if path is not None:
        progress(0, 0)
        saved = check_opened(saved, path)
    return saved, path


def _train_without_window(project: str = "flower") -> int:
    from core import cli  # only here: the window has no use for it

    weights = Path(f"{Path(project).stem}-weights.npz").resolve()
    what = "the flower" if project == "flower" else project
    print(
        f"There is no display to open a window on; training {what} without one, into {weights}",
        file=sys.stderr,
    )
    return cli.main(["train", project, "--export", str(weights)])


class SignalQuitter(QObject):
    """Turns SIGTERM, SIGHUP and Ctrl-C into a regular close of the window.

    Python runs a signal handler only when it gets control, which Qt's event loop does not do; the
    wake-up descriptor makes the loop notice at once.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._read, self._write = socket.socketpair()
        self._read.setblocking(False)
        self._write.setblocking(False)
        self._old_descriptor = signal.set_wakeup_fd(self._write.fileno(), warn_on_full_buffer=False)
        self._old_handlers = {
            number: signal.signal(number, lambda *_: None) for number in endings()
        }
        self._notifier = QSocketNotifier(self._read.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_signal)

    def close(self) -> None:
        """Restore the earlier signal handlers."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._old_descriptor)
        for number, handler in self._old_handlers.items():
            signal.signal(number, handler)
        self._read.close()
        self._write.close()

    def _on_signal(self) -> None:
        self._read.recv(64)
        self._window.close_without_asking()
