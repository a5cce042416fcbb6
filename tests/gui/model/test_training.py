"""The run behind the window: messages are obeyed, snapshots are shown, nothing piles up."""

import math
import time

import numpy as np
import pytest
from PySide6.QtCore import Qt, QThread, QTimer

from core import edits
from core.by_hand import Place, number
from core.errors import LayerwiseError
from core.look.activations import Activations
from core.look.boundary import Boundary
from core.look.state import Gradient, State
from core.look.units import Thumbnails, UnitMap
from core.project import Project
from core.training.messages import Snapshot
from core.training.session import Session
from gui.model.thread import TrainingThread
from gui.model.training import Training
from gui.model.viewers import Viewers
from tests.looking import answer_in
from tests.patience import at_once, never_stop


class Recording(Training):
    """A run that keeps every snapshot it showed."""

    def __init__(self, document):
        self.got: list[Snapshot] = []
        super().__init__(document)
        self.arrived.connect(self.got.append)


@pytest.fixture
def training(document, qtbot):
    training = Recording(document)
    qtbot.waitUntil(lambda: training.latest is not None)
    yield training
    training.close()


def at_rest(training):
    return training.latest.idle and not training.busy


def weights_after(project, iterations):
    session = Session(project)
    for _ in range(iterations):
        session.step()
    return session.p.flat


def test_a_fresh_run_shows_its_start_and_then_costs_nothing(training, qtbot):
    qtbot.waitUntil(lambda: at_rest(training))
    assert training.latest.iteration == 0
    shown = len(training.got)
    qtbot.wait(80)
    assert len(training.got) == shown


def test_a_late_call_leaves_nothing_running(training, qtbot):
    """Of two answers put while the window is busy, the first call takes the newer one."""
    qtbot.waitUntil(lambda: at_rest(training))
    qtbot.wait(50)
    training.findChild(TrainingThread).put.emit()
    qtbot.wait(100)
    assert at_rest(training)


def test_step_is_one_iteration_and_its_state_is_shown(training, qtbot):
    training.step()
    qtbot.waitUntil(lambda: at_rest(training) and training.latest.iteration == 1)
    assert np.array_equal(training.latest.flat, weights_after(Project(), 1))


def test_pausing_and_playing_on_gives_the_run_of_no_pause(training, qtbot):
    for _ in range(3):
        training.play()
        qtbot.wait(20)
        training.pause()
        qtbot.waitUntil(lambda: at_rest(training))
    final = training.latest
    assert final.iteration > 0
    assert np.array_equal(final.flat, weights_after(Project(), final.iteration))


def test_play_stops_at_the_set_number_and_continues_for_as_many(training, document, qtbot):
    document.edit("Stop", edits.with_training(document.project, iterations=50))
    for expected in (50, 100):
        training.play()
        qtbot.waitUntil(lambda: at_rest(training))
        assert training.latest.iteration == expected
        assert not training.playing


def test_the_last_of_many_play_and_pause_clicks_counts(training, qtbot):
    for _ in range(100):
        training.play()
        training.pause()
    qtbot.waitUntil(lambda: at_rest(training))
    assert not training.playing
    assert np.array_equal(training.latest.flat, weights_after(Project(), training.latest.iteration))


def test_a_slow_viewer_gets_fewer_frames_never_a_backlog(training, qtbot):
    training.arrived.connect(lambda _: time.sleep(0.05))
    started = len(training.got)
    training.play()
    qtbot.wait(400)
    assert len(training.got) - started <= 12
    training.pause()
    qtbot.waitUntil(lambda: at_rest(training))


@pytest.mark.parametrize("units", [2, 400])
def test_training_holds_while_a_frame_is_drawn(training, document, qtbot, monkeypatch, units):
    made, went_on, advance = [], [], Session.advance

    def counted(session):
        made.append(session.iteration)
        return advance(session)

    def draw(snapshot):
        if snapshot.sizes[1] == units and not snapshot.idle:
            time.sleep(0.05)  # until the run has seen that it holds
            before, end = len(made), time.monotonic() + 0.05
            while len(made) == before and time.monotonic() < end:
                time.sleep(0.001)
            went_on.append(len(made) > before)

    monkeypatch.setattr(Session, "advance", counted)
    training.arrived.connect(draw)
    document.edit("Stop", edits.with_training(document.project, iterations=0))
    document.edit("Units", edits.set_units(document.project, 1, units))
    training.play()
    qtbot.waitUntil(lambda: False in went_on)  # on a busy machine not in each frame
    training.pause()
    qtbot.waitUntil(lambda: at_rest(training))


