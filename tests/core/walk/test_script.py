"""The copied script is complete and computes the record's numbers."""

import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from core.errors import LayerwiseError
from core.walk import script as module
from core.walk.script import script_of
from core.walk.steps import steps_of
from tests.core.nn.networks import Case
from tests.core.walk.records import record_of, records


def made_by(record):
    """The names that the script leaves, run with nothing given."""
    names: dict[str, object] = {}
    with np.errstate(all="ignore"):
        exec(script_of(record), names)
    return names


@settings(max_examples=60)
@given(records())
def test_it_is_complete_and_computes_the_whole_iteration(record):
    names: dict[str, Any] = made_by(record)
    for l in range(1, record.L + 1):
        for target in ("A", "Z", "dZ", "dW", "db"):
            found = np.asarray(names[f"{target}{l}"], np.float64)
            np.testing.assert_allclose(found, record.array(target, l), rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(names[f"W{l}"], record.after.W[l], rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(names[f"b{l}"], record.after.b[l], rtol=1e-9, atol=1e-12)
    if np.isfinite(record.J):
        assert names["J"] == pytest.approx(record.J, rel=1e-9, abs=1e-9)


def test_every_line_of_the_code_view_is_in_it():
    record = record_of(Case((2, 4, 1), ("tanh", "sigmoid"), "cross_entropy", m=20))
    lines = script_of(record).splitlines()
    assert all(line in lines for step in steps_of(record) for line in step.code.splitlines())


def test_a_fresh_python_prints_the_cost():
    record = record_of(Case((2, 4, 1), ("tanh", "sigmoid"), "cross_entropy", m=20))
    done = subprocess.run(
        [sys.executable, "-I", "-"], input=script_of(record), text=True, capture_output=True,
        check=True,
    )  # fmt: skip
    name, value = done.stdout.split(" = ")
    assert name == "J"
    assert float(value) == pytest.approx(record.J, rel=1e-12)


def test_a_network_too_large_to_copy_says_what_to_do(monkeypatch):
    monkeypatch.setattr(module, "MOST_NUMBERS", 50)
    record = record_of(Case((2, 4, 1), ("tanh", "sigmoid"), "cross_entropy", m=20))
    with pytest.raises(LayerwiseError, match=r"77 numbers.* at most 50\. Use File"):
        script_of(record)
