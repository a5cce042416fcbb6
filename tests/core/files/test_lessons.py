"""Lessons from disk: folders, untrusted `.lesson` files, and the progress file."""

import io
import re
import stat
import struct
import zipfile

import numpy as np
import pytest
from PIL import Image

from core import edits
from core.data.own import own_data
from core.errors import LayerwiseError
from core.files import lesson_progress, lessons
from core.lessons.progress import Course, CourseProgress
from core.project import Project, encode
from tests.core.lessons.samples import FRONT, with_block

SCENE = encode(Project())
TEXT = with_block('scene = "start"').encode()
W = {"W1": np.ones((4, 2)), "b1": np.zeros((4, 1)), "W2": np.ones((1, 4)), "b2": np.zeros((1, 1))}


def npz(**arrays):
    content = io.BytesIO()
    np.savez(content, **arrays)
    return content.getvalue()


def packed(files, compression=zipfile.ZIP_DEFLATED):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", compression) as archive:
        for name, part in files.items():
            archive.writestr(name, part)
    return content.getvalue()


PICTURED = f"{FRONT}## A\n![a](a.png)\n".encode()


def picture(kind, width, height):
    content = io.BytesIO()
    Image.new("RGB", (width, height), "red").save(content, kind)
    return content.getvalue()


def pictured(content):
    return packed({"lesson.md": PICTURED, "a.png": content})


def own_scene():
    """A project with data of its own, which are not there."""
    own = own_data(np.ones((2, 3)), np.array([[0.0, 1.0, 1.0]]), "here")
    return encode(edits.choose_own(Project(), own))


