"""The registry of parts: every key is found and shown; the palette and the menus use it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from core.errors import LayerwiseError
from gui.command_palette import CommandPalette
from gui.docks import PANELS
from gui.parts import Kind
from tests.e2e.driver import run_app

LEFT = Qt.MouseButton.LeftButton
# What the lessons point at, press and drag, and the commands whose doing they wait for.
WANTED = {
    "canvas", "canvas.unit[1][2]", "canvas.unit[0][1]", "canvas.unit[2][1]",
    "canvas.edge[1][2,1]", "canvas.edge[2][1,4]", "canvas.bias[1][3]", "canvas.activation[1]",
    "canvas.units[1]", "canvas.equation[1]", "canvas.add[2]", "canvas.layer[1]",
    "canvas.feature[x1_squared]", "canvas.palette[relu]", "canvas.fit", "runbar",
    "runbar.learning_rate", "runbar.loss", "runbar.optimizer", "runbar.initialization",
    "runbar.play", "runbar.reset", "runbar.step", "runbar.pace", "runbar.speed",
    "runbar.iteration", "runbar.batch_size", "runbar.scale", "runbar.seed", "runbar.l2",
    "runbar.iterations", "data", "data.flower", "data.digits", "data.paint", "data.import",
    "data.normalize", "data.feature[x1]", "data.test_share", "data.noise", "data.examples",
    "data.seed", "data.balance", "boundary", "boundary.plot", "boundary.scale", "cost",
    "cost.plot", "cost.log", "cost.timeline", "activations", "lens", "lens.worst", "layers",
    "results", "surface", "hidden", "distributions", "doctor", "runs", "examples", "pinned",
    "stepper", "stepper.chip[dW[1]]", "stepper.chip[J]", "stepper.view[code]", "stepper.check",
    "stepper.origin", "layout", "file.export_weights", "file.import_data", "train.sweep",
    "train.walk", "help.notation", "view.present",
}  # fmt: skip


def close_popups():
    for _ in range(9):
        popup = QApplication.activePopupWidget()
        if popup is None:
            return
        popup.close()
    assert QApplication.activePopupWidget() is None


def at_rest(window, qtbot):
    window.resize(1600, 1000)
    window.reset_layout()
    window.training.step()
    qtbot.waitUntil(lambda: window.training.latest.iteration == 1)
    window.start_walk()
    qtbot.waitUntil(lambda: window.walk.record is not None)


def test_every_key_is_brought_and_found(qtbot):
    lost: list[object] = []
    twice: set[str] = set()

    def script(window):
        at_rest(window, qtbot)
        for dock in window.docks.values():
            dock.bring()  # what its panel does not show now is known from here on
            QApplication.processEvents()
        window.docks["stepper"].bring()
        parts = list(window.parts)
        keys = [part.key for part in parts]
        twice.update(key for key in keys if keys.count(key) > 1)
        assert len(keys) > 180
        assert not WANTED - set(keys)
        assert all(part.title for part in parts)
        room = window.frameGeometry() | window.screen().geometry()
        for part in parts:
            part.bring()
            QApplication.processEvents()
            place = part.rectangle()
            if min(place.width(), place.height()) < 3 or not room.contains(place.center()):
                lost.append((part.key, place))
            close_popups()

    assert run_app(script) == 0
    assert not twice
    assert not lost, lost


def test_a_key_that_is_not_there_is_refused_in_a_sentence(qtbot):
    def script(window):
        for key in ("canvas.unit[9][1]", "canvas.unit[1][99]", "bounary", "canvas.edge[1][1]"):
            with pytest.raises(LayerwiseError, match="no part called"):
                window.parts.find(key)
            assert not window.parts.knows(key)
        with pytest.raises(LayerwiseError, match="for this project"):
            window.parts.find("data.classes")  # of blobs
        assert window.parts.knows("data.classes")

    assert run_app(script) == 0


def test_a_press_at_a_part_of_the_canvas_reaches_it(qtbot):
    def script(window):
        window.resize(1600, 1000)
        window.reset_layout()
        window.docks["lens"].close()
        for key in ("canvas.units[1]", "canvas.add[1]", "canvas.feature[sin_x1]"):
            part = window.parts.find(key)
            part.bring()
            at = part.widget.mapFromGlobal(part.point)
            qtbot.mouseClick(part.widget, LEFT, pos=at)
        sizes = window.document.project.sizes()
        assert len(sizes) == 4
        assert sizes[0] == 3

        def spot():
            edge = window.parts.find("canvas.edge[1][2,1]")
            found = window.canvas.hit(edge.widget.mapFromGlobal(edge.point).toPointF())
            return found.layer, found.unit, found.source

        qtbot.waitUntil(lambda: spot() == (1, 1, 0))  # once the canvas has its new arrangement
        edge = window.parts.find("canvas.edge[1][2,1]")
        assert window.parts.at(edge.point).key == "canvas.edge[1][2,1]"

    assert run_app(script) == 0


def test_commands_tell_that_they_were_carried_out(qtbot):
    def script(window):
        heard: list[str] = []
        window.parts.carried_out.connect(heard.append)
        QTest.keySequence(window, "F10")
        window.parts.find("view.theme_dark").action.trigger()
        assert heard == ["train.step", "view.theme_dark"]

    assert run_app(script) == 0


def palette_of(window):
    return window.findChild(CommandPalette)


def test_the_palette_finds_and_does(qtbot):
    def script(window):
        window.resize(1600, 1000)
        QTest.keySequence(window, "Ctrl+K")
        palette = palette_of(window)
        assert palette.isVisible()
        assert window.screen().geometry().contains(palette.geometry())
        kinds = {palette.found.part(row).kind for row in range(palette.found.rowCount())}
        assert {Kind.COMMAND, Kind.PANEL, Kind.SETTING, Kind.DATA} <= kinds

        def choose(words):
            palette.open()
            QTest.keyClicks(palette.field, words)
            QTest.keyClick(palette.field, Qt.Key.Key_Return)
            qtbot.wait(20)

        choose("moons")
        assert window.document.project.data.source == "moons"
        choose("cost surf")
        assert window.docks["surface"].isVisible()
        choose("batch")
        assert window.parts.panel("runbar.batch_size").isVisible()
        close_popups()
        choose("learning rate")
        qtbot.waitUntil(lambda: not palette.isVisible())
        assert QApplication.focusWidget() is window.run_bar.settings.rate
        choose("dupl")
        assert len(window.document.project.network.layers) == 3  # layer 1 is selected at first
        palette.open()
        QTest.keyClicks(palette.field, "no such thing")
        assert palette.found.rowCount() == 0
        QTest.keyClick(palette.field, Qt.Key.Key_Return)
        QTest.keyClick(palette.field, Qt.Key.Key_Escape)
        assert not palette.isVisible()
        palette.open()
        assert palette.found.part(0).key == "network.duplicate"  # the last one used comes first
        palette.close()

    assert run_app(script) == 0


def test_the_shortcuts_of_panels_are_named_and_undo_is_called_undo(qtbot):
    assert len({place.keys for place in PANELS}) == len(PANELS)

    def script(window):
        window.canvas.setFocus()
        qtbot.keyClick(window.canvas, Qt.Key.Key_Plus)
        assert window.parts.find("edit.undo").title == "Undo"
        assert window.parts.find("edit.undo").action.text() != "&Undo"
        for place in PANELS:
            assert window.parts.find(place.name).shortcut == place.keys

    assert run_app(script) == 0


def test_a_panel_behind_is_raised_and_one_in_front_is_closed(qtbot):
    def script(window):
        window.resize(1600, 1000)
        window.reset_layout()
        window.start_walk()
        window.docks["runs"].bring()
        QApplication.processEvents()
        stepper = window.docks["stepper"]
        assert stepper.is_behind
        QTest.keySequence(window, "Ctrl+7")
        QApplication.processEvents()
        assert not stepper.is_behind
        assert stepper.isVisible()
        QTest.keySequence(window, "Ctrl+7")
        assert stepper.isHidden()
        assert not stepper.show_action.isChecked()

    assert run_app(script) == 0


def test_a_command_is_shown_in_its_menu(qtbot):
    def script(window):
        window.parts.bring("file.import_data")
        place = window.parts.rectangle("file.import_data")
        menus = [
            w for w in QApplication.topLevelWidgets() if isinstance(w, QMenu) and w.isVisible()
        ]
        assert len(menus) == 2
        assert menus[0].geometry().contains(place.center()) or menus[1].geometry().contains(
            place.center()
        )
        close_popups()
        assert (
            window.menuBar().height()
            > window.mapFromGlobal(window.parts.rectangle("file.import_data").center()).y()
        )  # closed, it is where the menu's name is

    assert run_app(script) == 0
