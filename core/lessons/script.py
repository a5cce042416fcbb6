"""The test lines of a step: a learner's actions as verbs, for *Show me* and the tests."""

from __future__ import annotations

import re
import shlex

from core.errors import LayerwiseError
from core.lessons.lesson import Command
from core.lessons.vocabulary import LABS
from core.limits import clip

MOST_WORDS = 8
LONGEST = 200  # characters
VERBS: dict[str, tuple[int, int]] = {
    "answer": (2, 8),  # ASK OPTION|VALUE …
    "play": (1, 1),  # to iteration N of the run
    "step": (1, 1),
    "pause": (0, 0),
    "reset": (0, 0),
    "set": (2, 2),  # SETTING VALUE
    "choose": (2, 2),  # PART VALUE
    "click": (1, 1),
    "hover": (1, 1),
    "drag": (2, 3),  # PART X Y | VALUE
    "key": (1, 2),  # KEYS, or PART KEYS
    "walk": (1, 1),  # CHIP
    "open": (1, 1),  # NUMBER
    "plant": (1, 1),
    "run_check": (0, 0),
    "select": (2, 3),  # example K | unit L I
    "mute": (2, 2),
    "panel": (1, 1),
    "lab": (3, 4),  # NAME set|choose|drag PART VALUE, NAME click|hover PART, NAME key PART KEYS
    "sweep": (1, 1),
    "expect": (3, 3),  # NAME VALUE TOLERANCE
}
"""Each verb and how many words it takes, at least and at most."""
LAB_ACTIONS = {"set": 4, "choose": 4, "click": 3, "hover": 3, "key": 4, "drag": 4}
"""What is done to a part of a lab, and how many words that takes."""

_KEY = (
    r"((Ctrl|Alt|Shift)\+){0,3}([!-~]|F([1-9]|1[0-2])|Space|Tab|Backtab|Return|Enter|Esc|Escape|Left|"
    r"Right|Up|Down|Home|End|PgUp|PgDown|Del|Delete|Backspace)"
)
_KEYS = re.compile(f"{_KEY}(,{_KEY}){{0,3}}")
_USES_PARTS = ("set", "choose", "click", "hover", "drag", "key")


def parse(line: str) -> Command:
    """Read one line. Raises LayerwiseError, a sentence without its place."""
    if len(line) > LONGEST:
        raise LayerwiseError("a line of `test` is too long")
    try:
        verb, *words = shlex.split(line)
    except ValueError:
        raise LayerwiseError(f"the line {clip(line)!r} of `test` cannot be read") from None
    if verb not in VERBS:
        raise LayerwiseError(f"`test` has no verb {clip(verb)!r}: it has {', '.join(VERBS)}")
    least, most = VERBS[verb]
    if not least <= len(words) <= most:
        raise LayerwiseError(f"{verb} in `test` does not take {len(words)} words")
    if verb in _USES_PARTS and words[0].startswith("file."):
        raise LayerwiseError("`test` does not open, save or export files")
    if verb in _USES_PARTS and words[0].startswith("learn."):
        raise LayerwiseError("`test` does not leave its lesson: it uses no command of Learn")
    if verb == "lab":
        _check_lab(*words)
    if "key" in (verb, *words[1:2]) and not _KEYS.fullmatch(words[-1]):
        raise LayerwiseError(f"{clip(words[-1])!r} is no key: write it as Return, F5 or Ctrl+Left")
    return Command(verb, tuple(words))


def _check_lab(name: str, action: str, *words: str) -> None:
    if name not in LABS:
        raise LayerwiseError(f"there is no lab {clip(name)!r}: there are {', '.join(LABS)}")
    if action not in LAB_ACTIONS:
        known = ", ".join(LAB_ACTIONS)
        raise LayerwiseError(f"lab in `test` has no action {clip(action)!r}: it has {known}")
    if len(words) + 2 != LAB_ACTIONS[action]:
        raise LayerwiseError(f"lab … {action} in `test` does not take {len(words)} words")


def written(command: Command) -> str:
    """The line that is read as this command."""
    return shlex.join((command.verb, *command.words))
