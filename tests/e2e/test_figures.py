"""Pictures of the network, the step and the panels, at the size and on the ground asked for."""

import os
import re
import subprocess
import sys

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication

from core.walk.entry import Entry
from gui.paper import dialog as pictures
from gui.paper.dialog import PictureDialog
from gui.paper.handout_dialog import HandoutDialog
from gui.style.theme import DARK, theme
from tests.e2e.driver import run_app
from tests.e2e.work import command, said, train
from tests.gui.paper import reading


@pytest.mark.parametrize(
    "suffix",
    [".png", *(pytest.param(kind, marks=pytest.mark.slow) for kind in (".svg", ".pdf"))],
)
def test_the_network_goes_out_as_a_picture(qtbot, tmp_path, monkeypatch, suffix):
    path = tmp_path / f"network{suffix}"
    monkeypatch.setattr(pictures, "ask_save", lambda *_: path)

    def script(window):
        train(qtbot, window, 50)
        command(window, "Export a picture of the network…")
        dialog = window.findChild(PictureDialog)
        assert dialog.chosen.title == "Network"
        dialog.across.setValue(1200)
        dialog.down.setValue(800)
        dialog.save_button.click()
        assert all(item.isVisible() for item in window.canvas.network.inserts)  # they are back
        assert any(a.text() == "Picture of the &network…" for a in window.findChildren(QAction))

    assert run_app(script) == 0
    if suffix == ".png":
        with Image.open(path) as picture:
            assert picture.size == (1200, 800)
            pixels = np.asarray(picture.convert("RGB")).reshape(-1, 3)
            assert len(np.unique(pixels, axis=0)) > 50
            assert tuple(pixels[0]) == (255, 255, 255)
        return
    content = path.read_bytes()
    if suffix == ".pdf":
        assert content.startswith(b"%PDF")
        assert re.search(rb"/MediaBox \[0 0 1200(\.0+)? 800(\.0+)?\]", content)
        return
    texts = re.findall(r">([^<>]+)</text>", content.decode())
    assert "Layer 1 · hidden" in texts
    assert "a₁[1]" in texts  # what the screen keeps as pixels is text
    assert not any("Add" in words for words in texts)  # no button of the canvas
    assert content.count(b"<pattern") == 0  # brushes of pixels lie elsewhere in an .svg
    assert content.count(b"<image") >= 7  # a picture in each unit


def walked(qtbot, window):
    """Walk to the linear step of layer 1 and open a number."""
    train(qtbot, window, 100)
    window.start_walk()
    qtbot.waitUntil(lambda: window.walk.record is not None)
    window.walk.go(1)
    window.walk.open_number(Entry("Z", 1, 1, 0))


def the_dialog(window):
    """The one that is open."""
    return next(d for d in window.findChildren(PictureDialog) if d.isVisible())


def saved(window, dialog, name, suffix, folder, monkeypatch):
    """Save what the dialog offers under this name; the bytes of the file."""
    path = folder / f"{name}{suffix}"
    monkeypatch.setattr(pictures, "ask_save", lambda *_: path)
    dialog.save_button.click()
    return path.read_bytes()


def test_the_shown_step_is_exported_with_its_equation_matrices_and_arithmetic(
    qtbot, tmp_path, monkeypatch
):
    def script(window):
        walked(qtbot, window)
        record = window.walk.record
        command(window, "Export a picture of the step…")
        dialog = window.findChild(PictureDialog)
        assert dialog.chosen.title == "Step: Linear step of layer 1"
        assert not dialog.down.isVisible()  # it is as high as it needs
        dialog.across.setValue(1500)
        drawn = saved(window, dialog, "step", ".svg", tmp_path, monkeypatch).decode()
        assert "<title>Z[1] = W[1] · A[0] + b[1]</title>" in drawn
        texts = re.findall(r">([^<>]+)</text>", drawn)
        assert "Linear step of layer 1" in texts
        value = record.value(Entry("Z", 1, 1, 0))
        assert any(f"{value:+.4f}"[:6] in words for words in texts)
        assert "one example" not in texts  # no button
        command(window, "Export a picture of the step…")
        dialog = the_dialog(window)
        dialog.ground.setCurrentText("Dark")
        dialog.copy_button.click()
        copied = QApplication.clipboard().image()
        assert copied.width() == dialog.across.value()
        assert copied.pixelColor(0, 0) == DARK.surface
        assert QApplication.clipboard().mimeData().hasFormat("image/svg+xml")

    assert run_app(script) == 0


