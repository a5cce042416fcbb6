"""Pictures are brought in, learned, and seen: examples as pictures, units as weights on pixels."""

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

from core import edits
from core.look.weights import weights_map
from gui.dialogs.pictures import PicturesDialog
from gui.files import open_save as files
from gui.panels.boundary.panel import BoundaryPanel
from gui.panels.data.panel import DataPanel
from gui.panels.lens.panel import LensPanel
from tests.e2e.driver import run_app
from tests.e2e.work import at_rest, train


def folders(path):
    """Two classes told apart by a red or a blue left half; the right half is the same noise."""
    rng = np.random.RandomState(0)
    for name, channel in (("blue", 2), ("red", 0)):
        (path / name).mkdir(parents=True)
        for i in range(12):
            pixels = rng.randint(60, 120, (8, 8, 3)).astype(np.uint8)
            pixels[:, :4, channel] = 250
            Image.fromarray(pixels).save(path / name / f"{i}.png")
    return path


def unit_at(window, layer, unit):
    """Where a unit is in the canvas, in pixels."""
    canvas = window.canvas
    box = canvas.network.picture.layout.columns[layer].boxes[unit]
    return canvas.mapFromScene(QPointF(*box.centre))


def thumbnails_are(window, W, shape):
    """Whether every drawn unit of layer 1 shows its weights."""
    picture = window.canvas.network.picture
    drawn = picture.layout.columns[1].units
    return all(np.array_equal(picture.maps[1, i], weights_map(W[i], shape)) for i in drawn)


def hover(window, layer, unit):
    viewport, at = window.canvas.viewport(), unit_at(window, layer, unit)
    QTest.mouseMove(viewport, at + QPoint(1, 0))
    QTest.mouseMove(viewport, at)


@pytest.mark.slow
def test_a_folder_of_pictures_is_learned_and_the_weights_are_seen_as_pictures(
    qtbot, tmp_path, monkeypatch
):
    saved = tmp_path / "pets.layerwise"
    monkeypatch.setattr(files, "ask_save", lambda *_: saved)

    def script(window):
        window.imports.open_dropped([folders(tmp_path / "pets")])
        dialog = window.findChild(PicturesDialog)
        dialog.width_box.setValue(8)
        dialog.height_box.setValue(8)
        dialog.import_button.click()
        qtbot.waitUntil(lambda: window.document.project.sizes()[0] == 192 and at_rest(window))
        look_at_examples(qtbot, window)
        train(qtbot, window, 300)
        look_at_weights(qtbot, window)
        assert window.files.save()

    def again(window):
        qtbot.waitUntil(lambda: at_rest(window))
        window.layouts.choose("train")  # it was left walking, which leaves the data out
        qtbot.waitUntil(window.findChild(DataPanel).pictures.isVisible)
        qtbot.waitUntil(lambda: (1, 0) in window.canvas.network.picture.maps)
        assert window.canvas.network.picture.maps[1, 0].shape == (48, 48)

    assert run_app(script) == 0
    assert run_app(again, [str(saved)]) == 0


def look_at_examples(qtbot, window):
    """A click in the gallery chooses an example, which the lens then shows as it was."""
    sheet = window.findChild(DataPanel).pictures.sheet
    qtbot.waitUntil(lambda: sheet.height() == sheet.heightForWidth(sheet.width()))
    qtbot.mouseClick(sheet, Qt.MouseButton.LeftButton, pos=sheet.box(1).center().toPoint())
    k = window.selection.example
    assert window.training.latest.split.train.Y[0, k] == 1  # "red", after a "blue" one
    window.start_walk()
    lens = window.findChild(LensPanel)
    qtbot.waitUntil(lambda: lens.picture.image is not None and lens.picture.isVisible())
    assert not lens.plane.isVisible()
    left, right = (lens.picture.image.pixelColor(x, 3) for x in (1, 6))
    assert left.red() == 250
    assert right.red() < 130
    window.selection.select_example(None)


def look_at_weights(qtbot, window):
    """Every hidden unit's thumbnail is its weights; hovered, they fill the main plot."""
    latest = window.training.latest
    assert latest.train.accuracy == 1.0
    W = latest.parameters().W[1]
    qtbot.waitUntil(lambda: thumbnails_are(window, W, (8, 8, 3)))
    strong = int(np.abs(latest.parameters().W[2][0]).argmax())
    hover(window, 1, strong)
    panel = window.findChild(BoundaryPanel)
    qtbot.waitUntil(panel.weights.isVisible)
    assert panel.card.title.startswith("Weights of a")
    assert panel.choices.order.text().endswith("each red, green, blue")
    red, blue = (panel.weights.images[name] for name in ("red", "blue"))
    ends = [(tile.pixelColor(1, 3), tile.pixelColor(6, 3)) for tile in (red, blue)]
    # On the left the unit is for one of the colours and against the other, on the right for none.
    red_left, blue_left = (left for left, _ in ends)
    assert (red_left.red() > red_left.blue()) != (blue_left.red() > blue_left.blue())
    for left, right in ends:
        assert left.saturation() > right.saturation()
    QTest.mouseMove(window.canvas.viewport(), QPoint(3, 3))
    qtbot.waitUntil(panel.plot.isVisible)


def test_digits_without_a_hidden_layer_show_a_template_of_each_class(qtbot):
    def script(window):
        panel = window.findChild(DataPanel)
        qtbot.mouseClick(panel.gallery.tiles["digits"], Qt.MouseButton.LeftButton)
        project = edits.remove_layer(window.document.project, 1)
        window.document.edit("No hidden layer", project)
        qtbot.waitUntil(lambda: window.canvas.network.picture.sizes == (64, 10) and at_rest(window))
        train(qtbot, window, 150)
        latest = window.training.latest
        assert latest.train.accuracy > 0.9
        W, X, Y = latest.parameters().W[1], latest.split.train.X, latest.split.train.Y
        qtbot.waitUntil(lambda: thumbnails_are(window, W, (8, 8, 1)))
        hover(window, 1, 0)
        boundary = window.findChild(BoundaryPanel)
        qtbot.waitUntil(boundary.weights.isVisible)
        zeros = X[:, Y[0] == 1].mean(axis=1) - X.mean(axis=1)
        assert np.corrcoef(W[0], zeros)[0, 1] > 0.7  # the template looks like the class
        image = boundary.weights.images[""]
        brightest = int(W[0].argmax())
        seen = image.pixelColor(brightest % 8, brightest // 8)
        assert seen.blue() > seen.red()

    assert run_app(script) == 0
