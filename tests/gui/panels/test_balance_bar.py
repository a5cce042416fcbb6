"""The bar of class shares: dragged, stepped and typed, it always adds up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from gui.panels.data.balance_bar import BalanceField, even_or, read, written

LEFT = Qt.MouseButton.LeftButton
Key = Qt.Key


@pytest.fixture
def field(qtbot):
    field = BalanceField("Class balance")
    qtbot.addWidget(field)
    field.resize(220, 60)
    field.set_value((), 4)
    with qtbot.waitExposed(field):
        field.show()
    field.activateWindow()
    return field


@pytest.fixture
def got(field):
    """What it said was edited: (shares, key)."""
    told = []
    field.edited.connect(lambda shares, key: told.append((shares, key)))
    return told


def drag(bar, j, by):
    at = bar.divider(j).toPoint()
    QTest.mousePress(bar, LEFT, pos=at)
    for step in range(1, 6):
        QTest.mouseMove(bar, at + QPoint(by * step // 5, 0))
    QTest.mouseRelease(bar, LEFT, pos=at + QPoint(by, 0))


def test_a_dragged_divider_moves_share_between_two_classes(field, got):
    drag(field.bar, 1, 30)
    shares = field.bar.shares
    assert shares[0] == shares[3] == 0.25
    assert shares[1] > 0.3
    assert sum(shares) == pytest.approx(1)
    assert got[-1][0] == shares
    assert len({key for _, key in got}) == 1
    drag(field.bar, 1, -500)
    assert field.bar.shares[1] == 0
    assert got[-1][1] != got[0][1]


def test_dividers_at_one_place_can_be_parted_again(field):
    field.set_value((0.5, 0.0, 0.0, 0.5), 4)
    drag(field.bar, 1, 40)
    assert field.bar.shares[:2] == (0.5, 0.0)
    assert field.bar.shares[2] > 0.1
    field.set_value((1.0, 0.0), 2)
    drag(field.bar, 0, -60)
    assert field.bar.shares[1] > 0.2


def test_keys_move_and_choose_a_divider(field, got):
    field.bar.setFocus()
    QTest.keyClick(field.bar, Key.Key_Right)
    assert field.bar.shares == (0.26, 0.24, 0.25, 0.25)
    QTest.keyClick(field.bar, Key.Key_Down)
    QTest.keyClick(field.bar, Key.Key_PageDown)
    assert field.bar.shares == (0.26, 0.14, 0.35, 0.25)
    QTest.keyClick(field.bar, Key.Key_Home)
    assert got[-1][0] == ()
    assert field.edit.text() == "even"


def test_a_double_click_evens_them(field, got):
    field.set_value((0.7, 0.1, 0.1, 0.1), 4)
    QTest.mouseDClick(field.bar, LEFT, pos=field.bar.rect().center())
    assert got[-1][0] == ()


def test_shares_can_be_typed(field, got):
    QTest.keyClicks(field.edit, "x")
    field.edit.selectAll()
    QTest.keyClicks(field.edit, "2, 1 1;0")
    QTest.keyClick(field.edit, Key.Key_Return)
    assert got == [((0.5, 0.25, 0.25, 0.0), "")]
    field.edit.selectAll()
    QTest.keyClicks(field.edit, "much")
    QTest.keyClick(field.edit, Key.Key_Return)
    assert len(got) == 1
    assert field.edit.text() == "even"


@given(st.lists(st.integers(0, 99), min_size=2, max_size=10).filter(any))
def test_written_shares_are_read_back(parts):
    shares = [part / sum(parts) for part in parts]
    typed = " ".join(str(part) for part in parts)
    assert read(typed, len(parts)) == pytest.approx(even_or(shares))
    assert written(shares)


@pytest.mark.parametrize(
    "typed", ["", "1", "1 2 3", "-1 2", "0 0", "nan 1", "inf 1", "a b", "1e400 1"]
)
def test_invalid_shares_are_dropped(typed):
    with pytest.raises(ValueError):  # noqa: PT011 - whatever it says, the field shows what it had
        read(typed, 2)


def test_both_themes_paint_it(field):
    assert len({field.bar.grab().toImage().pixel(x, 12) for x in range(8, 210, 4)}) >= 4
