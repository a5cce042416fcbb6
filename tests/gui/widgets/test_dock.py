"""Docks get about the sizes that are wanted, also where there is no room."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow

from gui.widgets.dock import Dock, resize_docks


@pytest.mark.parametrize("sizes", [(0, 100), (-7, 0), (150, 150)])
def test_a_size_that_is_not_positive_is_no_complaint_of_qt(qtbot, sizes):
    window = QMainWindow()
    docks = [Dock(name, name, window) for name in ("one", "two")]
    for dock in docks:
        window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
    qtbot.addWidget(window)
    window.resize(400, 300)
    with qtbot.waitExposed(window):
        window.show()
    resize_docks(window, docks, sizes, Qt.Orientation.Vertical)  # a warning would fail the test
    qtbot.wait(20)
    assert all(dock.height() > 0 for dock in docks)
