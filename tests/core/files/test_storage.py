"""A `.layerwise` file restores every bit, and reports its errors in one sentence."""

import io
import re
import zipfile
from typing import Any

import msgspec
import numpy as np
import pytest

from core.data.own import own_data
from core.edits import choose_own, with_training
from core.errors import LayerwiseError
from core.files import disk, storage
from core.files.packing import pack
from core.files.storage import Saved
from core.project import Project, encode
from core.view import View
from tests.core.files import made


def arrays_of(content: bytes) -> dict[str, np.ndarray]:
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        return dict(arrays)


def packed(**arrays: Any) -> bytes:
    content = io.BytesIO()
    np.savez(content, **arrays)
    return content.getvalue()


def changed(content: bytes, **arrays: Any) -> bytes:
    """The file with arrays replaced, or left out where None is given."""
    together = {**arrays_of(content), **arrays}
    return packed(**{name: array for name, array in together.items() if array is not None})


@pytest.mark.parametrize("with_own", [True, False])
def test_every_bit_is_read_back(tmp_path, with_own):
    before = made.saved(with_own=with_own)
    written = storage.write(tmp_path / "a.layerwise", before)
    assert disk.stamp(tmp_path / "a.layerwise") == written.stamp
    assert written.set_aside == ()
    assert made.parts(storage.read(tmp_path / "a.layerwise")) == made.parts(before)


def test_the_same_values_are_the_same_bytes():
    content = storage.encode(made.saved())
    assert storage.encode(made.saved()) == content
    assert storage.encode(storage.decode(content, "a")) == content


def test_a_project_without_a_run_is_only_its_json():
    after = storage.decode(storage.encode(Saved(Project())), "a")
    assert made.parts(after) == {"project": Project(), "view": View()}


def test_float32_stays_float32():
    project = with_training(Project(), dtype="float32")
    before = Saved(project, made.state(project))
    assert made.parts(storage.decode(storage.encode(before), "a")) == made.parts(before)


def test_numpy_reads_it_as_exported_weights_and_data():
    own = made.own()
    arrays = arrays_of(storage.encode(made.saved()))
    assert arrays["W1"].shape == (4, 3)
    assert arrays["b2"].shape == (1, 1)
    assert arrays["activations"].tolist() == ["tanh", "sigmoid"]
    assert np.array_equal(arrays["X"], own.X)


def test_pictures_are_saved_as_bytes_and_come_back_as_numbers():
    pixels = np.random.RandomState(0).randint(0, 256, (12, 5))
    own = own_data(pixels / 255, [[0, 1, 0, 1, 0]], "pictures", picture=(2, 2, 3), test_examples=2)
    before = Saved(choose_own(Project(), own), own=own)
    content = storage.encode(before)
    assert arrays_of(content)["X"].dtype == arrays_of(content)["Y"].dtype == np.uint8
    assert made.parts(storage.decode(content, "a")) == made.parts(before)


def test_costs_that_are_no_numbers_do_not_close_the_file():
    run = made.state(Project())
    run.grad[0], run.test_costs[0], run.memory["v"][0] = np.nan, np.inf, -np.inf
    before = Saved(Project(), run)
    assert made.parts(storage.decode(storage.encode(before), "a")) == made.parts(before)


def test_own_data_may_be_in_another_file(tmp_path):
    before = made.saved()
    disk.replace(tmp_path / "a", storage.encode(before, apart=True))
    disk.replace(tmp_path / "own", storage.encode_own(made.own()))
    assert "X" not in arrays_of((tmp_path / "a").read_bytes())
    own = storage.read_own(tmp_path / "own")
    assert made.parts(
        storage.read_apart(tmp_path / "a", {own.digest: own}.__getitem__)
    ) == made.parts(before)
    other = own_data(own.X, own.Y, "another.csv")
    with pytest.raises(LayerwiseError, match="not those that the project was made with"):
        storage.read_apart(tmp_path / "a", lambda _: other)


def test_parts_that_do_not_belong_together_are_not_saved():
    with pytest.raises(LayerwiseError, match="do not belong together"):
        storage.encode(Saved(Project(), own=made.own()))
    with pytest.raises(LayerwiseError, match="do not fit the network"):
        storage.encode(Saved(choose_own(Project(), made.own()), made.state(Project()), made.own()))


def test_big_endian_fortran_order_and_other_widths_load():
    before = made.saved()
    content = storage.encode(before)
    arrays = arrays_of(content)
    other = changed(
        content,
        W1=np.asfortranarray(arrays["W1"].astype(">f8")),
        X=np.asfortranarray(arrays["X"]),
        test_iterations=arrays["test_iterations"].astype(">i2"),
    )
    assert made.parts(storage.decode(other, "a")) == made.parts(before)


