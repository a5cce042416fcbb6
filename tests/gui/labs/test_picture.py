"""The picture lab: a pixel and its row, any order, two reshapes, and both trained."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt

from core import edits
from core.labs import pictures
from core.project import Project
from gui.labs.picture.panel import PictureLab
from tests.gui.hands import mouse
from tests.gui.panels.snapshots import snapshot

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def lab(shown):
    return shown(PictureLab)


def test_a_pixel_highlights_its_row_and_a_row_its_pixel(lab, typed):
    one = lab.one
    mouse(one.plot, QEvent.Type.MouseMove, one.plot.point_of((2, 1, 1)), held=False)
    assert one.plot.row == 15
    assert one.row.value == 16
    assert one.said.text() == (
        "Row 16 of the column is the pixel in row 3, column 2, channel 2: 15."
    )
    mouse(one.plot, QEvent.Type.MouseMove, one.plot.point_of_row(4), held=False)
    assert one.said.text().endswith("row 1, column 3, channel 1: 4.")
    typed(one.row, "18")
    assert one.plot.row == 17
    assert lab.facts() == {"seen": frozenset({"pixel"}), "trained": False}
    typed(one.row, "99")
    assert one.row.value == 18


def test_the_order_of_the_axes_is_chosen_and_the_pixel_stays(lab, by_key, qtbot):
    one = lab.one
    mouse(one.plot, QEvent.Type.MouseMove, one.plot.point_of((0, 1, 1)), held=False)
    by_key(one.axes[0], "channel")
    assert one.order == (2, 1, 0)
    assert one.code.text() == "x = A.transpose(2, 1, 0).reshape(-1, 1)"
    assert "row 1, column 2, channel 2: 3." in one.said.text()
    A = pictures.toys().sets[0][0]
    np.testing.assert_array_equal(
        one.plot.numbers()["column"], A.transpose(2, 1, 0).reshape(-1, 1)[:, 0]
    )
    one.plot.setFocus()
    qtbot.keyClick(one.plot, Qt.Key.Key_Down)
    qtbot.keyClick(one.plot, Qt.Key.Key_PageUp)
    assert "row 2, column 2, channel 1: 8." in one.said.text()
    assert lab.facts()["seen"] == {"pixel", "order"}


def test_a_column_of_each_reshape_is_a_picture_and_both_are_trained(lab, by_key, qtbot, typed):
    by_key(lab.album, "Digits, 8 × 8")
    qtbot.mouseClick(lab.pages.button("Many"), LEFT)
    many = lab.many
    assert lab.facts()["seen"] == {"reshapes"}
    typed(many.column, "3")
    assert "numbers of 1 picture:" in many.said["right"].text()
    assert "numbers of 64 pictures:" in many.said["wrong"].text()
    assert many.views["right"].image is not None
    qtbot.mouseClick(many.bar.start, LEFT)
    qtbot.waitUntil(lambda: lab.facts()["trained"])
    assert many.trained["right"].test_accuracy == pytest.approx(0.9621, abs=1e-4)
    assert many.trained["wrong"].test_accuracy < 0.1
    assert "new ones 96.2 %" in many.verdict.text()
    x, costs = many.plot.points("right")
    assert (x[-1], len(costs)) == (500, 501)
    assert not lab.grab().isNull()


def test_training_is_cancelled(lab, by_key, qtbot):
    by_key(lab.album, "Digits, 8 × 8")
    qtbot.mouseClick(lab.pages.button("Many"), LEFT)
    qtbot.mouseClick(lab.many.bar.start, LEFT)
    qtbot.mouseClick(lab.many.bar.cancel, LEFT)
    assert lab.many.bar.start.isEnabled()
    qtbot.wait(50)
    assert not lab.many.trained
    assert not lab.facts()["trained"]


def test_the_open_project_gives_its_pictures_or_says_that_it_has_none(lab, by_key, shown):
    lab.training.latest = snapshot()
    by_key(lab.album, "Open project")
    assert "no pictures" in lab.sentence.text()
    assert lab.album.value == "toy"
    project = edits.with_data(edits.choose_source(Project(), "digits"), examples=60, test_share=0.2)
    other = shown(PictureLab, project)
    other.training.latest = snapshot(project)
    by_key(other.album, "Open project")
    assert not other.sentence.isVisible()
    split = other.training.latest.split
    np.testing.assert_array_equal(
        other.one.plot.numbers()["column"], split.train.X[:, 0].astype(float)
    )
    other.show_example(5)
    assert other.one.number.value == 6


def test_the_toy_has_nothing_to_train(lab, qtbot):
    qtbot.mouseClick(lab.pages.button("Many"), LEFT)
    assert not lab.many.bar.start.isEnabled()
    assert "nothing to learn" in lab.many.verdict.text()


def test_photographs_are_written_as_the_bytes_that_they_were(shown):
    """The first numbers of both columns, as a course prints them of its pictures."""
    bytes_ = np.random.RandomState(3).randint(0, 256, (6, 8, 8, 3))
    bytes_[0, 0, 0] = (17, 31, 56)
    album = pictures.Album("Photographs", (bytes_ / 255.0,))
    lab = shown(PictureLab)
    lab.many.show_album(album)
    first = ", ".join(str(n) for n in bytes_[0].reshape(-1)[:5])
    assert f"1 picture: {first} … (of 255)" in lab.many.said["right"].text()
    mixed = ", ".join(str(n) for n in bytes_.reshape(-1, 6)[:5, 0])
    assert f"6 pictures: {mixed} … (of 255)" in lab.many.said["wrong"].text()
    assert first.startswith("17, 31, 56")
