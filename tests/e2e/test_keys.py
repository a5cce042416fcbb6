"""Every shortcut in the list of shortcuts works, from anywhere in the window."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from gui.actions import written_shortcuts
from gui.menus import TABLES
from tests.e2e.driver import run_app


class Ear(QObject):
    """Hears which action a key press has reached, and lets nothing happen."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[QObject] = []

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Shortcut:
            self.heard.append(watched)
            return True
        return False


def unheard(actions: list[QAction], focus: QWidget) -> list[str]:
    """Which of the enabled actions' keys do not reach them."""
    ear, deaf = Ear(), []
    for action in actions:
        action.installEventFilter(ear)
    focus.setFocus()
    for action in actions:
        for written in written_shortcuts(action) if action.isEnabled() else ():
            ear.heard.clear()
            native = QKeySequence.SequenceFormat.NativeText
            QTest.keySequence(focus.window(), QKeySequence(written, native))
            QTest.qWait(1)
            if ear.heard != [action]:
                deaf.append(f"{action.text()} {written} -> {ear.heard}")
    for action in actions:
        action.removeEventFilter(ear)
    return deaf


def in_menus(window):
    menus = [action.menu() for action in window.menuBar().actions()]
    for menu in menus:
        for action in menu.actions():
            menus += [action.menu()] if action.menu() is not None else []
            yield action


def test_every_key_of_the_menus_and_tables_reaches_its_command(qtbot):
    deaf: list[str] = []

    def script(window):
        window.resize(1600, 1000)
        window.reset_layout()
        window.training.step()
        qtbot.waitUntil(lambda: window.training.latest.iteration == 1)
        actions = [action for action in in_menus(window) if action.shortcuts()]
        assert len(actions) > 40
        deaf.extend(unheard(actions, window.canvas))
        for name in TABLES:
            window.docks[name].bring()
            table = window.docks[name].first or window.panels[name]
            if not table.isVisible():
                continue  # no run has ended: there is none to press a key on
            own = [a for a in window.panels[name].findChildren(QAction) if a.shortcuts()]
            deaf.extend(unheard(own, table))

    assert run_app(script) == 0
    assert not deaf, "\n".join(deaf)


def test_every_shortcut_in_the_list_says_where_it_works(qtbot):
    def script(window):
        QTest.keySequence(window, "F1")
        (dialog,) = (
            w for w in QApplication.topLevelWidgets() if w.windowTitle() == "Keyboard shortcuts"
        )
        words = [label.text() for label in dialog.findChildren(QLabel)]
        assert "Import data" in words
        assert words.count("Data") == 1  # the panel
        dialog.close()

    assert run_app(script) == 0
