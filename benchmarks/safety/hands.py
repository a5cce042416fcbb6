"""The actions of a walk in the window, one at a time, random or read from a script."""

from __future__ import annotations

import random
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from PySide6.QtCore import QMimeData, QPoint, QPointF, QSize, Qt, QUrl
from PySide6.QtGui import QAction, QDropEvent, QGuiApplication, QKeyEvent, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QWidget
from shiboken6 import isValid

from benchmarks.safety import material, places
from benchmarks.safety.changes import CHANGES, change
from core.errors import LayerwiseError

Action = dict[str, Any]

KEYS = (
    *("Left", "Right", "Up", "Down", "Home", "End", "PageUp", "PageDown", "Tab", "Backtab"),
    *("Return", "Enter", "Escape", "Space", "Delete", "Backspace", "Insert", "F2", "Menu"),
    *("Plus", "Minus", "0", "1", "2", "3", "9", "BracketLeft", "BracketRight"),
    *("A", "B", "C", "D", "E", "F", "L", "M", "N", "P", "S", "X"),
)
ENDINGS = (".layerwise", ".json", ".csv", ".npz", ".gif", ".png", ".svg")  # of what is saved
MODIFIERS = {
    "": Qt.KeyboardModifier.NoModifier,
    "ctrl": Qt.KeyboardModifier.ControlModifier,
    "shift": Qt.KeyboardModifier.ShiftModifier,
    "alt": Qt.KeyboardModifier.AltModifier,
}
MODIFIER_KEYS = {"ctrl": Qt.Key.Key_Control, "shift": Qt.Key.Key_Shift, "alt": Qt.Key.Key_Alt}
BUTTONS = {
    "left": Qt.MouseButton.LeftButton,
    "right": Qt.MouseButton.RightButton,
    "middle": Qt.MouseButton.MiddleButton,
}
# How likely each kind is while the mouse is held down, in a menu, in a question, and otherwise.
HELD = {"move": 60, "release": 25, "key": 5, "trigger": 3, "change": 4, "wait": 3}
IN_MENU = {"click": 55, "move": 10, "key": 30, "change": 4, "wait": 5}
IN_QUESTION = {"click": 60, "key": 15, "type": 15, "change": 2, "wait": 8}
FREE = {
    "click": 26, "double": 3, "move": 6, "press": 12, "wheel": 7, "key": 14, "type": 6,
    "trigger": 12, "change": 11, "drop": 3, "paste": 2, "resize": 1, "wait": 3, "reopen": 0.4,
}  # fmt: skip
SELDOM = ("quit", "film", "full screen")  # commands that end or hold up a walk


def choose(rng: random.Random, held: bool, folder: Path) -> Action:
    """Any action that can be done now; `held` says whether a mouse button is down."""
    if held:
        weights: Mapping[str, float] = HELD
    elif QApplication.activePopupWidget() is not None:
        weights = IN_MENU
    else:
        weights = IN_QUESTION if QApplication.activeModalWidget() is not None else FREE
    kind = rng.choices(list(weights), list(weights.values()))[0]
    pause = rng.choice((0, 0, 0, 1, 5, 20, 60))  # ms
    action: Action = {"do": kind, "after": pause, "pick": rng.random()}
    action.update(_details(kind, rng, folder))
    return action


def _details(kind: str, rng: random.Random, folder: Path) -> Action:
    match kind:
        case "click" | "double" | "press" | "move" | "wheel":
            button = rng.choices(list(BUTTONS), (80, 15, 5))[0]
            held = rng.choices(list(MODIFIERS), (85, 5, 7, 3))[0]
            by = rng.choice((-360, -120, 120, 360))
            return {"at": places.some_place(rng), "button": button, "held": held, "by": by}
        case "key":
            held = rng.choices(list(MODIFIERS), (75, 12, 8, 5))[0]
            return {"key": rng.choice(KEYS), "held": held}
        case "type":
            words = rng.choice((*material.NUMBERS * 3, *material.WORDS))
            return {"words": words, "at": _field(rng)}
        case "trigger":
            return {"name": _command(rng)}
        case "change":
            name = rng.choice(sorted(CHANGES))
            return {"name": name, "seed": rng.randrange(2**31)}
        case "drop":
            return {"file": rng.choice(sorted(path.name for path in folder.iterdir()))}
        case "paste":
            return {"table": rng.choice(sorted(material.tables()))}
        case "resize":
            return {"size": [rng.randint(300, 2000), rng.randint(200, 1200)]}
        case "wait":
            return {"after": rng.choice((50, 200, 500))}
        case _:
            return {}


