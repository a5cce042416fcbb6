"""Runs a lesson: sets up scenes, asks, checks goals, and restores the window at the end."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication

from core.by_hand import RunPosition
from core.errors import LayerwiseError
from core.files.lessons import Package
from core.files.storage import Saved
from core.lessons import goal as goals
from core.lessons import questions
from core.lessons.lesson import SHAPES, LessonStep
from core.lessons.progress import Kept
from core.lessons.questions import Answer
from core.project import Project
from core.training.messages import Snapshot
from gui.lessons.checking import check
from gui.lessons.desk import Desk, on_screen
from gui.lessons.facts import Watch
from gui.lessons.hands import Hands
from gui.lessons.learner import Learner
from gui.lessons.movement import Movement
from gui.lessons.panel import LessonPanel, Said
from gui.lessons.prose import quoted
from gui.lessons.spotlight import Spotlight
from gui.lessons.straying import strayed
from gui.panels.surface.panel import SurfacePanel
from gui.parts import Kind, focus_part, menu_of, name_part, name_parts

PATIENCE = 0.5  # seconds to wait for the run's state when a step begins
WATCH_MS = 40
LOCKED = "This is locked in this step."


class Guide(QObject):
    """At most one lesson at a time; between `start` and `leave` the user's project is set aside."""

    changed = Signal()  # a lesson was opened or left, or a step of it was done
    noted = Signal(str)  # a sentence for the user

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk.window)
        self._desk = desk
        self.package: Package | None = None
        self.panel = LessonPanel()
        dock = desk.lesson
        dock.show_panel(self.panel, self.panel.lend_header(), scrolls=False)
        self._spotlight = Spotlight(desk.window)
        self._movement = Movement(dock)
        self._allowed: tuple[str, ...] | None = None  # keys of parts; None: all
        self.watch = Watch(desk.document, desk.training, desk.selection, desk.walk, self)
        self.hands = Hands(desk, self, self)
        self._at = 0
        self._question = 0  # of the step, the current question
        self._reached = False
        self._answers: dict[tuple[int, int], tuple[Answer, bool | None]] = {}
        self._begun: dict[int, Saved] = {}  # how each step began
        self._base: Project | None = None  # the settings with which this one did
        self._goal: goals.Goal | None = None
        self._pending: list[Callable[[], object]] = []  # for the first snapshot of a scene
        self.learner = Learner(self)
        self.learner.failed.connect(self.noted)
        self.most = math.inf  # iterations of the next Play
        self._soon = QTimer(self, interval=WATCH_MS, singleShot=True)
        self._soon.timeout.connect(self._look)
        self._connect()

    def _connect(self) -> None:
        panel, desk = self.panel, self._desk
        panel.answered.connect(self.answer)
        panel.refused.connect(panel.complain)
        panel.skip_wanted.connect(self.skip)
        panel.next_wanted.connect(self.advance)
        panel.back_wanted.connect(self.go_back)
        panel.leave_wanted.connect(self.leave)
        panel.reset_wanted.connect(self.reset)
        panel.show_wanted.connect(self.show_me)
        panel.keep_wanted.connect(self._keep)
        panel.restore_wanted.connect(self.restore)
        self.hands.failed.connect(
            lambda reason: self.noted.emit(
                self.tr("This could not be shown: {reason}.").format(reason=reason.rstrip("."))
            )
        )
        self.watch.changed.connect(self._look_soon)
        self._movement.seen.connect(self._light)
        desk.parts.refused.connect(self._on_refused)
        desk.training.arrived.connect(self._on_arrived)
        desk.parts.carried_out.connect(self._on_carried_out)
        desk.document.changed.connect(self._look_soon)
        desk.training.playing_changed.connect(self._look_soon)
        for dock in desk.docks.by_name.values():
            dock.visibilityChanged.connect(self._look_soon)
        desk.docks.made.connect(lambda dock: dock.visibilityChanged.connect(self._look_soon))
        desk.docks.lab_changed.connect(self._look_soon)
        self.watch.panel, self.watch.view = desk.sees, desk.views
        self.watch.lab = desk.docks.lab_facts
        self.watch.answers = self._answered
        self.watch.check = lambda: None if desk.checks.stale else desk.checks.result
        self.watch.runner = lambda: desk.sweeps.runner
        desk.checks.changed.connect(self._look_soon)
        desk.stepper.view_changed.connect(self._look_soon)
        desk.sweeps.changed.connect(self._look_soon)

    # --- opening and leaving ----------------------------------------------------------------------

    @property
    def active(self) -> bool:
        """Whether a lesson is open."""
        return self.package is not None

    @property
    def step(self) -> LessonStep:
        """The current step."""
        assert self.package is not None, "no lesson is open"
        return self.package.lesson.steps[self._at]

    @property
    def at(self) -> int:
        """Which step that is, from 0."""
        return self._at

    @property
    def settled(self) -> bool:
        """Whether the scene of the step is set up, with all its choices."""
        return not self._pending

    @property
    def reached(self) -> bool:
        """Whether its goal is reached."""
        return self._reached

    def start(self, package: Package, place: str = "Lesson", at: int | None = None) -> None:
        """Open a lesson where it was left, or at this step, with the user's project set aside.
        Raises LayerwiseError, having changed nothing.
        """
        check(package, self._desk)
        course, steps = self.learner.course(package.name), package.lesson.steps
        left = course.at if at is None and not course.finished else at or 0
        first = left if 0 < left < len(steps) else 0
        while first and first not in package.scenes:
            first -= 1
        if self.active:
            self.leave()
        desk = self._desk
        desk.autosave.hold()
        try:
            scene = package.scenes.get(first) or Saved(Project())
            desk.files.park(scene, package.lesson.title)
        except LayerwiseError:
            desk.autosave.resume()
            raise
        self.package, self._answers, self._begun = package, {}, {}
        for kept in course.answers:
            self._answers[kept.step, kept.question] = (kept.answer, kept.right)
        desk.training.prepare = self._prepare
        desk.layouts.begin_lesson()
        dock = desk.lesson
        name_part(dock, "lesson", self.tr("Lesson"), Kind.PANEL)
        name_parts("lesson", self.panel.named_parts())
        self.panel.show_lesson(package.lesson, place, package.pictures)
        self._movement.start()
        self.watch.begin()
        self._begin_step(first, parked=True)
        self.changed.emit()

    def leave(self) -> None:
        """Close the lesson and bring the user's project back."""
        if not self.active:
            return
        desk = self._desk
        self.hands.stop()
        self._soon.stop()
        self.watch.end()
        self._movement.stop()
        desk.parts.allow(None)
        self._spotlight.light((), (), ())
        self._pending.clear()
        desk.hide_shapes(False)
        self.panel.ask(None)
        desk.training.prepare = None
        self.package, self._base = None, None
        desk.lesson.setProperty("part", "")
        desk.checks.forget()
        desk.files.unpark()
        desk.layouts.end_lesson()
        desk.autosave.resume()
        self.changed.emit()

    # --- steps ------------------------------------------------------------------------------------

    def advance(self) -> None:
        """Go to the next step, or end the lesson after the last."""
        if not self.active or not self.panel.next.isEnabled():
            return
        self._next()

    def _next(self) -> None:
        assert self.package is not None
        if self._at + 1 < len(self.package.lesson.steps):
            self._begin_step(self._at + 1)
        else:
            title = self.package.lesson.title
            self.learner.stands(self.package.name, 0, self.package.lesson)
            self.leave()
            self.noted.emit(
                self.tr("You have finished “{title}”. Learn has the next one.").format(title=title)
            )

    def go_back(self) -> None:
        """Go to the beginning of the step before."""
        if self.active and self._at > 0:
            self._begin_step(self._at - 1, again=True)

    def skip(self) -> None:
        """Continue without an answer, or without the goal."""
        if not self.active:
            return
        if self._asking:
            self._ask_next()
        else:
            self._next()

    def reset(self) -> None:
        """Begin this step again."""
        if self.active:
            self._begin_step(self._at, again=True)

    def restore(self) -> None:
        """Bring back the settings that this step began with."""
        if self.active and self._base is not None:
            self._desk.document.edit(self.tr("Restore the settings of the step"), self._base)
            self._say_stray("")

    def show_me(self) -> None:
        """Carry the step out, slowly."""
        if self.active:
            self._begin_step(self._at, again=True)
            self.hands.perform(self.step.test, slowly=True)

    def let_hands(self, on: bool) -> None:
        """Let the next actions pass the locks: they are the lesson's own."""
        self._desk.parts.allow(None if on else self._allowed)

    def _keep(self) -> None:
        try:
            self._desk.files.save_copy()
        except LayerwiseError as error:
            self.noted.emit(str(error))

    def _begin_step(self, at: int, *, again: bool = False, parked: bool = False) -> None:
        assert self.package is not None
        desk = self._desk
        self.hands.stop()
        desk.training.pause()
        self._at, self._question, self._reached, self.most = at, 0, False, math.inf
        step, scene = self.step, self.package.scenes.get(at)
        if again and scene is None:
            scene = self._begun.get(at) or self._scene_before(at)
        if scene is not None:
            desk.checks.forget()
        if scene is not None and not parked:
            desk.files.show_scene(replace(scene, runs=desk.training.runs.kept))
        elif not parked:
            self._begun[at] = desk.files.gathered(desk.training.stand(PATIENCE))
        self._base = desk.document.project
        self._goal = goals.parse(step.goal) if step.goal else None
        self.watch.wants = frozenset(goals.names(self._goal)) if self._goal else frozenset()
        desk.canvas.hover(None)  # what is looked at from now on counts, also the same again
        self.watch.begin_step(at)
        for lab in desk.docks.labs:
            lab.begin_step()
        self._arrange(step, first=parked)
        self._pending = [lambda: self._select(step)]
        self._show_step()
        self.learner.stands(self.package.name, at, self.package.lesson)
        desk.training.refresh()

    def _scene_before(self, at: int) -> Saved | None:
        assert self.package is not None
        found = [step for step in self.package.scenes if step <= at]
        return self.package.scenes[max(found)] if found else None

    def _arrange(self, step: LessonStep, *, first: bool) -> None:
        layouts = self._desk.layouts
        if step.layout or step.show or first:
            layouts.teach(step.layout or layouts.current, step.show)
        for part in self._desk.found(key for key in step.point if not key.startswith("canvas")):
            part.bring()
        popup = QApplication.activePopupWidget()
        if popup is not None:  # with controls that a bar has no room for
            popup.close()

    def _select(self, step: LessonStep) -> None:
        """Make a step's choices in its scene, once that is set up."""
        selection, panels = self._desk.selection, self._desk.docks.panels
        if step.example is not None:
            selection.select_example(min(step.example, self._desk.document.project.data.m) - 1)
        if step.unit is not None and _has_unit(self._desk.document.project, *step.unit):
            selection.choose_unit(step.unit[0], step.unit[1] - 1)
        surface = panels.get("surface")
        if isinstance(surface, SurfacePanel) and step.bounds is not None:
            a, b, c, d = step.bounds
            surface.show_bounds(((a, b), (c, d)))
        if step.bug:
            self._desk.checks.plant(step.bug)
        if step.iteration is not None:
            self._desk.training.visit(step.iteration)

    def _on_arrived(self, snapshot: Snapshot) -> None:
        if self.active and self._pending and snapshot.project == self._desk.document.project:
            pending, self._pending = self._pending, []
            for do in pending:
                do()
            self._light()

    # --- questions ----------------------------------------------------------------------------

    @property
    def _asking(self) -> bool:
        return self._question < len(self.step.questions)

    def answer(self, answer: Answer) -> None:
        """Take an answer, and ask the next question."""
        if self.package is None or not self._asking:
            return
        asked, place = self.step.questions[self._question], (self._at, self._question)
        judged = questions.judge(asked, answer)
        self._answers[place] = (answer, judged.right)
        words = self.step.title, asked.text, questions.written(asked, answer)
        self.learner.answered(self.package.name, Kept(*place, answer, judged.right, *words))
        self._ask_next()

    def _ask_next(self) -> None:
        self._question += 1
        self._show_asked()
        self._look()
        if not self._asking:
            self._give_keyboard()

    def _answered(self, n: int) -> tuple[object, bool | None] | None:
        found = self._answers.get((self._at, n)) if n < self._question else None
        if found is None:
            return None
        answer, right = found
        single = isinstance(answer, tuple) and len(answer) == 1
        return (answer[0] if single else answer), right

    def _said(self) -> list[Said]:
        said = []
        for n, question in enumerate(self.step.questions[: self._question]):
            if (found := self._answers.get((self._at, n))) is None:
                continue
            answer, _ = found
            known = self._reached or self._goal is None
            came_out = questions.right_answer(question) if known else ""
            reply = questions.judge(question, answer).reply
            written = questions.written(question, answer)
            said.append(Said(question.text, written, reply, came_out))
        return said

    # --- display ----------------------------------------------------------------------------

    def _show_step(self) -> None:
        assert self.package is not None
        lesson, step = self.package.lesson, self.step
        done = frozenset(self.learner.course(self.package.name).done)
        self.panel.show_step(self._at, done, len(lesson.steps), step.title)
        self._say_stray("")
        self._show_asked()
        self._look()
        names = ", ".join(part.title for part in self._desk.found(step.point))
        said = (
            self.tr("Step {at}: {title}. Look at: {names}.")
            if names
            else self.tr("Step {at}: {title}.")
        )
        self.panel.announce(said.format(at=self._at + 1, title=step.title, names=names))
        self._give_keyboard()

    def _show_asked(self) -> None:
        question = self.step.questions[self._question] if self._asking else None
        self.panel.ask(question)
        self._lock()
        self._show_answers()
        if question is not None and self.panel.asking is not None:
            self.panel.asking.first.setFocus()

    def _show_answers(self) -> None:
        self.panel.show_answers(self._said())
        shown = not self._asking and bool(self.step.hint or self._goal)
        self.panel.show_task(self.step.hint, shown=shown, reached=self._reached)
        ready = not self._asking and (self._goal is None or self._reached)
        self.panel.allow(next_=ready, show_me=bool(self.step.test))

    def _give_keyboard(self) -> None:
        """Focus the question, the highlighted part, or the button to continue."""
        if self.panel.asking is not None:
            self.panel.asking.first.setFocus()
        elif self._goal is None:
            self.panel.next.setFocus()
        else:
            for part in self._desk.found((*self.step.point, "canvas")[:1]):
                menu = None if part.widget is None else menu_of(part.widget)
                focus_part(part) if menu is None else menu.setFocus()

    def _lock(self) -> None:
        step = self.step
        if self._asking:
            self._allowed = ()
        elif step.allow is None:
            self._allowed = None
        else:
            self._allowed = (*step.allow, *step.point)
        self._desk.parts.allow(self._allowed)
        self._desk.hide_shapes(SHAPES in step.hide and self._asking)
        self._light()

    def _on_refused(self, _key: str) -> None:
        if self.active:
            self._say_stray(LOCKED)

    def _light(self) -> None:
        if not self.active:
            return
        desk, step = self._desk, self.step
        here = on_screen(desk.lesson)
        pointed = desk.places(step.point)
        free = step.allow is None and not self._asking
        unlocked = [on_screen(desk.window)] if free else [here]
        if not self._asking and not free:
            unlocked += desk.places(step.allow or ())
        hidden = (key for key in step.hide if key != SHAPES and self._asking)
        self._spotlight.light(pointed, unlocked, desk.places(hidden))

    def _say_stray(self, sentence: str) -> None:
        self.panel.show_stray(sentence)
        self.panel.restore.setVisible(bool(sentence) and sentence != LOCKED)

    # --- watching --------------------------------------------------------------------------

    def _look_soon(self, *_: object) -> None:
        if self.active and not self._soon.isActive():
            self._soon.start()

    def _look(self) -> None:
        """Evaluate the current facts: the goal, the live numbers, unwanted changes."""
        if not self.active:
            return
        facts, step = self.watch.facts(), self.step
        self.panel.show_text(goals.render(step.text, facts, quoted))
        met = self._goal is not None and not self._asking and self._goal.met(facts)
        if met and not self._reached:
            self._reach()
        told = self._reached or (self._goal is None and not self._asking)
        if self._goal is None and not self._asking and not self._reached:
            self._reach()
        explanation = goals.render(step.explanation, facts, quoted) if told else ""
        self.panel.show_explanation(explanation)
        if self._base is not None and step.allow is not None:
            keys = (*step.allow, *step.point)
            self._say_stray(strayed(self._base, self._desk.document.project, keys, step.goal))

    def _reach(self) -> None:
        self._reached = True
        assert self.package is not None
        self.learner.reached(self.package.name, self._at)
        self._show_answers()
        if self._goal is not None:
            self.panel.announce("Done. Page Down leads on.")
        self.changed.emit()

    def _on_carried_out(self, key: str) -> None:
        if self.active:
            self.watch.done.add(key)
            self._look_soon()

    def _prepare(self, pace: float) -> tuple[float, float]:
        """Play after a number was set by hand begins a run with it, as lessons count runs."""
        seen, training = self._desk.training.latest, self._desk.training
        by_hand = seen is not None and training.is_current(seen) and bool(len(seen.by_hand))
        if by_hand and seen is not None and 0 < int(seen.by_hand[-1]) == seen.iteration:
            before, after = training.back_to(), RunPosition(seen.flat)
            self._desk.document.set_by_hand(self.tr("Start from these numbers"), before, after)
        most, self.most = self.most, math.inf
        return (math.inf if self.step.pace == "full" else pace), most


def _has_unit(project: Project, layer: int, unit: int) -> bool:
    sizes = project.sizes()
    return layer < len(sizes) and unit <= sizes[layer]
