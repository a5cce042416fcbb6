"""Measures the windows of an older commit and of this one in turn."""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.window import CASES, ROOT, STARTS, Result, first_paint, run_case, screen

SETTLING = 3.0  # seconds at rest that are measured: a share of a core is not compared
COLUMNS: dict[str, tuple[str, Callable[[Result], float]]] = {
    "frame (ms)": (".2f", lambda found: found["ms_a_frame"]),
    "frames/s": (".0f", lambda found: found["frames"]),
    "it/s": (",.0f", lambda found: found["speed"]),
    "share": (".2f", lambda found: found["share"]),
    "late p50 (ms)": (".1f", lambda found: found["late"]["p50"]),
    "p99": (".1f", lambda found: found["late"]["p99"]),
    "max": (".1f", lambda found: found["late"]["max"]),
    "pause (ms)": (".0f", lambda found: found["pause"]),
    "close (ms)": (".0f", lambda found: found["close"]),
    "MB": (".0f", lambda found: found["memory"]["start"]),
}
Pair = tuple[dict[str, str], dict[str, str]]  # the environments of the older version and of this


def main() -> int:
    """Measure both versions in turn, and print medians: older → this, and their ratio."""
    options = _options()
    with ExitStack() as stack:
        older = stack.enter_context(_version(options.commit))
        both = [stack.enter_context(screen("offscreen", root)) for root in (older, ROOT)]
        before, now = both
        assert before is not None
        assert now is not None
        pair = before, now
        starts = [[first_paint(each) for each in pair] for _ in range(1 + options.starts)][1:]
        print(f"first paint (s): {cell([tuple(each) for each in starts], '.2f')}", flush=True)
        found: dict[str, list[tuple[Result, Result]]] = {case: [] for case in options.case}
        for count in range(1, options.rounds + 1):
            for case in options.case:
                found[case].append(_in_turn(case, pair, options, reverse=count % 2 == 0))
                print(f"round {count}: {row(case, found[case][-1:])}", flush=True)
    print("\n".join(("", header(), *(row(case, rounds) for case, rounds in found.items()))))
    if options.json is not None:
        options.json.write_text(json.dumps({"starts": starts, "cases": found}, indent=2) + "\n")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("commit", help="the older version; it needs benchmarks/window_case.py")
    parser.add_argument("--case", nargs="+", choices=CASES, default=CASES)
    parser.add_argument("--rounds", type=int, default=3, help="processes of each version and case")
    parser.add_argument("--repeats", type=int, default=3, help="of training in each process")
    parser.add_argument("--seconds", type=float, default=2.0, help="of each part of a repeat")
    parser.add_argument("--starts", type=int, default=STARTS, help="of each version")
    parser.add_argument("--json", type=Path, help="write all numbers here")
    return parser.parse_args()


@contextmanager
def _version(commit: str) -> Iterator[Path]:
    """A folder with the files of a commit."""
    git = ("git", "-C", str(ROOT), "worktree")
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "older"
        subprocess.run([*git, "add", "--quiet", "--detach", str(root), commit], check=True)
        try:
            yield root
        finally:
            subprocess.run([*git, "remove", "--force", str(root)], check=True)


def _in_turn(
    case: str, pair: Pair, options: argparse.Namespace, *, reverse: bool
) -> tuple[Result, Result]:
    """One process of each version; which comes first alternates."""
    numbers = (0, options.repeats, options.seconds, SETTLING)
    arguments = (case, "fresh", *map(str, numbers))
    found = [run_case(arguments, each) for each in (pair[::-1] if reverse else pair)]
    before, now = found[::-1] if reverse else found
    return before, now


def header() -> str:
    """The first lines of the table."""
    names = ("case", *COLUMNS)
    return f"| {' | '.join(names)} |\n|{'---|' * len(names)}"


def row(case: str, rounds: Sequence[tuple[Result, Result]]) -> str:
    """The line of a case: medians over its rounds."""
    cells = [
        cell([(read(before), read(now)) for before, now in rounds], form)
        for form, read in COLUMNS.values()
    ]
    return f"| {' | '.join((case, *cells))} |"


def cell(pairs: Sequence[tuple[float, ...]], form: str) -> str:
    """The medians of both versions, and the ratio of these: `2.5 → 3.4, 1.36`."""
    before, now = (statistics.median(values) for values in zip(*pairs, strict=True))
    ratio = f", {now / before:.2f}" if before else ""
    return f"{before:{form}} → {now:{form}}{ratio}"


if __name__ == "__main__":
    sys.exit(main())
