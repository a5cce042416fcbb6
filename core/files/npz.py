"""Reads untrusted `.npz` files: checks the directory and every header before any numbers.

`numpy.load` trusts what a file claims (sizes, shapes, pickled objects); this module does not.
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

from core.data.own import MAX_NUMBERS
from core.errors import LayerwiseError
from core.files import disk
from core.progress import Progress, unheard

MAX_FILE = 2**31 - 2**20  # bytes; above, zip files are of another kind
MAX_UNPACKED = 2**26  # bytes that compressed arrays may become together
MAX_ARRAYS = 100
MAX_DIRECTORY = 2**16  # bytes
MAX_HEADER = 1024  # bytes; NumPy's own headers have 128
MAX_NAME = 40
MAX_TEXT = 2**25  # bytes of a text array: the names of as many columns as a table may have

_END = struct.Struct("<4s4H2LH")  # the end record of a zip file
_MAGIC = b"\x93NUMPY"
_NUMBERS = re.compile(r"[<>|=]?(b1|[iu][1248]|f[248])")
_TEXT = re.compile(r"[<>=]?U[1-9]\d{0,6}")


@dataclass(frozen=True, slots=True)
class ArrayHeader:
    """The header of an array in the file, checked against the actual bytes."""

    name: str
    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    fortran: bool
    start: int  # the position of its numbers in the member
    size: int  # bytes of its numbers

    @property
    def is_text(self) -> bool:
        return self.dtype.kind == "U"


class Arrays:
    """The arrays of an open file by name: headers are loaded, numbers are read on request."""

    def __init__(
        self,
        path: Path | str,
        archive: zipfile.ZipFile,
        progress: Progress = unheard,
        *,
        apart: bool = False,
        foreign: bool = False,
    ) -> None:
        self._path, self._archive, self._progress, self._apart = path, archive, progress, apart
        self._foreign = foreign
        self._done = 0  # bytes of the arrays that have been read
        self.faults: dict[str, Fault] = {}  # of arrays that cannot be read, if each is `apart`
        self.headers = {header.name: header for header in self._read_headers()}

    def header(self, name: str) -> ArrayHeader:
        """The header of this array; raises LayerwiseError if it is missing or unreadable."""
        if name in self.faults:
            raise self.faults[name]
        if name not in self.headers:
            raise fault(self._path, f"{name} is missing")
        return self.headers[name]

    def numbers(self, name: str) -> NDArray[np.float64]:
        """The array as finite float64 numbers, C-contiguous, however it was stored.

        Needs extra memory for only one piece; for Fortran order, as much again as the array.
        """
        header = self._of_numbers(name)
        if math.prod(header.shape) > MAX_NUMBERS:
            raise fault(
                self._path,
                f"{name} has the shape {_short(header.shape)}, and the limit is {MAX_NUMBERS:,}"
                " numbers",
            )
        if header.fortran and len(header.shape) > 1:
            with np.errstate(all="ignore"):
                found = np.ascontiguousarray(self._load(header), np.float64)
            self._check_finite(name, found)
            return found
        numbers = np.empty(header.shape, np.float64)
        flat, at = numbers.reshape(-1), 0
        for piece in self._pieces(header):
            some = np.frombuffer(piece, header.dtype)
            with np.errstate(all="ignore"):
                flat[at : at + len(some)] = some
            at += len(some)
        self._check_finite(name, numbers)
        return numbers

    def exact(self, name: str) -> NDArray[Any]:
        """The array with its stored type, in this machine's byte order; NaN is allowed."""
        header = self._of_numbers(name)
        array = np.ascontiguousarray(self._load(header), header.dtype.newbyteorder("="))
        return array.reshape(header.shape)

    def holds(self, name: str, array: NDArray[Any]) -> bool:
        """Whether this array was stored here, bit for bit; needs memory for only one piece."""
        header = self.header(name)
        if (header.shape, header.dtype) != (array.shape, array.dtype) or header.fortran:
            return False
        stored = np.ascontiguousarray(array).reshape(-1).view(np.uint8)
        at = 0
        for piece in self._pieces(header):
            if not np.array_equal(np.frombuffer(piece, np.uint8), stored[at : at + len(piece)]):
                return False
            at += len(piece)
        return at == stored.size

    def _of_numbers(self, name: str) -> ArrayHeader:
        header = self.header(name)
        if header.is_text:
            raise fault(self._path, f"{name} holds text where numbers are needed")
        return header

    def _check_finite(self, name: str, numbers: NDArray[np.float64]) -> None:
        rows = numbers.reshape(-1)
        for start in range(0, rows.size, disk.PIECE):
            finite = np.isfinite(rows[start : start + disk.PIECE])
            if not finite.all():
                first = start + int(np.argmin(finite))
                place = ", ".join(str(i) for i in np.unravel_index(first, numbers.shape))
                raise fault(self._path, f"{name}[{place}] is not a finite number")

    def text(self, name: str) -> str:
        """The one string that the array is."""
        header = self.header(name)
        if not header.is_text or header.shape != ():
            raise fault(self._path, f"{name} is not a text")
        # Not by NumPy, which raises SystemError for an invalid character.
        order = "le" if header.dtype.str.startswith("<") else "be"
        with _sentences(self._path):
            return self._load(header).tobytes().decode(f"utf-32-{order}").rstrip("\0")

    def words(self, name: str) -> tuple[str, ...]:
        """The strings of an array of text, of any shape."""
        header = self.headers[name]
        if not header.is_text:
            raise fault(self._path, f"{name} is not a text")
        order = "le" if header.dtype.str.startswith("<") else "be"
        data, size = self._load(header).tobytes(), header.dtype.itemsize
        with _sentences(self._path):
            return tuple(
                data[at : at + size].decode(f"utf-32-{order}").rstrip("\0")
                for at in range(0, len(data), size)
            )

    def _load(self, header: ArrayHeader) -> NDArray[Any]:
        data, at = np.empty(header.size, np.uint8), 0
        for piece in self._pieces(header):
            data[at : at + len(piece)] = np.frombuffer(piece, np.uint8)
            at += len(piece)
        array: NDArray[Any] = data.view(header.dtype)
        array.setflags(write=False)
        return array.reshape(header.shape, order="F" if header.fortran else "C")

    def _pieces(self, header: ArrayHeader) -> Iterator[bytes]:
        """The bytes of an array, in pieces of whole numbers."""
        with self._archive.open(f"{header.name}.npy") as member:
            done = 0
            with _sentences(self._path):
                member.read(header.start)
            while done < header.size:
                with _sentences(self._path):
                    piece = member.read(min(disk.PIECE, header.size - done))
                if len(piece) % header.dtype.itemsize or not piece:
                    raise fault(self._path, f"{header.name} is cut off")
                done += len(piece)
                yield piece
                self._done += len(piece)
                self._progress(self._done, self._size)
            with _sentences(self._path):
                rest = member.read(1)  # reads to the end, where the checksum is compared
        if rest:
            raise fault(self._path, f"{header.name} is cut off")

    @property
    def _size(self) -> int:
        return sum(header.size for header in self.headers.values())

    def _read_headers(self) -> Iterator[ArrayHeader]:
        seen: set[str] = set()
        unpacked, room = 0, self._room
        for info in self._archive.infolist():
            name = _name(self._path, info.filename, foreign=self._foreign)
            if name in seen:
                raise fault(self._path, f"it holds {name} twice")
            seen.add(name)
            room -= info.compress_size
            if info.compress_type == zipfile.ZIP_DEFLATED:
                unpacked += info.file_size
            if room < 0:
                raise fault(self._path, "its arrays lie over each other")
            if unpacked > MAX_UNPACKED:
                raise fault(
                    self._path,
                    f"it would unpack to more than {MAX_UNPACKED:,} bytes; save it with np.savez"
                    " instead of np.savez_compressed",
                )
            try:
                yield self._read_header(name, info)
            except Fault as error:
                if not self._apart:
                    raise
                self.faults[name] = error

    @property
    def _room(self) -> int:
        """How many bytes the file has."""
        file = self._archive.fp
        assert file is not None
        return file.seek(0, 2)

    def _read_header(self, name: str, info: zipfile.ZipInfo) -> ArrayHeader:
        if info.flag_bits & 0x1:
            raise fault(self._path, f"{name} is encrypted")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise fault(self._path, f"{name} is packed in a way that NumPy does not use")
        if info.compress_type == zipfile.ZIP_STORED and info.file_size != info.compress_size:
            raise fault(self._path, f"the sizes given for {name} contradict each other")
        with _sentences(self._path), self._archive.open(info) as member:
            start = member.read(MAX_HEADER + 12)
        return _header(self._path, name, start, info.file_size)


