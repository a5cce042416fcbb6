"""Creates actions and shortcuts, with the shortcut in the tooltip."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence

from gui.parts import name_command
from gui.style import resources
from gui.style.text import tip as as_it_is

Shortcut = QKeySequence.StandardKey | str


def make_action(
    parent: QObject,
    text: str,
    triggered: Callable[[], object],
    *,
    shortcuts: Sequence[Shortcut] = (),
    tip: str = "",
    icon: str = "",
    key: str = "",
    title: str = "",
) -> QAction:
    """An action whose tooltip is `tip` (or its text) with its first shortcut.

    With a `key` it is in the registry of parts; `title` is its name outside of its menu.

    A standard key that the platform leaves empty (Quit on a bare Linux) may be followed by one to
    use instead.
    """
    action = QAction(text, parent)
    action.triggered.connect(lambda _checked=False: triggered())
    set_shortcuts(action, shortcuts, tip)
    if icon:
        resources.set_icon(action, icon)
    if key:
        name_command(action, key, title)
    return action


def set_shortcuts(action: QAction, shortcuts: Sequence[Shortcut], tip: str = "") -> None:
    """Bind the shortcuts and name the first of them in the tooltip."""
    bound: list[QKeySequence] = []
    for shortcut in shortcuts:
        if isinstance(shortcut, str):
            keys = [QKeySequence(shortcut)]
        else:
            keys = QKeySequence.keyBindings(shortcut)
        bound += [
            key for key in keys if key not in bound
        ]  # twice is ambiguous: it would do nothing
    action.setShortcuts(bound)
    what = tip or action.text().replace("&&", "\0").replace("&", "").replace("\0", "&").rstrip("…")
    native = bound[0].toString(QKeySequence.SequenceFormat.NativeText) if bound else ""
    action.setToolTip(as_it_is(f"{what} ({native})" if native else what))
    action.setStatusTip(what)


def written_shortcuts(action: QAction) -> list[str]:
    """The shortcuts as people read them, without the keys that only some keyboards have."""
    return [
        key.toString(QKeySequence.SequenceFormat.NativeText)
        for key in action.shortcuts()
        if key[0].key() <= Qt.Key.Key_F12  # type: ignore[index]  # PySide's types forget it
    ]
