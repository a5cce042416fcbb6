"""Small pictures with round corners."""

import pytest
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter

from gui.widgets.painting import plane


def painted(rect, scale):
    picture = QImage(8, 8, QImage.Format.Format_RGB32)
    picture.fill(Qt.GlobalColor.red)
    ground = QImage(80, 80, QImage.Format.Format_ARGB32_Premultiplied)
    ground.fill(Qt.GlobalColor.transparent)
    with QPainter(ground) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(scale, scale)
        plane(painter, rect, picture, 3.0)
    return ground


@pytest.mark.parametrize("scale", [0.7, 1.0, 1.5])
@pytest.mark.parametrize("off", [0.0, 0.3, 0.5, 0.8])
def test_a_picture_begins_and_ends_on_whole_pixels(qapp, off, scale):
    seen = painted(QRectF(10 + off, 12 - off, 30.4, 20.6), scale)
    across = [seen.pixelColor(x, round(22 * scale)).alpha() for x in range(80)]
    down = [seen.pixelColor(round(25 * scale), y).alpha() for y in range(80)]
    for line, size in ((across, 30.4), (down, 20.6)):
        assert set(line) == {0, 255}  # no pixel that is only partly covered
        assert abs(line.count(255) - size * scale) <= 1


@pytest.mark.parametrize("scale", [0.01, 1e-9, 0.0])
def test_a_picture_smaller_than_a_pixel_is_left_out(qapp, scale):
    assert painted(QRectF(10, 10, 20, 20), scale).pixelColor(0, 0).alpha() == 0
