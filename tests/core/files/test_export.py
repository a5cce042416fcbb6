"""Weights are exported and imported, own data imported, and every mismatch named."""

import numpy as np
import pytest
from msgspec.structs import replace

from core.errors import LayerwiseError
from core.files.export import read_data, read_weights, write_array, write_weights
from core.nn.initializers import initialize
from core.nn.parameters import Parameters
from core.project import Project, decode
from core.training.data_source import split_of

SPLIT = split_of(Project())


@pytest.fixture
def parameters():
    p = Parameters((2, 4, 1))
    initialize(p, "normal", 0.01, np.random.RandomState(2))
    p.b[1][...] = 1.5
    return p


def test_a_notebook_loads_it_with_numpy_alone(tmp_path, parameters):
    write_weights(tmp_path / "w.npz", Project(), parameters, SPLIT)
    with np.load(tmp_path / "w.npz") as file:
        assert list(file) == ["W1", "b1", "W2", "b2", "activations", "project"]
        assert [file[name].shape for name in ("W1", "b1", "W2", "b2")] == [
            (4, 2),
            (4, 1),
            (1, 4),
            (1, 1),
        ]
        assert file["W1"][0] == pytest.approx([-0.00416758, -0.00056267], abs=1e-8)
        assert file["activations"].tolist() == ["tanh", "sigmoid"]
        assert decode(str(file["project"]).encode()) == Project()


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_written_weights_are_read_back_bit_for_bit(tmp_path, dtype):
    p = Parameters((3, 50, 20, 2), dtype)
    p.flat[...] = np.random.RandomState(0).randn(p.flat.size)
    write_weights(tmp_path / "w.npz", Project(), p, SPLIT)
    flat = read_weights(tmp_path / "w.npz", p.sizes)
    assert flat.dtype == np.float64
    assert np.array_equal(flat, p.flat)


def test_names_by_layer_are_read_as_ours_are(tmp_path):
    """Of muted units too, whose weights are kept beside what goes out."""
    project = Project()
    layers = (replace(project.network.layers[0], muted=(1, 3)), project.network.layers[1])
    project = replace(project, network=replace(project.network, layers=layers))
    split = split_of(project)
    p = Parameters(project.sizes(), flat=np.random.RandomState(2).randn(17))
    plain, named = tmp_path / "plain.npz", tmp_path / "named.npz"
    write_weights(plain, project, p, split)
    write_weights(named, project, p, split, by_layer=True)
    with np.load(plain) as ours, np.load(named) as theirs:
        by = {"layer1/W": "W1", "layer1/b": "b1", "layer2/W": "W2", "layer2/b": "b2",
              "layer2/muted_W": "muted_W2"}  # fmt: skip
        assert set(theirs) - set(ours) == set(by)
        for name, own in by.items():
            assert np.array_equal(theirs[name], ours[own])
    for path in (plain, named):
        assert np.array_equal(read_weights(path, project.sizes()), p.flat)
    with pytest.raises(LayerwiseError, match="W1 is"):
        read_weights(named, (3, 4, 1))


def test_a_notebook_s_own_file_is_read(tmp_path, parameters):
    arrays = {"b2": parameters.b[2], "W2": parameters.W[2], "b1": parameters.b[1]}
    np.savez(tmp_path / "w.npz", W1=parameters.W[1], **arrays)
    assert np.array_equal(read_weights(tmp_path / "w.npz", (2, 4, 1)), parameters.flat)


def test_every_mismatch_is_named(tmp_path):
    np.savez(
        tmp_path / "w.npz",
        W1=np.ones((4, 2)),
        b1=np.ones(3),
        W2=np.ones((3, 4)),
        W3=np.ones((1, 3)),
        costs=np.ones(9),
    )
    with pytest.raises(LayerwiseError) as caught:
        read_weights(tmp_path / "w.npz", (2, 4, 1))
    assert str(caught.value) == (
        f"{tmp_path}/w.npz cannot be used: its weights do not fit the network 2-4-1:"
        " b1 is (3,) in the file, the network needs (4, 1),"
        " W2 is (3, 4) in the file, the network needs (1, 4), b2 is missing,"
        " W3 is in the file, the network has 2 layers,"
        " costs is in the file and not a weight or bias."
    )


def test_a_large_network_in_a_small_file_costs_nothing(tmp_path):
    np.savez(tmp_path / "w.npz", W1=np.ones((4, 2)))
    with pytest.raises(LayerwiseError, match="W1 is \\(4, 2\\) in the file, the network needs"):
        read_weights(tmp_path / "w.npz", (4096, 4096, 4096, 1))


def test_a_failed_export_leaves_the_old_file(tmp_path, parameters):
    (tmp_path / "w.npz").mkdir()
    with pytest.raises(LayerwiseError, match=r"w\.npz cannot be written: it is a folder\.$"):
        write_weights(tmp_path / "w.npz", Project(), parameters, SPLIT)


@pytest.fixture
def data(tmp_path):
    def data(**arrays):
        np.savez(tmp_path / "d.npz", **arrays)
        own = read_data(tmp_path / "d.npz").own
        return own.X, own.Y

    return data


X = np.arange(6.0).reshape(2, 3)
Y = np.array([[0.0, 1.0, 1.0]])


def test_data_are_read(data):
    read_X, read_Y = data(X=X, Y=Y)
    assert np.array_equal(read_X, X)
    assert np.array_equal(read_Y, Y)


@pytest.mark.parametrize("dtype", [">f8", "<f4", ">i2", "|u1"])
def test_data_of_any_number_type_and_order(data, dtype):
    read_X, read_Y = data(X=np.asfortranarray(X, dtype), Y=Y.astype(bool))
    assert np.array_equal(read_X, X)
    assert np.array_equal(read_Y, Y)
    assert read_X.dtype == read_Y.dtype == np.float64
    assert read_X.flags.c_contiguous


@pytest.mark.parametrize(
    ("arrays", "sentence"),
    [
        ({"X": X}, "it holds X, and data needs X (n_x, m) and Y (n_y, m)."),
        ({}, "it holds nothing, and data needs X (n_x, m) and Y (n_y, m)."),
        ({"X": X[:, :0], "Y": Y}, "X is (2, 0); make it (rows, examples), a column each."),
        ({"X": X, "Y": Y[:, :2]}, "X has 3 examples and Y has 2; columns are examples."),
        ({"X": X, "Y": Y, "Z": Y}, "it holds Z besides X and Y; leave that out."),
        ({"X": X.astype(str), "Y": Y}, "X holds text where numbers are needed."),
        ({"X": X, "Y": [[0, 1, np.nan]]}, "Y[0, 2] is not a finite number."),
        (
            {"X": np.zeros((1, 1_000_001), "i1"), "Y": np.zeros((1, 1_000_001), "i1")},
            "X is (1, 1,000,001), and the limits are 1,000,000 examples and 134,217,728 numbers;"
            " columns are examples.",
        ),
    ],
)
def test_data_that_cannot_be_used_say_why(data, tmp_path, arrays, sentence):
    with pytest.raises(LayerwiseError) as caught:
        data(**arrays)
    assert str(caught.value) == f"{tmp_path}/d.npz cannot be used: {sentence}"


def test_a_matrix_as_csv_keeps_every_digit(tmp_path):
    matrix = np.array([[1 / 3, -2e-300], [5.0, 0.1]])
    write_array(tmp_path / "m.csv", matrix)
    assert np.array_equal(np.loadtxt(tmp_path / "m.csv", delimiter=","), matrix)
