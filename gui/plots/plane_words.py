"""The texts around a picture of the input plane: axes, positions, labels, legend."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from core.data.examples import Split
from core.data.pixels import pixel_of
from core.limits import clip
from core.look.plane import Plane
from gui.plots.dots import GLYPHS, MOST
from gui.style import text
from gui.style.theme import class_colours, theme

ALL = "all classes"
ROOM, SHORTEST = 48, 12  # letters of all names in a legend, and at least of each


def axes_of(split: Split, plane: Plane) -> tuple[str, str]:
    """The names of the axis to the right and of the one upwards."""
    if plane.cut is None:
        return "x₁", "x₂"
    across, *up = (text.input_name(split.names[row]) for row in plane.cut)
    return across, up[0] if up else "y"


def inputs_of(split: Split) -> tuple[list[str], list[str]]:
    """The options of a choice of inputs: their names and, for pixels, their positions."""
    names = [text.input_name(name) for name in split.names]
    if split.picture is None:
        return names, names
    places = [f"{name}  {pixel_of(row, split.picture)}" for row, name in enumerate(names)]
    return names, places


def place_words(at: tuple[float, float], split: Split, plane: Plane) -> str:
    """A place of the plane in the data's own units."""
    if plane.cut is None:
        return f"x = ({at[0]:+.2f}, {at[1]:+.2f})"
    named = zip(axes_of(split, plane), at, plane.cut, strict=False)  # of a line no label
    return ", ".join(f"{name} = {text.number(x, 3)}" for name, x, _ in named)


def label_words(split: Split, k: int, output: int | None) -> str:
    """The label of training example k."""
    if split.kind == "classes":
        return split.class_names[int(split.train.Y[:, k].argmax())]
    return text.plain(float(split.train.Y[output or 0, k]))


def outputs_of(split: Split) -> Mapping[str, str]:
    """The options of a choice of output units, by row ("" for all); empty if there is only one."""
    n = len(split.train.Y)
    if n < 2:
        return {}
    if split.kind == "classes":
        names = enumerate(clip(name, SHORTEST) for name in split.class_names)
        return {"": ALL} | {str(j): f"{name} against the rest" for j, name in names}
    return {str(j) if j else "": text.symbol("ŷ", j + 1) for j in range(n)}


def legend(
    split: Split,
    output: int | None,
    lit: int,
    error: float | None = None,
    drawn: tuple[int, int] | None = None,
) -> str:
    """The glyphs of the dots and their meanings, as rich text.

    `lit` is the number of highlighted ones; with `error`, the largest error, dots show errors.
    `drawn` says how many examples of how many are drawn, if not all.
    """
    if error is not None:
        most = text.number(error, 3, sign=False)
        names = ["label above", f"below the prediction, by at most {most}"]
        marks = [("●", theme().palette.positive), ("●", theme().palette.negative)]
    elif split.kind == "classes" and output is not None:
        names = ["the rest", clip(split.class_names[output], ROOM // 2)]
        marks = list(zip(GLYPHS, class_colours(2), strict=False))
    else:
        longest = max(SHORTEST, ROOM // max(1, len(split.class_names)))
        names = [clip(name, longest) for name in split.class_names]
        few = 0 < len(names) <= len(GLYPHS)
        marks = list(zip(GLYPHS, class_colours(len(names)), strict=False)) if few else []
    parts = [
        f'<span style="color:{colour.name()}">{glyph}</span>&nbsp;{escape(name)}'
        for (glyph, colour), name in zip(marks, names, strict=False)
    ]
    some, of = drawn or (min(split.train.m, MOST), split.train.m)
    if some < of:
        parts.append(f"{text.count(some)} of {text.count(of)} drawn")
    if lit:
        parts.append(f"{text.count(lit)} lit")
    return "&nbsp;&nbsp; ".join(parts)
