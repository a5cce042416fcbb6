"""Films a run: visits its iterations, takes a picture of each, and writes the film."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import numpy as np
from PySide6.QtCore import QObject, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QProgressDialog, QWidget

from core.errors import LayerwiseError
from core.files import film
from core.files.film import FilmFrame
from core.training.messages import Snapshot
from gui.dialogs.film import FilmDialog, FilmSettings, scene_words
from gui.dialogs.job import Job, progress_dialog
from gui.files.open_save import Files, ask_save
from gui.model.training import Training
from gui.style import text

KINDS = (
    "Animated GIF (*.gif);;Animated WebP (*.webp);;Animated PNG (*.apng);;"
    "A picture for each frame (*.png)"
)
HUNDREDTHS = 100
Scene = Callable[[QSize, str], QImage | None]  # of this size, under these words; None: not visible


class Films(QObject):
    """The command that exports a film; `scenes` maps names to painters."""

    done = Signal(str)  # a sentence on the written file
    failed = Signal(object)  # the exception

    def __init__(
        self, training: Training, files: Files, window: QWidget, scenes: Mapping[str, Scene]
    ) -> None:
        super().__init__(window)
        self._training, self._files, self._window, self._scenes = training, files, window, scenes
        self.dialog: FilmDialog | None = None
        self.remaking: RestoreJob | None = None
        self.shooting: FilmJob | None = None
        self.job: Job | None = None

    def export(self) -> None:
        """Ask for the film settings, then film. Raises LayerwiseError if there is no run to show.

        For a reopened run, its earlier iterations are restored first.
        """
        seen = self._training.latest
        if seen is not None and seen.lacking:
            self._remake()
            return
        if seen is None or seen.earliest is None or seen.newest <= seen.earliest:
            raise LayerwiseError(
                "There is nothing to export yet: train first. (No history is recorded for "
                "very large networks.)"
            )
        self._ask()

    def _remake(self) -> None:
        self.remaking = RestoreJob(self._training, self._window)
        self.remaking.ended.connect(self._on_remade)
        self.remaking.start()

    @Slot(object)
    def _on_remade(self, whole: bool) -> None:
        self.remaking = None
        if whole:
            self._ask()

    def _ask(self) -> None:
        self._training.pause()
        seen = self._training.latest
        dialog = self.dialog = FilmDialog(self._window, "" if seen is None else seen.split.kind)
        dialog.accepted.connect(self._begin)
        dialog.open()

    def _begin(self) -> None:
        seen = self._training.latest
        assert self.dialog is not None
        assert seen is not None
        settings = self.dialog.settings
        name = f"{self._files.name}-{settings.scene}.gif"
        scene = self._scenes[settings.scene]
        size = QSize(settings.width, settings.height)
        if scene(size, "") is None:
            self.failed.emit(
                LayerwiseError(
                    f"{scene_words(seen.split.kind)[settings.scene]} is hidden: show it (View menu)"
                    ", then export the film."
                )
            )
            return
        path = ask_save(self._window, self.tr("Export a film"), KINDS, name)
        if path is None:
            return
        shown = film.moments(seen.earliest or 0, seen.newest, settings.frames, even=settings.even)
        self.shooting = FilmJob(self._training, scene, shown, size, self._window)
        self.shooting.ended.connect(partial(self._write, path, settings))
        self.shooting.start()

    def _write(self, path: Path, settings: FilmSettings, frames: list[FilmFrame]) -> None:
        self.shooting = None
        if not frames:
            return
        title = self.tr("Writing {}").format(path.name)
        self.job = Job(
            self._window,
            title,
            lambda progress: film.write(path, frames, settings.seconds, progress),
            self.tr("Film"),
        )
        self.job.made.connect(lambda files: self._tell(path, len(frames), files))
        self.job.failed.connect(self.failed)
        self.job.ended.connect(self._forget_job)
        self.job.start()

    def _forget_job(self) -> None:
        self.job = None

    def _tell(self, path: Path, frames: int, files: int) -> None:
        where = path.name if files == 1 else f"{path.stem}-….png"
        self.done.emit(
            self.tr("Wrote {frames} frames to {where}.").format(frames=frames, where=where)
        )

    def close(self) -> None:
        """Cancel the film in progress."""
        if self.remaking is not None:
            self.remaking.cancel()
        if self.shooting is not None:
            self.shooting.cancel()
        if self.job is not None:
            self.job.close()


class RestoreJob(QObject):
    """Restores the earlier iterations of a reopened run, with a progress dialog."""

    ended = Signal(object)  # whether they are complete

    def __init__(self, training: Training, window: QWidget) -> None:
        super().__init__(window)
        self._training, self._begun = training, False
        self._dialog = progress_dialog(window, self.tr("Restoring the earlier iterations"))
        self._dialog.setWindowTitle(self.tr("Film"))
        self._dialog.setMaximum(HUNDREDTHS)
        self._dialog.canceled.connect(self.cancel)

    def start(self) -> None:
        """Begin; `ended` follows."""
        self._training.arrived.connect(self._on_arrived)
        self._dialog.setValue(0)
        self._training.remake()

    def cancel(self) -> None:
        self._end(whole=False)
        self._training.remake(wanted=False)

    @Slot(object)
    def _on_arrived(self, seen: Snapshot) -> None:
        if seen.remade is not None:
            self._begun = True
            self._dialog.setValue(round(HUNDREDTHS * seen.remade))  # Cancel is heard inside of this
        elif not seen.lacking:
            self._end(whole=True)
        elif self._begun or seen.not_remade:
            self._end(whole=False)

    def _end(self, *, whole: bool) -> None:
        self._training.arrived.disconnect(self._on_arrived)
        self._dialog.canceled.disconnect(self.cancel)
        self._dialog.close()
        self._dialog.deleteLater()
        self.ended.emit(whole)
        self.deleteLater()


class FilmJob(QObject):
    """Takes a picture of a scene at each of the iterations, with progress."""

    ended = Signal(object)  # the frames; none if it was cancelled

    def __init__(
        self,
        training: Training,
        scene: Scene,
        iterations: tuple[int, ...],
        size: QSize,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._training, self._scene, self._size = training, scene, size
        self._left = list(iterations)
        self._frames: list[FilmFrame] = []
        self._over = False
        self._progress = QProgressDialog(
            self.tr("Filming the run"), self.tr("Cancel"), 0, len(iterations), window
        )
        self._progress.setWindowTitle(self.tr("Film"))
        self._progress.setWindowModality(Qt.WindowModality.WindowModal)
        self._progress.setAutoReset(False)
        self._progress.canceled.connect(self.cancel)

    def start(self) -> None:
        """Begin; `ended` follows."""
        self._training.arrived.connect(self._on_arrived)
        self._progress.setValue(0)
        self._training.visit(self._left[0])

    def cancel(self) -> None:
        self._frames.clear()
        self._end()

    def _on_arrived(self, snapshot: Snapshot) -> None:
        if self._left and snapshot.idle and snapshot.iteration == self._left[0]:
            self._left.pop(0)
            QTimer.singleShot(0, self, self._take)  # when every viewer has drawn it

    def _take(self) -> None:
        if self._over:  # cancelled since the run arrived here
            return
        seen = self._training.latest
        picture = None if seen is None else self._scene(self._size, said_of(seen))
        if picture is None:  # the panel was hidden meanwhile
            self.cancel()
            return
        self._frames.append(array_of(picture))
        self._progress.setValue(len(self._frames))  # who cancels is heard inside of this
        if self._left:
            self._training.visit(self._left[0])
        elif not self._over:
            self._end()

    def _end(self) -> None:
        self._over = True
        self._left.clear()
        self._training.arrived.disconnect(self._on_arrived)
        self._progress.canceled.disconnect(self.cancel)
        self._progress.close()
        self._progress.deleteLater()
        seen = self._training.latest
        if seen is not None:
            self._training.visit(seen.newest)
        self.ended.emit(self._frames)
        self.deleteLater()


def said_of(snapshot: Snapshot) -> str:
    """The iteration and the cost: `Iteration 1,200 Cost J 0.2393`."""
    cost = text.number(snapshot.train.cost, sign=False)
    return f"Iteration {text.count(snapshot.iteration)}    Cost J {cost}"


def array_of(image: QImage) -> FilmFrame:
    """The picture as an array (height, width, 3)."""
    image = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return rows[:, : 3 * image.width()].reshape(image.height(), image.width(), 3).copy()
