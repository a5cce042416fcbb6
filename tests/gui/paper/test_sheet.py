"""Blocks on pages and in pictures: nothing is lost, nothing runs off, text is text."""

import re

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QRectF

from gui.paper import device
from gui.paper.blocks import Block, Formula, Gap, Heading, Lines, Painted, Paragraph, Rich
from gui.paper.sheet import paged, pages, picture
from gui.style.theme import DARK, LIGHT, theme
from tests.gui.hands import look  # noqa: F401
from tests.gui.paper import reading

FORMULA = Formula(r"dW[2] = \frac{1}{m} dZ[2] A[1]^{T}", "dW[2] = 1/m · dZ[2] A[1]ᵀ <&")
BLOCKS: list[Block] = [
    Heading("Gradient"),
    FORMULA,
    Paragraph("1.25 − 0.5 (a-b)"),
    Rich("**x** `y`"),
    Lines(2),
]


def box(high):
    return Painted(high, lambda painter, width: painter.drawRect(QRectF(0, 0, width, high)))


def test_pages_are_a4_and_their_text_can_be_copied(qtbot):
    made = pages([BLOCKS, BLOCKS], "Hand-out 7")
    sizes = reading.pages(made)
    assert len(sizes) == 2
    for wide, high in sizes:
        assert wide == pytest.approx(595, abs=1)
        assert high == pytest.approx(842, abs=1)
    assert set("Hand-out7Page1of2.25−()Gradient") <= reading.letters(made)


def test_the_text_size_of_the_window_does_not_change_a_page(qtbot):
    before = len(reading.pages(pages([BLOCKS * 6], "t")))
    theme().set_text_size(2.0)
    try:
        assert len(reading.pages(pages([BLOCKS * 6], "t"))) == before
    finally:
        theme().set_text_size(1.0)


def test_blocks_are_cut_into_pages_in_order_and_none_is_lost():
    blocks = [box(high) for high in (60, 30, 50, 10, 90, 40)]
    cut = paged(blocks, 200, 100)
    assert [block for page in cut for block, _, _ in page] == blocks
    for page in cut:
        assert sum(share * block.height(200) + 10 for block, share, _ in page) - 10 <= 100


def test_a_heading_stays_with_what_it_is_over_and_a_giant_is_made_smaller():
    heading = Heading("Over it")
    cut = paged([box(70), heading, box(60), box(400)], 200, 120)
    assert [len(page) for page in cut] == [1, 2, 1]
    assert cut[1][0][0] is heading
    ((giant, share, _),) = cut[2]
    assert share * giant.height(200) == pytest.approx(120)


@pytest.mark.parametrize("palette", [LIGHT, DARK])
def test_a_picture_has_the_width_and_the_ground_asked_for(qtbot, tmp_path, palette):
    path = tmp_path / "a.png"
    path.write_bytes(picture(BLOCKS, ".png", 900, 1.5, "t", palette))
    with Image.open(path) as found:
        assert found.width == 900
        pixels = np.asarray(found.convert("RGB"))
    ground = palette.surface.getRgb()[:3]
    for corner in (pixels[0, 0], pixels[-1, -1], pixels[0, -1]):
        assert tuple(corner) == ground
    assert theme().palette.name == "light"


def test_in_a_drawing_text_is_text_and_a_formula_is_outlines_with_a_title(qtbot):
    drawn = picture(BLOCKS, ".svg", 700, 1.0, "Figure", LIGHT).decode()
    said = re.findall(r">([^<>]+)</text>", drawn)
    assert any("1.25" in words for words in said)
    assert "<title>dW[2] = 1/m · dZ[2] A[1]ᵀ &lt;&amp;</title>" in drawn
    assert ' stroke="none"><title>dW[2] =' in drawn  # the pen of what stands beside it is not its
    assert 'font-family="Inter,Layerwise Symbols,sans-serif"' in drawn
    group = drawn.split("&lt;&amp;</title>")[1].split("</g>")[0]
    assert group.count("<path") > 8
    assert "@formula" not in drawn
    assert "<svg" not in drawn[10:].split("</title>", 1)[1]  # SVG Tiny has no drawing in a drawing


def test_what_is_no_latex_is_written_as_it_reads(qtbot):
    drawn = picture([Formula(r"\frac{", "one half")], ".svg", 400, 1.0, "t", LIGHT).decode()
    assert "one half" in drawn


def test_a_formula_too_wide_is_made_smaller(qtbot):
    wide = Formula(" + ".join(["w_{12} x_1"] * 30), "long")
    assert wide.height(3000) > wide.height(200) > 0


def test_space_is_as_high_as_it_says(qtbot):
    assert Gap(30).height(100) == 30


def test_each_page_begins_unscaled(qtbot):
    """What one page does to its painter is over with it."""
    seen = []

    def paint(painter):
        seen.append(painter.transform().m11())
        painter.scale(3, 3)

    device.pdf([paint, paint], device.A4, "t")
    assert seen[0] == seen[1]
