"""A table of 20,000 columns opens and is learned without blocking the window."""

import time

import numpy as np
import pytest
from PySide6.QtCore import QTimer

from core.data.table import frame
from core.data.table.frame import guess
from core.data.table.source import Source
from tests.e2e.driver import run_app
from tests.e2e.work import at_rest, said
from tests.patience import AT_ONCE_S, BUSY

COLUMNS, ROWS = 20_000, 20
OPENED_S = 60.0  # 6 s for a user with an idle machine


@pytest.fixture
def wide(tmp_path):
    path = tmp_path / "genes.csv"
    numbers = np.random.RandomState(0).randn(ROWS, COLUMNS - 1)
    lines = [",".join([*(f"g{i}" for i in range(COLUMNS - 1)), "kind"])]
    lines += [
        ",".join(f"{x:.3f}" for x in row) + f",{'ab'[k % 2]}" for k, row in enumerate(numbers)
    ]
    path.write_text("\n".join(lines), "utf-8")
    return path, numbers


@pytest.mark.slow
def test_a_table_of_20_000_columns_opens_and_is_learned(qtbot, wide):
    path, numbers = wide
    beats: list[tuple[float, float]] = []  # by the clock, and of this thread's time

    def script(window):
        def beat():
            beats.append((time.monotonic(), time.thread_time()))

        heart = QTimer(window, interval=20)
        heart.timeout.connect(beat)
        heart.start()
        began = time.monotonic()
        window.imports.import_path(path)
        dialog = window.imports.dialog
        assert time.monotonic() - began < OPENED_S
        assert dialog.summary.text().startswith("19,999 inputs: g0, g1")
        assert dialog.page.text() == "columns 19,961 to 20,000 of 20,000"
        dialog.import_button.click()
        qtbot.waitUntil(lambda: window.document.project.data.own is not None)
        assert "20 examples with 19,999 inputs" in said(window)
        qtbot.waitUntil(lambda: at_rest(window))
        window.training.step(2)
        qtbot.waitUntil(lambda: window.training.latest.iteration == 2)
        heart.stop()
        np.testing.assert_array_equal(window.training.own.X[:, 3], np.round(numbers[3], 3))

    assert run_app(script) == 0
    still, busy = np.diff(beats, axis=0).max(axis=0)
    assert busy < AT_ONCE_S, f"the window was busy for {busy:.1f} s"
    assert still < BUSY * AT_ONCE_S, f"the window stood still for {still:.1f} s"


@pytest.mark.parametrize("width", [7, 999, 1001, 5003])
def test_how_a_table_is_written_is_seen_from_some_of_its_columns(width):
    assert len(frame.columns_looked_at(width)) <= frame.MOST_COLUMNS + 1
    assert (frame.columns_looked_at(width)[0], frame.columns_looked_at(width)[-1]) == (0, width - 1)
    rows = [";".join(f"{k + i},5" for i in range(width)) for k in range(12)]
    named = ";".join(f"name {i}" for i in range(width))
    for header, text in ((True, "\n".join([named, *rows])), (False, "\n".join(rows))):
        found = guess(Source("t.csv", text.encode(), "utf-8"))
        assert (found.delimiter, found.decimal, found.header) == (";", ",", header)
