"""Every number that a bundled lesson claims of a run, held against that run without a window."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from core.files.lessons import LESSONS
from core.files.project import read_project

ROOT = Path(__file__).parents[2]
CLAIMS = json.loads((Path(__file__).parent / "claims.json").read_text())
SCENES = {path.stem: path for path in sorted(LESSONS.glob("*/*.json"))}
HELD = [name for name in dict.fromkeys(claim["scene"] for claim in CLAIMS) if name in SCENES]


def measured(report, what):
    """The number of a report that a claim speaks of."""
    if what.startswith("cost"):
        return report["cost"][int(what.split()[1]) // 100]
    if what == "final":
        return report["final_cost"]
    return 100 * report[{"acc": "train_accuracy", "test": "test_accuracy"}[what]]


# Beyond iteration 7,000 the flower's last digits differ between machines, and so may one example.
DIFFERS = pytest.mark.xfail(reason="known: rounding beyond iteration 7,000", strict=False)
CASES = [pytest.param(name, marks=DIFFERS if name == "L08-flower" else ()) for name in HELD]


@pytest.mark.slow
@pytest.mark.parametrize("name", CASES)
def test_a_scene_comes_out_as_claimed(name, tmp_path):
    start, report = SCENES[name], tmp_path / "report.json"
    command = [sys.executable, "main.py", "train", str(start), "--report", str(report)]
    for option in ("weights", "data"):
        given = start.with_name(f"{name}.{option}.npz")
        if given.exists():
            command += [f"--{option}", str(given)]
    done = subprocess.run(
        command,
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        check=False,
    )
    assert done.returncode in (0, 3), done.stderr
    found = json.loads(report.read_text())
    for claim in CLAIMS:
        if claim["scene"] == name:
            value = measured(found, claim["what"])
            assert abs(value - claim["is"]) <= claim["within"], (claim, value)


def test_every_scene_is_a_project_and_every_claim_of_a_lesson_is_held():
    for path in SCENES.values():
        read_project(path)
    numbers = {path.parent.name[:2] for path in SCENES.values()}
    missing = {
        claim["scene"]
        for claim in CLAIMS
        if claim["scene"][1:3] in numbers and claim["scene"] not in SCENES
    }
    assert not missing
    assert len(HELD) > 15
