"""Each bundled lesson, played from start to end through main()."""

import pytest

from core.files import lessons
from tests.e2e.driver import run_app
from tests.lessons.player import play

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("name", lessons.bundled())
def test_a_lesson_is_played_to_its_end(qtbot, name):
    def script(window):
        own = window.document.project
        play(qtbot, window, name)
        assert window.document.project == own
        assert not window.files.parked

    assert run_app(script) == 0
