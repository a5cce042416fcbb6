"""Ended runs come back from a file bit for bit; what is wrong with them is said, and bounded."""

import io
from dataclasses import replace

import numpy as np
import pytest

from core import edits
from core.data.own import own_data
from core.errors import LayerwiseError
from core.files import storage
from core.files.storage import Saved
from core.project import Project
from core.runs import EndedRun
from core.training.farewell import ended
from core.training.session import Session
from tests.core.files import made

BASE = edits.with_data(Project(), examples=40)


def run(project=BASE, iterations=20, own=None, **said):
    session = Session(project, own=own, run=3)
    for _ in range(iterations):
        session.step()
    found = ended(session, None)
    assert found is not None
    return replace(found, **said)


def again(saved):
    return storage.decode(storage.encode(saved), "a.layerwise")


def same(one: EndedRun, two: EndedRun) -> bool:
    parts = [made.parts(Saved(r.project, r.state)) for r in (one, two)]
    said = [
        (r.number, r.cost, r.accuracy, r.test_cost, r.test_accuracy, r.name, r.note)
        for r in (one, two)
    ]
    pictures = [None if r.picture is None else r.picture.tobytes() for r in (one, two)]
    return parts[0] == parts[1] and said[0] == said[1] and pictures[0] == pictures[1]


def test_they_come_back_bit_for_bit():
    runs = (
        run(name="first <b>try</b>", note="läuft 🎉\nand on"),
        run(edits.with_training(BASE, optimizer="adam", batch_size=16, dtype="float32")),
        run(edits.with_data(edits.choose_source(BASE, "blobs"), test_share=0.3)),
        run(edits.choose_source(BASE, "digits")),
    )
    back = again(Saved(BASE, runs=runs)).runs
    assert len(back) == 4
    assert all(same(one, two) for one, two in zip(runs, back, strict=True))
    assert back[0].picture is not None
    assert not back[0].picture.flags.writeable


def test_runs_on_own_data_need_the_data_beside_them():
    own = own_data(np.random.RandomState(0).randn(3, 30), [np.arange(30) % 2], "a.csv")
    project = edits.choose_own(BASE, own)
    runs = (run(project, own=own), run())
    assert len(again(Saved(project, own=own, runs=runs)).runs) == 2
    (left,) = again(Saved(BASE, runs=runs)).runs  # the file does not hold those data any more
    assert same(left, runs[1])


def test_the_newest_that_fit_are_saved(monkeypatch):
    runs = tuple(run(iterations=10 + i) for i in range(5))
    monkeypatch.setattr("core.files.kept_runs.within_budget", lambda given: tuple(given)[-2:])
    assert [r.state.iteration for r in again(Saved(BASE, runs=runs)).runs] == [13, 14]


def test_a_cost_that_is_no_number_is_kept_as_such():
    (back,) = again(Saved(BASE, runs=(run(cost=float("inf")),))).runs
    assert back.cost == float("inf")


def altered(**members):
    """A file with one run, some members of it replaced, or (None) left out."""
    arrays = dict(np.load(io.BytesIO(storage.encode(Saved(BASE, runs=(run(),))))))
    arrays |= {name: value for name, value in members.items() if value is not None}
    for name, value in members.items():
        if value is None:
            del arrays[name]
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **arrays)
    return file.getvalue()


@pytest.mark.parametrize(
    "members",
    [
        {"kept": np.array("[")},
        {"kept": np.array('[{"number": "1"}]')},
        {"kept": np.array(3.0)},
        {"kept_1": None},
        {"kept_1": np.zeros(7)},
        {"kept_1": np.zeros(7, np.uint8)},
        {"kept_1": np.frombuffer(storage.encode(Saved(BASE)), np.uint8)},
        {"kept_1": np.frombuffer(storage.encode(Saved(BASE, runs=(run(),))), np.uint8)},
        {"kept": None},
    ],
)
def test_what_is_wrong_is_refused_with_the_name_of_the_file(members):
    with pytest.raises(LayerwiseError, match=r"^a\.layerwise "):
        storage.decode(altered(**members), "a.layerwise")


@pytest.mark.parametrize(
    "picture",
    [np.zeros((1, 4, 4)), np.zeros((2, 4, 4), np.float32), np.full((1, 4, 4), np.nan, np.float32)],
)
def test_a_picture_that_cannot_be_one_is_left_out(picture):
    (back,) = storage.decode(altered(kept_picture_1=picture), "a.layerwise").runs
    assert back.picture is None
