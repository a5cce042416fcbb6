"""Pictures are painted in the window's thread: Qt's own threads would be woken for every frame."""

import os
import subprocess
import sys

import pytest

PROGRAM = """
import os
from PySide6.QtGui import QImage, QPainter, QRegion
from PySide6.QtWidgets import QApplication
from gui.app import application

def threads():
    return len(os.listdir("/proc/self/task"))

app = {application}
before = threads()
under = QImage(999, 999, QImage.Format.Format_RGB32)
over = QImage(999, 999, QImage.Format.Format_ARGB32_Premultiplied)
under.fill(0)
over.fill(0x40404040)
painter = QPainter(under)
painter.setClipRegion(QRegion(0, 0, 500, 500) + QRegion(600, 600, 300, 300))
painter.drawImage(0, 0, over)
painter.end()
print(threads() - before)
"""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="counts threads in /proc")
@pytest.mark.parametrize("application", ["QApplication([])", "application()"])
def test_a_large_picture_in_parts_starts_threads_unless_the_application_is_ours(application):
    inherited = {name: value for name, value in os.environ.items() if "THREADPOOL" not in name}
    run = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(application=application)],
        env={**inherited, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert (int(run.stdout) == 0) == (application == "application()")
