"""Attacks on files: many kills during saving, and long fuzzing of the reader."""

from __future__ import annotations

import random
import resource
import tempfile
import time
import warnings
from collections import Counter
from pathlib import Path

from core.errors import LayerwiseError
from core.files import storage
from tests.core.files import kills, made, mutations

MOST_SECONDS, MOST_MEGABYTES = 2.0, 200.0


def kill(count: int) -> int:
    """Print what `count` kills left behind; the number of files lost or left over."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "lesson.layerwise"
        storage.write(path, made.saved())
        counts = kills.kill_while_saving(path, count, random.Random())
    print(f"{count} kills: " + ", ".join(f"{n} {what}" for what, n in counts.items()))
    return counts["lost"] + counts["left beside by the next save"]


def fuzz(seconds: float) -> int:
    """Print what came of damaged files; the number that were neither read nor refused."""
    warnings.filterwarnings("ignore", "Duplicate name")
    rng, outcomes, slowest = random.Random(1), Counter[str](), 0.0
    originals = [storage.encode(made.saved(with_own=own)) for own in (True, False)]
    before, end = _megabytes(), time.perf_counter() + seconds
    while time.perf_counter() < end:
        content = mutations.mutated(rng.choice(originals), rng)
        start = time.perf_counter()
        try:
            storage.decode(content, "a.layerwise")
        except LayerwiseError:
            outcome = "refused"
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
            outcome = f"FAILED with {error!r}"
        else:
            outcome = "read"
        outcomes[outcome] += 1
        slowest = max(slowest, time.perf_counter() - start)
    more = _megabytes() - before
    print(
        f"{outcomes.total():,} files in {seconds:g} s: "
        + ", ".join(f"{n:,} {what}" for what, n in outcomes.most_common())
        + f"; slowest {slowest:.3f} s, {more:.0f} MB more memory"
    )
    failed = outcomes.total() - outcomes["read"] - outcomes["refused"]
    return failed + (slowest > MOST_SECONDS) + (more > MOST_MEGABYTES)


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
