"""Whether a window can open is known before Qt would abort over it."""

import ctypes

import pytest

from gui import display


@pytest.fixture(autouse=True)
def bare_linux(monkeypatch, tmp_path):
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("QT_QPA_PLATFORM", "DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))


def test_nothing_named_is_no_display():
    assert not display.has_display()


def test_an_x_server_that_does_not_answer_is_no_display(monkeypatch):
    monkeypatch.setenv("DISPLAY", ":7654")
    assert not display.has_display()


def test_a_wayland_socket_that_is_not_there_is_no_display(monkeypatch):
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-7")
    assert not display.has_display()


@pytest.mark.parametrize("platform", ["offscreen", "vnc:size=800x600"])
def test_a_platform_chosen_by_name_is_believed(monkeypatch, platform):
    monkeypatch.setenv("QT_QPA_PLATFORM", platform)
    assert display.has_display()
    assert not display.missing_library()


def test_other_systems_have_a_display(monkeypatch):
    monkeypatch.setattr("sys.platform", "darwin")
    assert display.has_display()
    assert not display.missing_library()


def test_the_plugin_that_is_asked_is_qts_own():
    assert not display.missing_library()  # where tests run, Qt's libraries are there


def test_a_missing_library_is_named(monkeypatch):
    def refuse(name: str) -> None:
        raise OSError(f"libxcb-cursor.so.0: cannot open shared object file, wanted by {name}")

    monkeypatch.setattr(ctypes, "CDLL", refuse)
    assert display.missing_library() == "libxcb-cursor.so.0"


@pytest.mark.real_window
def test_the_real_display_is_found(monkeypatch):
    monkeypatch.undo()
    assert display.has_display()
    assert not display.missing_library()
