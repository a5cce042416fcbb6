"""The result of a check: the stages it passed, and the first place where numbers differ."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

STAGES = (
    "helpers", "initialize", "propagate", "forward", "cost", "backward", "update", "two iterations",
    "train", "predict",
)  # fmt: skip
SHOWN = 400  # numbers of an array that are reported


@dataclass(slots=True)
class CheckedQuantity:
    """One quantity of one stage: `state` is right, differs, missing or not reached."""

    stage: str
    name: str
    state: str


@dataclass(slots=True)
class Mistake:
    """The first difference. `line` counts in the joined code; `said` is the whole sentence."""

    stage: str
    name: str
    slip: str
    said: str
    line: int = 0
    theirs: Any = None
    ours: Any = None
    our_line: str = ""
    todo: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Report:
    """A finished check of one file. Without a finding everything that is there is right."""

    name: str
    form: str = ""
    steps: list[CheckedQuantity] = field(default_factory=list)
    finding: Mistake | None = None
    notes: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)  # functions that nothing was recognized in
    place: dict[str, Any] = field(default_factory=dict)  # line, cell
    code: list[dict[str, Any]] = field(default_factory=list)  # the line and its neighbours
    context: dict[str, Any] = field(default_factory=dict)  # sizes, m
    question: dict[str, Any] | None = None  # function, parameter, choices

    def as_json(self) -> dict[str, Any]:
        """The report of `check`: stage, name, slip, line, theirs, ours, said; and the rest."""
        f = self.finding
        return {
            "file": self.name,
            "form": self.form,
            "stage": self.stage(),
            "name": None if f is None else f.name,
            "slip": None if f is None else f.slip,
            "line": self.place.get("line"),
            "cell": self.place.get("cell"),
            "theirs": None if f is None else listed(f.theirs),
            "ours": None if f is None else listed(f.ours),
            "theirs_shape": None if f is None else shape(f.theirs),
            "ours_shape": None if f is None else shape(f.ours),
            "said": self.said(),
            "next": [] if f is None else f.todo,
            "our_line": None if f is None else f.our_line,
            "code": self.code,
            "steps": [[s.stage, s.name, s.state] for s in self.steps],
            "missing": self.missing,
            "unknown": self.unknown,
            "notes": self.notes,
            "context": self.context,
            "question": self.question,
        }

    def stage(self) -> str:
        """The stage that the check stopped at; `done`, or that nothing was found to check."""
        if self.finding is not None:
            return self.finding.stage
        return "done" if any(step.state == "right" for step in self.steps) else "nothing checked"

    def said(self) -> str:
        """The one sentence."""
        if self.finding is not None:
            return self.finding.said
        checked = [step.name for step in self.steps if step.state == "right"]
        if not checked:
            return "No function of the course was found in this file, so nothing was checked."
        said = f"All {len(checked)} results agree with ours."
        if len(checked) == 1:
            said = "The one result that was checked agrees with ours."
        if self.missing:
            said += f" Missing: {', '.join(self.missing)}."
        return said


def shape(value: Any) -> list[int] | None:
    """The shape of an array for JSON, None for anything else."""
    return None if value is None else list(np.shape(value))


def listed(value: Any) -> Any:
    """An array as nested lists for JSON: no NaN, and no more than the first rows and columns."""
    if value is None:
        return None
    try:
        array = np.asarray(value, float)
    except (TypeError, ValueError):
        return str(value)[:200]
    if array.size > SHOWN:
        array = array[tuple(slice(0, 20) for _ in array.shape)]
    return _plain(array.tolist())


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return value if np.isfinite(value) else repr(value)


class Found(Exception):  # noqa: N818 - a finding, not an error of ours
    """The first difference: the check stops here."""

    def __init__(self, finding: Mistake) -> None:
        super().__init__(finding.said)
        self.finding = finding
