"""The window itself: menus, shortcuts, panels moved about, messages, names for screen readers."""

from collections import defaultdict

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRectF, Qt
from PySide6.QtGui import QAccessible, QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QLabel,
    QMenu,
    QTabBar,
    QTableView,
    QWidget,
)

from core import edits
from gui import errors
from gui.panels.base import Panel
from gui.widgets.banner import Banner
from gui.widgets.scrolled import Scrolled
from tests.e2e.driver import run_app

Key = Qt.Key
CTRL = Qt.KeyboardModifier.ControlModifier


def visit(script, *argv, **size):
    assert run_app(script, argv, **size) == 0


def menu_actions(menu):
    for action in menu.actions():
        if action.menu() is not None:
            yield from menu_actions(action.menu())
        elif not action.isSeparator():
            yield action


def listed(window):
    return [action for menu in window.menuBar().actions() for action in menu_actions(menu.menu())]


def test_no_shortcut_is_ambiguous_wherever_the_focus_is():
    """Qt does nothing at all for a key that two actions want."""

    def script(window):
        context = Qt.ShortcutContext
        wanted = defaultdict(list)
        for action in window.findChildren(QAction):
            for key in action.shortcuts():
                wanted[key.toString()].append(action)
        for key, actions in wanted.items():
            everywhere = [a for a in actions if a.shortcutContext() == context.WindowShortcut]
            assert len(everywhere) <= 1, (key, [a.text() for a in everywhere])
            owners = [id(a.parent()) for a in actions]
            assert len(owners) == len(set(owners)), (key, [a.text() for a in actions])
            if everywhere:
                assert actions == everywhere, (key, [a.text() for a in actions])

    visit(script)


def test_every_command_says_what_it_does_and_its_shortcut(qtbot):
    def script(window):
        for action in listed(window):
            assert action.toolTip(), action.text()
            if action.isEnabled() and action.shortcuts():
                assert "(" in action.toolTip(), action.toolTip()
        window.canvas.setFocus()
        qtbot.keyClick(window.canvas, Key.Key_Plus)
        undo = next(a for a in listed(window) if a.text().startswith("&Undo"))
        assert undo.text() == "&Undo Set units of layer 1 to 5"
        edit = next(a.menu() for a in window.menuBar().actions() if a.text() == "&Edit")
        edit.aboutToShow.emit()
        assert undo.toolTip() == "Undo Set units of layer 1 to 5 (Ctrl+Z)"
        undo.trigger()
        edit.aboutToShow.emit()
        redo = next(a for a in listed(window) if a.text().startswith("&Redo"))
        assert redo.toolTip().startswith("Redo Set units of layer 1 to 5 (Ctrl+")

    visit(script)


def test_the_list_of_shortcuts_follows_the_menus(qtbot):
    def script(window):
        next(a for a in listed(window) if "shortcuts" in a.text()).trigger()
        dialogs = [
            w for w in QApplication.topLevelWidgets() if w.windowTitle() == "Keyboard shortcuts"
        ]
        assert len(dialogs) == 1
        words = [label.text() for label in dialogs[0].findChildren(QLabel)]
        assert words[:3] == ["File", "New", "Ctrl+N"]
        assert {
            "Edit",
            "View",
            "Network",
            "Train",
            "Help",
            "Import data",
            "Import weights",
            "Layers table",
            "Examples table",
            "Table of runs",
            "Everywhere",
        } <= set(words)
        dialogs[0].close()

    visit(script)


def test_panels_are_closed_floated_joined_and_restored(qtbot):
    def places(window):
        docks = window.docks.items()
        return {
            name: (dock.isFloating(), window.dockWidgetArea(dock))
            for name, dock in docks
            if not dock.isHidden()
        }

    def script(window):
        window.resize(1600, 1000)
        window.reset_layout()
        qtbot.wait(50)
        first = places(window)
        for dock in window.docks.values():
            dock.show_action.trigger()
        assert window.canvas.geometry().left() > 0  # not at the very edge of the window
        window.docks["cost"].setFloating(True)
        window.docks["cost"].show()
        window.tabifyDockWidget(window.docks["data"], window.docks["boundary"])
        qtbot.wait(50)
        next(a for a in listed(window) if a.text() == "&Reset layout").trigger()
        qtbot.wait(50)
        assert places(window) == first
        QCoreApplication.sendPostedEvents(
            None, QEvent.Type.DeferredDelete
        )  # a script never returns
        shared = [bar.tabText(0) for bar in window.findChildren(QTabBar) if bar.count() > 1]
        assert "Data" not in shared

    visit(script)


