"""Counts of one are never written in the plural: "1 class", "1 run"."""

import re

import numpy as np
import pytest

from core import edits
from core.data.own import own_data
from core.data.table.frame import guess
from core.data.table.source import Source
from core.project import LayerSettings, Project
from gui.dialogs.pictures import PicturesDialog
from gui.dialogs.table import TableDialog
from tests.e2e.driver import run_app
from tests.e2e.test_foreign_words import written
from tests.e2e.work import at_rest, said, train

PLURAL = re.compile(
    r"(?<![\d.,/×–-])(?<!ayer )(?<!ample )(?<!ass )(?<!nit )(?<!ation )1 "
    r"(?:other |more |hidden |training |test |ended |right |wrong )*"
    r"(?:\w+(?:[^s\W]s|sses|xes))\b(?<!loss)(?<!class)(?<!pass)(?<!is)(?<!has)(?<!was)"
)


def plurals(texts):
    return sorted({f"{what!r}" for what in texts if PLURAL.search(what)})


def everything(window):
    return [what for _, what, _ in written(window)] + [said(window)]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["binary", "regression"])
def test_the_smallest_project_speaks_of_one(qtbot, kind):
    """One input, one unit, one hidden layer, one test example, one iteration, one run."""
    Y = np.array([[0.0, 1.0, 1.0]])
    own = own_data([[0.0, 1.0, 2.0]], Y, "small", kind=kind, test_examples=1)
    outputs, loss, _ = edits.OUTPUTS[kind]
    layers = (LayerSettings(units=1, activation="tanh"), LayerSettings(units=1, activation=outputs))
    project = edits.with_network(edits.choose_own(Project(), own), layers=layers)
    project = edits.with_training(project, loss=loss, learning_rate=0.1)

    def script(window):
        window.training.bring(own)
        window.document.edit("Small", project)
        qtbot.waitUntil(lambda: at_rest(window))
        for dock in window.docks.values():
            dock.setFloating(True)
            dock.show()
        train(qtbot, window, 20)
        window.training.reset()  # one run has ended
        qtbot.waitUntil(lambda: len(window.training.runs.kept) == 1)
        train(qtbot, window, 1)
        window.start_walk()
        qtbot.waitUntil(lambda: window.walk.record is not None)
        found: list[str] = []
        for index in range(len(window.walk.steps)):
            window.walk.go(index)
            found += plurals(everything(window))
        assert not found
        window.panels["runs"].table.selectAll()
        assert not plurals(everything(window))

    assert run_app(script) == 0


def test_dialogs_use_plurals_by_count(qtbot, tmp_path):
    for label in ("cat", "dog"):
        (tmp_path / label).mkdir()

    def script(window):
        tables = [
            Source("t.csv", text, "utf-8")
            for text in (b"a,y\n1,0\n2,1\nx,1\n", b"a,b,y\n1,,0\n2,3,0\n3,4,1\n")
        ]
        for dialog in (
            *(TableDialog(window, table, guess(table)) for table in tables),
            PicturesDialog(window, tmp_path),
        ):
            dialog.show()
            assert not plurals(everything(window))
            dialog.reject()
            dialog.deleteLater()

    assert run_app(script) == 0


def test_it_would_be_noticed():
    for wrong in ("1 classes", "1 runs", "1 ended runs", "has 1 inputs.", "Copied 1 rows as"):
        assert plurals([wrong]), wrong
    for right in ("1 class", "1 run", "11 runs", "1 loss", "layer 1 is dead", "1.1 runs", "1 pass"):
        assert not plurals([right]), right
