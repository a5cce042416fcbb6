"""The chain rule for one example as lines of text: one factor per line, and the product."""

from __future__ import annotations

from core.walk.chain import Chain, Link
from core.walk.record import Record
from gui.stepper.origin_rows import Piece, Row, sign_of
from gui.style import text

_WRITTEN = 6  # factors of the formula; of a longer chain its ends are written
_LAST = 2


def rows_of_chain(record: Record, chain: Chain) -> tuple[Row, ...]:
    """Its factors from the loss back to the parameter, their product, and the sum it is part of."""
    rows = [_link_row(link) for link in chain.links]
    product = text.number(chain.path, 5)
    several = chain.paths > 1
    label = "their product, this path" if several else "their product"
    rows.append(Row("total", label, (), product, sign_of(chain.path)))
    total = text.number(chain.total, 5)
    if several:
        rows.append(Row("rest", f"all {text.count(chain.paths)} paths together", (), total))
    share = text.number(chain.contribution, 3)
    m = text.count(record.m)
    pieces = (Piece(total), Piece(f"/ {m}"))
    rows.append(Row("rest", "its part of the mean", pieces, share))
    return tuple(rows)


def _link_row(link: Link) -> Row:
    name = "" if link.entry is None else f" = {link.entry.symbol}"
    value = text.number(link.value, 5)
    hint = f"{link.text}{name}"
    return Row("term", hint, (), value, sign_of(link.value), hint, link.entry)


def formula_of(chain: Chain) -> tuple[str, str]:
    """The chain as LaTeX and as text."""
    of = chain.parameter
    links = list(chain.links)
    dots = len(links) > _WRITTEN
    shown = [*links[: _WRITTEN - _LAST - 1], None, *links[-_LAST:]] if dots else links
    more, more_latex = (" + …", r" + \ldots") if chain.paths > 1 else ("", "")
    latex = r" \cdot ".join(r"\ldots" if link is None else link.latex for link in shown)
    words = " · ".join("…" if link is None else link.text for link in shown)
    left = rf"\frac{{\partial\,\mathrm{{loss}}}}{{\partial {of.latex}}}"
    return f"{left} = {latex}{more_latex}", f"∂loss/∂{of.symbol} = {words}{more}"
