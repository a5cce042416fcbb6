"""A running sweep: each run once, a crash costs one run, pause, stop, and known results."""

import os
import threading
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool

import pytest

from core.errors import LayerwiseError
from core.project import encode
from core.sweep import sweep as module
from core.sweep.plan import Plan, axis, runs_of
from core.sweep.run import train
from core.sweep.sweep import DEAD, Backend, Outcome, Sweep
from core.sweep.workers import NICENESS, Workers, check_count, processes
from tests.core.sweep.executors import AtOnce, Mortals
from tests.core.training.projects import project

BASE = project((4, "tanh"), (1, "sigmoid"), iterations=50)
RUNS = runs_of(Plan(BASE, (axis("units=1,2,3,4"),)))


def units(outcomes):
    return sorted(outcome.run.settings[0] for outcome in outcomes)


def test_every_run_comes_out_as_if_it_were_alone():
    outcomes = list(Sweep(RUNS).outcomes(Backend(AtOnce(), 2)))
    assert units(outcomes) == [1, 2, 3, 4]
    for outcome in outcomes:
        alone = train(encode(outcome.run.project))
        assert outcome.result is not None
        assert outcome.result.train_cost == alone.train_cost
        assert outcome.result.costs == alone.costs


def test_runs_that_are_the_same_are_made_once():
    same = runs_of(Plan(BASE, (axis("layers=0,1"), axis("units=2,3,4"))))
    executor = AtOnce()
    assert len(list(Sweep(same).outcomes(Backend(executor, 2)))) == 6
    assert executor.calls == 4


def test_known_runs_are_not_trained_again():
    known = {RUNS[1].digest: train(encode(RUNS[1].project))}
    executor = AtOnce()
    outcomes = list(Sweep(RUNS, known=known).outcomes(Backend(executor, 2)))
    assert executor.calls == 3
    assert outcomes[0].run is RUNS[1]
    assert outcomes[0].result is known[RUNS[1].digest]


def test_a_project_that_cannot_be_trained_is_tried_once_and_says_why():
    def refuse(*_):
        raise LayerwiseError("This cannot be trained.")

    executor = AtOnce(refuse)
    outcomes = list(Sweep(RUNS).outcomes(Backend(executor, 2)))
    assert executor.calls == 4
    assert {(outcome.result, outcome.fault) for outcome in outcomes} == {
        (None, "This cannot be trained.")
    }


class KilledWorker(Exception):  # noqa: N818 - as Dask calls its own
    pass


@pytest.mark.parametrize(
    ("error", "fault"),
    [
        (BrokenProcessPool("terminated abruptly"), DEAD),
        (KilledWorker("attempted on 4 workers"), DEAD),
        (CancelledError(), DEAD),
        (OSError("no route\nto host."), "It failed 2 times: OSError: no route to host."),
        (ZeroDivisionError(), "It failed 2 times: ZeroDivisionError."),
    ],
)
def test_another_failure_is_retried_and_then_reported(error, fault):
    def fail(*_):
        raise error

    executor = AtOnce(fail)
    outcomes = list(Sweep(RUNS).outcomes(Backend(executor, 2)))
    assert executor.calls == 8
    assert {outcome.fault for outcome in outcomes} == {fault}


def test_one_failure_is_no_failure():
    seen = set()

    def fail_once(project, own):
        if project not in seen:
            seen.add(project)
            raise OSError
        return train(project, own)

    outcomes = list(Sweep(RUNS).outcomes(Backend(AtOnce(fail_once), 3)))
    assert units(outcomes) == [1, 2, 3, 4]
    assert all(outcome.result for outcome in outcomes)


def test_an_executor_that_takes_no_more_ends_the_sweep():
    class Gone(AtOnce):
        def submit(self, fn, /, *args, **kwargs):
            raise RuntimeError("cannot schedule new futures after shutdown")

    with pytest.raises(LayerwiseError, match="workers are gone: RuntimeError: cannot schedule"):
        list(Sweep(RUNS).outcomes(Backend(Gone(), 1)))


