"""What the canvas shows: snapshots, cards, zoom, a step of a pass."""

import re
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QStyleOptionGraphicsItem

from core import edits
from core.project import Project
from gui.canvas import hints
from gui.canvas.edges import EdgesItem
from gui.canvas.layout import Spot, SpotKind
from gui.canvas.marks import InsertItem
from gui.canvas.overlay import HoverCard
from gui.canvas.picture import Emphasis, drawn_weights
from gui.canvas.scene import take_turns
from gui.canvas.words import unit_label, words_of
from gui.style import text
from gui.style.theme import theme
from tests.gui.canvas.conftest import network
from tests.gui.hands import drawing_of, written_on

NONE = Qt.KeyboardModifier.NoModifier


def colour_at(canvas, point):
    return canvas.viewport().grab().toImage().pixelColor(point)


# --- words ---


def test_the_words_of_the_mockup():
    entry, hidden, output = words_of(Project(), ("x1", "x2"), 400)
    assert (entry.title, entry.note) == ("Input A[0]", "n[0] = 2")
    assert hidden.title == "Layer 1 · hidden"
    assert hidden.linear == "Z[1] = W[1] A[0] + b[1]"
    assert " ".join(hidden.shapes) == "(4, 400) = (4, 2)·(2, 400) + (4, 1)"
    assert hidden.output == "A[1] = tanh(Z[1])"
    assert output.output == "ŷ = σ(Z[2])"


def test_before_the_examples_are_known_m_is_a_letter():
    assert words_of(Project(), ("x1", "x2"), None)[1].shapes[0] == "(4, m) ="


def test_the_labels_of_units():
    sizes, features = (2, 4, 1), ("x1", "x2_squared")
    assert [unit_label(0, i, sizes, features) for i in (0, 1)] == ["x₁", "x₂²"]
    assert unit_label(1, 2, sizes, features) == "a₃[1]"
    assert unit_label(2, 0, sizes, features) == "ŷ = a[2]"
    assert unit_label(2, 1, (2, 4, 3), features) == "ŷ₂ = a₂[2]"
    assert unit_label(0, 11, (64, 4, 1), [f"x{i}" for i in range(1, 65)]) == "x₁₂"


# --- snapshots ---


def test_it_asks_for_exactly_what_it_draws(canvas, document):
    document.replace(network(64, 1))
    maps = canvas.network.thumbnails(None).units
    drawn = canvas.network.picture.layout.columns[1].units
    assert set(maps) == {(0, 0), (0, 1), (2, 0), *((1, unit) for unit in drawn)}
    assert (1, 63) in maps
    assert (1, 40) not in maps


def test_during_training_edges_are_repainted_if_visible_and_at_rest_exactly(
    canvas, trained, monkeypatch
):
    edges, weights = canvas.network.edges[0], trained.latest.parameters().W[1]
    refresh, refreshed = EdgesItem.refresh, []

    def counted(item):
        refreshed.append(item)
        refresh(item)

    monkeypatch.setattr(EdgesItem, "refresh", counted)

    def shown(share, idle):
        """Whether edges were made anew for w[1,1] moved by a share of the largest weight."""
        edges.refresh()
        canvas.viewport().repaint()
        flat = trained.latest.flat.copy()
        flat[0] -= np.sign(flat[0]) * share * np.abs(weights).max()
        refreshed.clear()
        canvas.receive(replace(trained.latest, flat=flat, idle=idle))
        canvas.viewport().repaint()
        return edges in refreshed

    assert not shown(0.0, idle=False)
    assert not shown(0.02, idle=False)
    assert shown(0.12, idle=False)
    assert shown(0.0, idle=True)  # it goes back to what is true
    assert not shown(0.0, idle=True)


def test_of_many_items_some_take_turns():
    sizes, start, seen = [5, 90, 40, 200, 1], 0, []
    for _ in range(4):
        chosen, start = take_turns(sizes, start, 100, lambda n: n)
        seen.append(chosen)
    assert seen == [[5, 90], [40], [200], [1, 5, 90]]
    assert take_turns([3, 4], 0, 100, lambda n: n) == ([3, 4], 0)


