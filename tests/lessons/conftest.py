"""Every lesson is played with settings of its own and leaves nothing behind."""

from tests.leftovers import nothing_left_behind, own_settings, qtbot

__all__ = ["nothing_left_behind", "own_settings", "qtbot"]
