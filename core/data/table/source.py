"""Decodes the bytes of a table to text, and detects the encoding."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Set
from dataclasses import dataclass, replace
from functools import cached_property

from core.data.own import clean
from core.errors import LayerwiseError

MAX_BYTES = 2**28
ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp1252": "Western (Windows-1252)",
    "cp1250": "Central European (Windows-1250)",
    "mac_roman": "Western (Mac Roman)",
    "cp1251": "Cyrillic (Windows-1251)",
    "cp1253": "Greek (Windows-1253)",
    "cp1254": "Turkish (Windows-1254)",
    "gb18030": "Chinese, simplified (GBK)",
    "big5": "Chinese, traditional (Big5)",
    "shift_jis": "Japanese (Shift JIS)",
    "euc_kr": "Korean (EUC-KR)",
}
"""What a table can be read as, with the names for a menu; the first that fit are preferred."""

SPREADSHEET = "spreadsheet"
_SAMPLE = 20_000  # bytes of the lines that are not ASCII
_CONTROLS = bytes([*range(9), *range(0x0E, 0x20), 0x7F])
_CONTROL = re.compile(r"[\0-\x08\x0e-\x1f\x7f]")
_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_SYMBOLS = frozenset("°€£µ²³±×·½«»–—’‘“”„…№")
_WESTERN = (
    *("äöüß", "àâæçéèêëîïôœùûüÿ", "áéíñóúü", "ãáâàçéêíóôõú", "àèéìíòóù", "æøå", "äöå"),
    "áéíóúýðþæö",
)
_CENTRAL = ("áčďéěíňóřšťúůýž", "áäčďéíĺľňóôŕšťúýž", "ąćęłńóśźż", "áéíóöőúüű", "ăâîşţ", "čćđšž")


def _within(*alphabets: str) -> Callable[[str], float]:
    """The share of a text's letters that belong to one of these languages, 0 … 1."""
    sets = [frozenset(letters + letters.upper()) for letters in alphabets]

    def fit(text: str) -> float:
        places = [i for i, c in enumerate(text) if not c.isascii()]
        return max(sum(_fits_at(text, i, letters) for i in places) for letters in sets) / len(
            places
        )

    return fit


def _fits_at(text: str, i: int, letters: Set[str]) -> float:
    """How plausible one character is: a letter next to letters, no capital within a word, no
    symbol.
    """
    c, before, after = text[i], text[i - 1 : i], text[i + 1 : i + 2]
    if c in _SYMBOLS:
        return 0.3 if before.isalpha() and after.isalpha() else 1.0
    if c not in letters:
        return 0.0
    if c.isupper() and before.isalpha() and after.islower():
        return 0.3
    return 1.0 if before.isalpha() or after.isalpha() else 0.5


def _between(*ranges: tuple[str, str]) -> Callable[[str], float]:
    """The share of non-ASCII characters in these ranges, 0 … 1."""

    def fit(text: str) -> float:
        places = [c for c in text if not c.isascii()]
        return sum(any(a <= c <= b for a, b in ranges) for c in places) / len(places)

    return fit


def _common(encoding: str, last: int) -> Callable[[str], float]:
    """How many characters are before this row of a Chinese character set, where the common ones
    are.
    """

    def fit(text: str) -> float:
        places = "".join(c for c in text if not c.isascii())
        leads = places.encode(encoding, "ignore")[::2]
        return sum(0xA1 <= lead <= last for lead in leads) / len(places)

    return fit


_FIT: dict[str, Callable[[str], float]] = {
    "cp1252": _within(*_WESTERN),
    "cp1250": _within(*_CENTRAL),
    "mac_roman": _within(*_WESTERN),
    "cp1251": _between(("А", "я"), ("Ё", "ё")),
    "cp1253": _between(("Ά", "ώ")),
    "cp1254": _within("çğıöşüâîİ"),
    "gb18030": _common("gb2312", 0xD7),
    "big5": _common("big5", 0xC6),
    "shift_jis": _between(("\u3040", "\u30ff"), ("\u4e00", "\u9fff"), ("\u3000", "\u301f")),
    "euc_kr": _between(("\uac00", "\ud7a3")),
}


