"""The computing part of Layerwise: networks, data, training and files, without Qt.

A notebook needs a dozen names (docs/notebook.md):

    from core import fit, predict, gradient_check, boundary, load, save

They are imported on first use, so `import core` is fast.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from core.errors import LayerwiseError
    from core.layers import LayerSettings
    from core.library import (
        boundary,
        fit,
        gradient_check,
        load,
        load_weights,
        predict,
        save,
        save_weights,
        train,
    )
    from core.project import Project
    from core.training.session import Session

__all__ = [
    "LayerSettings",
    "LayerwiseError",
    "Project",
    "Session",
    "boundary",
    "fit",
    "gradient_check",
    "load",
    "load_weights",
    "predict",
    "save",
    "save_weights",
    "train",
]

_ELSEWHERE = {
    "LayerSettings": "core.layers",
    "LayerwiseError": "core.errors",
    "Project": "core.project",
    "Session": "core.training.session",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_ELSEWHERE.get(name, "core.library")), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
