"""Folders of pictures, a folder a class, as own data: resized, and flattened as the course does."""

from __future__ import annotations

import io
import struct
import warnings
import zlib
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageOps

from core.data.own import MAX_CLASSES, MAX_NUMBERS, OwnData, labels_of, own_data
from core.errors import LayerwiseError
from core.files import disk
from core.files.npz import fault
from core.progress import Progress, unheard

_SUFFIXES = {
    "BMP": (".bmp",),
    "GIF": (".gif",),
    "JPEG": (".jpg", ".jpeg"),
    "PNG": (".png",),
    "PPM": (".pgm", ".ppm"),
    "TIFF": (".tif", ".tiff"),
    "WEBP": (".webp",),
}
SUFFIXES = tuple(suffix for suffixes in _SUFFIXES.values() for suffix in suffixes)
MAX_BYTES = 2**25  # of a picture's file
MAX_PIXELS = 16_000_000  # but of a JPEG, which is decoded smaller, as many as Pillow lets by
MAX_SIDE = 512  # pixels, after resizing
MAX_PICTURES = 100_000
LIES_ON_ITS_SIDE = (5, 6, 7, 8)  # of the orientations that a camera notes

# What Pillow raises for files that are cut, altered or made to mislead, found by flipping bits.
UNREADABLE = (
    *(OSError, ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError),
    *(SyntaxError, EOFError, RuntimeError, MemoryError, struct.error, zlib.error),
)


def read_pictures(
    folder: Path | str,
    height: int = 64,
    width: int = 64,
    *,
    colour: bool = True,
    progress: Progress = unheard,
) -> OwnData:
    """Every picture in the folders below `folder` as an example, the folder's name as its class.

    X holds the pixels from 0 to 1, of each picture row by row, in each row from the left, of each
    pixel red, green, blue (or grey without `colour`): `reshape(m, -1).T` of (m, h, w, 3).
    `progress(done, all)` is called before each picture and may raise to stop. Raises
    LayerwiseError naming the folder or the picture and what is wrong with it.
    """
    folder = Path(folder)
    if not (1 <= height <= MAX_SIDE and 1 <= width <= MAX_SIDE):
        raise LayerwiseError(
            f"Pictures of {width} × {height} pixels were asked for: use 1 to {MAX_SIDE} each way."
        )
    channels = 3 if colour else 1
    paths, labels = _find(folder)
    if (numbers := height * width * channels * len(paths)) > MAX_NUMBERS:
        raise fault(
            folder,
            f"{len(paths):,} pictures of {width} × {height} are {numbers:,} numbers, and the limit"
            f" is {MAX_NUMBERS:,}: make them smaller",
        )
    pixels = np.empty((len(paths), height, width, channels), np.uint8)
    for i, path in enumerate(paths):
        progress(i, len(paths))
        pixels[i] = _read(path, height, width, "RGB" if colour else "L").reshape(pixels[i].shape)
    try:
        Y, classes, kind = labels_of(labels)
        return own_data(
            pixels.reshape(len(paths), -1).T / 255,
            Y,
            disk.shown(folder.resolve().name),
            kind=kind,
            classes=classes,
            picture=(height, width, channels),
        )
    except LayerwiseError as error:
        raise fault(folder, str(error).rstrip(".")) from None


def _find(folder: Path) -> tuple[list[Path], list[str]]:
    """The pictures in the folders below, and for each the name of its folder; both in order."""
    paths: list[Path] = []
    labels: list[str] = []
    try:
        classes = sorted(path for path in folder.iterdir() if _is_class(path))
        if len(classes) > MAX_CLASSES:
            raise fault(
                folder, f"it holds {len(classes):,} folders, and {MAX_CLASSES} is the limit"
            )
        for one in classes:
            found = sorted(path for path in one.iterdir() if _is_picture(path))
            if not found:
                raise fault(one, f"it holds no picture ({', '.join(SUFFIXES)})")
            paths += found
            labels += [disk.shown(one.name)] * len(found)
    except (OSError, ValueError) as error:
        raise LayerwiseError(
            f"{disk.shown(folder)} cannot be read: {disk.reason(error)}."
        ) from None
    if len(classes) < 2:
        raise fault(folder, "it needs a folder of pictures for each of at least two classes")
    if len(paths) > MAX_PICTURES:
        raise fault(folder, f"it holds {len(paths):,} pictures, and the limit is {MAX_PICTURES:,}")
    return paths, labels


def _is_class(path: Path) -> bool:
    return path.is_dir() and not path.name.startswith((".", "__"))


def _is_picture(path: Path) -> bool:
    if path.name.startswith("."):
        return False
    if path.suffix.lower() == ".svg":
        raise fault(path, "an SVG file is a drawing without pixels: export it as PNG")
    return path.suffix.lower() in SUFFIXES


def _read(path: Path, height: int, width: int, mode: str) -> NDArray[np.uint8]:
    """The picture (h, w, channels), upright, without transparency, in the size asked for."""
    content = io.BytesIO(disk.read(path, MAX_BYTES))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            warnings.simplefilter("ignore", UserWarning)  # damaged notes beside the pixels
            return _decode(path, content, height, width, mode)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise fault(path, f"it says that it has more than {MAX_PIXELS:,} pixels") from None
    except UNREADABLE:
        raise fault(path, "it is damaged, or not the picture that its name says") from None


def _decode(path: Path, file: BinaryIO, height: int, width: int, mode: str) -> NDArray[np.uint8]:
    with Image.open(file, formats=list(_SUFFIXES)) as picture:
        picture.draft(mode, (width, height))  # a JPEG is decoded as small as will do
        if (count := picture.width * picture.height) > MAX_PIXELS:
            raise fault(
                path,
                f"it is {picture.width:,} × {picture.height:,} pixels, {count:,} in all, and the"
                f" limit is {MAX_PIXELS:,}",
            )
        lies = picture.getexif().get(ExifTags.Base.Orientation, 1) in LIES_ON_ITS_SIDE
        size = (height, width) if lies else (width, height)
        clear = picture.has_transparency_data
        whole = _eight_bits(picture).convert("RGBA" if clear else mode)
        small = whole.resize(size, Image.Resampling.BOX)
        if clear:
            small = Image.alpha_composite(Image.new("RGBA", size, "white"), small)
        small.info = picture.info
        return np.asarray(ImageOps.exif_transpose(small).convert(mode), np.uint8)


def _eight_bits(picture: Image.Image) -> Image.Image:
    """A picture of 16-bit grey as one of 8 bits: Pillow would cut off what is above 255."""
    if not picture.mode.startswith("I"):
        return picture
    values: NDArray[Any] = np.array(picture)
    np.clip(values, 0, 65535, values)
    np.floor_divide(values, 257, values)
    return Image.fromarray(values.astype(np.uint8))
