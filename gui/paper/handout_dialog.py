"""The dialog for a hand-out: the current step or the whole iteration, and how many blanks."""

from __future__ import annotations

from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QRadioButton,
    QWidget,
)

from gui.paper.handout import BLANKS
from gui.style.theme import BODY
from gui.widgets import labels
from gui.widgets.boxes import CountBox
from gui.widgets.buttons import button
from gui.widgets.rows import in_column, in_row

ABOUT = (
    "The hand-out is an A4 document. Its first part has blanks to fill in, its second part shows"
    " the solution."
)


class HandoutDialog(QDialog):
    """Offers the step of this title and the whole iteration, unless that is `refused`, with the
    reason.
    """

    def __init__(self, window: QWidget, step: str, refused: str) -> None:
        super().__init__(window)
        self.setWindowTitle(self.tr("Export a hand-out"))
        self.one_step = QRadioButton(self.tr("This step: {}").format(step))
        self.whole = QRadioButton(self.tr("The whole iteration, one page or two for each layer"))
        self.one_step.setChecked(True)
        self._choice = QButtonGroup(self)
        for way in (self.one_step, self.whole):
            self._choice.addButton(way)
        self.whole.setEnabled(not refused)
        self._refused = labels.caption(refused, wrap=True)
        self._refused.setVisible(bool(refused))
        self.blanks = CountBox()
        self.blanks.setRange(1, BLANKS)
        self.blanks.setValue(2)
        self.whole.toggled.connect(lambda on: self.blanks.setValue(1 if on else 2))
        self._lay_out()

    def _lay_out(self) -> None:
        words = self.tr("Blanks in each equation")
        self.blanks.setAccessibleName(words)
        line = in_row(labels.label(words, BODY, tone="muted"), self.blanks, None)
        about = labels.label(self.tr(ABOUT), BODY, tone="muted", wrap=True)
        self.cancel_button = button(self.tr("Cancel"))
        self.save_button = button(self.tr("Save…"), "primary")
        self.cancel_button.clicked.connect(self.reject)
        self.save_button.clicked.connect(self.accept)
        self.save_button.setDefault(True)
        in_column(
            self.one_step,
            self.whole,
            self._refused,
            line,
            about,
            in_row(None, self.cancel_button, self.save_button),
            on=self,
            margins=(20, 18, 20, 16),
            spacing=12,
        )
