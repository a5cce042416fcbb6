"""Checks whether Qt can open a window here, because Qt aborts the process if it cannot."""

import ctypes
import os
import sys
from pathlib import Path

from PySide6.QtCore import QLibraryInfo


def has_display() -> bool:
    """Whether a display answers: a Wayland socket that exists, or an X server that accepts us."""
    if not _is_ours_to_find():
        return True
    wayland = os.environ.get("WAYLAND_DISPLAY")
    if wayland and Path(os.environ.get("XDG_RUNTIME_DIR", "/"), wayland).is_socket():
        return True
    return bool(os.environ.get("DISPLAY")) and _x_server_answers()


def missing_library() -> str:
    """The system library that Qt's X11 plugin lacks, such as libxcb-cursor.so.0; empty if none."""
    if not _is_ours_to_find() or os.environ.get("WAYLAND_DISPLAY"):
        return ""
    plugins = QLibraryInfo.path(QLibraryInfo.LibraryPath.PluginsPath)
    try:
        ctypes.CDLL(f"{plugins}/platforms/libqxcb.so")
    except OSError as error:
        return Path(str(error).partition(":")[0]).name
    return ""


def _is_ours_to_find() -> bool:
    """Elsewhere there is always a screen, and who names a platform to Qt has chosen for himself."""
    chosen = os.environ.get("QT_QPA_PLATFORM", "xcb")
    return sys.platform.startswith("linux") and chosen.partition(":")[0] in ("", "xcb")


def _x_server_answers() -> bool:
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # missing_library() has the better sentence
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    answers = xcb.xcb_connection_has_error(connection) == 0
    xcb.xcb_disconnect(connection)
    return bool(answers)
