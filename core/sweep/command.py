"""A sweep without a window: `python main.py sweep PROJECT --vary KEY=v1,v2,…`.

Exit status: 0 done; 2 bad input, one line on stderr and no output file touched; 3 some runs have no
result, the report says why; 128 + the signal's number (130 for Ctrl-C) interrupted. With --report
every result is on the disk as soon as it is there, and the same command then makes what is missing.
"""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from time import perf_counter
from types import FrameType
from typing import NoReturn

from core.errors import LayerwiseError
from core.files import disk
from core.files.project import examples, find_saved
from core.files.storage import Saved
from core.sweep import records
from core.sweep.keys import KEYS
from core.sweep.plan import Axis, Plan, Run, axis, runs_of, settings_of
from core.sweep.records import Records
from core.sweep.summary import report
from core.sweep.sweep import Outcome, Sweep
from core.sweep.workers import check_count, cluster, default_count, processes

DONE, BAD_INPUT, INCOMPLETE, SIGNALLED = 0, 2, 3, 128
BAR = 30  # characters
ON_A_TERMINAL, IN_A_LOG = 0.1, 10.0  # seconds between two states of the progress bar


def main(argv: list[str]) -> int:
    """Run `sweep …` (the arguments after the program's name); return the exit status."""
    try:
        arguments = _parser().parse_args(argv[1:])
        plan, saved = _plan(arguments)
        runs = runs_of(plan)
        check_count(arguments.workers)
        if arguments.report is not None:
            disk.check_replaceable(arguments.report)
        with _records(arguments.report) as kept:
            return _sweep(plan, runs, saved, arguments, kept)
    except LayerwiseError as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:  # before or after the runs
        return SIGNALLED + signal.SIGINT


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise LayerwiseError(f"{message}; see python main.py sweep --help")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python main.py sweep",
        description="Train a project again and again, each time with other hyperparameters.",
        epilog="Exit status: 0 done, 2 bad input, 3 some runs have no result (the report says why),"
        " 130 interrupted by Ctrl-C. Run again after that: what the report has is not made again.",
        allow_abbrev=False,
    )
    parser.add_argument(
        "project",
        metavar="PROJECT",
        help=f"a project's .layerwise or .json file, or an example's name: {', '.join(examples())}",
    )
    parser.add_argument(
        "--vary",
        metavar="KEY=v1,v2,…",
        action="append",
        required=True,
        help=f"what takes which values: {', '.join(KEYS)}, or a path into the project's JSON such"
        " as network.layers[0].units; given twice, every combination is trained",
    )
    parser.add_argument(
        "--seeds", metavar="N", type=_whole, default=1, help="train each with N seeds (default 1)"
    )
    parser.add_argument(
        "--workers",
        metavar="N",
        type=_whole,
        default=default_count(),
        help="train in N processes (default %(default)s)",
    )
    parser.add_argument(
        "--report",
        metavar="R.csv",
        help="write the results here, and each run as it comes to R.csv.runs.jsonl; without it"
        " they go to standard output",
    )
    parser.add_argument(
        "--cluster", metavar="tcp://…", help="train on the Dask cluster with this scheduler"
    )
    return parser