def test_units_show_their_maps(canvas, trained, pointer):
    image = canvas.network.picture.image((1, 0))
    shown = canvas.viewport().grab().toImage()
    box = pointer.layout.columns[1].boxes[0]
    for share in (0.3, 0.7):
        at = canvas.mapFromScene(box.x + share * box.width, box.y + share * box.height)
        wanted = image.pixelColor(int(share * image.width()), int(share * image.height()))
        got = shown.pixelColor(at)
        assert abs(got.red() - wanted.red()) < 60
        assert abs(got.blue() - wanted.blue()) < 60


def test_inputs_show_gradients(canvas, trained):
    picture = canvas.network.picture
    across, upwards = picture.maps[0, 0], picture.maps[0, 1]
    assert across[5, 0] < 100 < 155 < across[5, -1]
    assert upwards[-1, 5] < 100 < 155 < upwards[0, 5]


def test_a_snapshot_of_another_network_is_left_alone(canvas, trained, document):
    old = trained.latest
    document.edit("Add", edits.insert_layer(document.project, 1))
    before = dict(canvas.network.picture.weights)
    canvas.network.show_snapshot(old)
    assert canvas.network.picture.weights == before


def test_after_an_edit_the_rest_is_still_drawn(canvas, trained, document, qtbot):
    trained.close()  # no snapshot comes any more
    document.edit("Set", edits.set_units(document.project, 2, 6))
    picture = canvas.network.picture
    assert picture.image((1, 3)) is not None
    weights, _ = drawn_weights(picture, 2)
    assert np.isfinite(weights[:3]).all()
    assert np.isnan(weights[3:]).all()
    edges = canvas.network.edges[1]
    drawing = drawing_of(lambda painter: edges.paint(painter, QStyleOptionGraphicsItem()))
    paths = re.findall(r'<path[^>]* d="([^"]*)"', drawing)
    assert sum(path.count("M") for path in paths) == edges.count == 24  # those unknown, too
    canvas.viewport().repaint()


def test_items_are_rebuilt_only_when_the_structure_changes(canvas, trained, document, selection):
    columns, edges = canvas.network.columns, canvas.network.edges
    canvas.receive(trained.latest)
    selection.select_layer(2)
    document.edit("Rate", edits.with_training(document.project, learning_rate=0.3))
    assert canvas.network.columns is columns
    assert canvas.network.edges is edges
    document.edit("Activation", edits.set_activation(document.project, 1, "relu"))
    assert canvas.network.columns is not columns


def test_more_inputs_are_drawn_when_the_data_have_them(canvas, training, document, qtbot):
    document.edit("Features", edits.with_data(document.project, features=("x1", "x2", "x1x2")))
    assert len(canvas.network.picture.layout.columns[0].boxes) == 3
    qtbot.waitUntil(lambda: canvas.network.picture.image((0, 2)))


def test_the_shapes_follow_the_examples(canvas, training, document, qtbot):
    words = lambda: canvas.network.picture.words[1].shapes[0]  # noqa: E731
    qtbot.waitUntil(lambda: words() == "(4, 400) =")
    document.edit("Examples", edits.with_data(document.project, examples=300, test_share=0.2))
    qtbot.waitUntil(lambda: words() == "(4, 240) =")


def test_inputs_that_are_held_have_no_thumbnails(canvas, trained, document, selection, qtbot):
    document.edit("Parity", edits.choose_source(document.project, "parity"))
    images = lambda: canvas.network.picture.maps  # noqa: E731
    inputs = lambda: {i for l, i in images() if l == 0}  # noqa: E731
    qtbot.waitUntil(lambda: canvas.network.picture.sizes == (4, 4, 3, 1))
    qtbot.waitUntil(lambda: inputs() == {0, 1})
    assert (1, 3) in images()
    selection.look_along((2, 3))
    trained.refresh()
    qtbot.waitUntil(lambda: inputs() == {2, 3})
    assert canvas.network.picture.words[0].note == "n[0] = 4"


