"""Checks the functions before the pass: activations, and how parameters are initialized."""

from __future__ import annotations

import inspect
from functools import partial
from typing import Any

import numpy as np

from core.check import origin, vocabulary
from core.check.examiner import BY_ROWS, Examiner
from core.check.findings import Found, Mistake
from core.check.session import Stopped, TooSlow, Unsure
from core.check.slips import agrees
from core.check.structures import Namer, Orientation, at, named
from core.check.trial import make

_Z = np.array([[-3.0, -0.5, 0.0, 0.5], [1.0, 2.0, -1.5, 4.0]])


def _sigmoid(Z: Any) -> Any:
    """σ(z) = 1 / (1 + e^(−z))."""
    return 1 / (1 + np.exp(-Z))


_SLIPS = (
    (
        "brackets",
        "divides 1 by 1 before it adds: brackets are missing",
        lambda Z: 1 / 1 + np.exp(-Z),
    ),
    ("sign", "uses np.exp(Z) where it needs np.exp(-Z)", lambda Z: 1 / (1 + np.exp(Z))),
    ("sign", "has 1 - e where it needs 1 + e", lambda Z: 1 / (1 - np.exp(-Z))),
    ("slope", "returns its own slope", lambda Z: _sigmoid(Z) * (1 - _sigmoid(Z))),
    ("wrong_function", "is tanh", np.tanh),
)


def helpers(examiner: Examiner) -> None:
    """sigmoid, relu and their backward functions, on numbers with an exact zero."""
    dA = np.array([[0.5, -1.0, 2.0, 3.0], [1.0, -2.0, 0.25, -0.5]])
    s = _sigmoid(_Z)
    for known, ours in (
        ("sigmoid", s), ("relu", np.maximum(0, _Z)), ("relu_backward", dA * (_Z > 0)),
        ("sigmoid_backward", dA * s * (1 - s)),
    ):  # fmt: skip
        if not examiner.there(known) or examiner.student.instance is not None:
            continue
        given = {"Z": _Z, "dA": dA, "cache": _Z, "activation_cache": _Z}
        result = examiner.call("helpers", known, given)
        value = result.value[0] if isinstance(result.value, tuple) else result.value
        own = examiner.student.named(known)
        line = result.line_of(value) or examiner.student.homework.definition(own)
        try:
            right = np.shape(value) == ours.shape and agrees(value, ours, 1 + np.abs(ours))
        except (TypeError, ValueError):
            right = False
        if not right:
            raise Found(_wrong_helper(known, own, value, ours, line, dA))
        if result.changed and known.endswith("backward"):
            raise Found(
                Mistake("helpers", "dA", "in_place", f"{own} changes its argument in place.",
                        origin.of_an_alias(examiner.student.homework, line, "dA"),
                        todo=["Work on a copy: dZ = np.array(dA, copy=True)."])
            )  # fmt: skip
        examiner.right("helpers", known)


def _wrong_helper(known: str, own: str, value: Any, ours: Any, line: int, dA: Any) -> Mistake:
    key, words = "unknown", "differs from ours"
    theirs = np.asarray(value)
    candidates: list[tuple[str, str, Any]] = []
    if known == "sigmoid":
        candidates = [(k, w, f(_Z)) for k, w, f in _SLIPS]
    elif known == "relu_backward":
        candidates = [
            ("relu_at_zero", "lets the slope be 1 where Z is exactly 0", dA * (_Z >= 0)),
            ("wrong_slope", "sets 0 where Z is above 0", dA * (_Z <= 0)),
            ("slope_argument", "looks at dA where it needs Z", dA * (dA > 0)),
            ("missing_term", "lacks the factor dA", (_Z > 0) * 1.0),
            ("no_slope", "returns dA itself", dA),
        ]
    elif known == "sigmoid_backward":
        s = _sigmoid(_Z)
        candidates = [
            ("slope_argument", "uses Z(1 − Z), which takes Z for A", dA * _Z * (1 - _Z)),
            ("missing_term", "lacks the factor dA", s * (1 - s)),
            ("missing_term", "lacks the factor 1 − s", dA * s),
            ("wrong_slope", "uses 1 − s², the slope of tanh", dA * (1 - s**2)),
        ]
    elif known == "relu":
        candidates = [
            ("wrong_function", "takes the absolute value", np.abs(_Z)),
            ("wrong_function", "takes the smaller of 0 and Z", np.minimum(0, _Z)),
            ("wrong_function", "returns the mask Z > 0, not max(0, Z)", (_Z > 0) * 1.0),
        ]
    for k, w, made in candidates:
        if (
            theirs.shape == made.shape
            and theirs.dtype.kind in "fiub"
            and agrees(theirs, made, 1 + np.abs(made))
        ):
            key, words = k, w
            break
    return Mistake("helpers", known, key, f"Your {own} {words}.", line, value, ours,
                   todo=["Compare it with its definition.", "Check again."])  # fmt: skip