NEWER = encode(Project()).decode().replace('"version": 1', '"version": 2, "new": {}')
REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no project": ({"project": None}, "not a Layerwise project: it holds activations"),
    "extra": ({"W3": np.ones((1, 1))}, "it holds W3, which does not belong"),
    "own": ({"own": np.array("{}")}, "own is not what"),
    "other own": ({"X": np.ones((3, 6))}, "not those that the project was made with"),
    "less own": ({"X": np.ones((3, 5))}, r"X is \(3, 5\) in the file"),
    "own gone": ({"X": None}, "X is missing"),
    "labels": ({"Y": np.full((1, 6), 2.0)}, "choose real numbers"),
    "newer": ({"project": np.array(NEWER)}, "newer Layerwise .version 2 of the format"),
    "cut JSON": ({"project": np.array(NEWER[:99])}, "truncated"),
    "surrogate": ({"project": np.array("{\ud800}")}, "damaged, or not"),
}


@pytest.mark.parametrize("damage", REFUSED, ids=str)
def test_errors_name_the_problem(damage):
    arrays, reason = REFUSED[damage]
    content = changed(storage.encode(made.saved()), **arrays)
    with pytest.raises(LayerwiseError, match=reason) as caught:
        storage.decode(content, "lesson.layerwise")
    assert str(caught.value).startswith("lesson.layerwise cannot be used: ")
    assert "\n" not in str(caught.value)


CHARACTER = np.frombuffer(b"\xff\xff\xff\x7f", "<U1").reshape(())
OF_WEIGHTS: dict[str, tuple[dict[str, Any], str]] = {
    "missing": ({"W1": None}, "W1 is missing"),
    "rank 1": ({"b1": np.ones(4)}, r"b1 is \(4,\) in the file, and the project needs \(4, 1\)"),
    "NaN": ({"W1": np.full((4, 3), np.nan)}, r"W1\[0, 0\] is not a finite number"),
    "infinite": ({"b2": np.array([[np.inf]])}, r"b2\[0, 0\] is not a finite number"),
    "complex": ({"W1": np.ones((4, 3), complex)}, "values of type"),
    "text": ({"W1": np.full((4, 3), "1")}, "W1 holds text where numbers are needed"),
    "pickle": ({"W1": np.full((4, 3), None)}, "could run code"),
    "records": ({"W1": np.zeros((4, 3), "f8,f8")}, "table of records"),
}
OF_THE_RUN: dict[str, tuple[dict[str, Any], str]] = {
    "no run": ({"run": None}, "run is missing"),
    "number for text": ({"run": np.array(5)}, "run is not a text"),
    "texts": ({"run": np.array(["{}", "{}"])}, "run is not a text"),
    "run": ({"run": np.array('{"iteration": true}')}, "run is not what Layerwise writes there"),
    "run twice": ({"run": np.array('{"iteration": 5, "iteration": 5}')}, "run is not what"),
    "run deep": ({"run": np.array('{"iteration": ' + "[" * 9000)}, "run is not what"),
    "other costs": ({"run": np.array('{"iteration": 4}')}, r"costs is \(5,\)"),
    "infinite cost": ({"costs": np.array([1, 2, 3, 4, np.inf])}, r"costs\[4\] is not a finite"),
    "before": ({"run": np.array('{"iteration": -1}')}, "made -1 iterations"),
    "character": ({"run": CHARACTER}, "damaged, or not"),
    "empty": ({"run": np.array("")}, "run is not what"),
    "order": ({"cost_iterations": np.array([0, 2, 1, 3, 4])}, "not ascending"),
}
OF_TESTS: dict[str, tuple[dict[str, Any], str]] = {
    "shape": ({"test_costs": np.ones((3, 1))}, r"test_costs is \(3, 1\)"),
    "fewer": ({"test_costs": np.ones(2)}, r"test_iterations is \(3,\)"),
    "backwards": ({"test_iterations": np.array([4, 2, 0])}, "not ascending"),
    "twice": ({"test_iterations": np.array([0, 2, 2])}, "not ascending"),
    "beyond": ({"test_iterations": np.array([0, 2, 6])}, "go beyond the 5 iterations"),
    "before": ({"test_iterations": np.array([-1, 2, 4])}, "go beyond the 5 iterations"),
    "no number": ({"test_iterations": np.array([0, 2, 4.5])}, "not ascending"),
}
OF_OTHERS: dict[str, tuple[dict[str, Any], str]] = {
    "start": ({"start": np.ones(3)}, r"start is \(3,\) in the file"),
    "view": ({"view": np.ones(3)}, "view is not a text"),
}


def set_aside(arrays: dict[str, Any], reason: str) -> tuple[set[str], dict[str, object]]:
    """Which parts of a file with these arrays are not as they were; and those that are there."""
    before = made.parts(made.saved())
    after = storage.decode(changed(storage.encode(made.saved()), **arrays), "lesson.layerwise")
    (said,) = after.set_aside
    assert re.search(reason, said)
    assert said.endswith(".")
    assert "\n" not in said
    parts = made.parts(after)
    return {name for name in before if before[name] != parts.get(name)}, parts


RUN = {"iteration", "flat", "grad", "costs", "test_iterations", "test_costs", "marks", "memory"}


