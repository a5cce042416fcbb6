"""Checks two whole iterations of the student's functions, and the function that trains."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from core.check import origin, vocabulary
from core.check.examiner import Examiner
from core.check.findings import Found, Mistake
from core.check.judge import exact_line, finding, first_wrong, results, return_hints
from core.check.session import Recorded, Stopped, TooSlow, Unsure
from core.check.structures import Orientation, at, named
from core.check.tracing import Call
from core.check.trial import Trial, make

ITERATIONS = 3
_FORWARD = ("forward_propagation", "L_model_forward")
_BACKWARD = ("backward_propagation", "L_model_backward")
_INITIALIZE = ("initialize_parameters", "initialize_parameters_deep")


def two_iterations(examiner: Examiner) -> None:
    """The student's own forward, backward and update, twice in a row, from our parameters."""
    forward = next((n for n in _FORWARD if examiner.there(n)), None)
    backward = next((n for n in _BACKWARD if examiner.there(n)), None)
    if forward is None or backward is None or not examiner.there("update_parameters"):
        return
    instance, given, stage = examiner.instance(), examiner.given(), "two iterations"
    value: Any = None
    for _ in range(2):
        value = examiner.call(stage, forward, given, instance=instance).value
        if isinstance(value, tuple) and len(value) == 2:
            given |= {"AL": value[0], "cache": value[1], "caches": value[1]}
        elif instance is None:
            examiner.with_cache(given)
        value = examiner.call(stage, backward, given, instance=instance).value
        given["grads"] = value
        result = examiner.call(stage, "update_parameters", given, instance=instance)
        given["parameters"] = result.value
        if result.value is None and instance is None:
            return
    second = examiner.trial.after_update()
    names = tuple(f"{n}_new" for n in second.parameter_names())
    examiner.judge(stage, "update_parameters", result, names, trial=second, new=True, emit=False)
    examiner.right(stage, "parameters")


def training(examiner: Examiner) -> None:
    """Optimize of logistic regression, or nn_model: a few iterations from the student's start."""
    if examiner.there("optimize") and examiner.logistic:
        _optimize(examiner)
    if examiner.there("nn_model") and examiner.student.instance is None and not examiner.logistic:
        _model(examiner)
    if examiner.there("two_layer_model"):
        own = examiner.student.named("two_layer_model")
        examiner.notes.append(f"{own} was not checked; the functions that it calls were.")


def _optimize(examiner: Examiner) -> None:
    for count in (1, ITERATIONS):
        trial = examiner.trial
        for _ in range(count - 1):
            trial = trial.after_update()
        given = {**examiner.given(), "num_iterations": count}
        try:
            result = examiner.call("train", "optimize", given)
        except Found:
            if count == ITERATIONS:
                raise
            continue  # a loop with one turn too few would have none: more turns reveal more
        names = ("w_new", "b_new")
        hints = return_hints(examiner.student, "optimize", examiner.namer)
        hints = [f"{h}_new" if h in ("w", "b") else h for h in hints]
        found = results(result, names, trial, examiner.namer, examiner.orientation, hints, new=True)
        if (bad := first_wrong(found, trial)) is not None:
            _raise_optimized(examiner, bad, trial, count, result.call)
        for name in names:
            if not any(v.output for v in found[name]):
                own = examiner.student.named("optimize")
                raise Found(
                    Mistake("train", name[:1], "not_returned", f"{own} does not return {name[:1]}.",
                            examiner.student.homework.definition(own))
                )  # fmt: skip
    examiner.right("train", "w, b")


def _raise_optimized(
    examiner: Examiner, bad: Any, trial: Trial, count: int, call: Call | None
) -> None:
    made, homework = examiner.trial, examiner.student.homework
    for updates in range(count + 3):
        w = made.values[bad.name[:1]]
        if updates != count and np.shape(w) == np.shape(bad.value) and np.allclose(w, bad.value):
            name = bad.name[:1]
            said = f"optimize makes {updates} updates where num_iterations is {count}."
            key = "iterations"
            if not updates:
                key, said = "not_updated", f"{name} is not updated at all."
            line = exact_line(bad, key, homework, examiner.namer, call, trial.values["m"])
            raise Found(
                Mistake("train", name, key, said, line, bad.value, trial.values[bad.name],
                        todo=["Look at the loop and at the update."])
            )  # fmt: skip
        made = made.after_update()
    raise Found(finding("train", bad, trial, examiner.student, examiner.namer, call))


def _model(examiner: Examiner) -> None:
    student = examiner.student
    rate = 0.05
    given = {**examiner.given(), "num_iterations": ITERATIONS, "learning_rate": rate}
    if not _takes(examiner, "num_iterations"):
        examiner.notes.append(f"{student.named('nn_model')} was not checked: it has no"
                              " num_iterations.")  # fmt: skip
        return
    names = (*_INITIALIZE, *_FORWARD, "compute_cost", *_BACKWARD, "update_parameters")
    with student.recorded(names) as calls:
        try:
            result = student.call("nn_model", given)
        except (Unsure, TooSlow):
            examiner.notes.append(f"{student.named('nn_model')} could not be called, so it was not"
                                  " checked.")  # fmt: skip
            return
        except Stopped:
            result = examiner.call("train", "nn_model", given)
    _judge_model(examiner, result, calls, rate)


