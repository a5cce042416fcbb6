"""Exported PyTorch code prints the costs of the same run of ours; run where torch is installed."""

import ast
import subprocess
import sys
from importlib.util import find_spec

import numpy as np
import pytest
from msgspec.structs import replace

from core import edits
from core.export.command import main
from core.export.torch_script import export_torch
from core.export.writing import write
from core.nn.activations import ACTIVATIONS
from core.project import encode
from core.training.data_source import split_of
from core.training.session import Session
from tests.core.export.test_script import CASES, FLOWER, costs_of, network, training

needs_torch = pytest.mark.skipif(find_spec("torch") is None, reason="torch is not installed")


def muted_and_frozen():
    project = network(FLOWER, (4, "relu", 0.0), (3, "tanh", 0.0), (1, "sigmoid", 0.0))
    layers = list(project.network.layers)
    layers[0] = replace(layers[0], frozen=(1,))
    layers[1] = replace(layers[1], muted=(2,))
    return replace(project, network=replace(project.network, layers=tuple(layers)))


EVERY = {
    **CASES,
    "muted, frozen": training(muted_and_frozen(), learning_rate=0.3),
    "stops at a cost": training(FLOWER, stop=replace(FLOWER.training.stop, cost=0.6)),
}


def run(exported, folder):
    """Run the code in a process of its own; the costs that its model returns."""
    write(exported, folder / "made.py")
    code = exported.script() + "\nnp.save('costs.npy', np.array(costs))\n"
    done = subprocess.run(
        [sys.executable, "-c", code],
        check=False, cwd=folder, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Final cost: " in done.stdout
    return np.load(folder / "costs.npy")


@needs_torch
@pytest.mark.slow
@pytest.mark.parametrize("name", EVERY)
def test_a_script_prints_the_costs_of_the_run(name, tmp_path):
    project = training(EVERY[name], iterations=1000)
    split = split_of(project)
    made = export_torch(project, split, None, None, name, "made.data.npz")
    theirs, ours = run(made, tmp_path), costs_of(project, split)
    if goal := project.training.stop.cost:  # which the session leaves to its loop
        assert ours[len(theirs)] <= goal < ours[len(theirs) - 1]
        ours = ours[: len(theirs)]
    assert theirs.shape == ours.shape
    assert np.abs(theirs - ours).max() <= 1e-6


@needs_torch
@pytest.mark.slow
def test_given_weights_and_data_that_are_read_come_along(tmp_path):
    project = training(edits.choose_source(FLOWER, "digits"), iterations=100, learning_rate=0.1)
    split = split_of(project)
    start = 0.1 * np.random.RandomState(5).randn(Session(project, split).p.flat.size)
    made = export_torch(project, split, start, None, "digits", "made.data.npz")
    theirs = run(made, tmp_path)
    assert np.abs(theirs - costs_of(project, split, start)[:100]).max() <= 1e-6


@pytest.mark.parametrize("name", EVERY)
def test_a_script_is_python_that_imports_torch_and_numpy_alone(name):
    project = EVERY[name]
    tree = ast.parse(export_torch(project, split_of(project), None, None, name, "x.npz").script())
    imported = set[str | None]()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module)
    assert imported == {"numpy", "torch"}
    defined = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
    assert {"initialize_parameters", "compute_cost", "update_parameters", "nn_model"} <= defined


@pytest.mark.parametrize("g", ACTIVATIONS.values(), ids=lambda g: g.name)
def test_every_activation_is_an_expression_of_torch(g):
    names = {node.id for node in ast.walk(ast.parse(g.torch)) if isinstance(node, ast.Name)}
    assert "Z" in names <= {"Z", "F", "torch"}


def test_the_command_writes_it_when_asked_for(tmp_path, capsys):
    project = tmp_path / "mine.json"
    project.write_bytes(encode(FLOWER))
    path = tmp_path / "mine.py"
    assert main(["export", str(project), str(path), "--torch"]) == 0
    assert "import torch" in path.read_text()
    assert main(["export", str(project), str(tmp_path / "mine.onnx"), "--torch"]) == 2
    assert "--torch" in capsys.readouterr().err
