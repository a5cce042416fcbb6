"""Ended runs are read back bit for bit; damaged ones are reported; their size is limited."""

import io
import re
from dataclasses import replace

import numpy as np
import pytest

from core import edits
from core.data.own import own_data
from core.errors import LayerwiseError
from core.files import storage
from core.files.packing import packed
from core.files.storage import Saved
from core.project import Project
from core.runs import SCORES, EndedRun
from core.training.ended_run import ended
from core.training.session import Session
from tests.core.files import made

BASE = edits.with_data(Project(), examples=40)


def run(project=BASE, iterations=20, own=None, weights=None, **said):
    session = Session(project, own=own, run=3, weights=weights)
    for _ in range(iterations):
        session.step()
    found = ended(session, None)
    assert found is not None
    return replace(found, **said)


def again(saved):
    return storage.decode(storage.encode(saved), "a.layerwise")


def same(one: EndedRun, two: EndedRun) -> bool:
    parts = [made.parts(Saved(r.project, r.state, start=r.start)) for r in (one, two)]
    said = [
        (r.number, *(getattr(r, name) for name in SCORES), r.name, r.note, r.drawn)
        for r in (one, two)
    ]
    pictures = [None if r.picture is None else r.picture.tobytes() for r in (one, two)]
    return parts[0] == parts[1] and said[0] == said[1] and pictures[0] == pictures[1]


def test_they_come_back_bit_for_bit():
    runs = (
        run(name="first <b>try</b>", note="läuft 🎉\nand on", drawn=False),
        run(edits.with_training(BASE, optimizer="adam", batch_size=16, dtype="float32")),
        run(edits.with_data(edits.choose_source(BASE, "blobs"), test_share=0.3)),
        run(edits.choose_source(BASE, "digits")),
        run(weights=np.linspace(-1, 1, 17)),
        run(edits.with_data(edits.choose_source(BASE, "plane"), test_share=0.3)),
    )
    assert runs[-1].r2 is not None
    assert runs[-1].test_r2 is not None
    back = again(Saved(BASE, runs=runs)).runs
    assert [one.start is None for one in back] == [True] * 4 + [False, True]
    assert all(same(one, two) for one, two in zip(runs, back, strict=True))
    assert back[0].picture is not None
    assert not back[0].picture.flags.writeable


def test_runs_on_own_data_need_the_data():
    own = own_data(np.random.RandomState(0).randn(3, 30), [np.arange(30) % 2], "a.csv")
    project = edits.choose_own(BASE, own)
    runs = (run(project, own=own), run())
    assert len(again(Saved(project, own=own, runs=runs)).runs) == 2
    assert storage.left_out(Saved(project, own=own, runs=runs)) == ()
    assert storage.left_out(Saved(BASE, runs=runs)) == runs[:1]
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


def of(text):
    return np.frombuffer(text.encode(), np.uint8)


def kept_of(one):
    arrays = np.load(io.BytesIO(storage.encode(Saved(BASE, runs=(one,)))))
    return arrays["kept"].tobytes().decode()


def holding(file):
    """Members that hold another file instead of a run's."""
    text = re.sub(r'"size":\d+', f'"size":{len(file)}', kept_of(run()))
    return {"kept": of(text), "kept_runs": np.frombuffer(file, np.uint8)}


@pytest.mark.parametrize(
    "members",
    [
        {"kept": of("[")},
        {"kept": of('[{"number": "1"}]')},
        {"kept": np.array(3.0)},
        {"kept": np.array("[]")},
        {"kept_runs": None},
        {"kept_pictures": None},
        {"kept_runs": np.zeros(7)},
        {"kept_runs": np.zeros(7, np.uint8)},
        {"kept_runs": np.zeros(100_000, np.uint8)},
        {"kept_pictures": np.zeros((1, 4), np.float32)},
        holding(storage.encode(Saved(BASE))),
        holding(storage.encode(Saved(BASE, runs=(run(),)))),
    ],
)
def test_a_damaged_run_is_set_aside_and_the_rest_opens(members):
    back = storage.decode(altered(**members), "a.layerwise")
    assert (back.project, back.runs) == (BASE, ())
    assert len(back.set_aside) == 1


