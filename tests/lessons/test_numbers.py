"""Numbers that lessons say in their texts and that are no end of a run: measured again."""

import numpy as np
import pytest

from core import Session
from core.files.lessons import bundled
from core.files.project import read_project


def scene(lesson, name):
    return Session(read_project(bundled()[lesson].parent / f"{name}.json"))


def first_to_last(session):
    """The length of the first layer's gradient beside the last one's, at this iteration."""
    record = session.record()
    first, last = (np.linalg.norm(record.array("dW", l)) for l in (1, record.L))
    return float(first / last)


@pytest.mark.parametrize(
    ("name", "power"), [("L12-8sigmoid", -5.43), ("L12-8tanh", -0.31), ("L12-8relu", -0.75)]
)
def test_the_gradient_of_the_first_of_nine_layers(name, power):
    assert np.log10(first_to_last(scene("deep", name))) == pytest.approx(power, abs=0.02)


@pytest.mark.parametrize(
    ("name", "count"), [("L12-3541", 49), ("L12-p4-tanh5-s1", 31), ("L12-p4-tanh3-tanh3-s1", 31)]
)
def test_how_many_numbers_are_learned(name, count):
    assert scene("deep", name).p.flat.size == count
