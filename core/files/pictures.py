"""Imports folders of pictures, one folder per class: resized, flattened as in the course."""

from __future__ import annotations

import io
import re
import struct
import warnings
import zlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageOps

from core.data.own import MAX_CLASSES, MAX_NUMBERS, labels_of, own_data
from core.data.table.examples import Account, Imported
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
DRAWING = ".svg"
MAX_BYTES = 2**25  # of a picture's file
MAX_PIXELS = 16_000_000  # but of a JPEG, which is decoded smaller, as many as Pillow lets by
MAX_SIDE = 512  # pixels, after resizing
MOST_SHOWN = 4096  # pixels each way of a picture that is shown as it is
MAX_PICTURES = 100_000
USUAL = 64  # width and height in pixels, as in the course
MOST_SUGGESTED = 128
LOOKED_AT = 40  # pictures, for suggestions
MOST_LISTED = 50
MORE = "more that cannot be read"
LIES_ON_ITS_SIDE = (5, 6, 7, 8)  # of the orientations that a camera notes

# Pillow's errors for truncated, altered or malicious files, found by flipping bits.
UNREADABLE = (
    *(OSError, ValueError, TypeError, KeyError, IndexError, AttributeError, ArithmeticError),
    *(SyntaxError, EOFError, RuntimeError, MemoryError, struct.error, zlib.error),
)


@dataclass(frozen=True, slots=True)
class _Found:
    """The pictures of a folder with the names of their classes; those for testing last."""

    paths: list[Path]
    labels: list[str]
    tested: int


def read_pictures(
    folder: Path | str,
    height: int = 64,
    width: int = 64,
    *,
    colour: bool = True,
    progress: Progress = unheard,
) -> Imported:
    """Every picture in the folders below `folder` as an example, with the folder's name as its
    class.

    Two folders such as `train` and `test` hold the classes of a training and of a test set. X holds
    the pixels from 0 to 1, for each picture row by row, in each row from the left, for each pixel
    red, green, blue (or grey without `colour`): `reshape(m, -1).T` of (m, h, w, 3). Files that are
    not pictures are left out and listed. `progress(done, all)` is called before each picture and
    may raise to stop. Raises LayerwiseError naming the folder and the error.
    """
    folder = Path(folder)
    if not (1 <= height <= MAX_SIDE and 1 <= width <= MAX_SIDE):
        raise LayerwiseError(
            f"Pictures of {width} × {height} pixels were asked for: use 1 to {MAX_SIDE} each way."
        )
    channels = 3 if colour else 1
    found = _find(folder)
    if (numbers := height * width * channels * len(found.paths)) > MAX_NUMBERS:
        raise fault(
            folder,
            f"{len(found.paths):,} pictures of {width} × {height} are {numbers:,} numbers, and the"
            f" limit is {MAX_NUMBERS:,}: make them smaller",
        )
    pixels = np.empty((len(found.paths), height, width, channels), np.uint8)
    read: list[int] = []
    left_out: dict[str, int] = {}
    for i, path in enumerate(found.paths):
        progress(i, len(found.paths))
        try:
            picture = _read(path, height, width, "RGB" if colour else "L")
        except LayerwiseError as error:
            _leave_out(left_out, folder, path, error)
            continue
        pixels[len(read)] = picture.reshape(pixels.shape[1:])
        read.append(i)
    if not read:
        raise fault(folder, f"none of its pictures can be read: {next(iter(left_out))}")
    return _data(folder, pixels[: len(read)], found, read, left_out)


def _leave_out(left_out: dict[str, int], folder: Path, path: Path, error: LayerwiseError) -> None:
    """Record why a picture is left out, naming the first ones."""
    name = disk.shown(path.relative_to(folder).as_posix())
    reason = str(error).partition(" cannot be ")[2].partition(": ")[2].rstrip(".")
    if len(left_out) < MOST_LISTED:
        left_out[f"{name}: {reason or error}"] = 1
    else:
        left_out[MORE] = left_out.get(MORE, 0) + 1


def _data(
    folder: Path,
    pixels: NDArray[np.uint8],
    found: _Found,
    read: list[int],
    left_out: dict[str, int],
) -> Imported:
    first_tested = len(found.paths) - found.tested
    try:
        Y, classes, kind = labels_of([found.labels[i] for i in read])
        X = np.divide(pixels.reshape(len(pixels), -1).T, 255, order="C")
        X.setflags(write=False)
        own = own_data(
            *(X, Y, disk.shown(folder.resolve().name)),
            kind=kind,
            classes=classes,
            picture=pixels.shape[1:],
            test_examples=sum(i >= first_tested for i in read),
        )
    except LayerwiseError as error:
        raise fault(folder, str(error).rstrip(".")) from None
    return Imported(own, Account("folder", left_out, divided_by=255))


def suggested_size(folder: Path | str) -> tuple[int, int, bool]:
    """Height, width and whether in colour: those of the first pictures, if small enough.

    Raises LayerwiseError naming the folder if it holds no pictures in class folders.
    """
    sizes: Counter[tuple[int, int]] = Counter()
    colour = False
    for path in _spread(_find(Path(folder)).paths):
        try:
            content = io.BytesIO(disk.read(path, MAX_BYTES))
            with Image.open(content, formats=list(_SUFFIXES)) as picture:
                lies = picture.getexif().get(ExifTags.Base.Orientation, 1) in LIES_ON_ITS_SIDE
                sizes[picture.size if lies else picture.size[::-1]] += 1
                colour = colour or not picture.mode.startswith(("1", "L", "I", "F"))
        except (LayerwiseError, *UNREADABLE, Image.DecompressionBombError):
            continue
    if not sizes:
        return USUAL, USUAL, True
    (height, width), count = sizes.most_common(1)[0]
    if max(height, width) > MOST_SUGGESTED or count < sum(sizes.values()) / 2:
        return USUAL, USUAL, colour
    return height, width, colour


