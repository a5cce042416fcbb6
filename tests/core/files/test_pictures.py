"""Pictures become columns in the course's order; misleading ones are refused by name."""

import io
import os
import re
import shutil
import struct
import time
import warnings
import zlib

import numpy as np
import pytest
from PIL import Image

from core.data.own import OwnData
from core.errors import LayerwiseError
from core.files import pictures
from core.files.pictures import MAX_PIXELS


def read_pictures(*arguments, **settings) -> OwnData:
    return pictures.read_pictures(*arguments, **settings).own


@pytest.fixture
def folder(tmp_path):
    """Two classes of one picture each: red-green-blue-white in the corners, and black."""
    corners = np.array([[[255, 0, 0], [0, 255, 0]], [[0, 0, 255], [255, 255, 255]]], np.uint8)
    for name, pixels in (("cat", corners), ("dog", corners * 0)):
        (tmp_path / name).mkdir()
        Image.fromarray(pixels).save(tmp_path / name / "1.png")
    return tmp_path


def put(folder, content: bytes, name: str = "2.png"):
    (folder / "cat" / name).write_bytes(content)
    return folder


def png(*chunks: tuple[bytes, bytes]) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def saved(image: Image.Image, format: str = "PNG", **options: object) -> bytes:
    content = io.BytesIO()
    image.save(content, format, **options)
    return content.getvalue()


def test_pixels_are_in_the_order_of_the_course(folder):
    own = read_pictures(folder, 2, 2)
    assert own.X[:, 0].tolist() == [1, 0, 0, 0, 1, 0, 0, 0, 1, 1, 1, 1]
    pictures = np.stack([np.asarray(Image.open(folder / f"{c}/1.png")) for c in ("cat", "dog")])
    assert np.array_equal(own.X, pictures.reshape(2, -1).T / 255)
    assert own.classes == ("cat", "dog")
    assert own.Y.tolist() == [[0, 1]]
    assert own.picture == (2, 2, 3)
    assert own.origin == folder.name


def test_grey_and_another_size(folder):
    own = read_pictures(folder, 4, 3, colour=False)
    assert own.X.shape == (12, 2)
    assert own.picture == (4, 3, 1)


def test_other_files_are_skipped(folder):
    put(folder, b"notes", "readme.txt")
    put(folder, b"", ".hidden.png")
    (folder / ".git").mkdir()
    (folder / "list.csv").write_text("a,b")
    assert read_pictures(folder, 2, 2).m == 2


def test_three_classes_are_one_hot(folder):
    (folder / "10").mkdir()
    Image.new("L", (5, 5), 128).save(folder / "10" / "a.jpg")
    own = read_pictures(folder, 2, 2)
    assert own.classes == ("10", "cat", "dog")
    assert own.kind == "classes"


@pytest.mark.parametrize(
    ("image", "value"),
    [
        (Image.fromarray(np.full((4, 4), 65535, np.uint16)), 255),
        (Image.fromarray(np.full((4, 4), 257 * 100, np.uint16)), 100),
        (Image.new("RGBA", (4, 4), (0, 0, 0, 0)), 255),
        (Image.new("RGBA", (4, 4), (100, 100, 100, 255)), 100),
        (Image.new("LA", (4, 4), (100, 255)), 100),
        (Image.new("1", (4, 4), 1), 255),
        (Image.new("P", (4, 4), 0), 0),
    ],
)
def test_every_kind_of_pixel_is_brought_to_bytes(folder, image, value):
    own = read_pictures(put(folder, saved(image)), 2, 2)
    assert np.rint(own.X[:, 1] * 255).tolist() == [value] * 12


def test_a_photo_is_rotated_by_its_exif_tag(folder):
    lying = Image.new("RGB", (40, 20))
    lying.paste("white", (0, 0, 20, 20))  # its left half is above once it is turned
    exif = Image.Exif()
    exif[0x0112] = 6
    own = read_pictures(put(folder, saved(lying, "JPEG", exif=exif), "2.jpg"), 4, 2, colour=False)
    assert np.rint(own.X[:, 1]).tolist() == [1, 1, 1, 1, 0, 0, 0, 0]