@contextmanager
def opened(
    path: Path | str, progress: Progress = unheard, *, apart: bool = False, foreign: bool = False
) -> Iterator[Arrays]:
    """Open a `.npz` file; raises LayerwiseError naming the file and the error.

    With `apart`, an unreadable array is refused only when it is requested. In a `foreign` file the
    arrays may have names that are not possible as keywords of `np.savez`.
    """
    with (
        disk.opened(path, MAX_FILE) as file,
        within(path, file, progress, apart=apart, foreign=foreign) as arrays,
    ):
        yield arrays


@contextmanager
def within(
    path: Path | str,
    file: BinaryIO,
    progress: Progress = unheard,
    *,
    apart: bool = False,
    foreign: bool = False,
) -> Iterator[Arrays]:
    """The same for an open file, or for bytes; `path` is its name in sentences."""
    count = _check_directory(path, file)
    with _sentences(path):
        archive = zipfile.ZipFile(file)
    with archive:
        if len(archive.infolist()) != count:  # zipfile itself never compares them
            raise fault(path, "its directory is damaged")
        yield Arrays(path, archive, progress, apart=apart, foreign=foreign)


def _check_directory(path: Path | str, file: BinaryIO) -> int:
    """Refuse a directory too large for such a file before `zipfile` reads all of it.

    Returns the number of members that the file claims.
    """
    size = file.seek(0, 2)
    file.seek(max(0, size - _END.size - 20))
    tail = file.read()
    locator, end = tail[: -_END.size], tail[-_END.size :]
    if len(end) < _END.size or not end.startswith(b"PK\5\6"):
        raise fault(path, f"it is not a whole {_suffix(path)} file")
    _, disk_number, _, _, count, directory, offset, comment = _END.unpack(end)
    # No bytes before, between or after: a cut file may end in a complete one inside of it.
    whole = offset + directory + _END.size == size
    if locator.startswith(b"PK\6\7") or disk_number or comment or not whole:
        raise fault(path, "its directory is not as np.savez writes it")
    if count > MAX_ARRAYS or directory > MAX_DIRECTORY:
        raise fault(path, f"it holds more than {MAX_ARRAYS} arrays or their names are too long")
    return int(count)


