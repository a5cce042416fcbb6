"""The field's best-known table, in its full shape: MNIST as CSV, 60,000 × 785."""

import json
import resource
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from core.data.table.grid import read
from core.files.own_data import read_table

ROOT = Path(__file__).parents[3]
GIGABYTE = 2**30


@pytest.fixture(scope="module")
def mnist(tmp_path_factory):
    """A file of the size and shape of the real one; a fifth of the pixels is not black."""
    rng = np.random.RandomState(0)
    path = tmp_path_factory.mktemp("mnist") / "mnist_train.csv"
    pixels = rng.randint(0, 256, (1000, 784)) * (rng.rand(1000, 784) < 0.19)
    rows = [",".join(map(str, row)) for row in pixels.tolist()]
    with path.open("w") as file:
        names = (f"{i}x{j}" for i in range(1, 29) for j in range(1, 29))
        file.write("label," + ",".join(names) + "\n")
        for i in range(60_000):
            file.write(f"{i * 7 % 10},{rows[i % 1000]}\n")
    return path


@pytest.mark.slow
def test_mnist_is_trained_within_two_gigabytes(mnist, tmp_path):
    report = tmp_path / "r.json"
    command = [sys.executable, "main.py", "train", "flower", "--data", str(mnist)]
    began = time.monotonic()
    done = subprocess.run(
        [*command, "--iterations", "1", "--report", str(report)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    seconds = time.monotonic() - began
    assert done.returncode == 0, done.stderr
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
    data = json.loads(report.read_text())["data"]
    assert (len(data["inputs"]), data["picture"], data["divided_by"]) == (784, [28, 28, 1], 255)
    assert (data["examples"], data["left_out"], len(data["classes"])) == (60_000, 0, 10)
    print(f"{mnist.stat().st_size:,} bytes in {seconds:.1f} s, peak {peak:,} bytes")  # noqa: T201
    assert peak < 2 * GIGABYTE


@pytest.mark.slow
def test_reading_reports_progress_and_can_be_stopped(mnist):
    told = []

    def stop(done, total):
        told.append((done, total))
        if done > total / 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read(read_table(mnist), progress=stop)
    assert len(told) > 5
    assert all(total == mnist.stat().st_size for _, total in told)
