"""The base class of labs: a panel that is created on first use and publishes facts for goals."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from PySide6.QtCore import Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QLabel

from gui.labs.paragraph import paragraph
from gui.panels.base import Panel


class Lab(Panel):
    """Subclasses hold their state, a frozen value of `core.labs`, in `state`, draw it, and emit
    `facts_changed` when something that `facts` says may have changed.

    The panel lives as long as the window: closed and opened again it is as it was.
    """

    facts_changed = Signal()
    wanted_height = 560  # px that it is given when opened, if its column has them

    @cached_property
    def sentence(self) -> QLabel:
        """What the lab says last; for a subclass to put somewhere."""
        return paragraph()

    def say(self, sentence: str, *, aloud: bool = True) -> None:
        """Say something in the lab's sentence; `aloud` has a screen reader speak it at once."""
        said = sentence != self.sentence.text()
        self.sentence.setText(sentence)
        self.card.setAccessibleDescription(sentence)
        if said and aloud and self.isVisible():
            QAccessible.updateAccessibility(QAccessibleEvent(self.card, QAccessible.Event.Alert))

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
