"""The workers of a sweep: local processes or a Dask cluster, each as an Executor."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import threading  # noqa: TID251 - to wait for calls that cannot be cancelled (ADR 0006)
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from time import monotonic
from typing import Any, ParamSpec, TypeVar
from urllib.parse import urlsplit

from core.errors import LayerwiseError
from core.limits import clip
from core.sweep.sweep import Backend

PATIENCE = 15  # seconds for a cluster to answer
PULSE = 0.05  # seconds after which a cancelled wait is noticed
MAX_WORKERS = 256
NICENESS = 10  # niceness: workers leave the processor to others
P = ParamSpec("P")
T = TypeVar("T")
Joined = tuple[Any, Backend]  # Dask's client, and the calls on it


def default_count() -> int:
    """All cores but one, which stays free for the window and other programs."""
    return max(1, min((os.cpu_count() or 1) - 1, MAX_WORKERS))


def check_count(count: int) -> None:
    """Raise LayerwiseError for a number of workers that is out of reach."""
    if not 1 <= count <= MAX_WORKERS:
        raise LayerwiseError(f"{count} workers cannot be had: use 1 to {MAX_WORKERS}.")


@contextmanager
def processes(count: int) -> Iterator[Backend]:
    """This many processes on this machine; any work left at the end of the block is killed."""
    check_count(count)
    workers = Workers(count)
    try:
        yield Backend(workers, count)
    finally:
        workers.kill()


class Workers(Executor):
    """Processes that die separately: each is a pool of one, replaced when its process ends.

    In one pool of many, a dying process breaks the runs of all others too, and the cause cannot be
    identified.
    """

    def __init__(self, count: int) -> None:
        self._pools = [_pool() for _ in range(count)]
        self._last: list[Future[Any] | None] = [None] * count
        self._turn = 0

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run it in an idle process, or queue it after another run."""
        i = self._free()
        try:
            future = self._pools[i].submit(fn, *args, **kwargs)
        except BrokenExecutor:
            self._pools[i].shutdown()
            self._pools[i] = _pool()
            future = self._pools[i].submit(fn, *args, **kwargs)
        self._last[i] = future
        return future

    def _free(self) -> int:
        for i, future in enumerate(self._last):
            if future is None or future.done():
                return i
        self._turn = (self._turn + 1) % len(self._pools)
        return self._turn

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Like every executor: wait for the submitted work, unless it is to be cancelled."""
        for pool in self._pools:
            pool.shutdown(wait, cancel_futures=cancel_futures)

    def kill(self) -> None:
        """End every process now, and wait for that."""
        for pool in self._pools:
            # WORKAROUND for Python < 3.14, which has kill_workers() for it
            for process in list((pool._processes or {}).values()):
                process.kill()
        self.shutdown(cancel_futures=True)


def _pool() -> ProcessPoolExecutor:
    """One process, started with its first run and spawned: a fork would copy running threads."""
    return ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), _begin)


def _begin() -> None:
    """Initialize a worker: low priority, Ctrl-C left to its parent, exit with the parent."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow_parent, daemon=True).start()


def _follow_parent() -> None:
    """Exit with the parent, however it ends: otherwise a worker would wait for ever for its next
    run.
    """
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


class GivenUp(Exception):  # noqa: N818 - an event, not an error
    """The caller stopped waiting for a cluster."""


@contextmanager
def cluster(address: str, goes_on: Callable[[], bool] = lambda: True) -> Iterator[Backend]:
    """The Dask cluster whose scheduler is at this address.

    Raises LayerwiseError if it cannot be used, and GivenUp soon after it no longer `goes_on`,
    however long the cluster may take to answer. Dask sends code: only join a cluster you trust.
    """
    shown = clip(address, 100)
    try:
        client, backend = waited_for(lambda: _connected(address, shown), goes_on)
    except TimeoutError as error:
        raise _unreached(shown, error) from None
    try:
        yield backend
    finally:
        client.close()


def waited_for(connect: Callable[[], Joined], goes_on: Callable[[], bool]) -> Joined:
    """The result or exception of `connect`, run in a thread, because it cannot be cancelled.

    Raises TimeoutError after three times PATIENCE, and GivenUp once `goes_on` is false.
    """
    came: SimpleQueue[Joined | BaseException] = SimpleQueue()
    left = threading.Event()

    def work() -> None:
        try:
            came.put(connect())
        except BaseException as error:  # noqa: BLE001 - raised again in the waiting thread
            came.put(error)
        if left.is_set():
            _leave(came)

    threading.Thread(target=work, daemon=True, name="connect").start()
    until = monotonic() + 3 * PATIENCE
    while goes_on() and monotonic() < until:
        with suppress(Empty):
            found = came.get(timeout=PULSE)
            if isinstance(found, BaseException):
                raise found
            return found
    left.set()
    _leave(came)
    raise TimeoutError("it does not answer") if goes_on() else GivenUp


def _leave(came: SimpleQueue[Joined | BaseException]) -> None:
    """Close the connection, if any; only the first caller does."""
    with suppress(Empty):
        found = came.get_nowait()
        if isinstance(found, tuple):
            found[0].close()


def _connected(address: str, shown: str) -> Joined:
    _check_address(address, shown)
    try:
        from distributed import Client
    except ImportError:
        raise LayerwiseError(
            'A cluster needs Dask, which is not installed: python -m pip install -e ".[cluster]"'
        ) from None
    try:
        connect: Any = Client  # without type information
        client = connect(address, timeout=PATIENCE, set_as_default=False)
    except Exception as error:  # noqa: BLE001 - any answer is possible
        raise _unreached(shown, error) from None
    try:
        return client, _ready(client, shown)
    except LayerwiseError:
        client.close()
        raise


def _check_address(address: str, shown: str) -> None:
    """Check that a server answers there and greets like a scheduler: Dask might wait for ever."""
    try:
        parts = urlsplit(address)
        if parts.scheme not in ("tcp", "tls") or not parts.hostname or not parts.port:
            raise ValueError("it is no tcp://host:port")
        with socket.create_connection((parts.hostname, parts.port), PATIENCE) as connection:
            if parts.scheme == "tcp" and not connection.recv(1):
                raise OSError("it hangs up")
    except (OSError, ValueError) as error:
        raise _unreached(shown, error) from None


def _unreached(shown: str, error: BaseException) -> LayerwiseError:
    return LayerwiseError(
        f"{shown} cannot be reached ({_reason(error)}): name the address of a Dask scheduler, such"
        " as tcp://127.0.0.1:8786."
    )


def _ready(client: Any, shown: str) -> Backend:
    """See that there are workers, and that they know Layerwise."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
        executor: Executor = client.get_executor(pure=False)
        executor.submit(default_count).result(PATIENCE)
    except Exception as error:  # noqa: BLE001 - anything may fail on a remote machine
        raise LayerwiseError(
            f"{shown} cannot run Layerwise ({_reason(error)}): give it workers, and install the"
            " same Layerwise on all of them and on the scheduler."
        ) from None
    at_once = 2 * max(1, sum(client.nthreads().values()))  # one waits where one is made
    return Backend(executor, at_once, lambda: client.status != "closed")


def _reason(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return clip(text or type(error).__name__, 160)
