"""What every plot offers: zoom, pan, keys, menu, pictures, numbers; and that what is kept is so."""

import csv
import io
import re

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QImage, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QGraphicsItem, QMenu

from gui.labs.sheet import LabSheet
from gui.plots.axis import Axis
from gui.plots.chart import Chart
from gui.plots.export import encoded, image_of, table
from gui.plots.items import PictureItem
from gui.plots.menu import ask_picture, copy_numbers, copy_picture, menu_of
from gui.plots.ticks import Numbering, log_ticks, log_written, ticks, ticks_in
from gui.style.theme import DARK, LIGHT, theme
from tests.cases import spread
from tests.gui.hands import wheel
from tests.gui.plots.charts import CHARTS

LEFT, MIDDLE, RIGHT = (
    Qt.MouseButton.LeftButton,
    Qt.MouseButton.MiddleButton,
    Qt.MouseButton.RightButton,
)
Key = Qt.Key


@pytest.fixture(params=CHARTS)
def chart(request, qtbot):
    theme().set_mode("light")
    plot = CHARTS[request.param]()
    qtbot.addWidget(plot)
    plot.resize(360, 220)
    with qtbot.waitExposed(plot):
        plot.show()
    yield plot
    theme().set_mode("system")


@pytest.fixture
def cost(qtbot):
    plot = CHARTS["cost"]()
    qtbot.addWidget(plot)
    plot.resize(360, 220)
    with qtbot.waitExposed(plot):
        plot.show()
    return plot


def ranges(plot):
    return np.array(plot.box.viewRange())


def value_at(plot, at):
    place = plot.pixels().inverted()[0].map(QPointF(at))
    return np.array([place.x(), place.y()])


def drag(plot, button, start, end):
    view = plot.viewport()
    QTest.mousePress(view, button, pos=start)
    for share in (0.3, 0.6, 1.0):
        QTest.qWait(20)  # pyqtgraph takes 60 moves a second
        move(view, start + (end - start) * share, button)
    QTest.mouseRelease(view, button, pos=end)


def move(view, at, button):
    none, globally = Qt.MouseButton.NoButton, QPointF(view.mapToGlobal(at))
    event = QMouseEvent(
        QEvent.Type.MouseMove, QPointF(at), globally, none, button, Qt.KeyboardModifier.NoModifier
    )
    QApplication.sendEvent(view, event)


def apart(one, other):
    """The largest difference of two pictures in any colour of any pixel."""
    both = [
        np.frombuffer(seen.convertToFormat(QImage.Format.Format_RGB32).constBits(), np.uint8)
        for seen in (one, other)
    ]
    return int(np.abs(both[0].astype(int) - both[1]).max())


def grabbed(plot):
    return plot.grab().toImage()


def fresh(plot):
    """The plot painted without anything that is kept."""
    kept = [item for item in plot.scene().items() if item.cacheMode().value]
    for item in kept:
        item.setCacheMode(QGraphicsItem.CacheMode.NoCache)
    seen = grabbed(plot)
    for item in kept:
        item.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
    return seen


def test_the_wheel_zooms_at_the_cursor_and_a_double_click_shows_all(chart):
    whole, at = ranges(chart), chart.area().center().toPoint() + QPoint(30, 20)
    under = value_at(chart, at)
    wheel(chart.viewport(), 2, at)
    zoomed = ranges(chart)
    assert np.ptp(zoomed, axis=1)[0] < 0.9 * np.ptp(whole, axis=1)[0]
    away = np.abs(value_at(chart, at) - under) / np.ptp(zoomed, axis=1)
    assert away[0] < 0.03
    QTest.mouseDClick(chart.viewport(), LEFT, pos=at)
    QTest.mouseRelease(chart.viewport(), LEFT, pos=at)  # else Qt takes it for held ever after
    assert not chart.box.zoomed
    np.testing.assert_allclose(ranges(chart), chart.box.home)


