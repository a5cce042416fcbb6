"""The layout of the canvas, without Qt."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.canvas.arrange import STRIP_HEIGHT, Widths, arrange, match
from gui.canvas.layout import Equations, Spot, SpotKind

WIDTHS = Widths(full=240.0, tight=190.0, split=180.0, selected=340.0, line=500.0)


CAPTION = 22  # px of a step's caption under the units


def lay(*sizes, width=870.0, height=610.0):
    return arrange(sizes, width, height, WIDTHS)


def apart(a, b):
    return a.right <= b.x or b.right <= a.x or a.bottom <= b.y or b.bottom <= a.y


networks = st.lists(st.integers(1, 4096), min_size=2, max_size=33).map(tuple)
windows = st.tuples(st.floats(330, 2600), st.floats(140, 1600))


@given(networks, windows)
def test_nothing_overlaps_and_all_is_inside(sizes, window):
    layout = arrange(sizes, window[0], window[1], WIDTHS)
    assert layout.width * layout.scale == pytest.approx(window[0])
    for column in layout.columns:
        assert column.area.x >= -1
        assert column.area.right <= layout.width + 1
        parts = [*column.boxes, *([column.more] if column.more else [])]
        parts.sort(key=lambda box: box.y)
        assert all(
            a.bottom <= b.y - layout.label_height + 0.5 for a, b in itertools.pairwise(parts)
        )
        assert parts[-1].bottom <= layout.equation_y - CAPTION + 0.5
    heads = [column.pill.box for column in layout.columns if column.pill]
    assert all(apart(a, b) for a, b in itertools.pairwise(heads))
    for l, handle in enumerate(layout.inserts(), start=1):
        assert apart(handle, heads[l - 1])
    strip = layout.height - STRIP_HEIGHT / layout.scale
    box = layout.equation_box(1)
    assert box.bottom <= strip + 0.01
    assert box.x >= 0
    assert box.right <= layout.width + 0.01


feature_switches = st.lists(st.booleans(), min_size=7, max_size=7).filter(any)


@given(feature_switches, st.lists(st.integers(1, 200), min_size=1, max_size=6), windows)
def test_features_that_are_off_are_separate(on, layers, window):
    layout = arrange((sum(on), *layers), window[0], window[1], WIDTHS, on)
    column = layout.columns[0]
    assert [place for place, _ in column.off] in (
        [],
        [i for i, is_on in enumerate(on) if not is_on],
    )
    assert len(column.boxes) == sum(on) or not column.off
    parts = sorted([*column.boxes, *(box for _, box in column.off)], key=lambda box: box.y)
    assert all(a.bottom <= b.y + 0.5 for a, b in itertools.pairwise(parts))
    assert parts[-1].bottom <= layout.equation_y
    for place, box in column.off:
        assert layout.hit(*box.centre) == Spot(SpotKind.FEATURE, 0, place)
        assert box.width < layout.unit_side or layout.unit_side <= 28
        assert box.x >= 0
    if column.off:  # one column, in the order of the features
        order = dict(column.off) | dict(
            zip([i for i in range(7) if on[i]], column.boxes, strict=True)
        )
        tops = [order[i].y for i in range(7)]
        assert tops == sorted(tops)


def test_all_features_have_room_in_the_smallest_window():
    layout = lay(2, 4, 1, width=554.0, height=620.0)
    on = (True, True, *[False] * 5)
    first = arrange((2, 4, 1), 554.0, 620.0, WIDTHS, on)
    assert len(first.columns[0].off) == 5
    assert first.unit_side == layout.unit_side  # and nothing is smaller for them


@pytest.mark.slow
@given(networks, windows)
def test_every_part_is_hit_at_its_position(sizes, window):
    layout = arrange(sizes, window[0], window[1], WIDTHS)
    for l, handle in enumerate(layout.inserts(), start=1):
        assert layout.hit(*handle.centre) == Spot(SpotKind.INSERT, l)
    for column in layout.columns:
        for unit, box in zip(column.units, column.boxes, strict=True):
            assert layout.hit(*box.centre) == Spot(SpotKind.UNIT, column.layer, unit)
        if column.pill is not None:
            for part in (SpotKind.ACTIVATION, SpotKind.MINUS, SpotKind.NUMBER, SpotKind.PLUS):
                box = getattr(column.pill, part.value)
                assert layout.hit(*box.centre) == Spot(part, column.layer)


def test_the_mockups_network_is_shown_at_full_size():
    layout = lay(2, 4, 1)
    assert layout.scale == 1.0
    assert layout.equations is Equations.FULL
    assert layout.unit_side > 50
    assert [len(column.boxes) for column in layout.columns] == [2, 4, 1]


def test_a_small_window_still_shows_every_unit():
    layout = lay(2, 4, 1, width=560, height=330)
    assert layout.scale == 1.0
    assert layout.equations.only_selected
    assert len(layout.columns[1].boxes) == 4


def test_a_low_canvas_shows_four_small_units_rather_than_two():
    widths = Widths(full=240.0, tight=190.0, split=180.0, selected=340.0, line=440.0)
    layout = arrange((2, 4, 1), 556.0, 294.0, widths)  # a walk at 1280 x 720
    hidden = layout.columns[1]
    assert layout.equations is Equations.LINE
    assert hidden.units == (0, 1, 2, 3)
    assert hidden.more is None


def test_a_large_window_shows_a_larger_picture():
    assert 1.2 < lay(2, 4, 1, width=1500, height=900).scale <= 1.75


def test_ten_layers_are_shrunk_only_a_little():
    assert lay(2, *[4] * 9, 1).scale > 0.75


def test_a_tall_layer_shows_its_first_units_and_its_last():
    column = lay(2, 1000, 1).columns[1]
    assert column.units[:-1] == tuple(range(len(column.units) - 1))
    assert column.units[-1] == 999
    assert column.more is not None
    assert column.boxes[-2].bottom < column.more.y < column.boxes[-1].y


def test_the_hidden_units_of_a_tall_layer_are_one_spot():
    layout = lay(2, 1000, 1)
    assert layout.hit(*layout.columns[1].more.centre) == Spot(SpotKind.MORE, 1)
    assert (1, 500) not in layout.drawn()
    assert (1, 999) in layout.drawn()


def test_edges_are_found_along_their_whole_curve():
    layout = lay(2, 4, 3, 1)
    left, right, starts, stops = layout.ends(2)
    for t in np.linspace(0.12, 0.88, 9):
        share = 3 * t**2 - 2 * t**3
        x = left + (right - left) * (1.5 * t * (1 - t) ** 2 + 1.5 * t**2 * (1 - t) + t**3)
        for row, column in itertools.product(range(3), range(4)):
            y = starts[column] + share * (stops[row] - starts[column])
            found = layout.edge_at(x, y)
            assert found is not None
            rise = stops[found.unit] - starts[found.source]
            assert abs(starts[found.source] + share * rise - y) < 1.0


def test_nothing_is_hit_next_to_an_edge():
    layout = lay(2, 1, 1)
    left, right, starts, _ = layout.ends(2)
    middle = (left + right) / 2
    assert layout.edge_at(middle, starts[0]) == Spot(SpotKind.EDGE, 2, 0, 0)
    assert layout.edge_at(middle, starts[0] + 12) is None


def test_where_a_dragged_layer_lands():
    layout = lay(2, 4, 3, 5, 1)
    xs = [column.x for column in layout.columns]
    assert [layout.slot_at(x) for x in (0, xs[1], xs[2] + 5, xs[3], 10_000)] == [1, 1, 2, 3, 3]
    assert [layout.gap_at(x) for x in (0, xs[1] + 1, xs[2] + 1, xs[3] + 1, 9999)] == [1, 2, 3, 4, 4]


@pytest.mark.parametrize(
    ("old", "new", "pairs"),
    [
        ("iabo", "iabo", {0: 0, 1: 1, 2: 2, 3: 3}),
        ("iabo", "ibao", {0: 0, 1: 2, 2: 1, 3: 3}),
        ("iabo", "iaxbo", {0: 0, 1: 1, 3: 2, 4: 3}),
        ("iabo", "ibo", {0: 0, 1: 2, 2: 3}),
        ("iabo", "iaBo", {0: 0, 1: 1, 2: 2, 3: 3}),
        ("iaao", "iaaao", {0: 0, 1: 1, 2: 2, 4: 3}),
    ],
)
def test_layers_are_recognised_after_an_edit(old, new, pairs):
    assert match(old, new) == pairs


@pytest.mark.parametrize("larger", [1.0, 1.5, 2.0])
@pytest.mark.parametrize("window", [(330.0, 500.0), (480.0, 520.0), (870.0, 610.0)])
def test_equations_are_written_small_rather_than_cut(window, larger):
    widths = Widths(*(larger * width for width in WIDTHS))
    layout = arrange((2, 4, 1), window[0], window[1], widths)
    needed = getattr(widths, layout.equations.value) * layout.text_scale
    for l in (1, 2):
        box = layout.equation_box(l)
        assert box.width >= needed
        assert box.x >= 0
        assert box.x + box.width <= layout.width
