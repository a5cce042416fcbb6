"""View options of a project: saved with it, but not edits, and never a reason to refuse a file."""

from __future__ import annotations

from contextlib import suppress
from typing import Any, Literal

import msgspec
from msgspec.structs import replace

from core.project import Project

MOST_PINS = 24


class View(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The selection and the options of pictures; a new option is one line here.

    `fitted` resets values that do not exist in another project.
    """

    layer: int = 1  # 0 is the input
    unit: int | None = None  # of the layer, from 0
    pins: tuple[tuple[int, int], ...] = ()  # (layer, unit) of those kept in view
    example: int | None = None  # column of the training examples, from 0
    cut: tuple[int, int] | None = None  # two rows of X, whose plane is shown; None: the usual two
    output: int | None = None  # output unit shown alone, from 0; None: all classes, or the first
    traced: tuple[int, int, int] | None = None  # a Place: the parameter shown over the run
    test_data: bool = False
    discretize: bool = False
    errors: bool = False
    pinned_z: bool = False
    pinned_alike: bool = False
    log_cost: bool = False
    smooth_cost: bool = False
    layers_of_example: bool = False
    walk_in_full: bool = False  # dA[L] is a separate step even if dZ[L] is computed at once
    results_of_test: bool = False
    wrong_only: bool = False
    test_only: bool = False
    distributions: Literal["weights", "gradients", "activations", "ratio", "stuck"] = "weights"
    log_time: bool = False
    hidden_layer: int | None = None  # the layer whose space is shown; None: the selected layer
    hidden_axes: tuple[int, int] | None = None  # units, from 0; None: its principal axes
    hidden_linear: bool = False  # Z instead of A
    log_runs: bool = False
    test_of_runs: bool = False


def encode(view: View) -> bytes:
    """The view as JSON, without defaults."""
    return msgspec.json.encode(view)


def decode(text: bytes) -> View:
    """The view that JSON text describes; anything that cannot be read gets its default."""
    view, said = View(), {}
    with suppress(msgspec.DecodeError, RecursionError):
        said = msgspec.json.decode(text, type=dict[str, Any])
    for name in View.__struct_fields__:
        if name in said:
            with suppress(msgspec.ValidationError):
                value = getattr(msgspec.convert({name: said[name]}, View), name)
                view = replace(view, **{name: value})
    return view


def fitted(view: View, project: Project) -> View:
    """The view without anything this project does not have."""
    example, cut, output, data = view.example, view.cut, view.output, project.data
    hidden, axes, L = view.hidden_layer, view.hidden_axes, len(project.network.layers)
    outputs = project.network.layers[-1].units
    layer = min(max(view.layer, 0), len(project.network.layers))
    sizes = project.sizes()
    has_tests = data.test_share > 0 or (data.own is not None and data.own.test_examples > 0)
    return replace(
        view,
        layer=layer,
        unit=view.unit if view.unit is not None and 0 <= view.unit < sizes[layer] else None,
        pins=tuple(dict.fromkeys((l, i) for l, i in view.pins if _exists(l, i, sizes)))[:MOST_PINS],
        example=example if example is not None and 0 <= example < data.m else None,
        cut=cut if cut and cut[0] != cut[1] and all(0 <= i < data.inputs for i in cut) else None,
        output=output if output is not None and 0 <= output < outputs else None,
        traced=view.traced if _has(project, view.traced) else None,
        test_data=view.test_data and has_tests,
        results_of_test=view.results_of_test and has_tests,
        test_only=view.test_only and has_tests,
        hidden_layer=hidden if hidden is not None and 0 <= hidden <= L else None,
        hidden_axes=axes if axes and axes[0] != axes[1] and min(axes) >= 0 else None,
    )


def _exists(layer: int, unit: int, sizes: tuple[int, ...]) -> bool:
    return 0 <= layer < len(sizes) and 0 <= unit < sizes[layer]


def _has(project: Project, place: tuple[int, int, int] | None) -> bool:
    sizes = project.sizes()
    if place is None or not 0 < place[0] < len(sizes):
        return False
    l, row, column = place
    return 0 <= row < sizes[l] and -1 <= column < sizes[l - 1]