@pytest.mark.slow
def test_the_layout_and_the_theme_are_there_again_next_time():
    def leave(window):
        window.docks["cost"].close()
        window.docks["data"].setFloating(True)
        next(a for a in listed(window) if a.text() == "Dark").trigger()

    def find(window):
        assert window.docks["cost"].isHidden()
        assert window.docks["data"].isFloating()
        assert next(a for a in listed(window) if a.text() == "Dark").isChecked()
        next(a for a in listed(window) if a.text() == "System").trigger()

    visit(leave)
    visit(find)


def test_build_2_4_3_1_by_keyboard_in_the_layers_table(qtbot):
    def script(window):
        qtbot.keyClick(window, Key.Key_2, CTRL)  # View ▸ Layers; then the table has the focus
        table = window.docks["layers"].first
        assert isinstance(table, QTableView)
        qtbot.waitUntil(table.hasFocus)
        qtbot.keyClick(table, Key.Key_Insert)
        qtbot.keyClick(table, Key.Key_D, CTRL)
        assert window.document.project.sizes() == (2, 4, 4, 4, 1)
        qtbot.keyClick(table, Key.Key_Delete)
        qtbot.keyClick(table, Key.Key_Up)
        qtbot.keyClick(table, Key.Key_3)
        box = QApplication.focusWidget()
        assert box is not None
        assert box.accessibleName() == "Units of layer 2"
        qtbot.keyClick(box, Key.Key_Return)
        qtbot.waitUntil(lambda: window.document.project.sizes() == (2, 4, 3, 1))

    visit(script)


def banner(window):
    return window.findChild(Banner)


def test_a_message_goes_with_the_next_edit_or_esc_or_the_cure(qtbot):
    def script(window):
        refuse = window.canvas.commands
        refuse.step_units(2, 1)  # the output layer's units follow the data
        assert "units follow the data" in banner(window).sentence
        qtbot.keyClick(window.canvas, Key.Key_Plus)
        assert banner(window).sentence == ""
        refuse.type_units(1, "9999")
        assert banner(window).sentence.startswith("The units of layer 1 cannot be “9999”")
        qtbot.keyClick(window.canvas, Key.Key_Escape)
        assert banner(window).sentence == ""
        document = window.document
        document.edit("Absurd", edits.with_training(document.project, learning_rate=1e306))
        window.training.play()
        qtbot.waitUntil(lambda: "diverge" in (told := banner(window).sentence) or "stopped" in told)
        window.training.reset()
        qtbot.waitUntil(lambda: banner(window).sentence == "")

    visit(script)


def test_an_unexpected_error_stays_until_it_is_closed(qtbot):
    def script(window):
        errors.show_message(window, "Something unexpected happened.", "error", details="Traceback")
        qtbot.keyClick(window.canvas, Key.Key_Plus)
        qtbot.keyClick(window.canvas, Key.Key_Escape)
        assert banner(window).sentence
        banner(window).close_message()

    visit(script)


@pytest.mark.parametrize("data", ["flower", "digits"])
def test_everything_that_takes_the_focus_has_a_name(data, qtbot):
    def name(widget):
        return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)

    def script(window):
        project = edits.choose_source(window.document.project, data)
        window.document.edit("Data", project)
        for dock in window.docks.values():
            dock.show()
        qtbot.wait(100)
        assert not [
            bar
            for bar in window.findChildren(QTabBar)
            if bar.x() < 0 and bar.focusPolicy() != Qt.FocusPolicy.NoFocus
        ]
        nameless = [
            widget
            for widget in window.findChildren(QWidget)
            if widget.focusPolicy() != Qt.FocusPolicy.NoFocus
            and widget.focusProxy() is None
            and not isinstance(widget, QMenu)
            and widget.isVisible()
            and not name(widget)
        ]
        assert not nameless

    visit(script)


def test_a_lower_window_is_rearranged_unless_a_panel_was_moved(qtbot):
    def script(window):
        window.resize(1600, 1000)
        window.reset_layout()
        docks = window.docks
        shared = lambda: docks["activations"] in window.tabifiedDockWidgets(docks["cost"])  # noqa: E731
        assert not shared()
        window.resize(1280, 720)
        qtbot.waitUntil(shared)
        qtbot.waitUntil(lambda: docks["boundary"].height() > 250)
        window.resize(1600, 1000)
        qtbot.waitUntil(lambda: not shared())
        docks["data"].show_action.trigger()
        window.resize(1280, 720)
        qtbot.wait(50)
        assert docks["data"].isHidden()
        assert not shared()

    visit(script)


