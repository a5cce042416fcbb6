"""The shipped tables: their contents, and the message when they are missing."""

import numpy as np
import pytest

from core.data import tables
from core.errors import LayerwiseError


def test_the_digits_are_bytes_with_labels():
    pictures, labels = tables.digits()
    assert pictures.shape == (1797, 64)
    assert labels.shape == (1797,)
    assert pictures.dtype == labels.dtype == np.uint8
    assert pictures.max() == tables.INK
    assert np.bincount(labels).tolist() == [178, 182, 177, 183, 181, 182, 181, 179, 174, 180]


def test_the_first_picture_is_a_zero():
    pictures, labels = tables.digits()
    picture = pictures[0].reshape(8, 8)
    assert labels[0] == 0
    assert picture[3:5, 3:5].max() == 0
    assert picture[0].tolist() == [0, 0, 5, 13, 9, 1, 0, 0]


def test_source_and_licence_are_shipped():
    text = (tables.FOLDER / "README.md").read_text(encoding="utf-8")
    assert "UCI" in text
    assert "CC BY 4.0" in text


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04 cut off", b"not a zip at all"])
def test_a_missing_or_damaged_file_is_named(tmp_path, content):
    if content is not None:
        (tmp_path / "digits.npz").write_bytes(content)
    with pytest.raises(LayerwiseError, match=r"digits\.npz, is missing or damaged"):
        tables.digits(tmp_path)


def test_an_array_that_is_not_there_is_named(tmp_path):
    np.savez(tmp_path / "digits.npz", pictures=np.zeros(3))
    with pytest.raises(LayerwiseError, match="missing or damaged"):
        tables.digits(tmp_path)


def test_every_flipped_byte_is_read_as_damage_or_as_the_same_numbers(tmp_path):
    good, pictures = (tables.FOLDER / "digits.npz").read_bytes(), tables.digits()[0]
    headers = [*range(250), *range(len(good) - 250, len(good))]
    for place in [*headers, *range(250, len(good), 997)]:
        (tmp_path / "digits.npz").write_bytes(
            good[:place] + bytes([good[place] ^ 0x09]) + good[place + 1 :]
        )
        try:
            assert np.array_equal(tables.digits(tmp_path)[0], pictures)
        except LayerwiseError:
            continue
