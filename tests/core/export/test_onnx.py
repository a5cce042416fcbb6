"""An exported .onnx file, run by onnxruntime, predicts what the network here predicts."""

import builtins

import numpy as np
import pytest
from msgspec.structs import replace

from core import edits
from core.errors import LayerwiseError
from core.export import onnx as exporting
from core.export.command import main
from core.nn.activations import ACTIVATIONS
from core.nn.cache import Cache
from core.project import LayerSettings, Project, encode
from core.training.data_source import split_of
from core.training.session import Session

onnx = pytest.importorskip("onnx")
runtime = pytest.importorskip("onnxruntime")

FLOWER = Project()
BLOBS = edits.choose_source(FLOWER, "blobs")
CLASSES = BLOBS.network.layers[-1].units
PLANE = edits.choose_source(FLOWER, "plane")
HIDDEN = [name for name in ACTIVATIONS if name != "softmax"]


def network(project, *layers):
    rows = tuple(LayerSettings(units=units, activation=g) for units, g in layers)
    return replace(project, network=replace(project.network, layers=rows, initializer="he"))


def trained(project, iterations=40):
    session = Session(project, split_of(project))
    with np.errstate(all="ignore"):
        for _ in range(iterations):
            session.advance()
    return session


def predicted(session):
    """What the network here answers for its training examples, an example a row, and their raw
    inputs.
    """
    split = session.split
    cache = Cache(session.network.sizes, split.train.m, split.train.X.dtype)
    A = session.network.forward(session.p, split.train.X, cache)
    raw = split.points
    if raw is None:
        raw = split.train.X.astype(float)
        if split.std is not None:
            raw = raw * split.std + split.mean
    return A.T, raw.T


def compared(project, tolerance=1e-6, iterations=40):
    """Both predictions of a project after some iterations; how the classes of the model agree."""
    session = trained(project, iterations)
    made = exporting.model(project, session.split, session.p, "test")
    ours, raw = predicted(session)
    run = runtime.InferenceSession(made, providers=["CPUExecutionProvider"])
    found = run.run(None, {"x": np.ascontiguousarray(raw)})
    assert found[0].dtype == session.p.flat.dtype
    assert found[0].shape == ours.shape
    assert np.abs(found[0] - ours).max() <= tolerance
    if session.split.kind == "binary":
        assert (found[1] == (ours[:, 0] > 0.5)).mean() > 0.995
    elif session.split.kind == "classes":
        assert (found[1] == ours.argmax(axis=1)).mean() > 0.995
    else:
        assert len(found) == 1
    return made


@pytest.mark.parametrize("name", HIDDEN)
def test_every_activation_predicts_the_same_in_both_precisions(name):
    for kind, tolerance in (("float64", 1e-12), ("float32", 1e-6)):
        project = network(FLOWER, (5, name), (3, name), (1, "sigmoid"))
        project = replace(
            project, training=replace(project.training, dtype=kind, learning_rate=0.1)
        )
        compared(project, tolerance)


def test_features_and_normalization_are_in_the_model():
    every = ("sin_x2", "x1", "x2", "x1_squared", "x2_squared", "x1x2", "sin_x1")
    project = network(FLOWER, (4, "tanh"), (1, "sigmoid"))
    project = replace(
        project, data=replace(project.data, features=every, normalize=True, test_share=0.2)
    )
    made = onnx.load_from_string(compared(project, 1e-12))
    assert made.graph.input[0].type.tensor_type.shape.dim[1].dim_value == 2
    names = {constant.name for constant in made.graph.initializer}
    assert {"inputs/mean", "inputs/deviation", "layer1/W", "layer1/b", "layer2/W"} <= names
    assert "x1, x2" in made.doc_string


def test_classes_and_real_numbers():
    compared(network(BLOBS, (6, "relu"), (CLASSES, "softmax")), 1e-12)
    compared(network(PLANE, (4, "tanh"), (1, "linear")), 1e-12)


def test_pictures_are_fed_as_the_data_has_them():
    project = edits.choose_source(FLOWER, "digits")
    project = replace(project, data=replace(project.data, normalize=True))
    session = trained(project, 3)
    made = exporting.model(project, session.split, session.p, "digits")
    ours, raw = predicted(session)
    run = runtime.InferenceSession(made, providers=["CPUExecutionProvider"])
    assert np.abs(run.run(None, {"x": raw})[0] - ours).max() <= 1e-9


def test_a_muted_unit_is_silent():
    project = network(FLOWER, (4, "tanh"), (3, "sigmoid"), (1, "sigmoid"))
    layers = list(project.network.layers)
    layers[1] = replace(layers[1], muted=(1,))
    compared(replace(project, network=replace(project.network, layers=tuple(layers))), 1e-12)


def test_the_command_writes_a_model_of_the_weights_in_the_project(tmp_path, capsys):
    project = tmp_path / "mine.json"
    project.write_bytes(encode(FLOWER))
    path = tmp_path / "mine.onnx"
    assert main(["export", str(project), str(path)]) == 0
    said = capsys.readouterr().out
    assert "mine.onnx" in said
    assert "iteration 0" in said
    onnx.checker.check_model(str(path))


def test_without_the_package_one_sentence_says_what_to_install(monkeypatch, tmp_path, capsys):
    real = builtins.__import__

    def without(name, *rest, **named):
        if name == "onnx":
            raise ImportError(name)
        return real(name, *rest, **named)

    session = trained(FLOWER, 1)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(LayerwiseError, match="python -m pip install onnx"):
        exporting.model(FLOWER, session.split, session.p, "test")
    assert main(["export", "flower", str(tmp_path / "a.onnx")]) == 2
    assert "pip install onnx" in capsys.readouterr().err
    assert not (tmp_path / "a.onnx").exists()
