"""The registry of parts: finds panels, controls, commands and canvas parts by key.

Keys are names joined by dots, with indices from 1 in brackets, as in `cost`,
`runbar.learning_rate`, `data.flower`, `canvas.edge[1][2,1]` or `stepper.chip[dW[1]]`. Naming a
widget or an action puts it in the registry; no other step is needed. The widget that paints a part
answers for it (`PaintsParts`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, Protocol, runtime_checkable

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, QRect, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu, QWidget

from core.errors import LayerwiseError

_KEY, _TITLE, _KIND, _ACTION = "part", "part_title", "part_kind", "part_action"


# Never locked by a lesson: the lesson itself, and everything that only changes the view.
FREE = (
    "lesson", "lessons", "learn", "help", "view", "layout", "canvas.fit", "network.fit",
    "network.zoom_in", "network.zoom_out", "network.zoom_actual", "edit.undo", "edit.redo",
    "file.quit",
)  # fmt: skip
COMMANDS_OF = {"canvas": "network", "runbar": "train"}  # allowed together with their parent
# A key that acts on a painted part is allowed with the part.
COMMANDS_WITH = {
    "network.weight": ("canvas.edge", "canvas.bias"),
    "network.activation": ("canvas.activation",),
    "network.more_units": ("canvas.units",),
    "network.fewer_units": ("canvas.units",),
    "network.insert": ("canvas.add", "canvas.palette"),
    **dict.fromkeys(
        ("network.mute", "network.freeze", "network.clone", "network.nudge"), ("canvas.unit",)
    ),
}


class Kind(StrEnum):
    """The kind of a part, in the command palette's words."""

    PANEL = "panel"
    SETTING = "setting"
    DATA = "data set"
    COMMAND = "command"
    CONTROL = "control"
    CANVAS = "canvas"
    STEP = "step"


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A named part of the window.

    `bring` shows it, even if it is hidden. `rectangle` is its position, in pixels of the screen,
    empty while it is out of sight. `widget` gets its mouse and keys; `action` is its command.
    """

    key: str
    title: str
    kind: Kind
    bring: Callable[[], object]
    rectangle: Callable[[], QRect]
    widget: QWidget | None = None
    action: QAction | None = None
    press_at: Callable[[], QPoint] | None = field(default=None, repr=False)

    @property
    def shortcut(self) -> str:
        """Its first shortcut as people read it; empty without one."""
        keys = self.action.shortcut() if self.action is not None else QKeySequence()
        return keys.toString(QKeySequence.SequenceFormat.NativeText)

    @property
    def point(self) -> QPoint:
        """The pixel of the screen at which a press reaches this part and no other."""
        return self.rectangle().center() if self.press_at is None else self.press_at()


@runtime_checkable
class PaintsParts(Protocol):
    """A widget that paints parts which are not widgets."""

    def part_keys(self) -> Iterable[str]:
        """The keys of the parts it shows now."""

    def part(self, key: str) -> Part | None:
        """The part of a key; None if it is not shown, or not in this widget."""


class Named(NamedTuple):
    """A widget that a panel puts into the registry, under the panel's own key."""

    widget: QWidget
    title: str
    kind: Kind = Kind.CONTROL


def name_part(
    named: QWidget | QAction,
    key: str,
    title: str = "",
    kind: Kind = Kind.CONTROL,
    action: QAction | None = None,
) -> None:
    """Put a widget or an action into the registry; `action` is the command of a button."""
    named.setProperty(_KEY, key)
    named.setProperty(_TITLE, title)
    named.setProperty(_KIND, kind.value)
    if action is not None:
        named.setProperty(_ACTION, action)


def name_command(action: QAction, key: str, title: str = "") -> None:
    """Put a command into the registry; without a title it uses the action's text."""
    name_part(action, key, title, Kind.COMMAND)


def name_parts(owner: str, named: Mapping[str, Named]) -> None:
    """Put the parts of one owner into the registry: `log` of `cost` is `cost.log`."""
    for key, (widget, title, kind) in named.items():
        name_part(widget, f"{owner}.{key}", title, kind)


def key_of(named: QObject) -> str:
    """The key of a named object; empty if it has none."""
    key = named.property(_KEY)
    return key if isinstance(key, str) else ""


def kind_of(named: QObject) -> Kind | None:
    """The kind of a named object; None if it has no key."""
    return Kind(named.property(_KIND)) if key_of(named) else None


def title_of(action: QAction) -> str:
    """The title of a command for use outside of menus: without mnemonics and dots."""
    return action.property(_TITLE) or action.text().replace("&", "").rstrip("…")


