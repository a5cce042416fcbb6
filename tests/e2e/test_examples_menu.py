"""File ▸ Examples: the bundled projects with pictures, opened untrained and with no file."""

import pytest
from PySide6.QtWidgets import QMenu

from core.files.project import examples, read_project
from gui.files import open_save as files
from tests.e2e.driver import run_app
from tests.e2e.work import answer, at_rest, edit


def menu_of(window):
    (found,) = [m for m in window.findChildren(QMenu) if m.title() == "E&xamples"]
    return found


@pytest.mark.slow
def test_each_opens_by_its_line_and_has_a_picture(qtbot, monkeypatch):
    monkeypatch.setattr(files, "ask_save", lambda *_: None)

    def script(window):
        menu = menu_of(window)
        menu.aboutToShow.emit()
        pictures = set()
        for path, action in zip(examples().values(), menu.actions(), strict=True):
            project = read_project(path)
            assert action.text().endswith("-".join(map(str, project.sizes())))
            size = menu.style().pixelMetric(menu.style().PixelMetric.PM_SmallIconSize, None, menu)
            assert size >= 40
            image = action.icon().pixmap(size).toImage()
            pictures.add(bytes(image.constBits()))
            action.trigger()
            qtbot.waitUntil(lambda p=project: window.document.project == p and at_rest(window))
            assert window.files.path is None
            assert not window.isWindowModified()
        assert len(pictures) == len(examples())

    assert run_app(script) == 0


@pytest.mark.parametrize("said", ["cancel", "discard"])
def test_unsaved_work_is_asked_about_first(qtbot, monkeypatch, said):
    asked = answer(monkeypatch, "ask_to_save", said)

    def script(window):
        edit(window, 0.5)
        before = window.document.project
        menu_of(window).actions()[0].trigger()
        assert len(asked) == 1
        assert (window.document.project == before) == (said == "cancel")

    assert run_app(script) == 0
