"""Kills windows during continuous edits, and measures the age of the lost ones."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from core.files.recovery import found

WINDOWS = 8  # in one process, each with a document, a run and an autosave of its own
MOST_OLD = 10.0  # seconds
ROOT = Path(__file__).parents[2]
EDITING = """
import random, sys, time
sys.path.insert(0, sys.argv[1])
import main
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QMainWindow
from core import edits
from core.files.storage import Saved
from core.project import Project
from gui.app import application
from gui.files.open_save import Files
from gui.files.recovery import Autosave
from gui.model.document import Document
from gui.model.selection import Selection
from gui.model.training import Training

app, rng = application(), random.Random(int(sys.argv[2]))

class Window(QMainWindow):
    def __init__(self, number):
        super().__init__()
        self.number, self.made = number, 0
        self.document = Document(Project(), self)
        self.training = Training(self.document, self)
        files = Files(
            self.document, self.training, Selection(self), self, Saved(Project()), None
        )
        self.autosave = Autosave(self.document, self.training, files, self)
        if number % 2:
            self.training.play()
        self.edit()

    def edit(self):
        self.made += 1
        rate = self.number + 1 + self.made / 100_000
        project = self.document.project
        self.document.edit("Rate", edits.with_training(project, learning_rate=rate))
        print(f"{rate!r} {time.time()!r}", flush=True)
        pause = rng.choice((0.05, 0.2, 1.0, 1.9)) * rng.uniform(0.5, 1.0)
        QTimer.singleShot(round(1000 * pause), self.edit)

windows = [Window(number) for number in range(int(sys.argv[3]))]
app.exec()
"""


def kill_while_editing(count: int, rng: random.Random) -> list[float]:
    """Kill so many windows; for each, in seconds, how old the oldest lost edit was, 0 if none."""
    ages: list[float] = []
    while len(ages) < count:
        with tempfile.TemporaryDirectory() as folder:
            ages += _kill(Path(folder), min(WINDOWS, count - len(ages)), rng)
            print(f"{len(ages)} killed, the oldest lost edit: {max(ages):.1f} s", flush=True)
    return ages


def _kill(folder: Path, windows: int, rng: random.Random) -> Iterator[float]:
    places = {f"XDG_{kind}_HOME": str(folder / kind) for kind in ("DATA", "CONFIG", "CACHE")}
    command = [sys.executable, "-c", EDITING, str(ROOT), str(rng.randrange(2**31)), str(windows)]
    log = folder / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, stdout=out, env={**os.environ, **places, "QT_QPA_PLATFORM": "offscreen"}
        )
        try:
            while not log.stat().st_size and process.poll() is None:
                time.sleep(0.01)
            time.sleep(rng.uniform(0.0, 2.5 * MOST_OLD))
        finally:
            process.send_signal(signal.SIGKILL)
            ended = time.time()
            process.wait()
    made: dict[int, list[tuple[float, float]]] = {number: [] for number in range(windows)}
    for line in log.read_text().splitlines():
        rate, when = map(float, line.split())
        made[int(rate) - 1].append((rate, when))
    works = found(folder / "DATA" / "Layerwise" / "Layerwise" / "recovery")
    kept = {int(rate) - 1: rate for rate in (w.saved.project.training.learning_rate for w in works)}
    for work in works:
        work.discard()
    for number, edits in made.items():
        lost = [when for rate, when in edits if rate > kept.get(number, 0.0)]
        yield ended - min(lost) if lost else 0.0


def kill_autosaves(count: int) -> int:
    """Print how old lost edits were; the number of windows that lost older ones than allowed."""
    ages = kill_while_editing(count, random.Random())
    too_old = sum(age > MOST_OLD for age in ages)
    print(
        f"{count} windows killed while they were edited: {too_old} lost an edit older than"
        f" {MOST_OLD:g} s; the oldest lost edit was {max(ages):.1f} s old"
    )
    return too_old
