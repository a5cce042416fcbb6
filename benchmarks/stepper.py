"""How long does a step of the stepper take to paint, and a number to open, against the promise?

python -m benchmarks.stepper walks 2-64-64-1 over 1,000 examples in a window of 1600 x 1000, each
step and each opened number painted there and then; it exits with 1 where the promise is broken.
"""

from __future__ import annotations

import os
import statistics
import sys
from collections.abc import Callable, Iterable
from functools import partial
from time import perf_counter

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
os.environ["LAYERWISE_REDUCED_MOTION"] = "1"

import numpy as np
from PySide6.QtWidgets import QApplication

from core.look.ask import Asks
from core.nn.network import Network
from core.nn.optimizers import OPTIMIZERS
from core.nn.parameters import Parameters
from core.project import Project
from core.training.messages import Snapshot
from core.walk.entry import Entry
from core.walk.record import Record, make_record
from gui.model.document import Document
from gui.model.selection import Selection
from gui.model.training import Training
from gui.model.walk import Walk
from gui.panels.stepper import StepperPanel
from gui.style.theme import theme

SIZES, ACTIVATIONS, M = (2, 64, 64, 1), ("tanh", "tanh", "sigmoid"), 1000
STEP_MS, NUMBER_MS = 16.0, 50.0  # promised
ROUNDS = 20


def record() -> Record:
    """One iteration of a random network on random examples."""
    rng = np.random.RandomState(1)
    network = Network(SIZES, ACTIVATIONS, "cross_entropy")
    p = Parameters(SIZES)
    p.flat[:] = rng.randn(p.flat.size) * 0.3
    X, Y = rng.randn(2, M), (rng.rand(1, M) > 0.5).astype(float)
    optimizer = OPTIMIZERS["gradient_descent"](p.flat, 1.2)
    return make_record(network, p, X, Y, optimizer, iteration=300)


class Panel(StepperPanel):
    """The stepper, given its record here and not by the run."""

    def wants(self) -> Asks:
        return ()

    def show_snapshot(self, snapshot: Snapshot) -> None:
        pass


def times(actions: Iterable[Callable[[], None]], panel: StepperPanel) -> list[float]:
    """How long each action takes until it is painted, in ms."""
    taken = []
    for act in actions:
        start = perf_counter()
        act()
        QApplication.sendPostedEvents()
        panel.repaint()
        taken.append(1000 * (perf_counter() - start))
        QApplication.processEvents()
    return taken


def tell(what: str, taken: list[float], promised: float) -> bool:
    """Print the middle and the slowest but one in twenty; whether the promise is kept."""
    slow = statistics.quantiles(taken, n=20)[-1]
    middle = statistics.median(taken)
    print(f"{what:<28} median {middle:6.2f} ms   95 % {slow:6.2f} ms   promised {promised:g} ms")
    return slow < promised


def numbers(walk: Walk) -> list[Callable[[], None]]:
    """Opens a number of every array that every kind of step shows, each time another one."""
    rng = np.random.RandomState(2)
    arrays = [("Z", 2), ("A", 2), ("dA", 1), ("dZ", 1), ("dW", 2), ("db", 1), ("J", 3)]
    actions: list[Callable[[], None]] = []
    assert walk.record is not None
    for _ in range(ROUNDS):
        for target, layer in arrays:
            rows, columns = walk.record.array(target, layer).shape  # type: ignore[arg-type]
            entry = Entry(target, layer, rng.randint(rows), rng.randint(columns))  # type: ignore[arg-type]
            actions.append(partial(walk.open_number, entry))
    return actions


def main() -> int:
    """Measure and tell."""
    application = QApplication(sys.argv)
    theme()
    document = Document(Project())
    training = Training(document)
    walk = Walk()
    panel = Panel(document, training, Selection(document), walk)
    panel.resize(1580, 300)
    panel.show()
    walk.show(record())
    while panel.operation.typesetting:
        QApplication.processEvents()  # formulas are typeset ahead while the user is idle
    steps = [partial(walk.go, index) for index in range(len(walk.steps))]
    first = times(steps[1:], panel)  # the first step is there with the panel
    again = times(steps * ROUNDS, panel)
    opened = times(numbers(walk), panel)
    training.close()
    print(f"{'-'.join(map(str, SIZES))}, m = {M}, {len(steps)} steps, panel 1580 x 300")
    kept = [
        tell("a step, seen before", again, STEP_MS),
        tell("a step, for the first time", first, STEP_MS),
        tell("an opened number", opened, NUMBER_MS),
    ]
    application.quit()
    return 0 if kept[0] and kept[2] else 1  # a first time is over too soon to be judged by


if __name__ == "__main__":
    sys.exit(main())
