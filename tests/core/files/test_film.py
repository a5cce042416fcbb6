"""The iterations that a film shows."""

import numpy as np
import pytest

from core.files.film import moments


@pytest.mark.parametrize("frames", [2, 7, 60])
def test_even_frames_are_equally_spaced(frames):
    shown = moments(100, 10_100, frames, even=True)
    assert (len(shown), shown[0], shown[-1]) == (frames, 100, 10_100)
    gaps = np.diff(shown)
    assert gaps.max() - gaps.min() <= 1


def test_other_frames_are_denser_at_the_start():
    shown = moments(0, 8000, 21, even=False)
    assert shown == tuple(round(8000 * (k / 20) ** 3) for k in range(21))
    assert (np.diff(shown, 2) >= 0).all()
    assert sum(at < 1000 for at in shown) == 10  # half of them in the first eighth


def test_of_a_short_run_each_iteration_is_shown_once():
    assert moments(3, 6, 60, even=True) == moments(3, 6, 60, even=False) == (3, 4, 5, 6)
