"""Where runs are made: processes of this machine, or a Dask cluster, each as an Executor."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import threading  # noqa: TID251 - one waits in each worker for the end of its parent (ADR 0006)
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any, ParamSpec, TypeVar
from urllib.parse import urlsplit

from core.errors import LayerwiseError
from core.limits import clip
from core.sweep.sweep import Place

PATIENCE = 15  # seconds that a cluster has to answer
MAX_WORKERS = 256
NICENESS = 10  # workers take what others leave of the processor
P = ParamSpec("P")
T = TypeVar("T")


def default_count() -> int:
    """A core stays free for the window, and for whoever else uses the machine."""
    return max(1, min((os.cpu_count() or 1) - 1, MAX_WORKERS))


def check_count(count: int) -> None:
    """Raise LayerwiseError for a number of workers that is out of reach."""
    if not 1 <= count <= MAX_WORKERS:
        raise LayerwiseError(f"{count} workers cannot be had: use 1 to {MAX_WORKERS}.")


@contextmanager
def processes(count: int) -> Iterator[Place]:
    """So many processes of this machine; what they still do when the block is left is ended."""
    check_count(count)
    workers = Workers(count)
    try:
        yield Place(workers, count)
    finally:
        workers.kill()


class Workers(Executor):
    """Processes that die apart: each is a pool of one, which is made anew when its process ends.

    In one pool of many, a process that dies breaks the runs of all the others too, and nobody can
    tell whose fault it was.
    """

    def __init__(self, count: int) -> None:
        self._pools = [_pool() for _ in range(count)]
        self._last: list[Future[Any] | None] = [None] * count
        self._turn = 0

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run it in a process that has nothing to do, or behind what another has."""
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
        """As every executor: wait for what was handed in, unless it is to be cancelled."""
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
    """One process, begun with its first run and from nothing: a fork would copy running threads."""
    return ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), _begin)


def _begin() -> None:
    """What a worker does first: step back behind others, leave Ctrl-C to its parent, and not
    outlive it.
    """
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow_parent, daemon=True).start()


def _follow_parent() -> None:
    """End with the parent, however it ended: else a worker would wait for ever for its next run."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


@contextmanager
def cluster(address: str) -> Iterator[Place]:
    """The Dask cluster whose scheduler is at this address.

    Raises LayerwiseError if it cannot be used. Dask sends code: only join a cluster you trust.
    """
    shown = clip(address, 100)
    _check_address(address, shown)
    try:
        from distributed import Client
    except ImportError:
        raise LayerwiseError(
            'A cluster needs Dask, which is not installed: python -m pip install -e ".[cluster]"'
        ) from None
    try:
        connect: Any = Client  # without types of its own
        client = connect(address, timeout=PATIENCE, set_as_default=False)
    except Exception as error:  # noqa: BLE001 - whatever answers there
        raise _unreached(shown, error) from None
    try:
        yield _ready(client, shown)
    finally:
        client.close()


def _check_address(address: str, shown: str) -> None:
    """See that somebody listens there; Dask would wait, and take half a minute to give up."""
    try:
        parts = urlsplit(address)
        if parts.scheme not in ("tcp", "tls") or not parts.hostname or not parts.port:
            raise ValueError("it is no tcp://host:port")
        socket.create_connection((parts.hostname, parts.port), PATIENCE).close()
    except (OSError, ValueError) as error:
        raise _unreached(shown, error) from None


def _unreached(shown: str, error: BaseException) -> LayerwiseError:
    return LayerwiseError(
        f"{shown} cannot be reached ({_reason(error)}): name the address of a Dask scheduler, such"
        " as tcp://127.0.0.1:8786."
    )


def _ready(client: Any, shown: str) -> Place:
    """See that there are workers, and that they know Layerwise."""
    try:
        client.wait_for_workers(1, timeout=PATIENCE)
        executor: Executor = client.get_executor(pure=False)
        executor.submit(default_count).result(PATIENCE)
    except Exception as error:  # noqa: BLE001 - whatever happens on a machine far away
        raise LayerwiseError(
            f"{shown} cannot run Layerwise ({_reason(error)}): give it workers, and install the"
            " same Layerwise on all of them and on the scheduler."
        ) from None
    at_once = 2 * max(1, sum(client.nthreads().values()))  # one waits where one is made
    return Place(executor, at_once, lambda: client.status != "closed")


def _reason(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return clip(text or type(error).__name__, 160)
