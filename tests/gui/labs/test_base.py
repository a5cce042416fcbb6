"""What holds of every lab: goals know it, its parts have names, and it is found by one key each."""

from importlib import import_module

import pytest
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QSlider

from core.lessons.vocabulary import LABS
from gui.docks import LABS as PLACES


def kind_of(place):
    return getattr(import_module(f"gui.labs.{place.module}"), place.kind)


def test_goals_know_every_lab_and_no_other():
    assert {place.name for place in PLACES} == {f"labs.{name}" for name in LABS}


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.name)
def test_every_control_has_a_name_for_a_screen_reader(shown, place):
    lab = shown(kind_of(place))
    controls = [
        widget
        for kind in (QAbstractButton, QLineEdit, QSlider)
        for widget in lab.findChildren(kind)
        if not widget.objectName().startswith("qt_")  # parts of Qt's own tables
    ]
    unnamed = [
        widget
        for widget in controls
        if not (widget.accessibleName() or (isinstance(widget, QAbstractButton) and widget.text()))
    ]
    assert controls
    assert not unnamed
    named = lab.named_parts().values()
    assert len({part.title for part in named}) == len(named)
    assert all(part.title for part in named)
