"""Writes a film of a run: an animated file, or numbered PNG files."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from core.files import disk
from core.progress import Progress

FilmFrame = NDArray[np.uint8]  # (height, width, 3): red, green, blue
KINDS: dict[str, tuple[str, dict[str, Any]]] = {
    ".gif": ("GIF", {}),
    ".webp": ("WEBP", {"quality": 90, "method": 2}),
    ".apng": ("PNG", {}),
}
LINGER = 1.5  # seconds that the last picture of a GIF stays before the film restarts


def moments(earliest: int, newest: int, frames: int, *, even: bool) -> tuple[int, ...]:
    """The iterations of a film with at most this many frames, ascending, including both ends.

    Unless `even`, they are denser at the start, where a run changes most: spaced by the cube.
    """
    at = np.linspace(0.0, 1.0, max(2, frames)) ** (1 if even else 3)
    iterations = np.round(earliest + at * (newest - earliest)).astype(np.int64)
    return tuple(int(i) for i in np.unique(iterations))


def write(path: Path, frames: Sequence[FilmFrame], seconds: float, progress: Progress) -> int:
    """Write a film that lasts so long: one .gif, .webp or .apng, or for .png `name-001.png` and so
    on.

    Returns how many files were written. Raises LayerwiseError naming a file that cannot be; an
    animated picture is then as it was before.
    """
    from PIL import Image  # late: the window starts without it

    suffix = path.suffix.lower()
    if suffix == ".png":
        return _write_pictures(path, frames, progress)
    pictures = []
    for done, frame in enumerate(frames):
        progress(done, len(frames))
        picture = Image.fromarray(frame)
        if suffix == ".gif":
            # a palette of 256 colours per frame: a common one would show bands in the planes
            picture = picture.quantize(256, dither=Image.Dither.NONE)
        pictures.append(picture)
    each = max(20, round(1000 * seconds / len(frames)))  # ms; viewers of GIFs round to 10
    lasting = [each] * (len(frames) - 1) + [each + round(1000 * LINGER)]
    file = io.BytesIO()
    kind, options = KINDS.get(suffix, KINDS[".gif"])
    pictures[0].save(
        file, kind, save_all=True, append_images=pictures[1:], duration=lasting, loop=0, **options
    )
    disk.replace(path, file.getvalue())
    return 1


def _write_pictures(path: Path, frames: Sequence[FilmFrame], progress: Progress) -> int:
    from PIL import Image  # late, as above

    digits = max(3, len(str(len(frames))))
    for number, frame in enumerate(frames, start=1):
        progress(number - 1, len(frames))
        file = io.BytesIO()
        Image.fromarray(frame).save(file, "PNG")
        disk.replace(path.with_stem(f"{path.stem}-{number:0{digits}}"), file.getvalue())
    return len(frames)
