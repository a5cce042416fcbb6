"""The sweep window: form, results and progress."""

from __future__ import annotations

from pathlib import Path

from msgspec.structs import replace
from PySide6.QtCore import QStandardPaths, Qt, QTimer, Signal
from PySide6.QtWidgets import QDialog, QProgressBar, QWidget

from core.by_hand import RunPosition
from core.errors import LayerwiseError
from core.files import disk
from core.limits import clip
from core.sweep.plan import Plan, settings_of
from core.sweep.presets import PRESETS
from core.sweep.summary import report
from core.sweep.sweep import Outcome
from gui.errors import show_message
from gui.files.open_save import TABLES, ask_save, default_name
from gui.model.document import Document
from gui.model.training import PATIENCE, Training
from gui.style import text
from gui.sweep.form import Form
from gui.sweep.results import Results
from gui.sweep.runner import Order, Runner
from gui.sweep.shown import arranged, settings_written
from gui.widgets import labels
from gui.widgets.buttons import button
from gui.widgets.rows import in_row

DRAWN_EVERY_MS = 100  # at most, while results arrive
WAITING = "The first runs have started."
CONNECTING = "Waiting for the workers of the cluster. Press Cancel if it does not answer."


def kept_file() -> Path:
    """The file of results stored between starts of the application."""
    location = QStandardPaths.StandardLocation.AppDataLocation
    return Path(QStandardPaths.writableLocation(location)) / "sweeps.jsonl"