def _whole(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise argparse.ArgumentTypeError(
            f"{disk.shown(text)[:40]!r} is not a whole number from 0 on"
        )
    return int(text)


def _plan(arguments: argparse.Namespace) -> tuple[Plan, Saved]:
    saved, _ = find_saved(arguments.project)
    if saved.project.data.own is not None and saved.own is None:
        raise LayerwiseError(
            f"{disk.shown(arguments.project)} cannot be swept: it learns data of your own, which"
            " are not in this file; name the .layerwise file that has them."
        )
    return Plan(saved.project, tuple(map(axis, arguments.vary)), arguments.seeds), saved


def _records(path: str | None) -> AbstractContextManager[Records | None]:
    return nullcontext() if path is None else records.opened(records.beside(path))


def _sweep(
    plan: Plan,
    runs: Sequence[Run],
    saved: Saved,
    arguments: argparse.Namespace,
    kept: Records | None,
) -> int:
    """Make the runs, write the report, and return the exit status."""
    sweep = Sweep(runs, saved.own, kept.known if kept else {})
    where = (
        cluster(arguments.cluster)
        if arguments.cluster is not None
        else processes(arguments.workers)
    )
    if saved.start is not None:
        print("Every run of a sweep draws its own weights, not those of the file.", file=sys.stderr)
    outcomes: list[Outcome] = []
    with _signals(sweep) as caught, where as place:
        progress = _Progress(plan.axes, len(runs))
        try:
            for outcome in sweep.outcomes(place):
                outcomes.append(outcome)
                if kept is not None and outcome.result is not None:
                    kept.add(plan.axes, outcome.run, outcome.result)
                progress.show(outcome)
        except LayerwiseError as error:  # what is there until then is reported
            progress.say(str(error))
    progress.finish()
    text = report(plan.axes, outcomes)
    if arguments.report is None:
        print(text, end="")
    else:
        disk.replace(arguments.report, text.encode())
    if caught:
        return SIGNALLED + caught[0]
    complete = len(outcomes) == len(runs) and all(outcome.result for outcome in outcomes)
    return DONE if complete else INCOMPLETE


@contextmanager
def _signals(sweep: Sweep) -> Iterator[list[int]]:
    """End the sweep at Ctrl-C and termination; what is done until then is reported."""
    caught: list[int] = []

    def catch(number: int, frame: FrameType | None) -> None:
        caught.append(number)
        sweep.end()

    before = {}
    with suppress(ValueError):  # signals reach the main thread only; elsewhere nothing changes
        before = {
            number: signal.signal(number, catch) for number in (signal.SIGINT, signal.SIGTERM)
        }
    try:
        yield caught
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@dataclass(slots=True)
class _Counts:
    done: int = 0
    known: int = 0
    failed: int = 0
    stopped: int = 0


class _Progress:
    """A bar on stderr: redrawn in place on a terminal, a line now and then in a log."""

    def __init__(self, axes: Sequence[Axis], total: int) -> None:
        self._axes, self._total = axes, total
        self._counts = _Counts()
        self._in_place = sys.stderr.isatty()
        self._interval = ON_A_TERMINAL if self._in_place else IN_A_LOG
        self._started = perf_counter()
        self._next = self._started + self._interval

    def show(self, outcome: Outcome) -> None:
        counts, result = self._counts, outcome.result
        counts.done += 1
        counts.failed += result is None
        counts.stopped += result is not None and result.stopped is not None
        if result is None:
            self.say(f"{settings_of(self._axes, outcome.run.settings)}: {outcome.fault}")
        elif perf_counter() >= self._next:
            self._next = perf_counter() + self._interval
            cost = "" if result.train_cost is None else f": cost {result.train_cost:.6f}"
            what = f"{settings_of(self._axes, outcome.run.settings)}{cost}"
            self._print(what, "" if self._in_place else "\n")

    def say(self, sentence: str) -> None:
        self._print(sentence, "\n")

    def finish(self) -> None:
        counts = self._counts
        words = [f"{perf_counter() - self._started:.1f} s"]
        words += [f"{counts.stopped} stopped early"] if counts.stopped else []
        words += [f"{counts.failed} without a result"] if counts.failed else []
        self.say(", ".join(words))

    def _print(self, text: str, end: str) -> None:
        done = self._counts.done
        filled = BAR * done // self._total
        bar = "#" * filled + "-" * (BAR - filled)
        start = "\r\033[K" if self._in_place else ""
        line = f"{start}[{bar}] {done:,}/{self._total:,} runs {text}"
        print(line, end=end, file=sys.stderr, flush=True)
