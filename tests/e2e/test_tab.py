"""Tab leads through every panel and every lab, to all that takes the keyboard."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from gui.docks import LABS, PANELS
from gui.parts import key_of
from tests.e2e.driver import run_app

MOST_TABS = 60  # through the window with one panel alone


def stops(dock):
    """What Tab is to reach: all that takes the keyboard; of choices that exclude each other one."""
    for widget in dock.findChildren(QWidget):
        takes = widget.isVisible() and widget.isEnabled() and widget.focusProxy() is None
        if not takes or not widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
            continue
        if isinstance(widget, QAbstractButton) and (
            widget.group() is not None or widget.autoExclusive()
        ):
            continue
        yield widget


@pytest.mark.slow
@pytest.mark.parametrize("names", [[s.name for s in LABS], [s.name for s in PANELS]])
def test_tab_reaches_all_that_takes_the_keyboard(qtbot, names):
    def script(window):
        for name in names:
            dock = window.docking.lab_dock(name) if name in window.docking.lab_actions else None
            dock = dock or window.docks[name]
            dock.bring()
            window.layouts.maximize(dock)
            qtbot.waitUntil(lambda dock=dock: not dock.is_behind)
            qtbot.wait(50)
            missing = set(stops(dock))
            for _ in range(MOST_TABS):
                here = QApplication.focusWidget()
                missing.discard(here)
                QTest.keyClick(here or window, Qt.Key.Key_Tab)
            said = [key_of(widget) or widget.accessibleName() for widget in missing]
            assert not missing, f"{name}: {said}"
            window.layouts.restore_whole()

    assert run_app(script) == 0
