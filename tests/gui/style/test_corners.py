"""Buttons are round at every text size: Qt draws square corners where a radius is too large."""

import re

import pytest

from gui.style.theme import TEXT_SIZES, theme
from gui.widgets.buttons import button

RULES = {
    "primary": 'QPushButton\\[variant="pill"\\], QPushButton\\[variant="primary"\\]',
    "segment": 'QPushButton\\[variant="segment"\\]',
}


@pytest.mark.parametrize("size", TEXT_SIZES)
@pytest.mark.parametrize("variant", RULES)
def test_no_radius_is_more_than_half_a_button(qtbot, qapp, variant, size):
    theme().set_text_size(size)
    try:
        made = button("matrix", variant)
        qtbot.addWidget(made)
        made.show()
        rule = rf"(?ms)^{RULES[variant]} {{[^}}]*border-radius: (\d+)px"
        (radius,) = re.findall(rule, qapp.styleSheet())
        assert 0.8 <= 2 * int(radius) / made.sizeHint().height() <= 1
    finally:
        theme().set_text_size(1.0)