def parameters(examiner: Examiner) -> None:
    """Shapes, zeros and the draws of the initialization; from it comes the student's structure."""
    for known in ("initialize_with_zeros", "initialize_parameters", "initialize_parameters_deep"):
        if examiner.there(known) and examiner.student.instance is None:
            two_layers = known == "initialize_parameters" and examiner.form == "deep"
            _initialized(_of_two_layers(examiner) if two_layers else examiner, known)
    if examiner.there("layer_sizes") and examiner.student.instance is None:
        _layer_sizes(examiner)


def _of_two_layers(examiner: Examiner) -> Examiner:
    """The L-layer notebook has initialize_parameters(n_x, n_h, n_y) too: its own two layers."""
    student, trial = examiner.student, examiner.trial
    parameters = inspect.signature(student.functions["initialize_parameters"]).parameters
    if any(vocabulary.argument(name, ("layer_dims",), ("layer_dims",)) for name in parameters):
        return examiner
    sizes = (trial.sizes[0], trial.sizes[1], trial.sizes[-1])
    values = {f"W{l}": np.ones((sizes[l], sizes[l - 1])) for l in (1, 2)}
    values |= {f"b{l}": np.zeros((sizes[l], 1)) for l in (1, 2)}
    activations = (trial.activations[0], trial.activations[-1])
    X, Y = trial.values["X"], trial.values["Y"]
    own = make("layers", sizes, activations, X, Y, values, trial.values["learning_rate"])
    return Examiner(student, own, "shallow", examiner.emit)


def _layer_sizes(examiner: Examiner) -> None:
    try:
        value = examiner.student.call("layer_sizes", examiner.given()).value
    except (Stopped, Unsure, TooSlow):
        return
    sizes = examiner.trial.sizes
    if isinstance(value, tuple) and len(value) == 3:
        for index, name, ours in ((0, "n_x", sizes[0]), (2, "n_y", sizes[-1])):
            m = examiner.trial.values["m"]
            if value[index] != ours:
                key = "wrong_m" if value[index] == m else "unknown"
                why = ": that is the number of examples" if key == "wrong_m" else ""
                raise Found(
                    Mistake("initialize", name, key, f"Your {name} is {value[index]}, and ours is"
                            f" {ours}{why}.", 0, value[index], ours,
                            todo=["Sizes are X.shape[0] and Y.shape[0]: examples are columns."])
                )  # fmt: skip
        examiner.right("initialize", "layer_sizes")


def _initialized(examiner: Examiner, known: str) -> None:
    student, trial = examiner.student, examiner.trial
    seeds: list[int] = []
    shared: Any = vars(np.random)  # the student's own process: its generator may be seeded
    original = shared["seed"]

    def seed(value: Any = None) -> None:
        seeds.append(value)
        original(value)

    shared["seed"] = seed
    try:
        seed(17)
        result = examiner.call("initialize", known, examiner.given())
    finally:
        shared["seed"] = original
    names = trial.parameter_names()
    for orientation in (Orientation(), Orientation(rows=True), Orientation(rows=True, rank_1=True),
                        Orientation(w_turned=True)):  # fmt: skip
        paths = named(result.value, names, trial.values, examiner.namer, orientation)
        shapes = [
            np.shape(at(result.value, path))
            == np.shape(orientation.theirs(name, trial.values[name]))
            for name, path in paths.items()
        ]
        if len(paths) == len(names) and all(shapes):
            examiner.orientation = orientation
            examiner.settled = not examiner.logistic
            break
    else:
        orientation = Orientation()
        paths = named(result.value, names, trial.values, examiner.namer, orientation)
    if orientation.rows:
        examiner.notes.append(BY_ROWS)
    line = student.homework.definition(student.named(known))
    for name in names:
        _parameter(examiner, known, name, result, paths, line)
    _draws(examiner, result, paths, seeds[-1], line)
    examiner.template, examiner.paths = result.value, paths
    for name in names:
        examiner.right("initialize", name)