# --- hovering ---


def test_an_edge_tells_its_weight_and_gradient(canvas, trained, pointer):
    pointer.move(pointer.edge(1, 2, 1))
    card = canvas.findChild(HoverCard)
    assert card.isVisible()
    p, grad = trained.latest.parameters(), trained.latest.gradient()
    assert card.lines == (
        ("w₃₂[1]", text.number(p.W[1][2, 1])),
        ("dw₃₂[1]", text.number(grad.W[1][2, 1])),
    )


def test_during_the_walk_a_gradient_names_its_iteration(canvas, trained, pointer):
    picture = canvas.network.picture
    said = hints.card_of(Spot(SpotKind.EDGE, 1, 2, 1), replace(picture, emphasis=object()))
    unlit = hints.card_of(Spot(SpotKind.EDGE, 1, 2, 1), replace(picture, emphasis=None))
    assert said is not None
    assert unlit is not None
    at = text.count(trained.latest.iteration - 1)
    assert said[1][1][1] == f"{unlit[1][1][1]}  (iteration {at}, the last one)"
    assert said[1][0] == unlit[1][0]


def test_the_card_is_live(canvas, trained, pointer, qtbot):
    pointer.move(pointer.edge(1, 2, 1))
    card = canvas.findChild(HoverCard)
    before = card.lines
    trained.step(200)
    qtbot.waitUntil(lambda: card.lines != before)


def test_a_hovered_unit_reaches_the_selection(canvas, trained, pointer, selection):
    pointer.move(pointer.unit(1, 1))
    assert selection.unit == (1, 1)
    card = canvas.findChild(HoverCard)
    assert [symbol for symbol, _ in card.lines] == ["b₂[1]", "db₂[1]"]
    pointer.move(QPoint(10, 300))
    assert selection.unit is None
    assert not card.isVisible()


def test_before_a_pass_there_is_no_gradient(canvas, training, pointer, qtbot):
    qtbot.waitUntil(lambda: canvas.network.picture.weight(1, 0, 0) is not None)
    said = hints.card_of(Spot(SpotKind.EDGE, 1, 0, 0), canvas.network.picture)
    assert said is not None
    assert said[1][1] == ("dw₁₁[1]", "no pass yet")


def test_double_clicks_emit_a_signal(canvas, pointer, qtbot):
    with qtbot.waitSignal(canvas.edge_activated) as edge:
        pointer.double_click(pointer.edge(2, 1, 3))
    assert edge.args == [2, 1, 3]
    with qtbot.waitSignal(canvas.unit_activated) as unit:
        pointer.double_click(pointer.unit(2, 2))
    assert unit.args == [2, 2]


def test_a_click_selects(pointer, selection):
    pointer.click(pointer.unit(2))
    assert selection.layer == 2
    pointer.click(pointer.title(0))
    assert selection.layer == 0
    pointer.click(pointer.at(pointer.layout.equation_box(3)))
    assert selection.layer == 3


@pytest.mark.parametrize("part", list(SpotKind))
def test_every_part_has_a_tooltip_or_a_card(part, canvas):
    spot = Spot(part, 1, 0, 0)
    picture = canvas.network.picture
    tip = hints.tip_of(spot, picture, canvas.commands)
    said = hints.card_of(spot, picture)
    assert (tip and not said) or (said and not tip) or part in (SpotKind.COLUMN, SpotKind.EQUATION)


# --- zoom ---


def wheel(canvas, at, delta):
    event = QWheelEvent(
        QPointF(at),
        QPointF(canvas.viewport().mapToGlobal(at)),
        QPoint(),
        QPoint(0, delta),
        Qt.MouseButton.NoButton,
        NONE,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas.viewport(), event)