def _field(rng: random.Random) -> places.Place | None:
    fields = [
        field
        for window in places.windows()
        for field in window.findChildren(QLineEdit)
        if field.isEnabled() and not field.visibleRegion().isEmpty()
    ]
    return (places.path_of(rng.choice(fields)), 0.5, 0.5) if fields else None


def _commands() -> dict[str, QAction]:
    named: dict[str, QAction] = {}
    for window in places.windows():
        for action in window.findChildren(QAction):
            inert = action.isSeparator() or action.menu() is not None
            if action.isEnabled() and action.associatedObjects() and not inert:
                named.setdefault(f"{type(action.parent()).__name__}: {action.text()}", action)
    return named


def _command(rng: random.Random) -> str:
    names = sorted(_commands())
    name = rng.choice(names) if names else ""
    if any(word in name.replace("&", "").lower() for word in SELDOM) and rng.random() < 0.9:
        return ""
    return name


class Hands:
    """Does actions; remembers which mouse button is down, and answers the file dialogs."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._pick = 0.0
        self.down: str = ""
        self.wants_reopening = False
        self._last: tuple[QWidget, QPoint] | None = None
        QFileDialog.getSaveFileName = staticmethod(self._where_to_save)  # type: ignore[method-assign]  # no user is there
        QFileDialog.getOpenFileName = staticmethod(self._what_to_open)  # type: ignore[method-assign]
        QFileDialog.getOpenFileNames = staticmethod(self._all_to_open)  # type: ignore[method-assign]
        QFileDialog.getExistingDirectory = staticmethod(self._which_folder)  # type: ignore[method-assign]

    def do(self, action: Action, window: QWidget) -> None:
        """Do one action; what is not there (any more) is left out."""
        self._pick = action["pick"]
        getattr(self, f"_{action['do']}")(action, window)

    # --- mouse -----------------------------------------------------------------------------------

    def _mouse(self, action: Action, *steps: Any) -> None:
        place = action.get("at")
        target = places.global_point(place) if place else None
        if target is None:
            return
        handle = target[0].windowHandle()
        self._last = target
        for step in steps:
            shown = isValid(target[0]) and isValid(handle) and target[0].isVisible()
            if shown:  # a press may have closed it
                step(handle, BUTTONS[action["button"]], MODIFIERS[action["held"]], target[1])

    def _click(self, action: Action, _window: QWidget) -> None:
        self._mouse(action, _moved, QTest.mousePress, QTest.mouseRelease)

    def _double(self, action: Action, _window: QWidget) -> None:
        self._mouse(action, _moved, QTest.mouseDClick)

    def _move(self, action: Action, _window: QWidget) -> None:
        self._mouse(action, _moved)

    def _press(self, action: Action, _window: QWidget) -> None:
        self.down = action["button"]
        self._mouse(action, _moved, QTest.mousePress)

    def _release(self, _action: Action, _window: QWidget) -> None:
        button, self.down = self.down or "left", ""
        if self._last is not None:
            window, at = self._last
            if isValid(window) and window.isVisible() and window.windowHandle() is not None:
                QTest.mouseRelease(window.windowHandle(), BUTTONS[button], MODIFIERS[""], at)

    def _wheel(self, action: Action, _window: QWidget) -> None:
        def turn(handle: QWindow, _button: object, held: Any, at: QPoint) -> None:
            QTest.wheelEvent(handle, QPointF(at), QPoint(0, action["by"]), QPoint(), held)

        self._mouse(action, _moved, turn)

    # --- keys ------------------------------------------------------------------------------------

    def _key(self, action: Action, window: QWidget) -> None:
        _press(window, getattr(Qt.Key, f"Key_{action['key']}"), action["held"])

    def _type(self, action: Action, _window: QWidget) -> None:
        """Into the field as a person would: mark all, write, Enter."""
        field = places.found(action["at"][0]) if action["at"] else QApplication.focusWidget()
        if not isinstance(field, QLineEdit):
            return
        field.setFocus()
        field.selectAll()
        words = action["words"]
        for kind in (QKeyEvent.Type.KeyPress, QKeyEvent.Type.KeyRelease):
            event = QKeyEvent(kind, 0, Qt.KeyboardModifier.NoModifier, words)
            QApplication.sendEvent(field, event)
        if action["pick"] < 0.8:
            QTest.keyClick(field, Qt.Key.Key_Return)

    # --- commands --------------------------------------------------------------------------------

    def _trigger(self, action: Action, _window: QWidget) -> None:
        command = _commands().get(action["name"])
        if command is not None and isValid(command):  # one that was found may go with its menu
            command.trigger()

    def _change(self, action: Action, window: Any) -> None:
        with suppress(LayerwiseError):  # refused, in a sentence
            change(window, action["name"], random.Random(action["seed"]))

    def _drop(self, action: Action, window: QWidget) -> None:
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(self._folder / action["file"]))])
        event = QDropEvent(
            *(QPointF(200, 200), Qt.DropAction.CopyAction, data),
            *(Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier),
        )
        QApplication.sendEvent(window, event)

    def _paste(self, action: Action, window: QWidget) -> None:
        QGuiApplication.clipboard().setText(material.tables()[action["table"]])
        _press(window, Qt.Key.Key_V, "ctrl shift")

    def _resize(self, action: Action, window: QWidget) -> None:
        window.resize(QSize(*action["size"]))

    def _wait(self, _action: Action, _window: QWidget) -> None:
        pass  # the clock does

    def _reopen(self, _action: Action, window: QWidget) -> None:
        self.wants_reopening = True
        window.close()

    def escape(self) -> None:
        """Leave the menu or question that is in the way."""
        for widget in (QApplication.activePopupWidget(), QApplication.activeModalWidget()):
            if widget is not None:
                widget.close()
                return

    # --- file dialogs ----------------------------------------------------------------------------

    def _where_to_save(self, *args: Any, **_: Any) -> tuple[str, str]:
        filters = str(args[3]) if len(args) > 3 else ""
        endings = [ending for ending in ENDINGS if ending in filters]
        if self._pick < 0.2 or not endings:
            return "", ""
        ending = endings[int(self._pick * 97) % len(endings)]
        return str(self._folder / f"saved{int(self._pick * 1000) % 4}{ending}"), ""

    def _what_to_open(self, *_args: Any, **_: Any) -> tuple[str, str]:
        names = sorted(path for path in self._folder.iterdir() if path.is_file())
        return (str(names[int(self._pick * len(names))]), "") if self._pick > 0.1 else ("", "")

    def _all_to_open(self, *args: Any, **more: Any) -> tuple[list[str], str]:
        name = self._what_to_open(*args, **more)[0]
        return ([name] if name else []), ""

    def _which_folder(self, *_args: Any, **_: Any) -> str:
        return str(self._folder / "pictures")


def _press(window: QWidget, key: Qt.Key, held: str) -> None:
    """Press and release a key, each event in the window that has the keyboard by then.

    QTest.keyClick would send all of them to one window, which the first may have deleted.
    """
    modifiers = MODIFIERS[""]
    for name in held.split():
        _send(window, True, MODIFIER_KEYS[name], modifiers)
        modifiers |= MODIFIERS[name]
    for press in (True, False):
        _send(window, press, key, modifiers)
    for name in held.split():
        _send(window, False, MODIFIER_KEYS[name], MODIFIERS[""])


def _send(window: QWidget, press: bool, key: Qt.Key, modifiers: Qt.KeyboardModifier) -> None:
    handle: QWindow | None = QGuiApplication.focusWindow()
    if handle is None and isValid(window):
        handle = window.windowHandle()
    types = 0x20 <= key <= 0x5A and modifiers in (MODIFIERS[""], MODIFIERS["shift"])
    if handle is not None:
        words = chr(key).lower() if types else ""
        QTest.simulateEvent(handle, press, int(key), modifiers, words, False)


def _moved(handle: QWindow, _button: object, _held: object, at: QPoint) -> None:
    QTest.mouseMove(handle, at)
