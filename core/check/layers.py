"""Checks the L-layer functions: each on one layer, then the models that combine them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from core.check import origin, vocabulary
from core.check.examiner import Examiner
from core.check.findings import Found, Mistake
from core.check.judge import assigned, first_wrong, results, return_hints
from core.check.session import CallResult, Recorded
from core.check.structures import leaves, namer_in_layer


def forward(examiner: Examiner) -> None:
    """linear_forward and linear_activation_forward layer by layer, then L_model_forward."""
    trial = examiner.trial
    for l in range(1, trial.L + 1) if examiner.form == "deep" else ():
        for known, name in (("linear_forward", f"Z{l}"), ("linear_activation_forward", f"A{l}")):
            if examiner.there(known):
                _forward_in(examiner, known, name, l)
    if not examiner.there("L_model_forward"):
        return
    names = ("linear_activation_forward", "linear_forward")
    with examiner.student.recorded(names) as calls:
        try:
            result = examiner.call("forward", "L_model_forward", examiner.given())
        except Found:
            _wrong_arguments_forward(examiner, calls, broken_off=True)
            raise
    last = f"A{trial.L}"
    hints = return_hints(examiner.student, "L_model_forward", examiner.namer)
    found = results(result, (last,), trial, examiner.namer, examiner.orientation, hints)
    if first_wrong(found, trial) is not None:
        _wrong_arguments_forward(examiner, calls)
    examiner.judge("forward", "L_model_forward", result, (last,), required=(last,))
    if isinstance(result.value, tuple) and len(result.value) == 2:
        caches = result.value[1]
        if isinstance(caches, list | tuple) and len(caches) == trial.L:
            for l in range(1, trial.L + 1):
                _check_cache(examiner, "L_model_forward", caches[l - 1], l, (f"Z{l}",))
            examiner.cache = caches


def _in_layer(examiner: Examiner, l: int) -> dict[str, Any]:
    """The arguments of a function of one layer."""
    given, turn, values = examiner.given(), examiner.orientation.theirs, examiner.trial.values
    given |= {
        "A_prev": turn(f"A{l - 1}", values[f"A{l - 1}"]), "W": turn(f"W{l}", values[f"W{l}"]),
        "b": turn(f"b{l}", values[f"b{l}"]), "dZ": turn(f"dZ{l}", values[f"dZ{l}"]),
        "dA": turn(f"dA{l}", values[f"dA{l}"]), "activation": _activation(examiner, l),
        "Z": turn(f"Z{l}", values[f"Z{l}"]),
    }  # fmt: skip
    given["linear_cache"] = (given["A_prev"], given["W"], given["b"])
    given["activation_cache"] = given["Z"]
    return given


def _activation(examiner: Examiner, l: int) -> str:
    return examiner.trial.activations[l - 1]


def _forward_in(examiner: Examiner, known: str, name: str, l: int) -> None:
    result = examiner.call(
        "forward", known, _in_layer(examiner, l), namer=namer_in_layer(l)
    )  # fmt: skip
    wanted = (f"Z{l}",) if name[0] == "Z" else (f"Z{l}", f"A{l}")
    examiner.judge(
        "forward", known, result, wanted, namer=namer_in_layer(l), required=(name,)
    )  # fmt: skip
    if isinstance(result.value, tuple) and len(result.value) == 2:
        also = () if known == "linear_forward" else (f"Z{l}",)
        line = assigned(examiner.student.homework, examiner.student.named(known), "cache")
        _check_cache(examiner, known, result.value[1], l, also, line)


def _check_cache(
    examiner: Examiner, known: str, cache: Any, l: int, also: Sequence[str], line: int = 0
) -> None:
    """Check the cache for the backward pass: A_prev, W, b, and Z of the activation."""
    turn, values = examiner.orientation.theirs, examiner.trial.values
    wanted = (f"A{l - 1}", f"W{l}", f"b{l}", *also)
    kept = [np.asarray(leaf) for _, leaf in leaves(cache)]
    for name in wanted:
        ours = turn(name, values[name])
        if not any(leaf.shape == ours.shape and np.allclose(leaf, ours, 1e-9) for leaf in kept):
            own = examiner.student.named(known)
            line = line or examiner.student.homework.definition(own)
            raise Found(
                Mistake("forward", name, "cache", f"The cache of {own} does not hold {name} of"
                        f" layer {l}, which the backward pass needs.",
                        line, None, values[name],
                        todo=["Keep (A_prev, W, b) and Z as they were computed."])
            )  # fmt: skip


def _wrong_arguments_forward(
    examiner: Examiner, calls: Sequence[Recorded], *, broken_off: bool = False
) -> None:
    """Raise Found for the first layer that gets a wrong argument."""
    trial = examiner.trial
    outer = [c for c in calls if c.name == "linear_activation_forward"] or [*calls]
    if outer and len(outer) != trial.L and not broken_off:
        raise Found(
            Mistake("forward", f"A{trial.L}", "layers", f"L_model_forward computes {len(outer)}"
                    f" layers, and the network has {trial.L}.",
                    origin.of_the_loop(examiner.student.homework, outer[-1].line),
                    todo=["The hidden layers are 1 to L - 1, and the output layer is L."])
        )  # fmt: skip
    for l, call in enumerate(outer, start=1):
        given = {_role(name): value for name, value in call.arguments.items()}
        for role, name in (("A_prev", f"A{l - 1}"), ("W", f"W{l}"), ("b", f"b{l}")):
            if role in given:
                _same_argument(examiner, "forward", f"A{l}", l, name, given[role], call, role)
        _same_activation(examiner, "forward", f"A{l}", l, given, call.line)


def _role(name: str) -> str:
    wanted = ("A_prev", "W", "b", "dA", "dZ", "cache", "activation")
    return vocabulary.argument(name, wanted, wanted) or name


def _made_at(examiner: Examiner, call: Recorded, role: str) -> int:
    """The line that chose the argument for this role of a call."""
    names = list(call.arguments)
    index = next((i for i, name in enumerate(names) if _role(name) == role), None)
    if index is None:
        return call.line
    own = examiner.student.named(call.name)
    return origin.of_an_argument(examiner.student.homework, call.line, own, index, names[index])


def _same_argument(
    examiner: Examiner, stage: str, target: str, l: int, name: str, value: Any, call: Recorded,
    role: str,
) -> None:  # fmt: skip
    turn, values = examiner.orientation.theirs, examiner.trial.values
    ours = turn(name, values[name])
    if np.shape(value) == np.shape(ours) and np.allclose(value, ours, rtol=1e-9, atol=1e-300):
        return
    others = [
        other for other in values
        if other not in (name, "A0") and np.shape(turn(other, values[other])) == np.shape(value)
        and np.size(value) > 0 and np.allclose(turn(other, values[other]), value, 1e-9, 1e-300)
    ]  # fmt: skip
    is_ = others[0] if others else "another array"
    raise Found(
        Mistake(stage, target, "neighbour", f"For layer {l} you pass {is_} where it needs {name}.",
                _made_at(examiner, call, role), examiner.orientation.ours(name, value),
                values[name],
                todo=[f"Pass {name} here."])
    )  # fmt: skip


def _same_activation(
    examiner: Examiner, stage: str, target: str, l: int, given: dict[str, Any], line: int
) -> None:
    theirs, ours = given.get("activation"), _activation(examiner, l)
    if isinstance(theirs, str) and theirs.lower() != ours:
        raise Found(
            Mistake(stage, target, "activation", f"Layer {l} uses {theirs}, and the network has"
                    f" {ours} there.", line, todo=[f"Pass activation={ours!r} for layer {l}."])
        )  # fmt: skip


def backward(examiner: Examiner) -> None:
    """linear_backward and linear_activation_backward layer by layer, then L_model_backward."""
    trial = examiner.trial
    if examiner.form != "deep":
        return
    caches = examiner.cache if examiner.cache is not None else _caches(examiner)
    for l in range(trial.L, 0, -1):
        given = _in_layer(examiner, l)
        names = (f"dW{l}", f"db{l}", f"dA{l - 1}")
        if examiner.there("linear_backward"):
            given["cache"] = _linear_part(examiner, caches[l - 1], l)
            result = examiner.call("backward", "linear_backward", given, namer=namer_in_layer(l))
            examiner.judge("backward", "linear_backward", result, names,
                           namer=namer_in_layer(l), required=names)  # fmt: skip
        if examiner.there("linear_activation_backward"):
            given["cache"] = caches[l - 1]
            result = examiner.call(
                "backward", "linear_activation_backward", given, namer=namer_in_layer(l)
            )
            examiner.judge("backward", "linear_activation_backward", result,
                           (f"dZ{l}", *names), namer=namer_in_layer(l), required=names)  # fmt: skip
    if examiner.there("L_model_backward"):
        _model_backward(examiner, caches)


def _caches(examiner: Examiner) -> list[Any]:
    """The course's own caches: ((A_prev, W, b), Z) of every layer."""
    given = [_in_layer(examiner, l) for l in range(1, examiner.trial.L + 1)]
    return [(g["linear_cache"], g["activation_cache"]) for g in given]