def test_the_wheel_zooms_at_the_cursor(canvas, pointer):
    at = pointer.unit(1)
    pointer.move(at)
    before = canvas.mapToScene(at)
    wheel(canvas, at, 240)
    assert canvas.transform().m11() > 1.2
    assert (canvas.mapToScene(at) - before).manhattanLength() < 4


def test_zoom_stays_until_fit(canvas, document, pointer, qtbot):
    qtbot.keyClick(canvas, Qt.Key.Key_Equal, Qt.KeyboardModifier.ControlModifier)
    zoomed = canvas.transform().m11()
    document.edit("Add", edits.insert_layer(document.project, 1))
    canvas.resize(800, 560)
    assert canvas.transform().m11() == zoomed
    qtbot.keyClick(canvas, Qt.Key.Key_F)
    assert canvas.transform().m11() == canvas.network.picture.layout.scale
    whole = canvas.mapFromScene(0.0, 0.0)
    assert whole.manhattanLength() <= 2


def test_dragging_the_sheet_pans(canvas, pointer):
    empty = QPoint(12, 300)
    before = canvas.mapToScene(empty)
    pointer.drag(empty, empty + QPoint(60, 40))
    pointer.release(empty + QPoint(60, 40))
    assert (canvas.mapToScene(empty + QPoint(60, 40)) - before).manhattanLength() < 3
    pointer.double_click(empty)
    assert canvas.mapFromScene(0.0, 0.0).manhattanLength() <= 2


def test_it_fits_every_window(canvas, document):
    for size in ((560, 330), (870, 610), (1700, 1000), (330, 230)):
        canvas.resize(*size)
        layout = canvas.network.picture.layout
        corner = canvas.mapFromScene(layout.width, layout.height)
        assert abs(corner.x() - size[0]) <= 2
        assert abs(corner.y() - size[1]) <= 2


# --- looks ---


def test_colours_follow_the_theme(canvas, trained, pointer):
    at = QPoint(14, 200)
    theme().set_mode("dark")
    try:
        dark = colour_at(canvas, at)
        image = canvas.network.picture.image((1, 0)).copy()
    finally:
        theme().set_mode("light")
    assert dark.lightness() < 60
    assert colour_at(canvas, at).lightness() > 200
    assert canvas.network.picture.image((1, 0)) != image


def strokes(edges: EdgesItem) -> list[dict[str, str]]:
    """How the edges between two layers are drawn: the attributes of each group of lines."""
    drawing = drawing_of(lambda painter: edges.paint(painter, QStyleOptionGraphicsItem()))
    groups = re.findall(r"<g ([^>]*)>\s*<path", drawing)
    return [dict(re.findall(r'([\w-]+)="([^"]*)"', group)) for group in groups]


def test_negative_edges_are_dashed(canvas, trained):
    drawn: dict[bool, list[bool]] = {True: [], False: []}
    for stroke in strokes(canvas.network.edges[0]):
        drawn[QColor(stroke["stroke"]).hue() < 60].append("stroke-dasharray" in stroke)
    assert drawn[True]
    assert all(drawn[True])
    assert drawn[False]
    assert not any(drawn[False])


def test_a_step_highlights_its_layer_and_dims_the_rest(canvas, trained, pointer):
    canvas.viewport().setMouseTracking(False)
    plain = canvas.viewport().grab().toImage()
    gradient = trained.latest.gradient()
    canvas.show_emphasis(
        Emphasis(
            layer=2,
            role="backward",
            edges=gradient.W[2],
            edge=(0, 1),
            edge_numbers=True,
            units=np.array([0.5, -0.25, 0.125]),
            unit_letter="dz",
            inputs=np.zeros(4),
            caption="dW[2]",
        )
    )
    lit = canvas.viewport().grab().toImage()
    border = pointer.at(pointer.layout.columns[2].boxes[0])
    border.setX(canvas.mapFromScene(QPointF(pointer.layout.columns[2].boxes[0].x, 0.0)).x() + 1)
    assert lit.pixelColor(border).hue() == pytest.approx(theme().palette.backward.hue(), abs=25)
    far = pointer.unit(0) + QPoint(-12, 0)
    assert lit.pixelColor(far).saturation() < plain.pixelColor(far).saturation()
    canvas.show_emphasis(None)
    assert canvas.viewport().grab().toImage() == plain