def test_runs_that_nothing_lists_do_not_belong_in_a_file():
    with pytest.raises(LayerwiseError, match=r"^a\.layerwise .*does not belong"):
        storage.decode(altered(kept=None), "a.layerwise")


def test_one_run_that_cannot_be_read_costs_no_other():
    runs = tuple(replace(run(), number=i) for i in (1, 2, 3))
    content = storage.encode(Saved(BASE, runs=runs))
    arrays = dict(np.load(io.BytesIO(content)))
    damaged = arrays["kept_runs"].copy()
    damaged[len(damaged) // 2] ^= 255
    back = storage.decode(altered(**{**arrays, "kept_runs": damaged}), "a.layerwise")
    assert [r.number for r in back.runs] == [1, 3]
    assert all(same(one, two) for one, two in zip((runs[0], runs[2]), back.runs, strict=True))
    assert back.set_aside[0].startswith("Ended run 2 cannot be read")


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf, 1e308, 0.1])
def test_scores_of_any_size_come_back(number):
    before = run(cost=number, test_cost=number, accuracy=number, test_accuracy=None)
    (back,) = again(Saved(BASE, runs=(before,))).runs
    assert back.same_as(before)


def test_names_and_notes_from_a_file_are_cut():
    long = replace(run(), name="a\u202e\n\0b" + "x" * 100_000, note="n\0o\nte" * 50_000)
    (back,) = again(Saved(BASE, runs=(long,))).runs
    assert back.name == "a\N{REPLACEMENT CHARACTER} \N{REPLACEMENT CHARACTER}b" + "x" * 75
    assert 990 < len(back.note) <= 1000
    assert back.note.startswith("n\N{REPLACEMENT CHARACTER}o\nte")


@pytest.mark.parametrize(
    "pictures",
    [
        np.zeros(0, np.float32),
        np.full(10_000, np.nan, np.float32),
        np.zeros(17, np.float32),
    ],
)
def test_a_picture_that_cannot_be_one_is_left_out(pictures):
    (back,) = storage.decode(altered(kept_pictures=pictures), "a.layerwise").runs
    assert back.picture is None


@pytest.mark.parametrize("shape", ["[2,48]", "[0,48]", "[1,-48]", "[1,1000000000]", "null"])
def test_a_picture_of_an_odd_shape_is_left_out(shape):
    text = kept_of(run()).replace('"picture":[1,48]', f'"picture":{shape}')
    (back,) = storage.decode(altered(kept=of(text)), "a.layerwise").runs
    assert back.picture is None


def test_a_file_holds_hundreds_of_runs():
    first = run()
    runs = tuple(replace(first, number=i, note=f"note {i}") for i in range(1, 301))
    back = again(Saved(BASE, runs=runs)).runs
    assert [(r.number, r.note) for r in back] == [(r.number, r.note) for r in runs]
    assert all(same(one, two) for one, two in zip(runs[::50], back[::50], strict=True))


def test_an_encoded_run_is_not_encoded_again(monkeypatch):
    first = run()
    known: storage.Known = {}
    once = storage.encode(Saved(BASE, runs=(first,)), known=known)
    assert once == storage.encode(Saved(BASE, runs=(first,)))
    named = replace(first, name="named")
    expected = storage.encode(Saved(BASE, runs=(named,)))
    files: list[object] = []

    def counted(*parts):
        files.append(parts)
        return packed(*parts)

    monkeypatch.setattr("core.files.storage.packed", counted)
    assert storage.encode(Saved(BASE, runs=(named,)), known=known) == expected
    assert len(files) == 1  # the file, and of no run in it bytes again
