"""State shared by all stages of a check: the arguments to pass, the calls and the judgements."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from core.check import origin, vocabulary
from core.check.findings import CheckedQuantity, Found, Mistake
from core.check.judge import FoundValue, finding, first_wrong, results, return_hints, stopped, wrong
from core.check.session import (
    CONSTANTS,
    CallResult,
    Stopped,
    Student,
    TooSlow,
    Unsure,
    choices,
)
from core.check.structures import Namer, Orientation, dictionary, fill, named, namer_of
from core.check.trial import Trial

BY_ROWS = "Examples are rows in this file; it was checked that way."
_ROWS = (Orientation(rows=True), Orientation(rows=True, rank_1=True))
Emit = Callable[[CheckedQuantity], None]


class Examiner:
    """Checks one student's functions on the numbers of one trial."""

    def __init__(self, student: Student, trial: Trial, form: str, emit: Emit) -> None:
        self.student, self.trial, self.form, self.emit = student, trial, form, emit
        self.logistic = form == "logistic"
        self.namer: Namer = namer_of(trial.L, logistic=self.logistic)
        self.orientation = Orientation()
        names = trial.parameter_names()
        self.template: Any = dictionary(names, trial.values)
        self.paths: dict[str, tuple[Any, ...]] = {name: (name,) for name in names}
        self.gradients: tuple[Any, dict[str, tuple[Any, ...]]] | None = None
        self.cache: Any = None  # the result of the student's own forward pass, once it is correct
        self.settled = False  # whether the student's parameters show the orientation
        self.notes: list[str] = []

    def there(self, known: str) -> bool:
        """Whether the student wrote this function."""
        return known in self.student.functions

    # --- the arguments for the student's functions ---

    def given(self, trial: Trial | None = None) -> dict[str, Any]:
        """All that a function may ask for, turned and packed as the student has it."""
        trial = trial or self.trial
        turn = self.orientation.theirs
        values = {name: turn(name, value) for name, value in trial.values.items()}
        values |= {"parameters": self.packed(trial), "print_cost": False}
        values |= {
            "n_x": trial.sizes[0], "n_y": trial.sizes[-1], "dim": trial.sizes[0],
            "n_h": trial.sizes[1], "layer_dims": list(trial.sizes),
            "AL": values["A" if self.logistic else f"A{trial.L}"],
            "learning_rate": trial.values["learning_rate"],
        }  # fmt: skip
        values["grads"] = self._packed_gradients(values)
        return values

    def _packed_gradients(self, values: Mapping[str, Any]) -> Any:
        """The gradients in the structure of the student's own backward pass, else in that of the
        parameters.
        """
        names = self.trial.gradient_names()
        gradients = {name: values[name] for name in names}
        if self.gradients is not None:
            return fill(self.gradients[0], self.gradients[1], gradients)
        if isinstance(self.template, dict):
            return gradients
        return fill(self.template, self.paths, {n[1:]: gradients[n] for n in names})

    def packed(self, trial: Trial) -> Any:
        """The parameters of the trial in the student's own structure."""
        turned = {n: self.orientation.theirs(n, v) for n, v in trial.parameters().items()}
        return fill(self.template, self.paths, turned)

    def with_cache(self, values: dict[str, Any]) -> dict[str, Any]:
        """Add the cache: the student's own from a correct forward pass, else the course's."""
        names = [n for n in self.trial.values if n[:1] in "ZA" and n != "A0"]
        values["cache"] = self.cache if self.cache is not None else {n: values[n] for n in names}
        values["caches"] = values["cache"]
        return values

    def instance(self, trial: Trial | None = None) -> Any:
        """An object of the student's class with the trial's parameters in it; None without one."""
        kind = self.student.instance
        if kind is None:
            return None
        trial = trial or self.trial
        return made(kind, self.given(trial), trial, self.orientation, self.namer,
                    self.student.answer)  # fmt: skip

    # --- calls and judgements ---

    def call(
        self, stage: str, known: str, given: Mapping[str, Any], *, instance: Any = None,
        namer: Namer | None = None, trial: Trial | None = None,
    ) -> CallResult:  # fmt: skip
        """Call a function; any failure is a finding."""
        try:
            return self.student.call(known, given, instance=instance)
        except Stopped as stop:
            self._wrong_before(stage, known, stop, trial or self.trial, namer or self.namer)
            raise Found(
                stopped(stage, stop, self.student.named(known), trial or self.trial,
                        self.student.homework, namer or self.namer)
            ) from None  # fmt: skip
        except TooSlow:
            name = self.student.named(known)
            raise Found(
                Mistake(stage, name, "too_slow", f"{name} did not return within 20 seconds.",
                        line=self.student.homework.definition(name),
                        todo=["Look for a loop that never ends."])
            ) from None  # fmt: skip

    def _wrong_before(
        self, stage: str, known: str, stop: Stopped, trial: Trial, namer: Namer
    ) -> None:
        """Raise Found for a wrong value above a logarithm, root or division that fails on it."""
        if not isinstance(stop.error, ArithmeticError) and "math domain" not in str(stop.error):
            return
        result = CallResult(None, stop.calls, self.student.named(known))
        wanted = [name for name in trial.order if name in trial.lines and name != "cost"]
        found = results(result, wanted, trial, namer, self.orientation, ())
        if (bad := first_wrong(found, trial)) is not None:
            raise Found(finding(stage, bad, trial, self.student, namer, result.call)) from None

    def judge(
        self, stage: str, known: str, result: CallResult, wanted: Sequence[str], *,
        trial: Trial | None = None, namer: Namer | None = None, new: bool = False,
        required: Iterable[str] = (), emit: bool = True, also: Sequence[str] = (),
    ) -> dict[str, list[FoundValue]]:  # fmt: skip
        """Compare the results of a call; raises Found for the first wrong or missing one.

        With `new`, parameters are those after the update; `also` are intermediate arrays.
        """
        trial, namer = trial or self.trial, namer or self.namer
        namer = origin.with_keys(self.student.homework, self.student.named(known), namer)
        hints = return_hints(self.student, known, namer)
        hints = [f"{h}_new" if new and h else h for h in hints]
        found = results(result, wanted, trial, namer, self.orientation, hints, new=new)
        if also:
            found = {**results(result, also, trial, namer, self.orientation, ()), **found}
        bad = first_wrong(found, trial)
        for name in sorted(wanted, key=trial.order.index):
            if bad is not None and name == bad.name:
                break
            if found[name] and emit:
                self.emit(CheckedQuantity(stage, name.removesuffix("_new"), "right"))
        if bad is not None:
            self._place(bad, known, result, namer)
            if (left_out := self._left_out(stage, bad, found)) is not None:
                raise Found(left_out)
            differs_at = bad.line
            made = finding(stage, bad, trial, self.student, namer, result.call)
            self._in_common(made, differs_at, found, trial, result)
            raise Found(made)
        for name in required:
            if not any(value.output for value in found[name]):
                raise Found(self._not_returned(stage, known, name, result))
        if result.changed and known != "update_parameters":
            raise Found(self._changed(stage, known, result))
        return found

    def _in_common(
        self, made: Mistake, differs_at: int, found: Mapping[str, Sequence[FoundValue]],
        trial: Trial, result: CallResult,
    ) -> None:  # fmt: skip
        """Set the line of a slip that all results have: it's before the lines that differ."""
        outputs = [value for several in found.values() for value in several if value.output]
        if made.slip == "not_updated":
            old = [np.array_equal(v.value, trial.values[v.name.removesuffix("_new")])
                   for v in outputs if v.name.endswith("_new")]  # fmt: skip
            if all(old):
                made.line = origin.in_the_loop(self.student.homework, made.line)
        if made.slip != "times_m" or made.line != differs_at or result.call is None:
            return
        m = trial.values["m"]
        gradients = [v for v in outputs if v.name in trial.gradient_names()]
        if len(gradients) < 4 or any(wrong(v.name, v.value / m, trial) for v in gradients):
            return
        for variable in result.call.variables.values():
            value = self.orientation.ours(f"dZ{trial.L}", variable.value)
            if np.shape(value) == np.shape(trial.values[f"dZ{trial.L}"]) and not wrong(
                f"dZ{trial.L}", value, trial
            ):
                made.line = variable.first_with_it()
                return

    def _place(self, bad: FoundValue, known: str, result: CallResult, namer: Namer) -> None:
        """Set the line of a wrong result, as exactly as possible."""
        own, homework = self.student.named(known), self.student.homework
        if not bad.line or (result.call is not None and bad.line == result.call.return_line):
            plain = bad.name.removesuffix("_new")
            bad.line = origin.of_an_item(homework, own, lambda key: namer(key) == plain) or bad.line
        bad.line = bad.line or homework.definition(own)

    def _left_out(
        self, stage: str, bad: FoundValue, found: Mapping[str, Sequence[FoundValue]]
    ) -> Mistake | None:
        """A loop over the layers that leaves one out, so that its gradients are missing."""
        names = [name for name in self.trial.gradient_names() if name in found]
        missing = [name for name in names if not found[name]]
        loop = origin.loop_around(self.student.homework, bad.line)
        layer = missing[0][2:] if missing else ""
        whole = all(name in missing for name in names if name[2:] == layer)
        if not loop or not whole or len(missing) in (0, len(names)) or bad.name not in names:
            return None
        return Mistake(
            stage, missing[0], "loop_bound", f"The loop leaves out a layer: {missing[0]} is never"
            " computed.", loop, None, self.trial.values[missing[0]],
            todo=["Count the layers that the loop goes through: L, L - 1, …, 1."],
        )  # fmt: skip

    def _not_returned(self, stage: str, known: str, name: str, result: CallResult) -> Mistake:
        own, shown = self.student.named(known), name.removesuffix("_new")
        line = result.call.return_line if result.call else 0
        first_layer = shown in ("dW1", "db1") and self.trial.L > 1
        if first_layer and (loop := origin.a_loop_of_layers(self.student.homework, own)):
            return Mistake(
                stage, shown, "loop_bound", f"The loop leaves out a layer: {shown} is never"
                " computed.", loop, None, self.trial.values[shown],
                todo=["Count the layers that the loop goes through: L, L - 1, …, 1."],
            )  # fmt: skip
        return Mistake(
            stage, shown, "not_returned", f"{own} does not return {shown}.",
            line or self.student.homework.definition(own), None, self.trial.values.get(name),
            todo=[f"Return {shown} as well, under the name the notebook gives it."],
        )  # fmt: skip

    def _changed(self, stage: str, known: str, result: CallResult) -> Mistake:
        own, what = self.student.named(known), result.changed[0]
        variables = {} if result.call is None else result.call.variables
        inside = [v for path, v in variables.items() if path.startswith(f"{what}[")]
        first = min(inside, key=lambda v: v.moment, default=variables.get(what))
        line = self.student.homework.definition(own) if first is None else first.line
        line = origin.of_an_alias(self.student.homework, line, what)
        name = (None if first is None else self.namer(first.path)) or what
        return Mistake(
            stage, name, "in_place", f"{own} changes its argument {what} in place.", line,
            todo=["Work on a copy: np.array(x, copy=True), or write x = x + … instead of x += …"],
        )  # fmt: skip

    def upright(
        self, stage: str, known: str, wanted: Sequence[str], outputs: Sequence[str]
    ) -> CallResult:
        """Call with columns as examples and, if that cannot be correct, with rows."""
        try:
            first = self.call(stage, known, self.given(), instance=self.instance())
        except Found as stop:
            if stop.finding.theirs is not None:  # a wrong value before the error
                raise
            if stop.finding.slip == "too_slow":  # no error of the other way came later than that
                raise
            if self._try_rows(stage, known, wanted, all_right=False) is None:
                raise self._furthest(stage, known, stop) from None
            return self.call(stage, known, self.given(), instance=self.instance())
        found = results(first, wanted, self.trial, self.namer, self.orientation,
                        return_hints(self.student, known, self.namer))  # fmt: skip
        if first_wrong(found, self.trial) is not None:
            turned = self._try_rows(stage, known, wanted)
            if turned is not None:
                return turned
        return first

    def _furthest(self, stage: str, known: str, stop: Found) -> Found:
        """If columns lead to an error and rows lead to a later one, assume rows."""
        before = self.orientation
        for other in () if before.rows or self.settled else _ROWS:
            self.orientation = other
            try:
                self.call(stage, known, self.given(), instance=self.instance())
            except Found as later:
                if later.finding.line > stop.finding.line:
                    self.notes.append(BY_ROWS)
                    return later
            except Unsure:
                continue
        self.orientation = before
        return stop

    def _try_rows(
        self, stage: str, known: str, wanted: Sequence[str], *, all_right: bool = True
    ) -> CallResult | None:
        """The call with examples as rows, if its results then have the right shape.

        If columns end in an error and rows do not, the shape of most results is enough.
        """
        before = self.orientation
        for other in () if before.rows or self.settled else _ROWS:
            self.orientation = other
            try:
                result = self.call(stage, known, self.given(), instance=self.instance())
            except (Found, Unsure):
                continue
            found = results(result, wanted, self.trial, self.namer, other,
                            return_hints(self.student, known, self.namer))  # fmt: skip
            values = [v for several in found.values() for v in several if v.output]
            shapes = [np.shape(v.value) == np.shape(self.trial.values[v.name]) for v in values]
            least = len(shapes) if all_right else len(shapes) // 2 + 1
            if values and sum(shapes) >= least:
                self.notes.append(BY_ROWS)
                return result
        self.orientation = before
        return None

    def right(self, stage: str, name: str) -> None:
        """Report that one result is correct."""
        self.emit(CheckedQuantity(stage, name, "right"))


