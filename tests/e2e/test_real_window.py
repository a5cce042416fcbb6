"""One workflow in a real window on a real X server, with a real mouse: see .ci/run."""

import subprocess

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QWidget

from tests.e2e.driver import run_app

pytestmark = pytest.mark.real_window


def xdotool(*words: object) -> None:
    subprocess.run(["xdotool", *(str(word) for word in words)], check=True, timeout=20)


def click(widget: QWidget, at: QPoint | None = None) -> None:
    point = widget.mapToGlobal(widget.rect().center() if at is None else at)
    xdotool("mousemove", point.x(), point.y(), "sleep", "0.05", "click", "1")


def test_play_build_and_undo_with_a_real_mouse(qtbot):
    def script(window):
        assert QApplication.platformName() == "xcb"
        window.move(0, 0)
        window.resize(1600, 1000)
        qtbot.waitExposed(window)
        qtbot.wait(300)
        play = window.run_bar.play_button
        click(play)
        qtbot.waitUntil(lambda: window.training.playing)
        qtbot.waitUntil(lambda: window.training.latest.iteration > 1000)
        click(play)
        qtbot.waitUntil(lambda: not window.training.playing)
        window.canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        window.activateWindow()
        qtbot.wait(100)
        xdotool("key", "Insert")
        qtbot.waitUntil(lambda: window.document.project.sizes() == (2, 4, 4, 1))
        xdotool("key", "ctrl+z")
        qtbot.waitUntil(lambda: window.document.project.sizes() == (2, 4, 1))
        picture = window.grab().toImage()
        colours = {
            picture.pixelColor(x, y).name()
            for x in range(0, picture.width(), 40)
            for y in range(0, picture.height(), 40)
        }
        assert len(colours) > 10  # something is painted, everywhere

    assert run_app(script) == 0
