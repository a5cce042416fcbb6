"""Collects Python's garbage in the GUI thread only.

Python's automatic collection runs in whichever thread happens to allocate, and destroys the objects
there: a closed dialog or a replaced canvas item could be destroyed in the training thread, which Qt
forbids. Automatic collection is therefore off while the window is open. The event loop collects by
the same rules when it is idle; at rest this costs nothing (ADR 0011).
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QAbstractEventDispatcher, QObject


class Collector(QObject):
    """Collects cycles whenever the event loop of this thread is about to wait, until it is closed.

    Create it after Qt's application. Generations and thresholds are those of `gc`.
    """

    def __init__(self) -> None:
        super().__init__()
        self._was_automatic = gc.isenabled()
        gc.disable()
        self._loop = QAbstractEventDispatcher.instance()
        self._loop.aboutToBlock.connect(self.collect_what_is_due)

    def collect_what_is_due(self) -> None:
        """Collect the oldest generation that is over its threshold, and those younger than it."""
        counts, thresholds = gc.get_count(), gc.get_threshold()
        if counts[0] <= thresholds[0]:
            return
        due = (i for i in (2, 1, 0) if counts[i] > thresholds[i])
        gc.collect(next(due))

    def close(self) -> None:
        """Leave it to Python again."""
        self._loop.aboutToBlock.disconnect(self.collect_what_is_due)
        if self._was_automatic:
            gc.enable()
