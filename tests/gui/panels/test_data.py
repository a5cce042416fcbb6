"""The data card chooses, draws, splits and feeds the examples."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QToolTip

from core.data.datasets import DATASETS
from core.edits import LAST_FEATURE, set_activation, with_data
from core.project import OWN, OwnSettings, Project
from core.training.data_source import split_of
from gui.panels.data.gallery import Tile
from gui.panels.data.panel import RAW, DataPanel, normalization
from gui.style.theme import theme

LEFT = Qt.MouseButton.LeftButton
Key = Qt.Key


@pytest.fixture
def panel(qtbot, document, training, selection):
    panel = DataPanel(document, training, selection)
    qtbot.addWidget(panel)
    panel.resize(240, 900)
    with qtbot.waitExposed(panel):
        panel.show()
    panel.activateWindow()
    return panel


def type_into(qtbot, field, text):
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Key.Key_Return)


def test_a_click_chooses_a_data_set(panel, qtbot, document):
    qtbot.mouseClick(panel.gallery.tiles["moons"], LEFT)
    assert document.project.data.source == "moons"
    assert document.undo_stack.undoText() == "Choose data set Moons"
    assert panel.noise.value == DATASETS["moons"].default_noise
    document.undo_stack.undo()
    assert panel.gallery.tiles["flower"].isChecked()
    assert not panel.gallery.tiles["moons"].isChecked()


def test_the_chosen_one_stays_chosen(panel, qtbot, document):
    qtbot.mouseClick(panel.gallery.tiles["flower"], LEFT)
    assert panel.gallery.tiles["flower"].isChecked()
    assert document.undo_stack.count() == 0


def test_the_gallery_by_keyboard(panel, qtbot, document):
    tiles = panel.gallery.tiles
    tiles["flower"].setFocus()
    qtbot.keyClick(tiles["flower"], Key.Key_Right)
    assert tiles["moons"].hasFocus()
    qtbot.keyClick(tiles["moons"], Key.Key_Down)
    assert tiles["spirals"].hasFocus()
    assert document.project.data.source == "flower"
    qtbot.keyClick(tiles["spirals"], Key.Key_Return)
    assert document.project.data.source == "spirals"


def test_a_thumbnail_is_drawn_once_a_theme(qtbot):
    painted = []
    tile = Tile("made", "", lambda: lambda _painter, _rect, palette: painted.append(palette.name))
    qtbot.addWidget(tile)
    before = theme().mode
    for mode in ("light", "light", "dark", "dark"):
        theme().set_mode(mode)
        tile.grab()
    theme().set_mode(before)
    assert painted == ["light", "dark"]


def test_every_thumbnail_follows_the_theme(panel, qtbot):
    tile = panel.gallery.tiles["flower"]
    first = tile.grab().toImage()
    before = theme().mode
    theme().set_mode("dark")
    assert tile.grab().toImage() != first
    theme().set_mode(before)
    for other in panel.gallery.tiles.values():
        seen = other.grab().toImage()
        assert len({seen.pixel(x, 22) for x in range(4, seen.width() - 4)}) > 2


def test_other_labels_bring_another_output_and_say_so(panel, qtbot, document):
    with qtbot.waitSignal(panel.noted) as noted:
        qtbot.mouseClick(panel.gallery.tiles["blobs"], LEFT)
    assert "4 units with softmax" in noted.args[0]
    assert document.project.sizes() == (2, 4, 4)
    with qtbot.waitSignal(panel.noted):
        qtbot.mouseClick(panel.gallery.tiles["plane"], LEFT)
    assert document.project.training.loss == "squared_error"
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert document.project == Project()


def test_one_drag_is_one_step_of_undo(panel, qtbot, document):
    slider = panel.noise.slider
    qtbot.mousePress(slider, LEFT, pos=QPoint(20, slider.height() // 2))
    for x in range(30, 120, 10):
        qtbot.mouseMove(slider, QPoint(x, slider.height() // 2))
    qtbot.mouseRelease(slider, LEFT, pos=QPoint(110, slider.height() // 2))
    noise = document.project.data.noise
    assert noise > 0.3
    assert document.undo_stack.count() == 1
    assert document.undo_stack.undoText() == f"Set noise to {noise:.2f}"
    document.undo_stack.undo()
    assert panel.noise.shown == "0.20"


def test_values_can_be_typed(panel, qtbot, document):
    type_into(qtbot, panel.examples.edit, "1234")
    assert document.project.data.examples == 1234
    assert document.undo_stack.undoText() == "Set examples to 1,234"
    type_into(qtbot, panel.test_share.edit, "12.5 %")
    assert document.project.data.test_share == 0.125
    assert panel.test_share.shown == "12.5 %"
    type_into(qtbot, panel.noise.edit, "0.123")
    assert document.project.data.noise == 0.123
    type_into(qtbot, panel.noise.edit, "much")
    assert panel.noise.shown == "0.12"
    assert document.undo_stack.count() == 3


def test_a_refused_value_gets_a_message_and_is_reset(panel, qtbot, document):
    with qtbot.waitSignal(panel.noted) as noted:
        type_into(qtbot, panel.examples.edit, "20000000")
    assert "data.examples" in noted.args[0]
    assert panel.examples.shown == "400"
    assert document.project == Project()


def test_a_new_seed_is_the_next(panel, qtbot, document):
    qtbot.mouseClick(panel.seed.new_button, LEFT)
    assert document.project.data.seed == 2
    assert document.undo_stack.undoText() == "Set data seed to 2"


def test_features_are_switched_and_one_stays(panel, qtbot, document):
    qtbot.mouseClick(panel.features["x1_squared"], LEFT)
    assert document.project.data.features == ("x1", "x2", "x1_squared")
    assert document.undo_stack.undoText() == "Switch feature x₁² on"
    for name in ("x1", "x2"):
        qtbot.mouseClick(panel.features[name], LEFT)
    assert document.project.data.features == ("x1_squared",)
    qtbot.mouseClick(panel.features["x1_squared"], LEFT)
    assert document.project.data.features == ("x1_squared",)
    assert panel.features["x1_squared"].isChecked()
    assert QToolTip.text() == LAST_FEATURE
    QToolTip.hideText()


def test_data_without_a_plane_have_no_features(panel, qtbot, document):
    assert panel.features["x1"].isVisible()
    qtbot.mouseClick(panel.gallery.tiles["digits"], LEFT)
    assert not panel.features["x1"].isVisible()
    assert document.project.sizes() == (64, 4, 10)


def test_own_data_are_neither_drawn_nor_noisy(panel, document, training):
    training.close()  # the data themselves are not there
    own = OwnSettings(
        digest="0" * 32, examples=7, inputs=3, outputs=1, kind="binary", test_examples=0, origin=""
    )
    document.edit("Own", with_data(Project(), source=OWN, own=own))
    assert panel.examples.shown == "7"
    assert not panel.examples.isEnabled()
    assert not panel.noise.isEnabled()
    assert not panel.features["x1"].isVisible()
    assert not any(tile.isChecked() for tile in panel.gallery.tiles.values())
    document.undo_stack.undo()
    assert panel.examples.isEnabled()
    assert panel.gallery.tiles["flower"].isChecked()


def test_normalizing_says_with_what(panel, qtbot, document):
    qtbot.waitUntil(lambda: panel.normalize_note.text() == RAW)
    qtbot.mouseClick(panel.normalize, LEFT, pos=QPoint(12, panel.normalize.height() // 2))
    assert document.project.data.normalize
    qtbot.waitUntil(lambda: "x₁ := (x₁" in panel.normalize_note.text())
    split = split_of(document.project)
    assert split.std is not None
    assert f"/ {split.std[0, 0]:.2f}" in normalization(split)


def test_data_edits_do_not_touch_other_settings(panel, document):
    document.edit("Set activation", set_activation(document.project, 1, "relu"))
    assert panel.examples.shown == "400"


def test_it_scrolls_when_there_is_no_room(panel, qtbot):
    panel.resize(240, 400)
    bar = panel.scroll_area.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    assert panel.minimumSizeHint().width() <= 250


def test_blobs_are_asked_how_many_classes_and_parity_how_many_bits(panel, qtbot, document):
    assert not any(field.isVisible() for field in panel.options.values())
    qtbot.mouseClick(panel.gallery.tiles["blobs"], LEFT)
    assert panel.options["classes"].isVisible()
    assert not panel.options["bits"].isVisible()
    with qtbot.waitSignal(panel.noted) as noted:
        panel.options["classes"].slider.setValue(6)
    assert "8 units with softmax" in noted.args[0]
    assert document.project.data.classes == 8
    assert document.project.sizes() == (2, 4, 8)
    document.undo_stack.undo()
    assert document.project.sizes() == (2, 4, 4)
    assert panel.options["classes"].shown == "4"
    qtbot.mouseClick(panel.gallery.tiles["parity"], LEFT)
    panel.options["bits"].slider.setValue(4)
    assert document.project.sizes() == (6, 4, 1)
    assert document.undo_stack.undoText() == "Set bits to 6"


def test_a_dragged_balance_is_one_step_of_undo(panel, qtbot, document):
    bar = panel.balance.bar
    at = bar.divider(0).toPoint()
    qtbot.mousePress(bar, LEFT, pos=at)
    for x in range(0, 40, 5):
        qtbot.mouseMove(bar, at + QPoint(x, 0))
    qtbot.mouseRelease(bar, LEFT, pos=at + QPoint(40, 0))
    first, second = document.project.data.balance
    assert first > 0.6
    assert first + second == pytest.approx(1)
    assert document.undo_stack.count() == 1
    assert document.undo_stack.undoText() == "Balance the classes"
    document.undo_stack.undo()
    assert document.project == Project()
    assert panel.balance.edit.text() == "50 / 50 %"
    qtbot.mouseClick(panel.gallery.tiles["plane"], LEFT)
    assert not panel.balance.isVisible()


def test_a_class_without_examples_gets_a_message(panel, qtbot, document):
    assert not panel.missing_note.isVisible()
    panel.balance.setFocus()
    type_into(qtbot, panel.balance.edit, "100 0")
    assert document.project.data.balance == (1.0, 0.0)
    qtbot.waitUntil(panel.missing_note.isVisible)
    assert "Every training example is of class 0" in panel.missing_note.text()
    document.edit("Even", with_data(document.project, balance=()))
    qtbot.waitUntil(lambda: not panel.missing_note.isVisible())
