"""The stages of a check as chips in a row: correct or different, in order."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from core.check.findings import STAGES
from gui.style.theme import BODY, CAPTION
from gui.widgets import labels
from gui.widgets.flow_layout import FlowLayout

TONES = {"forward": "forward", "backward": "backward"}


class Stages(QWidget):
    """One chip for each result, under the word of its stage."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._flow = FlowLayout(self)
        self._chips: list[QLabel] = []
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)

    @property
    def words(self) -> list[str]:
        """The texts of the chips."""
        return [chip.text() for chip in self._chips]

    def show_steps(self, steps: Sequence[Sequence[str]]) -> None:
        """Show stage, name and state of each result."""
        for chip in self._chips:
            self._flow.removeWidget(chip)
            chip.deleteLater()
        self._chips = []
        last = ""
        for stage, name, state in sorted(steps, key=_order):
            if stage != last:
                self._add(labels.label(stage, CAPTION, tone=TONES.get(stage, "muted")))
                last = stage
            mark = "✓" if state == "right" else "✕"
            chip = labels.label(f"{name} {mark}", BODY)
            labels.set_tone(chip, TONES.get(stage, "") if state == "right" else "error")
            chip.setAccessibleName(f"{stage}: {name} {state}")
            self._add(chip)

    def _add(self, chip: QLabel) -> None:
        self._chips.append(chip)
        self._flow.addWidget(chip)
        chip.show()


def _order(step: Sequence[str]) -> int:
    return STAGES.index(step[0]) if step[0] in STAGES else len(STAGES)
