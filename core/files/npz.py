"""Reading `.npz` files from anybody: the directory and every header are judged before a number is.

`numpy.load` trusts what a file says of itself (sizes, shapes, pickled objects); nothing here does.
"""

from __future__ import annotations

import ast
import math
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from core.errors import LayerwiseError
from core.files import disk
from core.progress import Progress, unheard

MAX_FILE = 2**31 - 2**20  # bytes; above, zip files are of another kind
MAX_UNPACKED = 2**26  # bytes that compressed arrays may become together
MAX_ARRAYS = 100
MAX_DIRECTORY = 2**16  # bytes
MAX_HEADER = 1024  # bytes; NumPy's own headers have 128
MAX_NAME = 40
MAX_TEXT = 2**20  # bytes of a text array

_END = struct.Struct("<4s4H2LH")  # the end record of a zip file
_MAGIC = b"\x93NUMPY"
_NUMBERS = re.compile(r"[<>|=]?(b1|[iu][1248]|f[248])")
_TEXT = re.compile(r"[<>=]?U[1-9]\d{0,6}")


@dataclass(frozen=True, slots=True)
class Header:
    """What an array of the file says of itself, checked against the bytes that are there."""

    name: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    fortran: bool
    start: int  # where its numbers begin in the member
    size: int  # bytes of its numbers

    @property
    def is_text(self) -> bool:
        return self.dtype.kind == "U"


class Arrays:
    """The arrays of an open file by name: headers are at hand, numbers are read when asked for."""

    def __init__(
        self, path: Path | str, archive: zipfile.ZipFile, progress: Progress = unheard
    ) -> None:
        self._path, self._archive, self._progress = path, archive, progress
        self._done = 0  # bytes of the arrays that have been read
        self.headers = {header.name: header for header in self._read_headers()}

    def numbers(self, name: str) -> NDArray[np.float64]:
        """The array as finite float64 numbers, C-contiguous, whatever way it was stored."""
        header = self.headers[name]
        if header.is_text:
            raise fault(self._path, f"{name} holds text where numbers are needed")
        array = self._load(header)
        with np.errstate(all="ignore"):
            numbers = np.ascontiguousarray(array, np.float64)
        finite = np.isfinite(numbers)
        if not finite.all():
            place = ", ".join(str(i) for i in np.argwhere(~finite)[0])
            raise fault(self._path, f"{name}[{place}] is not a finite number")
        return numbers.reshape(header.shape)

    def exact(self, name: str) -> NDArray[Any]:
        """The array with the type it was stored in, in the order of this machine; NaN is let by."""
        header = self.headers[name]
        if header.is_text:
            raise fault(self._path, f"{name} holds text where numbers are needed")
        array = np.ascontiguousarray(self._load(header), header.dtype.newbyteorder("="))
        return array.reshape(header.shape)

    def text(self, name: str) -> str:
        """The one string that the array is."""
        header = self.headers[name]
        if not header.is_text or header.shape != ():
            raise fault(self._path, f"{name} is not a text")
        # Not by NumPy, which gives up with a SystemError where a character does not exist.
        order = "le" if header.dtype.str.startswith("<") else "be"
        with _sentences(self._path):
            return self._load(header).tobytes().decode(f"utf-32-{order}").rstrip("\0")

    def _load(self, header: Header) -> NDArray[Any]:
        with _sentences(self._path), self._archive.open(f"{header.name}.npy") as member:
            member.read(header.start)
            data = bytearray()  # grows with what is really there
            while len(data) < header.size:
                piece = member.read(min(disk.PIECE, header.size - len(data)))
                if not piece:
                    break
                data += piece
                self._done += len(piece)
                self._progress(self._done, self._size)
            rest = member.read(1)  # reaches the end, where the checksum is compared
        if len(data) != header.size or rest:
            raise fault(self._path, f"{header.name} is cut off")
        array: NDArray[Any] = np.frombuffer(data, header.dtype)
        array.setflags(write=False)
        return array.reshape(header.shape, order="F" if header.fortran else "C")

    @property
    def _size(self) -> int:
        return sum(header.size for header in self.headers.values())

    def _read_headers(self) -> Iterator[Header]:
        seen: set[str] = set()
        unpacked = 0
        for info in self._archive.infolist():
            name = _name(self._path, info.filename)
            if name in seen:
                raise fault(self._path, f"it holds {name} twice")
            seen.add(name)
            if info.flag_bits & 0x1:
                raise fault(self._path, f"{name} is encrypted")
            if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise fault(self._path, f"{name} is packed in a way that NumPy does not use")
            if info.compress_type == zipfile.ZIP_DEFLATED:
                unpacked += info.file_size
            elif info.file_size != info.compress_size:
                raise fault(self._path, f"the sizes given for {name} contradict each other")
            if unpacked > MAX_UNPACKED:
                raise fault(
                    self._path,
                    f"it would unpack to more than {MAX_UNPACKED:,} bytes; save it with np.savez"
                    " instead of np.savez_compressed",
                )
            with _sentences(self._path), self._archive.open(info) as member:
                start = member.read(MAX_HEADER + 12)
            yield _header(self._path, name, start, info.file_size)


@contextmanager
def opened(path: Path | str, progress: Progress = unheard) -> Iterator[Arrays]:
    """Open a `.npz` file; raises LayerwiseError naming the file and what is wrong with it."""
    with disk.opened(path, MAX_FILE) as file, within(path, file, progress) as arrays:
        yield arrays


