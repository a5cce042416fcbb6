"""Exports are complete: weights give the same predictions in NumPy, and data are read back."""

import dataclasses
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
from msgspec.structs import replace

from core import edits
from core.data.datasets import DATASETS
from core.data.own import OwnData, own_data
from core.files import own_data as doors
from core.files.export import TransposedError, read_weights, write_weights
from core.files.project import examples, find_saved
from core.nn.activations import ACTIVATIONS
from core.nn.parameters import Parameters
from core.project import DataSettings, LayerSettings, Project
from core.training.data_source import split_of, whole
from core.training.session import Session

rng = np.random.RandomState(0)
G: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(0, z),
    "leaky_relu": lambda z: np.where(z > 0, z, 0.01 * z),
    "elu": lambda z: np.where(z > 0, z, np.exp(np.minimum(z, 0)) - 1),
    "softplus": lambda z: np.logaddexp(0, z),
    "step": lambda z: (z >= 0) * 1.0,
    "linear": lambda z: z,
    "softmax": lambda z: np.exp(z - z.max(axis=0)) / np.exp(z - z.max(axis=0)).sum(axis=0),
}
FEATURES: dict[
    str, Callable[[np.ndarray], np.ndarray]
] = {  # of points X (2, m), as a reader of the README would write them
    "x1": lambda X: X[0],
    "x2": lambda X: X[1],
    "x1_squared": lambda X: X[0] ** 2,
    "x2_squared": lambda X: X[1] ** 2,
    "x1x2": lambda X: X[0] * X[1],
    "sin_x1": lambda X: np.sin(X[0]),
    "sin_x2": lambda X: np.sin(X[1]),
}


def notebook(path, X):
    """The predictions of a notebook that has the file, NumPy, and the data as they are."""
    w = np.load(path)
    if "features" in w:
        X = np.stack([FEATURES[name](X) for name in w["features"]])
    if "mean" in w:
        X = (X - w["mean"]) / w["deviation"]
    A = X
    for l, name in enumerate(w["activations"], start=1):
        A = G[str(name)](w[f"W{l}"] @ A + w[f"b{l}"])
    return A


def own(n=3, m=60, kind="binary", tested=0, picture=None) -> OwnData:
    X = rng.rand(n, m) * 10.0 ** np.arange(n)[:, np.newaxis] if picture is None else rng.rand(n, m)
    Y = {
        "binary": np.arange(m)[np.newaxis] % 2,
        "classes": np.eye(3)[:, np.arange(m) % 3],
        "regression": X[:1] * 2 - 1,
    }[kind]
    return own_data(X, Y, "own", kind=kind, picture=picture, test_examples=tested)


def learning(data: OwnData, **settings) -> tuple[Project, OwnData]:
    project = edits.choose_own(Project(), data)
    return edits.with_data(project, **settings), data


def bundled(name: str) -> Callable[[], tuple[Project, OwnData | None]]:
    return lambda: (find_saved(name)[0].project, None)


def built(*layers: tuple[int, str], source="flower", **training) -> Project:
    """A network of layers of these units and activations, on data of the gallery."""
    made = tuple(LayerSettings(units=n, activation=g) for n, g in layers)
    project = edits.with_network(edits.choose_source(Project(), source), layers=made)
    return edits.with_training(project, **training)


def hidden(g: str) -> tuple[Project, None]:
    return built((5, g), (1, "sigmoid")), None


def answers() -> OwnData:
    """Two answers of yes or no to each example."""
    return own_data(rng.randn(3, 60), [np.arange(60) % 2, np.arange(60) % 3 == 0], "own")


def muted() -> Project:
    project = edits.mute_unit(built((5, "sigmoid"), (4, "relu"), (1, "sigmoid")), 1, 3)
    return edits.mute_unit(edits.mute_unit(project, 2, 0), 2, 2)


def dropping() -> Project:
    project = edits.set_dropout(built((6, "relu"), (4, "tanh"), (1, "sigmoid")), 1, 0.3)
    return edits.with_training(project, batch_size=32, optimizer="adam")


