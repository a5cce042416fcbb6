"""Saved values for tests, made without training: every array has distinct numbers."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.data.own import OwnData, own_data
from core.edits import choose_own
from core.files.storage import Saved
from core.nn.parameters import count
from core.project import Project
from core.runs import EndedRun
from core.state import Mark, RunState
from core.view import View


def own(m: int = 6) -> OwnData:
    """Three inputs and two classes."""
    X = np.random.RandomState(0).randn(3, m)
    Y = np.arange(m)[np.newaxis] % 2
    return own_data(X, Y, "made.csv", inputs=("a", "b", "c"), classes=("cat", "dog"))


def state(project: Project, iteration: int = 5) -> RunState:
    rng = np.random.RandomState(1)
    size, dtype = count(project.sizes()), project.training.dtype
    return RunState(
        iteration=iteration,
        flat=rng.randn(size).astype(dtype),
        grad=rng.randn(size).astype(dtype),
        costs=rng.rand(iteration),
        test_iterations=np.arange(0, iteration, 2),
        test_costs=rng.rand(len(range(0, iteration, 2))),
        memory={
            "v": rng.randn(size).astype(dtype),
            "t": np.array(3.0),
            "key": rng.randint(0, 2**32, 20, np.uint32),
        },
        marks=(
            Mark(2, "learning_rate", 1.2, 0.3),
            Mark(3, "batch_size", None, 64),
            Mark(5, "optimizer", "gradient_descent", "adam"),
        ),
    )


def saved(*, with_own: bool = True) -> Saved:
    """One with everything in it."""
    data = own() if with_own else None
    project = Project() if data is None else choose_own(Project(), data)
    flat = np.random.RandomState(2).randn(count(project.sizes()))
    view = View(layer=2, example=3, discretize=True)
    return Saved(project, state(project), data, flat, view, (run(),))


def run() -> EndedRun:
    """One that has ended, so long that not all of its costs are kept."""
    picture = np.zeros((1, 4, 4), np.float32)
    ended = replace(state(Project(), 9), costs=np.linspace(0.7, 0.3, 4))
    ended = replace(ended, cost_iterations=np.array([0, 2, 5, 8]))
    return EndedRun(1, Project(), ended, 0.5, 0.9, None, None, picture, "first", "a note")


def parts(value: Saved) -> dict[str, object]:
    """Everything in it, arrays as bytes with shape and type, for comparing bit for bit."""
    flat: dict[str, object] = {"project": value.project, "view": value.view}
    for ended in value.runs:
        said = (written(ended.cost), written(ended.accuracy), ended.name, ended.note)
        picture = None if ended.picture is None else bits(ended.picture)
        flat[f"run {ended.number}"] = (said, picture, parts(Saved(ended.project, ended.state)))
    if value.start is not None:
        flat["start"] = bits(value.start)
    if value.own is not None:
        flat["own"] = (value.own.digest, bits(value.own.X), bits(value.own.Y))
    if value.state is not None:
        run = value.state
        flat["iteration"] = run.iteration
        for name in ("flat", "grad", "costs", "test_iterations", "test_costs"):
            flat[name] = bits(getattr(run, name))
        if run.cost_iterations is not None:
            flat["cost_iterations"] = bits(run.cost_iterations)
        flat["marks"] = run.marks
        flat["memory"] = {name: bits(array) for name, array in run.memory.items()}
    return flat


def written(number: float | None) -> str:
    """A number as it is written, for comparing: a NaN equals no other NaN."""
    return "none" if number is None else repr(float(number))


def bits(array: np.ndarray) -> tuple[object, ...]:
    """Shape, type and bytes."""
    return array.shape, str(array.dtype), array.tobytes()
