"""Attacks on what must not be lost; each victim is printed, and the exit status says so.

python -m benchmarks.safety kills 200              kill -9 at that many moments: 0 may be lost
python -m benchmarks.safety autosaves 200          kill -9 so many windows amid edits: 10 s at most
python -m benchmarks.safety fuzz 120               damaged .layerwise files for that many seconds
python -m benchmarks.safety soak 30                everything open and an edit a second: memory
python -m benchmarks.safety walk 30 --seed 1       use the window at random for that many minutes
python -m benchmarks.safety replay SCRIPT.jsonl    do again what a walk has printed
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from benchmarks.safety.autosaves import kill_autosaves
from benchmarks.safety.damage import fuzz, kill
from benchmarks.safety.walk import replay, walk


def main(argv: list[str]) -> int:
    """Carry out one of the commands above; 0 if nothing was hurt."""
    parser = argparse.ArgumentParser("benchmarks.safety", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("kills").add_argument("count", type=int)
    commands.add_parser("autosaves").add_argument("count", type=int)
    commands.add_parser("fuzz").add_argument("seconds", type=float)
    commands.add_parser("soak").add_argument("minutes", type=float)
    walking = commands.add_parser("walk")
    walking.add_argument("minutes", type=float)
    walking.add_argument("--seed", type=int, default=1)
    walking.add_argument("--keep", type=Path, help="a folder for the logs of what broke")
    walking.add_argument("--no-shrink", action="store_true", help="print whole scripts")
    commands.add_parser("replay").add_argument("script", type=Path)
    chosen = parser.parse_args(argv)
    match chosen.command:
        case "kills":
            return kill(chosen.count) > 0
        case "autosaves":
            return kill_autosaves(chosen.count) > 0
        case "fuzz":
            return fuzz(chosen.seconds) > 0
        case "soak":
            from benchmarks.safety.soak import soak  # late: Qt

            return soak(chosen.minutes)
        case "walk":
            shrinks = not chosen.no_shrink
            return walk(chosen.minutes, chosen.seed, chosen.keep, shrinks=shrinks) > 0
        case _:
            return replay(chosen.script) > 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
