"""Own data are imported from every kind of file, and exported unchanged."""

import os
from dataclasses import replace

import numpy as np
import pytest

from core.data import own
from core.data.own import drawn
from core.data.table.source import of_text
from core.errors import LayerwiseError
from core.files import own_data
from tests.core.files import made


def test_kinds_of_files_are_detected_by_name_or_content(tmp_path):
    for name, sort in {
        "a.layerwise": "project",
        "a.JSON": "project",
        "a.csv": "table",
        "a.TSV": "table",
        "a.h5": "h5",
    }.items():
        assert own_data.sort_of(tmp_path / name) == sort
    np.savez(tmp_path / "a.npz", X=np.ones((1, 1)), Y=np.ones((1, 1)))
    np.savez(tmp_path / "b.npz", W1=np.ones((1, 1)))
    assert own_data.sort_of(tmp_path / "a.npz") == "arrays"
    assert own_data.sort_of(tmp_path / "b.npz") == "weights"
    assert own_data.sort_of(tmp_path) == "pictures"
    (tmp_path / "a.exe").write_bytes(b"MZ\0\1\n")
    with pytest.raises(LayerwiseError, match=r"a\.exe cannot be used: Layerwise opens"):
        own_data.sort_of(tmp_path / "a.exe")
    (tmp_path / "iris.names").write_bytes(b"1,2,a\n3,4,b\n")
    assert own_data.sort_of(tmp_path / "iris.names") == "table"
    with pytest.raises(LayerwiseError, match=r"a\.xls cannot be used: .* save it as \.xlsx"):
        own_data.sort_of(tmp_path / "a.xls")


@pytest.mark.parametrize("source", ["moons", "blobs", "plane", "digits"])
def test_exported_data_are_read_back(tmp_path, source):
    before = drawn(source, 40, 0.0 if source == "digits" else 0.1, 1)
    own_data.write_arrays(tmp_path / "a.npz", before)
    own_data.write_table(tmp_path / "a.csv", before)
    for name in ("a.npz", "a.csv"):
        after = own_data.import_data([tmp_path / name]).own
        assert np.array_equal(after.X, before.X)
        assert np.array_equal(after.Y, before.Y)
        assert after.kind == before.kind
        assert after.picture == before.picture


@pytest.mark.parametrize("picture", [(8, 8, 1), (4, 16, 1), (16, 4, 1), None])
def test_any_picture_shape_is_read_back(tmp_path, picture):
    X = np.random.RandomState(0).rand(64, 9)
    before = own.own_data(X, np.arange(9)[np.newaxis] % 2, "noise", picture=picture)
    own_data.write_arrays(tmp_path / "a.npz", before)
    assert own_data.read_arrays(tmp_path / "a.npz").own.picture == picture
    with np.load(tmp_path / "a.npz") as arrays:  # what a notebook needs is X and Y, as ever
        assert np.array_equal(arrays["X"], X)
        assert ("picture" in arrays) == (picture != (8, 8, 1))


@pytest.mark.parametrize(
    ("n", "low", "high", "expected"),
    [
        (64, 0.0, 1.0, (8, 8, 1)),
        (784, 0.0, 1.0, (28, 28, 1)),
        (12288, 0.0, 1.0, (64, 64, 3)),
        (192, 0.0, 1.0, (8, 8, 3)),
        (63, 0.0, 1.0, None),
        (16, 0.0, 1.0, None),
        (64, -0.1, 1.0, None),
        (64, 0.0, 255.0, None),
    ],
)
def test_which_columns_count_as_pixels(tmp_path, n, low, high, expected):
    X = np.linspace(low, high, n * 4).reshape(n, 4)
    np.savez(tmp_path / "a.npz", X=X, Y=np.array([[0.0, 1.0, 0.0, 1.0]]))
    assert own_data.read_arrays(tmp_path / "a.npz").own.picture == expected


@pytest.mark.parametrize(
    ("picture", "reason"),
    [
        ([8, 8], "picture is not three numbers"),
        ([[8, 8, 1]], "picture is not three numbers"),
        (np.array("8x8"), "picture is not three numbers"),
        ([8, 8, 2], "says that an example has 8 × 8 pixels of 2 channels, and X has 64 rows"),
        ([7, 8, 1], "says that an example has 7 × 8 pixels of 1 channels"),
        ([-8, -8, 1], "says that an example has -8 × -8 pixels"),
        ([np.nan, 8, 1], "is not a finite number"),
        ([1e300, 8, 1], "says that an example has"),
    ],
)
def test_a_picture_that_x_does_not_have_is_refused(tmp_path, picture, reason):
    X = np.linspace(0, 1, 256).reshape(64, 4)
    np.savez(tmp_path / "a.npz", X=X, Y=np.array([[0.0, 1.0, 0.0, 1.0]]), picture=picture)
    with pytest.raises(LayerwiseError, match=reason):
        own_data.read_arrays(tmp_path / "a.npz")


def test_named_columns_are_not_pixels(tmp_path):
    digits = drawn("digits", 40, 0.0, 1)
    named = replace(digits, inputs=tuple(f"gene {i}" for i in range(64)))
    own_data.write_table(tmp_path / "a.csv", named)
    ours = (tmp_path / "a.csv").read_text()
    (tmp_path / "a.csv").write_text(ours.replace("label (class; pictures 8 x 8 x 1)", "label"))
    assert own_data.import_data([tmp_path / "a.csv"]).own.picture is None


def test_arrays_with_one_class_are_refused(tmp_path):
    np.savez(tmp_path / "a.npz", X=np.ones((2, 3)), Y=np.zeros((1, 3)))
    with pytest.raises(LayerwiseError, match=r"a\.npz cannot be used: every label is 0"):
        own_data.read_arrays(tmp_path / "a.npz")


def test_a_failed_export_leaves_the_old_file(tmp_path):
    (tmp_path / "a.csv").mkdir()
    with pytest.raises(LayerwiseError, match="it is a folder"):
        own_data.write_table(tmp_path / "a.csv", made.own())
    with pytest.raises(LayerwiseError, match="it is a folder"):
        own_data.write_arrays(tmp_path / "a.csv", made.own())


@pytest.mark.parametrize("name", ["<b>x.csv", "\u202evsc.csv", "a\udcff.csv", "a" * 250])
def test_names_are_shown_as_they_can_be(tmp_path, name):
    (tmp_path / name).write_bytes(b"\0")
    with pytest.raises(LayerwiseError, match="bytes that are no text") as caught:
        own_data.read_table(tmp_path / name)
    assert all(c.isprintable() for c in str(caught.value))
    assert len(str(caught.value)) < 300


@pytest.mark.parametrize(
    "name", ["a\0b.csv", "a" * 100_000 + ".csv", "\ud800.csv", ".", "fifo.csv"]
)
def test_a_missing_file_says_so(tmp_path, name):
    os.mkfifo(tmp_path / "fifo.csv")
    with pytest.raises(LayerwiseError, match="cannot be read") as caught:
        own_data.read_table(f"{tmp_path}/{name}")
    assert len(str(caught.value)) < 300


def test_pasted_text_is_a_table():
    source = of_text("a\tb\tlabel\n1\t2\tx\n3\t4\ty\n", "The clipboard")
    assert own_data.import_table(source).own.classes == ("x", "y")
    with pytest.raises(LayerwiseError, match="The clipboard cannot be used: it is empty"):
        of_text("", "The clipboard")
    of_text("\ud800", "The clipboard")
