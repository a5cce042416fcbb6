"""The three layouts of the window and the maximized panel, saved and restored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QByteArray, QEvent, QObject, QSettings, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QApplication, QMainWindow, QWidget

from gui.actions import set_shortcuts
from gui.docks import LABS, PANELS, Docks, PanelSpec
from gui.layout_room import LAB_AREAS, Room
from gui.layout_table import BESIDE, BESIDE_LOW, FIRST, LAYOUTS, LESSON, Height, Layout
from gui.style.theme import px, theme
from gui.widgets.dock import Dock, resize_docks

VERSION = 4  # of the QSettings entries; a different window ignores older ones
TALL = 850  # pixels of a window with room for every plot, at the usual text size
FLAT = 740  # pixels below which neither the network nor the stepper under it could be read
SCANT = 540  # the same of the network and a plot under it
STEPPER_SHARE = 0.55  # of the width of a flat window
UNDER_SHARE = (0.5, 0.43)  # of its height, of a plot under the network; in a lesson
COLUMN = (377, 282, 217)  # pixels of boundary, cost and activations above each other
HEADER_WIDTH = 430  # pixels in which the legend has room beside the boundary's title
NETWORK_WIDTH = 620  # pixels of the canvas in which the equations of two layers stand side by side
LESSON_WIDTH, DATA_WIDTH = 320, 242  # pixels of the panels at the left
LESSON_LEAST = 260  # pixels of the lesson where network and stepper have little room beside it
TABLES, TABLE_HEIGHT = ("runs", "layers"), 220  # panels of a few rows, and the pixels for these
Area = Qt.DockWidgetArea
_RIGHT, _BOTTOM = Area.RightDockWidgetArea, Area.BottomDockWidgetArea
_TURNED = {_RIGHT: _BOTTOM, _BOTTOM: _RIGHT}
_VERTICAL, _HORIZONTAL = Qt.Orientation.Vertical, Qt.Orientation.Horizontal


@dataclass(frozen=True, slots=True)
class _UserLayout:
    """The user's layout, which is set aside during a lesson."""

    name: str
    state: QByteArray
    moved: bool
    labs: frozenset[str]  # that had a dock


def _panel_replaced_by(lab: str) -> str:
    """The panel in whose place a lab opens."""
    return "stepper" if LAB_AREAS[lab] == _BOTTOM else "boundary"