def test_snapshots_cannot_be_written_and_keep_their_values(training, qtbot):
    training.step(3000)
    qtbot.waitUntil(lambda: at_rest(training) and training.latest.iteration == 3000)
    first, last = training.got[0], training.latest
    for array in (last.flat, last.gradient().flat, last.costs):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1.0
    assert len(first.costs) == first.iteration
    assert np.array_equal(first.costs, last.costs[: first.iteration])


def test_a_new_rate_continues_the_run_and_a_new_layer_starts_one(training, document, qtbot):
    training.step(100)
    qtbot.waitUntil(lambda: at_rest(training) and training.latest.iteration == 100)
    document.edit("Rate", edits.with_training(document.project, learning_rate=0.5))
    qtbot.waitUntil(lambda: at_rest(training))
    assert training.latest.iteration == 100
    kept = training.latest.parameters().W[1][:3]
    document.edit("Five", edits.set_units(document.project, 1, 5))
    qtbot.waitUntil(lambda: at_rest(training) and training.latest.sizes == (2, 5, 1))
    assert training.latest.iteration == 0
    assert np.array_equal(training.latest.parameters().W[1][:3], kept)
    training.reset()
    qtbot.waitUntil(lambda: at_rest(training))
    assert np.array_equal(training.latest.flat, Session(document.project).p.flat)


def test_editing_while_it_plays_keeps_it_playing(training, document, qtbot):
    never_stop(document)
    training.play()
    for units in (5, 6, 7):
        document.edit("Units", edits.set_units(document.project, 1, units))
    qtbot.waitUntil(lambda: training.latest.sizes == (2, 7, 1) and training.latest.iteration > 0)
    assert training.playing
    training.pause()
    qtbot.waitUntil(lambda: at_rest(training))


def test_divergence_stops_the_run_and_keeps_the_last_finite_parameters(training, document, qtbot):
    document.edit("Absurd", edits.with_training(document.project, learning_rate=1e308))
    training.play()
    qtbot.waitUntil(lambda: training.latest.halt is not None and at_rest(training))
    halt = training.latest.halt
    assert halt.diverged
    assert "layer" in halt.sentence
    assert np.isfinite(training.latest.flat).all()
    assert not training.playing


def test_a_network_that_cannot_be_trained_says_why(training, document, qtbot):
    document.edit("Perceptron", edits.set_activation(document.project, 1, "step"))
    training.play()
    qtbot.waitUntil(lambda: training.latest.halt is not None and at_rest(training))
    assert "slope is 0" in training.latest.halt.sentence
    assert training.latest.iteration == 0


def test_a_viewer_gets_what_it_asks_for(training, qtbot):
    class Viewer:
        turn = 1

        def asks(self):
            return Boundary(), UnitMap(1, 2), Thumbnails(((1, 0), (2, 0))), Activations(1)

        def receive(self, snapshot):
            self.received = snapshot

    viewer = Viewer()
    training.add_viewer(viewer)
    training.refresh()
    qtbot.waitUntil(lambda: bool(answer_in(training.latest, Boundary)))
    snapshot = training.latest
    field, unit, maps, A = map(snapshot.answer, viewer.asks())
    assert field.values.shape == (1, 200, 200)
    assert unit.levels.shape == (200, 200)
    assert set(maps.levels) == {(1, 0), (2, 0)}
    assert A.shape == (4, 400)
    assert viewer.received is snapshot