COPIES = """
from gui.paper.dialog import PictureDialog
from tests.e2e.driver import run_app
from tests.e2e.work import command

def script(window):
    command(window, "Export a picture of the network…")
    window.findChild(PictureDialog).copy_button.click()

assert run_app(script) == 0
"""


def test_with_a_picture_on_the_clipboard_the_process_ends_as_any_other():
    env = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    ran = subprocess.run([sys.executable, "-c", COPIES], env=env, timeout=100, check=False)
    assert ran.returncode == 0


def test_a_step_that_is_not_recorded_says_what_to_do(qtbot):
    def script(window):
        window.walk.show(None)
        for name in ("Export a picture of the step…", "Export a hand-out…"):
            command(window, name)
            assert "open the Stepper" in said(window)
        assert window.findChild(PictureDialog) is None

    assert run_app(script) == 0


@pytest.mark.slow
def test_every_panel_in_sight_goes_out_with_its_text_and_stays_as_it_was(
    qtbot, tmp_path, monkeypatch
):
    wanted = {
        "Results": "Accuracy",
        "Doctor": "",
        "Layers": "Units",
        "Runs": "",
        "Examples table": "y",
    }

    def script(window):
        train(qtbot, window, 50)
        for title, word in wanted.items():
            name = {"Examples table": "examples"}.get(title, title.lower())
            dock = window.docks[name]
            dock.bring()
            panel = window.panels[name]
            qtbot.waitUntil(lambda panel=panel: panel.isVisible() and panel.width() > 50)
            qtbot.wait(150)  # it is drawn, as the user who wants a picture of it has seen
            panel.setFocus()
            before = panel.size()
            command(window, "Export a picture of a panel…")
            dialog = the_dialog(window)
            place = dialog.subject.findText(f"Panel: {title}")
            assert place >= 0
            dialog.subject.setCurrentIndex(place)
            dialog.across.setValue(1000)
            dialog.down.setValue(700)
            dialog.ground.setCurrentText("Dark")
            drawn = saved(window, dialog, name, ".svg", tmp_path, monkeypatch).decode()
            texts = re.findall(r">([^<>]+)</text>", drawn)
            assert texts or name == "doctor", name
            assert not word or word in texts
            assert DARK.surface.name() in drawn
            assert (panel.size(), theme().palette.name) == (before, "light")
        command(window, "Export a picture of a panel…")
        dialog = the_dialog(window)
        dialog.subject.setCurrentIndex(dialog.subject.findText("Panel: Results"))
        content = saved(window, dialog, "results", ".pdf", tmp_path, monkeypatch)
        assert set("0123456789.%Accuracy") & reading.letters(content) >= set("0.%Acy")

    assert run_app(script) == 0


@pytest.mark.slow
@pytest.mark.parametrize("whole", [False, True])
def test_a_hand_out_has_blanks_and_a_solution(qtbot, tmp_path, monkeypatch, whole):
    path = tmp_path / "sheet.pdf"
    monkeypatch.setattr("gui.figures.ask_save", lambda *_: path)

    def script(window):
        walked(qtbot, window)
        command(window, "Export a hand-out…")
        dialog = window.findChild(HandoutDialog)
        assert "Linear step of layer 1" in dialog.one_step.text()
        if whole:
            dialog.whole.click()
        dialog.save_button.click()
        assert "Wrote the hand-out to sheet.pdf" in said(window)

    assert run_app(script) == 0
    content = path.read_bytes()
    pages = len(reading.pages(content))
    assert pages > 6 if whole else pages == 2
    assert set("Name_Dateiteration1234567890") <= reading.letters(content)
