"""A lesson's text: paragraphs apart, and a number on the line of its per cent sign."""

from gui.lessons.prose import Prose
from gui.style.theme import theme

TEXT = "One *line*.\n\nAnother: 90 % of it.\n\n- a\n- b\n\n```\nx = 1\ny = 2\n```\n"


def test_paragraphs_are_parted_and_lines_of_a_list_or_of_code_are_not(qtbot):
    theme()
    prose = Prose()
    qtbot.addWidget(prose)
    prose.show_text(TEXT)
    block, gaps = prose.document().firstBlock(), {}
    while block.isValid():
        gaps[block.text()] = block.blockFormat().topMargin()
        block = block.next()
    parted = {words for words, gap in gaps.items() if gap > 0}
    assert parted == {"Another: 90\N{NO-BREAK SPACE}% of it.", "a"}
    assert {"One line.", "b", "x = 1", "y = 2"} <= set(gaps)
