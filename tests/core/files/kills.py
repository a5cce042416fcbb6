"""Kills a process at random moments during saving, and checks the files it leaves."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

from core.errors import LayerwiseError
from core.files import disk, storage

ROOT = Path(__file__).parents[3]
SAVING = """
import sys
sys.path.insert(0, sys.argv[1])
from dataclasses import replace
import numpy as np
from core.files import storage
from tests.core.files import made
saved = made.saved()
costs = np.zeros(25_000)  # 200 kB
states = [replace(saved.state, iteration=25_000, costs=costs + turn) for turn in (0, 1)]
contents = [replace(saved, state=state) for state in states]
print("saving", flush=True)
while True:
    for content in contents:
        storage.write(sys.argv[2], content)
"""


def start(program: str, *arguments: str | Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", program, str(ROOT), *map(str, arguments)]
    return subprocess.Popen(command, stdout=subprocess.PIPE)


def kill_while_saving(path: Path, kills: int, rng: random.Random) -> dict[str, int]:
    """Kill a process that saves without a pause, again and again; counts what was left."""
    counts = {"old or new": 0, "lost": 0, "times unfinished beside": 0}
    lengths = {_length(path), 25_000}  # before the first save, and after
    for _ in range(kills):
        process = start(SAVING, path)
        with process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(rng.uniform(0, 0.1))
            os.kill(process.pid, signal.SIGKILL)
        try:
            whole = _length(path) in lengths
        except LayerwiseError:
            whole = False
        counts["old or new" if whole else "lost"] += 1
        counts["times unfinished beside"] += bool(_parts(path))
    disk.replace(path, path.read_bytes())
    counts["left beside by the next save"] = len(_parts(path))
    return counts


def _parts(path: Path) -> list[Path]:
    return list(path.parent.glob("*.part"))


def _length(path: Path) -> int:
    state = storage.read(path).state
    return 0 if state is None else len(state.costs)
