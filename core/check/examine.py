"""The check: calls every function with correct inputs, then two iterations, then training."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from contextlib import suppress
from itertools import pairwise
from typing import Any

import numpy as np

from core.check import initial, layers, origin, training, vocabulary
from core.check.examiner import Emit, Examiner
from core.check.findings import CheckedQuantity, Found, Mistake, Report
from core.check.judge import FoundValue, finding, results, return_hints
from core.check.session import CallResult, Stopped, Student, TooSlow, Unsure
from core.check.source import Homework
from core.check.structures import at, named
from core.check.trial import Trial, make

# The functions of each form, in the order in which they are checked and reported missing.
COURSE = {
    "logistic": ("sigmoid", "initialize_with_zeros", "propagate", "optimize", "predict"),
    "shallow": (
        "initialize_parameters", "forward_propagation", "compute_cost", "backward_propagation",
        "update_parameters", "nn_model",
    ),
    "deep": (
        "initialize_parameters_deep", "linear_forward", "linear_activation_forward",
        "L_model_forward", "compute_cost", "linear_backward", "linear_activation_backward",
        "L_model_backward", "update_parameters",
    ),
}  # fmt: skip


def _propagate(examiner: Examiner) -> None:
    if not examiner.there("propagate"):
        return
    wanted = [n for n in ("Z", "A", "cost", "dZ", "dw", "db") if examiner.logistic]
    result = examiner.upright("propagate", "propagate", wanted, ("dw", "db", "cost"))
    examiner.judge("propagate", "propagate", result, wanted, required=("dw", "db", "cost"))


def _forward(examiner: Examiner) -> None:
    if not examiner.there("forward_propagation"):
        return
    last = examiner.trial.L
    wanted = [n for n in examiner.trial.order if n[0] in "ZA" and n[1:].isdigit()]
    result = examiner.upright("forward", "forward_propagation", wanted, (f"A{last}",))
    examiner.judge("forward", "forward_propagation", result, wanted, required=(f"A{last}",))
    value = result.value
    if isinstance(value, tuple) and len(value) == 2:
        examiner.cache = value[1]


def _cost(examiner: Examiner) -> None:
    if not examiner.there("compute_cost"):
        return
    result = examiner.call("cost", "compute_cost", examiner.given(), instance=examiner.instance())
    examiner.judge("cost", "compute_cost", result, ("cost",), required=("cost",))


def _backward(examiner: Examiner) -> None:
    if not examiner.there("backward_propagation"):
        return
    given, instance = examiner.with_cache(examiner.given()), examiner.instance()
    if instance is not None and examiner.there("forward_propagation"):
        examiner.call("backward", "forward_propagation", given, instance=instance)
    result = examiner.call("backward", "backward_propagation", given, instance=instance)
    wanted = [n for n in examiner.trial.order if n[0] == "d" and n != "dA0"]
    gradients = examiner.trial.gradient_names()
    hints = return_hints(examiner.student, "backward_propagation", examiner.namer)
    found = results(result, wanted, examiner.trial, examiner.namer, examiner.orientation, hints)
    if not any(found[name] for name in gradients):
        _updated_at_once(examiner, result)
        return
    returned = [n for n in gradients if any(v.output for v in found[n])]
    examiner.judge(
        "backward", "backward_propagation", result, wanted,
        required=gradients if returned else (),
    )  # fmt: skip
    if _updates(examiner, result):
        _updated_at_once(examiner, result)
    elif result.value is not None:
        paths = named(result.value, gradients, examiner.trial.values, examiner.namer,
                      examiner.orientation, hints)  # fmt: skip
        if len(paths) == len(gradients):
            examiner.gradients = (result.value, paths)


def _updates(examiner: Examiner, result: CallResult) -> bool:
    """Whether the backward function also updates the parameters."""
    variables = [] if result.call is None else list(result.call.variables.values())
    values = examiner.trial.values
    for variable in variables:
        name = examiner.namer(variable.path)
        if name in examiner.trial.parameter_names():
            value = examiner.orientation.ours(name, variable.value)
            if np.shape(value) == np.shape(values[name]) and not np.allclose(value, values[name]):
                return True
    return False


def _updated_at_once(examiner: Examiner, result: CallResult) -> None:
    """Backward pass and update in one function: only the new parameters can be checked."""
    trial = examiner.trial
    names = tuple(f"{name}_new" for name in trial.parameter_names())
    also = [n for n in trial.order if n[0] == "d" and n != "dA0"]
    examiner.judge("update", "backward_propagation", result, names, new=True, also=also)


def _update(examiner: Examiner) -> None:
    if not examiner.there("update_parameters"):
        return
    given, instance = examiner.given(), examiner.instance()
    if instance is not None:
        _prepare_update(examiner, instance, given)
    result = examiner.call("update", "update_parameters", given, instance=instance)
    names = tuple(f"{name}_new" for name in examiner.trial.parameter_names())
    examiner.judge(
        "update", "update_parameters", result, names, new=True,
        required=names if instance is None else (),
    )  # fmt: skip
    if instance is not None and result.value is None:
        _changed_in(examiner, instance, result)


def _changed_in(examiner: Examiner, instance: Any, result: CallResult) -> None:
    """Raise Found for a parameter that the object's update leaves as it was."""
    trial, namer = examiner.trial, examiner.namer
    names = trial.parameter_names()
    paths = named(vars(instance), names, trial.values, namer, examiner.orientation)
    now = {n: examiner.orientation.ours(n, at(vars(instance), p)) for n, p in paths.items()}
    same = [name for name, value in now.items() if np.array_equal(value, trial.values[name])]
    if same:
        line = 0 if result.call is None else result.call.return_line
        bad = FoundValue(f"{same[0]}_new", now[same[0]], line, 0, True)
        made = finding("update", bad, trial, examiner.student, namer, result.call)
        if len(same) == len(now):
            made.line = origin.in_the_loop(examiner.student.homework, made.line)
        raise Found(made)