def made(
    kind: Any, given: Mapping[str, Any], trial: Trial, orientation: Orientation, namer: Namer,
    answer: Callable[[str, str], str | None],
) -> Any:  # fmt: skip
    """An object of a student's class, created with the network's sizes and our parameters."""
    wanted = ("n_x", "n_h", "n_y", "layer_dims", "learning_rate", "X", "Y", "num_iterations")
    keywords: dict[str, Any] = {}
    known = {"num_iterations": 2, **CONSTANTS, **given}
    for parameter in inspect.signature(kind).parameters.values():
        name = answer(kind.__name__, parameter.name) or vocabulary.argument(
            parameter.name, wanted, wanted
        )
        if name is not None and name in known:
            keywords[parameter.name] = known[name]
        elif parameter.default is parameter.empty and parameter.kind not in (
            parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD,
        ):  # fmt: skip
            raise Unsure(kind.__name__, parameter.name, choices(wanted, known, ()))
    instance = kind(**keywords)
    names = trial.parameter_names()
    turned = {n: orientation.theirs(n, v) for n, v in trial.parameters().items()}
    for key, value in list(vars(instance).items()):
        if namer(key) in names:
            setattr(instance, key, turned[namer(key) or key])
        elif isinstance(value, dict | list):
            paths = named(value, names, trial.values, namer, orientation)
            if len(paths) == len(names):
                setattr(instance, key, fill(value, paths, turned))
    return instance
