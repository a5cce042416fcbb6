"""The benchmark runs, and who takes part in it computes the same."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import compare
from benchmarks.train import main


@pytest.mark.parametrize("work", ["W1", "W5a"])
def test_course_code_ends_at_the_same_weights(work, tmp_path, monkeypatch, capsys):
    for name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        monkeypatch.setenv(name, "1")  # as the benchmark sets them, and nothing after it
    report = tmp_path / "report.json"
    peers = ["Layerwise", "course code", "tuned NumPy"]
    assert main(["--quick", "--only", work, "--peers", *peers, "--json", str(report)]) == 0
    assert "course code" in capsys.readouterr().out
    results = json.loads(report.read_text())["results"]
    assert [each["dtype"] for each in results] == ["float64", "float32"]
    assert all(each["ratio"].keys() == set(peers) for each in results)


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="no such setting here")
def test_to_import_a_benchmark_keeps_no_process_on_one_core():
    code = """
import os
os.sched_setaffinity(0, range(os.cpu_count()))
before = os.sched_getaffinity(0)
import benchmarks.train, benchmarks.window
assert os.sched_getaffinity(0) == before
"""
    subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[1], check=True)


def test_two_versions_are_compared_by_their_medians():
    pairs = [(2.0, 3.0), (4.0, 5.0), (100.0, 6.0)]
    assert compare.cell(pairs, ".1f") == "4.0 → 5.0, 1.25"
    assert compare.cell([(0.0, 1.0)], ".0f") == "0 → 1"
