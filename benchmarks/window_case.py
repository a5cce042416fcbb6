"""One case of benchmarks.window: the window on it, measured, and the numbers as JSON."""

from __future__ import annotations

import gc
import json
import os
import statistics
import sys
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from time import perf_counter, process_time, thread_time
from typing import Any

import numpy as np
from msgspec.structs import replace
from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget

from benchmarks.workloads import WORKLOADS
from core.data.own import own_data
from core.files.storage import Saved
from core.project import OWN, LayerSettings, Project, describe
from core.training.session import Session
from gui.app import application
from gui.main_window import MainWindow
from gui.plots.chart import Chart

PULSE_MS = 5
SIZE = (1600, 1000)
Numbers = dict[str, Any]


def work_of(case: str) -> Saved:
    """What is built and trained in a case; no rule stops it."""
    given = {work.name: work for work in WORKLOADS}
    if case in given:
        project = given[case].project("float64")
        data = replace(project.data, examples=given[case].m)
    else:
        layers, examples = {
            "wide": ([1000, 1000], 400),
            "deep": ([64] * 10, 400),
            "many": ([4], 100_000),
            "inputs": ([20, 7, 5], 209),
        }[case]
        hidden = [LayerSettings(units=n, activation="tanh") for n in layers]
        network = replace(
            Project().network,
            layers=(*hidden, LayerSettings(units=1, activation="sigmoid")),
            initializer="xavier",
        )
        project = replace(Project(), network=network)
        data = replace(project.data, examples=examples)
    own = None
    if case == "inputs":  # numbers at random, as many as in the course's cat pictures
        rng = np.random.RandomState(0)
        own = own_data(rng.rand(12288, 209), (rng.rand(1, 209) > 0.65) * 1.0, "random")
        data = replace(data, source=OWN, own=describe(own))
    training = replace(project.training, iterations=0, learning_rate=0.01)
    return Saved(replace(project, data=data, training=training), own=own)