def bring_widget(widget: QWidget) -> None:
    """Show a widget: each of those around it that can hide it has `show_part(widget)`."""
    around: list[QWidget] = []
    at: QWidget | None = widget
    while at is not None:
        around.append(at)
        at = at.parentWidget()
    for outer in reversed(around):
        if (show := getattr(outer, "show_part", None)) is not None:
            show(widget)
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)


def only_opens(widget: QWidget) -> bool:
    """Whether a widget only opens the controls of its bar, or is the popup in which these are: a
    lesson locks what is in it.
    """
    return bool(widget.property("opens_parts"))


def menu_of(widget: QWidget) -> QWidget | None:
    """The button of the menu to which a bar around it has left a widget for lack of room; None if
    it has its own place. Such a bar answers itself, by its `menu_of`.
    """
    at = widget.parentWidget()
    while at is not None and not isinstance(at, QMainWindow):
        found: QWidget | None = getattr(at, "menu_of", lambda _: None)(widget)
        if found is not None:
            return found
        at = at.parentWidget()
    return None


def rectangle_on_screen(widget: QWidget, within: QRect | None = None) -> QRect:
    """The visible rectangle of a widget, or of a rectangle within it, on the screen; empty if
    hidden.
    """
    if not widget.isVisible():
        return QRect()
    seen = (widget.rect() if within is None else within) & widget.rect()
    corner = widget.mapToGlobal(QPoint(0, 0))
    seen.translate(corner)
    around = widget.parentWidget()
    while around is not None and not widget.isWindow():
        seen &= QRect(around.mapToGlobal(QPoint(0, 0)), around.size())
        widget, around = around, around.parentWidget()
    return seen


class Parts(QObject):
    """The parts of one window."""

    carried_out = Signal(str)  # the key of a command
    refused = Signal(str)  # the key of a locked part that was pressed
    allowed_changed = Signal()

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._heard: set[int] = set()
        self._allowed: frozenset[str] | None = None

    @property
    def allowed(self) -> frozenset[str] | None:
        """The keys that a step of a lesson allows; None while nothing is locked."""
        return self._allowed

    def allow(self, keys: Iterable[str] | None) -> None:
        """Lock everything but these parts, the parts in them, and those that only change the view
        (`FREE`).

        `surface` allows `surface.plot`, `canvas.edge[1]` each edge to layer 1; a control allows its
        command. None unlocks everything.
        """
        if keys is not None:
            keys = frozenset(keys)
            commands = {COMMANDS_OF[key] for key in keys if key in COMMANDS_OF}
            for command, parts in COMMANDS_WITH.items():
                if any(key.partition("[")[0] in parts for key in keys):
                    commands.add(command)
            keys |= commands
        self._allowed = keys
        self.allowed_changed.emit()

    def allows(self, key: str) -> bool:
        """Whether a part may be pressed, typed into or triggered now."""
        if self._allowed is None or _lies_in(key, FREE) or _lies_in(key, self._allowed):
            return True
        named = (w for w in self._widgets() if w.property(_ACTION) is not None)
        carried_out = (w.property(_ACTION) for w in named if _lies_in(key_of(w), self._allowed))
        return any(key_of(action) == key for action in carried_out)

    def listen(self) -> None:
        """Report every triggered command from now on, including commands created later."""
        for action in self._window.findChildren(QAction):
            key = key_of(action)
            if key and id(action) not in self._heard:
                self._heard.add(id(action))
                action.triggered.connect(lambda _on=False, key=key: self.carried_out.emit(key))

    def __iter__(self) -> Iterator[Part]:
        """Every part there is now, each key once."""
        for widget in self._widgets():
            if key_of(widget) and _is_there(widget):
                yield _of_widget(widget)
            if hasattr(widget, "part_keys") and isinstance(widget, PaintsParts):
                if not widget.isVisible():
                    continue
                found = (widget.part(key) for key in widget.part_keys())
                yield from (part for part in found if part is not None)
        for action in self._window.findChildren(QAction):
            if key_of(action):
                yield self._of_action(action)

    def find(self, key: str) -> Part:
        """The part of a key; LayerwiseError if there is none, or it is not shown now."""
        hidden = False
        for widget in self._widgets():
            if key_of(widget) == key:
                if _is_there(widget):
                    return _of_widget(widget)
                hidden = True
            if hasattr(widget, "part_keys") and isinstance(widget, PaintsParts):
                part = widget.part(key)
                if part is not None:
                    return part
        for action in self._window.findChildren(QAction):
            if key_of(action) == key:
                return self._of_action(action)
        if hidden:
            raise LayerwiseError(f"“{key}” has no place in the window for this project.")
        raise LayerwiseError(
            f"The window has no part called “{key}”: check the spelling, and the layer and unit in"
            " its brackets."
        )

    def knows(self, key: str) -> bool:
        """Whether there is a part of this key now, shown or not."""
        try:
            self.find(key)
        except LayerwiseError:
            return any(key_of(widget) == key for widget in self._widgets())
        return True

    def bring(self, key: str) -> None:
        """Show a part, even if it is hidden."""
        self.find(key).bring()

    def rectangle(self, key: str) -> QRect:
        """The rectangle of a part on the screen; empty while it is out of sight."""
        return self.find(key).rectangle()

    def panel(self, key: str) -> QWidget:
        """The widget of a part that has one."""
        widget = self.find(key).widget
        assert widget is not None, f"{key} is no widget"
        return widget

    def at(self, point: QPoint) -> Part | None:
        """The smallest part under a pixel of the screen; of crossing edges, the nearest."""

        def place(part: Part) -> tuple[int, int]:
            around = part.rectangle()
            return around.width() * around.height(), (part.point - point).manhattanLength()

        found = [part for part in self if part.rectangle().contains(point)]
        return min(found, key=place, default=None)

    def _widgets(self) -> list[QWidget]:
        return self._window.findChildren(QWidget)

    def _of_action(self, action: QAction) -> Part:
        menus = _menus_to(action, self._window)
        return Part(
            key_of(action),
            title_of(action),
            Kind.COMMAND,
            bring=lambda: self._open(menus, action),
            rectangle=lambda: self._place_in_menu(menus, action),
            widget=menus[-1] if menus else None,
            action=action,
        )

    def _open(self, menus: list[QMenu], action: QAction) -> None:
        """Open the menu that a command is in, or the window for one that is in none."""
        if menus:
            self._window.menuBar().setActiveAction(menus[0].menuAction())
            for outer, inner in zip(menus, [*menus[1:], None], strict=True):
                outer.setActiveAction(action if inner is None else inner.menuAction())
                if inner is not None:
                    below = outer.actionGeometry(inner.menuAction()).topRight()
                    inner.popup(outer.mapToGlobal(below))

    def _place_in_menu(self, menus: list[QMenu], action: QAction) -> QRect:
        """The line of the open menu; the menu's name while that is closed."""
        bar = self._window.menuBar()
        if not menus:
            return rectangle_on_screen(self._window)
        if menus[-1].isVisible():
            place = menus[-1].actionGeometry(action)
            return QRect(menus[-1].mapToGlobal(place.topLeft()), place.size())
        place = bar.actionGeometry(menus[0].menuAction())
        return QRect(bar.mapToGlobal(place.topLeft()), place.size())


