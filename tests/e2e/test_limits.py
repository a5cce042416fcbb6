"""Every number that a setting takes can be run with every panel shown, or is refused."""

import random

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from core import edits
from core.data.datasets import DATASETS
from core.data.own import LARGEST, own_data
from core.errors import LayerwiseError
from core.project import Project
from tests.e2e.driver import run_app
from tests.e2e.work import at_rest

ENDS = (
    5e-324,
    2.3e-308,
    1e-300,
    1e-150,
    1e-9,
    1.0,
    1e9,
    1e38,
    1e150,
    1e300,
    1.7976931348623157e308,
)
PARTS = 4  # in which they are tried, as one would take long
SMALL = edits.with_data(Project(), examples=24)

SETTINGS = {
    "learning rate": lambda p, x: edits.with_training(p, learning_rate=x),
    "L1": lambda p, x: edits.with_training(p, l1=x),
    "L2": lambda p, x: edits.with_training(p, l2=x),
    "decay": lambda p, x: edits.with_decay(edits.with_decay(p, form="inverse"), rate=x),
    "cost to stop at": lambda p, x: edits.with_stop(p, cost=x),
    "seconds": lambda p, x: edits.with_stop(p, seconds=x),
    "scale": lambda p, x: edits.with_network(p, initializer="normal", scale=x),
    "noise": lambda p, x: edits.with_data(p, noise=x),
    "noise, squared": lambda p, x: edits.with_data(
        p, noise=x, features=("x1", "x1_squared", "x1x2"), normalize=True
    ),
    "test split": lambda p, x: edits.with_data(p, test_share=x),
    "dropout": lambda p, x: edits.set_dropout(p, 1, x),
    "scale in float32": lambda p, x: edits.with_training(
        edits.with_network(p, initializer="normal", scale=x), dtype="float32"
    ),
    "noise in float32": lambda p, x: edits.with_training(
        edits.with_data(p, noise=x, features=("x1", "x2_squared")), dtype="float32"
    ),
}


def show_all(window):
    """Every panel at once, each in a window of its own."""
    for dock in window.docks.values():
        dock.setFloating(True)
        dock.show()
        dock.resize(340, 300)


def run_it(qtbot, window, failed):
    """Some iterations of the project as it is, drawn by everybody."""
    for iterations in (0, 2):
        if iterations:
            window.training.step(iterations)
        qtbot.waitUntil(lambda: bool(failed) or at_rest(window))
        QApplication.processEvents()
    assert not failed
    assert window.training.alive


def try_them(qtbot, window, cases):
    """Make each edit of a project of these data and run it, or be told why not; how many ran."""
    ran, failed = 0, list[Exception]()
    window.training.failed.connect(failed.append)
    show_all(window)
    for start, name, value in cases:
        try:
            window.document.edit("Start", start)
            window.document.edit(name, SETTINGS[name](start, value))
        except LayerwiseError:
            continue  # in a sentence
        run_it(qtbot, window, failed)
        ran += 1
    return ran


def projects():
    for name in DATASETS:
        yield edits.with_data(edits.choose_source(SMALL, name), examples=24)


def check(qtbot, cases):
    ran = []
    assert run_app(lambda window: ran.append(try_them(qtbot, window, cases))) == 0
    assert ran[0] > len(cases) / 3


@pytest.mark.slow
def test_some_numbers_at_their_limits(qtbot):
    rng = random.Random(1)
    check(qtbot, [(SMALL, name, rng.choice(ENDS)) for name in sorted(SETTINGS)][::2])


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_every_data_set_and_setting_at_its_limits(qtbot, part):
    rng = random.Random(2)
    every = [(p, name, x) for p in projects() for name in SETTINGS for x in ENDS]
    check(qtbot, rng.sample(every, 200)[part::PARTS])


def far_data(kind):
    """Own data of one, two and five inputs, as small, large and far out as they may be."""
    rng = np.random.RandomState(0)
    for n in (1, 2, 5):
        for across in (5e-324, 1e-300, 1e-150, 1e-9, LARGEST / 4):
            for shift in (0.0, LARGEST / 4):
                X, labels = rng.randn(n, 9) * across, np.arange(9)[np.newaxis] % 2 * 1.0
                Y = labels if kind == "binary" else labels * X[:1] + shift
                yield own_data(X + shift, Y, "far", kind=kind)


def test_numbers_farther_out_are_refused():
    X, Y = np.full((2, 4), 1.01 * LARGEST), [[0, 1, 0, 1]]
    with pytest.raises(LayerwiseError, match=r"X\[0, 0\] is 1.01e\+150: use numbers from -1e\+150"):
        own_data(X, Y, "too far")


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["binary", "regression"])
def test_own_data_as_far_apart_as_numbers_go(kind, qtbot):
    failed: list[Exception] = []

    def script(window):
        window.training.failed.connect(failed.append)
        show_all(window)
        for k, own in enumerate(far_data(kind)):
            window.training.bring(own)
            features = (("x1", "x2"), ("x1_squared", "x1x2"))[k % 2]
            for normalize in (False, True):
                project = edits.choose_own(SMALL, own)
                after = edits.with_data(project, normalize=normalize, features=features)
                window.document.edit("Far", after)
                run_it(qtbot, window, failed)

    assert run_app(script) == 0
