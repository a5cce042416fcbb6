"""The process of a walk: the real application, with chance or a script as its user.

python -m benchmarks.safety.walker FOLDER --seed N --actions K [--script FILE]

Writes what it is about to do, and what has broken, to FOLDER/log.jsonl: a line each, before doing.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import os
import random
import re
import signal
import sys
import threading
import traceback
import warnings
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import Any

import main  # first: it asks BLAS for one thread before NumPy is imported

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QObject, QSettings, QThread, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication

from benchmarks.safety import material, seen
from benchmarks.safety.hands import Action, Hands, choose
from core.errors import LayerwiseError

CHECKED_EVERY, GATHERED_EVERY = 10, 50  # actions: what is seen; the whole file there and back
MOST_NESTED = 8  # questions and menus one inside the other, before one is left
PATIENCE = 60.0  # seconds for a window to appear
IGNORED = (
    *("propagateSizeHints", "support raise", "grabbing the keyboard", "outside target window"),
    *("grabbing the mouse", "Mouse event", "QTest"),
)


class Log:
    """A line for every action and for everything that broke; flushed, so that a crash keeps it."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("a", encoding="utf-8")
        self._lock = threading.Lock()
        self._known: set[str] = set()

    def write(self, **what: Any) -> None:
        with self._lock:
            self._file.write(json.dumps(what) + "\n")
            self._file.flush()

    def broke(self, signature: str, details: str) -> None:
        """Note what broke, once each."""
        if signature not in self._known:
            self._known.add(signature)
            self.write(broke=signature, details=details[-6000:])

    def raised(self, details: str) -> None:
        self.broke(signature_of(details), details)


def signature_of(details: str) -> str:
    """What tells one traceback from another: the kind of error, and where in our code it arose."""
    frames = re.findall(r'File "([^"]+)", line \d+,? in (\S+)', details)
    ours = [f for f in frames if re.search(r"/(core|gui)/", f[0])] or frames
    place = f"{'/'.join(Path(ours[-1][0]).parts[-2:])}:{ours[-1][1]}" if ours else "nowhere"
    kinds = re.findall(r"^([A-Za-z_][\w.]*)(?::|$)", details, re.MULTILINE)
    return f"{kinds[-1] if kinds else 'Exception'} at {place}"


class Driver(QObject):
    """Does action after action by a timer, so that nested loops (menus, questions) get theirs."""

    def __init__(self, folder: Path, log: Log, script: Iterator[Action] | None, seed: int) -> None:
        super().__init__()
        self._folder, self._log, self._script = folder, log, script
        self._rng = random.Random(seed)
        self._hands = Hands(folder / "files")
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._tick)
        self._levels: list[int] = []  # of event loops, in which each action that is going on began
        self._count, self._since = 0, monotonic()
        self._written: dict[Path, int] = {}
        self._log_read = 0
        self.left = 0

    @property
    def done(self) -> bool:
        return self.left <= 0

    def start(self, actions: int) -> None:
        self.left = actions
        self._timer.start(0)

    def _tick(self) -> None:
        window = _main_window()
        if window is None or self._busy():
            self._timer.start(20)
            self._mind_standstill()
            return
        if self.done:
            self._end(window)
            return
        try:
            action = self._next()
        except (RuntimeError, TypeError):  # a widget was deleted while it was looked at
            self._timer.start(20)
            return
        if action is None:
            self.left = 0
            self._timer.start(0)
            return
        self._timer.start(action["after"])  # before doing: a menu or question waits inside
        self._levels.append(QThread.currentThread().loopLevel())
        self._since = monotonic()
        try:
            self._do(action, window)
        finally:
            self._levels.pop()

    def _busy(self) -> bool:
        """Whether an action runs that waits in no event loop of its own, as a menu does."""
        return bool(self._levels) and QThread.currentThread().loopLevel() <= self._levels[-1]

    def _mind_standstill(self) -> None:
        if monotonic() > self._since + PATIENCE:
            tops = [repr(each) for each in QApplication.topLevelWidgets() if each.isVisible()]
            self._log.broke("STANDSTILL: no window", f"{self._levels} {tops}")
            os._exit(3)

    def _next(self) -> Action | None:
        if self._script is not None:
            return next(self._script, None)
        return choose(self._rng, bool(self._hands.down), self._folder / "files")

    def _do(self, action: Action, window: Any) -> None:
        self._count, self.left = self._count + 1, self.left - 1
        count = self._count
        self._log.write(n=count, **action)
        try:
            if len(self._levels) > MOST_NESTED:
                self._hands.escape()
            else:
                self._hands.do(action, window)
        except Exception:  # noqa: BLE001 - whatever it is, it is what is looked for
            self._log.raised(traceback.format_exc())
        if count % CHECKED_EVERY == 0:
            self._check(gathers=count % GATHERED_EVERY == 0)

    def _check(self, *, gathers: bool) -> None:
        """Is what is seen what the document says, and can all that was written be read?"""
        window = _main_window()
        try:
            if window is not None:
                for problem in seen.problems(window, gathers=gathers and not _waits()):
                    self._log.broke(f"seen: {problem.partition(':')[0]}", problem)
            for problem in seen.unreadable(self._folder / "files", self._written):
                self._log.broke(f"unreadable: {problem.partition(':')[2]}", problem)
        except Exception:  # noqa: BLE001 - as above
            self._log.raised(traceback.format_exc())
        self._read_log()

    def _read_log(self) -> None:
        """What the application has logged itself: errors that it caught and showed."""
        for path in self._folder.glob("home/**/layerwise.log"):
            text = path.read_text("utf-8", "replace")
            for part in text[self._log_read :].split("Traceback (most recent call last):")[1:]:
                self._log.raised("Traceback (most recent call last):" + part)
            self._log_read = len(text)

    def _end(self, window: Any) -> None:
        if _waits():
            self._hands.escape()
            self._timer.start(20)
            return
        self._check(gathers=True)
        self._timer.start(500)  # for a question that closing asks
        window.close_without_asking()


