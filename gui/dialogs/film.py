"""The film dialog: which picture to film, and how long."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtWidgets import (
    QDialog,
    QFormLayout,
    QWidget,
)

from gui.style import text
from gui.style.theme import BODY
from gui.widgets import labels
from gui.widgets.boxes import ChoiceBox, CountBox
from gui.widgets.buttons import button
from gui.widgets.rows import in_column, in_row

SCENES = ("boundary", "cost", "network")
MOST_FRAMES, MOST_SECONDS = 600, 120
LEAST, MOST = 160, 1920  # px of a side


@dataclass(frozen=True, slots=True)
class FilmSettings:
    """What to film (one of SCENES), at most how many frames, for how long, and how large."""

    scene: str
    frames: int
    seconds: int
    width: int  # pixels
    height: int
    even: bool  # over the run; otherwise denser at its start


def scene_words(kind: str) -> dict[str, str]:
    """The names of the scenes, for this kind of labels."""
    plane = text.plane_title(kind)
    return {"boundary": plane, "cost": f"{plane} and cost", "network": "Network"}


class FilmDialog(QDialog):
    """Asks for the settings and emits `accepted`. `kind` is the kind of the labels."""

    def __init__(self, parent: QWidget, kind: str) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Export a film of the run"))
        self.scene = ChoiceBox()
        for key, words in scene_words(kind).items():
            self.scene.addItem(words, key)
        self.frames = _box(2, MOST_FRAMES, 60, "")
        self.seconds = _box(1, MOST_SECONDS, 6, " s")
        self.width_box = _box(LEAST, MOST, 640, " px")
        self.height_box = _box(LEAST, MOST, 640, " px")
        self.spread = ChoiceBox()
        self.spread.addItem(self.tr("More frames from the beginning, where most changes"), False)
        self.spread.addItem(self.tr("Evenly over the run"), True)
        self._lay_out()

    @property
    def settings(self) -> FilmSettings:
        """The chosen settings."""
        return FilmSettings(
            self.scene.currentData(),
            self.frames.value(),
            self.seconds.value(),
            self.width_box.value(),
            self.height_box.value(),
            self.spread.currentData(),
        )

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setSpacing(10)
        for words, field in (
            (self.tr("Show"), self.scene),
            (self.tr("Maximum number of frames"), self.frames),
            (self.tr("Length"), self.seconds),
            (self.tr("Width"), self.width_box),
            (self.tr("Height"), self.height_box),
            (self.tr("Iterations"), self.spread),
        ):
            label = labels.label(words, BODY, tone="muted")
            label.setBuddy(field)
            field.setAccessibleName(words)
            form.addRow(label, field)
        about = labels.label(
            self.tr(
                "Every frame shows the run as it was, with its iteration and cost. A .gif, "
                ".webp or .apng file is one animated picture; .png writes one file per "
                "frame."
            ),
            BODY,
            tone="muted",
            wrap=True,
        )
        cancel, export = button(self.tr("Cancel")), button(self.tr("Export…"), "primary")
        cancel.clicked.connect(self.reject)
        export.clicked.connect(self.accept)
        export.setDefault(True)
        end = in_row(None, cancel, export)
        in_column(form, about, None, end, on=self, margins=(20, 18, 20, 16), spacing=14)
        self.resize(440, 370)


def _box(low: int, high: int, value: int, suffix: str) -> CountBox:
    box = CountBox()
    box.setRange(low, high)
    box.setValue(value)
    box.setSuffix(suffix)
    return box
