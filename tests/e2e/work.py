"""Helpers for workflows with files: training for a while, editing, answering questions."""

from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDropEvent, QKeySequence

from core import edits
from gui.files import data_import
from gui.files import open_save as files
from gui.parts import title_of
from gui.widgets.banner import Banner


def at_rest(window):
    latest = window.training.latest
    return (
        latest is not None
        and latest.idle
        and window.training.is_current(latest)
        and latest.project == window.document.project
    )


def train(qtbot, window, iterations):
    # The latest state may be that of the run before, which ended at another iteration.
    qtbot.waitUntil(lambda: at_rest(window))
    goal = window.training.latest.iteration + iterations
    window.training.step(iterations)
    qtbot.waitUntil(lambda: at_rest(window) and window.training.latest.iteration == goal)


def edit(window, rate):
    document = window.document
    document.edit("Rate", edits.with_training(document.project, learning_rate=rate))


def command(window, text):
    """Carry out the command that is called so, in its menu or outside of it."""
    actions = [
        action
        for action in window.findChildren(QAction)
        if text.rstrip("…") in (title_of(action), action.text().replace("&", "").rstrip("…"))
    ]
    assert actions, f"no action called {text}"
    actions[0].trigger()


def said(window):
    banner = window.findChild(Banner)
    return "" if banner is None else banner.sentence


def saving_to(monkeypatch, path):
    monkeypatch.setattr(files, "ask_save", lambda *_: path)


def answer(monkeypatch, name, value):
    asked = []

    def ask(_parent, what):
        asked.append(what)
        return value

    monkeypatch.setattr(files, name, ask)
    return asked


def drop(window, *paths):
    """Drop files on the window."""
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(400, 300),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    window.dropEvent(event)


def import_chosen(monkeypatch, window, path):
    """Import the file that the user chose in the dialog."""
    with monkeypatch.context() as patch:
        patch.setattr(data_import, "ask_open_several", lambda *_: [path])
        keys = QKeySequence("Ctrl+Shift+I")
        next(a for a in window.findChildren(QAction) if a.shortcut() == keys).trigger()