def _prepare_update(examiner: Examiner, instance: Any, given: dict[str, Any]) -> None:
    for known in ("forward_propagation", "backward_propagation"):
        if examiner.there(known):
            examiner.call("update", known, examiner.with_cache(given), instance=instance)


def _predict(examiner: Examiner) -> None:
    if not examiner.there("predict") or (
        examiner.form == "deep" and not examiner.there("L_model_forward")
    ):
        return
    try:
        result = examiner.student.call("predict", examiner.given(), instance=examiner.instance())
    except (Stopped, Unsure, TooSlow):
        examiner.notes.append("predict could not be called, so it was not checked.")
        return
    output = examiner.trial.values["A" if examiner.logistic else f"A{examiner.trial.L}"]
    classes = (output > 0.5).astype(float)
    value = result.value
    if isinstance(value, tuple):
        value = value[0]
    try:
        theirs = np.asarray(examiner.orientation.ours("A", value), float).reshape(-1)
    except (TypeError, ValueError):
        return
    if theirs.shape != (classes.size,):
        return
    if not np.array_equal(theirs, classes.reshape(-1)):
        own = examiner.student.named("predict")
        key, words = _wrong_classes(theirs, output.reshape(-1), classes.reshape(-1))
        raise Found(Mistake(
            "predict", "predictions", key, f"Your {own} returns {words}.",
            result.line_of(value) or examiner.student.homework.definition(own), theirs,
            classes.reshape(-1),
            todo=["predictions = (A > 0.5)"],
        ))  # fmt: skip
    examiner.right("predict", "predictions")


def _wrong_classes(theirs: Any, output: Any, classes: Any) -> tuple[str, str]:
    if np.allclose(theirs, output):
        return "no_threshold", "the probabilities, not the classes 0 and 1"
    if np.array_equal(theirs, 1 - classes):
        return "threshold", "1 where A is below 0.5: the comparison is turned round"
    if len(set(theirs)) == 1:
        return "threshold", f"{theirs[0]:g} for every example, where A > 0.5 gives both classes"
    return "unknown", "other classes than A > 0.5 gives"


STAGES = (
    initial.helpers, initial.parameters, _propagate, layers.forward, _forward, _cost,
    layers.backward, _backward, _update, training.two_iterations, training.training, _predict,
)  # fmt: skip


def form_of(student: Student) -> str:
    """Which of the course's three forms a file is in."""
    names = set(student.functions)
    if names & vocabulary.DEEP:
        return "deep"
    if names & vocabulary.LOGISTIC:
        return "logistic"
    return "shallow"


def examine(student: Student, network: Mapping[str, Any], emit: Emit) -> Report:
    """Check the functions of a student on a network and its data; stop at the first difference.

    `network` has sizes, activations, X (n_x, m), Y (1, m), seed, and whether it was `chosen`.
    """
    form = form_of(student)
    report = Report(student.homework.name, form, notes=[*student.homework.notes])

    def note(step: CheckedQuantity) -> None:
        report.steps.append(step)
        emit(step)

    trial = _fitting(student, form, network, report.notes)
    examiner = Examiner(student, trial, form, note)
    report.context = {"sizes": list(trial.sizes), "m": int(trial.values["m"])}
    report.missing = [n for n in COURSE[form] if n not in student.functions]
    if student.instance is not None:
        report.missing = []
    if report.missing or student.instance is not None:
        report.unknown = student.unknown
    try:
        for check in STAGES:
            check(examiner)
    except Found as found:
        report.finding = found.finding
        emit(CheckedQuantity(found.finding.stage, found.finding.name, "differs"))
        report.steps.append(CheckedQuantity(found.finding.stage, found.finding.name, "differs"))
    except Unsure as unsure:
        report.finding = Mistake(
            "mapping", unsure.parameter, "unsure",
            f"What is `{unsure.parameter}` in {unsure.function}? Map it by name, for example"
            f" --map X={unsure.function}.{unsure.parameter}.",
            student.homework.definition(unsure.function),
        )  # fmt: skip
        report.question = {"function": unsure.function, "parameter": unsure.parameter,
                           "choices": list(unsure.choices)}  # fmt: skip
    report.notes = list(dict.fromkeys([*report.notes, *examiner.notes, *student.notes]))
    if report.finding is not None and report.finding.line:
        _show_the_line(report, student.homework, report.finding.line)
    return report


