"""Every homework file passes as it is, and with one slip the check finds its line and its name."""

import warnings
from pathlib import Path

import numpy as np
import pytest

from core.check import stand_ins
from core.check.examine import examine
from core.check.session import Student
from core.check.source import parse
from core.project import Project
from core.training.data_source import split_of
from tests.core.check.slips_made import SLIPS

FOLDER = Path(__file__).parent / "homework"
RIGHT = sorted(path.stem for path in FOLDER.glob("*.txt"))


@pytest.fixture(scope="module")
def network():
    project = Project()
    train = split_of(project).train
    return {
        "X": np.array(train.X[:, ::5], float), "Y": np.array(train.Y[:, ::5], float),
        "sizes": project.sizes(2), "activations": project.activations, "chosen": False, "seed": 0,
    }  # fmt: skip


@pytest.fixture(autouse=True)
def _stand_ins(network, monkeypatch):
    import sys

    monkeypatch.setattr(sys, "meta_path", [*sys.meta_path])
    modules = dict(sys.modules)
    stand_ins.install(network["X"], network["Y"], lambda top: False)
    yield
    for name in set(sys.modules) - set(modules):
        if isinstance(sys.modules[name], stand_ins.StandIn):
            del sys.modules[name]


def text_of(name):
    return (FOLDER / f"{name}.txt").read_text(encoding="utf-8")


def check(text, network, name="homework.py", mapped=()):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the student's own
        homework = parse(name, text.encode())
        student = Student(homework, dict(mapped))
        student.run()
        return examine(student, network, lambda step: None)


@pytest.mark.parametrize("name", RIGHT)
def test_right_homework_passes(name, network):
    report = check(text_of(name), network)
    assert report.finding is None, report.finding
    assert sum(step.state == "right" for step in report.steps) >= 6


@pytest.mark.parametrize(("name", "old", "new", "quantity", "slip", "line"), SLIPS)
def test_one_slip_is_found_at_its_line_and_named(name, old, new, quantity, slip, line, network):
    text = text_of(name)
    assert old in text
    report = check(text.replace(old, new, 1), network)
    found = report.finding
    assert found is not None
    here = next(row["text"].strip() for row in report.code if row["here"])
    assert (found.name, found.slip, here) == (quantity, slip, line)
    assert found.said[0].isupper() or found.said[0].islower()
    assert found.said.endswith(".")
