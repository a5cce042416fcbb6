"""How long tests wait, and what counts as at once, on a machine that is doing other things too.

Speed is measured in benchmarks/. What a test bounds here would otherwise take many times longer:
the rest of an iteration of some seconds, a comparison of all gradients, a run without an end.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter, process_time
from typing import TYPE_CHECKING

from core import edits

if TYPE_CHECKING:
    from gui.model.document import Document

PATIENCE_MS = 100_000  # a wait of two seconds took over thirty beside twenty other programs
AT_ONCE_S = 0.5  # on an idle machine
BUSY = 6  # what another program may take of the two cores: so many times longer


def never_stop(document: Document) -> None:
    """Its run ends only when it is paused: the usual 10,000 iterations may be over before a test
    that does something meanwhile has done it.
    """
    document.edit("No stop", edits.with_training(document.project, iterations=0))


@contextmanager
def at_once() -> Iterator[None]:
    """Fail if what stands within takes longer than a user waits.

    A busy machine makes it longer by the clock, not by the processor's time, which the threads of
    window and run may both use. What only sleeps is found by the clock.
    """
    clock, used = perf_counter(), process_time()
    yield
    used, clock = process_time() - used, perf_counter() - clock
    assert used < 2 * AT_ONCE_S, f"took {used:.2f} s of the processor's time"
    assert clock < BUSY * AT_ONCE_S, f"took {clock:.2f} s"
