"""The files opened or saved last, the newest first, kept between windows."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSettings

MOST = 10
_KEY = "recent"


def recent_files() -> list[Path]:
    """The files, whether they are still there or not."""
    names = QSettings().value(_KEY, [])
    if isinstance(names, str):  # a list of one comes back as its one
        return [Path(names)]
    return [Path(name) for name in names] if isinstance(names, list) else []


def remember(path: Path) -> None:
    """Put the file first; one whose name is no text is not kept, for settings are text."""
    first = path.absolute()
    try:
        str(first).encode()
    except UnicodeEncodeError:
        return
    others = [other for other in recent_files() if other != first]
    QSettings().setValue(_KEY, [str(file) for file in [first, *others][:MOST]])


def forget_all() -> None:
    """Empty the list."""
    QSettings().remove(_KEY)
