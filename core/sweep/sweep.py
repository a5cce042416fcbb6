"""A running sweep: submits runs to an executor, collects results, can be paused and stopped."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future
from dataclasses import dataclass
from queue import Empty, SimpleQueue

from core.data.own import OwnData
from core.errors import LayerwiseError
from core.limits import clip
from core.project import encode
from core.sweep.plan import PlannedRun
from core.sweep.run import Result, train

TRIES = 2  # tries of a run whose worker dies
HEARTBEAT = 2.0  # seconds between two looks at workers that may vanish without a word
CLOSED = "The workers are gone: the cluster has closed."
DEAD = (
    f"Its worker ended before the run did, {TRIES} times: perhaps it needs more memory than there"
    " is."
)


@dataclass(frozen=True, slots=True)
class Backend:
    """The workers of a sweep: an executor, how many runs to submit at once and, if it may vanish
    silently, how to ask whether it is still there.
    """

    executor: Executor
    at_once: int
    alive: Callable[[], bool] | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a run: its result, or a sentence on why there is none."""

    run: PlannedRun
    result: Result | None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class _Pause:
    on: bool


@dataclass(frozen=True, slots=True)
class _End:
    pass


_Message = _Pause | _End | Future[Result]


@dataclass(slots=True)
class _Job:
    """Runs that are the same, and so trained once."""

    runs: list[PlannedRun]
    tries: int = 0


class Sweep:
    """A running sweep.

    Iterating `outcomes` runs it; `pause` and `end` may be called meanwhile by any thread and by
    signal handlers. Runs in `known` (by digest) are not trained again.
    """

    def __init__(
        self,
        runs: Iterable[PlannedRun],
        own: OwnData | None = None,
        known: Mapping[str, Result] = {},
    ) -> None:
        self._own, self._known = own, dict(known)
        self._inbox: SimpleQueue[_Message] = SimpleQueue()
        self._jobs: dict[str, _Job] = {}
        for run in runs:
            self._jobs.setdefault(run.digest, _Job([])).runs.append(run)
        self._paused = self._ended = False

    def pause(self, on: bool = True) -> None:
        """Start no new runs until told otherwise; running ones continue to their end."""
        self._inbox.put(_Pause(on))

    def end(self) -> None:
        """Wait for nothing any more: `outcomes` stops. The executor is its owner's to shut down."""
        self._inbox.put(_End())

    def outcomes(self, backend: Backend) -> Iterator[Outcome]:
        """Every run's outcome, known ones first, then as they arrive; waits for them.

        A run whose worker dies is tried once again. Raises LayerwiseError if all workers are gone.
        """
        for job in (job for digest, job in self._jobs.items() if digest in self._known):
            for run in job.runs:
                yield Outcome(run, self._known[run.digest])
        waiting = deque(job for digest, job in self._jobs.items() if digest not in self._known)
        flying: dict[Future[Result], _Job] = {}
        while (waiting or flying) and not self._ended:
            while waiting and not self._paused and len(flying) < backend.at_once:
                job = waiting.popleft()
                flying[self._submit(backend.executor, job)] = job
            for future in self._next(backend.alive):
                job = flying.pop(future)
                # A cluster that lost its scheduler cancels its runs.
                if backend.alive is not None and isinstance(_error(future), CancelledError):
                    raise LayerwiseError(CLOSED)
                if _failed(future) and job.tries < TRIES:
                    waiting.append(job)
                else:
                    yield from (_outcome(run, future) for run in job.runs)

    def _submit(self, executor: Executor, job: _Job) -> Future[Result]:
        job.tries += 1
        try:
            future = executor.submit(train, encode(job.runs[0].project), self._own)
        except Exception as error:  # any executor may refuse more runs
            raise LayerwiseError(f"The workers are gone: {_words(error)}.") from error
        future.add_done_callback(self._inbox.put)
        return future

    def _next(self, alive: Callable[[], bool] | None) -> Iterator[Future[Result]]:
        """Wait for a message; returns the run that it belongs to, if any."""
        try:
            message = self._inbox.get(timeout=HEARTBEAT if alive else None)
        except Empty:
            if alive is not None and not alive():
                raise LayerwiseError(CLOSED) from None
            return
        if isinstance(message, _Pause):
            self._paused = message.on
        elif isinstance(message, _End):
            self._ended = True
        else:
            yield message


def _error(future: Future[Result]) -> BaseException | None:
    try:
        return future.exception()
    except CancelledError as error:
        return error


def _failed(future: Future[Result]) -> bool:
    """Whether the worker may be the cause: a project that cannot be trained never can."""
    error = _error(future)
    return error is not None and not isinstance(error, LayerwiseError)


def _outcome(run: PlannedRun, future: Future[Result]) -> Outcome:
    error = _error(future)
    if error is None:
        return Outcome(run, future.result())
    if isinstance(error, LayerwiseError):
        return Outcome(run, None, str(error))
    # Dask has its own class for it, not worth importing
    if isinstance(error, BrokenExecutor | CancelledError) or type(error).__name__ == "KilledWorker":
        return Outcome(run, None, DEAD)
    return Outcome(run, None, f"It failed {TRIES} times: {_words(error)}.")


def _words(error: BaseException) -> str:
    text = " ".join(str(error).split()).rstrip(".")
    return clip(f"{type(error).__name__}: {text}" if text else type(error).__name__, 300)
