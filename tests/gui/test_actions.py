"""Shortcuts are bound once each, and told in tooltips."""

from PySide6.QtGui import QAction, QKeySequence

from gui.actions import make_action, set_shortcuts, written_shortcuts


def test_a_key_given_twice_is_bound_once(qtbot):
    """Bound twice it would be ambiguous, and Qt would do nothing."""
    action = QAction("Save &as…")
    set_shortcuts(action, [QKeySequence.StandardKey.SaveAs, "Ctrl+Shift+S", "Ctrl+Shift+S"])
    keys = [key.toString() for key in action.shortcuts()]
    assert keys.count("Ctrl+Shift+S") == 1
    assert action.toolTip() == "Save as (Ctrl+Shift+S)"


def test_keys_of_rare_keyboards_are_bound_but_not_written(qtbot):
    action = QAction("New")
    set_shortcuts(action, ["Ctrl+N", "New", "F14", "Ins", "F12", "+"])
    assert len(action.shortcuts()) == 6
    assert written_shortcuts(action) == ["Ctrl+N", "Ins", "F12", "+"]


def test_an_action_runs_its_command(qapp):
    done = []
    make_action(qapp, "Do", lambda: done.append(1)).trigger()
    assert done == [1]
