"""Making QObjects and emitting signals takes no reference from None, True or False; and Python
keeps nothing that Qt deletes unnoticed.

PySide6 6.12.0 takes one from True with every emit, until Python before 3.12 dies of it;
pyproject.toml keeps such versions out, and this test the next one. From Python 3.12 on these
objects are immortal: their counts never move, and the program running to its end is the test.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtWidgets import QLabel, QLayout, QLayoutItem, QVBoxLayout, QWidget

from gui.model import training
from gui.widgets import labels
from gui.widgets.header import Header

PROGRAM = """
import json, sys
from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

class Emitter(QObject):
    happened = Signal(object)

def use():
    emitter = Emitter()
    emitter.happened.connect(received.append)
    for value in (None, True, False):
        emitter.happened.emit(value)
        emitter.setProperty("value", value)
        emitter.property("value")
    emitter.setParent(None)
    emitter.blockSignals(True)
    emitter.blockSignals(False)
    timer = QTimer(emitter)
    timer.setSingleShot(True)
    timer.isActive()
    received.clear()

app = QCoreApplication([])
received = []
use()  # what is made once and kept is made here
before = [sys.getrefcount(value) for value in (None, True, False)]
for _ in range(100):
    use()
after = [sys.getrefcount(value) for value in (None, True, False)]
print(json.dumps(dict(zip(("None", "True", "False"), (b - a for a, b in zip(before, after))))))
"""


@pytest.fixture(scope="module")
def changes():
    """How far the counts of None, True and False moved, in a process of its own."""
    command = [sys.executable, "-c", PROGRAM]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)


@pytest.mark.parametrize("name", ["None", "True", "False"])
def test_references_do_not_fall(changes, name):
    assert changes[name] > -20  # 100 rounds: one lost in each would be -100, chance moves a few


def test_no_event_of_ours_is_posted():
    """PySide 6.11.3 ended the process in some runs of the timeline's tests: SIGSEGV in Shiboken's
    releaseWrapper, when Qt deleted an event that Python had posted.
    """
    assert files_with("postEvent") == []


def test_no_layout_is_asked_for_an_item():
    """PySide 6.11.3 keeps what `itemAt` returns as long as the layout, also after Qt has deleted it
    with its widget. An object that is made in the same place later, and that Qt deletes, as it does
    training threads, then ended the process: SIGSEGV in releaseWrapper.
    """
    assert files_with(".itemAt(") == []


def files_with(words):
    gui = Path(training.__file__).parents[1]
    return [path.name for path in gui.rglob("*.py") if words in path.read_text("utf-8")]


def items_of_qt():
    """The items of layouts that Qt made and may delete, and that Python keeps."""
    items = (each for each in shiboken6.getAllValidWrappers() if isinstance(each, QLayoutItem))
    return [
        item
        for item in items
        if not isinstance(item, QLayout) and not shiboken6.ownedByPython(item)
    ]


def test_a_header_that_is_measured_keeps_no_item(qtbot):
    window, words, other = QWidget(), QLabel("some words"), QLabel("more")
    header = Header(labels.title("Title"))
    header.add_first(words)
    header.add(other)
    column = QVBoxLayout(window)
    column.addWidget(header)
    qtbot.addWidget(window)
    before = len(items_of_qt())
    assert header.free_width(other) + header.minimumSizeHint().width() > 0
    column.addWidget(words)  # Qt deletes its item of the header
    assert len(items_of_qt()) == before
