"""How fast is training? W1 to W6, ours and its peers side by side: python -m benchmarks.train."""

from __future__ import annotations

import argparse
import gc
import importlib.util
import json
import os
import platform
import statistics
import sys
from pathlib import Path
from time import perf_counter
from typing import get_args

# Read once, at the first import of NumPy or JAX: one thread for everybody.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"
os.environ.setdefault("JAX_PLATFORMS", "cpu")
os.environ["XLA_FLAGS"] = "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1"

import numpy as np  # noqa: E402 (after the threads)

from benchmarks.peers import PEERS, Peer, Weights  # noqa: E402
from benchmarks.workloads import WORKLOADS, Workload, examples  # noqa: E402
from core.data.examples import Dtype  # noqa: E402

NEEDS = {"torch eager": "torch", "scikit-learn": "sklearn", "JAX fused": "jax"}
CHECKED_STEPS = 20  # iterations after which all must have the same weights (W5, W6: an epoch)
TOLERANCE = {"float64": 1e-9, "float32": 5e-3}  # of the largest weight
OTHER_ADAM = 1e-2  # scikit-learn adds epsilon before the correction of v, not after it
UNIT = {"iteration": ("us", 1e6), "epoch": ("ms", 1e3)}


def main(arguments: list[str] | None = None) -> int:
    """Measure what the command line asks for, print it, write JSON; 1 if results differ."""
    options = _options(arguments)
    results = []
    for dtype in options.dtype:
        for work in WORKLOADS:
            if work.name in options.only:
                with np.errstate(all="ignore"):  # the course's log(0), as it stands
                    results.append(_measure(work, dtype, options))
                _print(results[-1])
    if options.json is not None:
        report = {"machine": platform.processor(), "numpy": np.__version__, "results": results}
        options.json.write_text(json.dumps(report, indent=2) + "\n")
    return 0 if all(not each["different"] for each in results) else 1


def _options(arguments: list[str] | None) -> argparse.Namespace:
    names = [work.name for work in WORKLOADS]
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="3 short rounds; rough, in a minute")
    parser.add_argument("--only", nargs="+", choices=names, default=names, metavar="W")
    parser.add_argument("--peers", nargs="+", choices=list(PEERS), default=list(PEERS))
    parser.add_argument("--dtype", nargs="+", choices=get_args(Dtype), default=get_args(Dtype))
    parser.add_argument("--json", type=Path, help="write all numbers here")
    options = parser.parse_args(arguments)
    options.rounds, options.seconds = (3, 0.05) if options.quick else (7, 0.15)
    return options


def _measure(work: Workload, dtype: Dtype, options: argparse.Namespace) -> dict[str, object]:
    peers: dict[str, Peer] = {}
    for name in options.peers:
        if importlib.util.find_spec(NEEDS.get(name, "numpy")) is None:
            print(f"({name} is not installed)", file=sys.stderr)
        elif name != "Layerwise, plain" or work.name == "W4":
            peers[name] = PEERS[name](work, dtype)
    different = _check(work, dtype, peers)
    units = {name: _units_in(peer, options.seconds) for name, peer in peers.items()}
    times: dict[str, list[float]] = {name: [] for name in peers}
    gc.disable()
    for _ in range(options.rounds):
        for name, peer in peers.items():  # interleaved: what slows one round slows all of them
            start = perf_counter()
            peer.run(units[name])
            times[name].append((perf_counter() - start) / units[name])
    gc.enable()
    gc.collect()
    examples.cache_clear()
    return {
        "workload": work.name,
        "title": work.title,
        "dtype": dtype,
        "unit": work.unit,
        "seconds": {name: statistics.median(each) for name, each in times.items()},
        "fastest": {name: min(each) for name, each in times.items()},
        "ratio": {name: _ratio(each, times["Layerwise"]) for name, each in times.items()},
        "different": different,
    }


def _ratio(theirs: list[float], ours: list[float]) -> float:
    """How many times as long as ours, the median over the rounds."""
    return statistics.median(a / b for a, b in zip(theirs, ours, strict=True))


def _units_in(peer: Peer, seconds: float) -> int:
    """How many units take about so long; warms up on the way."""
    units = 1
    while True:
        start = perf_counter()
        peer.run(units)
        passed = perf_counter() - start
        if passed >= seconds / 2:
            return max(1, round(units * seconds / passed))
        units = max(2 * units, int(units * seconds / max(passed, 1e-9) / 4))


def _check(work: Workload, dtype: Dtype, peers: dict[str, Peer]) -> dict[str, float]:
    """Train all a little way; who has other weights than we, and by how much of the largest."""
    for peer in peers.values():
        peer.run(CHECKED_STEPS if work.batch is None else 1)
    ours, different = peers["Layerwise"].weights(), {}
    for name, peer in peers.items():
        own_adam = name == "scikit-learn" and work.optimizer == "adam"
        distance = _distance(peer.weights(), ours)
        if not distance < (OTHER_ADAM if own_adam else TOLERANCE[dtype]):
            different[name] = distance
    return different


def _distance(ones: Weights, others: Weights) -> float:
    pairs = [pair for each in zip(ones, others, strict=True) for pair in zip(*each, strict=True)]
    largest = max(float(np.abs(b).max()) for _, b in pairs)
    return max(float(np.abs(a - b).max()) for a, b in pairs) / largest


def _print(result: dict[str, object]) -> None:
    name, factor = UNIT[str(result["unit"])]
    print(f"\n{result['title']}, {result['dtype']}  ({name} an {result['unit']})")
    seconds, ratio = result["seconds"], result["ratio"]
    assert isinstance(seconds, dict)
    assert isinstance(ratio, dict)
    for peer, time in seconds.items():
        print(f"  {peer:18}{time * factor:12.1f}{ratio[peer]:9.2f} x")
    if result["different"]:
        print(f"  NOT the same weights, by so much of the largest: {result['different']}")
    sys.stdout.flush()


if __name__ == "__main__":
    # JAX heeds its settings for small products alone: those of W6 ran on two cores, in half the
    # time. Here, as a test that imports this module must not keep its process on one core.
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    sys.exit(main())