CASES: dict[str, Callable[[], tuple[Project, OwnData | None]]] = {
    **{name: bundled(name) for name in examples()},
    "standardized": lambda: learning(own(), normalize=True),
    "its own test set": lambda: learning(own(tested=20), normalize=True),
    "a test share": lambda: learning(own(), normalize=True, test_share=0.3),
    "one input": lambda: learning(own(n=1), normalize=True),
    "two inputs": lambda: learning(own(n=2), normalize=True),
    "several classes": lambda: learning(own(kind="classes"), normalize=True),
    "regression": lambda: learning(own(kind="regression"), normalize=True),
    "pictures": lambda: learning(own(n=64, kind="classes", picture=(8, 8, 1))),
    **{f"hidden {g}": partial(hidden, g) for g in ACTIVATIONS if g not in ("step", "softmax")},
    "one neuron": lambda: (built((1, "sigmoid")), None),
    "a step": lambda: (built((4, "tanh"), (1, "step"), loss="squared_error"), None),
    "several answers": lambda: learning(answers(), normalize=True),
    "muted units": lambda: (muted(), None),
    "dropout and batches": lambda: (dropping(), None),
    "single precision": lambda: (built((4, "tanh"), (1, "sigmoid"), dtype="float32"), None),
    "features": lambda: (
        Project(data=DataSettings(features=("x1", "x1_squared", "x1x2", "sin_x2"))), None
    ),
    "features, standardized": lambda: (
        Project(data=DataSettings(features=tuple(FEATURES), normalize=True, test_share=0.2)), None
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_exported_weights_give_the_windows_predictions_in_numpy(tmp_path, case):
    project, data = CASES[case]()
    session = Session(project, own=data)
    for _ in range(20):
        session.step()
    write_weights(tmp_path / "w.npz", project, session.p, session.split)
    everything = whole(project, data)
    ours = session.answers()
    A = notebook(tmp_path / "w.npz", everything.X)
    train = everything.m - everything.test_examples
    rtol, atol = (1e-5, 1e-6) if project.training.dtype == "float32" else (1e-9, 1e-12)
    assert np.allclose(A[:, :train], ours.train.A, rtol=rtol, atol=atol)
    assert (ours.test is None) == (train == everything.m)
    if ours.test is not None:
        assert np.allclose(A[:, train:], ours.test.A, rtol=rtol, atol=atol)
    back = read_weights(tmp_path / "w.npz", session.network.sizes)
    assert np.array_equal(back, session.p.flat)


@pytest.mark.parametrize("suffix", ["csv", "npz"])
@pytest.mark.parametrize("kind", ["binary", "classes", "regression"])
@pytest.mark.parametrize("tested", [0, 20])
def test_data_come_back_with_names_and_the_test_set(tmp_path, suffix, kind, tested):
    before = own(kind=kind, tested=tested)
    count = {"binary": 2, "classes": 3, "regression": 0}[kind]
    before = own_data(
        before.X, before.Y, f"out.{suffix}", kind=kind, inputs=["+length", "width (cm)", "höhe"],
        classes=["=no", "yes", "zebra"][:count], test_examples=tested,
    )  # fmt: skip
    write = doors.write_table if suffix == "csv" else doors.write_arrays
    write(tmp_path / f"out.{suffix}", before)
    after = doors.import_data([tmp_path / f"out.{suffix}"]).own
    assert after.digest == before.digest


def bits(*rows: str) -> np.ndarray:
    return np.array([[float(c) for c in row] for row in rows])


SAME: dict[str, dict[str, Any]] = {
    "values that are few whole numbers": {"Y": bits("013013013"), "kind": "regression"},
    "values that are 0 and 1": {"Y": bits("010010110"), "kind": "regression"},
    "several values": {"Y": bits("013013013", "201201201"), "kind": "regression"},
    "several answers": {"Y": bits("010110101", "110010011"), "kind": "binary",
                        "classes": ["no", "yes"]},
    "classes out of order": {"Y": bits("010110101"), "classes": ["non-cat", "cat"]},
    "classes that are numbers": {"Y": bits("010110101"), "classes": ["0.5", "1.25"]},
    "classes that are odd": {"Y": bits("010110101"), "classes": ['a "b", c', "[x] (y); z"]},
    "a class without an example": {"Y": bits("100100100", "011011011", "000000000")},
    "two classes one-hot": {"Y": bits("100100100", "011011011"), "kind": "classes",
                            "classes": ["b", "a"]},
    "many classes": {"Y": np.eye(9), "classes": [f"class number {j} of these" for j in range(9)]},
    "an input that counts": {"X": [np.arange(9), np.arange(9) % 4], "Y": bits("010110101"),
                             "inputs": ["id", "y"]},
    "an input that is constant": {"X": [np.ones(9), np.arange(9) % 4], "Y": bits("010110101"),
                                  "inputs": ["target", "label"]},
    "inputs that are one-hot": {"X": np.eye(9)[:3], "Y": bits("010110101"),
                                "inputs": ["class_a", "class_b", "class_c"]},
    "inputs named like numbers": {"Y": bits("010110101"), "inputs": ["0", "1"]},
    "pictures": {"X": np.arange(108).reshape(12, 9) / 255, "Y": bits("010110101"),
                 "picture": (2, 2, 3)},
    "no pictures": {"X": np.arange(81).reshape(9, 9) / 255, "Y": bits("010110101")},
}  # fmt: skip


@pytest.mark.parametrize("suffix", ["csv", "npz"])
@pytest.mark.parametrize("tested", [0, 3])
@pytest.mark.parametrize("name", SAME)
def test_any_export_is_imported_unchanged(tmp_path, suffix, tested, name):
    given = {"X": np.arange(18).reshape(2, 9) ** 2 / 7, **SAME[name]}
    X, Y = np.array(given.pop("X")), given.pop("Y")
    before = own_data(X, Y, f"out.{suffix}", test_examples=tested, **given)
    write = doors.write_table if suffix == "csv" else doors.write_arrays
    write(tmp_path / f"out.{suffix}", before)
    after = doors.import_data([tmp_path / f"out.{suffix}"]).own
    assert (after.kind, after.inputs, after.classes) == (before.kind, before.inputs, before.classes)
    assert np.array_equal(after.Y, before.Y)
    assert np.array_equal(after.X, before.X)
    assert after.digest == before.digest


@pytest.mark.parametrize("source", DATASETS)
@pytest.mark.parametrize("suffix", ["csv", "npz"])
def test_every_exported_data_set_is_imported_unchanged(tmp_path, source, suffix):
    project = edits.choose_source(Project(), source)
    before = whole(edits.with_data(project, test_share=0.25), None)
    write = doors.write_table if suffix == "csv" else doors.write_arrays
    write(tmp_path / f"out.{suffix}", before)
    after = doors.import_data([tmp_path / f"out.{suffix}"]).own
    assert replace_origin(after).digest == replace_origin(before).digest


def replace_origin(data: OwnData) -> OwnData:
    return dataclasses.replace(data, origin="out")


def test_an_exported_data_set_has_its_test_set(tmp_path):
    project = Project(data=DataSettings(test_share=0.25))
    everything, split = whole(project, None), split_of(project)
    assert split.test is not None
    doors.write_arrays(tmp_path / "flower.npz", everything)
    with np.load(tmp_path / "flower.npz") as file:
        assert np.array_equal(file["X"], split.train.X)
        assert np.array_equal(file["Y_test"], split.test.Y)
    project = replace(project, data=replace(project.data, test_share=0.0))
    assert whole(project, None).test_examples == 0


def test_biases_may_be_vectors_and_transposed_weights_are_offered(tmp_path):
    W1, b1, W2, b2 = rng.randn(4, 2), rng.randn(4), rng.randn(1, 4), rng.randn(1)
    np.savez(tmp_path / "w.npz", W1=W1, b1=b1, W2=W2, b2=b2)
    flat = read_weights(tmp_path / "w.npz", (2, 4, 1))
    assert flat[:3].tolist() == [*W1[0], b1[0]]
    np.savez(tmp_path / "t.npz", W1=W1.T, b1=b1[np.newaxis], W2=W2.T, b2=b2)
    with pytest.raises(
        TransposedError, match=r"transposed: save W1\.T, … so that the network 2-4-1 gets"
    ):
        read_weights(tmp_path / "t.npz", (2, 4, 1))
    assert np.array_equal(read_weights(tmp_path / "t.npz", (2, 4, 1), transposed=True), flat)


def test_foreign_arrays_with_our_names_are_read_as_foreign(tmp_path):
    project = muted()
    session = Session(project)
    write_weights(tmp_path / "w.npz", project, session.p, session.split)
    whole_file = dict(np.load(tmp_path / "w.npz"))
    assert not whole_file["W2"][:, 3].any()
    assert np.array_equal(whole_file["muted_W2"], session.p.W[2][:, [3]])
    for change in ({"project": np.array("{}")}, {"muted_W2": np.ones((2, 1))}):
        np.savez(tmp_path / "x.npz", **{**whole_file, **change})
        back = Parameters(session.network.sizes)
        back.flat[...] = read_weights(tmp_path / "x.npz", session.network.sizes)
        assert not back.W[2][:, 3].any()
