"""Trains without a window: `python main.py train PROJECT`, for scripts and machines without one.

Exit status: 0 done; 2 bad input, one line on stderr and no output file touched; 3 diverged; 128 +
the signal's number (130 for Ctrl-C) interrupted. Diverged and interrupted runs write their outputs
too: the last finite parameters, and a report whose `stopped` says why.
"""

from __future__ import annotations

import argparse
import json
import math
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from msgspec.structs import replace

from core import edits
from core.data.table.examples import Imported, scales_differ
from core.data.table.roles import LabelKind
from core.errors import LayerwiseError
from core.files import disk
from core.files.export import how_to_feed, read_weights, write_weights
from core.files.own_data import import_data
from core.files.project import examples, find_saved
from core.project import Project, check
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
from core.training import results
from core.training.data_source import split_of
from core.training.outcomes import Answered, Score
from core.training.session import Session

COST_EVERY = 100  # iterations between two costs of the report


def main(argv: list[str]) -> int:
    """Run `train …` (the arguments after the program's name); return the exit status."""
    try:
        arguments = _parser().parse_args(argv[1:])
        session, imported, said = _prepare(arguments)
        outputs = [path for path in (arguments.export, arguments.report) if path is not None]
        _check_outputs(outputs)
        for sentence in said:
            say(sentence)
        outcome = _train(session)
        _write(session, outcome, arguments, imported)
    except LayerwiseError as error:
        say(str(error))
        return BAD_INPUT
    except KeyboardInterrupt:  # before or after training: no output file is half written
        return SIGNALLED + signal.SIGINT
    if outcome.signal:
        return SIGNALLED + outcome.signal
    return INCOMPLETE if session.halt is not None and session.halt.diverged else DONE


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        "train",
        "Train a network without a window.",
        (
            "Exit status: 0 done, 2 bad input, 3 diverged, 130 interrupted by Ctrl-C (the "
            "parameters trained until then are written)."
        ),
    )
    parser.add_argument(
        "project",
        metavar="PROJECT",
        help="a project's .layerwise or .json file, trained from its start, or an example's name:"
        f" {', '.join(examples())}",
    )
    parser.add_argument(
        "--data",
        metavar="FILE",
        action="append",
        help="train on these data: a table (.csv, .tsv, .txt, .xlsx), arrays (.npz), the course's"
        " .h5, a folder of pictures; given twice: a training and a test set",
    )
    parser.add_argument(
        "--label", metavar="COLUMN", help="the column of the table to predict (the label)"
    )
    parser.add_argument(
        "--label-kind",
        choices=("classes", "numbers"),
        help="whether labels are classes or real numbers, where the data would suggest otherwise",
    )
    parser.add_argument(
        "--inputs", metavar="A,B,…", help="the columns of the table that are the inputs"
    )
    parser.add_argument(
        "--weights", metavar="W0.npz", help="start from these parameters W1, b1, …, WL, bL"
    )
    parser.add_argument(
        "--iterations", metavar="N", type=whole, help="train for N iterations, not the project's"
    )
    parser.add_argument("--export", metavar="W.npz", help="write the trained parameters here")
    parser.add_argument("--by-layer", action="store_true", help="name them layer1/W, not W1")
    parser.add_argument("--report", metavar="R.json", help="write costs and accuracies here")
    return parser


def _prepare(arguments: argparse.Namespace) -> tuple[Session, Imported | None, list[str]]:
    """The session for the arguments, a report on its data, and messages about both; raises
    LayerwiseError if anything is wrong with them.
    """
    saved, _ = find_saved(arguments.project)
    project, own = saved.project, saved.own
    if arguments.iterations is not None:
        training = replace(project.training, iterations=arguments.iterations)
        project = replace(project, training=training)
        check(project)
    named = arguments.project if arguments.data is None else arguments.data[0]
    imported, said = _imported(arguments), list(saved.set_aside)
    if imported is not None:
        own = imported.own
        before, project = project, edits.choose_own(project, own)
        with _naming(named):
            check(project)
        said += _said(before, project, imported)
    elif project.data.own is not None and own is None:
        raise LayerwiseError(
            f"{disk.shown(arguments.project)} cannot be trained: it learns data of your own, which"
            " are not in this file; name them with --data."
        )
    with _naming(named):
        split = split_of(project, own)
    weights = saved.start if imported is None else None
    if arguments.weights is not None:
        weights = read_weights(arguments.weights, project.sizes(split.train.X.shape[0]))
        _check_range(arguments.weights, weights, project.training.dtype)
    with _naming(named):
        session = Session(project, split, weights)
    if refusal := session.network.refusal():
        raise LayerwiseError(f"{disk.shown(arguments.project)} cannot be trained: {refusal}")
    return session, imported, said


def _imported(arguments: argparse.Namespace) -> Imported | None:
    """The data that are named, as the window suggests them."""
    if arguments.data is None:
        for option in ("label", "label_kind", "inputs"):
            if getattr(arguments, option) is not None:
                name = option.replace("_", "-")
                raise LayerwiseError(f"--{name} says how to read --data, which is missing.")
        return None
    kinds: dict[str, LabelKind] = {"classes": "classes", "numbers": "regression"}
    return import_data(
        [Path(path) for path in arguments.data],
        label=arguments.label,
        kind=kinds.get(arguments.label_kind),
        inputs=arguments.inputs,
    )


