"""Input features are switched by click and by key, and training continues."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMenu

from core import edits
from core.data.features import FEATURES
from core.edits import LAST_FEATURE
from gui.canvas import hints
from gui.canvas.layout import Spot, SpotKind
from tests.gui.canvas.conftest import context_menu
from tests.gui.canvas.test_edits import done
from tests.patience import never_stop

NAMES = list(FEATURES)


def off(pointer, name):
    """Where the thumbnail of a feature that is off stands."""
    return pointer.at(dict(pointer.layout.columns[0].off)[NAMES.index(name)])


def features(document):
    return document.project.data.features


def test_all_seven_features_are_shown_and_those_off_have_no_edges(canvas, pointer):
    entry = pointer.layout.columns[0]
    assert len(entry.boxes) == 2
    assert [NAMES[place] for place, _ in entry.off] == NAMES[2:]
    assert len(pointer.layout.ends(1)[2]) == 2


def test_a_click_switches_a_feature_on_and_a_click_off(canvas, pointer, document):
    pointer.click(off(pointer, "x1x2"))
    assert features(document) == ("x1", "x2", "x1x2")
    assert done(document) == "Switch feature x₁x₂ on"
    pointer.click(pointer.unit(0, 0))
    assert features(document) == ("x2", "x1x2")
    assert done(document) == "Switch feature x₁ off"
    assert len(pointer.layout.columns[0].boxes) == 2
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert features(document) == ("x1", "x2")
    assert len(pointer.layout.columns[0].off) == 5


def test_two_quick_clicks_are_two_switches(canvas, pointer, document):
    pointer.double_click(off(pointer, "sin_x2"))
    assert document.undo_stack.count() == 2


def test_the_last_stays_on_and_says_why(qtbot, canvas, pointer, document):
    pointer.click(pointer.unit(0, 1))
    with qtbot.waitSignal(canvas.refused) as refused:
        pointer.click(pointer.unit(0, 0))
    assert refused.args == [LAST_FEATURE]
    assert features(document) == ("x1",)


def test_numbers_switch_features_on_the_input(canvas, document, selection):
    QTest.keyClick(canvas, Qt.Key.Key_Left)
    assert selection.layer == 0
    QTest.keyClicks(canvas, "3")
    assert features(document) == ("x1", "x2", "x1_squared")
    QTest.keyClicks(canvas, "1890")  # of 8, 9 and 0 there is none
    assert features(document) == ("x2", "x1_squared")
    assert selection.layer == 0


def test_the_menu_of_the_input_has_them_checked(canvas, document, selection):
    selection.select_layer(0)
    menu = context_menu(canvas)
    sub = next(action for action in menu.actions() if action.text() == "Features").menu()
    assert isinstance(sub, QMenu)
    assert [action.isChecked() for action in sub.actions()] == [True, True, *[False] * 5]
    sub.actions()[6].trigger()
    menu.close()
    assert features(document) == ("x1", "x2", "sin_x2")


def test_a_hovered_feature_says_what_a_click_does(canvas, pointer):
    tip = hints.tip_of(Spot(SpotKind.FEATURE, 0, 4), canvas.network.picture, canvas.commands)
    assert "feed x₁x₂ to the network" in tip
    assert "press 5" in tip
    assert "start from the seed" in tip
    tip = hints.tip_of(Spot(SpotKind.UNIT, 0, 1), canvas.network.picture, canvas.commands)
    assert "take x₂ away" in tip
    pointer.move(off(pointer, "x1x2"))
    assert canvas.network.picture.hovered == Spot(SpotKind.FEATURE, 0, 4)
    assert canvas.viewport().cursor().shape() == Qt.CursorShape.PointingHandCursor


def test_weights_of_the_other_features_are_kept_and_training_continues(
    qtbot, canvas, pointer, trained, document
):
    never_stop(document)
    trained.play()
    pointer.click(off(pointer, "x1_squared"))
    assert trained.playing
    qtbot.waitUntil(lambda: trained.latest.sizes == (3, 4, 3, 1) and trained.latest.iteration > 0)
    trained.pause()
    qtbot.waitUntil(lambda: trained.latest.idle)
    learned = trained.latest.parameters()
    document.edit("", edits.switch_feature(document.project, "x1_squared"))
    qtbot.waitUntil(lambda: trained.latest.sizes == (2, 4, 3, 1) and trained.latest.idle)
    assert trained.latest.iteration == 0
    kept = trained.latest.parameters()
    assert np.array_equal(kept.W[1], learned.W[1][:, :2])
    assert all(np.array_equal(kept.Wb[l], learned.Wb[l]) for l in (2, 3))
    assert np.array_equal(kept.b[1], learned.b[1])


def test_until_the_run_answers_the_edges_show_the_kept_weights(
    qtbot, canvas, pointer, trained, document
):
    shown = canvas.network.picture.weights[1].copy()
    trained.close()
    document.edit("", edits.switch_feature(document.project, "x1"))
    picture = canvas.network.picture
    assert np.array_equal(picture.weights[1], shown[:, [1]])
    document.edit("", edits.switch_feature(document.project, "sin_x1"))
    assert np.array_equal(picture.weights[1], shown[:, [1]])
    after = canvas.network.picture
    assert np.array_equal(after.weights[1], np.hstack([shown[:, [1]], np.zeros((4, 1))]))
    assert np.array_equal(after.maps[0, 0], picture.maps[0, 0])
    assert (0, 1) not in after.maps


def test_each_shows_its_map_and_is_drawn(qtbot, canvas, pointer, trained):
    picture = canvas.network.picture
    assert set(picture.feature_images) == set(NAMES)
    image = QImage(canvas.viewport().size(), QImage.Format.Format_RGB32)

    def colours(name):
        painter = QPainter(image)
        canvas.render(painter)
        painter.end()
        at = off(pointer, name)
        return {image.pixel(at + QPoint(x, y)) for x in range(-9, 10, 3) for y in range(-9, 10, 3)}

    assert len(colours("sin_x1")) > 5


@pytest.mark.parametrize("source", ["digits", "parity"])
def test_other_data_have_none(canvas, pointer, document, source):
    document.edit("", edits.choose_source(document.project, source))
    assert pointer.layout.columns[0].off == ()
    count = document.undo_stack.count()
    pointer.click(pointer.unit(0, 0))
    QTest.keyClicks(canvas, "3")
    assert document.undo_stack.count() == count
    assert document.project.sizes()[0] == document.project.data.raw_inputs
    document.undo_stack.undo()
    assert len(pointer.layout.columns[0].off) == 5
