"""Refuses a lesson that names what the window does not have, or whose keys belong to its user."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from PySide6.QtGui import QKeySequence

from core.errors import LayerwiseError
from core.files.lessons import Package
from core.lessons import goal as goals
from core.lessons import vocabulary
from core.lessons.faults import LessonError
from core.lessons.goal import Goal, Live
from core.lessons.lesson import SHAPES, Command, LessonStep
from core.limits import clip
from core.sweep.keys import check_key
from core.sweep.presets import PRESETS
from core.walk.bugs import BUGS
from gui.docks import LABS, PANELS
from gui.lessons.desk import CHAIN, VIEWS, Desk
from gui.parts import Parts

_STEMS = ("lesson", "stepper.chip", "canvas.feature", "canvas.equation", "data.feature")
_USERS = ("file.", "learn.", "help.find")  # commands, by the beginnings of their keys
_STANDARD = QKeySequence.StandardKey
_USERS_KEYS = (  # that the platform or a field takes, though no command has them
    _STANDARD.New, _STANDARD.Open, _STANDARD.Save, _STANDARD.SaveAs, _STANDARD.Close,
    _STANDARD.Quit, _STANDARD.Print, _STANDARD.Copy, _STANDARD.Cut, _STANDARD.Paste,
)  # fmt: skip
_OF_THE_SCREEN = ("Alt+F4", "Ctrl+Q", "Ctrl+W")  # on platforms that leave the standard keys empty


def check(package: Package, desk: Desk) -> None:
    """Raise LessonError for the first step that cannot work in this window; the labs that it names
    are created for that.
    """
    steps = package.lesson.steps
    for lab in LABS:
        if any(_names_lab(step, lab.name) for step in steps):
            desk.docks.lab(lab.name)
    stems = {_stem(part.key) for part in desk.parts} | set(_STEMS)
    keys = _keys_of_the_user(desk.parts)
    for step in steps:
        try:
            _check_step(step, lambda key: _stem(key) in stems or desk.parts.knows(key))
            for command in step.test:
                _check_keys(command, keys)
        except LayerwiseError as error:
            raise LessonError(package.name, step.line, str(error)) from None


def _check_step(step: LessonStep, known: Callable[[str], bool]) -> None:
    if step.bug and step.bug not in BUGS:
        raise LayerwiseError(f"there is no bug {step.bug!r} to plant: there are {', '.join(BUGS)}")
    for name in step.show:
        _check_panel(name)
    hidden = (part for part in step.hide if part != SHAPES)
    for key in (*step.point, *(step.allow or ()), *hidden):
        _check_part(key, known)
    for goal in _expressions(step):
        for function, name in vocabulary.asked_names(goal):
            _check_name(function, name, known)


def _check_name(function: str, name: str, known: Callable[[str], bool]) -> None:
    if function == "panel":
        _check_panel(name)
    elif function == "view" and name not in (*VIEWS, CHAIN):
        views = ", ".join((*VIEWS, CHAIN))
        raise LayerwiseError(f"the walk has no view {clip(name)!r}: it has {views}")
    elif function == "sweep" and name not in PRESETS:
        try:
            check_key(name)
        except LayerwiseError as error:
            presets = ", ".join(PRESETS)
            reason = f"there is no sweep {clip(name)!r}: the presets are {presets}; and {error}"
            raise LayerwiseError(reason) from None
    elif function == "done":
        _check_part(name, known)


def _check_panel(name: str) -> None:
    panels = [spec.name for spec in (*PANELS, *LABS)]
    if name not in panels:
        raise LayerwiseError(f"there is no panel {clip(name)!r}: there are {', '.join(panels)}")


def _check_part(key: str, known: Callable[[str], bool]) -> None:
    if not known(key):
        raise LayerwiseError(
            f"the window has no part called {key!r}: the window for writing lessons finds the keys"
            " of parts with Point at…"
        )


def _expressions(step: LessonStep) -> Iterator[Goal]:
    """Its goal, and the live numbers of its texts."""
    if step.goal:
        yield goals.parse(step.goal)
    for text in (step.text, step.explanation):
        yield from (part.goal for part in goals.live_parts(text) if isinstance(part, Live))


# --- keys of test lines ---------------------------------------------------------------------------


def _keys_of_the_user(parts: Parts) -> dict[str, str]:
    """Keys that no lesson presses, and what they do: files, the clipboard, the end of the window
    or of the lesson; and the list of commands, which finds all of these.
    """
    found: dict[str, str] = {}
    for standard in _USERS_KEYS:
        what = f"is {standard.name.lower()} for the user"
        found |= {keys.toString(): what for keys in QKeySequence.keyBindings(standard)}
    found |= dict.fromkeys(_OF_THE_SCREEN, "ends the window")
    for part in parts:
        if part.action is not None and part.key.startswith(_USERS):
            what = f"is the command {part.title}"
            found |= {keys.toString(): what for keys in part.action.shortcuts()}
    return found


def _check_keys(command: Command, users: dict[str, str]) -> None:
    pressed = command.verb == "key" or (command.verb == "lab" and command.words[1] == "key")
    for keys in _one_by_one(command.words[-1]) if pressed else ():
        if keys in users:
            raise LayerwiseError(
                f"`test` does not press {keys}, which {users[keys]}: press only keys of the parts"
                " that the step is about"
            )


def _one_by_one(keys: str) -> Iterable[str]:
    sequence = QKeySequence(keys)
    each = (sequence[at] for at in range(sequence.count()))  # type: ignore[index]  # PySide's types forget it
    return [QKeySequence(one).toString() for one in each]


def _names_lab(step: LessonStep, lab: str) -> bool:
    keys = (*step.show, *step.point, *(step.allow or ()), *step.hide)
    return any(key == lab or key.startswith(f"{lab}.") for key in keys)


def _stem(key: str) -> str:
    return key.partition("[")[0]