class Pulse(QObject):
    """How late, in ms, every tick of a 5 ms timer comes."""

    def __init__(self) -> None:
        super().__init__()
        self._late: list[float] = []
        self._timer = QTimer(self, interval=PULSE_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        self._last = perf_counter()
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()

    def _tick(self) -> None:
        now = perf_counter()
        self._late.append(max(0.0, (now - self._last) * 1000 - PULSE_MS))
        self._last = now

    def lateness(self) -> Numbers:
        p50, p99 = np.percentile(self._late, [50, 99]).tolist()
        return {"p50": p50, "p99": p99, "max": max(self._late)}


class Paints(QObject):
    """Counts how often a widget is painted."""

    def __init__(self, seen: QWidget) -> None:
        super().__init__(seen)
        self.count = 0
        seen.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.count += 1
        return False


class Bench:
    """The window on some work, as on a first start (stepper and all plots), and its run alone.

    `walked`: the user has gone through the next iteration in the stepper and opened a number.
    """

    def __init__(self, work: Saved, *, walked: bool = False) -> None:
        self.app = application()
        self.window = MainWindow(work)
        self.window.resize(*SIZE)
        self.window.show()
        self.wait_until(lambda: self.window.complete)
        self.window.resize(*SIZE)  # the offscreen platform's screen is smaller
        self.wait(0.3)
        self.window.reset_layout()
        self.frames = 0
        self.window.training.arrived.connect(self._count)
        self.settle()
        self.paints = {"canvas": Paints(self.window.canvas.viewport())}
        for name, dock in self.window.docks.items():
            if dock.isVisible() and (plots := dock.findChildren(Chart)):
                self.paints[name] = Paints(max(plots, key=Chart.isVisible).viewport())
        if walked:
            self.walk()
        self.memory = {"start": memory()}
        self._work = work

    @cached_property
    def headless(self) -> Session:
        """The same run without a window."""
        return Session(self._work.project, own=self._work.own)

    def _count(self, _snapshot: object) -> None:
        self.frames += 1

    @property
    def iteration(self) -> int:
        """That of the newest snapshot."""
        latest = self.window.training.latest
        assert latest is not None
        return latest.iteration

    def wait(self, seconds: float) -> None:
        """Let the window live for so long."""
        loop = QEventLoop()
        QTimer.singleShot(round(seconds * 1000), loop.quit)
        loop.exec()

    def wait_until(self, done: Callable[[], bool]) -> None:
        while not done():
            self.wait(0.01)

    def settle(self) -> None:
        """Wait until nothing is drawn any more."""
        before = -1
        while self.frames != before or self.window.training.latest is None:
            before = self.frames
            self.wait(1.0)

    def walk(self) -> None:
        """Go to the last step of the next iteration, and open a weight."""
        self.window.start_walk()
        self.window.walk.end()
        self.window.walk.open_edge(1, 0, 0)
        self.settle()

    def train(self, seconds: float) -> float:
        """Train without a window for so long; iterations a second."""
        first, start = self.headless.iteration, perf_counter()
        while perf_counter() - start < seconds:
            self.headless.step()
        return (self.headless.iteration - first) / (perf_counter() - start)

    def play(self, seconds: float) -> Numbers:
        """Train in the window for so long; iterations, frames and paints a second, and the
        processor time of the window's thread a frame, in ms.
        """
        self.window.training.play()
        self.wait(0.3)
        before, start, used = self._counts(), perf_counter(), thread_time()
        self.wait(seconds)
        passed, used, after = perf_counter() - start, thread_time() - used, self._counts()
        rates = {name: (after[name] - before[name]) / passed for name in after}
        return {**rates, "ms a frame": 1000 * used / max(after["frames"] - before["frames"], 1)}

    def _counts(self) -> dict[str, int]:
        paints = {name: each.count for name, each in self.paints.items()}
        return {"it": self.iteration, "frames": self.frames, **paints}

    def pause(self) -> float:
        """Pause; ms until the run rests and the window shows it."""
        training, start = self.window.training, perf_counter()
        training.pause()
        self.wait_until(lambda: training.latest is not None and training.latest.idle)
        return (perf_counter() - start) * 1000

    def close(self) -> float:
        """Close in full flight; ms until the run's thread has ended."""
        self.window.training.play()
        self.wait(0.3)
        start = perf_counter()
        self.window.close_without_asking()
        passed = (perf_counter() - start) * 1000
        self.window.shut_down()
        return passed

    def rest(self, seconds: float) -> float:
        """The share of a core that the window takes while nothing happens."""
        start, used = perf_counter(), process_time()
        self.wait(seconds)
        return (process_time() - used) / (perf_counter() - start)


def measure(bench: Bench, rounds: int, seconds: float, idle: float) -> Numbers:
    """How fast and fluent it is; what is compared takes turns: what slows one slows both."""
    playing, resting = Pulse(), Pulse()
    rest = bench.rest(idle)
    headless, windowed, pauses = [], [], []
    for _ in range(rounds):
        headless.append(bench.train(seconds))
        resting.start()
        bench.wait(seconds / 2)
        resting.stop()
        playing.start()
        windowed.append(bench.play(seconds))
        playing.stop()
        pauses.append(bench.pause())
        bench.settle()
    pairs = zip(windowed, headless, strict=True)
    medians = {name: statistics.median(each[name] for each in windowed) for name in windowed[0]}
    return {
        "speed": medians.pop("it"),
        "share": statistics.median(inside["it"] / alone for inside, alone in pairs),
        "share_of_fastest": max(each["it"] for each in windowed) / max(headless),
        "frames": medians.pop("frames"),
        "ms_a_frame": medians.pop("ms a frame"),
        "paints": medians,
        "late": playing.lateness(),
        "late_at_rest": resting.lateness(),
        "pause": statistics.median(pauses),
        "close": bench.close(),
        "idle": rest,
        "memory": bench.memory,
    }


def endure(bench: Bench, minutes: int) -> Numbers:
    """What memory does while it trains for so long, every half minute."""
    for half in range(1, 2 * minutes + 1):
        bench.play(30.0)
        bench.memory[f"{half / 2:g} min"] = now = memory()
        print(f"{half / 2:g} min {now:.0f} MB at {bench.iteration:,}", file=sys.stderr)
    bench.close()
    return {"memory": bench.memory, "iterations": bench.iteration}


def memory() -> float:
    """Resident memory of this process in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def main() -> int:
    """Measure the case that the command line names."""
    case, walked, minutes, rounds, seconds, idle = sys.argv[1:]
    work = work_of(case)
    project = work.project
    gc.freeze()  # what is imported, as main.py does: no collection looks through it
    bench = Bench(work, walked=walked == "walked")
    if int(minutes):
        found = endure(bench, int(minutes))
    else:
        found = measure(bench, int(rounds), float(seconds), float(idle))
    sizes = "-".join(map(str, project.sizes(project.data.raw_inputs)))
    title = (
        f"{case}  {sizes}, m = {project.data.m:,}{', walked' if bench.window.walk.started else ''}"
    )
    print(json.dumps({"case": case, "title": title, **found}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
