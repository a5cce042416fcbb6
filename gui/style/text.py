"""Formats numbers, shapes and indices, with an ASCII minus, so that they paste into Python."""

import math
from collections.abc import Sequence
from html import escape
from unicodedata import category

from PySide6.QtCore import QCoreApplication

from core.by_hand import BIAS, Place
from core.data.features import FEATURES

_SUBSCRIPTS = str.maketrans("0123456789-,", "₀₁₂₃₄₅₆₇₈₉₋,")
_POWERS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
_SMALLEST_FIXED = 1e-3
_LARGEST_FIXED = 1e6
MOST_SAID, MOST_IN_MENU = 1000, 100  # characters of foreign text in a tooltip, in a command
_UNSEEN, _REPLACED = frozenset(("Cc", "Cf", "Cs", "Co", "Cn")), "\N{REPLACEMENT CHARACTER}"


def tr(words: str) -> str:
    """The words in the user's language, for code outside of a QObject."""
    return QCoreApplication.translate("", words)


def number(x: float, digits: int = 4, sign: bool = True) -> str:
    """Write x with about `digits` meaningful digits and always at least `digits - 1` of them.

    `+11.46`, `-0.00378`, `+1.36e-05`; `nan`, `+inf`, `-inf`; `0` is exactly zero and nothing else.
    The integer part is whole (`+12346`); below 0.001 and from a million on it has an exponent.
    """
    x = float(x)
    if math.isnan(x):
        return "nan"
    if x == 0:
        return "0"
    flag = "+" if sign else ""
    if math.isinf(x):
        return f"{x:{flag}}"
    rounded = float(f"{x:.{digits - 1}e}")
    size = abs(rounded)
    if not _SMALLEST_FIXED <= size < _LARGEST_FIXED:
        return f"{x:{flag}.{max(digits - 2, 0)}e}"
    decimals = digits - 1 - math.floor(math.log10(size))
    return f"{x:{flag}.{min(max(decimals, 0), max(digits + 1, 3))}f}"


def magnitude(x: float) -> str:
    """Write how large an error is, with one or two digits: `3·10⁻¹⁰`, `0.33`, `0`."""
    x = float(x)
    if not math.isfinite(x) or x == 0 or abs(x) >= _SMALLEST_FIXED:
        return number(x, 2, sign=False)
    digit, _, power = f"{x:.0e}".partition("e")
    return f"{digit}·10{str(int(power)).translate(_POWERS)}"


def power(n: int) -> str:
    """Write a power of ten: `10⁻³`."""
    return f"10{str(n).translate(_POWERS)}"


def plain(x: float, digits: int = 4) -> str:
    """Write a setting as a person would type it: `1.2`, `0.01`, `1e-05`, `12345`."""
    x = float(x)
    if x.is_integer() and abs(x) < _LARGEST_FIXED:
        return str(int(x))
    return f"{x:.{digits}g}"


def fixed(x: float, decimals: int = 2) -> str:
    """Write x with this many decimals (`0.20`), or like `number` if that rounds it to zero."""
    text = f"{float(x):.{decimals}f}"
    return number(x, 3, sign=False) if x and math.isfinite(x) and float(text) == 0 else text


def plane_title(kind: str) -> str:
    """The title of the picture of the outputs over the plane, for this kind of labels."""
    return "Prediction" if kind == "regression" else "Decision boundary"


def counted(n: int, one: str, several: str = "") -> str:
    """`1 run`, `2 runs`, `1,200 classes`; `several` if that is not `one` with an s."""
    return f"{count(n)} {one if n == 1 else several or f'{one}s'}"


def count(n: int) -> str:
    """Write a whole number exactly, with thousands commas: `10,000`."""
    return f"{int(n):,}"


def examples(m: int) -> str:
    """`1 example`, `400 examples`."""
    return counted(m, "example")


def short_count(n: float) -> str:
    """Write about how many, in two to three digits: `940`, `3.1 k`, `31 k`, `1.2 M`."""
    if not math.isfinite(n):
        return number(n, sign=False)
    for unit in ("", " k", " M", " G"):
        if abs(n) < 999.5 or unit == " G":
            break
        n /= 1000
    return f"{n:.1f}{unit}" if unit and abs(n) < 9.95 else f"{n:,.0f}{unit}"


