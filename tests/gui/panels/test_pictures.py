"""Where examples are pictures: the gallery, the lens, and a unit's weights in the main plot."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QStyleOptionViewItem

from core.data.examples import make_split
from core.data.own import own_data, split_of_own
from core.data.pixels import example_picture
from gui.model.document import Document
from gui.model.selection import Selection
from gui.panels.boundary.panel import BoundaryPanel
from gui.panels.data.panel import DataPanel
from gui.style.theme import theme
from tests.gui.panels.snapshots import FLOWER, project, snapshot, still_training

DIGITS = project((4, "tanh"), (10, "softmax"), source="digits", examples=100, noise=0.0)


@pytest.fixture(autouse=True)
def light(qapp):
    theme().set_mode("light")
    yield
    theme().set_mode("system")


def made(kind, qtbot):
    panel = kind(Document(FLOWER), still_training(), Selection())
    qtbot.addWidget(panel)
    panel.resize(420, 700)
    QCursor.setPos(790, 790)  # not where the last test left it, over this panel
    with qtbot.waitExposed(panel):
        panel.show()
    return panel


def of_digits(**look):
    split = make_split("digits", 100, 0.0, 1)
    return snapshot(DIGITS, split, side=20, **look)


def of_colour():
    rng = np.random.RandomState(2)
    X = rng.rand(6 * 9 * 3, 12)
    own = own_data(X, (np.arange(12) % 2.0)[np.newaxis], "made", picture=(6, 9, 3))
    return snapshot(project((3, "relu"), (1, "sigmoid")), split_of_own(own), side=20)


# --- the main plot ---


def test_a_first_layer_unit_shows_its_weights_on_the_pixels(qtbot):
    panel = made(BoundaryPanel, qtbot)
    seen = of_digits()
    panel.show_snapshot(seen)
    assert panel.plot.isVisible()
    panel.selection.hover_unit((1, 2))
    panel.show_snapshot(of_digits(unit=(1, 2)))
    assert panel.weights.isVisible()
    assert panel.card.title == "Weights of a₃[1] on the pixels"
    assert panel.choices.order.text() == "8 × 8 pixels, row by row from the top left"
    panel.plot.hovered.emit(None)
    panel.selection.select_example(2)
    assert "raises z₃[1]" in panel.readout.text()
    panel.selection.select_example(None)
    w = seen.parameters().W[1][2]
    low, middle, high = panel.weights.scale()
    assert middle == "0"
    assert float(high) == -float(low) == pytest.approx(np.abs(w).max(), rel=1e-2)
    image = panel.weights.images[""]
    most = int(np.abs(w).argmax())
    end = theme().palette.positive if w[most] > 0 else theme().palette.negative
    found = image.pixelColor(most % 8, most // 8)
    assert found.rgb() == end.rgb()

    panel.selection.hover_unit(None)
    assert panel.plot.isVisible()
    assert panel.card.title == "Decision boundary"
    assert panel.choices.cut.isVisible()
    up = panel.choices.cut.up
    assert up.itemText(20) == "x₂₁"  # nothing of it is cut off in the closed box
    option = QStyleOptionViewItem()
    up.itemDelegate().initStyleOption(option, up.model().index(20, 0))
    assert option.text == "x₂₁  row 3, column 5"
    assert panel.readout.text() == ""


def test_other_units_keep_their_map_of_the_plane(qtbot):
    panel = made(BoundaryPanel, qtbot)
    panel.document.replace(DIGITS)
    panel.selection.hover_unit((2, 4))
    panel.show_snapshot(of_digits(unit=(2, 4)))
    assert panel.plot.isVisible()
    assert panel.card.title == "a₅[2] over the plane"


def test_weights_of_colour_pictures_are_four_tiles_on_one_scale(qtbot):
    panel = made(BoundaryPanel, qtbot)
    seen = of_colour()
    panel.selection.hover_unit((1, 0))
    panel.show_snapshot(seen)
    tiles = panel.weights.images
    assert list(tiles) == ["red", "green", "blue", "mean of the three"]
    boxes = panel.weights.boxes()
    shapes = {(round(box.width()), round(box.height())) for box in boxes.values()}
    assert len(shapes) == 1
    wide, high = shapes.pop()
    assert wide / high == pytest.approx(9 / 6, rel=0.02)
    assert "each red, green, blue" in panel.choices.order.text()
    assert not panel.weights.grab().isNull()


def test_a_unit_of_a_network_that_was_is_passed_over(qtbot):
    panel = made(BoundaryPanel, qtbot)
    panel.selection.hover_unit((1, 7))
    panel.show_snapshot(of_digits())
    assert panel.plot.isVisible()


# --- the little gallery ---


def test_the_gallery_is_there_where_examples_are_pictures(qtbot):
    panel = made(DataPanel, qtbot)
    panel.show_snapshot(snapshot())
    assert not panel.pictures.isVisible()
    panel.show_snapshot(of_digits())
    assert panel.pictures.isVisible()
    assert "8 × 8 pixels, row by row from the top left" in panel.pictures.note.text()
    assert panel.pictures.which.text() == "1 of 6"
    qtbot.waitUntil(lambda: not panel.pictures.visibleRegion().isEmpty())
    panel.show_snapshot(snapshot())
    assert not panel.pictures.isVisible()


def test_a_click_chooses_the_picture_under_it(qtbot):
    panel = made(DataPanel, qtbot)
    seen = of_digits()
    panel.show_snapshot(seen)
    sheet = panel.pictures.sheet
    qtbot.waitUntil(lambda: sheet.height() == sheet.heightForWidth(sheet.width()))
    at = sheet.box(8).center().toPoint()
    qtbot.mouseClick(sheet, Qt.MouseButton.LeftButton, pos=at)
    k = panel.selection.example
    assert k == sheet.shown()[8]
    assert int(seen.split.train.Y[:, k].argmax()) == 8
    middle = sheet.grab().toImage().pixelColor(at + QPoint(1, 1))
    pixel = example_picture(seen.split, k)[4, 4]
    assert abs(middle.red() - int(pixel[0])) <= 2


def test_arrow_keys_move_on_and_turn_the_page(qtbot):
    panel = made(DataPanel, qtbot)
    panel.show_snapshot(of_digits())
    pictures, sheet = panel.pictures, panel.pictures.sheet
    sheet.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.keyClick(sheet, Qt.Key.Key_Right)
    assert panel.selection.example == sheet.shown()[0]
    for _ in range(3):
        qtbot.keyClick(sheet, Qt.Key.Key_Down)
    assert pictures.which.text() == "2 of 6"
    assert panel.selection.example == sheet.shown()[0]
    qtbot.keyClick(sheet, Qt.Key.Key_Left)
    assert pictures.which.text() == "1 of 6"


def test_the_pages_hold_every_example_once(qtbot):
    panel = made(DataPanel, qtbot)
    panel.show_snapshot(of_digits())
    pictures = panel.pictures
    assert not pictures.back.isEnabled()
    seen = pictures.sheet.shown().tolist()
    while pictures.on.isEnabled():
        qtbot.mouseClick(pictures.on, Qt.MouseButton.LeftButton)
        seen += pictures.sheet.shown().tolist()
    assert sorted(seen) == list(range(100))
    panel.selection.select_example(seen[3])
    assert pictures.which.text() == "1 of 6"


def test_colour_pictures_are_shown_in_colour(qtbot):
    panel = made(DataPanel, qtbot)
    seen = of_colour()
    panel.show_snapshot(seen)
    sheet = panel.pictures.sheet
    sheet.resize(600, sheet.heightForWidth(600))
    box, k = sheet.box(1).adjusted(1, 1, -1, -1), int(sheet.shown()[1])
    side = box.width() / 9  # of a pixel: 9 stand beside each other, in the middle of the box
    top = box.center().y() - 3 * side
    at = QPoint(round(box.left() + 3.5 * side), round(top + 2.5 * side))
    colour = sheet.grab().toImage().pixelColor(at)
    expected = np.rint(255 * seen.split.train.X[:, k].reshape(6, 9, 3)[2, 3])
    assert [colour.red(), colour.green(), colour.blue()] == expected.tolist()
