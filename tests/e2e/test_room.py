"""Nothing is cut, overlapping or lost, for all sizes, text sizes, themes and layouts."""

import os
import random
import subprocess
import sys

import pytest

from gui.layout_table import LAYOUTS
from gui.style.theme import theme
from tests.e2e.driver import run_app
from tests.e2e.room import all_faults, faults_of, faults_of_growth, settle

LOW, HIGH = [(1024, 768), (1280, 720), (1366, 768)], [(1440, 900), (1600, 1000), (1920, 1080)]
MATRIX = [
    *((screen, 1.0) for screen in LOW + HIGH),
    *((screen, 1.5) for screen in HIGH),
    *((screen, 2.0) for screen in HIGH[1:]),
]
DPI = """
from tests.e2e.driver import run_app
from tests.e2e.room import all_faults

def script(window):
    window.training.step(30)
    found.extend(all_faults(window, (1440, 900)))

found = []
assert run_app(script) == 0
assert not found, found
"""


@pytest.fixture(autouse=True)
def usual_looks():
    yield
    theme().set_text_size(1.0)
    theme().set_mode("system")


def walked(window, qtbot):
    """A run with a past, walked through: every panel has something to show."""
    window.training.step(30)
    qtbot.waitUntil(lambda: window.training.latest.iteration == 30)
    window.start_walk()
    qtbot.waitUntil(lambda: window.walk.record is not None)
    window.selection.select_example(7)
    settle()


def test_drawn_combinations_show_all_they_have(qtbot):
    chance = random.Random(3)  # everywhere the same, as Hypothesis draws here
    drawn = [
        (*chance.choice(MATRIX), chance.choice(list(LAYOUTS)), chance.choice(["light", "dark"]))
        for _ in range(2)
    ]
    found = {}

    def script(window):
        walked(window, qtbot)
        for screen, text, layout, mode in drawn:
            theme().set_text_size(text)
            found[screen, text, layout, mode] = faults_of(window, screen, layout, mode)

    assert run_app(script) == 0
    assert not any(found.values()), found


@pytest.mark.slow
def test_text_that_grows_under_panels_that_are_open_is_not_cut(qtbot):
    found = []

    def script(window):
        walked(window, qtbot)
        found.extend(faults_of_growth(window, (1600, 1000), "walk"))

    assert run_app(script) == 0
    assert not found, "\n".join(found)


@pytest.mark.slow
@pytest.mark.parametrize(("screen", "text"), MATRIX)
def test_the_enlarged_matrix_shows_every_cell(screen, text, qtbot):
    found = []

    def script(window):
        walked(window, qtbot)
        found.extend(all_faults(window, screen, text))

    assert run_app(script) == 0
    assert not found, "\n".join(found)


@pytest.mark.slow
def test_a_desktop_with_large_fonts_shows_all_it_has(tmp_path):
    env = os.environ | {"QT_FONT_DPI": "144", "QT_QPA_PLATFORM": "offscreen"}
    env |= {"XDG_CONFIG_HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path)}
    ran = subprocess.run(
        [sys.executable, "-c", DPI],
        env=env,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-4000:]