def _show_the_line(report: Report, homework: Homework, line: int) -> None:
    place = homework.place(line)
    report.place = {"line": place.line, "cell": place.cell}
    report.code = [
        {"line": at.line, "cell": at.cell, "text": text, "here": here}
        for at, text, here in homework.around(line)
    ]


def _fitting(student: Student, form: str, network: Mapping[str, Any], notes: list[str]) -> Trial:
    """The trial; if no network was chosen, with the activation that the homework uses."""
    if form != "shallow" or network.get("chosen"):
        return trial_of(student, form, network, notes)
    forward: list[str] = []
    backward: list[str] = []
    for g in ("tanh", "relu", "sigmoid", "leaky_relu"):
        examiner = Examiner(student, _with_hidden(student, network, g), form, lambda step: None)
        for check, right in ((_forward, forward), (_backward, backward)):
            with suppress(Found, Unsure, Exception):
                if check is _forward:
                    initial.parameters(examiner)
                check(examiner)
                right.append(g)
        if forward[-1:] == backward[-1:] == [g]:
            break
    both = [g for g in forward if g in backward]
    both = both or ([] if backward and forward else forward or backward)
    if not both:  # forward and backward disagree: compare with the network's own
        return trial_of(student, form, network, notes)
    if both[0] != "tanh":
        notes.append(f"The hidden layer uses {both[0]}; it was checked with it.")
    return _with_hidden(student, network, both[0])


def _with_hidden(student: Student, network: Mapping[str, Any], g: str) -> Trial:
    hidden = (*(g for _ in network["activations"][:-1]), "sigmoid")
    return trial_of(student, "shallow", {**network, "activations": hidden}, [])


def trial_of(student: Student, form: str, network: Mapping[str, Any], notes: list[str]) -> Trial:
    """The numbers to check on: the window's network where the form of the homework fits it.

    The biases are not 0 and the weights not tiny, so that slips show which the course's start
    hides; the first example is 0 in all inputs and the first bias is 0, so that Z has exact zeros.
    """
    X, Y = np.array(network["X"], float), np.array(network["Y"], float)
    X[:, 0] = 0.0
    sizes, activations = tuple(network["sizes"]), tuple(network["activations"])
    if form == "logistic":
        sizes, activations = (X.shape[0], 1), ("sigmoid",)
    elif len(sizes) < 3:
        sizes, activations = (X.shape[0], 4, 1), ("tanh", "sigmoid")
    if form == "deep" and len(sizes) < 4:
        notes.append("A network of three layers was used, where a wrong index shows.")
        sizes = (X.shape[0], 5, 4, 1)
    if form == "deep":
        if set(activations[:-1]) != {"relu"}:
            notes.append("Hidden layers were checked with ReLU, as the course's L-layer code has.")
        activations = (*("relu",) * (len(sizes) - 2), "sigmoid")
    if form == "shallow" and len(sizes) > 3 and not _any_depth(student):
        notes.append(
            "The homework has one hidden layer; so had the network that it was checked on."
        )
        sizes, activations = (sizes[0], sizes[1], 1), (activations[0], "sigmoid")
    parameters = _parameters(form, sizes, np.random.RandomState(network.get("seed", 0) + 7))
    kind = "logistic" if form == "logistic" else "layers"
    return make(kind, sizes, activations, X, Y, parameters, 0.037)


def _parameters(form: str, sizes: tuple[int, ...], random: np.random.RandomState) -> dict[str, Any]:
    if form == "logistic":
        return {"w": 0.4 * random.randn(sizes[0], 1), "b": 0.3}
    parameters = {}
    for l, (n_prev, n) in enumerate(pairwise(sizes), start=1):
        parameters[f"W{l}"] = 0.9 / np.sqrt(n_prev) * random.randn(n, n_prev)
        parameters[f"b{l}"] = 0.3 * random.randn(n, 1)
    if len(sizes) > 2:
        parameters["b1"][0] = 0.0
    return parameters


def _any_depth(student: Student) -> bool:
    """Whether the student's network has as many layers as requested."""
    makers = [student.functions.get("initialize_parameters"), student.instance]
    for maker in makers:
        if maker is not None:
            for name in inspect.signature(maker).parameters:
                if vocabulary.argument(name, ("layer_dims",), ("layer_dims",)):
                    return True
    return False
