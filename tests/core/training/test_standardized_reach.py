"""Data that cannot be trained after standardizing are refused beforehand, and no others."""

import itertools

import numpy as np
import pytest

from core import edits
from core.data.own import own_data
from core.errors import LayerwiseError
from core.project import Project
from core.training import data_source
from core.training.data_source import check_own, check_standardized, split_of

RANDOM = np.random.RandomState(0)


def alike_but_one(size, n=2, m=5):
    """Rows of one number, but for the first example."""
    X = np.full((n, m), size)
    X[:, 0] = RANDOM.randn(n) * size
    return X


FAR = {
    **{f"about {s}": RANDOM.randn(2, 5) * s for s in (1e-310, 1e-300, 1e-150, 1.0, 1e149)},
    **{f"one apart {s}": alike_but_one(s) for s in (5e-324, 1e-310, 1e-150, 1.0, 1e149)},
    "three inputs, one apart": alike_but_one(1e149, n=3),
    "tiny beside one": np.array([[1e-40, 2e-40, 3e-40, 1e-40, 1.0], [0, 0, 0, 0, 0]]),
    "tiny in long rows": np.append(RANDOM.randn(1, 3000) * 1e-50, [[1.0] * 40], axis=1),
}


@pytest.mark.parametrize("name", FAR)
@pytest.mark.parametrize("looked_at", [2, 1000])
def test_standardizing_is_refused_exactly_if_the_split_would_not_be_finite(
    monkeypatch, name, looked_at
):
    monkeypatch.setattr(data_source, "LOOKED_AT", looked_at)
    X = FAR[name]
    m = X.shape[1]
    for given, share, dtype, seed in itertools.product(
        (0, 1), (0.0, 0.2, 0.9), ("float64", "float32"), range(4)
    ):
        own = own_data(X, [np.arange(m) % 2], "far.csv", test_examples=given)
        project = edits.choose_own(Project(), own)
        project = edits.with_data(project, test_share=share, normalize=True, seed=seed)
        project = edits.with_training(project, dtype=dtype)
        check_own(project, own)
        try:
            split_of(project, own)
        except LayerwiseError:
            with pytest.raises(LayerwiseError, match="choose another test share"):
                check_standardized(project, own)
        else:
            check_standardized(project, own)


def test_both_kinds_are_among_them():
    own = own_data(FAR["tiny beside one"], [np.arange(5) % 2], "far.csv", test_examples=1)
    project = edits.with_data(edits.choose_own(Project(), own), normalize=True)
    check_standardized(project, own)
    with pytest.raises(LayerwiseError, match="x1 of an example for testing"):
        check_standardized(edits.with_training(project, dtype="float32"), own)