def test_without_hidden_layers_there_is_a_hint(canvas, document, pointer):
    document.replace(network(1))
    canvas.viewport().repaint()
    pointer.click(pointer.insert(1))
    assert document.project.sizes() == (2, 4, 1)


@pytest.mark.parametrize("units", [(64, 64, 1), (1000, 1), (4096, 1), (1, 1, 1), (4,) * 9 + (1,)])
def test_a_large_network_is_drawn_by_few_items(units, canvas, document):
    document.replace(network(*units))
    canvas.viewport().repaint()
    assert len(canvas.scene().items()) <= 8 * (len(units) + 1)  # the time is in benchmarks.window


def test_the_whole_window_takes_the_mouse_anywhere(canvas, trained):
    for x in range(0, canvas.width(), 29):
        for y in range(0, canvas.height(), 31):
            QTest.mouseMove(canvas.viewport(), QPoint(x, y))


def test_of_pictures_an_input_is_a_pixel_and_a_unit_its_weights(
    canvas, trained, document, pointer, qtbot
):
    document.edit("Digits", edits.choose_source(document.project, "digits"))
    picture = lambda: canvas.network.picture  # noqa: E731
    qtbot.waitUntil(lambda: picture().pixels == (8, 8, 1))
    qtbot.waitUntil(lambda: (1, 0) in picture().maps)
    assert picture().maps[1, 0].shape == (48, 48)
    w = picture().weights[1][0].reshape(8, 8)
    strong = np.unravel_index(np.abs(w).argmax(), w.shape)
    level = int(picture().maps[1, 0][6 * strong[0], 6 * strong[1]])
    assert level == (255 if w[strong] > 0 else 0)
    pointer.move(pointer.unit(0, 2))
    assert written_on(canvas.findChild(HoverCard))[0] == "Pixel x₃  ·  row 1, column 3"


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_edges_of_zero_weights_are_visible(canvas, trained, mode):
    def luminance(colour):
        linear = [
            value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4
            for value in (colour.redF(), colour.greenF(), colour.blueF())
        ]
        return float(np.dot((0.2126, 0.7152, 0.0722), linear))

    theme().set_mode(mode)
    sheet = theme().palette.canvas
    canvas.receive(replace(trained.latest, flat=np.zeros_like(trained.latest.flat)))
    (stroke,) = strokes(canvas.network.edges[0])
    line = QColor(stroke["stroke"])
    line.setAlphaF(float(stroke["stroke-opacity"]))
    mixed = [
        line.alphaF() * over + (1 - line.alphaF()) * under
        for over, under in (
            (line.redF(), sheet.redF()),
            (line.greenF(), sheet.greenF()),
            (line.blueF(), sheet.blueF()),
        )
    ]
    seen = QColor.fromRgbF(*mixed)
    low, high = sorted((luminance(seen), luminance(sheet)))
    assert (high + 0.05) / (low + 0.05) >= 3
    theme().set_mode("light")


@pytest.mark.parametrize("size", [(330, 480), (430, 500), (520, 400), (800, 600)])
def test_the_words_of_the_plus_are_clear_of_the_controls_of_a_layer(canvas, document, size):
    while len(document.project.network.layers) > 1:
        document.edit("Fewer layers", edits.remove_layer(document.project, 1))
    canvas.resize(*size)
    (insert,) = [item for item in canvas.scene().items() if isinstance(item, InsertItem)]
    pill = canvas.network.picture.layout.columns[1].pill
    assert not insert.words_place.intersects(QRectF(*pill.box))
    assert insert.boundingRect().contains(insert.words_place)