def _said(before: Project, after: Project, imported: Imported) -> list[str]:
    """Sentences on what was done to the data, and on what changed because of them."""
    account = imported.account
    said = [*account.notes]
    if count := account.rows_left_out:
        reasons = "; ".join(f"{why} ({n:,})" for why, n in list(account.left_out.items())[:5])
        said.append(f"Left out {count:,} of the rows or files: {reasons}.")
    if consequence := edits.consequence(before, after):
        said.append(consequence)
    differ = imported.own.picture is None and scales_differ(imported.own.X)
    if differ and not after.data.normalize:
        said.append(
            "One input varies at least ten times as much as another, and the project does not"
            " normalize: set data.normalize to standardize them."
        )
    return said


@contextmanager
def _naming(path: str) -> Iterator[None]:
    """Add the name of the unusable file (or example) to an error that lacks it."""
    try:
        yield
    except LayerwiseError as error:
        if str(error).startswith(disk.shown(path)):
            raise
        raise LayerwiseError(f"{disk.shown(path)} cannot be used: {error}") from None


def _check_range(path: str, weights: np.ndarray[Any, Any], dtype: str) -> None:
    with np.errstate(over="ignore"):
        fits = np.isfinite(weights.astype(dtype)).all()
    if not fits:
        raise LayerwiseError(
            f"{disk.shown(path)} cannot be used: a weight is too large for {dtype}."
        )


def _check_outputs(paths: list[str]) -> None:
    """Check before training that the outputs can be written."""
    for path in paths:
        disk.check_replaceable(path)
    if len({Path(path).resolve() for path in paths}) < len(paths):
        raise LayerwiseError(
            f"{disk.shown(paths[0])} is named for both --export and --report: name two files."
        )


@dataclass(frozen=True, slots=True)
class _Outcome:
    seconds: float
    signal: int  # 0, or the signal that interrupted the run
    train: Score
    test: Score | None
    answers: Answered


def _train(session: Session) -> _Outcome:
    total = session.project.training.most_iterations
    bar = ProgressBar(total)
    session.allow(math.inf)  # heeding the ends that the project sets
    if session.project.training.stop.patience and session.split.test is None:
        say("There are no test examples: their cost cannot end the run.")
    # A diverging run is caught by its numbers, not by NumPy's warnings.
    with signals() as caught, np.errstate(all="ignore"):
        started = perf_counter()
        # Part by part, so that a long iteration does not delay Ctrl-C.
        while session.iteration < total and not caught and session.advance():
            if bar.due():
                cost = f"cost {session.costs[-1]:.6f}" if session.iteration else ""
                bar.show(session.iteration, cost)
        seconds = perf_counter() - started
        train, test = session.score()
        answers = session.answers()
    bar.show(session.iteration, _summary(session, seconds, train), stays=True)
    if session.halt is not None:
        say(session.halt.sentence)
    return _Outcome(seconds, caught[0] if caught else 0, train, test, answers)


def _summary(session: Session, seconds: float, score: Score) -> str:
    rate = session.iteration / seconds if seconds > 0 else 0.0
    right = "" if score.accuracy is None else f", accuracy {score.accuracy:.2%}"
    right += "" if score.r2 is None else f", R² {score.r2:.4f}"
    return f"cost {score.cost:.6f}{right}, {seconds:.1f} s, {rate:,.0f} iterations/s"


def _write(
    session: Session,
    outcome: _Outcome,
    arguments: argparse.Namespace,
    imported: Imported | None,
) -> None:
    if arguments.export is not None:
        by = arguments.by_layer
        write_weights(arguments.export, session.project, session.p, session.split, by_layer=by)
        if feeding := how_to_feed(session.project):
            say(feeding)
    if arguments.report is not None:
        with np.errstate(all="ignore"):  # of a run that has diverged
            report = _report(session, outcome)
        if imported is not None:
            report["data"] = _data_report(session, imported)
        text = json.dumps(_valid(report), indent=2, allow_nan=False)
        disk.replace(arguments.report, text.encode() + b"\n")


def _valid(value: object) -> object:
    """Replace NaN and infinity by null at any depth, because JSON has neither."""
    if isinstance(value, dict):
        return {name: _valid(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_valid(part) for part in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _report(session: Session, outcome: _Outcome) -> dict[str, object]:
    """The report of DESIGN §7; a number that does not exist is null."""
    stopped = None if session.halt is None else session.halt.sentence
    if outcome.signal:
        name = signal.Signals(outcome.signal).name
        stopped = f"Interrupted by {name} at iteration {session.iteration:,}."
    split, answers = session.split, outcome.answers
    return {
        "iterations": session.iteration,
        "cost": [float(J) for J in session.costs[::COST_EVERY]],
        "final_cost": float(outcome.train.cost),
        "train_accuracy": outcome.train.accuracy,
        "test_accuracy": None if outcome.test is None else outcome.test.accuracy,
        "seconds": outcome.seconds,
        "iterations_per_second": session.iteration / max(outcome.seconds, 1e-9),
        "stopped": stopped,
        "train_results": results.report(answers.train.A, split.train.Y, split.kind),
        "test_results": None
        if answers.test is None or split.test is None
        else results.report(answers.test.A, split.test.Y, split.kind),
    }


def _data_report(session: Session, imported: Imported) -> dict[str, object]:
    """Describes the data given by `--data`, and what was done with them (DESIGN §5)."""
    own, account = imported.own, imported.account
    test = session.split.test
    return {
        "inputs": list(own.inputs),
        "label": account.label,
        "kind": "numbers" if own.kind == "regression" else "classes",
        "classes": list(own.classes),
        "examples": own.m,
        "test_examples": 0 if test is None else test.m,
        "left_out": account.rows_left_out,
        "left_out_why": account.left_out,
        "not_used": account.not_used,
        "picture": None if own.picture is None else list(own.picture),
        "divided_by": account.divided_by,
    }
