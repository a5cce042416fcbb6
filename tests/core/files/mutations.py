"""Damages a `.layerwise` file in every way that a disk, a network or a stranger might."""

from __future__ import annotations

import io
import random
import zipfile
import zlib

WORDS = (b"shape", b"(3, 2)", b"descr", b"|O", b"<U9", b"-1", b"9" * 30, b"True", b"NaN", b"[" * 99)


def mutated(content: bytes, rng: random.Random) -> bytes:
    """The file with one to four damages, in its bytes or inside a member under a right checksum."""
    for _ in range(rng.choice((1, 1, 2, 4))):
        content = rng.choice((damaged, damaged, repacked))(content, rng)
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
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, RuntimeError):
        return damaged(content, rng)
    except (EOFError, OverflowError, MemoryError):
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
    packed = io.BytesIO()
    kind = rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
    with zipfile.ZipFile(packed, "w", kind) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, kind)
    return packed.getvalue()
