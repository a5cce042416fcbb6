"""Films: which iterations they show, and that what was shown is in the file."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from core.errors import LayerwiseError
from core.files import film


def said(done, total):
    assert 0 <= done < total


def frames(n):
    shown = np.zeros((n, 12, 20, 3), np.uint8)
    for i in range(n):
        shown[i, :, : i + 1] = (255, 128, 7 * i)
    return list(shown)


@given(st.integers(0, 1000), st.integers(1, 10**6), st.integers(2, 200), st.booleans())
def test_the_moments_of_a_film(earliest, length, most, even):
    shown = film.moments(earliest, earliest + length, most, even=even)
    assert shown[0] == earliest
    assert shown[-1] == earliest + length
    assert len(shown) <= most
    assert all(a < b for a, b in itertools.pairwise(shown))
    steps = np.diff(shown)
    if even:
        assert steps.max() - steps.min() <= 1 or len(shown) < most
    elif len(steps) > 2:
        assert steps[-1] >= steps[0]


def test_a_gif_holds_every_frame_and_lasts_as_long_as_asked(tmp_path):
    path, made = tmp_path / "run.gif", frames(8)
    assert film.write(path, made, 2.0, said) == 1
    with Image.open(path) as gif:
        lasted = 0
        for i, frame in enumerate(made):
            gif.seek(i)
            lasted += gif.info["duration"]
            assert (np.asarray(gif.convert("RGB")) == frame).all()
        assert gif.info["loop"] == 0
        with pytest.raises(EOFError):
            gif.seek(8)
    assert lasted == pytest.approx(1000 * (2.0 + film.LINGER), abs=10)


def test_png_frames_are_numbered_and_exact(tmp_path):
    assert film.write(tmp_path / "run.png", frames(3), 1.0, said) == 3
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["run-001.png", "run-002.png", "run-003.png"]
    with Image.open(tmp_path / "run-002.png") as picture:
        assert (np.asarray(picture) == frames(3)[1]).all()


def test_what_cannot_be_written_is_named_and_the_old_film_stays(tmp_path):
    with pytest.raises(LayerwiseError, match="nowhere"):
        film.write(tmp_path / "nowhere" / "run.gif", frames(2), 1.0, said)

    def cancelled(done, total):
        raise KeyboardInterrupt

    path = tmp_path / "run.gif"
    path.write_bytes(b"before")
    with pytest.raises(KeyboardInterrupt):
        film.write(path, frames(2), 1.0, cancelled)
    assert path.read_bytes() == b"before"
