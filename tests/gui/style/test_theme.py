"""The palettes can be read, the scale is even, and a change of theme reaches everything."""

import itertools

import numpy as np
import pytest
import shiboken6
from PySide6.QtCore import QSize
from PySide6.QtGui import QAction, QColor, QFontInfo, QFontMetricsF, QPalette
from PySide6.QtWidgets import QPushButton

from gui.style import resources
from gui.style.theme import (
    DARK,
    LIGHT,
    Theme,
    class_colours,
    colour,
    image,
    ink_on,
    lut,
    math_font,
    mono_font,
    reduced_motion,
    theme,
    ui_font,
)

BOTH = pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])


@pytest.fixture
def look(qapp):
    yield theme()
    theme().set_mode("system")


def luminance(c: QColor) -> float:
    srgb = np.array([c.redF(), c.greenF(), c.blueF()])
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    return float(linear @ (0.2126, 0.7152, 0.0722))


def contrast(a: QColor, b: QColor) -> float:
    low, high = sorted((luminance(a), luminance(b)))
    return (high + 0.05) / (low + 0.05)


@BOTH
def test_text_can_be_read_from_the_last_row(palette):
    grounds = (palette.window, palette.surface, palette.canvas, palette.raised)
    for ground, ink in itertools.product(
        grounds, ("text", "muted", "accent", "forward", "backward")
    ):
        assert contrast(ground, getattr(palette, ink)) >= 4.5, (ground.name(), ink)
    for kind in ("forward", "backward", "warning", "error"):
        soft = getattr(palette, f"{kind}_soft")
        for ink in (getattr(palette, kind), palette.text, palette.muted):
            assert contrast(soft, ink) >= 4.5, (kind, ink.name())
    for filled in (palette.accent, palette.forward, palette.backward):
        assert contrast(filled, palette.accent_text) >= 4.5
        assert contrast(filled, ink_on(filled)) >= 4.5


@BOTH
def test_the_scale_runs_evenly_between_its_ends(palette):
    table = lut(palette)
    assert table.shape == (256,)
    assert table.dtype == np.uint32
    assert QColor.fromRgb(int(table[0])) == palette.negative
    assert QColor.fromRgb(int(table[255])) == palette.positive
    for middle in (table[127], table[128]):
        assert contrast(QColor.fromRgb(int(middle)), palette.neutral) < 1.02
    lights = [luminance(QColor.fromRgb(int(c))) for c in table]
    toward = 1 if palette is LIGHT else -1
    assert np.all(toward * np.diff(lights[:128]) > -1e-3)
    assert np.all(toward * np.diff(lights[128:]) < 1e-3)
    assert lut(palette) is table
    assert not table.flags.writeable


def seen_without_green(c: QColor) -> np.ndarray:
    """The colour as a deuteranope sees it (Viénot, Brettel & Mollon 1999), linear RGB."""
    red, green, blue = (v**2.2 for v in (c.redF(), c.greenF(), c.blueF()))
    yellow = 0.29275 * red + 0.70725 * green
    return np.array([yellow, yellow, -0.02234 * red + 0.02234 * green + blue])


@BOTH
def test_the_two_ends_differ_for_the_colour_blind(palette):
    ends = seen_without_green(palette.negative), seen_without_green(palette.positive)
    assert np.linalg.norm(ends[0] - ends[1]) > 0.4


@BOTH
def test_classes_have_different_colours(palette):
    assert class_colours(2, palette) == [palette.negative, palette.positive]
    for n in range(1, 11):
        assert len({c.name() for c in class_colours(n, palette)}) == n
    for a, b in itertools.combinations(class_colours(6, palette), 2):
        assert np.linalg.norm(seen_without_green(a) - seen_without_green(b)) > 0.08, (a, b)


@BOTH
def test_values_take_their_colour_from_the_scale(palette):
    assert colour(-1, palette=palette) == palette.negative
    assert colour(7, 3.5, palette) == palette.positive
    assert colour(5, 0, palette) == colour(0, palette=palette)
    assert colour(float("inf"), palette=palette) == palette.positive
    assert colour(float("nan"), palette=palette) == palette.error


@BOTH
def test_an_image_shows_the_levels_and_owns_its_memory(palette):
    levels = np.arange(12, dtype=np.uint8).reshape(3, 4) * 20
    shown = image(levels[:, ::-1], palette)
    del levels
    assert (shown.width(), shown.height()) == (4, 3)
    assert shown.pixel(3, 0) == lut(palette)[0]
    assert shown.pixel(0, 2) == lut(palette)[220]


def test_there_is_one_theme_and_it_says_when_it_changes(look, qapp, qtbot):
    assert theme() is look
    assert isinstance(look, Theme)
    look.set_mode("light")
    with qtbot.waitSignal(look.changed):
        look.set_mode("dark")
    assert (look.mode, look.palette) == ("dark", DARK)
    assert qapp.palette().color(QPalette.ColorRole.Window) == DARK.window
    with qtbot.assertNotEmitted(look.changed):
        look.set_mode("dark")
    with pytest.raises(ValueError, match="sepia"):
        look.set_mode("sepia")


def test_an_icon_follows_the_theme_and_goes_with_its_button(look, qtbot):
    look.set_mode("light")
    button = QPushButton()
    qtbot.addWidget(button)
    resources.set_icon(button, "minus")

    def ink():
        return button.icon().pixmap(QSize(24, 24)).toImage().pixelColor(12, 12)

    assert contrast(ink(), LIGHT.text) < 1.1
    look.set_mode("dark")
    assert contrast(ink(), DARK.text) < 1.1
    resources.set_icon(button, "plus")
    assert len(button.children()) == 1
    shiboken6.delete(button)
    look.set_mode("light")


def test_every_icon_can_be_drawn_crisply(qapp):
    names = [file.stem for file in resources.path("icons").glob("*.svg")]
    assert len(names) > 20
    for name in names:
        drawn = resources.icon(name).pixmap(QSize(16, 16), 2.0)
        assert (drawn.width(), drawn.devicePixelRatio()) == (32, 2.0)
        pixels = drawn.toImage()
        assert any(pixels.pixelColor(x, y).alpha() for x in range(32) for y in range(32)), name
    with pytest.raises(OSError, match="no-such"):
        resources.icon("no-such")
    assert not resources.app_icon().isNull()


def test_an_action_can_have_a_themed_icon(look, qapp):
    action = QAction("Reset")
    resources.set_icon(action, "reset", "muted")
    assert not action.icon().isNull()


def test_pictures_of_the_style_sheet_exist_in_both_modes():
    for name, mode in itertools.product(
        ("tick", "menu-tick", "dot", "up", "down"), ("light", "dark")
    ):
        assert resources.path("icons", "sheet", f"{name}-{mode}.svg").is_file()


def test_fonts(qapp):
    digits = {QFontMetricsF(ui_font(18)).horizontalAdvance(str(d)) for d in range(10)}
    assert len(digits) == 1, "running numbers would jiggle"
    assert ui_font(15).pixelSize() == 15
    assert math_font().italic()
    assert QFontInfo(mono_font()).fixedPitch()


@pytest.mark.parametrize(("wish", "still"), [("1", True), ("0", False)])
def test_reduced_motion_can_be_asked_for(qapp, monkeypatch, wish, still):
    monkeypatch.setenv("LAYERWISE_REDUCED_MOTION", wish)
    assert reduced_motion() is still


def test_without_a_wish_the_desktop_decides(qapp, monkeypatch):
    monkeypatch.delenv("LAYERWISE_REDUCED_MOTION", raising=False)
    assert reduced_motion() in (True, False)