def _spread(paths: list[Path]) -> list[Path]:
    """A few of them, from the first to the last."""
    return paths[:: max(1, len(paths) // LOOKED_AT)][:LOOKED_AT]


def _find(folder: Path) -> _Found:
    """The pictures in the folders below and the names of these, training before test."""
    try:
        classes = _classes(folder)
        sets = [_set_of(path) for path in classes]
        test: tuple[list[Path], list[str]] = ([], [])
        if len(classes) > 1 and all(sets) and {"train", "test"} <= {*sets}:
            training = _pictures(folder, _below(classes, sets, "train"))
            test = _pictures(folder, _below(classes, sets, "test"))
            _check_same(folder, training, test)
        else:
            training = _pictures(folder, classes)
    except (OSError, ValueError) as error:
        raise LayerwiseError(
            f"{disk.shown(folder)} cannot be read: {disk.reason(error)}."
        ) from None
    paths, labels = training[0] + test[0], training[1] + test[1]
    if len({*labels}) < 2:
        raise fault(folder, "it needs a folder of pictures for each of at least two classes")
    if len(paths) > MAX_PICTURES:
        raise fault(folder, f"it holds {len(paths):,} pictures, and the limit is {MAX_PICTURES:,}")
    return _Found(paths, labels, len(test[0]))


def _classes(folder: Path, deepest: int = 3) -> list[Path]:
    """The folders below, in order; if a folder contains only one folder, those below that."""
    found = sorted(path for path in folder.iterdir() if _is_class(path))
    if len(found) == 1 and deepest and not any(_is_picture(p) for p in found[0].iterdir()):
        return _classes(found[0], deepest - 1)
    if len(found) > MAX_CLASSES:
        raise fault(folder, f"it holds {len(found):,} folders, and {MAX_CLASSES} is the limit")
    return found


def _set_of(path: Path) -> str:
    """Whether a folder is named like a training or a test set."""
    words = re.split(r"[\W_]+", path.name.lower())
    if "train" in words or "training" in words:
        return "train"
    return "test" if {*words} & {"test", "testing", "valid", "validation", "val"} else ""


def _below(classes: list[Path], sets: list[str], which: str) -> list[Path]:
    """The class folders in the folders of this set; of two test sets the one called test."""
    folders = [path for path, of in zip(classes, sets, strict=True) if of == which]
    folders.sort(key=lambda path: "test" not in path.name.lower())
    return _classes(folders[0])


def _check_same(
    folder: Path, training: tuple[list[Path], list[str]], test: tuple[list[Path], list[str]]
) -> None:
    if unknown := sorted({*test[1]} - {*training[1]}):
        raise fault(folder, f"the test set has a class that the training set has not: {unknown[0]}")


def _pictures(folder: Path, classes: list[Path]) -> tuple[list[Path], list[str]]:
    """The pictures in these folders, and for each the name of its folder; both in order."""
    paths: list[Path] = []
    labels: list[str] = []
    for one in classes:
        found = sorted(path for path in one.iterdir() if _is_picture(path))
        if not found:
            raise fault(one, f"it holds no picture ({', '.join(SUFFIXES)})")
        paths += found
        labels += [disk.shown(one.name)] * len(found)
    return paths, labels


def _is_class(path: Path) -> bool:
    return path.is_dir() and not path.name.startswith((".", "__"))


def _is_picture(path: Path) -> bool:
    if path.name.startswith("."):
        return False
    return path.suffix.lower() in (*SUFFIXES, DRAWING)


def _read(path: Path, height: int, width: int, mode: str) -> NDArray[np.uint8]:
    """The picture (h, w, channels), upright, without transparency, in the requested size."""
    if path.suffix.lower() == DRAWING:
        raise fault(path, "an SVG file is a drawing without pixels: export it as PNG")
    content = io.BytesIO(disk.read(path, MAX_BYTES))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            warnings.simplefilter("ignore", UserWarning)  # damaged metadata, with intact pixels
            return _decode(path, content, height, width, mode)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise fault(path, f"it says that it has more than {MAX_PIXELS:,} pixels") from None
    except UNREADABLE:
        raise fault(path, "it is damaged, or not the picture that its name says") from None


def check_shown(content: bytes, name: str) -> None:
    """Raise LayerwiseError, a sentence without its place, unless these bytes are a PNG or a JPEG of
    at most MOST_SHOWN pixels each way. Its pixels are not decoded.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a size that is refused here
            with Image.open(io.BytesIO(content), formats=["PNG", "JPEG"]) as picture:
                size = picture.size
                picture.verify()
    except (Image.DecompressionBombError, *UNREADABLE):
        raise LayerwiseError(f"{name} is not a PNG or JPEG picture, or is damaged") from None
    if max(size) > MOST_SHOWN:
        raise LayerwiseError(
            f"{name} is {size[0]:,} × {size[1]:,} pixels, and the limit is {MOST_SHOWN:,} each way"
        )


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
    """A picture of 16-bit grey as 8 bits: Pillow would clip values above 255."""
    if not picture.mode.startswith("I"):
        return picture
    values: NDArray[Any] = np.array(picture)
    np.clip(values, 0, 65535, values)
    np.floor_divide(values, 257, values)
    return Image.fromarray(values.astype(np.uint8))