def _takes(examiner: Examiner, wanted: str) -> bool:
    try:
        parameters = inspect.signature(examiner.student.functions["nn_model"]).parameters
    except (TypeError, ValueError):
        return False
    return any(vocabulary.argument(name, (wanted,), (wanted,)) for name in parameters)


def _judge_model(examiner: Examiner, result: Any, calls: Sequence[Recorded], rate: float) -> None:
    student, own = examiner.student, examiner.student.named("nn_model")
    starts = [c for c in calls if c.name in _INITIALIZE]
    updates = [c for c in calls if c.name == "update_parameters"]
    if not starts or not updates:
        examiner.notes.append(f"{own} was not checked: it does not call the functions above.")
        return
    _follow(examiner, calls)
    first = _parameters(examiner, starts[0].value)
    if first is None:
        return
    rate = _rate(examiner, updates[0], rate)
    trial = make("layers", examiner.trial.sizes, examiner.trial.activations,
                 examiner.trial.values["X"], examiner.trial.values["Y"], first, rate)  # fmt: skip
    for _ in range(ITERATIONS - 1):
        trial = trial.after_update()
    names = tuple(f"{n}_new" for n in trial.parameter_names())
    if len(updates) != ITERATIONS:
        raise Found(
            Mistake("train", "num_iterations", "iterations", f"{own} makes {len(updates)} updates"
                    f" where num_iterations is {ITERATIONS}.",
                    origin.of_the_loop(student.homework, updates[-1].line),
                    todo=["range(0, num_iterations) has num_iterations turns."])
        )  # fmt: skip
    hints = return_hints(student, "nn_model", examiner.namer)
    value = result.value[0] if isinstance(result.value, tuple) and hints else result.value
    theirs = _parameters(examiner, value)
    if theirs is None:
        raise Found(
            Mistake("train", "parameters", "not_returned", f"{own} does not return the parameters.",
                    student.homework.definition(own), todo=["return parameters"])
        )  # fmt: skip
    for name in names:
        plain = name.removesuffix("_new")
        if not np.allclose(theirs[plain], trial.values[name], rtol=1e-9, atol=1e-12):
            raise Found(
                Mistake("train", plain, "unknown", f"After {ITERATIONS} iterations of {own} your"
                        f" {plain} is not ours.", updates[-1].line, theirs[plain],
                        trial.values[name], todo=["Look at what the loop passes on."])
            )  # fmt: skip
    examiner.right("train", "parameters")


def _follow(examiner: Examiner, calls: Sequence[Recorded]) -> None:
    """Whether each call gets the result of the call before it."""
    current: Any = None
    cache: Any = None
    updated = 0
    for call in calls:
        arguments = {
            vocabulary.argument(n, ("parameters", "cache", "grads"), ("parameters", "cache",
                                "grads", "caches")): v
            for n, v in call.arguments.items()
        }  # fmt: skip
        given = arguments.get("parameters")
        if given is not None and current is not None and not _same(given, current):
            raise Found(
                Mistake("train", "parameters", "dropped", "The parameters that update_parameters"
                        " returns are dropped: the next call gets the old ones.",
                        updated or call.line,
                        todo=["parameters = update_parameters(parameters, grads, …)"])
            )  # fmt: skip
        known = arguments.get("cache", arguments.get("caches"))
        if (
            call.name in _BACKWARD
            and known is not None
            and cache is not None
            and not _same(known, cache)
        ):
            raise Found(
                Mistake("train", "cache", "wrong_cache", "The backward pass gets another cache than"
                        " the last forward pass left.", call.line)
            )  # fmt: skip
        if call.name in _INITIALIZE and current is None:
            current = call.value
        elif call.name in _FORWARD and isinstance(call.value, tuple):
            cache = call.value[1]
        elif call.name == "update_parameters":
            updated = call.line
            current = call.value if call.value is not None else given


def _same(a: Any, b: Any) -> bool:
    if isinstance(a, Mapping) and isinstance(b, Mapping):
        return a.keys() == b.keys() and all(_same(a[key], b[key]) for key in a)
    if isinstance(a, list | tuple) and isinstance(b, list | tuple):
        return len(a) == len(b) and all(map(_same, a, b))
    if isinstance(a, np.ndarray) or isinstance(b, np.ndarray):
        return np.shape(a) == np.shape(b) and bool(np.allclose(a, b, rtol=1e-12, atol=0))
    return True


def _parameters(examiner: Examiner, value: Any) -> dict[str, Any] | None:
    """The parameters in a student's structure, in our orientation."""
    trial, orientation = examiner.trial, examiner.orientation
    paths = named(value, trial.parameter_names(), trial.values, examiner.namer, orientation)
    if len(paths) != len(trial.parameter_names()):
        return None
    return {name: _ours(orientation, name, at(value, path)) for name, path in paths.items()}


def _ours(orientation: Orientation, name: str, value: Any) -> Any:
    array = np.asarray(orientation.ours(name, value), float)
    return array.reshape(1, 1) if array.ndim == 0 else array


def _rate(examiner: Examiner, update: Recorded, given: float) -> float:
    """The learning rate that nn_model used: the one it passed on, else the update's default."""
    for name, value in update.arguments.items():
        if vocabulary.argument(name, ("learning_rate",), ("learning_rate",)):
            return float(value)
    function = examiner.student.functions["update_parameters"]
    for name, parameter in inspect.signature(function).parameters.items():
        is_rate = vocabulary.argument(name, ("learning_rate",), ("learning_rate",))
        if is_rate and isinstance(parameter.default, int | float):
            return float(parameter.default)
    return given
