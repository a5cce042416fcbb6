"""The course's `.h5` files are read in the course's order; others are refused in a sentence."""

from typing import Any

import numpy as np
import pytest

from core.data.own import OwnData
from core.errors import LayerwiseError
from core.files import course

h5py = pytest.importorskip("h5py")
rng = np.random.RandomState(0)
TRAIN = rng.randint(0, 256, (5, 4, 4, 3), np.uint8)
TEST = rng.randint(0, 256, (2, 4, 4, 3), np.uint8)


def read_h5(*paths) -> OwnData:
    return course.read_h5(*paths).own


def write(path, **arrays):
    with h5py.File(path, "w") as h5:
        for name, array in arrays.items():
            h5[name] = array
    return path


@pytest.fixture
def cats(tmp_path):
    return {
        "train_set_x": TRAIN,
        "train_set_y": np.array([0, 1, 0, 1, 1]),
        "test_set_x": TEST,
        "test_set_y": np.array([1, 0]),
        "list_classes": np.array([b"non-cat", b"cat"]),
    }


def test_a_course_file_is_read_as_the_course_reads_it(tmp_path, cats):
    own = read_h5(write(tmp_path / "catvnoncat.h5", **cats))
    assert np.array_equal(own.X[:, :5], TRAIN.reshape(5, -1).T / 255)
    assert np.array_equal(own.X[:, 5:], TEST.reshape(2, -1).T / 255)
    assert own.Y.tolist() == [[0, 1, 0, 1, 1, 1, 0]]
    assert own.classes == ("non-cat", "cat")
    assert own.picture == (4, 4, 3)
    assert own.test_examples == 2
    assert own.origin == "catvnoncat.h5"


def test_the_test_set_may_be_in_a_second_file(tmp_path, cats):
    whole = read_h5(write(tmp_path / "catvnoncat.h5", **cats))
    parts = {part: {n: a for n, a in cats.items() if n.startswith(part)} for part in ("tr", "te")}
    train = write(tmp_path / "train_catvnoncat.h5", **parts["tr"])
    test = write(tmp_path / "test.h5", list_classes=cats["list_classes"], **parts["te"])
    for own in (read_h5(train, test), read_h5(test, train)):
        assert own.origin == "train_catvnoncat.h5"
        assert (own.X.tobytes(), own.Y.tobytes()) == (whole.X.tobytes(), whole.Y.tobytes())
        assert (own.classes, own.test_examples) == (whole.classes, 2)
    with pytest.raises(LayerwiseError, match=r"test.h5 cannot .*choose both together, or drop"):
        read_h5(test)
    with pytest.raises(LayerwiseError, match="test_set_x, as the other file does"):
        read_h5(test, test)


def test_hands_of_six_numbers_are_one_hot(tmp_path, cats):
    cats["train_set_y"] = np.array([[0, 5, 3, 2, 1]])
    own = read_h5(write(tmp_path / "signs.h5", **cats))
    assert own.classes == ("0", "1", "2", "3", "5")
    assert own.Y[:, 1].tolist() == [0, 0, 0, 0, 1]


def test_tables_and_files_without_a_test_set(tmp_path):
    X = rng.randn(5, 3)
    own = read_h5(write(tmp_path / "a.h5", train_set_x=X, train_set_y=np.arange(5) % 2))
    assert np.array_equal(own.X, X.T)
    assert (own.picture, own.test_examples) == (None, 0)


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no labels": ({"train_set_y": None}, "holds no train_set_x and train_set_y"),
    "no test labels": ({"test_set_y": None}, "holds test_set_x without the labels"),
    "fewer labels": ({"train_set_y": np.arange(4) % 2}, "not as many labels as examples"),
    "other pictures": ({"test_set_x": TEST[:, :2]}, "not of one shape"),
    "one number each": ({"train_set_x": np.arange(5), "test_set_x": np.arange(2)}, r"is \(5,\)"),
    "text": ({"train_set_x": np.array([b"a"] * 5)}, "holds no real numbers"),
    "complex": ({"train_set_y": np.ones(5, complex)}, "holds no real numbers"),
    "NaN labels": ({"train_set_y": np.full(5, np.nan)}, r"train_set_y\[0, 0\] is not a finite"),
    "one class": ({"train_set_y": np.ones(5), "test_set_y": np.ones(2)}, "every label is 1"),
    "NaN": ({"train_set_x": TRAIN / np.nan, "test_set_x": TEST / 1}, "not a finite number"),
}


@pytest.mark.filterwarnings("ignore::RuntimeWarning")
@pytest.mark.parametrize("case", WRONG)
def test_errors_name_the_problem(tmp_path, cats, case):
    arrays, reason = WRONG[case]
    cats = {k: v for k, v in {**cats, **arrays}.items() if v is not None}
    with pytest.raises(LayerwiseError, match=rf"a\.h5 cannot be used: .*{reason}"):
        read_h5(write(tmp_path / "a.h5", **cats))


def test_nothing_outside_the_file_is_opened(tmp_path, cats):
    write(tmp_path / "other.h5", x=TRAIN)
    (tmp_path / "secret").write_bytes(bytes(TRAIN.nbytes))
    del cats["train_set_x"]
    path = write(tmp_path / "a.h5", **cats)
    layout = h5py.VirtualLayout(TRAIN.shape, np.uint8)
    layout[...] = h5py.VirtualSource(tmp_path / "other.h5", "x", TRAIN.shape)
    outside = [(str(tmp_path / "secret"), 0, TRAIN.nbytes)]
    for plant in (
        lambda h5: h5.__setitem__("train_set_x", h5py.ExternalLink("other.h5", "x")),
        lambda h5: h5.__setitem__("train_set_x", h5py.SoftLink("/test_set_x")),
        lambda h5: h5.create_virtual_dataset("train_set_x", layout),
        lambda h5: h5.create_dataset("train_set_x", TRAIN.shape, np.uint8, external=outside),
        lambda h5: h5.create_group("train_set_x"),
    ):
        with h5py.File(path, "a") as h5:
            plant(h5)
        with pytest.raises(LayerwiseError, match=r"link to elsewhere|in another file|is a group"):
            read_h5(path)
        with h5py.File(path, "a") as h5:
            del h5["train_set_x"]


def test_a_size_that_is_only_claimed_is_not_believed(tmp_path, cats):
    for shape in ((2**40, 4), (2**26 + 1, 1)):
        with h5py.File(tmp_path / "a.h5", "w") as h5:
            h5.create_dataset("train_set_x", shape, np.uint8, chunks=(1024, 1))
        with pytest.raises(LayerwiseError, match="which is too large"):
            read_h5(tmp_path / "a.h5")


def test_cut_or_altered_it_is_read_or_refused(tmp_path, cats):
    path = write(tmp_path / "a.h5", **cats)
    content = path.read_bytes()
    for place in range(0, len(content), 37):
        for damaged in (content[:place], content[:place] + b"\xff" + content[place + 1 :]):
            path.write_bytes(damaged)
            try:
                own = read_h5(path)
            except LayerwiseError as error:
                assert "\n" not in str(error)  # noqa: PT017 - many are read, many are not
            else:
                assert np.isfinite(own.X).all()