def test_workers_that_vanish_without_a_word_end_the_sweep(monkeypatch):
    class Silent(AtOnce):
        def submit(self, fn, /, *args, **kwargs):
            return Future()

    monkeypatch.setattr(module, "HEARTBEAT", 0.01)
    there = iter([True, True, False])
    with pytest.raises(LayerwiseError, match="workers are gone: the cluster has closed"):
        list(Sweep(RUNS).outcomes(Backend(Silent(), 2, lambda: next(there))))


class ByHand(AtOnce):
    """Does nothing until it is told to, and says what it was handed."""

    def __init__(self):
        super().__init__()
        self.futures = []
        self.handed = threading.Semaphore(0)

    def submit(self, fn, /, *args, **_):
        self.futures.append((Future(), args))
        self.handed.release()
        return self.futures[-1][0]

    def finish(self, i):
        future, args = self.futures[i]
        future.set_result(train(*args))


def test_pause_begins_no_further_run_and_end_waits_for_none():
    executor, sweep = ByHand(), Sweep(RUNS)
    outcomes: list[Outcome] = []
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(lambda: outcomes.extend(sweep.outcomes(Backend(executor, 2))))
        for _ in range(2):
            assert executor.handed.acquire(timeout=5)
        sweep.pause()
        executor.finish(0)
        executor.finish(1)
        assert not executor.handed.acquire(timeout=0.1)
        sweep.pause(False)
        for _ in range(2):
            assert executor.handed.acquire(timeout=5)
        executor.finish(2)
        sweep.end()
        done.result(5)
    assert 2 <= len(outcomes) <= 3
    assert len(executor.futures) == 4


def test_processes_make_every_run():
    with processes(2) as place:
        outcomes = list(Sweep(RUNS).outcomes(place))
    assert units(outcomes) == [1, 2, 3, 4]
    made = {outcome.run: outcome.result for outcome in outcomes}
    for run in RUNS:
        result = made[run]
        assert result is not None
        assert result.train_cost == train(encode(run.project)).train_cost


def test_a_worker_that_dies_costs_only_its_run(tmp_path):
    (tmp_path / "2").write_text("1")
    (tmp_path / "3").write_text("9")
    workers = Mortals(2, tmp_path)
    try:
        outcomes = list(Sweep(RUNS).outcomes(Backend(workers, 2)))
    finally:
        workers.kill()
    assert {o.run.settings[0]: o.fault for o in outcomes} == {1: "", 2: "", 3: DEAD, 4: ""}
    tried = (tmp_path / "log").read_text().split()
    assert sorted(tried) == ["1", "2", "2", "3", "3", "4"]


def test_workers_take_more_than_they_are(tmp_path):
    workers = Workers(2)
    try:
        futures = [workers.submit(pow, 2, i) for i in range(7)]
        assert [future.result(20) for future in futures] == [1, 2, 4, 8, 16, 32, 64]
    finally:
        workers.kill()


@pytest.mark.skipif(not hasattr(os, "getpriority"), reason="a system without niceness")
def test_workers_step_back_and_take_one_thread_each():
    workers = Workers(1)
    try:
        there = workers.submit(os.getpriority, os.PRIO_PROCESS, 0).result(20)
        threads = workers.submit(os.getenv, "OPENBLAS_NUM_THREADS").result(20)
    finally:
        workers.kill()
    assert there == min(os.getpriority(os.PRIO_PROCESS, 0) + NICENESS, 19)
    assert threads == os.environ["OPENBLAS_NUM_THREADS"] == "1"


@pytest.mark.parametrize("count", [0, -1, 257])
def test_a_number_of_workers_out_of_reach_is_refused(count):
    with pytest.raises(LayerwiseError, match="use 1 to 256"):
        check_count(count)


class Lost(AtOnce):
    """As the executor of a cluster whose scheduler is gone: it cancels what it was given."""

    def submit(self, fn, /, *args, **kwargs):
        future = Future[object]()
        future.cancel()
        future.set_running_or_notify_cancel()
        return future


def test_a_scheduler_that_is_gone_is_not_called_a_lack_of_memory():
    with pytest.raises(LayerwiseError, match="The workers are gone: the cluster has closed"):
        list(Sweep(RUNS).outcomes(Backend(Lost(), 1, alive=lambda: True)))
