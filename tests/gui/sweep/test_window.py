"""The window of sweeps with real workers: progress, pause, cancel, what is kept, what is opened."""

import csv
import socket
import threading

import pytest

from core import edits
from core.errors import LayerwiseError
from core.project import Project, encode
from core.sweep import workers
from core.sweep.run import train
from gui.model.document import Document
from gui.model.training import Training
from gui.plots.around import PlotOrSentence
from gui.sweep import runner
from gui.sweep import window as module
from gui.sweep.window import SweepWindow
from gui.widgets.banner import Banner
from tests.gui.hands import Window, collected, look  # noqa: F401  (a fixture)
from tests.patience import PATIENCE_MS, at_once


@pytest.fixture
def parent(qtbot):
    made = Window()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def document(qapp):
    return Document(edits.with_training(Project(), iterations=100))


@pytest.fixture
def training(document):
    training = Training(document)
    yield training
    training.close()


@pytest.fixture
def sweep(parent, document, training):
    made = SweepWindow(document, training, parent)
    made.form.first.values.setText("0.1, 1")
    made.form.seeds.set_value(2)
    made.form.workers.set_value(1)
    made.show()
    yield made
    made.close_for_good()


def made_of(sweep, qtbot):
    sweep.form.start.click()
    qtbot.waitUntil(lambda: not sweep.runner.running)
    return sweep.runner.outcomes


def test_every_run_is_that_of_train(sweep, qtbot):
    outcomes = made_of(sweep, qtbot)
    assert len(outcomes) == 4
    for outcome in outcomes:
        assert outcome.result.train_cost == train(encode(outcome.run.project)).train_cost
    assert sweep.words.text() == "4 of 4 runs"
    assert sweep.bar.value() == sweep.bar.maximum() == 4
    assert sweep.results.view.curve.isVisible()
    assert not sweep.pause.isVisible()


def test_a_finished_run_is_not_trained_again(sweep, qtbot, monkeypatch):
    made_of(sweep, qtbot)
    assert module.kept_file().exists()

    def never(count):
        raise LayerwiseError("Workers were asked for.")

    with monkeypatch.context() as patch:
        patch.setattr(runner, "processes", never)
        made_of(sweep, qtbot)
    assert said(sweep) == "Workers were asked for."
    sweep.form.first.values.setText("0.1, 1, 1.5")
    planned = []
    sweep.runner.changed.connect(lambda: planned.append(sweep.runner.known))
    assert len(made_of(sweep, qtbot)) == 6
    assert max(planned) == 4


def said(sweep):
    banner = sweep.findChild(Banner)
    return "" if banner is None else banner.sentence


def test_pause_continue_and_cancel(sweep, qtbot):
    sweep.form.first.values.setText(", ".join(str(i / 10) for i in range(1, 60)))
    sweep.form.start.click()
    assert not sweep.form.start.isEnabled()
    qtbot.waitUntil(lambda: len(sweep.runner.outcomes) >= 2)
    sweep.pause.click()
    assert sweep.pause.text() == "Go on"
    assert "paused" in sweep.words.text()
    # Every worker may end the run it is at, and one that it got before it was told.
    most = len(sweep.runner.outcomes) + 2 * sweep.runner.order.workers
    qtbot.wait(600)
    paused = len(sweep.runner.outcomes)
    assert paused <= most < 118
    sweep.pause.click()
    qtbot.waitUntil(lambda: len(sweep.runner.outcomes) > paused)
    sweep.cancel.click()
    qtbot.waitUntil(lambda: not sweep.runner.running)
    assert 0 < len(sweep.runner.outcomes) < 118
    assert sweep.form.start.isEnabled()
    assert sweep.results.export.isEnabled()


def test_it_can_be_closed_at_any_moment(sweep, qtbot):
    for wait in (0, 20, 600):
        sweep.form.start.click()
        qtbot.wait(wait)
        sweep.close_for_good()
        assert not sweep.runner.running or sweep.runner.cancelled
        qtbot.waitUntil(lambda: not sweep.runner.running)


def test_closing_hides_it_and_the_sweep_continues(sweep, qtbot):
    noted = collected(sweep.noted)
    sweep.form.start.click()
    sweep.reject()
    assert not sweep.isVisible()
    qtbot.waitUntil(lambda: not sweep.runner.running)
    assert noted == ["The sweep is done: 4 of 4 runs. Train ▸ Sweep… shows it."]


