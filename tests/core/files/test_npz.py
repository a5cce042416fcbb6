"""False, damaged or malicious files are refused in one sentence before any allocation."""

import io
import pickle
import struct
import tracemalloc
import zipfile
import zlib

import numpy as np
import pytest

from core.errors import LayerwiseError
from core.files import export, npz

SIZES = (2, 3, 1)
GOOD = {
    "W1": np.arange(6.0).reshape(3, 2),
    "b1": np.ones((3, 1)),
    "W2": np.arange(3.0).reshape(1, 3),
    "b2": np.zeros((1, 1)),
}
FLAT = [0, 1, 1, 2, 3, 1, 4, 5, 1, 0, 1, 2, 0]


def saved(save=np.savez, /, **arrays):
    file = io.BytesIO()
    save(file, **arrays)
    return file.getvalue()


def member(descr="'<f8'", fortran="False", shape="(3, 2)", data=bytes(48), head=None):
    """The bytes of a .npy file with any header."""
    text = head or f"{{'descr': {descr}, 'fortran_order': {fortran}, 'shape': {shape}, }}"
    text = text.encode().ljust(117) + b"\n"
    return b"\x93NUMPY\1\0" + struct.pack("<H", len(text)) + text + data


def zipped(members, compression=zipfile.ZIP_STORED, **others):
    """A zip file of members (name, bytes), after the good weights that they do not replace."""
    file = io.BytesIO()
    names = {name for name, _ in members}
    with zipfile.ZipFile(file, "w", compression) as archive:
        for name, content in members:
            archive.writestr(name, content)
        for name, array in GOOD.items():
            if f"{name}.npy" not in names:
                npy = io.BytesIO()
                np.save(npy, array)
                archive.writestr(f"{name}.npy", npy.getvalue())
    return file.getvalue()


@pytest.fixture
def read(tmp_path):
    def read(content, sizes=SIZES):
        path = tmp_path / "w.npz"
        path.write_bytes(content)
        return export.read_weights(path, sizes)

    return read


@pytest.fixture
def refused(read, tmp_path):
    """The sentence with which these bytes are refused, having taken little memory."""

    def refused(content):
        tracemalloc.start()
        try:
            with pytest.raises(LayerwiseError) as caught:
                read(content)
            peak = tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()
        assert peak < 20_000_000
        start = f"{tmp_path}/w.npz cannot be used: "
        sentence = str(caught.value)
        assert sentence.startswith(start)
        assert "\n" not in sentence
        return sentence.removeprefix(start)

    return refused


def test_a_good_file_is_read(read):
    assert read(saved(**GOOD)).tolist() == FLAT


@pytest.mark.parametrize("dtype", [">f8", "<f4", ">f4", "<f2", "<i8", ">i4", "<u2", "|i1", "|u1"])
@pytest.mark.parametrize("order", ["C", "F"])
def test_every_kind_of_number_and_order_is_read(read, dtype, order):
    flat = read(saved(**{name: np.array(a, dtype, order=order) for name, a in GOOD.items()}))
    assert flat.tolist() == FLAT
    assert flat.dtype == np.float64


def test_a_compressed_file_is_read(read):
    assert read(saved(np.savez_compressed, **GOOD)).tolist() == FLAT


def test_booleans_are_0_and_1(read):
    assert read(saved(**GOOD | {"b1": np.ones((3, 1), bool)})).tolist() == FLAT


class Bomb:
    def __reduce__(self):
        return (pytest.fail, ("a pickled object was executed",))


def test_a_pickled_object_is_never_opened(refused):
    objects = np.empty((3, 2), object)
    objects[:] = Bomb()
    file = io.BytesIO()
    np.savez(file, allow_pickle=True, **GOOD | {"W1": objects})
    assert refused(file.getvalue()).startswith("W1 is a pickled Python object, which could run")


def test_a_bare_pickle_is_no_file_of_ours(refused):
    assert refused(pickle.dumps(Bomb())).startswith("it is not a whole .npz file")


