"""Runs a sweep without a window: `python main.py sweep PROJECT --vary KEY=v1,v2,…`.

Exit status: 0 done; 2 bad input, one line on stderr and no output file touched; 3 some runs have no
result, the report says why; 128 + the signal's number (130 for Ctrl-C) interrupted. With --report
every result is written to disk at once, and the same command then runs only what is missing.
"""

from __future__ import annotations

import argparse
import signal
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from time import perf_counter

from core.errors import LayerwiseError
from core.files import disk
from core.files.project import examples, find_saved
from core.files.storage import Saved
from core.sweep import records
from core.sweep.keys import KEYS
from core.sweep.plan import Plan, PlannedRun, SweepAxis, axis, runs_of, settings_of
from core.sweep.records import Records
from core.sweep.summary import report
from core.sweep.sweep import Outcome, Sweep
from core.sweep.workers import check_count, cluster, default_count, processes
from core.terminal import (
    BAD_INPUT,
    DONE,
    INCOMPLETE,
    SIGNALLED,
    Parser,
    ProgressBar,
    say,
    signals,
    whole,
)


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
        say(str(error))
        return BAD_INPUT
    except KeyboardInterrupt:  # before or after the runs
        return SIGNALLED + signal.SIGINT


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        "sweep",
        "Train a project again and again, each time with other hyperparameters.",
        "Exit status: 0 done, 2 bad input, 3 some runs have no result (the report says why),"
        " 130 interrupted by Ctrl-C. Run again after that: what the report has is not made again.",
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
        "--seeds", metavar="N", type=whole, default=1, help="train each with N seeds (default 1)"
    )
    parser.add_argument(
        "--workers",
        metavar="N",
        type=whole,
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


def _plan(arguments: argparse.Namespace) -> tuple[Plan, Saved]:
    saved, _ = find_saved(arguments.project)
    for sentence in saved.set_aside:
        say(sentence)
    if saved.project.data.own is not None and saved.own is None:
        raise LayerwiseError(
            f"{disk.shown(arguments.project)} cannot be swept: it learns data of your own, which"
            " are not in this file; name the .layerwise file that has them."
        )
    return Plan(saved.project, tuple(map(axis, arguments.vary)), arguments.seeds), saved


def _records(path: str | None) -> AbstractContextManager[Records | None]:
    return nullcontext() if path is None else records.opened(records.path_for(path))


def _sweep(
    plan: Plan,
    runs: Sequence[PlannedRun],
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
        say("Every run of a sweep draws its own weights and ignores the weights in the file.")
    outcomes: list[Outcome] = []
    with signals(sweep.end) as caught, where as backend:
        progress = _Progress(plan.axes, len(runs))
        try:
            for outcome in sweep.outcomes(backend):
                outcomes.append(outcome)
                if kept is not None and outcome.result is not None:
                    kept.add(plan.axes, outcome.run, outcome.result)
                progress.show(outcome)
        except LayerwiseError as error:  # the results so far are reported
            progress.say(str(error))
    progress.finish()
    if kept is not None and kept.unreadable:
        lines = "1 line" if kept.unreadable == 1 else f"{kept.unreadable:,} lines"
        say(f"{lines} of the runs' file could not be read: those runs were made again.")
    text = report(plan.axes, outcomes)
    if arguments.report is None:
        print(text, end="")
    else:
        disk.replace(arguments.report, text.encode())
    if caught:
        return SIGNALLED + caught[0]
    complete = len(outcomes) == len(runs) and all(outcome.result for outcome in outcomes)
    return DONE if complete else INCOMPLETE


@dataclass(slots=True)
class _Counts:
    done: int = 0
    failed: int = 0
    stopped: int = 0


class _Progress:
    """Shows the progress of the sweep and the outcomes of its runs."""

    def __init__(self, axes: Sequence[SweepAxis], total: int) -> None:
        self._axes = axes
        self._counts = _Counts()
        self._bar = ProgressBar(total)
        self._started = perf_counter()

    def show(self, outcome: Outcome) -> None:
        counts, result = self._counts, outcome.result
        counts.done += 1
        counts.failed += result is None
        counts.stopped += result is not None and result.stopped is not None
        what = settings_of(self._axes, outcome.run.settings)
        if result is None:
            self.say(f"{what}: {outcome.fault}")
        elif self._bar.due():
            cost = "" if result.train_cost is None else f": cost {result.train_cost:.6f}"
            self._bar.show(counts.done, f"runs {what}{cost}")

    def say(self, sentence: str) -> None:
        self._bar.show(self._counts.done, f"runs {sentence}", stays=True)

    def finish(self) -> None:
        counts = self._counts
        words = [f"{perf_counter() - self._started:.1f} s"]
        words += [f"{counts.stopped} stopped early"] if counts.stopped else []
        words += [f"{counts.failed} without a result"] if counts.failed else []
        self.say(", ".join(words))