GOOD = saved(Image.fromarray(np.random.RandomState(0).randint(0, 256, (9, 9, 3), np.uint8)))
HUGE = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
LARGE = struct.pack(">IIBBBBB", 5000, MAX_PIXELS // 5000 + 1, 8, 2, 0, 0, 0)
SMALL = struct.pack(">IIBBBBB", 9, 9, 8, 2, 0, 0, 0)
BOMB = b"a\0\0" + zlib.compress(bytes(10**8))
HOSTILE = {
    "50000 by 50000": (png((b"IHDR", HUGE), (b"IDAT", b"")), "it says that it has more than 16,0"),
    "large": (png((b"IHDR", LARGE), (b"IDAT", b"")), r"5,000 × 3,201 pixels, 16,005,000 in all"),
    "cut": (GOOD[: len(GOOD) // 2], "it is damaged"),
    "no pixels": (png((b"IHDR", SMALL)), "it is damaged"),
    "checksum": (GOOD[:29] + b"\0\0\0\0" + GOOD[33:], "it is damaged"),
    "HTML": (b"<html><script src='http://example.org'></html>", "not the picture that its name"),
    "empty": (b"", "it is damaged"),
    "text bomb": (png((b"IHDR", SMALL), (b"zTXt", BOMB)), "it is damaged"),
    "postscript": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "it is damaged"),
}


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_pictures_are_left_out_by_name(folder, case):
    content, reason = HOSTILE[case]
    start = time.process_time()
    found = pictures.read_pictures(put(folder, content), 2, 2)
    assert found.own.m == 2
    assert list(found.account.left_out.values()) == [1]
    assert re.search(rf"^cat/2\.png: .*{reason}", next(iter(found.account.left_out)))
    assert time.process_time() - start < 2


def test_cut_or_altered_anywhere_it_is_read_or_refused(folder):
    warnings.simplefilter("error")
    for format, name in (("PNG", "2.png"), ("JPEG", "2.jpg"), ("GIF", "2.gif"), ("TIFF", "2.tif")):
        image = saved(Image.open(io.BytesIO(GOOD)), format)
        for place in range(0, len(image), 5):
            for damaged in (image[:place], image[:place] + b"\xff" + image[place + 1 :]):
                found = pictures.read_pictures(put(folder, damaged, name), 3, 3)
                assert found.own.X.shape == (27, 3 - found.account.rows_left_out)
                assert all("\n" not in reason for reason in found.account.left_out)
        (folder / "cat" / name).unlink()


def test_svg_and_missing_files_are_refused(folder):
    put(folder, b"<svg/>", "2.svg")
    os.mkfifo(folder / "cat" / "pipe.png")
    found = pictures.read_pictures(folder, 2, 2)
    assert found.own.m == 2
    assert list(found.account.left_out) == [
        "cat/2.svg: an SVG file is a drawing without pixels: export it as PNG",
        "cat/pipe.png: it is not an ordinary file",
    ]


def test_a_folder_without_a_picture_that_can_be_read(folder):
    for path in folder.glob("*/*"):
        path.write_bytes(b"no")
    with pytest.raises(LayerwiseError, match=r"none of its pictures can be read: cat/"):
        read_pictures(folder, 2, 2)


def test_a_training_and_a_test_set_of_folders(folder, tmp_path):
    for name in ("train", "test"):
        for kind in ("cat", "dog"):
            shutil.copytree(folder / kind, tmp_path / "sets" / name / kind)
    own = read_pictures(tmp_path / "sets", 2, 2)
    assert (own.m, own.test_examples, own.classes) == (4, 2, ("cat", "dog"))
    (tmp_path / "sets" / "test" / "cat").rename(tmp_path / "sets" / "test" / "cow")
    with pytest.raises(LayerwiseError, match="a class that the training set has not: cow"):
        read_pictures(tmp_path / "sets", 2, 2)
    shutil.rmtree(tmp_path / "sets" / "test")
    assert read_pictures(tmp_path / "sets", 2, 2).m == 2  # of one folder that of those in it


def test_the_size_and_the_colour_of_the_files_are_suggested(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        for i in range(3):
            Image.new("L", (28, 20)).save(tmp_path / name / f"{i}.png")
    assert pictures.suggested_size(tmp_path) == (20, 28, False)
    Image.new("RGB", (500, 300)).save(tmp_path / "a" / "3.png")
    assert pictures.suggested_size(tmp_path) == (20, 28, True)
    for name in ("a", "b"):
        for i in range(4):
            Image.new("RGB", (500 + i, 300)).save(tmp_path / name / f"{i}.png")
    assert pictures.suggested_size(tmp_path) == (64, 64, True)


def test_folders_that_are_no_classes(folder, tmp_path):
    with pytest.raises(LayerwiseError, match="there is no such file"):
        read_pictures(folder / "none")
    with pytest.raises(LayerwiseError, match="at least two classes"):
        read_pictures(folder / "cat")
    with pytest.raises(LayerwiseError, match="use 1 to 512 each way"):
        read_pictures(folder, 0, 2)
    (folder / "empty").mkdir()
    with pytest.raises(LayerwiseError, match=r"empty cannot be used: it holds no picture"):
        read_pictures(folder)
    for i in range(100):
        (folder / f"class {i}").mkdir()
    with pytest.raises(LayerwiseError, match="103 folders, and 100 is the limit"):
        read_pictures(folder)


def test_progress_is_reported_and_may_cancel(folder):
    told = []
    read_pictures(folder, 2, 2, progress=lambda done, all_: told.append((done, all_)))
    assert told == [(0, 2), (1, 2)]

    def stop(done, all_):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_pictures(folder, 2, 2, progress=stop)