class Layouts(QObject):
    """Arranges the docks of one window; each layout is remembered as the user left it."""

    changed = Signal(str)  # the name of the layout in force

    def __init__(self, window: QMainWindow, docks: Docks) -> None:
        super().__init__(window)
        self._window = window
        self._docks = {**docks.by_name, LESSON: docks.lesson}
        self.room = Room(window, self._docks, docks)
        self.current = FIRST
        self._before_walk, self._height = "", Height.HIGH
        self._moved = False  # whether the user has changed the layout
        self._arranging = self._presenting = self._data_hidden = False  # by the presentation
        self._kept: dict[str, QByteArray] = {}  # by the key that QSettings has them under
        self._whole: QByteArray | None = None  # the layout behind the maximized panel
        self._desk: _UserLayout | None = None  # while a lesson is open
        self._taught: tuple[str, ...] = ()  # the panels that its step shows
        self.actions = self._make_actions()
        window.setDockNestingEnabled(True)
        for name, dock in self._docks.items():
            self._listen(name, dock)
        docks.made.connect(self._take_in)
        self._later = QTimer(self, singleShot=True)
        self._later.timeout.connect(self._follow_size)
        theme().changed.connect(self._later.start)
        window.installEventFilter(self)

    def _listen(self, name: str, dock: Dock) -> None:
        for changed in (dock.dockLocationChanged, dock.topLevelChanged, dock.asked_for):
            changed.connect(self._on_moved)
        dock.asked_for.connect(lambda shown, name=name: self._make_room(name, shown))
        dock.topLevelChanged.connect(lambda floats, dock=dock: self._on_floated(dock, floats))
        dock.maximize_wanted.connect(lambda dock=dock: self.maximize(dock))

    def _take_in(self, dock: Dock) -> None:
        """Place the dock of a lab, which is created late, where it was or in its default place."""
        name = dock.objectName()
        self._docks[name] = dock
        self._arranging = True
        if not self._window.restoreDockWidget(dock):
            self._window.addDockWidget(LAB_AREAS[name], dock)
            self._window.tabifyDockWidget(self._docks[_panel_replaced_by(name)], dock)
        dock.hide()
        dock.maximizes = self._presenting
        self._arranging = False
        self._listen(name, dock)

    def _made(self) -> list[str]:
        """The labs that have a dock."""
        return [name for name in LAB_AREAS if name in self._docks]

    def _make_actions(self) -> dict[str, QAction]:
        group = QActionGroup(self)
        actions = {}
        for name, layout in LAYOUTS.items():
            action = actions[name] = QAction(layout.title, group, checkable=True)
            set_shortcuts(action, [layout.keys], layout.tip)
            action.triggered.connect(lambda _on, name=name: self.choose(name))
        actions[self.current].setChecked(True)
        return actions

    # --- which layout ----------------------------------------------------------------------------

    def choose(self, name: str) -> None:
        """Switch to a layout, as it was left, or in its default state."""
        self._before_walk = ""
        self._go(name)

    def enter_walk(self) -> None:
        """Switch to the layout for walking; `leave_walk` returns."""
        if self.current != "walk":
            before = self.current
            self._go("walk")
            self._before_walk = before

    def leave_walk(self) -> None:
        """Return to the layout before `enter_walk`."""
        if self._before_walk:
            self.choose(self._before_walk)

    def reset(self) -> None:
        """Reset every panel of this layout to its place on the first start."""
        self.restore_whole()
        self.room.lens_closed = False
        self._forget(self.current)
        self.arrange()

    # --- a lesson ---------------------------------------------------------------------------------

    def begin_lesson(self) -> None:
        """Let a lesson arrange the window from now on; `end_lesson` restores the user's layout."""
        self.restore_whole()
        self._keep()
        state, labs = self._window.saveState(VERSION), frozenset(self._made())
        self._desk = _UserLayout(self.current, state, self._moved, labs)
        self._taught = ()

    def teach(self, name: str, shown: Sequence[str]) -> None:
        """Show a layout next to the lesson, with these panels."""
        self.restore_whole()
        shown = tuple(panel for panel in shown if panel in self._docks)
        other = (name, shown) != (self.current, self._taught) or self._docks[LESSON].isHidden()
        self._taught = shown
        if name != self.current:
            self.current = name
            self.actions[name].setChecked(True)
            self.changed.emit(name)
        if other:
            self.arrange()

    def end_lesson(self) -> None:
        """Restore the arrangement from before the lesson."""
        desk, self._desk = self._desk, None
        if desk is None:
            return
        self.restore_whole()
        self._docks[LESSON].hide()
        self.current, self._moved = desk.name, desk.moved
        self.actions[desk.name].setChecked(True)
        if desk.moved:
            self._arranging = True
            self._height = self._height_now()
            self._restore(desk.state)
            for lab in set(self._made()) - desk.labs:  # the state knows nothing of these
                self._docks[lab].hide()
            self._arranging = False
        else:
            self.arrange()
        self._show_data_again()
        self.changed.emit(desk.name)

    def _restore(self, state: QByteArray) -> bool:
        """Put the panels where they were in a state of the window; false if it cannot be read."""
        self._end_drag()
        self._set_corners()
        return self._window.restoreState(state, VERSION)

    def _end_drag(self) -> None:
        for dock in self._docks.values():
            dock.end_drag()

    @property
    def _layout(self) -> Layout:
        """The positions of panels: the current layout, with the changes of a lesson's step."""
        layout = LAYOUTS[self.current]
        if self._desk is None:
            return layout
        areas = {spec.name: spec.area for spec in (*PANELS, *LABS)}
        below = [name for name in self._taught if areas.get(name) == _BOTTOM]
        beside = [name for name in self._taught if areas.get(name) == _RIGHT]
        return layout.taught(beside, below, data="data" in self._taught)

    def _go(self, name: str) -> None:
        if self._desk is not None:
            self.teach(name, self._taught)
            return
        self.restore_whole()
        if name != self.current:
            self._keep()
            self.current = name
            self._take()
            self.actions[name].setChecked(True)
            self.changed.emit(name)

    def _key(self, name: str) -> str:
        """Separate keys for the normal window and the presentation: the layout of one would not fit
        the other.
        """
        return f"layout/{name}/{self._height_of(name)}"

    def _height_of(self, name: str) -> Height:
        """How much of a layout fits into the window, one above the other."""
        if self._window.height() >= px(TALL):
            return Height.HIGH
        below = LAYOUTS[name].below if self._desk is None else self._layout.below
        if self._window.height() >= px(FLAT) or ("stepper",) not in below:
            return Height.LOW
        return Height.FLAT if self._window.height() >= px(SCANT) else Height.SCANT

    @property
    def _turned(self) -> bool:
        """Whether what is usually below stands beside the network."""
        return self._height in (Height.FLAT, Height.SCANT)

    def _height_now(self) -> Height:
        return self._height_of(self.current)

    def _set_corners(self) -> None:
        """A panel below is as wide as the window only where the layout has it so: the plots keep
        their height. A lesson is as high as the window.
        """
        lesson = self._desk is not None
        left = Area.LeftDockWidgetArea if lesson else _BOTTOM
        wide = self._layout.below and not self._turned
        self._window.setCorner(Qt.Corner.BottomLeftCorner, left)
        self._window.setCorner(Qt.Corner.BottomRightCorner, _BOTTOM if wide else _RIGHT)

    def _keep(self) -> None:
        """Store the layout, if the user has changed it."""
        if self._moved and self._desk is None:
            self._kept[self._key(self.current)] = self._window.saveState(VERSION)

    def _forget(self, name: str) -> None:
        self._kept.pop(self._key(name), None)

    def _take(self) -> None:
        """Arrange the docks as the layout in force was left."""
        state = self._kept.get(self._key(self.current))
        self._arranging = True
        self._height = self._height_now()
        self._moved = state is not None and self._restore(state)
        self._arranging = False
        if not self._moved:
            self.arrange()

    # --- arranging -------------------------------------------------------------------------------

    def arrange(self) -> None:
        """Put every dock in its default place, as the window's height allows."""
        self._end_drag()
        self._arranging = True
        self._height = self._height_now()
        self._set_corners()
        self._place()
        self.divide()
        self._arranging = self._moved = False

    def _place(self) -> None:
        window, docks = self._window, self._docks
        groups = self._layout.groups(self._height)
        lesson = docks[LESSON]
        lesson.hide()
        if self._desk is not None:
            window.addDockWidget(Area.LeftDockWidgetArea, lesson)
        for spec in (*PANELS, *LABS):
            if spec.name in docks:
                docks[spec.name].setFloating(False)
                docks[spec.name].hide()  # one above the other they had no room
                window.addDockWidget(self._area_of(spec), docks[spec.name])
        hosts = {other: first for first, *others in groups for other in others}
        seen = {first for first, *_ in groups}
        beside = BESIDE | {name: _panel_replaced_by(name) for name in self._made()}
        if self._height is not Height.HIGH:
            beside = BESIDE_LOW | beside
        hosts |= {name: host for name, host in beside.items() if name not in seen | set(hosts)}
        for name, host in hosts.items():
            window.tabifyDockWidget(docks[host], docks[name])
        for group in groups:
            for name in group:
                # Building is not for an audience, except in the steps of a lesson about it.
                hidden = name == "data" and self._presenting and self._desk is None
                self._data_hidden = self._data_hidden or hidden
                docks[name].setVisible(not hidden)
            docks[group[0]].raise_()
        if self._desk is not None:
            window.splitDockWidget(lesson, docks["data"], _HORIZONTAL)

    def divide_at_first(self) -> None:
        """Divide the room again: panels that came late want other shares."""
        if not self._moved:
            self.divide()

    def divide(self) -> None:
        """Give every dock of the layout its share of the room."""
        self._share_out()
        if (layout := self._window.layout()) is not None:
            layout.invalidate()  # else the shares wait for the next change of anything
            layout.activate()

    def _share_out(self) -> None:
        window, layout, width = self._window, self._layout, self._window.width()
        height = window.height() - px(100)
        left = [self._docks[group[0]] for group in layout.left]
        right = [self._docks[group[0]] for group in layout.plots(self._height)]
        wide = min(max(round(0.305 * width), px(300)), px(520))
        if self.current == "build":  # the plane is alone: as large as the network leaves it
            wide = max(round(0.38 * width), width - px(DATA_WIDTH + NETWORK_WIDTH))
            wide = min(max(wide, px(300)), height + px(30), round(0.45 * width))
        elif self._height is Height.LOW:
            wide = max(wide, min(px(HEADER_WIDTH), round(0.34 * width)))
        taught = LESSON_LEAST if self._height is Height.SCANT else LESSON_WIDTH
        widths = [px(taught if dock is self._docks[LESSON] else DATA_WIDTH) for dock in left]
        resize_docks(window, left, widths, _HORIZONTAL)
        below = [self._docks[group[0]] for group in layout.below]
        if self._turned:
            room = width - sum(widths)
            resize_docks(window, below, [round(STEPPER_SHARE * room)] * len(below), _HORIZONTAL)
            if self._height is Height.FLAT:
                share = UNDER_SHARE[self._desk is not None]
                resize_docks(window, right, [round(share * height)] * len(right), _VERTICAL)
            return
        resize_docks(window, right, [wide] * len(right), _HORIZONTAL)
        deep = min(max(round(0.47 * height), px(330)), px(480))
        if all(group[0] in TABLES for group in layout.below):
            deep = px(TABLE_HEIGHT)
        resize_docks(self._window, below, [deep] * len(below), _VERTICAL)
        # The plane is square, so extra height would be useless.
        square = wide - px(20)
        if len(right) == 3:
            spare = height - px(26) - sum(px(least) for least in COLUMN)
            shares = [px(least) + round(spare * least / sum(COLUMN)) for least in COLUMN]
            shares[0] = min(square, shares[0])
            resize_docks(self._window, right, shares, _VERTICAL)
        elif len(right) == 2:
            first = min(square, round(0.57 * height))
            resize_docks(window, right, [first, height - first], _VERTICAL)

    def _follow_size(self) -> None:
        """If the user has moved no panel, arrange them for a window of this size."""
        if self._moved or self._whole is not None:
            return
        if self._height is self._height_now():
            self.divide()
        else:
            self._take()

    def _on_floated(self, dock: Dock, floats: bool) -> None:
        if not self._arranging and self._whole is None:
            (self.room.leave if floats else self.room.take_back)(dock)

    def _on_moved(self, *_: object) -> None:
        self._moved = self._moved or not (self._arranging or self._whole is not None)

    def _make_room(self, name: str, shown: bool) -> None:
        if name == "lens":
            self.room.lens_closed = not shown
        if not self._turned:  # else its places are divided already
            self.room.make(name, shown)

    def _area_of(self, spec: PanelSpec) -> Area:
        """The side of the window at which a panel is docked."""
        if self._height is Height.SCANT:
            return _RIGHT if spec.area == _BOTTOM else spec.area
        return _TURNED.get(spec.area, spec.area) if self._turned else spec.area

    # --- one panel alone -------------------------------------------------------------------------

    def toggle_maximized(self) -> None:
        """Show the panel that has the keyboard alone, or all again."""
        if self._whole is not None:
            self.restore_whole()
        else:
            self.maximize(self._focused())

    @property
    def maximized(self) -> bool:
        """Whether one panel is maximized."""
        return self._whole is not None

    def maximize(self, alone: Dock | None) -> None:
        """Show a panel alone, or (None) the network; a second time, all again."""
        if self._whole is not None:
            self.restore_whole()
            return
        self._whole = self._window.saveState(VERSION)
        self._arranging = True
        for dock in self._docks.values():
            if dock is not alone and not dock.isFloating():
                dock.hide()
        if alone is not None:
            alone.setFloating(False)
            self._show_centre(False)
            alone.bring()
        self._arranging = False

    def restore_whole(self) -> bool:
        """Show all panels again, if one is maximized; returns whether it was."""
        if self._whole is None:
            return False
        self._arranging = True
        self._show_centre(True)
        self._restore(self._whole)
        self._whole = None
        self._arranging = False
        return True

    def _show_centre(self, on: bool) -> None:
        centre = self._window.centralWidget()
        if centre is not None:
            centre.setVisible(on)

    def _focused(self) -> Dock | None:
        widget: QWidget | None = QApplication.focusWidget()
        while widget is not None and not isinstance(widget, Dock):
            widget = widget.parentWidget()
        return widget

    def present(self, on: bool) -> None:
        """Hide the building controls; a double click on a title maximizes its panel."""
        self.restore_whole()
        self._presenting = on
        for dock in self._docks.values():
            dock.maximizes = on
        if on and self._desk is None and not self._docks["data"].isHidden():
            self._data_hidden = True
            self._docks["data"].hide()
        self._show_data_again()

    def _show_data_again(self) -> None:
        """Show the data that the presentation hid, once both it and a lesson are over."""
        if self._data_hidden and not self._presenting and self._desk is None:
            self._data_hidden = False
            self._docks["data"].show()

    # --- remembered ------------------------------------------------------------------------------

    def restore(self) -> None:
        """Be as the last window was when it was closed."""
        settings = QSettings()
        geometry = settings.value("geometry")
        if isinstance(geometry, QByteArray):
            self._window.restoreGeometry(geometry)
        for name in LAYOUTS:
            for height in Height:
                state = settings.value(f"layout/{name}/{height}")
                if isinstance(state, QByteArray):
                    self._kept[f"layout/{name}/{height}"] = state
        current = str(settings.value("layout/current", FIRST))  # the file may hold anything
        self.current = current if current in LAYOUTS else FIRST
        self.actions[self.current].setChecked(True)
        self._take()

    def save(self) -> None:
        """Remember all layouts for the next window."""
        self.end_lesson()
        self.restore_whole()
        self._keep()
        settings = QSettings()
        settings.setValue("geometry", self._window.saveGeometry())
        settings.setValue("layout/current", self.current)
        for name in LAYOUTS:
            for height in Height:
                key = f"layout/{name}/{height}"
                if key in self._kept:
                    settings.setValue(key, self._kept[key])
                else:
                    settings.remove(key)

    def raise_floating(self) -> None:
        """Raise floating panels above the window: they were shown before it was placed."""
        for dock in self._docks.values():
            if dock.isFloating() and not dock.isHidden():
                dock.hide()
                dock.bring()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window:
            if event.type() == QEvent.Type.Resize:
                self._later.start()
            elif event.type() == QEvent.Type.MouseButtonPress:
                self._moved = True  # a splitter: nothing else of the window itself can be pressed
        return super().eventFilter(watched, event)
