"""Files and texts for a walk to open, import, paste and type, good and bad."""

from __future__ import annotations

import random
import warnings
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from PIL import Image

from core import edits
from core.files import storage
from core.project import Project, encode
from tests.core.files import made, mutations

NUMBERS = (
    *("0", "1", "-1", "2", "3", "7", "16", "100", "0.5", "0.001", "1e-5", "30", "1000", "1e6"),
    *("5e-324", "1.8e308", "1e308", "1e150", "1e-300", "nan", "inf", "1e999", "0,1", "0,1; 1,5"),
    *("0.1, 0.5, 1", "never", "20 %", "99", "4294967295", "4294967296", "10000000000", "0.99"),
)
WORDS = (
    *("", "first", "a & b", "&File", "%1", "[*]", "=1+1", "-2", "<b>x</b>", "<img src=/etc/x>"),
    *("<h1>big", "\u202eevil.csv", "\u2066x", "\n\n\t", "a" * 5000, "x, y", "W[1]", "🙂" * 50),
)
LARGEST = 1.7976931348623157e308
LIMITS = (5e-324, 1e-300, 1e-12, 1e-3, 0.5, 1.0, 10.0, 1e6, 1e100, 1e150, 1e300, LARGEST)
"""Numbers for every setting that takes one: the ends of what a float holds, and some between."""


def fill(folder: Path, rng: random.Random) -> None:
    """Write the files; what they are called says what is wrong with them."""
    folder.mkdir(parents=True, exist_ok=True)
    _tables(folder)
    _arrays(folder)
    _pictures(folder / "pictures")
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Duplicate name")  # of the damaged ones
        _projects(folder, rng)


def tables() -> dict[str, str]:
    """Tables by name, as text."""
    rng = np.random.RandomState(3)
    flowers = [f"{x:.1f},{y:.1f},{'abc'[k % 3]}" for k, (x, y) in enumerate(rng.rand(30, 2))]
    rows = enumerate(rng.rand(9, 300))
    wide = [",".join(f"{x:.2f}" for x in row) + f",{k % 2}" for k, row in rows]
    plane = [f"{x:.3f},{y:.3f},{x - y:.4f}" for x, y in rng.randn(40, 2)]
    kinds = ("<img src=x>", "<h1>dog", "\u202etac")
    hostile = [f"{k},{k * k},{kinds[k % 3]}" for k in range(9)]
    return {
        "flowers": "\n".join(["width,height,kind", *flowers]),
        "wide": "\n".join([",".join(f"p{i}" for i in range(300)) + ",label", *wide]),
        "plane": "\n".join(["a,b,z", *plane]),
        "hostile": "\n".join(["<b>one</b>,\u202etwo,<h1>kind", *hostile]),
        "huge_range": "x1,y\n1e308,0\n-1e308,1\n",
        "huge": "x1,x2,y\n1e150,0,0\n-1e150,5e-324,1\n1e149,1e-300,1\n",
        "tiny": "x1,x2,y\n5e-324,0,0\n1e-320,5e-324,1\n",
        "constant": "x1,x2,y\n0.1,3,1\n0.1,3,0\n0.1,3,1\n",
        "one_row": "x1,x2,y\n1,2,1\n",
        "one_class": "x1,y\n1,a\n2,a\n",
        "gaps": "x1,x2,y\n1,,a\nnan,2,b\n3,4,a\n",
        "empty": "",
    }


def _tables(folder: Path) -> None:
    for name, text in tables().items():
        (folder / f"{name}.csv").write_text(text, "utf-8")
    (folder / "binary.csv").write_bytes(bytes(range(256)) * 20)


def _arrays(folder: Path) -> None:
    rng = np.random.RandomState(4)
    X, Y = rng.randn(2, 50), (rng.rand(1, 50) > 0.5).astype(float)
    np.savez(folder / "points.npz", X=X, Y=Y)
    np.savez(folder / "pixels.npz", X=rng.rand(64, 20), Y=np.eye(4)[:, np.arange(20) % 4])
    np.savez(folder / "numbers.npz", X=rng.randn(5, 30), Y=rng.randn(2, 30))
    np.savez(folder / "far.npz", X=X * 1e149, Y=Y)
    shapes = {"W1": (4, 2), "b1": (4, 1), "W2": (1, 4), "b2": (1, 1)}
    for name, scale in (("weights", 1.0), ("huge_weights", 1e300), ("nan_weights", np.nan)):
        arrays: dict[str, Any] = {k: rng.randn(*s) * scale for k, s in shapes.items()}
        np.savez(folder / f"{name}.npz", **arrays)


def _pictures(folder: Path) -> None:
    rng = np.random.RandomState(5)
    for kind in ("cat", "<b>dog"):
        (folder / kind).mkdir(parents=True)
        for k in range(4):
            picture = Image.fromarray(rng.randint(0, 256, (8, 8, 3), np.uint8))
            picture.save(folder / kind / f"{k}.png")


def _projects(folder: Path, rng: random.Random) -> None:
    project = Project()
    explodes = edits.with_training(
        edits.with_training(project, loss="squared_error"), l2=1.0, learning_rate=1000.0
    )
    (folder / "explodes.json").write_bytes(encode(explodes))
    far = msgspec.structs.replace(project.network, scale=1e300)
    (folder / "far_start.json").write_bytes(encode(msgspec.structs.replace(project, network=far)))
    (folder / "settings.json").write_bytes(encode(edits.choose_source(project, "blobs")))
    whole = storage.encode(made.saved())
    (folder / "whole.layerwise").write_bytes(whole)
    (folder / "drawn.layerwise").write_bytes(storage.encode(made.saved(with_own=False)))
    for k in range(3):
        (folder / f"damaged{k}.layerwise").write_bytes(mutations.mutated(whole, rng))