@pytest.mark.parametrize("damage", OF_WEIGHTS, ids=str)
def test_a_run_without_weights_is_set_aside_and_the_rest_opens(damage):
    assert set_aside(*OF_WEIGHTS[damage])[0] == RUN


@pytest.mark.parametrize("damage", OF_THE_RUN, ids=str)
def test_of_a_run_that_cannot_be_read_the_weights_are_kept(damage):
    lost, parts = set_aside(*OF_THE_RUN[damage])
    assert lost == {*RUN, "start"}
    assert parts["start"] == made.parts(made.saved())["flat"]


@pytest.mark.parametrize("damage", OF_TESTS, ids=str)
def test_only_an_invalid_test_curve_is_set_aside(damage):
    assert set_aside(*OF_TESTS[damage])[0] == {"test_iterations", "test_costs"}


@pytest.mark.parametrize("damage", OF_OTHERS, ids=str)
def test_only_the_damaged_part_is_set_aside(damage):
    assert set_aside(*OF_OTHERS[damage])[0] == {damage}


def test_a_weight_too_large_for_float32_is_set_aside():
    project = with_training(Project(), dtype="float32")
    content = storage.encode(Saved(project, made.state(project)))
    after = storage.decode(changed(content, W1=np.full((4, 2), 1e300)), "a")
    assert after.state is None
    assert "too large for float32" in after.set_aside[0]


def test_saving_reports_what_could_not_be_read_back(tmp_path):
    before = made.saved()
    assert before.state is not None
    before.state.flat[0] = np.nan
    written = storage.write(tmp_path / "a.layerwise", before)
    assert "The run cannot be read (W1[0, 0] is not a finite number)" in written.set_aside[0]
    after = storage.read(tmp_path / "a.layerwise")
    assert (after.project, after.state) == (before.project, None)
    assert after.own is not None


def test_a_file_read_back_differently_is_not_saved(tmp_path, monkeypatch):
    path = tmp_path / "a.layerwise"
    path.write_bytes(b"old")

    def lose_a_bit(file, members, progress):
        size = pack(file, members, progress)
        file.seek(size // 2)
        byte = file.read(1)
        file.seek(size // 2)
        file.write(bytes([byte[0] ^ 1]))
        return size

    monkeypatch.setattr(storage, "pack", lose_a_bit)
    with pytest.raises(LayerwiseError, match=r"a\.layerwise cannot be (written|used)"):
        storage.write(path, made.saved())
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["a.layerwise"]


def test_a_network_of_gigabytes_is_refused_before_it_is_made():
    project = msgspec.json.decode(encode(Project()))
    project["network"]["layers"] = [{"units": 4096, "activation": "tanh"}] * 9
    text = msgspec.json.encode(project).decode()
    with pytest.raises(LayerwiseError, match=r"W1 is \(4, 2\)|sigmoid|cross"):
        storage.decode(
            changed(storage.encode(made.saved(with_own=False)), project=np.array(text)), "a"
        )


def test_data_without_the_members_are_no_data(tmp_path):
    disk.replace(tmp_path / "a", packed(X=np.ones((1, 1))))
    with pytest.raises(LayerwiseError, match="a cannot be used: it holds no data of Layerwise"):
        storage.read_own(tmp_path / "a")


def same_or_refused(content: bytes, original: dict[str, object]) -> bool:
    """True if it is read as what was saved, False if it is refused, or a part of it is set aside,
    in a sentence; nothing else passes.
    """
    try:
        after = storage.decode(content, "a")
    except LayerwiseError:
        return False
    parts = made.parts(after)
    if after.set_aside:
        others = {name: part for name, part in parts.items() if name not in ("start", "view")}
        assert others.items() <= original.items() or parts["test_costs"] == made.bits(np.empty(0))
        return False
    assert parts == original
    return True


def test_cut_at_every_byte_it_is_refused():
    content = storage.encode(made.saved())
    for length in range(len(content)):
        assert not same_or_refused(content[:length], {})


def flip_a_bit(first: int, every: int) -> None:
    """Of every so manieth byte; nothing but the same, a refusal or a sentence may come of it."""
    before = made.saved()
    content, original = storage.encode(before), made.parts(before)
    bits = np.random.RandomState(0).randint(0, 8, len(content))
    read = 0
    for place in range(first, len(content), every):
        damaged = bytearray(content)
        damaged[place] ^= 1 << bits[place]
        read += same_or_refused(bytes(damaged), original)
    assert read < len(content) / every / 5  # times, attributes: what means nothing


def test_with_a_bit_flipped_it_is_refused_or_the_same():
    flip_a_bit(0, 97)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(8))  # an eighth of the bytes each
def test_with_a_bit_flipped_at_every_byte_it_is_refused_or_the_same(first):
    flip_a_bit(first, 8)


def test_a_zip_bomb_is_refused_by_its_directory():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("project.npy", bytes(2**27))
    with pytest.raises(LayerwiseError, match="would unpack to more"):
        storage.decode(content.getvalue(), "a")
