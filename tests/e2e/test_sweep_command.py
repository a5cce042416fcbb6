"""A sweep as a user runs it: killed and resumed, its workers killed, interrupted, on a cluster."""

import csv
import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import main
from core.files.project import write_project
from tests.core.training.projects import project
from tests.patience import PATIENCE_MS

ROOT = Path(__file__).parents[2]
UNITS = "1,2,3,4,5,6,7,8,9,10"
CLUSTER = """
import sys
from distributed import LocalCluster

if __name__ == "__main__":
    with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster:
        print(cluster.scheduler_address, flush=True)
        sys.stdin.read()
"""


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = project((4, "tanh"), (1, "sigmoid"), data={"test_share": 0.2}, iterations=2000)
    write_project("p.json", made)
    return tmp_path


@pytest.fixture
def start(folder):
    """Starts a sweep; it is killed if the test ends before it does."""
    started = []

    def begin(report, *more):
        command = [sys.executable, str(ROOT / "main.py"), "sweep", "p.json"]
        command += ["--vary", f"units={UNITS}", "--seeds", "2", "--report", report, *more]
        started.append(subprocess.Popen(command, stderr=subprocess.PIPE, text=True))
        return started[-1]

    yield begin
    for process in started:
        if process.poll() is None:
            process.kill()
            process.communicate()


def finished(process, status=0):
    _, err = process.communicate()  # pytest-timeout bounds it
    assert process.returncode == status, err
    assert "Traceback" not in err
    return err


def table(report):
    """The report without what the clock says."""
    with Path(report).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return [{key: row[key] for key in row if key != "seconds_mean"} for row in rows]


def children(pid):
    found = Path(f"/proc/{pid}/task/{pid}/children")
    return [int(child) for child in found.read_text().split()] if found.exists() else []


def runs(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False


def wait_until(holds):
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while not holds():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)


@pytest.fixture
def whole(start):
    """The report of a sweep that was not disturbed."""
    finished(start("whole.csv", "--workers", "2"))
    return table("whole.csv")


def test_each_number_is_that_of_train(whole):
    for i, units in ((0, 1), (9, 10)):
        write_project(
            "one.json",
            project((units, "tanh"), (1, "sigmoid"), data={"test_share": 0.2}, iterations=2000),
        )
        assert main.main(["train", "one.json", "--report", "one.json.out"]) == 0
        one = json.loads(Path("one.json.out").read_bytes())
        assert float(whole[i]["train_cost_min"]) <= one["final_cost"]
        assert one["final_cost"] in (
            float(whole[i]["train_cost_min"]),
            float(whole[i]["train_cost_max"]),
        )


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="reads /proc")
def test_a_sweep_killed_at_random_moments_resumes(whole, start):
    rng = random.Random(7)
    for _ in range(10):
        process = start("r.csv", "--workers", "2")
        time.sleep(rng.uniform(0.1, 1.2))
        workers = children(process.pid)
        process.kill()
        process.communicate()
        wait_until(lambda workers=workers: not any(map(runs, workers)))
    finished(start("r.csv", "--workers", "2"))
    assert table("r.csv") == whole
    lines = Path("r.csv.runs.jsonl").read_text().splitlines()
    assert len({json.loads(line)["project"] for line in lines}) == len(lines) == 20


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="reads /proc")
def test_a_worker_that_is_killed_costs_nothing(whole, start):
    process = start("r.csv", "--workers", "1")
    for _ in range(3):
        wait_until(lambda: any("spawn_main" in name(child) for child in children(process.pid)))
        time.sleep(0.4)
        for child in children(process.pid):
            if "spawn_main" in name(child):
                os.kill(child, signal.SIGKILL)
    finished(process)
    assert table("r.csv") == whole


def name(pid):
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def test_ctrl_c_reports_the_results_so_far_and_leaves_no_worker(whole, start):
    process = start("r.csv", "--workers", "2")
    wait_until(
        lambda: Path("r.csv.runs.jsonl").exists() and Path("r.csv.runs.jsonl").stat().st_size
    )
    workers = children(process.pid)
    process.send_signal(signal.SIGINT)
    assert "runs" in finished(process, 130)
    wait_until(lambda: not any(map(runs, workers)))
    assert all(row in whole or row["runs"] == "1" for row in table("r.csv"))


@pytest.mark.slow
def test_on_a_dask_cluster_of_two_workers(whole, start):
    cluster = subprocess.Popen(
        [sys.executable, "-c", CLUSTER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        text=True,
    )
    with cluster:
        assert cluster.stdout is not None
        address = cluster.stdout.readline().strip()
        assert address.startswith("tcp://")
        finished(start("r.csv", "--cluster", address))
        assert table("r.csv") == whole
        cluster.terminate()
