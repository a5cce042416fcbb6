"""Waiting for a cluster ends with its time limit, or when it is cancelled."""

import socket
import threading

import pytest

from core.errors import LayerwiseError
from core.sweep import workers
from core.sweep.sweep import Backend
from core.sweep.workers import GivenUp, Workers, cluster, waited_for


class Client:
    """What has been reached at last."""

    def __init__(self):
        self.closed = threading.Event()

    def close(self):
        self.closed.set()


@pytest.fixture
def slow():
    """Connects when told to."""
    client, may = Client(), threading.Event()

    def connect():
        may.wait()
        return client, Backend(Workers(0), 1)

    yield connect, client, may
    may.set()
    for thread in threading.enumerate():
        if thread.name == "connect":
            thread.join()


def test_a_connection_is_returned_and_an_error_raised(slow):
    connect, client, may = slow
    may.set()
    assert waited_for(connect, lambda: True)[0] is client
    assert not client.closed.is_set()

    def fail():
        raise LayerwiseError("No.")

    with pytest.raises(LayerwiseError, match=r"No\."):
        waited_for(fail, lambda: True)


def test_giving_up_returns_at_once_and_a_late_connection_is_closed(slow):
    connect, client, may = slow
    left = iter([True, True])
    with pytest.raises(GivenUp):
        waited_for(connect, lambda: next(left, False))
    assert not client.closed.is_set()
    may.set()
    assert client.closed.wait(30)


def test_waiting_ends_with_a_timeout(slow, monkeypatch):
    monkeypatch.setattr(workers, "PATIENCE", 0.05)
    connect, client, may = slow
    with pytest.raises(TimeoutError, match="does not answer"):
        waited_for(connect, lambda: True)
    may.set()
    assert client.closed.wait(30)


def test_who_hangs_up_and_who_says_nothing_are_no_schedulers(monkeypatch):
    monkeypatch.setattr(workers, "PATIENCE", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        with (
            pytest.raises(LayerwiseError, match=r"cannot be reached \(timed out\)"),
            cluster(address),
        ):
            pass

        def hang_up():
            for _ in range(2):  # the first is the one before
                server.accept()[0].close()

        host = threading.Thread(target=hang_up)
        host.start()
        with (
            pytest.raises(LayerwiseError, match=r"cannot be reached \(.*(hangs up|reset)"),
            cluster(address),
        ):
            pass
        host.join()