def test_keys_zoom_pan_and_show_all(chart):
    whole = ranges(chart)
    for _ in range(3):
        QTest.keyClick(chart, Key.Key_Plus)
    near = ranges(chart)
    assert np.ptp(near[0]) < 0.6 * np.ptp(whole[0])
    QTest.keyClick(chart, Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert ranges(chart)[0][0] > near[0][0]
    QTest.keyClick(chart, Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(chart, Key.Key_Minus)
    assert np.ptp(ranges(chart)[0]) > 1.1 * np.ptp(near[0])
    QTest.keyClick(chart, Key.Key_0)
    assert not chart.box.zoomed


def test_the_middle_button_pans_and_the_right_one_draws_a_box(chart):
    area = chart.area()
    chart.box.zoom(0.5)
    before, centre = ranges(chart), area.center().toPoint()
    drag(chart, MIDDLE, centre, centre + QPoint(30, 0))
    moved = ranges(chart)
    share = 30 / area.width() * np.ptp(before[0])
    assert before[0][0] - moved[0][0] == pytest.approx(share, rel=0.15)
    corners = [centre - QPoint(20, 15), centre + QPoint(20, 15)]
    ends = sorted(float(value_at(chart, corner)[0]) for corner in corners)
    drag(chart, RIGHT, *corners)
    if np.ptp(ends) > 1.1 * chart.box.state["limits"]["xRange"][0]:
        assert ranges(chart)[0] == pytest.approx(ends, abs=0.05 * np.ptp(ends))
    assert not [w for w in QApplication.topLevelWidgets() if isinstance(w, QMenu)]


def test_zoom_and_pan_stay_inside_the_data(cost):
    cost.box.zoom(0.1)
    for _ in range(40):
        QTest.keyClick(cost, Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert ranges(cost)[0][1] <= cost.box.home[0][1] * (1 + 1e-9)
    for _ in range(20):
        QTest.keyClick(cost, Key.Key_Minus)
    assert not cost.box.zoomed  # it follows the run again


def test_a_picture_has_the_size_asked_for_and_leaves_the_plot_as_it_was(chart):
    before = grabbed(chart)
    for size, scale in ((QSize(640, 333), 2.0), (QSize(301, 240), 1.0)):
        found = image_of(chart, size, scale, LIGHT)
        assert found.size() == size
        across, down = range(0, 300, 7), range(0, 240, 7)
        assert len({found.pixelColor(x, y).name() for x in across for y in down}) > 1
        assert found.pixelColor(0, 0).name() == "#ffffff"
    assert grabbed(chart) == before


def test_a_dark_plot_can_be_saved_on_white_ground(chart):
    light = image_of(chart, QSize(400, 250), 1.0)
    theme().set_mode("dark")
    before = grabbed(chart)
    assert image_of(chart, QSize(400, 250), 1.0).pixelColor(0, 0) == DARK.surface
    white = image_of(chart, QSize(400, 250), 1.0, LIGHT)
    assert white == light
    assert grabbed(chart) == before


@pytest.mark.parametrize("size", [(120, 120), (120, 300), (300, 120), (240, 240)])
def test_in_a_drawing_text_is_text_and_there_are_three_numbers_on_each_axis(chart, size):
    chart.resize(*size)
    drawing = encoded(chart, ".svg", QSize(*size), 1.0, LIGHT).decode()
    words = re.findall(r"<text[^>]*>([^<]*)</text>", drawing)
    for axis in chart.axes.values():
        if axis.isVisible():
            numbers = axis.tickStrings([], 1.0, 1.0)
            assert len(numbers) >= 3
            assert set(numbers) <= {word.strip() for word in words}


@pytest.mark.parametrize("side", spread([70, 90, 120], 1))
def test_numbers_of_a_small_plot_do_not_run_into_each_other(chart, side):
    chart.resize(side, side)
    grabbed(chart)
    for axis in chart.axes.values():
        if axis.isVisible() and not axis.upright:
            (low, high), length = sorted(axis.range), axis.geometry().width()
            ((_, at),) = axis.tickValues(low, high, length)
            wide = [QFontMetricsF(axis.style["tickFont"]).horizontalAdvance(words)
                    for words in axis.tickStrings([], 1.0, 1.0)]  # fmt: skip
            apart = np.diff(at) / (high - low) * length
            assert all(apart >= (np.array(wide[1:]) + wide[:-1]) / 2)


def test_after_a_resize_the_lines_of_an_axis_are_whole(chart):
    before = grabbed(chart)
    for width in (300, 360):
        chart.resize(width, 220)
        shown = grabbed(chart)
    assert shown == before


@pytest.mark.parametrize("height", spread([90, 110, 140, 300], 1))
def test_an_axis_is_as_wide_as_its_numbers_also_right_after_a_resize(chart, height):
    chart.resize(360, height)
    for axis in chart.axes.values():
        if axis.isVisible() and axis.upright:
            assert axis.geometry().width() == axis.thickness()


def test_an_axis_without_words_has_its_lines(cost):
    axis = Axis("bottom", cost.box, numbering=Numbering(ticks, lambda _values: []))
    axis.setRange(0.0, 1.0)
    ((_, at),) = axis.tickValues(0.0, 1.0, 200.0)
    assert len(at) >= 3
    assert axis.tickStrings([], 1.0, 1.0) == []


def test_a_slow_click_by_a_trembling_hand_is_a_click(cost):
    clicks: list[QPointF] = []
    cost.clicked.connect(clicks.append)
    cost.box.zoom(0.5)
    zoomed, at = ranges(cost), cost.area().center().toPoint()
    QTest.mousePress(cost.viewport(), LEFT, pos=at)
    QTest.qWait(600)  # longer than pyqtgraph takes for a click
    move(cost.viewport(), at + QPoint(2, 1), LEFT)
    QTest.mouseRelease(cost.viewport(), LEFT, pos=at + QPoint(2, 1))
    assert [place.toPoint() for place in clicks] == [at]
    np.testing.assert_array_equal(ranges(cost), zoomed)
    drag(cost, LEFT, at, at + QPoint(30, 0))
    assert len(clicks) == 1
    assert (ranges(cost) != zoomed).any()


def test_every_scale_of_an_axis_has_its_numbers_wherever_it_is_zoomed_to():
    rows = [(-0.1, -0.9, 0.0, 40.0), (-1.1, -1.9, 0.0, 40.0)]  # two rows, upside down
    for low, high in ((-2.0, 0.0), (-0.6, -0.5), (-1.45, -0.4)):
        found = ticks_in(rows, low, high, 12, whole=True)
        assert all(low <= place <= high for place in found)
        assert all(number == round(number) for number in found.values())
        for place, number in found.items():
            row = rows[0] if place > -1 else rows[1]
            assert number == pytest.approx(40 * (row[0] - place) / (row[0] - row[1]))
        assert len(found) >= 3
    assert list(ticks_in(rows, -2.0, 0.0, 4, whole=True).values()) == [0, 40, 0, 40]


def test_a_logarithmic_axis_may_reach_beyond_all_numbers():
    assert log_written(log_ticks(307.0, 309.5, 5))[-1] == "1e+308"
    assert len(log_written([308.0, 308.5])) == 2


def test_an_axis_without_room_or_range_is_drawn_all_the_same(chart):
    axes = [item for item in chart.scene().items() if isinstance(item, Axis)]
    assert axes or isinstance(chart, LabSheet)
    for axis in axes:
        low, high = axis.range
        ((_, numbers),) = axis.tickValues(low, high, 0.0)
        assert np.isfinite(numbers).all()
        axis.setRange(1.0, 1.0)
        assert axis.tickValues(1.0, 1.0, 100.0) == [(1.0, [])]
        assert axis.tickStrings([], 1.0, 1.0) == []


def test_a_curve_is_one_path_with_one_pen(cost):
    drawing = encoded(cost, ".svg", QSize(600, 300), 1.0, LIGHT).decode()
    blue = theme().palette.positive.name()
    groups = [g for g in drawing.split("<g ") if f'stroke="{blue}"' in g and "<path" in g]
    assert len(groups) == 1
    (path,) = re.findall(r'<path[^>]* d="([^"]*)"', groups[0])
    assert path.count("L") == 299


def test_a_document_is_a_pdf_of_one_page(chart):
    content = encoded(chart, ".pdf", QSize(400, 300), 1.0, LIGHT)
    assert content.startswith(b"%PDF")
    assert re.search(rb"/MediaBox \[0 0 400(\.0+)? 300(\.0+)?\s*\]", content)


def test_numbers_are_read_back_as_the_very_same(chart):
    numbers = chart.numbers()
    read = list(csv.reader(io.StringIO(table(numbers))))
    assert read[0] == list(numbers)
    for k, column in enumerate(numbers.values()):
        values = list(np.asarray(column).ravel()) if not isinstance(column, list) else column
        cells = [line[k] for line in read[1 : 1 + len(values)]]
        for cell, value in zip(cells, values, strict=True):
            if isinstance(value, float | np.floating):
                assert np.float64(cell) == value or np.isnan(value)
            else:
                assert cell == ("" if value is None else str(value))


def test_cached_pixmaps_equal_a_fresh_painting(chart):
    for change in (
        lambda: chart.resize(420, 260),
        lambda: chart.resize(250, 190),
        lambda: theme().set_mode("dark"),
        lambda: chart.box.zoom(0.5),
        lambda: theme().set_mode("light"),
        chart.show_all,
    ):
        change()
        QApplication.processEvents()
        # What is half transparent is rounded once more where it is kept.
        assert apart(grabbed(chart), fresh(chart)) <= 3


def test_the_menu_shows_all_and_copies(cost):
    menu = menu_of(cost)
    actions = {action.text().partition("\t")[0]: action for action in menu.actions()}
    both = {f"{verb} {what}" for verb in ("Copy", "Save") for what in ("picture", "numbers")}
    assert both <= {words.rstrip("…") for words in actions}
    assert not actions["Show all"].isEnabled()
    menu.deleteLater()
    cost.box.zoom(0.3)
    menu = menu_of(cost)
    menu.actions()[0].trigger()
    assert not cost.box.zoomed
    menu.deleteLater()
    copy_picture(cost)
    assert QApplication.clipboard().image().size() == cost.size() * 2
    copy_numbers(cost)
    assert QApplication.clipboard().text().splitlines()[1].startswith("0\t0.7")


def test_a_right_click_opens_the_menu_and_nothing_of_it_stays(cost, qtbot):
    QTest.mouseClick(cost.viewport(), RIGHT, pos=cost.area().center().toPoint())
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    menu = QApplication.activePopupWidget()
    assert menu is not None
    QTest.keyClick(menu, Key.Key_Escape)
    qtbot.waitUntil(lambda: not cost.window().findChildren(QMenu))


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_a_picture_is_saved_as_its_name_says(cost, monkeypatch, tmp_path, suffix):
    path = tmp_path / f"cost{suffix}"
    monkeypatch.setattr("gui.paper.dialog.ask_save", lambda *_: path)
    dialog = ask_picture(cost)
    dialog.across.setValue(900)
    dialog.down.setValue(500)
    dialog.open()
    dialog.save_button.click()
    content = path.read_bytes()
    starts = {".png": b"\x89PNG", ".svg": b"<?xml", ".pdf": b"%PDF"}
    assert content.startswith(starts[suffix])
    if suffix == ".png":
        width, height = (int.from_bytes(content[k : k + 4], "big") for k in (16, 20))
        assert (width, height) == (900, 500)
    assert not dialog.isVisible()


def test_the_wheel_over_an_axis_zooms_that_one_alone(qtbot):
    plot = CHARTS["fit"]()
    qtbot.addWidget(plot)
    plot.resize(300, 240)
    with qtbot.waitExposed(plot):
        plot.show()
    whole, area = ranges(plot), plot.area()
    wheel(plot.viewport(), 2, QPoint(round(area.left()) - 10, round(area.center().y())))
    assert np.ptp(ranges(plot)[1]) < np.ptp(whole[1])
    assert ranges(plot)[0] == pytest.approx(whole[0])


def test_a_picture_of_other_pixels_covers_the_same_place(qapp):
    picture, place = PictureItem(), QRectF(-2.0, -1.0, 4.0, 2.0)
    for side in (50, 100, 25):
        image = QImage(side, side, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.red)
        picture.show_image(image, place)
        covered = picture.mapRectToParent(picture.boundingRect())
        assert (covered.left(), covered.top()) == pytest.approx((-2.0, -1.0))
        assert (covered.width(), covered.height()) == pytest.approx((4.0, 2.0))


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize("smooth", [False, True])
def test_the_top_row_of_a_picture_is_at_the_top(qtbot, inverted, smooth):
    plot, picture = Chart("Two rows", invertY=inverted), PictureItem(smooth=smooth)
    qtbot.addWidget(plot)
    plot.resize(200, 160)
    plot.box.go_home((0.0, 1.0), (0.0, 1.0))
    plot.add_item(picture)
    rows = QImage(1, 2, QImage.Format.Format_RGB32)
    rows.setPixelColor(0, 0, Qt.GlobalColor.red)
    rows.setPixelColor(0, 1, Qt.GlobalColor.blue)
    picture.show_image(rows, QRectF(0.0, 0.0, 1.0, 1.0))
    plot.arrange()
    seen, area = grabbed(plot), plot.area().toRect()
    top, bottom = (
        seen.pixelColor(area.center().x(), y) for y in (area.top() + 3, area.bottom() - 3)
    )
    assert top == Qt.GlobalColor.red
    assert bottom == Qt.GlobalColor.blue


def test_a_mark_is_seen_as_soon_as_there_is_one(cost):
    marked = grabbed(cost)
    cost.show_marks(())
    bare = grabbed(cost)
    assert apart(bare, marked) > 30
    cost.show_marks(((100, "α 1.2 → 0.3"),))
    assert apart(grabbed(cost), marked) == 0