def _waits() -> bool:
    """Whether a menu or a question waits for an answer."""
    return (QApplication.activeModalWidget() or QApplication.activePopupWidget()) is not None


def _main_window() -> Any:
    windows = (w for w in QApplication.topLevelWidgets() if type(w).__name__ == "MainWindow")
    return next((w for w in windows if w.isVisible() and getattr(w, "complete", False)), None)


def _actions(lines: list[str]) -> Iterator[Action]:
    """The actions of a script or of a log, without their numbers."""
    for said in map(json.loads, lines):
        if "do" in said:
            said.pop("n", None)
            yield said


def _listen(log: Log, folder: Path) -> None:
    """Note every complaint."""
    crash = (folder / "crash.txt").open("w")
    faulthandler.enable(crash)
    faulthandler.register(signal.SIGUSR1, crash, all_threads=True)

    def raised(error: BaseException | None) -> None:
        if error is not None and not isinstance(error, LayerwiseError):
            log.raised("".join(traceback.format_exception(error)))

    def told(kind: QtMsgType, _context: object, message: str) -> None:
        if kind in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg):
            return
        if not any(word in message for word in IGNORED):
            stack = "".join(traceback.format_stack(limit=12))
            log.broke("Qt: " + re.sub(r"0x\w+|[\d.e+-]+", "#", message), f"{message}\n{stack}")

    def warned(message: Warning | str, kind: type[Warning], file: str, line: int, *_: Any) -> None:
        stack = "".join(traceback.format_stack(limit=12))
        log.broke(f"{kind.__name__}: {message}", f"{file}:{line}\n{stack}")

    sys.excepthook = lambda _kind, error, _trace: raised(error)
    sys.unraisablehook = lambda found: raised(found.exc_value)
    threading.excepthook = lambda found: raised(found.exc_value)
    qInstallMessageHandler(told)
    warnings.simplefilter("default")
    warnings.showwarning = warned  # type: ignore[assignment]  # fewer arguments are enough


def walk_in(folder: Path, seed: int, actions: int, script: Path | None) -> None:
    """Use the application `actions` times, opening it again whenever it was closed."""
    log = Log(folder / "log.jsonl")
    _listen(log, folder)
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        os.environ[name] = str(folder / "home")
    for form in (QSettings.Format.NativeFormat, QSettings.Format.IniFormat):
        QSettings.setPath(form, QSettings.Scope.UserScope, str(folder / "home"))
    material.fill(folder / "files", random.Random(seed))
    lines = None if script is None else script.read_text("utf-8").splitlines()
    said = None if lines is None else _actions(lines)
    app = QApplication.instance() or QApplication(["layerwise"])
    driver = Driver(folder, log, said, seed)
    driver.start(actions)
    while not driver.done:
        main.main([])
    log.write(done=True)
    del app


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--actions", type=int, default=500)
    parser.add_argument("--script", type=Path)
    chosen = parser.parse_args()
    walk_in(chosen.folder, chosen.seed, chosen.actions, chosen.script)