def _name(path: Path | str, filename: str, *, foreign: bool) -> str:
    name, dot, suffix = filename.rpartition(".")
    named = (
        re.fullmatch(r"\w[\w:-]*([./]\w[\w:-]*)*", name, re.ASCII)
        if foreign
        else name.isidentifier()
    )
    if (dot, suffix) != (".", "npy") or not named or len(name) > MAX_NAME:
        shown = disk.shown(filename)[-MAX_NAME:]
        raise fault(path, f"it holds {shown!r}, which is not the name of an array")
    return name


def _header(path: Path | str, name: str, start: bytes, size: int) -> ArrayHeader:
    """Parse the header that begins a member of `size` bytes, believing none of it unchecked."""
    fields, length = _fields(path, name, start)
    descr, fortran, shape = fields["descr"], fields["fortran_order"], fields["shape"]
    if not isinstance(descr, str):
        raise fault(path, f"{name} is a table of records, not an array of numbers")
    if descr.lstrip("<>|=").startswith("O"):
        raise fault(
            path,
            f"{name} is a pickled Python object, which could run code; save it as an array of"
            " numbers or text",
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
    return ArrayHeader(name, shape, dtype, fortran, length, needed)


def _fields(path: Path | str, name: str, start: bytes) -> tuple[dict[str, Any], int]:
    """The fields of a member's header, and the position of the numbers after it."""
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
    """Turn the errors of `zipfile` on damaged files into sentences."""
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


class Fault(LayerwiseError):  # noqa: N818 - a property of the file
    """A file that was read cannot be used, for this `reason`, which completes a sentence."""

    def __init__(self, path: Path | str, reason: str) -> None:
        super().__init__(f"{disk.shown(path)} cannot be used: {reason}.")
        self.reason = reason


def reason(error: LayerwiseError) -> str:
    """Why something cannot be used, to be put into a sentence."""
    return error.reason if isinstance(error, Fault) else str(error).rstrip(".")


def fault(path: Path | str, reason: str) -> Fault:
    """The error for a file that was read and cannot be used, for this reason."""
    return Fault(path, reason)