@contextmanager
def within(path: Path | str, file: BinaryIO, progress: Progress = unheard) -> Iterator[Arrays]:
    """The same of a file that is open, or of bytes; `path` is what sentences call it."""
    count = _check_directory(path, file)
    with _sentences(path):
        archive = zipfile.ZipFile(file)
    with archive:
        if len(archive.infolist()) != count:  # zipfile itself never compares them
            raise fault(path, "its directory is damaged")
        yield Arrays(path, archive, progress)


def _check_directory(path: Path | str, file: BinaryIO) -> int:
    """Refuse a directory of a size that no such file needs before `zipfile` reads all of it.

    Returns how many members the file says that it has.
    """
    size = file.seek(0, 2)
    file.seek(max(0, size - _END.size - 20))
    tail = file.read()
    locator, end = tail[: -_END.size], tail[-_END.size :]
    if len(end) < _END.size or not end.startswith(b"PK\5\6"):
        raise fault(path, f"it is not a whole {_suffix(path)} file")
    _, disk_number, _, _, count, directory, offset, comment = _END.unpack(end)
    # Nothing before, between or behind: a file that is cut may end in a whole one inside of it.
    whole = offset + directory + _END.size == size
    if locator.startswith(b"PK\6\7") or disk_number or comment or not whole:
        raise fault(path, "its directory is not as np.savez writes it")
    if count > MAX_ARRAYS or directory > MAX_DIRECTORY:
        raise fault(path, f"it holds more than {MAX_ARRAYS} arrays or their names are too long")
    return int(count)


def _name(path: Path | str, filename: str) -> str:
    name, dot, suffix = filename.rpartition(".")
    if (dot, suffix) != (".", "npy") or not name.isidentifier() or len(name) > MAX_NAME:
        shown = disk.shown(filename)[-MAX_NAME:]
        raise fault(path, f"it holds {shown!r}, which is not the name of an array")
    return name


def _header(path: Path | str, name: str, start: bytes, size: int) -> Header:
    """Parse the header that begins a member of `size` bytes, believing none of it unchecked."""
    fields, length = _fields(path, name, start)
    descr, fortran, shape = fields["descr"], fields["fortran_order"], fields["shape"]
    if not isinstance(descr, str):
        raise fault(path, f"{name} is a table of records, not an array of numbers")
    if descr.lstrip("<>|=").startswith("O"):
        raise fault(
            path,
            f"{name} is a pickled Python object, which could run code; save W1, b1, … as arrays"
            " of their own",
        )
    if not (_NUMBERS.fullmatch(descr) or _TEXT.fullmatch(descr)):
        kind = disk.shown(descr)[:20]
        raise fault(path, f"{name} holds values of type {kind!r}, not real numbers")
    if not (_is_shape(shape) and isinstance(fortran, bool)):
        raise fault(path, f"the header of {name} is damaged: it gives no shape")
    dtype = np.dtype(descr)
    needed = math.prod(shape) * dtype.itemsize
    if needed != size - length:
        raise fault(
            path,
            f"{name} says that it has the shape {_short(shape)}, which takes {needed:,} bytes, and"
            f" {size - length:,} are there",
        )
    if dtype.kind == "U" and needed > MAX_TEXT:
        raise fault(path, f"the text {name} is longer than {MAX_TEXT:,} bytes")
    return Header(name, shape, dtype, fortran, length, needed)


def _fields(path: Path | str, name: str, start: bytes) -> tuple[dict[str, Any], int]:
    """The fields of a member's header, and where the numbers after it begin."""
    version, prefix = start[6:8], 10
    if version == b"\1\0":
        length = int.from_bytes(start[8:10], "little")
    else:
        length, prefix = int.from_bytes(start[8:12], "little"), 12
    if not start.startswith(_MAGIC) or version not in (b"\1\0", b"\2\0", b"\3\0"):
        raise fault(path, f"{name} is not an array as NumPy writes it")
    text = start[prefix : prefix + length]
    if len(text) != length or length > MAX_HEADER:
        raise fault(path, f"the header of {name} is cut off or too long")
    try:
        fields = ast.literal_eval(text.decode("utf-8").strip())
    except (ValueError, SyntaxError, TypeError, RecursionError, MemoryError):
        fields = None
    if not (isinstance(fields, dict) and set(fields) == {"descr", "fortran_order", "shape"}):
        raise fault(path, f"the header of {name} is damaged")
    return fields, prefix + length


def _is_shape(shape: object) -> bool:
    return (
        isinstance(shape, tuple)
        and len(shape) <= 8
        and all(type(n) is int and 0 <= n < 2**31 for n in shape)
    )


def _short(shape: tuple[int, ...]) -> str:
    return str(shape) if len(shape) < 8 else f"{shape[:3]}…"


@contextmanager
def _sentences(path: Path | str) -> Iterator[None]:
    """What `zipfile` raises on damaged files, as a sentence."""
    try:
        yield
    except (
        zipfile.BadZipFile,
        zlib.error,
        struct.error,
        EOFError,
        NotImplementedError,  # a compression or a version that zipfile does not know
        RuntimeError,  # encrypted
        ValueError,  # text that is not UTF-8
        OverflowError,
        OSError,  # a position before the start of the file
    ):
        raise fault(path, f"it is damaged, or not a {_suffix(path)} file at all") from None


def _suffix(path: Path | str) -> str:
    return ".layerwise" if str(path).endswith(".layerwise") else ".npz"


def fault(path: Path | str, reason: str) -> LayerwiseError:
    """The error of a file that was read and cannot be used, for this reason."""
    return LayerwiseError(f"{disk.shown(path)} cannot be used: {reason}.")