def test_during_training_a_viewer_receives_its_answers_and_at_rest_all_do(
    training, qtbot, monkeypatch
):
    # On a busy machine measurements would take more than their share, and be left out in flight.
    monkeypatch.setattr(Activations, "share", None)

    class Viewer:
        def __init__(self, turn, wish):
            self.turn, self.wish, self.asked, self.got = turn, wish, 0, []

        def asks(self):
            self.asked += 1
            return self.wish

        def receive(self, snapshot):
            self.got.append(snapshot)

    viewers = [Viewer(turn, (Activations(turn),)) for turn in range(3)]
    hidden = Viewer(0, None)
    for viewer in (*viewers, hidden):
        training.add_viewer(viewer)
    training.play()
    qtbot.waitUntil(lambda: all(len(viewer.got) > 5 for viewer in viewers))
    training.pause()
    qtbot.waitUntil(lambda: at_rest(training))
    for viewer in viewers:
        flying = [snapshot for snapshot in viewer.got if not snapshot.idle]
        assert viewer.got[-1].idle
        assert len(flying) <= viewer.asked
        assert all(answer_in(snapshot, Activations) is not None for snapshot in flying)
    assert [snapshot.idle for snapshot in hidden.got] == [True] * len(hidden.got) != []


def test_a_viewer_that_fails_keeps_no_other_from_drawing(training, qtbot):
    class Viewer:
        turn = 1

        def __init__(self, fails):
            self.fails, self.got = fails, []

        def asks(self):
            return () if not self.fails else 1 / 0

        def receive(self, snapshot):
            self.got.append(snapshot)
            assert not self.fails

    bad, good = Viewer(fails=True), Viewer(fails=False)
    training.add_viewer(bad)
    training.add_viewer(good)
    with qtbot.captureExceptions() as caught:
        training.step(3)
        qtbot.waitUntil(lambda: at_rest(training) and training.latest.iteration == 3)
    assert {kind for kind, *_ in caught} == {ZeroDivisionError, AssertionError}
    assert good.got[-1] is bad.got[-1] is training.latest


def test_asks_that_do_not_fit_the_document_are_dropped(training, document, qtbot):
    class Viewer:
        turn = 1
        layer = 2

        def asks(self):
            return (Activations(self.layer), Boundary())

        def receive(self, snapshot):
            self.got = snapshot

    training.add_viewer(viewer := Viewer())
    training.refresh()
    qtbot.waitUntil(lambda: training.latest.answer(Activations(2)) is not None)
    alone = Viewers()
    alone.add(viewer)
    assert alone.look((2, 1), full=True).asks == (Boundary(),)
    document.edit("", edits.remove_layer(document.project, 1))
    qtbot.waitUntil(lambda: at_rest(training) and training.latest.sizes == (2, 1))
    assert list(viewer.got.answers) == [Boundary(), Gradient()]


def test_an_error_in_the_thread_is_reported_and_reset_starts_again(training, qtbot, monkeypatch):
    said: list[object] = []
    training.failed.connect(said.append)
    with monkeypatch.context() as patch:
        patch.setattr(Session, "advance", lambda self: 1 / 0)
        training.play()
        qtbot.waitUntil(lambda: bool(said))
    assert isinstance(said[0], ZeroDivisionError)
    assert not training.playing
    training.step()  # there is no run to continue: from the start
    qtbot.waitUntil(lambda: training.latest.iteration == 1)


def test_a_refusal_in_the_thread_is_reported(training, qtbot, monkeypatch):
    def refuse(*_args, **_keywords):
        raise LayerwiseError("These data do not fit.")

    said: list[object] = []
    training.failed.connect(said.append)
    with monkeypatch.context() as patch:
        patch.setattr(Session, "__init__", refuse)
        training.reset()
        qtbot.waitUntil(lambda: bool(said))
    assert [str(error) for error in said] == ["These data do not fit."]
    training.reset()
    qtbot.waitUntil(lambda: at_rest(training))


def test_who_waits_for_the_state_never_gets_one_from_before_the_last_edit(
    training, document, qtbot
):
    class Saver:
        turn = 0

        def asks(self):
            return (State(),)

        def receive(self, snapshot):
            pass

    training.add_viewer(Saver())  # an autosave's request may be under way
    for size in range(2, 40):
        training.refresh()
        document.edit("Batch", edits.with_training(document.project, batch_size=size))
        stand = training.stand()
        assert stand.project == document.project
        training.refresh()
        before, after = (number(Place(1, 0), k / 10) for k in (size - 1, size))
        document.set_by_hand("Weight", before, after)
        stand = training.stand()
        assert stand.parameters().b[1][0, 0] == size / 10


