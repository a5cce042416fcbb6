"""Performs the test of a step with the mouse and the keys, part by part, as a learner would."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from numbers import Real
from typing import Protocol

from PySide6.QtCore import QObject, QPoint, QPointF, Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QWidget,
)

from core.errors import LayerwiseError
from core.lessons import goal as goals
from core.lessons import questions
from core.lessons.lesson import IMPOSSIBLE, Command
from core.limits import clip
from core.walk.bugs import BUGS
from core.walk.entry import parse
from gui.canvas.weight_card import WeightCard
from gui.labs.plot import LinePlot
from gui.lessons.desk import Desk
from gui.lessons.events import action_of, is_in, move, write
from gui.lessons.facts import Watch
from gui.lessons.options import Answering, Choosing, Filling, Matching, Ordering, Writing
from gui.lessons.panel import LessonPanel
from gui.panels.surface.panel import SurfacePanel
from gui.parts import Part, focus_part, key_of
from gui.stepper.operation import MATRIX
from gui.stepper.terms import cell_of
from gui.widgets.popup import Popup

SLOW_MS, FAST_MS = 900, 15
LOOK_MS = 15
LONGEST_MS = 240_000  # that one thing may take
PATIENT_MS = 4_000  # until a number must have the expected value
LEFT, NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
Until = Callable[[], bool]


def _at_once() -> bool:
    return True


class Led(Protocol):
    """The lesson that the hands work in; `most` iterations limit the next Play."""

    panel: LessonPanel
    watch: Watch
    most: float

    def let_hands(self, on: bool) -> None:
        """Let the next actions pass the locks, or not any more."""


class Hands(QObject):
    """Does one line after another, each when the one before is finished.

    `failed` reports a line that could not be done; `expected` every expected number and its value,
    for tests.
    """

    finished = Signal()
    failed = Signal(str)

    def __init__(self, desk: Desk, guide: Led, parent: QObject) -> None:
        super().__init__(parent)
        self._desk, self._guide = desk, guide
        self._left: list[Command] = []
        self._until: Until = _at_once
        self._slowly, self._waited = False, 0
        self.expected: list[tuple[str, float, float, float]] = []
        self._next = QTimer(self, singleShot=True)
        self._next.timeout.connect(self._advance)

    @property
    def busy(self) -> bool:
        """Whether a line is being carried out."""
        return self._next.isActive() or bool(self._left)

    def perform(self, lines: Sequence[Command], *, slowly: bool = False) -> None:
        """Do these lines, with a pause before each if `slowly`."""
        self._left, self._until, self._slowly = list(lines), self._rests, slowly
        self._waited = 0
        self._next.start(LOOK_MS)

    def stop(self) -> None:
        """Leave it."""
        self._left, self._until = [], _at_once
        self._next.stop()

    def _rests(self) -> bool:
        training = self._desk.training
        seen = training.standing
        there = seen is not None and seen.idle and training.is_current(seen)
        return there and seen is not None and seen.project == self._desk.document.project

    def _advance(self) -> None:
        try:
            ready = self._until()
        except LayerwiseError as error:
            self._fail(str(error))
            return
        if not ready:
            self._waited += LOOK_MS
            if self._waited > LONGEST_MS:
                self._fail("it took too long")
            else:
                self._next.start(LOOK_MS)
            return
        self._waited, self._until = 0, _at_once
        if not self._left:
            self.finished.emit()
            return
        command = self._left.pop(0)
        try:
            self._until = self._do(command) or _at_once
        except LayerwiseError as error:
            self._fail(f"{command.text}: {error}")
            return
        except (LookupError, ValueError, OverflowError):
            self._fail(f"{command.text}: there is no such thing to do here")
            return
        self._next.start(SLOW_MS if self._slowly else FAST_MS)

    def _fail(self, reason: str) -> None:
        self.stop()
        self.failed.emit(reason)

    def _do(self, command: Command) -> Until | None:
        does: dict[str, Callable[..., Until | None]] = {
            "answer": self._answer,
            "play": self._play,
            "step": self._step,
            "pause": lambda: self._click("runbar.play") if self._desk.training.playing else None,
            "reset": lambda: self._click("runbar.reset") or self._rests,
            "set": self._set,
            "choose": self._choose,
            "click": self._click,
            "hover": self._hover,
            "drag": self._drag,
            "key": self._key,
            "walk": self._walk,
            "open": self._open,
            "plant": self._plant,
            "run_check": self._run_check,
            "sweep": self._sweep,
            "panel": self._panel,
            "lab": self._lab,
            "select": self._select,
            "mute": self._mute,
            "expect": self._expect,
        }
        return does[command.verb](*command.words)

    # --- the run ----------------------------------------------------------------------------------

    def _play(self, to: str) -> Until:
        training, seen = self._desk.training, self._desk.training.latest
        target = int(to)
        by_hand = seen is not None and bool(len(seen.by_hand))
        anew = by_hand and seen is not None and int(seen.by_hand[-1]) == seen.iteration
        now = 0 if seen is None or anew or training.diverged else seen.iteration
        self._guide.most = max(1, target - now)
        self._click("runbar.play")

        def there() -> bool:
            seen = training.latest
            if seen is None or training.playing or not self._rests():
                return False
            return seen.iteration >= target or seen.halt is not None

        return there

    def _step(self, times: str) -> Until:
        """One press after another: of two at once the first would be forgotten."""
        seen, left = self._desk.training.latest, int(times) - 1
        target = (seen.iteration if seen else 0) + 1
        self._click("runbar.step")
        if left:
            self._left.insert(0, Command("step", (str(left),)))

        def there() -> bool:
            now = self._desk.training.latest
            return now is not None and now.iteration >= target and self._rests()

        return there

    # --- parts ------------------------------------------------------------------------------------

    def _find(self, key: str) -> Part:
        part = self._desk.parts.find(key)
        part.bring()
        return part

    def _press(self, widget: QWidget, at: QPoint) -> None:
        from PySide6.QtTest import QTest  # late: only this class needs it

        self._guide.let_hands(True)
        try:
            QTest.mouseMove(widget, at)
            QTest.mouseClick(widget, LEFT, NONE, at)
        finally:
            self._guide.let_hands(False)

    def _click(self, key: str) -> Until | None:
        part = self._find(key)
        in_menu = isinstance(part.widget, QMenu)
        if part.widget is None or in_menu or part.widget.isWindow():
            self._trigger(part)
        else:
            self._press(part.widget, _place_of(part))
            if isinstance(part.widget.window(), Popup):
                self._close_popups()
        return None

    def _trigger(self, part: Part) -> None:
        if part.action is None:
            raise LayerwiseError(f"{part.key} cannot be pressed")
        part.action.trigger()
        self._close_popups()

    def _hover(self, key: str) -> Until | None:
        from PySide6.QtTest import QTest

        part = self._find(key)
        if part.widget is None:
            raise LayerwiseError(f"{key} cannot be pointed at")
        at = _place_of(part)
        QTest.mouseMove(part.widget, at - QPoint(1, 1))
        QTest.mouseMove(part.widget, at)
        move(part.widget, QPointF(at), Qt.MouseButton.NoButton)
        return None

    def _lab(self, name: str, action: str, part: str, *words: str) -> Until | None:
        """Use a part of a lab, which is opened if necessary: `lab neuron set z 6`."""
        key = f"labs.{name}"
        if not self._desk.sees(key):
            self._left.insert(0, Command("lab", (name, action, part, *words)))
            return self._panel(key)
        does: dict[str, Callable[..., Until | None]] = {
            "set": self._set,
            "choose": self._choose,
            "click": self._click,
            "hover": self._hover,
            "key": self._key,
            "drag": self._drag_line,
        }
        return does[action](f"{key}.{part}", *words)

    def _panel(self, name: str) -> Until | None:
        docks = self._desk.docks
        dock = docks.lab_dock(name) if name.startswith("labs.") else docks.by_name[name]
        if dock.isHidden() or dock.is_behind:
            dock.show_action.trigger()
        return lambda: not dock.is_behind

    def _type(self, field: QWidget, text: str) -> None:
        from PySide6.QtTest import QTest

        self._guide.let_hands(True)
        try:
            field.setFocus()
            QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
            for sign in text:
                write(field, sign)
            if not isinstance(field, QPlainTextEdit):
                QTest.keyClick(field, Qt.Key.Key_Return)
        finally:
            self._guide.let_hands(False)

    def _set(self, setting: str, value: str) -> Until:
        key = setting if "." in setting else f"runbar.{setting}"
        part = self._find(key)
        painted = part.widget is not None and key_of(part.widget) != key
        if painted:
            self._click(key)  # its field opens over it

        def typed() -> bool:
            field = QApplication.focusWidget() if painted else part.widget
            if not painted and field is not None and not isinstance(field, QLineEdit):
                field = next(iter(field.findChildren(QLineEdit)), None)
                if field is None:
                    raise LayerwiseError(f"{setting} has no field to type in")
            if not isinstance(field, QLineEdit):
                return False
            self._type(field, value)
            return self._close_popups()

        return self._in_turn(typed, self._rests)

    def _choose(self, key: str, value: str) -> Until:
        part = self._find(key)
        if part.widget is None:
            raise LayerwiseError(f"{key} has nothing to choose")
        self._press(part.widget, _place_of(part))
        return self._in_turn(self._pick(key, value), self._close_popups, self._rests)

    def _close_popups(self) -> bool:
        """Close a control's popup, and the one that it is in, of a bar without room for it."""
        while (popup := QApplication.activePopupWidget()) is not None and popup.close():
            pass
        return True

    def _pick(self, key: str, value: str) -> Until:
        """Take a choice of the menu that is open."""

        def picked() -> bool:
            menu = QApplication.activePopupWidget()
            if not isinstance(menu, QMenu):
                return False
            action = action_of(menu, value)
            if action is None:
                menu.close()
                raise LayerwiseError(f"{key} has no choice {value!r}")
            self._press(menu, menu.actionGeometry(action).center())
            return True

        return picked

    def _key(self, *words: str) -> Until:
        """Press keys, in the part that is named once it has the keyboard: a popup gives it back
        only after it has closed.
        """
        part = self._desk.parts.find(words[0]) if len(words) == 2 else None
        if part is not None:
            focus_part(part)

        def pressed() -> bool:
            here = QApplication.focusWidget()
            if part is not None and (part.widget is None or not is_in(here, part.widget)):
                return False
            self._press_keys(here or self._desk.window, words[-1])
            return True

        return self._in_turn(pressed, _at_once)

    def _press_keys(self, widget: QWidget, keys: str) -> None:
        from PySide6.QtTest import QTest

        self._guide.let_hands(True)
        try:
            QTest.keySequence(widget, keys)
        finally:
            self._guide.let_hands(False)

    def _drag(self, key: str, *to: str) -> Until:
        if key == "surface":
            return self._drag_point(float(to[0]), float(to[1]))
        self._click(key)
        value, names = float(to[0]), iter(range(200))

        def typed() -> bool:
            found = [f for f in self._card_fields() if f.isVisible()]
            if not found:
                return next(names, None) is None
            self._type(found[0], f"{value:g}")
            return True

        return self._in_turn(typed, self._rests)

    def _in_turn(self, *each: Until) -> Until:
        """Whether each of these has been true, one after another, and the last still is.

        Between two of them the event loop runs: a person does not press twice in the same event.
        """
        left = list(each)

        def done() -> bool:
            if len(left) == 1:
                return left[0]()
            if left[0]():
                left.pop(0)
            return False

        return done

    def _card_fields(self) -> list[QLineEdit]:
        cards = self._desk.parts.panel("canvas").findChildren(WeightCard)
        return [field for card in cards for field in card.findChildren(QLineEdit)]

    def _drag_point(self, x: float, y: float) -> Until:
        """Drag the point of the cost surface to these parameters."""
        panel = self._desk.docks.panels["surface"]
        assert isinstance(panel, SurfacePanel)
        chart = panel.relief.plot
        here = panel.here
        if here is None or not chart.movable:
            raise LayerwiseError("the cost surface has no point to drag")
        self._drag_over(chart.viewport(), chart.point_at(*here), chart.point_at(x, y))
        return self._rests

    def _drag_line(self, key: str, to: str) -> Until | None:
        """Drag the upright line of a lab's plot to this x."""
        plot = self._find(key).widget
        if not isinstance(plot, LinePlot) or plot.line is None:
            raise LayerwiseError(f"{key} has no line to drag")
        start, end = plot.line_at(plot.line), plot.line_at(float(to))
        self._drag_over(plot.viewport(), start, end)
        return None

    def _drag_over(self, view: QWidget, start: QPointF, end: QPointF) -> None:
        """Press, move in visible steps, and release."""
        from PySide6.QtTest import QTest

        self._guide.let_hands(True)
        try:
            QTest.mousePress(view, LEFT, NONE, start.toPoint())
            for share in (0.25, 0.5, 0.75, 1.0):
                move(view, QPointF(start + (end - start) * share))
            QTest.mouseRelease(view, LEFT, NONE, end.toPoint())
        finally:
            self._guide.let_hands(False)

    def _walk(self, chip: str) -> Until:
        """Press the chip of a step, in the stepper, which is opened if necessary."""
        walk, training = self._desk.walk, self._desk.training
        if not self._desk.sees("stepper"):
            self._left.insert(0, Command("walk", (chip,)))
            return self._panel("stepper") or _at_once

        def recorded() -> bool:
            return self._rests() and not walk.lacks(training.standing)

        def pressed() -> bool:
            chips = [step.chip for step in walk.steps]
            if chip not in chips:
                there = f"there are {', '.join(chips)}" if chips else "there is nothing to walk yet"
                raise LayerwiseError(f"the walk has no step {clip(chip)!r}: {there}")
            self._click(f"stepper.chip[{chip}]")
            return True

        def walked() -> bool:
            return walk.step is not None and walk.step.chip == chip

        return self._in_turn(recorded, pressed, walked)

    def _open(self, symbol: str) -> Until:
        """Click the number in the step's matrices."""
        walk, operation = self._desk.walk, self._desk.stepper.operation
        if walk.record is None or operation.line is None:
            raise LayerwiseError("there is nothing to walk through yet")
        entry = parse(symbol, walk.record.L)
        if operation.view != MATRIX:
            self._click("stepper.view[matrix]")
        found = cell_of(operation.line, entry)
        if found is None:
            raise LayerwiseError(f"{operation.line.text} does not show {symbol}: walk there first")
        view = operation.matrices.views[found[0]]
        view.scroll_to(*found[1])
        self._press(view, view.grid.cell(*found[1]).center().toPoint())
        return lambda: walk.entry == entry

    def _plant(self, bug: str) -> Until:
        """Choose a bug in the card of the gradient check, which starts the check."""
        checks, card = self._desk.checks, self._desk.stepper.lamp.card
        if bug not in BUGS:
            raise LayerwiseError(f"there is no bug {bug!r} to plant: there are {', '.join(BUGS)}")
        self._click("stepper.check")

        def pressed() -> bool:
            if checks.running:
                return False
            if checks.bug:
                self._press_button(card.planted.remove)
                return False
            self._press_button(card.bug_button)
            return True

        picked = self._pick("stepper.check", bug)
        return self._in_turn(pressed, picked, lambda: checks.done, self._close_card)

    def _run_check(self) -> Until:
        checks, card = self._desk.checks, self._desk.stepper.lamp.card
        self._click("stepper.check")
        if not checks.running:
            self._press_button(card.start_button)
        return self._in_turn(lambda: checks.done, self._close_card)

    def _close_card(self) -> bool:
        self._desk.stepper.lamp.card.window().close()
        return True

    def _sweep(self, preset: str) -> Until:
        """Choose a preset in the window of sweeps, start it, and wait for it."""
        self._click("train.sweep")
        window = self._desk.sweeps.window
        assert window is not None
        form, runner, earlier = window.form, window.runner, window.runner.order
        self._press_button(form.preset)

        def started() -> bool:
            self._press_button(form.start)
            return True

        def made() -> bool:
            return runner.order is not earlier and not runner.running

        return self._in_turn(self._pick("sweep", preset), started, made, window.close)

    def _select(self, what: str, *numbers: str) -> Until | None:
        if what == "unit":
            return self._click(f"canvas.unit[{numbers[0]}][{numbers[1]}]")
        self._desk.selection.select_example(int(numbers[0]) - 1)
        return None

    def _mute(self, l: str, i: str) -> Until:
        self._click(f"canvas.unit[{l}][{i}]")
        return self._in_turn(self._key("canvas", "M"), self._rests)

    # --- questions --------------------------------------------------------------------------------

    def _answer(self, n: str, *words: str) -> Until | None:
        asking = self._guide.panel.asking
        if asking is None:
            return None  # it was skipped
        answer = questions.read_answer(asking.question, words)
        if isinstance(asking, Filling):
            self._fill(asking, words)
        elif isinstance(asking, Writing):
            self._type(asking.edit, " ".join(words))
        elif not isinstance(answer, str):
            self._mark(asking, answer)
        at_once = isinstance(asking, Choosing) and not asking.question.several
        if self._guide.panel.asking is asking and not at_once:
            self._press_button(asking.take_button)
        return None

    def _fill(self, asking: Filling, words: Sequence[str]) -> None:
        if words == (IMPOSSIBLE,):
            self._press_button(asking.impossible)
            return
        for field, word in zip(asking.fields, words, strict=True):
            field.setText(word)

    def _mark(self, asking: Answering, answer: tuple[float, ...]) -> None:
        if isinstance(asking, Choosing | Ordering):
            for option in answer:
                self._press_button(asking.options[int(option) - 1])
        elif isinstance(asking, Matching):
            known = range(1, len(asking.question.partners) + 1)
            if any(partner not in known for partner in answer):
                raise LayerwiseError(f"there are {len(known)} partners to choose from")
            for menu, partner in zip(asking.menus, answer, strict=True):
                menu.set_value(f"{partner:g}")

    def _press_button(self, pressed: QAbstractButton) -> None:
        self._press(pressed, pressed.rect().center())

    def _expect(self, name: str, value: str, tolerance: str) -> Until:
        """Compare a number with the line; a value still being measured gets a moment."""
        wanted, within, goal = float(value), float(tolerance), goals.parse(name)

        def held() -> bool:
            try:
                known = goals.value(goal, self._guide.watch.facts())
            except goals.Unanswered:
                known = math.nan
            if not isinstance(known, Real):
                raise LayerwiseError(f"{name} is {clip(str(known))}, which is no number")
            found = float(known)
            if math.isclose(found, wanted, rel_tol=0, abs_tol=within):
                self.expected.append((name, found, wanted, within))
                return True
            if self._waited < PATIENT_MS:
                return False
            if math.isnan(found):
                raise LayerwiseError(f"{name} is not known yet")
            raise LayerwiseError(f"{name} is {found}, the lesson says {value} ± {tolerance}")

        return held


def _place_of(part: Part) -> QPoint:
    """The pixel of a part's widget that is pressed. LayerwiseError if it is out of sight."""
    assert part.widget is not None
    if part.rectangle().isEmpty():
        raise LayerwiseError(
            f"{part.key} is out of sight: make the window larger, or the text smaller"
        )
    return part.widget.mapFromGlobal(part.point)
