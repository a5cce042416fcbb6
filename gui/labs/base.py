"""What every lab is: a panel that is made when it is first asked for, and tells goals of itself."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal

from gui.panels.base import Panel


class Lab(Panel):
    """Subclasses hold their state, a frozen value of `core.labs`, in `state`, draw it, and emit
    `facts_changed` when something that `facts` says may have changed.

    The panel lives as long as the window: closed and opened again it is as it was.
    """

    facts_changed = Signal()
    wanted_height = 560  # px that it is given when opened, if its column has them

    def facts(self) -> Mapping[str, object]:
        """What goals are told, by the names in `core.lessons.vocabulary.LABS`; None of a value is
        not known yet.
        """
        raise NotImplementedError

    def begin_step(self) -> None:
        """A step of a lesson begins: forget what counts from here (answers, what was done).

        What is shown stays.
        """

    def end_work(self) -> None:
        """The window closes: give up what is done on a thread."""