def test_closing_while_it_plays_is_prompt(training, document, qtbot):
    document.edit("Wide", edits.set_units(document.project, 1, 64))
    training.play()
    qtbot.wait(30)
    with at_once():
        training.close()


def test_closed_for_good_no_edit_starts_a_thread_again(training, document, qtbot):
    training.play()
    training.close()
    document.edit("Wide", edits.set_units(document.project, 1, 64))
    training.reset()
    training.play()
    assert not any(thread.isRunning() for thread in training.findChildren(QThread))
    assert document.project.sizes() == (2, 64, 1)


def test_another_data_set_draws_new_weights_and_changed_data_keep_them(training, document, qtbot):
    training.step(50)
    qtbot.waitUntil(lambda: at_rest(training) and training.latest.iteration == 50)
    learnt = training.latest.flat
    document.edit("Noise", edits.with_data(document.project, noise=0.3))
    qtbot.waitUntil(lambda: at_rest(training) and training.latest.iteration == 0)
    assert np.array_equal(training.latest.flat, learnt)
    document.edit("Moons", edits.choose_source(document.project, "moons"))
    qtbot.waitUntil(lambda: at_rest(training) and training.latest.project == document.project)
    assert np.array_equal(training.latest.flat, Session(document.project).p.flat)


def test_a_slow_run_shows_every_iteration_and_rests_in_between(training, qtbot):
    training.play(4.0)  # a quarter of a second each: a busy machine too has time to show them all
    qtbot.waitUntil(lambda: training.latest.iteration >= 5)
    iterations = [snapshot.iteration for snapshot in training.got]
    assert set(range(1, 6)) <= set(iterations)
    assert len(iterations) < 20  # and nearly none of them twice
    assert training.playing
    training.pause()
    qtbot.waitUntil(lambda: at_rest(training))
    final = training.latest
    assert np.array_equal(final.flat, weights_after(Project(), final.iteration))
    qtbot.wait(100)
    assert training.latest.iteration == final.iteration


def test_an_edit_is_seen_at_once_however_slow_the_run(training, document, qtbot):
    training.play(0.25)  # four seconds an iteration
    qtbot.waitUntil(lambda: training.latest.iteration == 1)
    qtbot.waitUntil(lambda: not training.busy)
    document.edit("Rate", edits.with_training(document.project, learning_rate=0.5))
    with at_once():
        qtbot.waitUntil(lambda: training.latest.project == document.project)
    assert training.latest.iteration == 1
    assert training.playing
    training.pause()
    qtbot.waitUntil(lambda: at_rest(training))


def test_the_pace_changes_while_it_plays_and_the_end_stays_where_it_is(training, document, qtbot):
    document.edit("Stop", edits.with_training(document.project, iterations=400))
    training.set_pace(1.0)  # at rest: nothing to do
    training.play(1.0)
    qtbot.waitUntil(lambda: training.latest.iteration >= 1)
    training.set_pace(1000.0)
    qtbot.waitUntil(lambda: training.latest.iteration > 20)
    assert training.playing
    training.set_pace(math.inf)
    qtbot.waitUntil(lambda: not training.playing)
    qtbot.waitUntil(lambda: at_rest(training))
    assert training.latest.iteration == 400
    assert np.array_equal(training.latest.flat, weights_after(document.project, 400))


def test_a_slow_run_stays_slow_with_another_network(training, document, qtbot):
    training.play(10.0)
    qtbot.waitUntil(lambda: training.latest.iteration >= 2)
    since = time.monotonic()
    document.edit("Five", edits.set_units(document.project, 1, 5))
    qtbot.waitUntil(lambda: training.latest.sizes == (2, 5, 1) and training.latest.iteration >= 2)
    assert (
        training.latest.iteration <= 10 * (time.monotonic() - since) + 2
    )  # the first comes at once
    assert training.playing
    training.pause()
    qtbot.waitUntil(lambda: at_rest(training))


def test_a_viewer_that_asks_constantly_is_answered(training, qtbot):
    """A mouse that drags asks for something more often than frames are drawn."""
    shown = len(training.got)
    asking = QTimer(interval=4, timerType=Qt.TimerType.PreciseTimer)
    asking.timeout.connect(training.refresh)
    asking.start()
    qtbot.waitUntil(lambda: len(training.got) > shown + 5)
    asking.stop()
