"""The dialog that maps the student's functions to the course's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QFormLayout, QWidget

from gui.style.text import printed
from gui.style.theme import BODY
from gui.widgets import labels
from gui.widgets.boxes import ChoiceBox
from gui.widgets.buttons import button
from gui.widgets.rows import in_column, in_row
from gui.widgets.scrolled import Scrolled

LONGEST = 40  # characters of a name that are shown
ABOUT = (
    "The check did not recognize these functions. Choose what each one is, or leave it out."
    " Your choices are kept for this file."
)


class NamingDialog(QDialog):
    """A row for each function of the student, to choose its name in the course, or none.

    `names` holds the accepted choices: the student's name → the course's.
    """

    def __init__(
        self,
        parent: QWidget,
        theirs: Sequence[str],
        course: Sequence[str],
        known: Mapping[str, str],
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Name my functions"))
        self.boxes: dict[str, ChoiceBox] = {}
        for name in theirs:
            box = ChoiceBox()
            box.fill(
                {"": self.tr("not part of the course"), **{each: each for each in course}},
                self.tr("What {} is").format(printed(name, LONGEST)),
            )
            box.setCurrentIndex(max(box.findData(known.get(name, "")), 0))
            box.currentIndexChanged.connect(self._allow)
            self.boxes[name] = box
        self.fault = labels.label("", BODY, tone="error", wrap=True)
        self.cancel_button = button(self.tr("Cancel"))
        self.take_button = button(self.tr("Check with these"), "primary")
        self._lay_out()
        self._allow()

    def _lay_out(self) -> None:
        about = labels.label(self.tr(ABOUT), BODY, tone="muted", wrap=True)
        lines = QWidget()
        form = QFormLayout(lines)
        form.setContentsMargins(0, 0, 0, 0)
        for name, box in self.boxes.items():
            form.addRow(labels.label(printed(name, LONGEST), BODY), box)
        self.cancel_button.clicked.connect(self.reject)
        self.take_button.clicked.connect(self.accept)
        self.take_button.setDefault(True)
        end = in_row(None, self.cancel_button, self.take_button)
        in_column(
            about,
            (Scrolled(lines), 1),
            self.fault,
            end,
            on=self,
            margins=(20, 18, 20, 16),
            spacing=12,
        )
        self.resize(460, min(240 + 34 * len(self.boxes), 560))

    @property
    def names(self) -> dict[str, str]:
        """The student's name → the course's, of those that were chosen."""
        chosen = {name: box.currentData() for name, box in self.boxes.items()}
        return {name: course for name, course in chosen.items() if course}

    def _allow(self, *_: object) -> None:
        twice = [course for course, count in Counter(self.names.values()).items() if count > 1]
        self.fault.setText(
            self.tr("Two functions are named {}: choose one.").format(twice[0]) if twice else ""
        )
        self.fault.setVisible(bool(twice))
        self.take_button.setEnabled(not twice)


class Unnamed(QWidget):
    """Names the functions that were not recognized, with a button to map them; hidden
    without any.
    """

    asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = labels.caption("", wrap=True)
        self.name_button = button(
            self.tr("Name my functions…"),
            "link",
            tip=self.tr("Say which functions of the course they are, and check again"),
        )
        self.name_button.clicked.connect(self.asked)
        in_column(self.words, (self.name_button, 0, Qt.AlignmentFlag.AlignLeft), on=self, margins=0)

    def show_names(self, theirs: Sequence[str]) -> None:
        """Show these functions."""
        shown = ", ".join(printed(name, LONGEST) for name in theirs[:6])
        more = self.tr(" and {} more").format(len(theirs) - 6) if len(theirs) > 6 else ""
        self.words.setText(self.tr("Not recognized: {}{}.").format(shown, more))
        self.setVisible(bool(theirs))
