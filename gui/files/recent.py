"""The recent files and the last folder, remembered between windows."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import quote_from_bytes, unquote_to_bytes

from PySide6.QtCore import QSettings, QStandardPaths

MOST = 10
LONGEST = 20_000  # characters of a path: every one that systems allow, its bytes escaped
_KEY, _FOLDER = "recent", "folder"
_NO_TEXT = "bytes:"  # prefix of a name that is not text; no absolute path begins like this


def recent_files() -> list[Path]:
    """The recent files, whether they still exist or not."""
    names = QSettings().value(_KEY, [])
    if isinstance(names, str):  # QSettings returns a list of one as its one entry
        names = [names]
    if not isinstance(names, list):
        return []
    return [_path(name) for name in names if isinstance(name, str) and len(name) <= LONGEST][:MOST]


def remember(path: Path) -> None:
    """Put the file first."""
    first = path.absolute()
    others = [other for other in recent_files() if other != first]
    QSettings().setValue(_KEY, [_name(file) for file in [first, *others][:MOST]])


def _name(path: Path) -> str:
    """The path as text for the settings; for an undecodable name, its bytes."""
    try:
        str(path).encode()
    except UnicodeEncodeError:
        return _NO_TEXT + quote_from_bytes(os.fsencode(path))
    return str(path)


def _path(name: str) -> Path:
    if name.startswith(_NO_TEXT):
        return Path(os.fsdecode(unquote_to_bytes(name.removeprefix(_NO_TEXT))))
    return Path(name)


def forget_all() -> None:
    """Empty the list."""
    QSettings().remove(_KEY)


def last_folder() -> Path:
    """The folder of the last chosen file; at first the user's documents."""
    name = QSettings().value(_FOLDER, "")
    folder = _path(name) if isinstance(name, str) and 0 < len(name) <= LONGEST else None
    if folder is not None and os.path.isdir(folder):  # noqa: PTH112  Path.is_dir raises for some
        return folder
    places = QStandardPaths.StandardLocation.DocumentsLocation
    return Path(QStandardPaths.writableLocation(places))


def remember_folder(folder: Path) -> None:
    """Begin the next file dialog in this folder."""
    QSettings().setValue(_FOLDER, _name(folder.absolute()))
