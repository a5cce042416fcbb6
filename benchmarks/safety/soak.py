"""The real window for a long time, with every panel open, training, and an edit a second."""

from __future__ import annotations

import os
import random
import sys
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import Any

import main  # first: it asks BLAS for one thread before NumPy is imported

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QObject, QSettings, QTimer
from PySide6.QtWidgets import QApplication

from benchmarks.safety.changes import CHANGES, change
from core.errors import LayerwiseError

EVERY_MS = 1000  # between two edits
UNDONE = 4  # of so many edits one is undone at once
SETTLED = 1  # minutes, after which neither handles nor threads may grow


class Soak(QObject):
    """Edits the window until the time is up, and prints what the process holds each minute."""

    def __init__(self, minutes: float) -> None:
        super().__init__()
        self._rng = random.Random(1)
        self._began, self._minutes, self._told = monotonic(), minutes, 0
        self._window: Any = None
        self.edits = self.refused = self.errors = 0
        self.seen: list[tuple[int, int, int]] = []  # MB, handles and threads, each minute from 0
        sys.excepthook = self._raised
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self._edit)
        self._timer.start()

    def _raised(self, _kind: object, error: BaseException, _trace: object) -> None:
        self.errors += 1
        print(f"  {type(error).__name__}: {error}", flush=True)

    def _edit(self) -> None:
        if self._window is None:
            self._find()
            return
        self._tell()
        if monotonic() > self._began + 60 * self._minutes:
            self._timer.stop()
            self._window.close_without_asking()
            return
        try:
            change(self._window, self._rng.choice(list(CHANGES)), self._rng)
            self.edits += 1
        except LayerwiseError:
            self.refused += 1
        if self._rng.randrange(UNDONE) == 0:
            self._window.document.undo_stack.undo()
        if not self._window.training.playing:
            self._window.training.play()

    def _find(self) -> None:
        """Open every panel and every lab as soon as the window is complete."""
        windows = (w for w in QApplication.topLevelWidgets() if type(w).__name__ == "MainWindow")
        self._window = next((w for w in windows if getattr(w, "complete", False)), None)
        if self._window is None:
            return
        self._window.resize(1600, 1000)
        for name in self._window.docking.lab_actions:
            self._window.docking.lab_dock(name)
        for dock in self._window.docks.values():
            dock.show()
        self._began = monotonic()

    def _tell(self) -> None:
        minute = (monotonic() - self._began) / 60
        if minute < self._told:
            return
        self._told += 1
        pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
        megabytes = pages * os.sysconf("SC_PAGE_SIZE") // 2**20
        handles = len(list(Path("/proc/self/fd").iterdir()))
        threads = len(list(Path("/proc/self/task").iterdir()))
        self.seen.append((megabytes, handles, threads))
        print(
            f"{minute:4.1f} min: {megabytes} MB, {handles} handles, {threads} threads"
            f" ({threading.active_count()} of Python), {self.edits:,} edits,"
            f" {self.refused:,} refused",
            flush=True,
        )


def soak(minutes: float) -> int:
    """Print what the process holds each minute; 1 if an error arose or handles or threads grew."""
    with tempfile.TemporaryDirectory(prefix="soak-", ignore_cleanup_errors=True) as folder:
        for name in ("HOME", *(f"XDG_{n}_HOME" for n in ("CONFIG", "DATA", "STATE", "CACHE"))):
            os.environ[name] = folder
        for form in (QSettings.Format.NativeFormat, QSettings.Format.IniFormat):
            QSettings.setPath(form, QSettings.Scope.UserScope, folder)
        app = QApplication.instance() or QApplication(["layerwise"])
        soaked = Soak(minutes)
        with suppress(SystemExit):
            main.main([])
        del app
    if len(soaked.seen) <= SETTLED:
        print("the window was not complete, or the time too short")
        return 1
    first, last = soaked.seen[0], soaked.seen[-1]
    print(
        f"{minutes:g} minutes, {soaked.edits:,} edits, {soaked.errors} errors: memory"
        f" {first[0]} to {last[0]} MB, handles {first[1]} to {last[1]}, threads {first[2]} to"
        f" {last[2]}"
    )
    settled = soaked.seen[SETTLED]
    return int(soaked.errors > 0 or last[1] > settled[1] + 2 or last[2] > settled[2] + 2)
