"""Executors for tests of sweeps: one that works at once, workers that die when told."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

from core.data.own import OwnData
from core.sweep.run import Result, train
from core.sweep.workers import Workers


class AtOnce(Executor):
    """Does the work while it is handed in, and counts it; `instead` may do it."""

    def __init__(self, instead: Callable[..., Any] | None = None) -> None:
        self.instead, self.calls = instead, 0

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        self.calls += 1
        future: Future[Any] = Future()
        try:
            future.set_result((self.instead or fn)(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 - as every executor does
            future.set_exception(error)
        return future


def mortal(folder: str, project: bytes, own: OwnData | None) -> Result:
    """Train, but die first as often as the file of that number of units says."""
    from core.project import decode

    path = Path(folder) / str(decode(project).network.layers[0].units)
    deaths = int(path.read_text()) if path.exists() else 0
    with (Path(folder) / "log").open("a") as log:
        log.write(f"{path.name} ")
    if deaths:
        path.write_text(str(deaths - 1))
        os.kill(os.getpid(), signal.SIGKILL)
    return train(project, own)


class Mortals(Workers):
    """Workers that die at the runs that the folder names."""

    def __init__(self, count: int, folder: Path) -> None:
        super().__init__(count)
        self._folder = folder

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        return super().submit(mortal, str(self._folder), *args)
