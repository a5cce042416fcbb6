"""A film of a run as an animated GIF, and as a picture a frame; cancelled, nothing is written."""

import pytest
from PIL import Image
from PySide6.QtWidgets import QProgressDialog

from core.by_hand import Place, number
from core.training.messages import Snapshot
from core.training.session import Session
from gui.files import film
from gui.plots import frame
from tests.e2e.driver import run_app
from tests.e2e.work import command, said, train


def export(qtbot, window, monkeypatch, path, scene="boundary", frames=6):
    monkeypatch.setattr(film, "ask_save", lambda *_: path)
    command(window, "Export a film of the run…")
    dialog = window.films.dialog
    dialog.scene.setCurrentIndex(dialog.scene.findData(scene))
    dialog.frames.setValue(frames)
    dialog.seconds.setValue(1)
    dialog.width_box.setValue(300)
    dialog.height_box.setValue(260)
    dialog.accept()


def overheard(framed, words):
    """The same, keeping the words of each frame."""

    def heard(what, size, said_):
        words.append(said_)
        return framed(what, size, said_)

    return heard


@pytest.mark.slow
@pytest.mark.parametrize(
    ("scene", "suffix"),
    [("boundary", ".gif"), ("cost", ".webp"), ("network", ".apng"), ("boundary", ".png")],
)
def test_a_film_of_the_run(qtbot, tmp_path, monkeypatch, scene, suffix):
    path = tmp_path / f"run{suffix}"
    words: list[str] = []
    for name in ("of_plots", "of_scene"):
        monkeypatch.setattr(frame, name, overheard(getattr(frame, name), words))

    def script(window):
        train(qtbot, window, 200)
        export(qtbot, window, monkeypatch, path, scene)
        qtbot.waitUntil(lambda: "Wrote 6 frames to run" in said(window))
        assert window.training.latest.iteration == 200
        assert words[-1].startswith("Iteration 200    Cost J ")

    assert run_app(script) == 0
    shown = set()
    if suffix == ".png":
        for one in sorted(tmp_path.glob("run-*.png")):
            with Image.open(one) as picture:
                assert picture.size == (300, 260)
                shown.add(picture.tobytes())
    else:
        with Image.open(path) as film_:
            for i in range(6):
                film_.seek(i)
                assert film_.size == (300, 260)
                shown.add(film_.convert("RGB").tobytes())
    assert len(shown) == 6


def test_cancelled_it_writes_nothing_and_the_run_is_seen_as_it_is(qtbot, tmp_path, monkeypatch):
    path = tmp_path / "run.png"

    def script(window):
        train(qtbot, window, 200)
        export(qtbot, window, monkeypatch, path, frames=60)
        window.films.shooting.cancel()
        qtbot.waitUntil(lambda: window.training.latest.idle and not window.training.visiting)
        assert window.films.shooting is None

    assert run_app(script) == 0
    assert list(tmp_path.glob("*.png")) == []


@pytest.mark.slow
def test_it_can_be_cancelled_while_a_picture_is_taken(qtbot, tmp_path, monkeypatch):
    path = tmp_path / "run.gif"

    def script(window):
        train(qtbot, window, 200)
        export(qtbot, window, monkeypatch, path)
        shooting = window.films.shooting
        ended: list[object] = []
        shooting.ended.connect(ended.append)
        dialog = window.findChild(QProgressDialog)
        monkeypatch.setattr(dialog, "setValue", lambda _: dialog.canceled.emit())
        qtbot.waitUntil(lambda: len(ended) == 1)
        qtbot.waitUntil(lambda: window.training.latest.idle and not window.training.visiting)
        assert ended == [[]]

    assert run_app(script) == 0
    assert not path.exists()


def test_it_can_be_cancelled_before_a_picture_is_taken(qtbot, tmp_path, monkeypatch):
    path = tmp_path / "run.gif"

    def script(window):
        train(qtbot, window, 200)
        export(qtbot, window, monkeypatch, path)
        shooting, training = window.films.shooting, window.training
        ended: list[object] = []
        shooting.ended.connect(ended.append)

        def cancel(seen):
            if seen.idle and not ended:  # the picture of this one is still to be taken
                shooting.cancel()

        training.arrived.connect(cancel)
        qtbot.waitUntil(lambda: len(ended) == 1)
        qtbot.waitUntil(lambda: training.latest.idle and not training.visiting)
        assert ended == [[]]

    assert run_app(script) == 0
    assert not path.exists()


def test_without_a_past_it_says_so(qtbot):
    def script(window):
        command(window, "Export a film of the run…")
        assert "nothing to export yet" in said(window)

    assert run_app(script) == 0


@pytest.mark.slow
def test_a_film_of_a_run_with_manual_weights_shows_the_past_exactly(qtbot, tmp_path, monkeypatch):
    path = tmp_path / "run.gif"
    place = Place(1, 2, 1)

    def script(window):
        document = window.document
        train(qtbot, window, 100)
        now = float(window.training.latest.parameters().W[1][2, 1])
        document.set_by_hand("By hand", number(place, now), number(place, -4.0), "")
        train(qtbot, window, 100)
        shown: dict[int, Snapshot] = {}
        window.training.arrived.connect(lambda seen: shown.setdefault(seen.iteration, seen))
        export(qtbot, window, monkeypatch, path, frames=9)
        qtbot.waitUntil(lambda: "frames to run.gif" in said(window))

        alone, flats = Session(document.project), {}
        for i in range(201):
            if i == 100:
                alone.adjust(number(place, -4.0))
            flats[i] = alone.p.flat.tobytes()
            alone.step()
        filmed = [i for i, seen in shown.items() if seen.idle]
        assert len(filmed) >= 8
        assert {i for i in filmed if i < 100}
        assert {i for i in filmed if i > 100}
        for i in filmed:
            assert shown[i].flat.tobytes() == flats[i]

    assert run_app(script) == 0