def _lies_in(key: str, outer: Iterable[str]) -> bool:
    """Whether a key is one of these or of a part within one of them."""
    return any(key == each or key.startswith((f"{each}.", f"{each}[")) for each in outer)


def _menus_to(action: QAction, window: QMainWindow) -> list[QMenu]:
    """The menus of the bar that lead to an action, outermost first; none for a mere shortcut."""
    menus: list[QMenu] = []
    at, in_bar = action, window.menuBar().actions()
    while at not in in_bar:  # a narrow menu bar moves its menus into an overflow menu
        owners = [owner for owner in at.associatedObjects() if isinstance(owner, QMenu)]
        if not owners:
            return []
        menus.insert(0, owners[0])
        at = owners[0].menuAction()
    return menus


def _of_widget(widget: QWidget) -> Part:
    action = widget.property(_ACTION)
    title = widget.property(_TITLE) or widget.accessibleName() or widget.windowTitle()
    return Part(
        key_of(widget),
        title,
        Kind(widget.property(_KIND)),
        bring=lambda: bring_widget(widget),
        rectangle=lambda: rectangle_on_screen(widget),
        widget=widget,
        action=action,
    )


def _is_there(widget: QWidget) -> bool:
    """Whether `bring_widget` can show it: it is only inside hidden widgets that have `show_part`,
    or that a bar has left to its menu.
    """
    at: QWidget | None = widget
    while at is not None and not isinstance(at, QMainWindow):
        if at.isHidden() and not hasattr(at, "show_part") and menu_of(at) is None:
            return False
        at = at.parentWidget()
    return True


def focus_part(part: Part) -> None:
    """Bring a part and put the keyboard on it."""
    part.bring()
    widget = part.widget
    if widget is not None and QApplication.focusWidget() is not widget:
        widget.window().activateWindow()  # requested by another window: a popup, a floating panel
        widget.setFocus()
