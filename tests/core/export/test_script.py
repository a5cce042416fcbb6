"""Exported code, run as it is with NumPy alone, prints the costs of the same run of ours."""

import ast
import json
import subprocess
import sys

import nbformat
import numpy as np
import pytest
from msgspec.structs import replace

from core import edits
from core.export.command import main
from core.export.notebook import notebook
from core.export.script import export
from core.export.writing import write
from core.project import LayerSettings, Project, encode
from core.training.data_source import split_of
from core.training.session import Session

ITERATIONS = 1000
COURSE = (
    "initialize_parameters", "forward_propagation", "compute_cost", "backward_propagation",
    "update_parameters", "nn_model", "predict",
)  # fmt: skip


def network(project, *layers, **settings):
    rows = tuple(
        LayerSettings(units=units, activation=g, dropout=dropout) for units, g, dropout in layers
    )
    return replace(project, network=replace(project.network, layers=rows, **settings))


def training(project, **settings):
    return replace(project, training=replace(project.training, **settings))


def data(project, **settings):
    return replace(project, data=replace(project.data, **settings))


FLOWER = Project()
BLOBS = edits.choose_source(FLOWER, "blobs")
PLANE = edits.choose_source(FLOWER, "plane")
CLASSES = BLOBS.network.layers[-1].units
CASES = {
    "flower": FLOWER,
    "logistic regression": network(FLOWER, (1, "sigmoid", 0.0), initializer="zeros"),
    "three layers, Adam, L2, decay": training(
        edits.with_decay(
            network(FLOWER, (8, "relu", 0.0), (6, "tanh", 0.0), (1, "sigmoid", 0.0),
                    initializer="he"),
            form="inverse", rate=0.01),
        optimizer="adam", learning_rate=0.01, l2=0.7),
    "softmax, dropout, mini-batches": training(
        network(BLOBS, (8, "relu", 0.2), (CLASSES, "softmax", 0.0), initializer="he"),
        batch_size=64, learning_rate=0.1),
    "regression, features, momentum, L1": training(
        network(data(PLANE, features=("x1", "x2", "x1x2"), normalize=True, test_share=0.2),
                (5, "tanh", 0.0), (1, "linear", 0.0), initializer="xavier"),
        optimizer="momentum", learning_rate=0.05, l1=0.1),
    "clipped RMSProp, balance": training(
        network(data(FLOWER, balance=(0.3, 0.7)), (5, "softplus", 0.0), (1, "sigmoid", 0.0),
                initializer="xavier"),
        optimizer="rmsprop", learning_rate=0.003, clip_norm=0.05),
}  # fmt: skip


def costs_of(project, split, start=None):
    session = Session(project, split, start)
    with np.errstate(all="ignore"):
        while session.iteration < ITERATIONS and session.advance():
            pass
    return np.asarray(session.costs, float)


def run(exported, folder, suffix=".py"):
    """Run the code in a process of its own; the costs that its model returns."""
    write(exported, folder / f"made{suffix}")
    code = exported.script()
    if suffix == ".ipynb":
        cells = json.loads((folder / "made.ipynb").read_text())["cells"]
        code = "\n\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")
    code += "\nnp.save('costs.npy', np.array(costs))\n"
    done = subprocess.run(
        [sys.executable, "-I", "-W", "error", "-c", code],
        check=False, cwd=folder, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Final cost: " in done.stdout
    return np.load(folder / "costs.npy")


@pytest.mark.parametrize("name", CASES)
def test_a_script_prints_the_costs_of_the_run(name, tmp_path):
    project = training(CASES[name], iterations=ITERATIONS)
    split = split_of(project)
    made = export(project, split, None, None, name, "made.data.npz")
    suffix = ".ipynb" if "dropout" in name else ".py"
    theirs, ours = run(made, tmp_path, suffix), costs_of(project, split)
    assert theirs.shape == ours.shape
    assert np.abs(theirs - ours).max() <= 1e-9


def test_single_precision_agrees_to_its_digits(tmp_path):
    project = training(FLOWER, iterations=ITERATIONS, dtype="float32")
    split = split_of(project)
    made = export(project, split, None, None, "flower", "made.data.npz")
    assert np.abs(run(made, tmp_path) - costs_of(project, split)).max() <= 1e-4


def test_given_weights_and_data_that_are_read_come_along(tmp_path):
    project = training(edits.choose_source(FLOWER, "digits"), iterations=200, learning_rate=0.1)
    split = split_of(project)
    start = 0.1 * np.random.RandomState(5).randn(Session(project, split).p.flat.size)
    made = export(project, split, start, None, "digits", "made.data.npz")
    assert {"X", "Y", "W1", "b1"} <= set(made.arrays)
    theirs = run(made, tmp_path)
    assert np.abs(theirs - costs_of(project, split, start)[:200]).max() <= 1e-9


def test_a_script_imports_numpy_alone():
    for name, project in CASES.items():
        code = export(project, split_of(project), None, None, name, "x.npz").script()
        imported = {
            alias.name
            for node in ast.walk(ast.parse(code))
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        }
        assert imported == {"numpy"}
        for function in COURSE:
            assert f"def {function}(" in code


def test_a_notebook_is_one():
    made = export(FLOWER, split_of(FLOWER), None, None, "flower", "x.npz")
    text = notebook(made, "flower")
    nbformat.validate(nbformat.reads(text, as_version=4))
    assert text == notebook(made, "flower")


def test_the_command_writes_what_is_asked_for(tmp_path, capsys):
    project = tmp_path / "mine.json"
    project.write_bytes(encode(FLOWER))
    for name in ("a.py", "a.ipynb"):
        assert main(["export", str(project), str(tmp_path / name)]) == 0
        assert (tmp_path / name).stat().st_size > 1000
    assert main(["export", "flower", str(tmp_path / "a.docx")]) == 2
    assert "ends in none of" in capsys.readouterr().err
    assert main(["export", "nothing", str(tmp_path / "b.py")]) == 2
    assert not (tmp_path / "b.py").exists()
