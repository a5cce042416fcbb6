"""How well does the timeline follow the mouse, and what does a long run's past cost?

python -m benchmarks.timeline scrubs a run of 2-4-1 with the whole window visible, visits iterations
of it exactly, and trains a long run for its memory; it exits with 1 where a promise is broken.
"""

from __future__ import annotations

import argparse
import math
import os
import statistics
import sys
import tempfile
from time import perf_counter

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from benchmarks.window_case import Bench, Pulse, memory, work_of
from core.training.replay import Replay
from core.training.session import Session
from core.training.timeline import BUDGET, MOST, Timeline
from gui.panels.cost.panel import CostPanel

MOUSE_MS = 8  # between two moves of the mouse
FRAMES = 30.0  # a second, promised while the handle is dragged
VISITS = 200


def main() -> int:
    """Measure what the command line asks for and tell."""
    options = _options()
    for kind in ("CONFIG", "DATA", "STATE", "CACHE"):
        os.environ[f"XDG_{kind}_HOME"] = tempfile.mkdtemp()  # a first start, for any user
    kept = [True]
    if options.long:
        kept.append(long_run(options.long))
    if options.iterations:
        kept += scrubbed(options.iterations, options.seconds)
    return 0 if all(kept) else 1


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--iterations", type=int, default=100_000, help="of the run that is seen")
    parser.add_argument("--seconds", type=float, default=5.0, help="of each way to drag")
    parser.add_argument("--long", type=int, default=5_000_000, help="iterations for the memory")
    return parser.parse_args()


# --- the window --------------------------------------------------------------------------------


class Drag:
    """A mouse that holds the timeline's handle."""

    def __init__(self, bench: Bench) -> None:
        panel = bench.window.panels["cost"]
        assert isinstance(panel, CostPanel)
        self._bench, self._bar = bench, panel.timeline
        self.seen: list[int] = []
        bench.window.training.arrived.connect(lambda snapshot: self.seen.append(snapshot.iteration))

    def _send(self, kind: QEvent.Type, share: float) -> None:
        left = Qt.MouseButton.LeftButton
        bar = self._bar
        at = QPointF(bar._x(share * bar._newest), bar.height() / 2)
        here = QPointF(bar.mapToGlobal(at.toPoint()))
        none = Qt.KeyboardModifier.NoModifier
        QApplication.sendEvent(bar, QMouseEvent(kind, at, here, left, left, none))

    def follow(self, seconds: float, hertz: float) -> dict[str, float]:
        """Go to and fro so often a second; frames a second, and how far behind they were."""
        pulse, taken = Pulse(), len(self.seen)
        paints = self._bench.paints["canvas"].count
        self._send(QEvent.Type.MouseButtonPress, 0.5)
        pulse.start()
        start = perf_counter()
        while (now := perf_counter() - start) < seconds:
            self._send(QEvent.Type.MouseMove, 0.5 + 0.5 * math.sin(2 * math.pi * hertz * now))
            self._bench.wait(MOUSE_MS / 1000)
        pulse.stop()
        seen = np.array(self.seen[taken:])
        self._send(QEvent.Type.MouseButtonRelease, 0.5)
        self._bench.settle()
        return {
            "moments": np.count_nonzero(np.diff(seen)) / now,
            "canvas": (self._bench.paints["canvas"].count - paints) / now,
            "late": pulse.lateness()["p99"],
        }


def scrubbed(iterations: int, seconds: float) -> list[bool]:
    """Drag the handle over a run of so many iterations, slowly and fast; then visit exactly."""
    bench = Bench(work_of("W1"))
    bench.window.training.step(iterations)
    bench.wait_until(lambda: bench.iteration == iterations)
    bench.settle()
    drag, kept = Drag(bench), []
    print(f"2-4-1, m = 400, {iterations:,} iterations, window 1600 x 1000, everything visible")
    for words, hertz in (("slowly", 0.05), ("fast", 0.5)):
        found = drag.follow(seconds, hertz)
        kept.append(found["moments"] >= FRAMES)
        print(
            f"  dragged {words:<7} {found['moments']:5.1f} moments seen a second (promised"
            f" {FRAMES:g}), canvas painted {found['canvas']:.1f} times; 5 ms timer late, 99 %:"
            f" {found['late']:.1f} ms"
        )
    print(f"  process {bench.memory['start']:.0f} MB at the start, {memory():.0f} MB now")
    _visits(bench, iterations)
    bench.window.close_without_asking()
    bench.window.shut_down()
    return kept


def _visits(bench: Bench, iterations: int) -> None:
    """How long it takes from the wish to see an iteration until that very one has been drawn."""
    training, rng = bench.window.training, np.random.RandomState(0)
    taken = []
    for wanted in rng.randint(0, iterations, VISITS).tolist():
        start = perf_counter()
        training.visit(wanted)
        while training.latest is None or training.latest.iteration != wanted:
            QApplication.processEvents()
        taken.append(1000 * (perf_counter() - start))
    slow = statistics.quantiles(taken, n=20)[-1]
    print(
        f"  an exact visit, drawn: median {statistics.median(taken):.1f} ms, 95 % {slow:.1f} ms,"
        f" longest {max(taken):.1f} ms of {VISITS}"
    )


# --- memory --------------------------------------------------------------------------------------


def long_run(iterations: int) -> bool:
    """Train so long with and without a past; whether its bounds hold."""
    work = work_of("W1")
    print(f"2-4-1, m = 400, {iterations:,} iterations, no window")
    session = Session(work.project, past=Timeline())
    assert session.past is not None
    marks = [iterations // 5 * k for k in range(1, 6)]
    before = memory()
    for mark in marks:
        while session.iteration < mark:
            session.advance()
        moments = session.past.iterations
        print(
            f"  {mark:>9,}: {len(moments):>4} moments (at most {MOST}), every"
            f" {moments[-1] - moments[-2]:,} iterations, {session.past.bytes / 1e6:.1f} MB (at most"
            f" {BUDGET / 1e6:.0f}); curves {session.costs.nbytes / 1e6:.0f} MB, process"
            f" {memory() - before:+.0f} MB"
        )
    taken = []
    for wanted in np.random.RandomState(0).randint(0, iterations, 50).tolist():
        start = perf_counter()
        visit = Replay(session, wanted)
        while not visit.there:
            visit.advance()
        taken.append(1000 * (perf_counter() - start))
    slow = statistics.quantiles(taken, n=20)[-1]
    print(f"  an exact visit: median {statistics.median(taken):.1f} ms, 95 % {slow:.1f} ms")
    return len(session.past.iterations) <= MOST and session.past.bytes <= BUDGET


if __name__ == "__main__":
    sys.exit(main())
