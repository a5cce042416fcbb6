"""Autosave: a window writes its work here, and the next one recovers it after a crash.

A window makes one `Recovery` for its document. It calls `write` whenever the work has changed,
`clear` after a real save, and `close` when it closes normally, otherwise `leave`. At its start it
asks `found` for work that other windows left without closing; each `Recovered` belongs to this
window until it is discarded or released.

The folder has one folder per window, with `lock`, `about.json`, generations 00000001.layerwise …,
and each own data set once (`own-<digest>`). Unreadable files are moved to `damaged`.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from core.data.own import OwnData
from core.errors import LayerwiseError
from core.files import disk, storage
from core.files.lock import Lock
from core.files.storage import Saved
from core.progress import Progress, unheard

KEEP = 5  # generations
MOST = 10  # works that one start offers
DAMAGED = "damaged"
MAX_ABOUT = 2**16  # bytes

_WINDOW = re.compile(r"[0-9a-f]{16}")
_GENERATION = re.compile(r"\d{8}\.layerwise")


class Recovery:
    """The unsaved work of one window, stored in `folder` as its last few generations."""

    def __init__(self, folder: Path | str, keep: int = KEEP) -> None:
        self._folder = Path(folder) / secrets.token_hex(8)
        self._keep, self._count = keep, 0
        self._lock: Lock | None = None
        self._last = b""
        self._known: storage.Known = {}  # runs that ended are written again and again
        self._generations: list[tuple[Path, str]] = []  # and the digest of their own data
        self._about: str | None = None

    def write(self, saved: Saved, path: Path | str | None, progress: Progress = unheard) -> None:
        """Add a generation of the work that belongs to the file `path`, None if it has none yet.

        Unchanged work is not written again. Raises LayerwiseError if the folder cannot be written;
        earlier generations are untouched. `progress` may stop it.
        """
        content = storage.encode(saved, apart=True, known=self._known)
        states = {run.state for run in saved.runs}
        self._known = {state: file for state, file in self._known.items() if state in states}
        about = json.dumps({"path": None if path is None else os.fspath(path)})
        hashed = hashlib.blake2b(content + about.encode()).digest()
        if hashed == self._last:
            return
        self._begin()
        digest = "" if saved.own is None else self._write_own(saved.own, progress)
        if about != self._about:
            disk.replace(self._folder / "about.json", about.encode(), private=True)
            self._about = about
        self._count += 1
        generation = self._folder / f"{self._count:08}.layerwise"
        disk.replace(generation, content, private=True)
        self._generations.append((generation, digest))
        self._last = hashed
        self._prune(self._keep)

    def clear(self) -> None:
        """Forget everything: the work has really been saved, or is not wanted any more."""
        self._prune(0)
        self._last = b""

    def close(self) -> None:
        """The window closes normally: remove everything."""
        self.clear()
        if self._lock is not None:
            _remove(self._folder, self._lock)
            self._lock, self._about = None, None

    def leave(self) -> None:
        """The window closes without a chance to ask: leave its work for the next window."""
        if self._lock is not None:
            self._lock.release()
            self._lock = None

    def _begin(self) -> None:
        if self._lock is not None:
            return
        try:
            disk.make_private(self._folder.parent)
            disk.make_private(self._folder)
            self._lock = Lock.take(self._folder / "lock")
        except (OSError, ValueError) as error:
            raise LayerwiseError(
                f"Work cannot be kept for recovery in {disk.shown(self._folder.parent)}:"
                f" {disk.reason(error)}."
            ) from None

    def _write_own(self, own: OwnData, progress: Progress) -> str:
        path = _own_path(self._folder, own.digest)
        if not path.exists():
            disk.replace(path, storage.encode_own(own, progress), progress, private=True)
        return own.digest

    def _prune(self, keep: int) -> None:
        cut = max(0, len(self._generations) - keep)
        old, self._generations = self._generations[:cut], self._generations[cut:]
        needed = {digest for _, digest in self._generations}
        for path, digest in old:
            with suppress(OSError):
                path.unlink()
            if digest and digest not in needed:
                with suppress(OSError):
                    _own_path(self._folder, digest).unlink()


@dataclass(frozen=True, slots=True, eq=False)
class Recovered:
    """Work that a window left behind: the newest generation that can be read.

    `path` is the file it belongs to, None if it had none; `when` it was written, in seconds since
    1970. It stays on the disk, claimed, until `discard` (it was saved or is not wanted) or
    `release` (another time).
    """

    saved: Saved
    path: Path | None
    when: float
    _folder: Path = field(repr=False)
    _lock: Lock = field(repr=False)

    def discard(self) -> None:
        _remove(self._folder, self._lock)

    def release(self) -> None:
        self._lock.release()


def found(folder: Path | str) -> list[Recovered]:
    """What dead windows left behind, newest first, claimed for this one; at most `MOST` works, so
    that a start never waits for more: older ones are found by a later start.

    Never raises: what cannot be read is set aside in `damaged`, what cannot be set aside is left.
    """
    works: list[Recovered] = []
    for window in _windows(Path(folder)):
        if len(works) == MOST:
            break
        with suppress(OSError, ValueError):
            lock = Lock.take(window / "lock")
            if lock is None:
                continue
            if work := _recover(window, lock):
                works.append(work)
            elif _generations(window):  # damaged, and could not be set aside
                lock.release()
            else:
                _remove(window, lock)
    return sorted(works, key=lambda work: work.when, reverse=True)


def _windows(folder: Path) -> list[Path]:
    """Newest first."""
    with suppress(OSError, ValueError):
        found = [path for path in folder.iterdir() if _is_window(path)]
        return sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)
    return []


def _is_window(path: Path) -> bool:
    return _WINDOW.fullmatch(path.name) is not None and path.is_dir() and not path.is_symlink()


def _recover(window: Path, lock: Lock) -> Recovered | None:
    """The newest generation that can be read, the unreadable newer ones set aside; None if none."""
    for path in _generations(window):
        try:
            when = path.stat().st_mtime
            saved = storage.read_apart(
                path, lambda digest: storage.read_own(_own_path(window, digest))
            )
        except (LayerwiseError, OSError):
            _set_aside(path)
        else:
            return Recovered(saved, _belongs_to(window), when, window, lock)
    for path in window.glob("own-*"):
        _set_aside(path)
    return None


def _generations(window: Path) -> list[Path]:
    """Newest first."""
    names = (path for path in window.iterdir() if _GENERATION.fullmatch(path.name))
    return sorted(names, reverse=True)


def _belongs_to(window: Path) -> Path | None:
    with suppress(LayerwiseError, ValueError, RecursionError):
        about = json.loads(disk.read(window / "about.json", MAX_ABOUT))
        if isinstance(about, dict) and isinstance(path := about.get("path"), str):
            return Path(path)
    return None


def _set_aside(path: Path) -> None:
    """Move damaged files to a folder that is not searched for work."""
    damaged = path.parent.parent / DAMAGED
    with suppress(OSError):
        disk.make_private(damaged)
        path.replace(damaged / f"{path.parent.name}-{path.name}")


def _own_path(window: Path, digest: str) -> Path:
    return window / f"own-{digest}.npz"


def _remove(window: Path, lock: Lock) -> None:
    """Remove a window's folder, its lock last, so that no other window finds half of it."""
    with suppress(OSError):
        for path in window.iterdir():
            if path.name != "lock":
                with suppress(OSError):
                    path.unlink()
    with suppress(OSError):
        lock.release(remove=True)
    shutil.rmtree(window, ignore_errors=True)
