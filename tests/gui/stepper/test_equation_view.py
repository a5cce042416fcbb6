"""Equations are typeset once, follow the theme, and fall back to words."""

import sys

import pytest

from gui.stepper.equation_view import EquationView, Typesetter
from gui.style.theme import theme
from gui.widgets import formulas
from tests.gui.hands import look  # noqa: F401


@pytest.fixture
def view(qtbot):
    view = EquationView(18)
    qtbot.addWidget(view)
    return view


def test_it_is_as_large_as_its_picture(view):
    view.show_equation(r"Z[1] = W[1]\, A[0] + b[1]", "Z[1] = W[1] · A[0] + b[1]")
    small = view.sizeHint()
    assert small.width() > 100
    view.set_size(36)
    assert view.sizeHint().width() > 1.8 * small.width()
    assert view.accessibleName() == "Z[1] = W[1] · A[0] + b[1]"


def test_a_formula_that_cannot_be_typeset_is_plain_text(view):
    view.show_equation(r"\frac{", "a half")
    assert not view.grab().isNull()
    assert view.sizeHint().width() > 20


def test_a_formula_is_typeset_once_for_all_colours_and_sizes(view, monkeypatch):
    formulas.size_of("x", 18)  # which imports what typesets
    typesetter = sys.modules["ziamath.zmath"]
    typeset, count = typesetter.Latex, []

    def counted(latex, **looks):
        count.append(latex)
        return typeset(latex, **looks)

    monkeypatch.setattr(typesetter, "Latex", counted)
    view.show_equation("a + b_{417}", "a + b")  # as no other test has
    seen = set()
    for mode, size in (("light", 18), ("dark", 18), ("light", 36)):
        theme().set_mode(mode)
        view.set_size(size)
        view.resize(view.sizeHint())
        seen.add(bytes(view.grab().toImage().constBits()))
    assert len(count) == 1
    assert len(seen) == 3


def test_formulas_are_made_ahead_when_there_is_time(qtbot):
    formulas.pixmap.cache_clear()
    typesetter = Typesetter()
    typesetter.prepare(["a", "b", "c"], 18, "text", 1.0)
    qtbot.waitUntil(lambda: not typesetter.busy)
    assert formulas.pixmap.cache_info().currsize == 3
