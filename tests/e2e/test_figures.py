"""The network as a picture: at the size asked for, without its controls, its text as text."""

import re

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QPushButton

from gui.plots import menu
from gui.plots.menu import PictureDialog
from tests.e2e.driver import run_app
from tests.e2e.work import command, train


@pytest.mark.parametrize("suffix", [".png", ".svg", ".pdf"])
def test_the_network_goes_out_as_a_picture(qtbot, tmp_path, monkeypatch, suffix):
    path = tmp_path / f"network{suffix}"
    monkeypatch.setattr(menu, "ask_save", lambda *_: path)

    def script(window):
        train(qtbot, window, 50)
        command(window, "Export a picture of the network…")
        dialog = window.findChild(PictureDialog)
        assert not dialog.white.isVisible()  # it has the colours of the window
        dialog.across.setValue(1200)
        dialog.down.setValue(800)
        next(b for b in dialog.findChildren(QPushButton) if b.text() == "Save…").click()
        assert all(item.isVisible() for item in window.canvas.network.inserts)  # they are back
        assert any(a.text().startswith("Export a &picture") for a in window.findChildren(QAction))

    assert run_app(script) == 0
    if suffix == ".png":
        with Image.open(path) as picture:
            assert picture.size == (1200, 800)
            pixels = np.asarray(picture.convert("RGB")).reshape(-1, 3)
            assert len(np.unique(pixels, axis=0)) > 50
        return
    content = path.read_bytes()
    if suffix == ".pdf":
        assert content.startswith(b"%PDF")
        assert re.search(rb"/MediaBox \[0 0 1200(\.0+)? 800(\.0+)?\]", content)
        return
    said = re.findall(r">([^<>]+)</text>", content.decode())
    assert "Layer 1 · hidden" in said
    assert "a₁[1]" in said  # what the screen keeps as pixels is text
    assert not any("Add" in words for words in said)  # no button of the canvas
    assert content.count(b"<pattern") == 0  # brushes of pixels lie elsewhere in an .svg
    assert content.count(b"<image") >= 7  # a picture in each unit