def data_of_a_size(shape):
    """An array that says it has this shape, and has one number."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        array = io.BytesIO()
        head = {"descr": "<f8", "fortran_order": False, "shape": shape}
        np.lib.format.write_array_header_1_0(array, head)
        archive.writestr("X.npy", array.getvalue() + b"\0" * 8)
        archive.writestr("Y.npy", array.getvalue() + b"\0" * 8)
    return content.getvalue()


GOOD = {"lesson.md": TEXT, "start.json": SCENE, "start.weights.npz": npz(**W)}


def opened(tmp_path, content):
    path = tmp_path / "mine.lesson"
    path.write_bytes(content)
    return lessons.find(str(path))


@pytest.mark.parametrize("folder", ["", "mine/"])
def test_a_packed_lesson_is_read(tmp_path, folder):
    package = opened(tmp_path, packed({folder + name: part for name, part in GOOD.items()}))
    assert package.name == "mine"
    assert package.lesson.title == "Down the bowl"
    scene = package.scenes[0]
    assert scene.project == Project()
    assert scene.start[:2].tolist() == [1.0, 1.0]
    assert not scene.start.flags.writeable


def test_a_folder_is_read_and_named_on_the_command_line(tmp_path):
    for name, part in GOOD.items():
        (tmp_path / name).write_bytes(part)
    for argument in (tmp_path, tmp_path / "lesson.md"):
        assert lessons.find(str(argument)).scenes[0].start is not None


@pytest.mark.parametrize("name", lessons.bundled())
def test_plain_texts_have_no_markdown(name):
    package = lessons.find(name)
    for step in package.lesson.steps:
        plain = [step.title, step.hint]
        for question in step.questions:
            plain += [question.text, question.said, *question.options, *question.partners]
            plain += [reply.text for reply in question.replies]
        assert not [words for words in plain if re.search(r"\*\*|`|(?<!\w)\*\w", words)]


def test_data_of_its_own_come_with_a_scene(tmp_path):
    X, Y = np.arange(6.0).reshape(2, 3), np.array([[0.0, 1.0, 1.0]])
    package = opened(tmp_path, packed(GOOD | {"start.data.npz": npz(X=X, Y=Y)}))
    scene = package.scenes[0]
    assert scene.own is not None
    assert scene.project.data.source == "own"
    assert scene.own.X.tolist() == X.tolist()


def link(name):
    info = zipfile.ZipInfo(name)
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def with_bytes(old, new):
    return packed(GOOD, zipfile.ZIP_STORED).replace(old, new)


def twice():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("lesson.md", TEXT)
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("lesson.md", TEXT)
    return content.getvalue()


def linked():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("lesson.md", TEXT)
        archive.writestr(link("start.json"), "/etc/passwd")
    return content.getvalue()


def lying_over_each_other():
    """Two names for the same bytes, as bombs of zips have thousands."""
    whole = packed(GOOD, zipfile.ZIP_STORED)
    at = whole.index(b"PK\1\2")
    first = whole[at : whole.index(b"PK\1\2", at + 4)]
    again = [first.replace(b"lesson.md", f"lesso{i:02}md".encode()[:9]) for i in range(9)]
    end = bytearray(whole[-22:])
    many = b"".join(again)
    count = struct.unpack("<H", end[8:10])[0] + len(again)
    size = struct.unpack("<L", end[12:16])[0] + len(many)
    end[8:12], end[12:16] = struct.pack("<HH", count, count), struct.pack("<L", size)
    return whole[:-22] + many + bytes(end)


HOSTILE = {
    "nothing": lambda: b"",
    "no zip": lambda: b"MZ" * 400,
    "a cut zip": lambda: packed(GOOD)[:-30],
    "half a directory": lambda: packed(GOOD)[:200] + packed(GOOD)[-22:],
    "no lesson": lambda: packed({"start.json": SCENE}),
    "a path upwards": lambda: packed(GOOD | {"../../evil": b"a"}),
    "an absolute path": lambda: packed(GOOD | {"/etc/evil": b"a"}),
    "a path of Windows": lambda: packed(GOOD | {"C:\\evil": b"a"}),
    "a hidden file": lambda: packed(GOOD | {".bashrc": b"a"}),
    "a name with a line end": lambda: packed(GOOD | {"a\nb": b"a"}),
    "a folder in a folder": lambda: packed(GOOD | {"a/b/c.md": b"a"}),
    "a name twice": twice,
    "a name twice but for its case": lambda: packed(GOOD | {"LESSON.md": b"a"}),
    "a link": linked,
    "too many files": lambda: packed({f"f{i}": b"" for i in range(lessons.MOST_MEMBERS + 1)}),
    "a bomb": lambda: packed(GOOD | {"big.png": b"\0" * (lessons.MOST_UNPACKED + 1)}),
    "a text too large": lambda: packed(GOOD | {"lesson.md": b"a" * 2**20}),
    "a scene too large": lambda: packed(GOOD | {"start.json": b" " * 2**21}),
    "bytes that lie over each other": lying_over_each_other,
    "a compression nobody knows": lambda: with_bytes(b"\x14\0\0\0\0\0", b"\x14\0\0\0\x63\0"),
    "an encrypted file": lambda: with_bytes(b"\x14\0\0\0\0\0", b"\x14\0\x01\0\0\0"),
    "a wrong checksum": lambda: with_bytes(b"A step", b"A stop"),
    "no scene": lambda: packed({"lesson.md": TEXT}),
    "a scene that is no project": lambda: packed(GOOD | {"start.json": b"[]"}),
    "a scene of a thousand layers": lambda: packed(
        GOOD | {"start.json": SCENE.replace(b'"units": 4', b'"units": 400000')}
    ),
    "weights of another network": lambda: packed(GOOD | {"start.weights.npz": npz(W1=W["W1"])}),
    "weights that are no numbers": lambda: packed(
        GOOD | {"start.weights.npz": npz(**W | {"W1": np.full((4, 2), np.nan)})}
    ),
    "weights that are pickled": lambda: packed(
        GOOD | {"start.weights.npz": npz(**W | {"W1": np.array([{}], object)})}
    ),
    "data without labels": lambda: packed(GOOD | {"start.data.npz": npz(X=np.ones((2, 3)))}),
    "a scene of no lesson": lambda: packed(
        GOOD | {"lesson.md": with_block('scene = "kitchen/start"').encode()}
    ),
    "a picture that is not there": lambda: packed(GOOD | {"lesson.md": PICTURED}),
    "a picture that is a program": lambda: pictured(b"MZ" * 400),
    "a picture that is a drawing": lambda: pictured(
        b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>"
    ),
    "a picture that is a page": lambda: pictured(b"<html><script>alert(1)</script></html>"),
    "a picture of another kind": lambda: pictured(picture("BMP", 4, 4)),
    "a picture that is cut": lambda: pictured(picture("PNG", 64, 64)[:60]),
    "a picture as wide as a street": lambda: pictured(picture("PNG", 5000, 1)),
    "a picture that says it is a city": lambda: pictured(
        picture("PNG", 4, 4)[:16] + struct.pack(">2L", 2**30, 2**30) + picture("PNG", 4, 4)[24:]
    ),
    "a picture of too many bytes": lambda: pictured(b"\x89PNG" * 2**20),
    "a scene nested without end": lambda: packed(GOOD | {"start.json": b"[" * 100_000}),
    "a scene with a number that is none": lambda: packed(
        GOOD | {"start.json": SCENE.replace(b"1.2", b"NaN")}
    ),
    "a scene with a number beyond all": lambda: packed(
        GOOD | {"start.json": SCENE.replace(b"1.2", b"1e999")}
    ),
    "a scene with an unknown key": lambda: packed(
        GOOD | {"start.json": SCENE.replace(b'"source"', b'"sauce"')}
    ),
    "a scene of another version": lambda: packed(
        GOOD | {"start.json": SCENE.replace(b'"version": 1', b'"version": 99')}
    ),
    "a scene without its own data": lambda: packed(GOOD | {"start.json": own_scene()}),
    "weights that are no archive": lambda: packed(GOOD | {"start.weights.npz": b"PK" * 99}),
    "weights without end": lambda: packed(
        GOOD | {"start.weights.npz": npz(**W | {"W1": np.full((4, 2), np.inf)})}
    ),
    "weights that are words": lambda: packed(
        GOOD | {"start.weights.npz": npz(**W | {"W1": np.full((4, 2), "a")})}
    ),
    "data that are no numbers": lambda: packed(
        GOOD | {"start.data.npz": npz(X=np.full((2, 3), np.nan), Y=np.ones((1, 3)))}
    ),
    "data that are pickled": lambda: packed(
        GOOD | {"start.data.npz": npz(X=np.array([[{}]], object), Y=np.ones((1, 1)))}
    ),
    "data of a size that they have not": lambda: packed(
        GOOD | {"start.data.npz": data_of_a_size((10**9, 10**9))}
    ),
    "a lesson after itself": lambda: packed(
        GOOD | {"lesson.md": TEXT.replace(b"one-neuron", b"mine")}
    ),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_file_is_refused_in_a_sentence(tmp_path, kind):
    content = HOSTILE[kind]()
    with pytest.raises(LayerwiseError) as found:
        opened(tmp_path, content)
    sentence = str(found.value)
    assert "\n" not in sentence
    assert sentence.endswith(".")
    assert sentence.isprintable()
    assert len(sentence) < 500


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_picture_of_its_own_is_read(tmp_path, kind):
    content = picture(kind, 30, 20)
    assert opened(tmp_path, pictured(content)).pictures == {"a.png": content}


def test_a_lesson_called_like_a_bundled_one_is_another(tmp_path):
    path = tmp_path / "line.lesson"
    path.write_bytes(packed(GOOD))
    assert lessons.find(str(path)).name == "line.lesson"
    assert lessons.find("line").name == "line"


def test_no_bundled_lesson_comes_after_itself():
    found = list(lessons.bundled())
    for name, path in lessons.bundled().items():
        after = lessons.read_text(path).after
        assert set(after) <= set(found[: found.index(name)]), name


def test_a_file_that_is_no_lesson_is_refused(tmp_path):
    for name in ("kitchen", str(tmp_path), "a.lesson", "a.md", "a.txt", "a\0.lesson"):
        with pytest.raises(LayerwiseError):
            lessons.find(name)


def test_any_damage_to_a_packed_lesson_is_read_or_refused(tmp_path):
    whole, random = bytearray(packed(GOOD)), np.random.RandomState(1)
    for _ in range(150):
        content = bytearray(whole)
        for at in random.randint(0, len(content), 3):
            content[at] = random.randint(256)
        try:
            opened(tmp_path, bytes(content))
        except LayerwiseError as error:
            assert "\n" not in str(error)  # noqa: PT017 - most are refused, some are not hurt


def test_progress_is_stored_privately_and_read_back(tmp_path):
    folder = tmp_path / "data"
    kept = CourseProgress().with_("bowl", Course(at=2, steps=7))
    lesson_progress.write(folder, kept)
    path = folder / lesson_progress.NAME
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert lesson_progress.read(folder) == kept
    assert lesson_progress.read(tmp_path / "nowhere") == CourseProgress()


def test_damaged_progress_is_set_aside_and_said_of_a_full_disk(tmp_path, monkeypatch):
    path = tmp_path / lesson_progress.NAME
    path.write_bytes(b"{")
    assert lesson_progress.read(tmp_path) == CourseProgress()
    assert (tmp_path / lesson_progress.DAMAGED).read_bytes() == b"{"
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(LayerwiseError, match="progress"):
        lesson_progress.write(tmp_path / "file", CourseProgress())