def _linear_part(examiner: Examiner, cache: Any, l: int) -> Any:
    """The arguments of linear_backward: the part of the cache with A_prev, W and b."""
    if isinstance(cache, tuple) and cache and isinstance(cache[0], tuple | list | dict):
        return cache[0]
    if isinstance(cache, tuple) and len(cache) == 3:
        return cache
    return _in_layer(examiner, l)["linear_cache"]


def _model_backward(examiner: Examiner, caches: Any) -> None:
    trial = examiner.trial
    given = {**examiner.given(), "caches": caches, "cache": caches}
    with examiner.student.recorded(("linear_activation_backward",)) as calls:
        try:
            result = examiner.call("backward", "L_model_backward", given)
        except Found:
            _wrong_arguments_backward(examiner, calls, caches, broken_off=True)
            raise
    _without_activations(result, trial.L)
    wanted = [f"dA{trial.L}", *trial.gradient_names()]
    hints = return_hints(examiner.student, "L_model_backward", examiner.namer)
    found = results(result, wanted, trial, examiner.namer, examiner.orientation, hints)
    found[f"dA{trial.L}"] = [v for v in found[f"dA{trial.L}"] if not v.output]
    if (bad := first_wrong(found, trial)) is not None and bad.name != f"dA{trial.L}":
        _wrong_arguments_backward(examiner, calls, caches)
    examiner.judge("backward", "L_model_backward", result, wanted,
                   required=trial.gradient_names())  # fmt: skip