LIES = {
    "8 TB": (member(shape="(1000000, 1000000)"), "which takes 8,000,000,000,000 bytes, and 48 are"),
    "negative": (member(shape="(-3, -2)"), "gives no shape"),
    "wrapping": (member(shape="(4294967296, 4294967296)"), "gives no shape"),
    "true for 1": (member(shape="(True, 6)"), "gives no shape"),
    "half a row": (member(shape="(1.5, 4)"), "gives no shape"),
    "rank 40": (member(shape=f"({'1, ' * 40})"), "gives no shape"),
    "shape is a list": (member(shape="[3, 2]"), "gives no shape"),
    "zero-width text": (member("'<U0'", data=b""), "values of type '<U0'"),
    "zero-width bytes": (member("'|S0'", data=b""), "values of type '|S0'"),
    "complex": (member("'<c8'"), "values of type '<c8', not real numbers"),
    "dates": (member("'<M8[s]'"), "values of type '<M8[s]'"),
    "long double": (member("'<f16'"), "values of type '<f16'"),
    "void": (member("'|V8'"), "values of type '|V8'"),
    "records": (member("[('a', '<f8')]"), "W1 is a table of records"),
    "text": (member("'<U2'"), "W1 holds text where numbers are needed"),
    "fortran is 1": (member(fortran="1"), "header of W1 is damaged"),
    "no header": (b"", "W1 is not an array as NumPy writes it"),
    "half a header": (member()[:40], "header of W1 is cut off"),
    "long header": (
        b"\x93NUMPY\2\0\0\0\0\x40" + b" " * 9999,
        "header of W1 is cut off or too long",
    ),
    "version 9": (b"\x93NUMPY\x09\0" + member()[8:], "not an array as NumPy writes it"),
    "no dictionary": (member(head="[1, 2]"), "header of W1 is damaged"),
    "missing key": (member(head="{'descr': '<f8'}"), "header of W1 is damaged"),
    "code": (member(head="__import__('os').abort()"), "header of W1 is damaged"),
    "deep": (member(head="(" * 500), "header of W1 is damaged"),
    "unary": (member(head="-" * 900 + "1"), "header of W1 is damaged"),
    "unhashable": (member(head="{[]: 1}"), "header of W1 is damaged"),
    "not text": (b"\x93NUMPY\1\0\4\0\xff\xfe\xfd\n", "header of W1 is damaged"),
    "cut numbers": (member(data=bytes(47)), "takes 48 bytes, and 47 are there"),
    "spare numbers": (member(data=bytes(49)), "takes 48 bytes, and 49 are there"),
    "nan": (member(data=bytes(40) + struct.pack("<d", np.nan)), "W1[2, 1] is not a finite number"),
    "inf": (member(data=struct.pack("<d", np.inf) + bytes(40)), "W1[0, 0] is not a finite number"),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_false_header_is_detected(refused, lie):
    content, sentence = LIES[lie]
    assert sentence in refused(zipped([("W1.npy", content)]))


def test_a_zip_bomb_is_not_unpacked(refused):
    bomb = member(shape=f"({1 << 23}, 2)", data=bytes(1 << 27))
    content = zipped([("W1.npy", bomb)], zipfile.ZIP_DEFLATED)
    del bomb
    assert "would unpack to more than 67,108,864 bytes" in refused(content)


@pytest.mark.parametrize("size", [1, 47, 49, 10**6, 2**32 - 1])
def test_lying_sizes_in_the_directory(refused, size):
    content = bytearray(zipped([("W1.npy", member())], zipfile.ZIP_DEFLATED))
    at = content.index(b"PK\1\2") + 24
    content[at : at + 4] = struct.pack("<L", size)
    refused(bytes(content))


def test_names_from_elsewhere(refused):
    for name in (
        *("../../etc/x.npy", "/W1.npy", "a/../W1.npy", "W1.txt", "W 1.npy"),
        "x" * 999 + ".npy",
    ):
        assert "not the name of an array" in refused(zipped([(name, member())]))


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_duplicates(refused):
    assert refused(zipped([("W1.npy", member()), ("W1.npy", member())])) == "it holds W1 twice."


def test_thousands_of_members(refused):
    members = [(f"a{i}.npy", b"") for i in range(5000)]
    assert "more than 100 arrays" in refused(zipped(members))


def test_a_hidden_directory_of_thousands(refused):
    content = bytearray(zipped([(f"a{i}.npy", b"") for i in range(1000)]))
    content[-14:-10] = struct.pack("<2H", 4, 4)
    refused(bytes(content))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_compressions(refused, method):
    assert "packed in a way" in refused(zipped([("W1.npy", member())], method))


def test_encryption(refused):
    content = bytearray(zipped([("W1.npy", member())]))
    content[content.index(b"PK\1\2") + 8] |= 1
    assert "W1 is encrypted" in refused(bytes(content))


def test_a_comment_and_64_bit_directories(refused):
    content = saved(**GOOD)
    assert "not a whole .npz file" in refused(content[:-2] + b"\5\0hello")
    end = content[-22:]
    assert "its directory" in refused(content[:-22] + b"PK\6\7" + bytes(16) + end)


def test_not_a_zip_file(refused):
    for content in (b"", b"PK", b"PK\5\6" + bytes(17), b"x" * 100, b"PK\5\6" + b"\xff" * 18):
        refused(content)
    assert refused(b"PK\5\6" + bytes(18)).startswith(
        "it holds nothing, and the network 2-3-1 needs W1 (3, 2)"
    )


def test_cut_anywhere_it_is_refused(refused):
    content = saved(**GOOD)
    for length in range(len(content)):
        refused(content[:length])


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
def test_one_wrong_bit_anywhere_is_refused_or_changes_nothing(read, save):
    content = saved(save, **GOOD)
    refusals = 0
    for at in range(len(content)):
        damaged = bytearray(content)
        damaged[at] ^= 1 << at % 8
        try:
            assert read(bytes(damaged)).tolist() == FLAT
        except LayerwiseError:
            refusals += 1
    assert refusals > len(content) / 2


def test_a_wrong_checksum_is_noticed(refused):
    content = saved(**GOOD)
    at = content.index(np.arange(6.0).tobytes())
    damaged = content[:at] + b"\1" + content[at + 1 :]
    assert zlib.crc32(damaged) != zlib.crc32(content)
    assert refused(damaged) == "it is damaged, or not a .npz file at all."


def test_headers_are_there_before_any_number(tmp_path):
    np.savez(tmp_path / "a.npz", X=np.zeros((2, 5), ">f4"), note=np.array("hello"))
    with npz.opened(tmp_path / "a.npz") as arrays:
        X, note = arrays.headers["X"], arrays.headers["note"]
    assert (X.shape, X.size, X.is_text) == ((2, 5), 40, False)
    assert (note.shape, note.is_text) == ((), True)
