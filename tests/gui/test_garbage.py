"""Cycles of references end in the window's thread, and only when it has nothing else to do."""

import gc
import threading

import pytest

from gui.garbage import Collector


class InCycle:
    """Refers to itself, and tells which thread ended it."""

    def __init__(self, ended):
        self.itself, self._ended = self, ended

    def __del__(self):
        self._ended.append(threading.get_ident())


def allocate():
    """More containers than any threshold, none of which is in a cycle."""
    for _ in range(20):
        _kept: list[list[int]] = [[] for _ in range(gc.get_threshold()[0])]


def in_another_thread(do):
    thread = threading.Thread(target=do)
    thread.start()
    thread.join()


@pytest.fixture
def collector(qapp):
    collector = Collector()
    yield collector
    collector.close()


def test_automatic_collection_may_run_in_another_thread():
    gc.enable()
    ended: list[int] = []
    InCycle(ended)
    in_another_thread(allocate)
    gc.collect()
    assert ended != [threading.get_ident()]


def test_only_the_gui_thread_collects_cycles(collector, qtbot):
    ended: list[int] = []
    InCycle(ended)
    in_another_thread(allocate)
    assert ended == []
    _kept: list[list[int]] = [[] for _ in range(2 * gc.get_threshold()[0])]
    qtbot.waitUntil(lambda: ended == [threading.get_ident()])


def test_few_objects_are_not_collected(collector, monkeypatch):
    collected: list[int] = []
    monkeypatch.setattr("gui.garbage.gc.collect", collected.append)
    for counts, generations in {(5, 99, 99): [], (10**6, 0, 0): [0], (10**6, 99, 0): [1]}.items():
        monkeypatch.setattr("gui.garbage.gc.get_count", lambda counts=counts: counts)
        collected.clear()
        collector.collect_what_is_due()
        assert collected == generations


@pytest.mark.parametrize("before", [True, False])
def test_afterwards_it_is_as_before(qapp, before):
    was = gc.isenabled()
    (gc.enable if before else gc.disable)()
    collector = Collector()
    assert not gc.isenabled()
    collector.close()
    assert gc.isenabled() == before
    (gc.enable if was else gc.disable)()
