"""Damages a `.layerwise` file in every way that a disk, a network or an attacker might."""

from __future__ import annotations

import io
import json
import random
import zipfile
import zlib

import numpy as np

WORDS = (b"shape", b"(3, 2)", b"descr", b"|O", b"<U9", b"-1", b"9" * 30, b"True", b"NaN", b"[" * 99)

_BROKEN = (
    *(zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, RuntimeError),
    *(EOFError, OverflowError, MemoryError),
)


def mutated(content: bytes, rng: random.Random) -> bytes:
    """The file with one to four damages, in its bytes or inside a member under a right checksum."""
    for _ in range(rng.choice((1, 1, 2, 4))):
        content = rng.choice((damaged, damaged, repacked, repacked, in_a_run))(content, rng)
    return content


def damaged(content: bytes, rng: random.Random) -> bytes:
    """Bytes flipped, cut off, left out, doubled, or overwritten with numbers and words."""
    if not content:
        return b"PK"
    i = rng.randrange(len(content))
    j = min(len(content), i + rng.choice((1, 2, 4, 8, 100)))
    return rng.choice(
        (
            lambda: content[:i] + bytes([content[i] ^ 1 << rng.randrange(8)]) + content[i + 1 :],
            lambda: content[:i],
            lambda: content[:i] + content[j:],
            lambda: content[:j] + content[i:],
            lambda: content[:i] + rng.randbytes(j - i) + content[j:],
            lambda: content[:i] + rng.choice((b"\0", b"\xff")) * (j - i) + content[j:],
            lambda: content[:i] + rng.choice(WORDS) + content[j:],
        )
    )()


def repacked(content: bytes, rng: random.Random) -> bytes:
    """A zip of the same members, whole but for one of them that was damaged, renamed or doubled."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    except _BROKEN:
        return damaged(content, rng)
    if not members:
        return content
    i = rng.randrange(len(members))
    name, data = members[i]
    rng.choice(
        (
            lambda: members.__setitem__(i, (name, damaged(data, rng))),
            lambda: members.__setitem__(i, (name, data[:150] + damaged(data[150:], rng))),
            lambda: members.__setitem__(i, (name, damaged(data[:130], rng) + data[130:])),
            lambda: members.__setitem__(i, (rng.choice(members)[0], data)),
            lambda: members.__setitem__(i, (rng.choice(("../x.npy", "a", "\u202e.npy")), data)),
            lambda: members.append((f"memory_{rng.randrange(99)}.npy", data)),
            lambda: members.pop(i),
        )
    )()
    return _zipped(members, rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)))


def in_a_run(content: bytes, rng: random.Random) -> bytes:
    """A whole file, but for the run that has ended inside of it: a file of its own, damaged."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = {info.filename: archive.read(info) for info in archive.infolist()}
        said = json.loads(_numbers(members["kept.npy"]))
        run = repacked(_numbers(members["kept_runs.npy"]), rng)
        said[0]["size"] = len(run)
    except (KeyError, IndexError, TypeError, RecursionError, *_BROKEN):
        return damaged(content, rng)
    members["kept.npy"], members["kept_runs.npy"] = _npy(json.dumps(said).encode()), _npy(run)
    return _zipped([*members.items()], zipfile.ZIP_STORED)


def _numbers(member: bytes) -> bytes:
    """An array's own bytes, behind its header."""
    return member[10 + int.from_bytes(member[8:10], "little") :]


def _npy(content: bytes) -> bytes:
    member = io.BytesIO()
    np.save(member, np.frombuffer(content, np.uint8), allow_pickle=False)
    return member.getvalue()


def _zipped(members: list[tuple[str, bytes]], kind: int) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", kind) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, kind)
    return packed.getvalue()