@dataclass(frozen=True)
class Source:
    """A table as bytes, its name for sentences, and the encoding of the bytes.

    `encoding` is one of ENCODINGS, or SPREADSHEET, which has no choice.
    """

    name: str
    content: bytes
    encoding: str

    @cached_property
    def text(self) -> str:
        """The bytes as text; raises LayerwiseError naming the table if they are not text."""
        return _text(self)

    def read_as(self, encoding: str) -> Source:
        """The same bytes in another encoding."""
        return replace(self, encoding=encoding)


def decode(content: bytes, name: str) -> Source:
    """A source of these bytes, in the encoding of their byte order mark or the one that fits best.

    Raises LayerwiseError naming it if it is not text, or empty.
    """
    if len(content) > MAX_BYTES:
        raise fault(name, f"it has {len(content):,} bytes, and the limit is {MAX_BYTES:,}")
    source = Source(name, content, _encoding_of(content))
    assert source.text  # which raises
    return source


def of_text(text: str, name: str) -> Source:
    """A source of pasted text, refused as its bytes would be; lone surrogates are replaced."""
    return replace(decode(text.encode("utf-8", "replace"), name), encoding="utf-8")


def fault(name: str, reason: str) -> LayerwiseError:
    """The error of a table that cannot be used, for this reason."""
    return LayerwiseError(f"{clean(name)} cannot be used: {reason}.")


def _text(source: Source) -> str:
    codec = "utf-8" if source.encoding == SPREADSHEET else source.encoding
    content = source.content
    for mark, marked in _MARKS.items():
        if content.startswith(mark) and marked.startswith(codec):
            codec, content = marked, content[len(mark) :]
    if codec == "utf-16":
        codec = _order(content)
    wide = codec.startswith("utf-16")
    if not wide and len(content.translate(None, _CONTROLS)) < len(content):
        place = re.search(rb"[\0-\x08\x0e-\x1f\x7f]", content)
        raise _no_text(source.name, content.count(b"\n", 0, place.start() if place else 0) + 1)
    try:
        text = content.decode(codec)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        called = ENCODINGS.get(source.encoding, source.encoding)
        raise fault(source.name, f"line {line} is not {called}: choose another encoding") from None
    if wide and (found := _CONTROL.search(text)):
        raise _no_text(source.name, text.count("\n", 0, found.start()) + 1)
    if text.isspace() or not text:
        raise fault(source.name, "it is empty")
    return text


def _no_text(name: str, line: int) -> LayerwiseError:
    return fault(name, f"line {line} holds bytes that are no text, so it is not a table")


def _encoding_of(content: bytes) -> str:
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            return encoding.removesuffix("-le").removesuffix("-be")
    try:
        head = content[:1000]
        if head.count(0) > len(head) // 4 and "\n" in head.decode(_order(head), "ignore"):
            return "utf-16"
        content.decode("utf-8")
    except UnicodeDecodeError:
        return _best_fit(content)
    return "utf-8"


def _order(content: bytes) -> str:
    """Which of the two bytes of a character comes first: in Western text one is mostly 0."""
    head = content[:1000]
    return "utf-16-le" if head[1::2].count(0) >= head[::2].count(0) else "utf-16-be"


def _best_fit(content: bytes) -> str:
    """The encoding in which the bytes above 127 make the letters of one language."""
    from charset_normalizer import from_bytes

    lines = (line for line in content.splitlines() if not line.isascii())
    sample = b""
    for line in lines:
        if len(sample) > _SAMPLE:
            break
        sample += line[:_SAMPLE] + b"\n"
    messy = {
        name: match.chaos
        for match in from_bytes(sample, cp_isolation=list(_FIT), threshold=0.5)
        for name in match.could_be_from_charset
        if name in _FIT
    }
    fits = {name: _FIT[name](sample.decode(name)) - messy[name] for name in _FIT if name in messy}
    return max(fits, key=lambda name: fits[name], default="cp1252")
