"""Whatever the file of settings holds, the window opens, and closes."""

from pathlib import Path

import pytest
from PySide6.QtCore import QSettings

from gui.check.answers import answers_for
from gui.files.recent import last_folder, recent_files
from gui.layout_table import LAYOUTS
from tests.e2e.driver import run_app

KEYS = (
    *("geometry", "layout/current", *(f"layout/{name}/high" for name in LAYOUTS)),
    *("theme", "text_size", "speed", "recent", "folder", "check/answers", "lessons/invited"),
)
JUNK = {
    "words": "x" * 100_000,
    "a list": ["1", "x", "\0"],
    "a table": {"a": [1]},
    "no number": float("nan"),
    "bytes": b"\xff\0junk",
    "depths": "[" * 100_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", JUNK)
def test_settings_of_any_kind_are_survived(qtbot, kind):
    settings = QSettings()
    for key in KEYS:
        settings.setValue(key, JUNK[kind])
    settings.sync()
    assert all(isinstance(path, Path) for path in recent_files())
    assert last_folder().is_absolute()
    assert answers_for(Path("homework.py")) == {}
    assert run_app(lambda window: None) == 0
