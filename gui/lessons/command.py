"""The lessons of the Learn menu, and the line on the canvas that offers the first one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QSettings, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from core.errors import LayerwiseError
from gui.actions import make_action
from gui.lessons.invitation import Invitation
from gui.style.text import in_menu

if TYPE_CHECKING:
    from core.files.lessons import Package
    from core.lessons.progress import CourseProgress
    from gui.lessons.author.window import AuthorWindow
    from gui.lessons.desk import Desk
    from gui.lessons.guide import Guide

INVITED = "lessons/invited"
KINDS = "Lessons (*.lesson lesson.md)"
Put = Callable[..., QAction]


class Lessons(QObject):
    """Opens lessons; the guide is created when the first one is opened."""

    noted = Signal(str)

    def __init__(self, window: Any) -> None:
        super().__init__(window)
        self._window = window  # the main window: a guide works with nearly all of it
        self.guide: Guide | None = None
        self.author: AuthorWindow | None = None
        self._trying = False  # the lesson being written
        self.begin_with: Package | None = None  # that the command line named
        self._invitation: Invitation | None = None
        self._actions: dict[str, QAction] = {}
        self._ways: tuple[QAction, ...] = ()
        self._menu: QMenu | None = None

    # --- the menu ---------------------------------------------------------------------------------

    def fill(self, menu: QMenu, put: Put) -> None:
        """The commands of the Learn menu that do not need the list of lessons."""
        self._menu = menu
        self._first = menu.addSeparator()
        tip = self.tr("Open a lesson file (.lesson)")
        put(menu, "learn.open", self.tr("&Open a lesson…"), self.ask, tip=tip)
        put(
            menu, "learn.author", self.tr("&New lesson from this project…"), self.write,
            tip=self.tr("Write a lesson: its steps begin as the window is when you add them"),
        )  # fmt: skip
        self._paper = put(
            menu, "learn.handout", self.tr("Export the lesson's &hand-out…"), self.print,
            tip=self.tr("Save the open lesson as a PDF: questions with blanks, then solutions"),
        )  # fmt: skip
        put(
            menu, "learn.hand_in", self.tr("Save my &answers…"), self.hand_in,
            tip=self.tr("Save your answers in all lessons as a small file to hand in"),
        )  # fmt: skip
        put(
            menu, "learn.class", self.tr("Answers of a &class…"), self.read_class,
            tip=self.tr("Write the answers in a folder of such files as one table (CSV)"),
        )  # fmt: skip
        next_, back = self.tr("&Next step"), self.tr("Step &back")
        self._ways = (
            put(menu, "learn.next", next_, self._next, "PgDown", title="Next step of the lesson"),
            put(menu, "learn.back", back, self._go_back, "PgUp", title="Step back in the lesson"),
            put(menu, "learn.leave", self.tr("&Leave the lesson"), self.leave, "Ctrl+Esc"),
        )
        menu.aboutToShow.connect(self._show_progress)
        self._follow()

    def list_in_menu(self) -> None:
        """List the bundled lessons in the menu, above its other commands."""
        from core.files import lessons  # late: the first paint does not wait for it

        assert self._menu is not None
        found = lessons.heads()
        for place, head in enumerate(found, start=1):
            action = make_action(
                self._window,
                f"{place}  {in_menu(head.title)}",
                partial(self._carry_out, partial(self.start, head.name)),
                tip=f"{head.title}, {head.minutes} min",
                key=f"learn.lesson[{head.name}]",
                title=f"Lesson {place}: {head.title}",
            )
            action.setData((place, head))
            self._menu.insertAction(self._first, action)
            self._actions[head.name] = action
        if self.begin_with is not None:
            QTimer.singleShot(0, self, self._begin)

    def _begin(self) -> None:
        package, self.begin_with = self.begin_with, None
        if package is not None:
            self._carry_out(lambda: self.open_package(package))

    def _show_progress(self) -> None:
        progress = self._progress()
        for name, action in self._actions.items():
            place, head = action.data()
            course = progress.of(name)
            done = f"{len(course.done)} of {course.steps}" if course.steps else "new"
            said = "done ✓" if course.finished else done
            action.setText(
                self.tr("{place}  {title}\t{said} · {minutes} min").format(
                    place=place, title=in_menu(head.title), said=said, minutes=head.minutes
                )
            )

    def _progress(self) -> CourseProgress:
        if self.guide is not None:
            return self.guide.learner.progress
        from core.files import lesson_progress  # late, as above
        from gui.lessons.learner import progress_folder

        return lesson_progress.read(progress_folder())

    def _follow(self) -> None:
        open_ = self.guide is not None and self.guide.active
        for action in (*self._ways, self._paper):
            action.setEnabled(open_)
        if self._trying and not open_ and self.author is not None:
            self._trying = False
            self.author.show()

    # --- lessons ----------------------------------------------------------------------------------

    @property
    def active(self) -> bool:
        """Whether a lesson is open."""
        return self.guide is not None and self.guide.active

    def start(self, name: str) -> None:
        """Open a bundled lesson. Raises LayerwiseError."""
        self._find_and_open(name)

    def takes(self, path: Path) -> bool:
        """Whether a dropped file is a lesson."""
        from core.files.lessons import SUFFIX  # late, as above

        return path.suffix.lower() == SUFFIX

    def ask(self) -> None:
        """Ask for a lesson's file and open it."""
        from gui.files.open_save import ask_open

        path = ask_open(self._window, self.tr("Open a lesson"), KINDS)
        if path is not None:
            self.open_file(path)

    def open_file(self, path: Path) -> None:
        """Open a lesson's file. Raises LayerwiseError naming the error."""
        self._find_and_open(str(path))

    def _find_and_open(self, argument: str) -> None:
        from core.files import lessons  # late, as above

        self.open_package(lessons.find(argument))

    def open_package(self, package: Package) -> None:
        """Open a lesson. Raises LayerwiseError, having changed nothing."""
        from core.files import lessons  # late, as above

        names = list(lessons.bundled())
        place = "Lesson"
        if package.name in names:
            place = f"Lesson {names.index(package.name) + 1} of {len(names)}"
        self._made().start(package, place)
        self._dismiss()

    def leave(self) -> None:
        """Close the lesson, if one is open."""
        if self.guide is not None:
            self.guide.leave()

    def close(self) -> None:
        """The window closes: bring the user's own project back."""
        self._trying = False
        self.leave()
        if self.author is not None:
            self.author.close()
        if self._invitation is not None:
            self._dismiss()

    def write(self) -> None:
        """Open the window in which lessons are written."""
        if self.author is None:
            from gui.lessons.author.window import AuthorWindow  # late: few write lessons
            from gui.lessons.learner import progress_folder

            facts = self._made().watch.facts
            self.author = AuthorWindow(self._desk(), facts, progress_folder())
            self.author.noted.connect(self.noted)
            self.author.try_wanted.connect(
                lambda package, at: self._carry_out(partial(self._try, package, at))
            )
        self.author.show()
        self.author.raise_()
        self.author.activateWindow()

    def print(self) -> None:
        """Save the hand-out of the open lesson. Raises LayerwiseError."""
        package = None if self.guide is None else self.guide.package
        if package is not None:
            from gui.lessons.handout import save_handout

            if said := save_handout(self._window, package, f"{package.name}.pdf"):
                self.noted.emit(said)

    def hand_in(self) -> None:
        """Ask for a name and a file, and save the answers. Raises LayerwiseError."""
        from gui.lessons.hand_in import save_answers

        if said := save_answers(self._window, self._progress()):
            self.noted.emit(said)

    def read_class(self) -> None:
        """Ask for a folder of answers, and write its table. Raises LayerwiseError."""
        from gui.lessons.hand_in import save_class

        if said := save_class(self._window):
            self.noted.emit(said)

    def _try(self, package: Package, at: int) -> None:
        """Play the lesson being written; its window makes room, and returns at the end."""
        self._made().start(package, "Draft", at)
        self._trying = True
        if self.author is not None:
            self.author.hide()
        self._window.activateWindow()

    def _desk(self) -> Desk:
        from gui.lessons.desk import Desk

        w = self._window
        return Desk(
            *(w, w.document, w.training, w.selection, w.walk, w.files, w.autosave, w.canvas),
            *(w.parts, w.docking, w.layouts, w.sweeps),
        )

    def _made(self) -> Guide:
        if self.guide is None:
            from gui.lessons.guide import Guide  # late: most windows open no lesson

            self.guide = Guide(self._desk())
            self.guide.changed.connect(self._follow)
            self.guide.noted.connect(self.noted)
        return self.guide

    def _next(self) -> None:
        if self.guide is not None:
            self.guide.advance()

    def _go_back(self) -> None:
        if self.guide is not None:
            self.guide.go_back()

    def _carry_out(self, do: Callable[[], object]) -> None:
        try:
            do()
        except LayerwiseError as error:
            self.noted.emit(str(error))

    # --- the first start --------------------------------------------------------------------------

    def invite(self, canvas: QWidget) -> None:
        """Offer the first lesson to who opens Layerwise for the first time."""
        first = next(iter(self._actions.values()), None)
        if first is None or self.active or self.begin_with is not None:
            return
        if QSettings().value(INVITED) is not None:
            return
        _, head = first.data()
        words = f"New here? Start with “{head.title}” ({head.minutes} min)"
        self._invitation = Invitation(words, canvas)
        self._invitation.taken.connect(first.trigger)
        self._invitation.closed.connect(self._dismiss)

    def _dismiss(self) -> None:
        QSettings().setValue(INVITED, True)
        invitation, self._invitation = self._invitation, None
        if invitation is not None:
            with suppress(RuntimeError):  # the canvas may be deleted before it
                invitation.hide()
                invitation.deleteLater()
