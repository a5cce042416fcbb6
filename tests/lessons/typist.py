"""Does the lines of a step's test without a mouse: Tab, Space, Return, arrows, letters, F keys."""

import re

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QRadioButton,
)

from core.by_hand import BIAS, Place
from core.lessons import goal as goals
from core.walk.entry import parse
from gui.lessons.events import action_of, write
from gui.parts import key_of, menu_of
from gui.style.text import parameter
from gui.widgets.popup import Popup
from tests.e2e.work import at_rest
from tests.lessons.player import LONG_MS
from tests.patience import PATIENCE_MS

MOST_TABS = 150  # from any part of the window to any other
MOST_KEYS = 400  # arrows to a number, or to a place on the cost surface
_DRAWN = re.compile(r"canvas\.(\w+)\[(\d+)\](?:\[(\d+)(?:,(\d+))?\])?")


def wake(window):
    """Give the window the keyboard, as a desktop does once a popup has closed; offscreen none
    does.
    """
    active = QApplication.activeWindow()
    if QApplication.activePopupWidget() is None and (active is None or not active.isVisible()):
        window.activateWindow()
        for _ in range(PATIENCE_MS // 10):
            if QApplication.activeWindow() is window:
                break
            QTest.qWait(10)


def press(window, key):
    """Press a key in what has the keyboard."""
    wake(window)
    popup = QApplication.activePopupWidget()
    has_keys = QApplication.focusWidget() if popup is None else popup.focusWidget()
    QTest.keySequence(has_keys or popup or window, key)


class Typist:
    """One who has a window and its keys, and sees what a lesson asks for."""

    def __init__(self, qtbot, window):
        self._qtbot, self._window = qtbot, window
        self._guide = window.lessons.guide

    def do(self, command):
        """Carry out one line, except answers."""
        if command.verb in ("answer", "pause"):
            return
        getattr(self, f"_{command.verb}")(*command.words)
        self._close_popups()
        self._rest()

    # --- keys -------------------------------------------------------------------------------------

    def press(self, *keys):
        for key in keys:
            press(self._window, key)

    def reach(self, widget, *, within=True):
        """Move the keyboard on until this has it, or something `within` it; through the menus and
        popups that it is in.
        """
        if (menu := menu_of(widget)) is not None and not widget.isVisible():
            self._open_popup(menu)
        popup = widget.window()
        if isinstance(popup, Popup) and not popup.isVisible():
            self._open_popup(popup.parentWidget())
        for _ in range(MOST_TABS):
            if _has_keys(widget, within):
                return
            here = QApplication.focusWidget()
            if here is not None and _alike(
                here, widget
            ):  # the choices of one group are one stop of Tab
                right, down = widget.x() - here.x(), widget.y() - here.y()
                across, upright = ("Left", "Right"), ("Up", "Down")
                self.press(across[right > 0] if right else upright[down > 0])
            else:
                self.press("Tab")
        raise AssertionError(f"{key_of(widget) or widget} is not reached by Tab")

    def _open_popup(self, opener):
        before = QApplication.activePopupWidget()
        self.reach(opener)
        QTest.keySequence(opener, "Space")
        self._qtbot.waitUntil(lambda: QApplication.activePopupWidget() not in (None, before))

    def _close_popups(self):
        for _ in range(4):
            if (popup := QApplication.activePopupWidget()) is None:
                break
            QTest.keySequence(popup, "Esc")

    def _rest(self):
        self._qtbot.waitUntil(lambda: at_rest(self._window), timeout=LONG_MS)
        self._qtbot.wait(20)

    def _type(self, words):
        field = QApplication.focusWidget()
        assert isinstance(field, QLineEdit | QPlainTextEdit), field
        QTest.keySequence(field, "Ctrl+A")
        for sign in words:
            write(field, sign)
        if isinstance(field, QLineEdit):
            QTest.keySequence(field, "Return")

    def _take(self, value):
        """Take a choice of the menu that is open."""
        self._qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), QMenu))
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu)
        wanted = action_of(menu, value)
        assert wanted is not None, value
        for _ in menu.actions():
            if menu.activeAction() is wanted:
                break
            QTest.keySequence(menu, "Down")
        QTest.keySequence(menu, "Return")

    # --- the run ----------------------------------------------------------------------------------

    def _play(self, _to):
        """Play until the run ends, or the goal is reached."""
        training = self._window.training
        self.press("F5")
        ended = lambda: not training.playing or self._guide.reached  # noqa: E731
        self._qtbot.waitUntil(ended, timeout=LONG_MS)
        if training.playing:
            self.press("F5")

    def _step(self, times):
        for _ in range(int(times)):
            before = self._window.training.latest.iteration
            self.press("F10")
            self._qtbot.waitUntil(lambda now=before: self._window.training.latest.iteration > now)
            self._rest()

    def _reset(self):
        self.press("Ctrl+R")
        self._qtbot.waitUntil(lambda: self._window.training.latest.iteration == 0)

    def _expect(self, name, value, within):
        """Wait for what a lab says; runs are stopped by hand, and their numbers are others'."""
        if name.startswith("lab."):
            goal = goals.parse(f"abs({name} - {value}) <= {within}")
            self._qtbot.waitUntil(lambda: goal.met(self._guide.watch.facts()), timeout=LONG_MS)

    # --- the canvas -------------------------------------------------------------------------------

    def _to_canvas(self, layer):
        self.reach(self._window.canvas)
        for _ in range(20):
            at = self._window.selection.layer
            if at == layer:
                return
            self.press("Right" if at < layer else "Left")
        raise AssertionError(f"layer {layer} is not reached")

    def _to_unit(self, layer, unit):
        """Look at a unit, counted from 1."""
        selection = self._window.selection
        self._to_canvas(layer)
        for _ in range(MOST_TABS):
            self.press("Down")
            if selection.unit == (layer, unit - 1):
                return
        raise AssertionError(f"unit {unit} of layer {layer} is not reached")

    def _of_canvas(self, key):
        found = _DRAWN.fullmatch(key)
        assert found is not None, key
        return (found[1], *(int(index) if index else 0 for index in found.group(2, 3, 4)))

    def _drag(self, key, *to):
        if key == "surface":
            self._drag_point(float(to[0]), float(to[1]))
            return
        what, layer, row, column = self._of_canvas(key)
        name = parameter(Place(layer, row - 1, BIAS if what == "bias" else column - 1))
        self._to_unit(layer, row)
        self.press("W")
        for way in [*["Alt+Left"] * 4, *["Alt+Right"] * 8]:
            if _named() == name:
                break
            self.press(way)
        assert _named() == name
        self._type(to[0])

    def _drag_point(self, x, y):
        surface = self._window.docking.panels["surface"]
        chart = surface.relief.plot
        self.reach(chart)
        for _ in range(MOST_KEYS):
            here, seen = surface.here, chart.seen()
            away = (x - here[0]) / seen.width(), (y - here[1]) / seen.height()
            if max(map(abs, away)) < 1 / 70:
                return
            across = abs(away[0]) >= abs(away[1])
            keys = ("Left", "Right") if across else ("Down", "Up")
            self.press(keys[(away[0] if across else away[1]) > 0])
            self._qtbot.waitUntil(lambda before=here: surface.here != before)

    def _hover(self, key):
        _, layer, unit, _ = self._of_canvas(key)
        self._to_unit(layer, unit)

    def _mute(self, layer, unit):
        self._to_unit(int(layer), int(unit))
        self.press("M")

    # --- controls ---------------------------------------------------------------------------------

    def _set(self, key, value):
        part = self._window.parts.find(key if "." in key else f"runbar.{key}")
        if part.key.startswith("canvas."):
            self._to_canvas(self._of_canvas(key)[1])
            self.press(*value, "Return")
            return
        self.reach(part.widget)
        field = QApplication.focusWidget()
        if not isinstance(field, QLineEdit | QPlainTextEdit):
            self.reach(next(iter(part.widget.findChildren(QLineEdit))))
        self._type(value)

    def _choose(self, key, value):
        if key.startswith("canvas."):
            self._to_canvas(self._of_canvas(key)[1])
            self.press("A")
        else:
            self.reach(self._window.parts.find(key).widget)
            self.press("Space")
        self._take(value)

    def _click(self, key):
        part = self._window.parts.find(key)
        if part.action is not None and not part.action.shortcut().isEmpty():
            self.press(part.action.shortcut().toString(QKeySequence.SequenceFormat.PortableText))
        elif key.startswith("canvas."):
            what, layer, unit, _ = self._of_canvas(key)
            if what == "add":
                self._to_canvas(layer - 1)
                self.press("Ctrl+Return")
            else:
                self._to_unit(layer, unit)
        elif ".node[" in key:
            self._to_node(part)
        else:
            self.reach(part.widget)
            self.press("Space")

    def _to_node(self, part):
        self.reach(part.widget)
        name = part.key.rpartition("[")[2].removesuffix("]")
        lab = self._window.docking.lab("labs.graph")
        for _ in range(MOST_TABS):
            if name in lab.nudge.text().split():
                return
            self.press("Down")
        raise AssertionError(f"the node {name} is not reached")

    def _key(self, *words):
        if len(words) == 2 and words[0] == "canvas":
            self.reach(self._window.canvas)
        elif len(words) == 2:
            self.reach(self._window.parts.find(words[0]).widget)
        self.press(words[-1])

    def _lab(self, name, action, part, *words):
        getattr(self, f"_{action}")(f"labs.{name}.{part}", *words)

    # --- the walk ---------------------------------------------------------------------------------

    def _walk(self, chip):
        walk = self._window.walk
        self._qtbot.waitUntil(lambda: walk.record is not None, timeout=LONG_MS)
        self.reach(self._window.docking.panels["stepper"], within=False)
        self.press("Home")
        for _ in walk.steps:
            if walk.step.chip == chip:
                return
            self.press("Right")
        raise AssertionError(f"{chip} is not reached")

    def _open(self, symbol):
        walk, stepper = self._window.walk, self._window.docking.panels["stepper"]
        wanted = parse(symbol, walk.record.L)
        self._click("stepper.view[matrix]")
        for view in stepper.operation.matrices.views:
            self.reach(view)
            self.press("Home", *["Up"] * 20, "Return")
            for _ in range(20):
                if walk.entry == wanted:
                    return
                if walk.entry is not None:
                    self.press("Esc")
                    self.reach(view)
                self.press("Down", "Return")
        raise AssertionError(f"{symbol} is not opened")

    def _plant(self, bug):
        self._check("bug_button")
        self._take(bug)
        self._qtbot.waitUntil(lambda: self._checks.done, timeout=LONG_MS)

    def _run_check(self):
        self._check("start_button")
        self._qtbot.waitUntil(lambda: self._checks.done, timeout=LONG_MS)

    @property
    def _checks(self):
        return self._window.docking.panels["stepper"].checks

    def _check(self, pressed):
        stepper = self._window.docking.panels["stepper"]
        self._open_popup(stepper.lamp)
        self._qtbot.waitUntil(lambda: not self._checks.running, timeout=LONG_MS)
        self.reach(getattr(stepper.lamp.card, pressed))
        self.press("Space")

    def _sweep(self, preset):
        self.press("F9")
        sweeps = self._window.sweeps
        self._qtbot.waitUntil(lambda: sweeps.window is not None and sweeps.window.isVisible())
        form, runner = sweeps.window.form, sweeps.runner
        sweeps.window.activateWindow()
        self._qtbot.waitUntil(sweeps.window.isActiveWindow)
        earlier = runner.order
        self.reach(form.preset)
        self.press("Space")
        self._take(preset)
        self.reach(form.start)
        self.press("Space")
        made = lambda: runner.order is not earlier and not runner.running  # noqa: E731
        self._qtbot.waitUntil(made, timeout=LONG_MS)
        self.press("Esc")
        self._window.activateWindow()


def _has_keys(widget, within):
    here = QApplication.focusWidget()
    if here is None or here.window().isHidden():
        return False
    return here is widget or (within and widget.isAncestorOf(here))


def _named():
    """What has the keyboard, as a screen reader says it."""
    here = QApplication.focusWidget()
    return "" if here is None else here.accessibleName()


def _alike(one, other):
    """Whether arrows lead from one choice to the other, and Tab passes both at once."""
    if other.focusPolicy() == Qt.FocusPolicy.NoFocus:
        return type(one) is type(other) and one.parentWidget() is other.parentWidget()
    if not (isinstance(one, QAbstractButton) and isinstance(other, QAbstractButton)):
        return False
    if isinstance(one, QRadioButton):
        return one.parentWidget() is other.parentWidget()
    return one.group() is not None and one.group() is other.group()
