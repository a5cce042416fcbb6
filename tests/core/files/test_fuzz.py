"""Any damaged `.layerwise` file is read or refused in a sentence."""

import random
import warnings

import pytest

from core.errors import LayerwiseError
from core.files import storage
from tests.core.files import made, mutations


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_a_damaged_file_is_read_or_refused(seed):
    rng = random.Random(seed)
    content = storage.encode(made.saved(with_own=seed % 2 == 0))
    read = 0
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Duplicate name")  # the mutations make such zips
        for _ in range(300):
            damaged = mutations.mutated(content, rng)
            try:
                after = storage.decode(damaged, "a.layerwise")
            except LayerwiseError as error:
                assert str(error).startswith("a.layerwise cannot be used: ")  # noqa: PT017
                assert "\n" not in str(error)  # noqa: PT017 - some are read, most are not
            else:
                read += 1
                assert storage.decode(storage.encode(after), "b") is not None
    assert read < 150