def test_an_impossible_sweep_says_why(sweep, qtbot, document):
    document.edit("Remove", edits.remove_layer(document.project, 1))
    sweep.form.first.key.set_value("units")
    sweep.form.first.values.setText("1, 2")
    made_of(sweep, qtbot)
    assert said(sweep) == "units changes nothing here: vary something else."
    sweep.form.cluster.setText("nowhere")
    sweep.form.first.key.set_value("learning_rate")
    made_of(sweep, qtbot)
    assert said(sweep).startswith("nowhere cannot be reached")


@pytest.fixture
def silent(monkeypatch):
    """The address of a listener that never answers."""
    monkeypatch.setattr(workers, "PATIENCE", 1)
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}"
    for thread in threading.enumerate():
        if thread.name == "connect":
            thread.join(PATIENCE_MS / 1000)


def test_waiting_for_a_cluster_can_be_cancelled(sweep, qtbot, silent):
    sweep.form.cluster.setText(silent)
    sweep.form.start.click()
    qtbot.waitUntil(lambda: sweep.runner.total == 4)
    assert sweep.words.text() == f"Connecting to {silent} …"
    assert sweep.results.findChild(PlotOrSentence).sentence == module.CONNECTING
    assert sweep.cancel.isEnabled()
    assert not sweep.pause.isEnabled()
    with at_once():
        sweep.cancel.click()
        assert sweep.words.text() == "Ending …"
        qtbot.waitUntil(lambda: not sweep.runner.running)
    assert said(sweep) == ""
    assert sweep.form.start.isEnabled()


def test_a_window_that_connects_is_closed_at_once(sweep, qtbot, silent):
    sweep.form.cluster.setText(silent)
    sweep.form.start.click()
    qtbot.waitUntil(lambda: sweep.runner.connecting and sweep.runner.total > 0)
    with at_once():
        sweep.close_for_good()
    qtbot.waitUntil(lambda: not sweep.runner.running)


def test_who_does_not_answer_at_all_is_named(sweep, qtbot, silent):
    sweep.form.cluster.setText(silent)
    made_of(sweep, qtbot)
    assert said(sweep).startswith(f"{silent} cannot be reached (")


def test_a_run_is_opened_as_one_step_that_can_be_undone(sweep, qtbot, document, training):
    qtbot.waitUntil(lambda: training.latest is not None)
    training.step(7)
    qtbot.waitUntil(lambda: training.latest.iteration == 7 and training.latest.idle)
    before, weights = document.project, training.latest.flat
    made_of(sweep, qtbot)
    noted = collected(sweep.noted)
    run = sweep.runner.outcomes[3].run
    sweep.open_run(sweep.runner.outcomes[3])
    assert document.project == run.project
    assert document.undo_stack.undoText() == "Open run learning_rate 1"
    assert noted == [
        "Opened the run with learning rate α 1, seed 4. Press Play to train it; Ctrl+Z goes back."
    ]
    training.play()
    qtbot.waitUntil(
        lambda: training.latest.iteration == 100 and training.latest.project == run.project,
    )
    qtbot.waitUntil(lambda: training.latest.idle)
    assert training.latest.train.cost == sweep.runner.outcomes[3].result.train_cost
    document.undo_stack.undo()
    assert document.project == before
    qtbot.waitUntil(lambda: training.latest.project == before and training.latest.iteration == 7)
    assert (training.latest.flat == weights).all()


def test_the_report_is_exported(sweep, qtbot, monkeypatch, tmp_path):
    made_of(sweep, qtbot)
    path = tmp_path / "r.csv"
    monkeypatch.setattr(module, "ask_save", lambda *_: path)
    sweep.results.export.click()
    rows = list(csv.DictReader(path.read_text().splitlines()))
    assert [(row["learning_rate"], row["runs"]) for row in rows] == [("0.1", "2"), ("1", "2")]
    assert said(sweep) == "Wrote r.csv."
    monkeypatch.setattr(module, "ask_save", lambda *_: tmp_path)
    sweep.results.export.click()
    assert "it is a folder" in said(sweep)
