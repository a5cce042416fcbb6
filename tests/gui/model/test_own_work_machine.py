"""Edits, undo, saving and opening in any order: nothing changes unexpectedly."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from core import edits
from core.by_hand import BIAS, Numbers, Place, number
from core.data.own import OwnData
from core.errors import LayerwiseError
from core.files import storage
from core.files.storage import Saved
from core.nn.activations import Array
from core.project import Project, encode
from core.view import View, fitted
from gui.files import open_save as files
from gui.files.open_save import Files
from gui.model.document import Document
from gui.model.runs import Runs
from gui.model.selection import Selection
from tests.core.files import made

WHOLE = storage.encode(made.saved())
HOSTILE = {
    "empty": b"",
    "the beginning of a zip": b"PK\x03\x04 and no more",
    "another JSON": b"{}",
    "deep JSON": b"[" * 5000,
    "cut": WHOLE[:-30],
    "altered": WHOLE[:900] + b"!!!!" + WHOLE[904:],
}


PLACES = [Place(1, 0, 0), Place(1, 0, BIAS), Place(2, 0, 0)]


class StillRun(QObject):
    """A run that stands at iteration 0: enough of Training for Files. `numbers` are those set."""

    arrived = Signal(object)
    failed = Signal(object)
    alive = False

    def __init__(self, document: Document, parent: QObject) -> None:
        super().__init__(parent)
        self._document = document
        self.latest = None
        self.own: OwnData | None = None
        self.start: Array | None = None
        self.numbers = dict.fromkeys(PLACES, 0.0)
        self.runs = Runs(self)
        document.edited.connect(self.follow)

    def follow(self, _old: Project, _new: Project, change: object) -> None:
        if isinstance(change, Numbers):
            self.numbers.update(change.values)

    def open(self, saved: Saved) -> None:
        self._document.replace(saved.project)
        self.own, self.start, self.numbers = saved.own, saved.start, dict.fromkeys(PLACES, 0.0)
        self.runs.show(saved.runs, before=0)

    def add_viewer(self, _viewer: object) -> None:
        pass

    def stand(self, _patience: float) -> None:
        return None

    def is_current(self, _snapshot: object) -> bool:
        return True


class OwnWork(RuleBasedStateMachine):
    """A document and its file against a list of texts and a number: what undo and save mean."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.window = QWidget()
        self.document = Document(Project(), self.window)
        self.selection = Selection(self.window)
        run = StillRun(self.document, self.window)
        self.files = Files(self.document, run, self.selection, self.window, Saved(Project()), None)  # type: ignore[arg-type]  # see StillRun
        self.path = Path(self.folder.name) / "work.layerwise"
        self.run = run
        self.states: list[tuple[bytes, dict[Place, float]]] = [
            (encode(Project()), run.numbers.copy())
        ]
        self.at = 0
        self.drag = 0
        self.on_disk: bytes | None = None
        self.seen = View()
        self.clean = self.states[0]

    def teardown(self) -> None:
        self.window.deleteLater()
        self.folder.cleanup()

    def became(self, numbers: dict[Place, float] | None = None) -> None:
        now = (encode(self.document.project), numbers or self.states[self.at][1])
        if now != self.states[self.at]:
            self.states = [*self.states[: self.at + 1], now]
            self.at += 1

    @rule(units=st.integers(1, 9))
    def set_units(self, units: int) -> None:
        self.document.edit("Units", edits.set_units(self.document.project, 1, units))
        self.became()

    @rule(rate=st.floats(0.001, 10))
    def set_rate(self, rate: float) -> None:
        after = edits.with_training(self.document.project, learning_rate=rate)
        self.document.edit("Rate", after)
        self.became()

    @rule(name=st.sampled_from(["flower", "moons", "blobs", "plane"]))
    def choose_data(self, name: str) -> None:
        self.document.edit("Data", edits.choose_source(self.document.project, name))
        self.became()

    @rule(place=st.sampled_from(PLACES), value=st.sampled_from([0.0, 0.5, -2.0]))
    def set_a_number(self, place: Place, value: float) -> None:
        self.set_number(place, value)
        self.became(self.run.numbers.copy())

    @rule(place=st.sampled_from(PLACES), values=st.lists(st.sampled_from([0.0, 1.0, 2.0])))
    def drag_a_number(self, place: Place, values: list[float]) -> None:
        self.drag += 1
        start = self.run.numbers[place]
        for value in values:
            self.set_number(place, value, f"drag {self.drag}")
        if any(value != start for value in values):
            self.states = self.states[: self.at + 1]
        self.became(self.run.numbers.copy())

    def set_number(self, place: Place, value: float, key: str = "") -> None:
        before = number(place, self.run.numbers[place])
        self.document.set_by_hand("Number", before, number(place, value), key)

    @rule(rate=st.sampled_from([0.0, -1.0, float("nan"), float("inf")]))
    def edit_what_is_not_allowed(self, rate: float) -> None:
        with pytest.raises(LayerwiseError):
            self.document.edit("No", edits.with_training(self.document.project, learning_rate=rate))

    @rule(layer=st.integers(0, 2), discretize=st.booleans(), test_data=st.booleans())
    def look(self, layer: int, discretize: bool, test_data: bool) -> None:
        self.selection.set(layer=layer, discretize=discretize, test_data=test_data)

    @precondition(lambda self: self.at > 0)
    @rule()
    def undo(self) -> None:
        self.document.undo_stack.undo()
        self.at -= 1

    @precondition(lambda self: self.at + 1 < len(self.states))
    @rule()
    def redo(self) -> None:
        self.document.undo_stack.redo()
        self.at += 1

    @rule()
    def undo_everything_and_redo_it(self) -> None:
        stack, index = self.document.undo_stack, self.document.undo_stack.index()
        stack.setIndex(0)
        assert self.now() == self.states[0]
        stack.setIndex(index)

    @rule()
    def save(self) -> None:
        self.answer("ask_save", self.path)
        assert self.files.save()
        self.clean = self.states[self.at]
        self.on_disk = self.clean[0]
        self.seen = fitted(self.selection.view, self.document.project)

    @rule()
    def fail_to_save(self) -> None:
        self.answer("ask_save", Path(self.folder.name))
        self.answer("ask_elsewhere", False)
        assert not self.files.save_as()

    @precondition(lambda self: self.on_disk is not None)
    @rule()
    def open_again(self) -> None:
        self.answer("ask_to_save", "discard")
        assert self.files.open(self.path)
        assert self.on_disk is not None
        self.states, self.at = [(self.on_disk, self.run.numbers.copy())], 0
        assert self.selection.view == self.seen
        self.clean = self.states[0]

    @rule(name=st.sampled_from(sorted(HOSTILE)), suffix=st.sampled_from([".layerwise", ".json"]))
    def open_a_hostile_file(self, name: str, suffix: str) -> None:
        path = Path(self.folder.name) / f"hostile{suffix}"
        path.write_bytes(HOSTILE[name])
        with pytest.raises(LayerwiseError, match="hostile"):
            self.files.open(path)

    def now(self) -> tuple[bytes, dict[Place, float]]:
        return encode(self.document.project), self.run.numbers

    def answer(self, question: str, value: object) -> None:
        setattr(files, question, lambda *_: value)

    @invariant()
    def the_document_is_what_was_done(self) -> None:
        stack = self.document.undo_stack
        assert self.now() == self.states[self.at]
        assert (stack.index(), stack.count()) == (self.at, len(self.states) - 1)

    @invariant()
    def modified_is_exactly_differs_from_what_was_saved(self) -> None:
        assert self.files.modified == (self.states[self.at] != self.clean)
        if self.files.path is not None:
            assert self.document.undo_stack.isClean() <= (not self.files.modified)

    @invariant()
    def the_file_is_what_was_saved(self) -> None:
        if self.on_disk is not None:
            assert encode(storage.read(self.path).project) == self.on_disk


def test_own_work(qapp, monkeypatch):
    for question in ("ask_save", "ask_elsewhere", "ask_to_save"):
        monkeypatch.setattr(files, question, getattr(files, question))  # put back afterwards
    OwnWork.TestCase.settings = settings(
        max_examples=25, stateful_step_count=30, suppress_health_check=list(HealthCheck)
    )
    OwnWork.TestCase("runTest").runTest()
