"""The hidden space: lassoed points are highlighted in every view and listed in the table."""

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from core import edits
from core.look.space import Viewpoint
from tests.e2e.driver import run_app
from tests.e2e.work import saving_to, train
from tests.gui.hands import draw


def seen(qtbot, window, iteration):
    """The hidden space after so many iterations, come to rest."""
    panel = window.panels["hidden"]
    qtbot.waitUntil(lambda: panel.shown is not None and panel.shown.iteration == iteration)
    qtbot.waitUntil(lambda: not panel.plot.gliding)
    return panel.shown


def test_points_lassoed_in_hidden_space_are_selected_in_the_table(qtbot):
    def script(window):
        panel, table = window.panels["hidden"], window.panels["examples"]
        window.docks["hidden"].bring()
        window.docks["examples"].bring()
        document = window.document
        document.edit("Two units", edits.set_units(document.project, 1, 2))
        train(qtbot, window, 400)
        shown = seen(qtbot, window, 400)
        latest = window.training.latest
        p = latest.parameters()
        A = np.tanh(p.W[1] @ latest.split.train.X + p.b[1])
        assert shown.points == pytest.approx(A, abs=1e-12)
        u, v, c = shown.line
        assert (u, v, c) == (p.W[2][0, 0], p.W[2][0, 1], -p.b[2][0, 0])

        plot, square = panel.plot, panel.plot.square()
        middle = round(square.center().x())
        half = [QPointF(middle, square.top()), square.topRight(), square.bottomRight()]
        draw(plot, [at.toPoint() for at in (*half, QPointF(middle, square.bottom()))])
        edge = plot.pixels().inverted()[0].map(QPointF(middle, 0)).x()
        right = np.flatnonzero(A[0] > edge)
        assert window.selection.lit.tolist() == right.tolist()
        assert window.panels["boundary"].plot.dots[0].lit.tolist() == right.tolist()
        assert plot.dots[0].lit.tolist() == right.tolist()
        table.lit_only.click()
        qtbot.waitUntil(lambda: sorted(table.model.examples) == right.tolist())
        rows = table.table.selectionModel().selectedRows()
        assert len(rows) == len(right)

        qtbot.keyClick(window.canvas, Qt.Key.Key_Escape)
        assert not len(window.selection.lit)
        table.lit_only.click()
        table.table.selectRow(2)  # the same without a mouse
        table.table.setFocus()
        QTest.keyClick(table.table, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
        assert len(window.selection.lit) == 2
        assert len(plot.dots[0].lit) == 2

    assert run_app(script) == 0


@pytest.mark.slow
def test_it_changes_during_training_and_keeps_its_options(qtbot, tmp_path, monkeypatch):
    path = tmp_path / "mine.layerwise"
    saving_to(monkeypatch, path)

    def look(window):
        panel = window.panels["hidden"]
        window.docks["hidden"].bring()
        window.training.play()
        qtbot.waitUntil(lambda: panel.shown is not None)
        found = [panel.shown]
        for _ in range(5):
            qtbot.waitUntil(lambda: panel.shown is not found[-1])
            found.append(panel.shown)
        for before, after in pairwise(found):
            others = [  # flipped, swapped, or both
                signs * after.axes[order]
                for signs in (1, -1, [[1], [-1]], [[-1], [1]])
                for order in ([0, 1], [1, 0])
            ]
            apart = [np.linalg.norm(before.axes - axes) for axes in others]
            assert apart[0] == min(apart)
        window.training.pause()
        panel.layer.chosen.emit("1")
        panel.across.chosen.emit("3")
        panel.linear.click()
        window.selection.select_layer(2)
        assert window.files.save()

    def look_again(window):
        panel = window.panels["hidden"]
        window.docks["hidden"].bring()
        qtbot.waitUntil(lambda: panel.shown is not None)
        assert panel.shown.viewpoint == Viewpoint(1, (3, 0), linear=True)
        assert panel.card.title == "Hidden space  Z[1]"
        assert window.selection.layer == 2

    assert run_app(look) == 0
    assert run_app(look_again, [str(path)]) == 0
