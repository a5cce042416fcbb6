"""All panels shown at once, each looking at what an edit takes away: the thread lives, and the run
is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from types import SimpleNamespace

import msgspec
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import edits
from core.by_hand import BIAS
from core.data.own import own_data
from core.data.sheet import Sheet
from core.errors import LayerwiseError
from core.files.storage import Saved
from core.look.ask import Failure
from core.project import LayerSettings, Project
from core.training.ended_run import LEAST
from gui.canvas.view import CanvasView
from gui.docks import PANELS
from gui.model.selection import Selection
from gui.model.training import Training
from gui.model.walk import Walk

Edit = Callable[[Project], Project]
WIDE = edits.with_training(
    edits.with_network(
        edits.with_data(Project(), test_share=0.2),
        layers=(
            LayerSettings(units=4, activation="tanh"),
            LayerSettings(units=3, activation="relu"),
            LayerSettings(units=1, activation="sigmoid"),
        ),
    ),
    learning_rate=0.1,
)
# Each takes something away that is looked at, or puts something in its place.
EDITS: dict[str, Edit] = {
    "no second layer": lambda p: edits.remove_layer(p, 2),
    "no first layer": lambda p: edits.remove_layer(p, 1),
    "a layer more": lambda p: edits.insert_layer(p, 1),
    "a layer twice": lambda p: edits.duplicate_layer(p, 1),
    "layers change places": lambda p: edits.move_layer(p, 1, 2),
    "one unit": lambda p: edits.set_units(p, 1, 1),
    "two units": lambda p: edits.set_units(p, 2, 2),
    "more units": lambda p: edits.set_units(p, 1, 9),
    "a unit twice": lambda p: edits.clone_unit(p, 1, 0),
    "a unit muted": lambda p: edits.mute_unit(p, 1, 3),
    "another activation": lambda p: edits.set_activation(p, 2, "linear"),
    "one input": lambda p: edits.switch_feature(p, "x2"),
    "an input more": lambda p: edits.switch_feature(p, "x1x2"),
    "four inputs": lambda p: edits.choose_source(p, "parity"),
    "classes": lambda p: edits.choose_source(p, "blobs"),
    "numbers": lambda p: edits.choose_source(p, "bumps"),
    "pictures": lambda p: edits.choose_source(p, "digits"),
    "few examples": lambda p: edits.with_data(p, examples=20),
    "no test set": lambda p: edits.with_data(p, test_share=0.0),
    "single precision": lambda p: edits.with_training(p, dtype="float32"),
    "another loss": lambda p: edits.set_loss(p, "squared_error"),
    "another seed": lambda p: edits.with_network(p, seed=9),
}


@pytest.fixture
def all_shown(qtbot, document) -> Iterator[SimpleNamespace]:
    """Every panel and the canvas, shown, each over the same document, run, selection and walk."""
    training, selection, walk = Training(document), Selection(), Walk()
    parts = document, training, selection
    document.changed.connect(selection.follow_edit)  # before the panels, as in the window
    document.changed.connect(walk.follow_edit)
    panels = {}
    for place in PANELS:
        kind = getattr(import_module(f"gui.panels.{place.module}"), place.kind)
        panels[place.name] = panel = kind(*parts, *((walk,) if place.walks else ()))
        qtbot.addWidget(panel)
    canvas = CanvasView(document, selection)
    training.add_viewer(canvas)
    qtbot.addWidget(canvas)
    every = SimpleNamespace(
        document=document, training=training, selection=selection, walk=walk, canvas=canvas,
        panels=panels, failures=[], errors=[],
    )  # fmt: skip
    training.arrived.connect(
        lambda seen: every.failures.extend(
            said for said in (*seen.failures, *seen.answers.values()) if isinstance(said, Failure)
        )
    )
    training.failed.connect(every.errors.append)
    for widget in (canvas, *panels.values()):
        widget.resize(420, 320)
        widget.show()
    yield every
    training.close()
    for widget in (canvas, *panels.values()):
        widget.close()


def look_at_the_last(every: SimpleNamespace) -> None:
    """Let each panel look at the last of what it can look at."""
    selection, sizes = every.selection, every.document.project.sizes()
    L, m = len(sizes) - 1, every.training.latest.split.train.m
    last = next((l for l in range(L, 0, -1) if sizes[l] > 1), L)
    unit = (last, sizes[last] - 1)
    selection.set(
        layer=last, unit=sizes[last] - 1, pins=(unit, (0, sizes[0] - 1), (L, 0)), example=m - 1,
        cut=(sizes[0] - 1, 0) if sizes[0] > 2 else None, output=sizes[-1] - 1,
        traced=(last, sizes[last] - 1, sizes[last - 1] - 1), hidden_layer=last,
        hidden_axes=(sizes[last] - 1, 0) if sizes[last] > 1 else None, errors=True,
        test_data=True, results_of_test=True,
    )  # fmt: skip
    selection.hover_unit(unit)
    selection.light([m - 1])
    surface = every.panels["surface"]
    with suppress(KeyError):
        surface.across.chosen.emit(f"{last} {sizes[last] - 1} {sizes[last - 1] - 1}")
        surface.up.chosen.emit(f"{L} {sizes[L] - 1} {BIAS}")
    boundary = every.panels["boundary"]
    boundary.see(((0.0, 1.0), (-1.0, 0.5)))
    every.canvas.edit_weight()
    every.walk.open_edge(last, sizes[last] - 1, sizes[last - 1] - 1)


def settled(every: SimpleNamespace, qtbot) -> None:
    training = every.training
    qtbot.waitUntil(
        lambda: (
            bool(every.errors)
            or (
                training.alive
                and training.latest is not None
                and training.latest.idle
                and training.is_current(training.latest)
                and training.latest.project == every.document.project
            )
        )
    )


def lives(every: SimpleNamespace) -> None:
    assert every.errors == []
    for failure in every.failures:
        assert not failure.details, failure.details
    assert every.training.alive


def train(every: SimpleNamespace, qtbot, iterations: int = 12) -> None:
    goal = every.training.latest.iteration + iterations
    every.training.step(iterations)
    qtbot.waitUntil(
        lambda: (
            bool(every.errors)
            or every.training.latest.iteration >= goal
            or every.training.latest.halt is not None
        )
    )


def change(every: SimpleNamespace, name: str) -> bool:
    """Carry the edit out, if it can be."""
    before = every.document.project
    with suppress(LayerwiseError):
        every.document.edit(name, EDITS[name](before))
    return bool(every.document.project != before)


USUAL = ("no second layer", "four inputs")  # the others take their time
SLOW = [name for name in EDITS if name not in USUAL]


@pytest.mark.parametrize(
    "name", [*USUAL, *(pytest.param(name, marks=pytest.mark.slow) for name in SLOW)]
)
def test_every_panel_survives_changes_of_the_project(all_shown, qtbot, name):
    every = all_shown
    every.document.replace(WIDE)
    settled(every, qtbot)
    train(every, qtbot)
    look_at_the_last(every)
    settled(every, qtbot)
    run = every.training.latest.run
    assert change(every, name)
    settled(every, qtbot)
    lives(every)
    if every.training.latest.run != run:
        assert [kept.state.iteration for kept in every.training.runs.kept] == [12]
    train(every, qtbot)
    look_at_the_last(every)
    every.document.undo_stack.undo()
    settled(every, qtbot)
    lives(every)


@pytest.mark.slow
@pytest.mark.timeout(1800)  # each of the 25 lays out all panels again with every edit
@given(
    st.lists(st.tuples(st.sampled_from([*EDITS]), st.booleans(), st.booleans()), max_size=6),
    st.sampled_from(["undo", "load", "reset", "visit"]),
)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_one_edit_after_another_while_it_plays_and_at_rest(all_shown, qtbot, chosen, end):
    every = all_shown
    every.document.replace(WIDE)
    settled(every, qtbot)
    for name, plays, looks in chosen:
        if looks:
            look_at_the_last(every)
        if plays:
            every.training.play()
            qtbot.wait(5)
        change(every, name)
    every.training.pause()
    settled(every, qtbot)
    look_at_the_last(every)
    if end == "undo":
        while every.document.undo_stack.canUndo():
            every.document.undo_stack.undo()
    elif end == "load":
        every.training.open(Saved(WIDE))
    elif end == "reset":
        every.training.reset()
    else:
        train(every, qtbot)
        every.training.visit(3)
        qtbot.waitUntil(lambda: bool(every.errors) or every.training.latest.idle)
        every.training.visit(10**9)
    settled(every, qtbot)
    lives(every)


def of_own(X: list[list[float]], Y: list[list[float]], **fields: object):
    return own_data(np.array(X), np.array(Y), "few", **fields)  # type: ignore[arg-type]


SHEET = Sheet(x1=(-3.0, 3.0), x2=(-3.0, 3.0), began="")
SMALLEST = {
    "one example": of_own([[0.5], [1.0]], [[1.0]], sheet=SHEET),
    "one number": of_own([[0.5], [1.0]], [[1.5]], kind="regression"),
    "one input": of_own([[0.0, 1.0, 2.0]], [[0.0, 1.0, 1.0]]),
    "one class": of_own([[0.0, 1.0, 2.0], [1.0, 0.0, 1.0]], [[1.0, 1.0, 1.0]], sheet=SHEET),
    "one input of one example": of_own([[3.0]], [[0.5]], kind="regression"),
    "two examples alike": of_own([[1.0, 1.0], [2.0, 2.0]], [[0.0, 1.0]]),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", SMALLEST)
@pytest.mark.parametrize("layers", [1, 2])
def test_the_smallest_data_and_networks_are_looked_at_from_everywhere(
    all_shown, qtbot, name, layers
):
    every, own = all_shown, SMALLEST[name]
    units = (LayerSettings(units=1, activation="tanh"),) * (layers - 1)
    start = edits.with_network(
        Project(), layers=(*units, LayerSettings(units=1, activation="sigmoid"))
    )
    chosen = edits.choose_own(start, own)
    every.training.open(Saved(msgspec.structs.replace(chosen), own=own))
    settled(every, qtbot)
    look_at_the_last(every)
    train(every, qtbot, 15)
    settled(every, qtbot)
    lives(every)
    stopped = every.training.latest  # alone, where a cost that is not bounded has diverged
    assert stopped.iteration == 15 or stopped.halt is not None
    every.document.edit("More", edits.insert_layer(every.document.project, 1))
    settled(every, qtbot)
    lives(every)
    reached = [stopped.iteration] if stopped.iteration >= LEAST else []
    assert [run.state.iteration for run in every.training.runs.kept] == reached
