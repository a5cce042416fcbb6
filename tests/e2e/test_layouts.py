"""The three layouts, the text size, one panel alone and the presentation."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from core import edits
from core.errors import LayerwiseError
from core.walk.entry import Entry
from gui.style.theme import theme
from gui.widgets.dock import Dock
from gui.widgets.elided import Elided
from tests.e2e.driver import run_app
from tests.e2e.room import room_on
from tests.e2e.work import at_rest


@pytest.fixture(autouse=True)
def usual_text():
    yield
    if QApplication.instance() is not None:
        theme().set_text_size(1.0)


def settle(times=4):
    for _ in range(times):
        QApplication.processEvents()


def seen(window):
    docks = window.docks.items()
    return {name for name, dock in docks if not dock.isHidden() and not dock.is_behind}


@pytest.mark.slow
def test_each_layout_is_remembered_and_reset_restores_it(qtbot):
    def script(window):
        window.resize(1600, 1000)
        window.reset_layout()
        settle()
        assert seen(window) == {"data", "boundary", "cost", "activations"}
        QTest.keySequence(window, "Alt+1")
        settle()
        assert seen(window) == {"data", "boundary"}
        window.docks["results"].show_action.trigger()
        QTest.keySequence(window, "Alt+3")
        settle()
        assert seen(window) == {"boundary", "stepper"}
        QTest.keySequence(window, "Alt+1")
        settle()
        assert seen(window) == {"data", "boundary", "results"}
        window.reset_layout()
        settle()
        assert seen(window) == {"data", "boundary"}
        assert window.layouts.actions["build"].isChecked()

    def next_time(window):
        assert window.layouts.current == "build"

    assert run_app(script) == 0
    assert run_app(next_time) == 0


def test_f8_goes_to_the_walk_and_back(qtbot):
    def script(window):
        window.resize(1600, 1000)
        QTest.keySequence(window, "Alt+1")
        QTest.keySequence(window, "F8")
        settle()
        assert window.layouts.current == "walk"
        assert "stepper" in seen(window)
        QTest.keySequence(window, "F8")
        assert window.layouts.current == "build"
        QTest.keySequence(window, "F8")
        QTest.keySequence(window, "F5")  # training continues
        assert window.layouts.current == "build"
        window.training.pause()
        QTest.keySequence(window, "Alt+3")
        QTest.keySequence(window, "F5")
        assert window.layouts.current == "walk"  # chosen, it stays
        window.training.pause()

    assert run_app(script) == 0


@pytest.mark.parametrize("size", [(1600, 1000), (1280, 720), room_on(1280, 720)])
def test_the_plots_have_room_on_the_first_start(size, qtbot):
    boundary, cost = (300, 200) if size[1] == 1000 else (240, 130)

    def script(window):
        window.resize(*size)
        window.reset_layout()
        window.training.step(3)
        qtbot.waitUntil(lambda: window.training.latest.iteration == 3)
        qtbot.wait(60)
        plane = window.panels["boundary"].plot
        assert min(plane.area().width(), plane.area().height()) >= boundary
        assert window.panels["cost"].plot.height() >= cost
        if size[1] == 1000:
            assert window.panels["activations"].plot.height() >= 150

    assert run_app(script) == 0


def plane_side(window):
    area = window.panels["boundary"].plot.area()
    return min(area.width(), area.height())


def canvas_scale(window):
    return window.canvas.network.picture.layout.scale


@pytest.mark.parametrize("layout", ["build", "train"])
def test_a_panel_at_the_bottom_leaves_the_plots_their_height(layout, qtbot):
    def script(window):
        window.resize(*room_on(1280, 720))
        window.layouts.choose(layout)
        settle()
        qtbot.waitUntil(lambda: plane_side(window) >= 240)
        before = plane_side(window)
        for name in ("runs", "examples", "layers", "stepper"):
            window.docks[name].show_action.trigger()
            settle()
            qtbot.waitUntil(window.docks[name].isVisible)
            assert plane_side(window) >= before
            assert window.canvas.height() >= 200
            right = window.docks["boundary"].geometry().left()
            assert window.docks[name].geometry().right() < right
            window.docks[name].show_action.trigger()

    assert run_app(script) == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("screen", "text"), [((1280, 720), 1.0), ((1366, 768), 1.0), ((1440, 900), 1.5)]
)
def test_in_a_low_window_the_stepper_stands_beside_the_network(screen, text, qtbot):
    def script(window):
        theme().set_text_size(text)
        window.resize(*room_on(*screen))
        window.start_walk()
        settle()
        stepper, boundary = window.docks["stepper"], window.docks["boundary"]
        qtbot.waitUntil(lambda: stepper.height() > 0.7 * window.height())
        assert stepper.geometry().left() > boundary.geometry().right()
        assert boundary.geometry().top() > window.canvas.mapTo(window, QPoint()).y()
        assert plane_side(window) >= 140 * text
        assert canvas_scale(window) >= 0.6
        assert stepper.width() >= 0.5 * window.width()

    assert run_app(script) == 0


@pytest.mark.slow
@pytest.mark.parametrize(("size", "text"), [(room_on(1280, 720), 1.0), ((1280, 720), 1.5)])
def test_beside_a_lesson_network_and_stepper_can_be_read_in_a_low_window(size, text, qtbot):
    def script(window):
        theme().set_text_size(text)  # the larger one is that of a presentation
        window.resize(*size)
        window.lessons.start("backward")
        settle()
        stepper, lesson = window.docks["stepper"], window.docking.lesson
        qtbot.waitUntil(lambda: stepper.height() > 0.7 * window.height())
        settle()
        qtbot.waitUntil(lambda: window.canvas.mapTo(window, QPoint()).x() > lesson.width())
        network = QRect(window.canvas.mapTo(window, QPoint()), window.canvas.size())
        assert lesson.geometry().right() < network.left()
        assert network.right() < stepper.geometry().left()
        assert lesson.height() > 0.8 * window.height()
        assert lesson.width() >= 260 * text
        assert canvas_scale(window) >= 0.75
        assert stepper.width() >= 350 * text
        assert window.panels["stepper"].header.next_button.isVisible()
        window.lessons.leave()

    assert run_app(script) == 0


@pytest.mark.slow
def test_where_two_have_no_room_the_plots_are_tabs_beside_the_stepper(qtbot):
    def script(window):
        theme().set_text_size(2.0)
        window.resize(*room_on(1600, 1000))
        window.start_walk()
        settle()
        assert seen(window) == {"stepper"}
        assert canvas_scale(window) >= 0.9
        window.docks["boundary"].bring()
        settle()
        assert plane_side(window) >= 300
        window.layouts.leave_walk()
        settle()
        assert window.docks["boundary"].isVisible()

    assert run_app(script) == 0


@pytest.mark.slow
def test_a_window_that_grows_and_shrinks_divides_its_room_as_at_first(qtbot):
    def sizes(window):
        qtbot.wait(60)
        docks = {name: window.docks[name] for name in sorted(seen(window))}
        return {f"{name} {way}": getattr(dock, way)() for name, dock in docks.items()
                for way in ("width", "height")}  # fmt: skip

    def script(window):
        for layout in ("train", "walk", "build"):
            first: dict[tuple[int, int], dict[str, int]] = {}
            for size in (*2 * (room_on(1280, 720), (1600, 1000)),):
                window.resize(*size)
                settle()
                window.layouts.choose(layout)
                settle()
                now = sizes(window)
                assert first.setdefault(size, now) == pytest.approx(now, abs=4), layout
                window.reset_layout()
                settle()
                assert sizes(window) == pytest.approx(now, abs=4), layout

    assert run_app(script) == 0


@pytest.mark.slow
def test_the_text_size_scales_every_text_and_is_remembered(qtbot):
    def fonts(window):
        labels = window.findChildren(QLabel)
        return {label: label.font().pixelSize() for label in labels if label.property("dressed")}

    def script(window):
        window.resize(1600, 1000)
        before, tile = fonts(window), window.parts.panel("data.flower")
        high = tile.height()
        assert len(before) > 60
        for _ in range(3):
            QTest.keySequence(window, "Ctrl+Alt++")
        assert theme().text_size == 1.5
        for label, size in fonts(window).items():
            if label in before:
                assert size == round(1.5 * before[label]), label.text()
        assert tile.height() == round(1.5 * high)
        QTest.keySequence(window, "Ctrl+Alt+-")
        assert theme().text_size == 1.25
        QTest.keySequence(window, "Ctrl+Alt+0")
        now = fonts(window)
        assert {label: now[label] for label in before if label in now} == {
            label: size for label, size in before.items() if label in now
        }
        QTest.keySequence(window, "Ctrl+Alt++")

    def next_time(window):
        assert theme().text_size == 1.1

    assert run_app(script) == 0
    theme().set_text_size(1.0)
    assert run_app(next_time) == 0


def test_one_panel_alone_and_all_again(qtbot):
    def script(window):
        window.resize(1600, 1000)
        window.reset_layout()
        settle()
        before = seen(window)
        window.parts.panel("cost.log").setFocus()
        QTest.keySequence(window, "Ctrl+M")
        settle()
        assert seen(window) == {"cost"}
        assert window.docks["cost"].height() > 700
        assert not window.canvas.isVisible()
        QTest.keySequence(window, "Ctrl+M")
        settle()
        assert seen(window) == before
        window.canvas.setFocus()
        QTest.keySequence(window, "Ctrl+M")
        assert not seen(window)
        assert window.canvas.isVisible()
        qtbot.keyClick(window, Qt.Key.Key_Escape)
        settle()
        assert seen(window) == before

    assert run_app(script) == 0


def double_click(dock: Dock):
    QTest.mouseDClick(dock.titleBarWidget(), Qt.MouseButton.LeftButton, pos=QPoint(30, 5))
    settle()


def test_a_title_floats_its_panel_and_the_bar_docks_it_again(qtbot):
    def script(window):
        window.resize(1600, 1000)
        window.reset_layout()
        dock = window.docks["cost"]
        bar = dock.titleBarWidget()
        assert not bar.close_button.isVisible()
        double_click(dock)
        settle()
        assert dock.isFloating()
        assert bar.close_button.isVisible()
        qtbot.mouseClick(bar.back_button, Qt.MouseButton.LeftButton)
        assert not dock.isFloating()
        double_click(dock)
        qtbot.mouseClick(bar.close_button, Qt.MouseButton.LeftButton)
        assert dock.isHidden()

    assert run_app(script) == 0


@pytest.mark.parametrize("name", ["cost", "boundary"])
def test_a_panel_that_is_put_back_is_in_front_and_all_are_as_high_as_before(name, qtbot):
    def heights(window):
        return {each: window.docks[each].height() for each in ("boundary", "cost")}

    def script(window):
        window.resize(1280, 720)
        window.reset_layout()
        settle()
        before, dock = heights(window), window.docks[name]
        for _ in range(2):
            double_click(dock)
            qtbot.waitUntil(dock.isFloating)
            settle()
            double_click(dock)
            qtbot.waitUntil(lambda: not dock.isFloating() and heights(window) == before)
            assert not dock.is_behind
        assert not window.docks["cost"].is_behind

    assert run_app(script) == 0


def test_a_part_brings_its_closed_panel_as_high_as_its_command_does(qtbot):
    def script(window):
        window.resize(1600, 1000)
        heights = []
        for show in (lambda: window.parts.bring("runs"), window.docks["runs"].toggle):
            show()
            settle()
            heights.append(window.docks["runs"].height())
            window.docks["runs"].close()
            window.layouts.reset()
            settle()
        assert heights[0] >= 300
        assert heights[0] == heights[1]

    assert run_app(script) == 0


@pytest.mark.slow
def test_a_panel_that_is_being_dragged_is_dropped_where_its_layout_has_it(qtbot):
    """Qt ends the process when a state is restored while a panel is being dragged."""

    def script(window):
        window.docks["doctor"].setFloating(True)  # then the layout has a state of its own
        settle()
        window.layouts.choose("build")
        for leave in (
            lambda: window.layouts.choose("train"),
            window.reset_layout,
            window.docks["cost"].maximize_wanted.emit,
            window.layouts.restore_whole,
        ):
            dock = window.docks["boundary"]
            dock.bring()
            settle()
            bar = dock.titleBarWidget()
            qtbot.mousePress(bar, Qt.MouseButton.LeftButton, pos=QPoint(40, 12))
            for way in (5, 20, 40):
                qtbot.mouseMove(bar, QPoint(40 + way, 12 + way))
            leave()
            settle()
            qtbot.mouseRelease(bar, Qt.MouseButton.LeftButton, pos=QPoint(40, 12))
            settle()

    assert run_app(script) == 0


@pytest.mark.slow
def test_the_presentation_is_large_and_leaves_as_it_came(qtbot):
    def script(window):
        window.resize(1600, 1000)
        window.reset_layout()
        before = seen(window)
        QTest.keySequence(window, "F11")
        settle()
        assert window.isFullScreen()
        assert theme().text_size == 1.5
        assert window.docks["data"].isHidden()
        assert not window.parts.panel("canvas.fit").parentWidget().isHidden()
        with pytest.raises(LayerwiseError):  # what adds layers is not there
            window.parts.find("canvas.palette[relu]")
        double_click(window.docks["boundary"])
        settle()
        assert seen(window) == {"boundary"}
        qtbot.keyClick(window, Qt.Key.Key_Escape)
        assert not window.layouts.maximized
        qtbot.keyClick(window, Qt.Key.Key_Escape)
        settle()
        assert not window.isFullScreen()
        assert theme().text_size == 1.0
        assert seen(window) == before

    assert run_app(script) == 0


def test_the_picture_of_values_is_called_a_prediction_everywhere(qtbot):
    """The dock, its tab, the menu, the list of panels and the film."""

    def script(window):
        document, dock = window.document, window.docks["boundary"]
        for source, title in (("plane", "Prediction"), ("moons", "Decision boundary")):
            document.edit("Data", edits.choose_source(document.project, source))
            qtbot.waitUntil(lambda title=title: window.panels["boundary"].card.title == title)
            assert (dock.windowTitle(), dock.show_action.text()) == (title, title)
            assert window.parts.find("boundary").title == title
        document.edit("Data", edits.choose_source(document.project, "plane"))
        window.training.step(5)
        qtbot.waitUntil(lambda: window.training.latest.iteration == 5)
        window.films.export()
        scenes = [window.films.dialog.scene.itemText(i) for i in range(3)]
        assert scenes == ["Prediction", "Prediction and cost", "Network"]
        window.films.dialog.reject()

    assert run_app(script) == 0


def free_beside(label):
    """The pixels between a label and what lies to its right."""
    own, parent = label.geometry(), label.parentWidget()
    others = [
        other.geometry().left()
        for other in parent.children()
        if isinstance(other, QWidget)
        and other is not label
        and other.isVisible()
        and other.geometry().left() > own.right() - 2
        and min(other.geometry().bottom(), own.bottom()) > max(other.geometry().top(), own.top())
    ]
    return min([*others, parent.width()]) - own.right()


def cut_off(window):
    """The words that are cut off although there is room, or without a sign that they are."""
    for label in window.findChildren(QLabel):
        shown = label.isVisible() and label.visibleRegion().boundingRect().width() > 0
        if not shown or label.wordWrap() or not label.text():
            continue
        lacks = label.sizeHint().width() - 2 - label.width()
        if isinstance(label, Elided):
            if lacks > 0 and free_beside(label) > BESIDE:
                yield f"{label.text()!r} has {free_beside(label)} px beside it"
        elif lacks > 0:
            yield f"{label.text()!r} is cut off"


BESIDE = 24  # px, the margin of a card


@pytest.mark.slow
@pytest.mark.parametrize("size", [(1600, 1000), (1280, 720)])
@pytest.mark.parametrize("source", ["flower", "digits", "plane"])
def test_no_text_is_cut_off_next_to_free_room(qtbot, source, size):
    def script(window):
        window.resize(*size)
        window.document.edit("Data", edits.choose_source(window.document.project, source))
        window.training.step(3)
        qtbot.waitUntil(lambda: at_rest(window) and window.training.latest.iteration == 3)
        for layout in ("train", "build"):
            window.layouts.choose(layout)
            QTest.qWait(300)
            assert not [*cut_off(window)], layout
        window.start_walk()
        qtbot.waitUntil(lambda: window.walk.record is not None)
        window.walk.open_number(Entry("Z", 1, 0, 0))
        QTest.qWait(300)
        assert not [*cut_off(window)]

    assert run_app(script) == 0