def _parameter(
    examiner: Examiner, known: str, name: str, result: Any, paths: Any, line: int
) -> None:
    """Its shape, and that biases are 0 and weights are not."""
    ours = examiner.orientation.theirs(name, examiner.trial.values[name])
    call = result.call
    if call is not None:
        set_at = [v for p, v in call.variables.items() if examiner.namer(p) == name]
        line = min(set_at, key=lambda v: v.moment).line if set_at else line
    own, homework = examiner.student.named(known), examiner.student.homework
    if call is not None and not set_at:
        line = origin.of_an_item(homework, own, lambda key: examiner.namer(key) == name) or line
    if name not in paths:
        todo = [f"Return {name} with the shape {np.shape(ours)}."]
        said = f"{own} does not return {name}."
        raise Found(Mistake("initialize", name, "not_returned", said, line, todo=todo))
    value = at(result.value, paths[name])
    shape = np.shape(value)
    if name == "b" and examiner.logistic and np.size(value) == 1:
        shape = np.shape(ours)
    if shape != np.shape(ours):
        turned = shape == np.shape(ours)[::-1]
        key = "transposed" if turned else "rank_1" if len(shape) == 1 else "shape"
        said = f"Your {name} has the shape {shape}, and ours has {np.shape(ours)}."
        raise Found(Mistake("initialize", name, key, said, line, value, ours,
                            todo=["W[l] has a row for each unit and a column for each input;"
                                  " b[l] is a column."]))  # fmt: skip
    is_weight = name.startswith("W")
    if is_weight and not np.any(value) and np.size(value) > 1:
        raise Found(Mistake("initialize", name, "zeros", f"Your {name} is all zeros: then all units"
                            " of a layer compute the same.", line, value, None,
                            todo=["Draw the weights: np.random.randn(…) * 0.01."]))  # fmt: skip
    if not is_weight and np.any(value):
        raise Found(Mistake("initialize", name, "not_zero", f"Your {name} does not start at 0.",
                            line, value, np.zeros(np.shape(ours)),
                            todo=["Start biases with np.zeros((n, 1))."]))  # fmt: skip


def _is_named(namer: Namer, name: str, key: str) -> bool:
    return namer(key) == name


def _draws(examiner: Examiner, result: Any, paths: Any, seed: int, line: int) -> None:
    """`rand` for `randn`, and weights that are drawn in another order than the course's."""
    weights = {n: np.asarray(at(result.value, p)) for n, p in paths.items() if n[0] == "W"}
    if not weights:
        return
    lines: dict[str | None, int] = {}
    variables = [] if result.call is None else result.call.variables.values()
    for variable in sorted(variables, key=lambda v: -v.moment):
        lines[examiner.namer(variable.path)] = variable.line
    homework, own = examiner.student.homework, result.name
    for name in set(paths) - set(lines):  # {"W1": np.random.randn(…)}
        is_it = partial(_is_named, examiner.namer, name)
        lines[name] = origin.of_an_item(homework, own, is_it) or line
    for name, value in weights.items():
        uniform = np.random.RandomState(seed).rand(*value.shape)
        if (value.size > 5 and (value >= 0).all()) or _proportional(value, uniform):
            raise Found(Mistake("initialize", name, "rand", f"Your {name} has no negative number:"
                                " np.random.rand draws from 0 … 1, randn around 0.",
                                lines.get(name, line), value, None,
                                todo=["Use np.random.randn."]))  # fmt: skip
    names = list(weights)
    if len(names) < 2:
        return
    backward = np.random.RandomState(seed)
    drawn = {name: backward.randn(*weights[name].shape) for name in reversed(names)}
    if all(_proportional(weights[name], drawn[name]) for name in names):
        said = (
            f"Your {names[0]} is drawn after {names[-1]}, so the same seed gives other numbers than"
            " the course's."
        )
        raise Found(
            Mistake("initialize", names[0], "draw_order", said, lines.get(names[0], line),
                    weights[names[0]], todo=["Draw the weights from the first layer to the last."])
        )  # fmt: skip


def _proportional(a: Any, b: Any) -> bool:
    if a.shape != b.shape or not np.all(b):
        return False
    ratios = a / b
    return bool(a.size > 1 and np.all(a) and np.allclose(ratios, ratios.flat[0], rtol=1e-9))
