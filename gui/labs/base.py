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
    `facts_changed` when `facts` may have changed.

    The panel lives as long as the window: reopened, it is unchanged.
    """

    facts_changed = Signal()
    wanted_height = 560  # px that it gets when opened, if its column has them

    @cached_property
    def sentence(self) -> QLabel:
        """The lab's latest message; a subclass places it."""
        return paragraph()

    def say(self, sentence: str, *, aloud: bool = True) -> None:
        """Show a message in the lab; `aloud` has a screen reader speak it at once."""
        said = sentence != self.sentence.text()
        self.sentence.setText(sentence)
        self.card.setAccessibleDescription(sentence)
        if said and aloud and self.isVisible():
            QAccessible.updateAccessibility(QAccessibleEvent(self.card, QAccessible.Event.Alert))

    def facts(self) -> Mapping[str, object]:
        """The facts for goals, by the names in `core.lessons.vocabulary.LABS`; a value of None is
        not known yet.
        """
        raise NotImplementedError

    def begin_step(self) -> None:
        """A step of a lesson begins: forget answers and actions that count from here.

        The display stays.
        """

    def end_work(self) -> None:
        """The window closes: cancel work in threads."""
