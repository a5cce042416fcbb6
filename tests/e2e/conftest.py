"""Every workflow has its own settings and leaves no thread, timer or window behind."""

from tests.leftovers import nothing_left_behind, own_settings, qtbot

__all__ = ["nothing_left_behind", "own_settings", "qtbot"]