class SweepWindow(QDialog):
    """Stays open next to the main window; a running sweep continues when it is closed."""

    noted = Signal(str)  # a sentence about an opened run or a written file
    failed = Signal(object)  # the exception that ended a sweep

    def __init__(self, document: Document, training: Training, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setWindowTitle(self.tr("Sweep"))
        self._document, self._training = document, training
        self.runner = Runner(self)
        self.form, self.results = Form(document), Results()
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.words = labels.label("", 13, tone="muted")
        self.pause, self.cancel = button(self.tr("Pause"), icon="pause"), button(self.tr("Cancel"))
        self._redraw = QTimer(self, singleShot=True, interval=DRAWN_EVERY_MS)
        self._lay_out()
        self._connect()
        self._show_state()

    def _lay_out(self) -> None:
        self.pause.setToolTip(self.tr("Pause: finish the running jobs, start no new ones"))
        self.cancel.setToolTip(self.tr("Stop and keep the results so far"))
        for made in (self.pause, self.cancel):
            made.setAutoDefault(False)
        row = in_row(
            (self.bar, 1, Qt.AlignmentFlag.AlignVCenter),
            self.words,
            self.pause,
            self.cancel,
            spacing=10,
        )
        self.results.body.addLayout(row)
        in_row(self.form, (self.results, 1), on=self, margins=12, spacing=10)
        self.resize(1120, 660)

    def _connect(self) -> None:
        self.form.started.connect(self.start)
        self.form.preset_chosen.connect(
            lambda name: self.results.choose_metric(PRESETS[name].metric)
        )
        self.results.metric_chosen.connect(lambda _: self._draw())
        self.results.opened.connect(self.open_run)
        self.results.export_requested.connect(self._try_export)
        self.runner.came.connect(self._on_came)
        self.runner.changed.connect(self._show_state)
        self.runner.failed.connect(self._on_failed)
        self.runner.noted.connect(self.noted)
        self.pause.clicked.connect(lambda: self.runner.pause(not self.runner.paused))
        self.cancel.clicked.connect(self.runner.cancel)
        self._redraw.timeout.connect(self._draw)

    # --- a sweep ---------------------------------------------------------------------------------

    def start(self) -> None:
        """Start the form's plan."""
        try:
            plan = self.form.plan()
        except LayerwiseError as error:
            show_message(self, str(error), "error")
            return
        metric = self.results.chosen
        if metric.startswith("test") and not _has_tests(plan):
            self.results.choose_metric(metric.replace("test", "train"))
        where = self.form.cluster.text().strip()
        order = Order(plan, self._training.own, self.form.workers.value, where, kept_file())
        self.results.view.setFocus()  # the form is about to be disabled
        self.runner.start(order)
        self._draw()

    def _on_came(self) -> None:
        self._show_progress()
        if not self._redraw.isActive():
            self._redraw.start()

    def _on_failed(self, error: Exception) -> None:
        if isinstance(error, LayerwiseError):
            show_message(self, str(error), "error")
        else:
            self.failed.emit(error)

    def _draw(self) -> None:
        order = self.runner.order
        if order is None:
            self.results.show_results(None)
            return
        plan, outcomes = order.plan, self.runner.outcomes
        shown = arranged(plan.axes, self.results.chosen, outcomes, plan.seeds)
        self.results.show_results(shown if outcomes else None, self._waits_for())

    def _waits_for(self) -> str:
        return CONNECTING if self.runner.connecting else WAITING

    def _show_state(self) -> None:
        runner = self.runner
        self.form.set_busy(runner.running)
        self.pause.setText(self.tr("Go on") if runner.paused else self.tr("Pause"))
        self.pause.setVisible(runner.running)
        ready = runner.total > 0 and not runner.connecting
        self.pause.setEnabled(ready and not runner.cancelled)
        self.cancel.setVisible(runner.running)
        self.cancel.setEnabled(not runner.cancelled)
        self.bar.setVisible(runner.order is not None)
        self._show_progress()
        if runner.running and not runner.outcomes:
            self._draw()
        if not runner.running and runner.order is not None:
            self._draw()
            if not self.isVisible() and runner.total and not runner.cancelled:
                said = self.tr("The sweep is done: {}. Train ▸ Sweep… shows it.")
                self.noted.emit(said.format(_progress_words(runner)))

    def _show_progress(self) -> None:
        runner = self.runner
        self.bar.setMaximum(max(runner.total, 1))
        self.bar.setValue(len(runner.outcomes))
        self.words.setText(_progress_words(runner))

    # --- its results -----------------------------------------------------------------------------

    def open_run(self, outcome: Outcome) -> None:
        """Open the run's project in the main window, at its start, as one undoable step."""
        order = self.runner.order
        assert order is not None
        run, training = outcome.run, self._training
        training.bring(order.own)
        part = run.project
        project = replace(
            self._document.project, data=part.data, network=part.network, training=part.training
        )
        training.pause()
        stand = training.stand(PATIENCE)
        before = training.back_to(stand)
        what = settings_written(order.plan.axes, run.settings)
        try:
            named = settings_of(order.plan.axes, run.settings)
            self._document.set_by_hand(
                self.tr("Open run {named}").format(named=named),
                before,
                RunPosition(None),
                project=project,
            )
        except LayerwiseError as error:
            show_message(self, str(error), "error")
            return
        seed = self.tr(", seed {}").format(part.network.seed) if order.plan.seeds > 1 else ""
        sentence = self.tr("Opened the run with {}. Press Play to train it; Ctrl+Z goes back.")
        self.noted.emit(sentence.format(what + seed))

    def _try_export(self) -> None:
        try:
            self.export()
        except LayerwiseError as error:
            show_message(self, str(error), "error")

    def export(self) -> bool:
        """Write the report; False if the user thinks better of it. Raises LayerwiseError."""
        order = self.runner.order
        assert order is not None
        name = f"{default_name(order.plan.project)}-sweep.csv"
        path = ask_save(self, self.tr("Export the sweep"), TABLES, name)
        if path is None:
            return False
        disk.replace(path, report(order.plan.axes, self.runner.outcomes).encode())
        show_message(self, self.tr("Wrote {}.").format(path.name))
        return True

    def close_for_good(self) -> None:
        """Stop a running sweep and wait for its end."""
        self._redraw.stop()
        self.runner.close()
        self.hide()


def _has_tests(plan: Plan) -> bool:
    data = plan.project.data
    brought = data.own is not None and data.own.test_examples > 0
    varied = any(axis.key in ("test_share", "data.test_share") for axis in plan.axes)
    return data.test_share > 0 or brought or varied


def _progress_words(runner: Runner) -> str:
    if runner.order is None:
        return ""
    if runner.connecting:
        where = clip(runner.order.cluster, 60)
        return "Ending …" if runner.cancelled else f"Connecting to {where} …"
    if not runner.total:
        return "Ended." if not runner.running else "Preparing …"
    done = f"{text.count(len(runner.outcomes))} of {text.counted(runner.total, 'run')}"
    failed = sum(outcome.result is None for outcome in runner.outcomes)
    parts = [done, *([f"{failed} without a result"] if failed else [])]
    if runner.running and runner.cancelled:
        parts.append("ending …")
    elif runner.paused:
        parts.append("paused")
    elif (left := runner.seconds_left) is not None:
        parts.append(f"about {text.seconds(max(left, 1.0))} left")
    return " · ".join(parts)
