"""Labels: their tone and their size."""

import pytest

from gui.style.theme import BODY, px, theme
from gui.widgets import labels
from gui.widgets.elided import Elided


def test_words_without_room_are_the_short_ones(qtbot):
    theme()
    label = Elided()
    qtbot.addWidget(label)
    label.show_words("all 400 examples, recorded", "all 400 examples")
    label.resize(label.sizeHint())
    assert label.shown == "all 400 examples, recorded"
    label.resize(label.minimumSizeHint())
    assert label.shown == "all 400 examples"


@pytest.fixture
def large(qapp):
    """A text size that comes after the labels were shown."""
    yield lambda: theme().set_text_size(1.5)
    theme().set_text_size(1.0)


def test_a_label_that_gets_a_tone_keeps_the_text_size(qtbot, qapp, large):
    label = labels.label("Done.", BODY)
    qtbot.addWidget(label)
    label.show()
    labels.set_tone(label, "good")
    large()
    assert label.font().pixelSize() == px(BODY)
    size = label.font().pixelSize()
    for tone in ("error", "", "good"):
        labels.set_tone(label, tone)
        assert label.font().pixelSize() == size