def _without_activations(result: CallResult, last: int) -> None:
    """Leave grads["dA…"] out: older editions of the course count them one layer further."""
    if result.call is not None:
        for path in [p for p in result.call.variables if "[dA" in p]:
            del result.call.variables[path]
    if isinstance(result.value, dict):
        result.value = {k: v for k, v in result.value.items() if not str(k).startswith("dA")}


def _wrong_arguments_backward(
    examiner: Examiner, calls: Sequence[Recorded], caches: Any, *, broken_off: bool = False
) -> None:
    """Raise Found for the first layer that gets a wrong argument."""
    trial = examiner.trial
    for l, call in zip(range(trial.L, 0, -1), calls, strict=False):
        given = {_role(name): value for name, value in call.arguments.items()}
        target = f"dW{l}"
        if "dA" in given:
            _same_argument(examiner, "backward", target, l, f"dA{l}", given["dA"], call, "dA")
        if "cache" in given:
            which = [k for k in range(1, trial.L + 1) if _alike(given["cache"], caches[k - 1])]
            if l not in which:
                is_ = f"of layer {which[0]}" if which else "of no layer"
                raise Found(
                    Mistake("backward", target, "wrong_cache", f"For layer {l} you pass the cache"
                            f" {is_}.", _made_at(examiner, call, "cache"),
                            todo=[f"Layer {l} is caches[{l - 1}]: lists count from 0."])
                )  # fmt: skip
        _same_activation(examiner, "backward", target, l, given, call.line)
    if calls and len(calls) != trial.L and not broken_off:
        raise Found(
            Mistake("backward", "dW1", "layers", f"L_model_backward goes through {len(calls)}"
                    f" layers, and the network has {trial.L}.",
                    origin.of_the_loop(examiner.student.homework, calls[-1].line),
                    todo=["Count down from L - 2 to 0: reversed(range(L - 1))."])
        )  # fmt: skip


def _alike(a: Any, b: Any) -> bool:
    first, second = ([np.asarray(leaf) for _, leaf in leaves(x)] for x in (a, b))
    return len(first) == len(second) and all(
        x.shape == y.shape and np.allclose(x, y) for x, y in zip(first, second, strict=True)
    )
