"""Fixtures of every test with a window: patience, settings of its own, nothing left behind."""

import gc
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QSettings, Qt, QThread, QTimer
from PySide6.QtGui import QCursor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gui.garbage import Collector
from tests.patience import PATIENCE_MS

AWAY = QPoint(9000, 9000)  # where no window is: the next one is not to begin under the pointer
NO_KEY = Qt.KeyboardModifier.NoModifier
QT_KEEPS = ("QTipLabel",)  # windows that Qt makes and hides alone


class Closed(Protocol):
    def close(self) -> object: ...


class PatientBot(QtBot):
    """pytest-qt's, which waits as long as a busy machine may take.

    It closes `first` before the first widget: a run shows its state to panels that are there.
    """

    def __init__(self, request: pytest.FixtureRequest) -> None:
        super().__init__(request)
        self.first: list[Closed] = []

    def addWidget(  # noqa: N802  Qt's habit
        self, widget: QWidget, *, before_close_func: Callable[[QWidget], None] | None = None
    ) -> None:
        def close(closed: QWidget) -> None:
            for one in self.first:
                one.close()
            if before_close_func is not None:
                before_close_func(closed)

        super().addWidget(widget, before_close_func=close)

    def waitUntil(  # noqa: N802  Qt's habit
        self, callback: Callable[[], bool | None], *, timeout: int = PATIENCE_MS
    ) -> None:
        super().waitUntil(callback, timeout=timeout)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> PatientBot:
    """The bot that takes the place of pytest-qt's."""
    return PatientBot(request)


@pytest.fixture(autouse=True)
def own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the test out of the settings and data of the user who runs it, and of other tests."""
    for kind in ("CONFIG", "DATA", "STATE", "CACHE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(tmp_path / kind.lower()))
    for form in (QSettings.Format.NativeFormat, QSettings.Format.IniFormat):
        QSettings.setPath(form, QSettings.Scope.UserScope, str(tmp_path / "config"))


@pytest.fixture(autouse=True)
def nothing_left_behind(own_settings: None) -> Iterator[None]:
    """Fail a test after which a thread or timer runs or a window exists that did not before."""
    before = {key for key, _ in left()}
    collector = Collector() if QCoreApplication.instance() is not None else None
    yield
    if isinstance(QCoreApplication.instance(), QApplication):
        if not real_pointer():
            QCursor.setPos(AWAY)
        if QApplication.keyboardModifiers() != NO_KEY:  # QTest holds them until the next key
            QTest.keyRelease(QWidget(), Qt.Key.Key_Control)
    if collector is not None:
        collector.close()
    if QCoreApplication.instance() is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    if any(key not in before for key, _ in left()):
        gc.collect()  # a window in a cycle of references is gone for the user already
    new = [what for key, what in left() if key not in before]
    assert not new, f"left behind: {'; '.join(new)}"


def real_pointer() -> bool:
    """Whether the pointer is that of a real screen, which is in use."""
    return QApplication.platformName() != "offscreen"


def left() -> Iterator[tuple[int, str]]:
    """Every running thread, active timer and window now: what identifies it, and a description."""
    for thread in threading.enumerate():
        # A QThread that has run Python leaves a dummy in this list long after its end.
        if not isinstance(thread, threading._DummyThread):
            yield id(thread), f"thread {thread.name}"
    kinds = {*subclasses(QThread), *subclasses(QTimer)}
    for found in gc.get_objects():
        if type(found) in kinds and shiboken6.isValid(found):
            yield from left_object(found)
    if isinstance(QCoreApplication.instance(), QApplication):
        for widget in QApplication.topLevelWidgets():
            if widget.metaObject().className() not in QT_KEEPS:
                yield address(widget), f"window {widget!r}"


def subclasses(kind: type[QObject]) -> Iterator[type[QObject]]:
    """A class and all made from it: a search of the whole heap asks for types by name."""
    yield kind
    for below in kind.__subclasses__():
        yield from subclasses(below)


def left_object(found: QObject) -> Iterator[tuple[int, str]]:
    if isinstance(found, QThread) and found.isRunning() and found != QThread.currentThread():
        yield address(found), f"QThread {found!r}"
    elif isinstance(found, QTimer) and found.isActive():
        yield address(found), f"timer every {found.interval()} ms of {found.parent()!r}"


def address(found: QObject) -> int:
    return int(shiboken6.getCppPointer(found)[0])
