"""An edit after which own data could not be learned is refused, and the run continues."""

import numpy as np
import pytest

from core import edits
from core.data.own import own_data
from core.errors import LayerwiseError
from core.project import Project
from gui.model.data_cache import DataCache
from gui.model.document import Document
from gui.model.runs import Runs


def test_a_test_share_that_leaves_an_example_too_far_is_refused(qapp):
    document = Document(Project(), None)
    cache = DataCache(document, Runs(None))
    X = np.array([[1e-60, 2e-60, 3e-60, 1e-60, 1e149], [0, 0, 0, 0, 0]])
    own = own_data(X, [np.arange(5) % 2], "far.csv")
    cache.bring(own)
    after = edits.with_training(edits.choose_own(document.project, own), dtype="float32")
    document.edit("Far", edits.with_data(after, normalize=True))
    seeds = []
    for seed in range(20):
        before = document.project
        after = edits.with_data(before, test_share=0.2, seed=seed)
        try:
            document.edit("Share", after)
        except LayerwiseError:
            seeds.append(seed)
            assert document.project is before
    assert 0 < len(seeds) < 20  # whichever puts the far one aside
    with pytest.raises(LayerwiseError, match="choose another test share"):
        document.edit("Share", edits.with_data(document.project, test_share=0.2, seed=seeds[0]))
