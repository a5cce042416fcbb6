"""A walk of an iteration that drops activations: the mask has its step and is in the sums."""

import numpy as np
from PySide6.QtCore import Qt

from core.edits import set_dropout
from core.walk.entry import Entry
from gui.stepper.operation import CODE, MATRIX, ONE_EXAMPLE

CHIPS = [
    "A[0]", "Z[1]", "D[1]", "A[1]", "Z[2]", "A[2]", "J",
    "dZ[2]", "dW[2]", "db[2]", "dA[1]", "dZ[1]", "dW[1]", "db[1]", "update",
]  # fmt: skip


def dropping(panel, document, qtbot):
    document.edit("Drop", set_dropout(document.project, 1, 0.5))
    qtbot.waitUntil(lambda: panel.walk.record is not None and panel.walk.record.keep == {1: 0.5})


def test_every_step_can_be_walked_in_every_view(panel, document, qtbot):
    dropping(panel, document, qtbot)
    seen = []
    for _ in CHIPS:
        seen.append(panel.walk.step.chip)
        for view in (ONE_EXAMPLE, CODE):
            panel.operation.set_view(view)
        panel.operation.set_view(MATRIX)
        qtbot.keyClick(panel, Qt.Key.Key_Space)
    assert seen == CHIPS


def test_the_mask_is_shown_and_multiplies(panel, document, qtbot):
    dropping(panel, document, qtbot)
    panel.walk.go(CHIPS.index("A[1]"))
    after, before, mask = (view.matrix for view in panel.operation.matrices.views)
    assert mask.name == "D[1]"
    assert set(np.unique(mask.values)) == {0.0, 1.0}
    np.testing.assert_allclose(after.values, np.tanh(before.values) * mask.values / 0.5)


def test_a_dropped_number_says_so_and_a_number_leads_to_its_mask(panel, document, qtbot):
    dropping(panel, document, qtbot)
    record = panel.walk.record
    row, column = (int(i[0]) for i in np.nonzero(record.D[1] == 0))
    panel.walk.open_number(Entry("D", 1, row, column))
    assert "was not below 0.5" in panel.origin.explanation.note
    panel.walk.open_number(Entry("dA", 1, row, column))
    assert Entry("D", 1, row, column) in panel.origin.explanation.entries
    assert record.value(Entry("dA", 1, row, column)) == 0


def test_the_gradient_check_holds_the_mask(panel, document, qtbot):
    dropping(panel, document, qtbot)
    panel.checks.start()
    qtbot.waitUntil(lambda: panel.checks.result is not None and panel.checks.result.passed)
