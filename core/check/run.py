"""Starts the process that checks one homework file, limits its time, and reads its report."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic
from typing import Any

import numpy as np

from core.data.examples import Split
from core.errors import LayerwiseError
from core.files import disk
from core.files.homework import read_homework, sandbox
from core.project import Project

SECONDS = 120  # of the whole check
MEMORY = 4 * 2**30  # bytes of address space, NumPy's own threads included
EXAMPLES = 400  # examples used by a check: more would not reveal more
PULSE = 0.05  # seconds between two checks for cancellation

OnStep = Callable[[str, str, str], None]


@dataclass(frozen=True, slots=True)
class Checked:
    """The result of a check; `report` is the JSON of DESIGN §5, and more
    (core/check/findings.py).
    """

    report: dict[str, Any]

    @property
    def equal(self) -> bool:
        """Whether everything present agrees with ours."""
        return self.report["slip"] is None

    @property
    def said(self) -> str:
        """The one sentence, with the place of the line."""
        line, cell = self.report.get("line"), self.report.get("cell")
        if self.equal or line is None:
            return str(self.report["said"])
        place = f"line {line}" if cell is None else f"cell {cell}, line {line}"
        return f"{place[0].upper()}{place[1:]}: {self.report['said']}"


@dataclass(frozen=True, slots=True)
class Subject:
    """The network and the examples that homework is checked on."""

    X: Any
    Y: Any
    sizes: tuple[int, ...]
    activations: tuple[str, ...]
    chosen: bool  # whether the user chose this network, so that its activations count
    notes: list[str] = field(default_factory=list)


def subject_of(project: Project, split: Split, *, chosen: bool) -> Subject:
    """The project's own network and first examples; raises LayerwiseError if they do not fit."""
    X, Y = split.train.X[:, :EXAMPLES], split.train.Y[:, :EXAMPLES]
    if split.kind != "binary" or Y.shape[0] != 1:
        raise LayerwiseError(
            "The course's code has one sigmoid output for two classes, and this project has not:"
            " choose a data set with two classes to check homework on."
        )
    return Subject(
        np.asarray(X, float), np.asarray(Y, float), project.sizes(X.shape[0]),
        tuple(project.activations), chosen,
    )  # fmt: skip


def check_file(
    path: Path | str, subject: Subject, mapped: Mapping[str, str] | None = None,
    on_step: OnStep = lambda *_: None, cancelled: Callable[[], bool] = lambda: False,
    answers: Mapping[str, str] | None = None,
) -> Checked:  # fmt: skip
    """Check one file in a separate process; raises LayerwiseError if it cannot be read.

    `mapped` gives the homework's name of a function or an argument of the course, name → theirs;
    `answers` the meaning of one parameter, "function.parameter" → name. `on_step` gets stage, name
    and state of each result as it is judged. `cancelled` is called every twentieth of a second;
    when true, the check ends with a LayerwiseError.
    """
    content = read_homework(path)
    with sandbox(path, content, subject.X, subject.Y) as (folder, copy, data):
        request = {
            "name": Path(path).name, "file": str(copy), "data": str(data), "folder": str(folder),
            "mapped": dict(mapped or {}), "answers": dict(answers or {}),
            "memory": MEMORY, "seconds": SECONDS,
            "network": {"sizes": subject.sizes, "activations": subject.activations,
                        "chosen": subject.chosen, "seed": 0},
        }  # fmt: skip
        events, error = _run(request, folder, on_step, cancelled)
    for event in events:
        if "refused" in event:
            raise LayerwiseError(event["refused"])
        error = event.get("broken", error)
    report = next((e["report"] for e in events if "report" in e), None)
    if report is None:
        report = _broken_off(Path(path).name, events, error)
    return Checked(report)


def _run(
    request: dict[str, Any], folder: Path, on_step: OnStep, cancelled: Callable[[], bool]
) -> tuple[list[dict[str, Any]], str]:
    events: list[dict[str, Any]] = []
    with _process(folder) as (process, messages):
        assert process.stdin is not None
        with suppress(BrokenPipeError):
            process.stdin.write(json.dumps(request).encode() + b"\n")
            process.stdin.close()
        end = monotonic() + SECONDS
        rest, read = b"", 0
        while True:
            alive = process.poll() is None
            chunk = messages()
            rest += chunk
            *lines, rest = rest.split(b"\n")
            for line in lines:
                read += len(line)
                with suppress(ValueError):
                    events.append(json.loads(line))
                    if "step" in events[-1]:
                        on_step(*events[-1]["step"])
            if cancelled():
                raise LayerwiseError("The check was cancelled.")
            if not alive and not chunk:
                break
            if monotonic() > end:
                return events, f"the check did not end within {SECONDS} seconds"
            if alive and not chunk:
                with suppress(subprocess.TimeoutExpired):
                    process.wait(PULSE)
        return events, _last_words(process)


def _last_words(process: subprocess.Popen[bytes]) -> str:
    code = process.returncode
    if code is not None and code < 0:
        name = signal.Signals(-code).name
        return "it used too much processor time" if name == "SIGXCPU" else f"it ended by {name}"
    return "its process ended"


@contextmanager
def _process(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], Callable[[], bytes]]]:
    """The child, in its own session, and its new output."""
    child = Path(__file__).with_name("child.py")
    environment = {**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1",
                   "MPLBACKEND": "Agg", "PYTHONDONTWRITEBYTECODE": "1"}  # fmt: skip
    process = subprocess.Popen(
        [sys.executable, "-P", str(child)], cwd=folder, env=environment, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None
    os.set_blocking(process.stdout.fileno(), False)

    def messages() -> bytes:
        assert process.stdout is not None
        return process.stdout.read(1 << 20) or b""

    try:
        yield process, messages
    finally:
        with suppress(OSError):
            if sys.platform != "win32":
                os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                with suppress(OSError):
                    pipe.close()


def _broken_off(name: str, events: list[dict[str, Any]], error: str) -> dict[str, Any]:
    """The report of a check whose process died early."""
    steps = [event["step"] for event in events if "step" in event]
    after = f" after {steps[-1][1]} of stage {steps[-1][0]}" if steps else ""
    reason = error.rstrip(".") or "its process ended"
    return {
        "file": name, "form": "", "stage": steps[-1][0] if steps else "reading", "name": None,
        "slip": "stopped", "line": None, "cell": None, "theirs": None, "ours": None,
        "said": f"The check stopped{after}: {disk.shown(reason)}.", "next": [], "steps": steps,
        "missing": [], "unknown": [], "notes": [], "code": [], "context": {}, "our_line": None,
        "theirs_shape": None, "ours_shape": None, "question": None,
    }  # fmt: skip
