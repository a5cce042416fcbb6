"""A lesson locks what a step does not allow: mouse, keys, menus, shortcuts, palette, files."""

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from gui.command_palette import CommandPalette
from tests.e2e.driver import run_app

LEFT = Qt.MouseButton.LeftButton


def press(window, key):
    """Press a part where it is seen, as a person does."""
    part = window.parts.find(key)
    part.bring()
    QApplication.processEvents()
    at = window.mapFromGlobal(part.point)
    target = window.childAt(at) or window
    QTest.mouseClick(target, LEFT, pos=target.mapFrom(window, at))
    QApplication.processEvents()


def locked_in(script, allowed):
    """Run `script(window, refused)` in a window that allows these keys alone."""

    def whole(window):
        refused: list[str] = []
        window.parts.refused.connect(refused.append)
        window.parts.allow(allowed)
        script(window, refused)

    assert run_app(whole) == 0


def test_only_allowed_parts_can_be_pressed(qtbot):
    def script(window, refused):
        press(window, "data.moons")
        assert window.document.project.data.source != "moons"
        assert refused == ["data.moons"]  # once, though the press passes on to what is around it
        press(window, "runbar.step")
        assert refused == ["data.moons"]
        qtbot.waitUntil(lambda: window.training.latest.iteration == 1)
        press(window, "runbar.reset")
        assert refused == ["data.moons", "runbar.reset"]
        window.parts.allow(None)
        press(window, "data.moons")
        assert window.document.project.data.source == "moons"
        assert len(refused) == 2

    locked_in(script, ["runbar.step"])


def test_a_command_is_locked_by_key_menu_and_palette_and_allowed_with_its_button(qtbot):
    def script(window, refused):
        window.canvas.setFocus()
        QTest.keySequence(window, "F10")  # what the allowed button carries out
        qtbot.waitUntil(lambda: window.training.latest.iteration == 1)
        assert not refused
        assert window.docks["surface"].isHidden()
        QTest.keySequence(window, "Ctrl+Shift+C")  # panels may be brought: that only looks
        assert window.docks["surface"].isVisible()
        QTest.keySequence(window, "Ctrl+N")
        assert refused == ["file.new"]
        new = window.parts.find("file.new").action
        menu = next(each for each in new.associatedObjects() if isinstance(each, QMenu))
        menu.popup(window.mapToGlobal(QPoint(40, 40)))
        done: list[bool] = []
        new.triggered.connect(done.append)
        QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(new).center())
        QTest.keyClick(menu, Qt.Key.Key_N)
        menu.setActiveAction(new)
        QTest.keyClick(menu, Qt.Key.Key_Return)
        assert refused == ["file.new"] * 4
        menu.close()
        palette = window.findChild(CommandPalette)
        palette.open()
        QTest.keyClicks(palette.field, "moons")
        QTest.keyClick(palette.field, Qt.Key.Key_Return)
        qtbot.wait(20)
        assert refused[4:] == ["data.moons"]
        assert window.document.project.data.source != "moons"
        assert not done

    locked_in(script, ["runbar.step"])


def test_parts_of_the_canvas_are_locked_one_by_one(qtbot):
    def script(window, refused):
        window.docks["lens"].close()
        sizes = window.document.project.sizes()
        press(window, "canvas.units[1]")
        QApplication.processEvents()
        assert refused == ["canvas.units[1]"]
        press(window, "canvas.add[1]")
        assert refused[1:] == ["canvas.add[1]"]
        assert window.document.project.sizes() == sizes
        window.parts.allow(["canvas.add"])
        press(window, "canvas.add[1]")
        assert len(window.document.project.sizes()) == len(sizes) + 1
        window.parts.allow(["canvas"])
        assert window.parts.allows("network.duplicate")

    locked_in(script, [])


def test_a_popup_of_an_allowed_part_is_allowed(qtbot):
    def script(window, refused):
        window.parts.bring("runbar.l2")  # its popup
        field = window.parts.panel("runbar.l2")
        qtbot.waitUntil(field.isVisible)
        assert not refused
        QTest.mouseClick(field, LEFT)
        field.window().close()
        assert not refused

    locked_in(script, ["runbar.optimizer"])


@pytest.mark.parametrize("allowed", [(), ("file.open",)])
def test_no_file_is_dropped_into_a_locked_window(qtbot, tmp_path, allowed):
    def script(window, refused):
        path = tmp_path / "a.layerwise"
        path.write_text("no project", encoding="utf-8")
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(path))])
        drop = QDragEnterEvent(
            QPoint(700, 5), Qt.DropAction.CopyAction, data, LEFT, Qt.KeyboardModifier.NoModifier
        )
        drop.ignore()
        QApplication.sendEvent(window, drop)
        QApplication.processEvents()
        assert drop.isAccepted() == bool(allowed)

    locked_in(script, allowed)
