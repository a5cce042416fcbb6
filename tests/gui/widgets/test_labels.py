"""Labels: their tone and their size."""

import pytest
from PySide6.QtWidgets import QWidget

from gui.style.theme import BODY, CAPTION, px, theme
from gui.widgets import labels
from gui.widgets.elided import Elided
from gui.widgets.header import Header


def test_words_without_room_are_the_short_ones(qtbot):
    theme()
    label = Elided()
    qtbot.addWidget(label)
    label.show_words("all 400 examples, recorded", "all 400 examples")
    label.resize(label.sizeHint())
    assert label.shown == "all 400 examples, recorded"
    label.resize(label.minimumSizeHint())
    assert label.shown == "all 400 examples"


def test_words_that_move_to_a_menu_and_back_keep_the_text_size(qtbot, qapp, large):
    theme()
    host = QWidget()
    qtbot.addWidget(host)
    header, words = Header(labels.title("Title")), labels.caption("some words, and some more")
    header.setParent(host)
    header.add(words)
    header.resize(600, 40)
    host.show()
    large()
    header.resize(130, 60)
    assert not words.isVisible()
    header.show_part(words)
    assert words.isVisible()
    assert words.font().pixelSize() == px(CAPTION)
    words.window().close()
    header.resize(900, 60)
    qtbot.waitUntil(words.isVisible)
    assert words.window() is host
    assert words.font().pixelSize() == px(CAPTION)


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