def percent(fraction: float, decimals: int = 1) -> str:
    """Write a fraction 0…1 in per cent; only exactly 0 and 1 become 0 and 100 (else `> 99.9 %`)."""
    if not math.isfinite(fraction):
        return "nan"
    step = 10.0**-decimals
    text = f"{100 * fraction:.{decimals}f}"
    if fraction < 1 and float(text) >= 100:
        return f"> {100 - step:.{decimals}f} %"
    if fraction > 0 and float(text) <= 0:
        return f"< {step:.{decimals}f} %"
    return f"{text} %"


def shape(sizes: Sequence[int]) -> str:
    """Write an array's shape as NumPy does: `(4, 400)`, `(4,)`."""
    return str(tuple(int(size) for size in sizes))


HIDDEN_SHAPE = "(?, ?)"
"""What stands for the shape of a matrix that somebody is asked for."""


def subscript(*indices: int) -> str:
    """Write indices, counted from 1, as subscripts: `₂₃`, with a comma if they would be ambiguous:
    `₁₂,₃`.
    """
    comma = "," if any(index > 9 for index in indices) else ""
    return comma.join(str(index).translate(_SUBSCRIPTS) for index in indices)


def symbol(
    letter: str,
    unit: int | tuple[int, ...] | None = None,
    layer: int | None = None,
    example: int | None = None,
) -> str:
    """Name an array or a number in it: `Z[1]`, `a₁[3]` (unit 1, layer 3), `w₂₃[2]`, `z₁[1](8)`."""
    indices = () if unit is None else (unit,) if isinstance(unit, int) else unit
    brackets = "" if layer is None else f"[{layer}]"
    column = "" if example is None else f"({example})"
    return f"{letter}{subscript(*indices)}{brackets}{column}"


def parameter(place: Place) -> str:
    """Name a weight or bias: `w₁₂[3]`, `b₁[3]`."""
    if place.column == BIAS:
        return symbol("b", place.row + 1, place.layer)
    return symbol("w", (place.row + 1, place.column + 1), place.layer)


def input_name(feature: str) -> str:
    """The label of an input: x₁² of "x1_squared", x₁₂ of a column "x12", other names unchanged."""
    if feature in FEATURES:
        return FEATURES[feature].label
    number = feature.removeprefix("x")
    plain_number = feature.startswith("x") and number.isascii() and number.isdecimal()
    return f"x{subscript(int(number))}" if plain_number else feature


def seconds(s: float) -> str:
    """Write a duration: `12 ms`, `0.43 s`, `12 s`, `2 min 5 s`, `1 h 3 min`."""
    if not math.isfinite(s):
        return number(s, sign=False)
    if 0 < s < 0.0995:
        return f"{max(1000 * s, 0.1):.{0 if s >= 0.0095 else 1}f} ms"
    if s < 9.95:
        return f"{s:.{2 if s < 0.995 else 1}f} s"
    whole = round(s)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def bytes_(n: int) -> str:
    """Write a size in bytes: `512 B`, `12 kB`, `3.4 MB`."""
    if abs(n) < 1000:
        return f"{n} B"
    size = n / 1000
    for unit in ("kB", "MB", "GB"):
        if abs(size) < 999.5 or unit == "GB":
            break
        size /= 1000
    return f"{size:.1f} {unit}" if abs(size) < 9.95 else f"{size:,.0f} {unit}"


def printed(words: str, most: int = MOST_SAID) -> str:
    """Text from a file or a user, made safe to display: control and direction characters are
    replaced, and long text is cut.
    """
    cut = words if len(words) <= most else words[: most - 1] + "…"
    return "".join(_REPLACED if category(c) in _UNSEEN and c not in "\n\t" else c for c in cut)


def tip(words: str) -> str:
    """A tooltip with exactly this text; Qt would interpret markup."""
    said = printed(words)
    return f"<span>{escape(said)}</span>".replace("\n", "<br>") if "<" in said else said


def in_menu(words: str) -> str:
    """A command's text with exactly these characters; Qt would underline after an &."""
    return printed(words, MOST_IN_MENU).replace("\n", " ").replace("&", "&&")