@pytest.mark.slow
def test_every_panel_has_a_key_and_none_makes_the_window_of_a_projector_larger(qtbot):
    def script(window):
        window.resize(1280, 720)
        window.reset_layout()
        keys = set()
        for dock in window.docks.values():
            action = dock.show_action
            keys.add(action.shortcut().toString())
            assert action.shortcut().toString(), f"no keys in PLACES for {dock.windowTitle()}"
            if not action.isChecked():
                action.trigger()
            qtbot.wait(20)
        assert len(keys) == len(window.docks)
        assert (window.width(), window.height()) == (1280, 720)

    visit(script)


@pytest.mark.slow
@pytest.mark.parametrize("size", [(1280, 720), (1600, 1000)])
def test_nothing_has_to_be_scrolled_on_a_first_start_and_in_a_walk(qtbot, size):
    def script(window):
        window.resize(*size)
        window.reset_layout()
        window.start_walk()
        qtbot.waitUntil(lambda: window.walk.record is not None)
        places = [window.docks[name].widget() for name in ("boundary", "cost", "stepper")]
        for index in range(len(window.walk.steps)):
            window.walk.go(index)
            qtbot.wait(5)
            for place in places:
                areas = place.findChildren(Scrolled)
                outer = [area for area in areas if isinstance(area.widget(), Panel)]
                assert all(area.verticalScrollBar().maximum() == 0 for area in outer), index

    visit(script)


@pytest.mark.slow
def test_a_window_with_every_panel_open_becomes_as_small_as_one_likes(qtbot):
    def script(window):
        window.resize(1600, 1000)
        window.reset_layout()
        for dock in window.docks.values():
            if dock.isHidden():
                dock.show_action.trigger()
                qtbot.wait(20)
        window.resize(1280, 640)
        qtbot.waitUntil(lambda: (window.width(), window.height()) == (1280, 640))
        window.reset_layout()
        window.resize(1024, 560)
        qtbot.waitUntil(lambda: (window.width(), window.height()) == (1024, 560))

    visit(script)


@pytest.mark.slow
def test_there_is_room_to_paint_on_a_projector_with_any_panels(qtbot):
    def script(window):
        window.resize(1280, 720)
        window.reset_layout()
        for name in ("results", "examples"):
            window.docks[name].show_action.trigger()
        qtbot.wait(50)
        qtbot.keyClick(window, Key.Key_B, CTRL)
        qtbot.waitUntil(lambda: window.docks["boundary"].height() > 250)

    visit(script)


@pytest.mark.slow
def test_a_layout_of_a_tall_screen_fits_the_projector(qtbot):
    def on_the_desk(window):
        window.resize(1600, 1000)
        qtbot.waitUntil(window.docks["activations"].isVisible)

    def in_the_lecture(window):
        window.resize(1280, 720)
        qtbot.waitUntil(lambda: window.docks["boundary"].height() > 250)

    visit(on_the_desk)
    visit(in_the_lecture)


@pytest.mark.slow
def test_moving_a_panel_does_not_change_the_presentation():
    def on_the_desk(window):
        window.resize(1600, 1000)
        window.docks["data"].show_action.trigger()
        assert window.docks["data"].isHidden()

    def in_the_lecture(window):
        assert window.height() < 850  # of this screen
        assert window.docks["data"].isVisible()
        window.docks["cost"].show_action.trigger()

    def next_week(window):
        assert window.docks["cost"].isHidden()
        assert window.docks["data"].isVisible()

    for script in (on_the_desk, in_the_lecture, next_week):
        visit(script, size=None)


@pytest.mark.parametrize("size", [(1280, 720), (1600, 1000)])
def test_a_message_covers_no_control_needed_to_fix_it(qtbot, size):
    def script(window):
        window.resize(*size)
        window.reset_layout()
        canvas = window.canvas
        qtbot.waitUntil(lambda: canvas.network.picture.layout.columns[1].pill is not None)
        errors.show_message(window, "The cost is no longer a number. " * 6, "error")
        banner = window.centralWidget().findChild(Banner)
        qtbot.waitUntil(banner.isVisible)
        qtbot.wait(20)
        layout = canvas.network.picture.layout
        pills = [column.pill.box for column in layout.columns if column.pill is not None]
        assert pills
        equations = [layout.equation_box(l) for l in range(1, len(layout.columns))]
        units = [box for column in layout.columns for box in column.boxes]
        rects = [QRectF(*box) for box in (*pills, *equations, *units)]
        controls = [canvas.mapFromScene(rect).boundingRect() for rect in rects]
        controls += [
            chip.rect().translated(chip.mapTo(canvas, QPoint()))
            for chip in canvas.findChildren(QAbstractButton)
            if chip.isVisible()
        ]
        over = banner.rect().translated(banner.mapTo(window, QPoint()))
        for control in controls:
            at = control.translated(canvas.mapTo(window, QPoint()))
            assert not over.intersects(at), (over, at)

    visit(script)
