"""Names from files and users are displayed literally everywhere, and shortened."""

from collections.abc import Iterator
from dataclasses import replace
from unicodedata import category

import numpy as np
import pytest
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QHelpEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QMenu,
    QWidget,
)

from core import edits
from core.data.own import own_data
from core.files import storage
from core.files.own_data import write_table
from core.files.storage import Saved
from core.project import Project
from gui.main_window import MainWindow
from gui.panels.examples.panel import ExamplesPanel
from gui.panels.runs.panel import RunsPanel
from gui.widgets import tooltips
from tests.core.files import made
from tests.e2e.driver import run_app
from tests.e2e.work import at_rest, train

HOSTILE = "<img src='x'> & <h1>\u202ebig\u2066"
LONG = "<h1>" + "w" * 100_000
MOST = 1500  # characters of anything that is shown
Role = Qt.ItemDataRole
ROLES = (Role.DisplayRole, Role.ToolTipRole, Role.AccessibleTextRole, Role.EditRole)


@pytest.fixture
def hostile(tmp_path):
    """A project whose names, and whose file's name, are what no screen should obey."""
    rng = np.random.RandomState(0)
    X, Y = rng.randn(3, 60), np.eye(3)[:, np.arange(60) % 3]
    names, classes = (HOSTILE, LONG, f"&{HOSTILE}"), (HOSTILE, LONG, "=<h1>1")
    own = own_data(X, Y, f"{HOSTILE}.csv", inputs=names, classes=classes)
    project = edits.with_data(edits.choose_own(Project(), own), test_share=0.2)
    run = replace(made.run(), name=HOSTILE, note=LONG)
    path = tmp_path / "<img src='x'> & <h1>\u202e.layerwise"
    storage.write(path, Saved(project, own=own, runs=(run, replace(run, number=2, name=LONG))))
    return path


Said = Iterator[tuple[str, str, bool]]  # where, what, whether it is certainly taken as it stands


def written(window: QWidget) -> Said:
    """Everything that is written anywhere, or would be."""
    for widget in QApplication.allWidgets():
        where = f"{type(widget).__name__} {widget.objectName()}"
        yield f"tooltip of {where}", widget.toolTip(), False
        yield f"title of {where}", widget.windowTitle(), True
        yield f"name of {where}", widget.accessibleName(), True
        yield f"description of {where}", widget.accessibleDescription(), True
        if isinstance(widget, QLabel):
            plain = widget.textFormat() == Qt.TextFormat.PlainText
            yield f"label {where}", widget.text(), plain
        if isinstance(widget, QAbstractButton):
            yield f"button {where}", widget.text(), True
        if isinstance(widget, QComboBox):
            for i in range(widget.count()):
                yield f"choice of {where}", widget.itemText(i), True
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            yield from cells(where, widget.model())
        if isinstance(widget, QMenu):
            widget.aboutToShow.emit()
        for action in widget.actions():
            yield f"command of {where}", action.text(), True
            yield f"tooltip of a command of {where}", action.toolTip(), False


def cells(where: str, model: QAbstractItemModel) -> Said:
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount()
    for column in range(min(columns, 40)):
        for role in ROLES:
            head = model.headerData(column, Qt.Orientation.Horizontal, role)
            yield f"head of {where}", str(head or ""), role != Role.ToolTipRole
            for row in range(min(model.rowCount(), 5)):
                value = model.index(row, column, QModelIndex()).data(role)
                plain = role != Role.ToolTipRole
                if role == Role.EditRole and isinstance(value, str):
                    continue  # what is typed over is whole
                yield f"cell of {where}", str(value or ""), plain


def hovered(told: list[str]) -> Said:
    """What every widget in sight says under the mouse."""
    for widget in QApplication.allWidgets():
        if not widget.isVisible() or widget.visibleRegion().isEmpty():
            continue
        for across in (0.03, 0.2, 0.5, 0.8):
            for down in (0.05, 0.3, 0.6, 0.95):
                at = QPoint(int(across * widget.width()), int(down * widget.height()))
                event = QHelpEvent(QHelpEvent.Type.ToolTip, at, widget.mapToGlobal(at))
                QApplication.sendEvent(widget, event)
        while told:
            yield f"tooltip over {type(widget).__name__}", told.pop(), False


def wrong(where: str, what: str, plain: bool) -> str:
    """What is wrong with words that are written; empty if nothing is."""
    if len(what) > MOST:
        return f"{where} is {len(what):,} long: {what[:60]!r}"
    if any(category(c) in ("Cc", "Cf") and c not in "\n\t\r" for c in what):
        return f"{where} steers: {what[:90]!r}"
    if not plain and ("<img" in what or "<h1" in what):
        return f"{where} is obeyed: {what[:90]!r}"
    return ""


class Recorder:
    """Takes the place of Qt's tooltips, and keeps what they say."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def showText(self, _at: object, words: str, _over: object) -> None:  # noqa: N802  Qt's own name
        self.told.append(words)

    def hideText(self) -> None:  # noqa: N802  Qt's own name
        pass


def copied(window: MainWindow) -> Said:
    """What goes to the clipboard and into a table."""
    for name in ("runs", "examples"):
        panel = window.panels[name]
        assert isinstance(panel, ExamplesPanel | RunsPanel)
        panel.copy()
        for cell in QGuiApplication.clipboard().text().replace("\t", "\n").splitlines():
            yield "a copied cell", cell, True


@pytest.mark.slow
def test_foreign_words_are_plain_and_cut(qtbot, hostile, monkeypatch, tmp_path):
    tips, found = Recorder(), list[tuple[str, str, bool]]()
    monkeypatch.setattr(tooltips, "QToolTip", tips)
    table, out = tmp_path / "<img src='x'>\u202e.csv", tmp_path / "out.csv"
    table.write_text(f"{HOSTILE},b,{LONG}\n1,2,{HOSTILE}\n3,4,<h1>\n", "utf-8")

    def script(window):
        train(qtbot, window, 3)
        window.selection.select_example(4)
        for dock in window.docks.values():
            dock.show()
            dock.raise_()
            qtbot.waitUntil(lambda: at_rest(window))
            QApplication.processEvents()
            found.extend(hovered(tips.told))
        window.document.edit(f"Choose {LONG}", edits.set_units(window.document.project, 1, 5))
        window.imports.import_path(table)
        QApplication.processEvents()
        found.extend((*hovered(tips.told), *written(window), *copied(window)))
        window.imports.dialog.reject()
        write_table(out, window.training.own)
        found.append(("an exported table", out.read_text("utf-8").splitlines()[0], True))

    assert run_app(script, [str(hostile)]) == 0
    assert sum("<img" in what or "&lt;img" in what for _, what, _ in found) > 20
    assert not {wrong(*said) for said in found} - {""}
