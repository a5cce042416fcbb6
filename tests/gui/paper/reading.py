"""Reads a PDF of ours: how many pages it has, how large, and the letters that can be copied."""

import re
import zlib


def streams(pdf: bytes) -> list[bytes]:
    """Everything that is packed in it."""
    found = []
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            found.append(zlib.decompress(packed))
        except zlib.error:
            found.append(packed)
    return found


def pages(pdf: bytes) -> list[tuple[float, float]]:
    """The size of every page in points."""
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([0-9.]+) ([0-9.]+)\s*\]", pdf)
    return [(float(wide), float(high)) for wide, high in boxes]


def letters(pdf: bytes) -> set[str]:
    """The characters that its fonts say their glyphs stand for."""
    found = set[str]()
    for stream in streams(pdf):
        if b"beginbfrange" not in stream and b"beginbfchar" not in stream:
            continue
        for code in re.findall(rb"<([0-9A-Fa-f]{4})>(?=\s*(?:\n|$|[\]<]))", stream):
            found.add(chr(int(code, 16)))
    return found
