"""Judges one call: which results are wrong, the line of the first wrong one, and the slip."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from core.check import in_loops, origin, slips
from core.check.findings import Mistake
from core.check.session import CallResult, Stopped, Student
from core.check.source import Homework
from core.check.structures import Namer, Orientation, at, named
from core.check.tracing import PASSED_ON, Call
from core.check.trial import Trial, magnitude


@dataclass(slots=True)
class FoundValue:
    """One result of the student, in our orientation: its line, and when it was set."""

    name: str
    value: Any
    line: int
    moment: float
    output: bool  # it is returned or kept, so it has to be correct
    looped: bool = False  # whether the same line set it more than once
    line_before: int = 0  # its origin, if `line` only scales it: dw /= m after a loop
    in_a_turn: bool = False  # it belongs to one example: the value of a loop in its last turn


def results(
    result: CallResult, wanted: Sequence[str], trial: Trial, namer: Namer, orientation: Orientation,
    hints: Sequence[str | None], *, new: bool = False,
) -> dict[str, list[FoundValue]]:  # fmt: skip
    """All `wanted` arrays that a call made: its return values, and its variables.

    With `new`, the student's W1 is W1_new: W1 after the update.
    """
    found: dict[str, list[FoundValue]] = {name: [] for name in wanted}
    base = {w.removesuffix("_new") if new else w: w for w in wanted}
    call = result.call
    variables = {} if call is None else call.variables
    for variable in variables.values():
        name = base.get(namer(variable.path) or "")
        if name is not None:
            kept = variable.path.startswith("self.")
            value = orientation.ours(name, variable.value)
            if variable.path == "error" and np.shape(value) != np.shape(trial.values[name]):
                continue  # computed from something other than A - Y
            line = variable.first_with_it()
            before = variable.line_before_scaling()
            looped = variable.before is not None and variable.before.line == variable.line
            found[name].append(FoundValue(name, value, line, variable.moment, kept, looped, before))
    if call is not None and not new and trial.form == "layers":
        for value in _passed_on(call, trial, namer, orientation):
            found.get(value.name, []).append(value)
    paths = named(result.value, wanted, trial.values, namer, orientation, hints)
    for name, path in paths.items():
        value = orientation.ours(name, at(result.value, path))
        line, moment, before = _returned_from(call, at(result.value, path), namer), float("inf"), 0
        for known in found[name]:
            if np.array_equal(known.value, value, equal_nan=_numeric(value)):
                line, moment, before = known.line, known.moment, known.line_before
            elif not before and _factor(known.value, value) is not None:
                before = known.line  # return {"dW1": dW1 / m}
        found[name].append(FoundValue(name, value, line, moment, True, line_before=before))
    return found


def _returned_from(call: Call | None, value: Any, namer: Namer) -> int:
    """The line after the last loop that set a returned value under a name of the student's own.

    A value that a loop sums up is divided behind the loop, so the `return` stands for it.
    """
    if call is None:
        return 0
    made = [v for v in call.variables.values() if _equal(v.value, value)]
    if not made or any(namer(variable.path) for variable in made):
        return call.return_line
    last = max(made, key=lambda variable: variable.moment)
    looped = last.before is not None and last.before.line == last.line
    return call.return_line if looped else last.first_with_it()


def _equal(a: Any, b: Any) -> bool:
    return np.shape(a) == np.shape(b) and np.array_equal(a, b)


def _passed_on(
    call: Call, trial: Trial, namer: Namer, orientation: Orientation
) -> Iterator[FoundValue]:
    """What `dZ`, `dA`, `Z` and `A` held in each turn of a loop over the layers.

    A layer is known by its number of units, where no other has as many; of several values in a row
    the last counts, since `dZ = dA * …` may be made in two lines.
    """
    for path, states in call.states.items():
        letter = PASSED_ON[path.lower()]
        if namer(path) is not None:
            continue
        latest: dict[str, FoundValue] = {}
        for state in states:
            value = orientation.ours(f"{letter}1", state.value)
            layers = [l for l, n in enumerate(trial.sizes) if (n, trial.values["m"]) == value.shape]
            name = f"{letter}{layers[0]}" if len(layers) == 1 else ""
            if name in trial.lines:
                latest[name] = FoundValue(name, value, state.line, state.moment, False)
        yield from latest.values()


def _numeric(value: Any) -> bool:
    return np.asarray(value).dtype.kind in "fc"


def wrong(name: str, value: Any, trial: Trial) -> bool:
    """Whether a result, in our orientation, differs from ours."""
    ours = np.asarray(trial.values[name])
    theirs = np.asarray(value)
    if theirs.shape != ours.shape or theirs.dtype.kind not in "fiub":
        return True
    size = magnitude(trial.lines[name], trial.values) if name in trial.lines else np.abs(ours)
    return not slips.agrees(theirs, ours, np.broadcast_to(size, ours.shape))


def first_wrong(found: Mapping[str, Sequence[FoundValue]], trial: Trial) -> FoundValue | None:
    """The first wrong result; None if every return value is correct.

    An intermediate variable may differ if the outcome is correct: the 1/m may be elsewhere.
    """
    values = [value for several in found.values() for value in several]
    outputs = [value for value in values if value.output] or values
    bad = [value for value in outputs if wrong(value.name, value.value, trial)]
    if not bad:
        return None
    good = {value.name for value in outputs} - {value.name for value in bad}
    bad_names, latest = {value.name for value in bad}, max(value.moment for value in bad)
    on_the_way: list[FoundValue] = []
    scale = 1.0
    for value in sorted(values, key=lambda v: v.moment):
        if value.output or (value.name not in bad_names and value.moment >= latest):
            continue
        if value.name in good or any(_only_scaled(value, one) for one in bad):
            continue
        passed_on = value.name[:2] in ("dZ", "dA")
        if passed_on and scale != 1.0 and np.asarray(value.value).dtype.kind == "f":
            value.value = value.value / scale
        if value.looped and np.size(value.value) < np.size(trial.values[value.name]):
            if _wrong_in_a_turn(value, trial):
                on_the_way.append(value)
            continue
        if wrong(value.name, value.value, trial):
            factor = _scaled(value, trial) if passed_on else None
            if factor is not None and _used_rightly(value.name, good, trial):
                scale *= factor
                continue
            on_the_way.append(value)
    order = {name: index for index, name in enumerate(trial.order)}
    return min(
        (*bad, *on_the_way), key=lambda value: (value.moment, order.get(value.name, len(order)))
    )


def _wrong_in_a_turn(value: FoundValue, trial: Trial) -> bool:
    """Whether the last turn of a loop over the examples shows a known slip.

    An unknown difference counts for nothing: the loop may go through the examples in any order.
    """
    last = in_loops.last_example(trial)
    ours = last.values[value.name]
    if value.name not in trial.lines or np.size(value.value) != np.size(ours):
        return False
    theirs = np.reshape(value.value, np.shape(ours))
    if not wrong(value.name, theirs, last):
        return False
    slip = slips.recognise(value.name, theirs, last)
    if slip is None or "+" in slip.key or slip.key in ("ratio", "unknown"):
        return False
    value.value, value.in_a_turn = theirs, True
    return True


def _scaled(value: FoundValue, trial: Trial) -> float | None:
    """The one factor between a variable and ours, or None."""
    return _factor(trial.values[value.name], value.value)


def _factor(ours: Any, theirs: Any) -> float | None:
    ours, theirs = np.asarray(ours), np.asarray(theirs)
    if theirs.shape != ours.shape or theirs.dtype.kind != "f" or not np.any(ours):
        return None
    factor = float(np.vdot(ours, theirs) / np.vdot(ours, ours))
    return factor if factor and np.allclose(theirs, factor * ours, rtol=1e-9, atol=0) else None


def _only_scaled(value: FoundValue, output: FoundValue) -> bool:
    """Whether a variable only differs by a factor from a wrong output: dW1 / m in `return`."""
    return value.name == output.name and value.line == output.line_before != 0


def _used_rightly(name: str, good: set[str], trial: Trial) -> bool:
    """Whether a correct result is computed from this variable, so that its scale is intended."""
    return any(
        name in {n.id for n in ast.walk(ast.parse(trial.lines[one])) if isinstance(n, ast.Name)}
        for one in good
        if one in trial.lines
    )


def assigned(homework: Homework, function: str, variable: str) -> int:
    """The line in the student's function that sets a variable; 0 if there is none."""
    lines = [
        node.lineno
        for outer in ast.walk(homework.tree)
        if isinstance(outer, ast.FunctionDef) and outer.name == function
        for node in ast.walk(outer)
        if isinstance(node, ast.Assign)
        and any(isinstance(t, ast.Name) and t.id == variable for t in node.targets)
    ]
    return max(lines, default=0)


def _kept_elsewhere(call: Call, value: FoundValue, ours: Any) -> tuple[int, slips.Slip] | None:
    """The line that kept the right numbers under another name, later: `K = J / m`, and the slip."""
    wrong_since = [
        v.moment for v in call.variables.values() if np.array_equal(v.value, value.value)
    ]
    if not np.any(ours):
        return None
    for path, one in call.variables.items():
        later = wrong_since and one.moment > max(wrong_since)
        alike = np.shape(one.value) == np.shape(ours) and _numeric(one.value)
        if later and alike and np.allclose(one.value, ours, 1e-12, 0):
            words = f"is not the {path} of this line, which has the right numbers"
            return one.line, slips.Slip("dropped", words, "Keep the result under the same name.")
    return None


def _line_of_neighbour(
    homework: Homework, call: Call, slip: slips.Slip, line: int, trial: Trial, namer: Namer
) -> int:
    """The line that made a variable what it should not be, if `line` reads it: `E2 = A2`."""
    used = re.search(r"uses (\w+) where it needs (\w+)", slip.words)
    node = statement(homework, line)
    if used is None or node is None or used[1] not in trial.values:
        return line
    for name in {n.id for n in ast.walk(node) if isinstance(n, ast.Name)} & set(call.variables):
        held = call.variables[name]
        if namer(name) is None and held.line < line and _equal(held.value, trial.values[used[1]]):
            return held.first_with_it()
    read = {namer(n.id) for n in ast.walk(node) if isinstance(n, ast.Name)}
    if isinstance(node, ast.AugAssign) and used[1] not in read:  # out += b2 adds another term
        made = [v.before.line for v in call.variables.values() if v.line == line and v.before]
        return max(made, default=line)
    return line


def _divided_twice(call: Call, line: int) -> int:
    """The line that divides another variable once more, in place of this one; 0 if there is none.

    Of `db /= m` twice, the first has the place of `dw /= m` if dw is summed above db.
    """
    for variable in call.variables.values():
        once = variable.before
        if once is None or once.before is None or once.line == variable.line:
            continue
        first, second = (
            _factor(a.value, b.value) for a, b in ((once.before, once), (once, variable))
        )
        if first and second and first != 1 and abs(first - second) <= 1e-9 * abs(first):
            return once.line if line < once.before.line else variable.line
    return 0


def exact_line(
    value: FoundValue, key: str, homework: Homework, namer: Namer, call: Call | None, m: int
) -> int:
    """The line of a wrong result, once the key of its slip is known."""
    line, name = value.line, value.name.removesuffix("_new")
    if call is not None:
        stayed = origin.of_what_stayed(
            homework, call, line, value.value, lambda text: namer(text) == name, key
        )
        if stayed != line:
            return stayed
    if key == "loop_bound":
        return origin.of_the_outer_loop(homework, line)
    if key == "wrong_m":
        return origin.of_the_count(homework, line, call, m)
    if key == "iterations" or (key == "not_updated" and not origin.loop_around(homework, line)):
        return origin.of_the_loop(homework, line)
    if key == "times_m":
        if (counted := origin.of_the_count(homework, line, call, m)) != line and call is not None:
            return counted
        twice = 0 if call is None else _divided_twice(call, line)
        return (
            twice or origin.of_a_returned(homework, line, lambda text: namer(text) == name) or line
        )
    return line


# Slips inside a term, which may be in a line before the one that adds the terms up.
_OF_A_TERM = ("missing_term", "log10", "log2", "outer_product", "neighbour", "no_square")


def _line_of(
    value: FoundValue, slip: slips.Slip | None, key: str, trial: Trial, student: Student,
    namer: Namer, call: Call | None,
) -> int:  # fmt: skip
    """The line that makes a wrong result what it is, with this slip in it."""
    homework, line, name = student.homework, value.line, value.name
    if name == "cost" and key in _OF_A_TERM:
        line = _line_of_the_term(homework, line, namer)
    if slip is not None and call is not None:
        for made in (slip.made,) if slip.of else _turned_round(slip, name, trial):
            line = _line_with(call, made, line)
    if slip is not None and slip.words.endswith(f"lacks b{name.removesuffix('_new')[1:]}"):
        line = origin.start_of_the_sum(homework, line)
    if key == "neighbour" and call is not None and slip is not None:
        line = _line_of_neighbour(homework, call, slip, line, trial, namer)
    if key == "wrong_slope":
        line = origin.of_a_helper(homework, line, student.own_names.values())
    value.line = line
    return exact_line(value, key, homework, namer, call, trial.values["m"])


def finding(
    stage: str, value: FoundValue, trial: Trial, student: Student, namer: Namer,
    call: Call | None = None,
) -> Mistake:  # fmt: skip
    """The finding for a wrong result; `call` made it, and has its variables."""
    name = value.name
    trial = in_loops.last_example(trial) if value.in_a_turn else trial
    ours = trial.values[name]
    slip = slips.recognise(name, value.value, trial) if name in trial.lines else None
    if call is not None and not value.in_a_turn and (kept := _kept_elsewhere(call, value, ours)):
        slip = kept[1]
        value.line = value.line_before = kept[0]
    shown = name.removesuffix("_new")
    if slip is None:
        said, key, todo = f"Your {shown} {_difference(value.value, ours)}.", "unknown", []
    else:
        said, key, todo = f"Your {shown} {slip.words}.", slip.key, [slip.do] if slip.do else []
    if value.line_before and key not in ("times_m", "over_m", "wrong_m"):
        value.line = value.line_before
    value.line = _line_of(value, slip, key, trial, student, namer, call)
    our_line = f"{shown} = {trial.lines[name]}" if name in trial.lines else ""
    if our_line:
        todo.append(f"Compare your line with ours: {our_line}")
    todo.append("Save the file and check again: the check then continues with the next line.")
    return Mistake(stage, shown, key, said, value.line, value.value, ours, our_line, todo)


def _turned_round(slip: slips.Slip, name: str, trial: Trial) -> Iterator[Any]:
    """The variable whose sign is already wrong before the line with a wrong sign: dZ for dW."""
    if slip.key == "sign" and name in trial.lines and name[:2] in ("dW", "dw", "db"):
        used = {n.id for n in ast.walk(ast.parse(trial.lines[name])) if isinstance(n, ast.Name)}
        yield from (-trial.values[one] for one in used if one.startswith("dZ"))


def _line_with(call: Call, made: Any, line: int) -> int:
    """The line above `line` that made a variable with these numbers, in any orientation.

    In a loop, a scalar variable holds the last of them.
    """
    wanted = np.asarray(made)
    for variable in call.variables.values():
        held = np.asarray(variable.value)
        if variable.line >= line or held.dtype.kind != "f":
            continue
        one = (
            wanted[-1, -1] if not held.ndim else wanted if held.shape == wanted.shape else wanted.T
        )
        if held.shape == one.shape and np.allclose(held, one, rtol=1e-9, atol=0):
            return variable.line
    return line


def _line_of_the_term(homework: Homework, line: int, namer: Namer) -> int:
    """The line that makes the variable which this line sums up, if it has no logarithm itself."""
    node = statement(homework, line)
    if node is None or any(
        isinstance(n, ast.Attribute) and n.attr.startswith("log") for n in ast.walk(node)
    ):
        return line
    used = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
    made = [
        n.lineno
        for n in ast.walk(homework.tree)
        if isinstance(n, ast.Assign) and n.lineno < line and n is not node
        and any(isinstance(t, ast.Name) and t.id in used and not namer(t.id) for t in n.targets)
        and "log" in ast.unparse(n.value)
    ]  # fmt: skip
    return max(made, default=line)


def _difference(theirs: Any, ours: Any) -> str:
    theirs, ours = np.asarray(theirs), np.asarray(ours)
    if theirs.shape != ours.shape:
        return f"has the shape {theirs.shape}, and ours has {ours.shape}"
    if theirs.dtype.kind not in "fiub":
        return "does not hold numbers"
    with np.errstate(all="ignore"):
        gap = np.abs(np.asarray(theirs, float) - ours)
    cells = int(np.sum(~(gap <= 1e-9 * np.maximum(np.abs(ours), 1e-300))))
    where = f"in {cells} of {ours.size} cells" if ours.size > 1 else ""
    worst = np.nanmax(gap) if np.isfinite(gap).any() else np.nan
    return " ".join(f"differs from ours {where} by up to {worst:.6g}".split())


def stopped(stage: str, stop: Stopped, function: str, trial: Trial, homework: Homework,
            namer: Namer) -> Mistake:  # fmt: skip
    """The finding for an error in the student's code: its last line, and the shapes that clash."""
    message = f"{type(stop.error).__name__}: {stop.error}".strip()[:300].rstrip(":")
    node = statement(homework, stop.line)
    name = target(node, namer)
    pair = clash(node, stop.values)
    said = f"{function} stops with {message}"
    key = "exception"
    todo: list[str] = []
    if isinstance(stop.error, AssertionError) and (odd := _odd_shape(stop.values, trial, namer)):
        name, key, words, variable = odd
        stop.line = assigned(homework, function, variable) or stop.line
        said = f"An assertion of {function} fails: {words}"
    if pair is not None:
        operation, left, right = pair
        said += f": you {operation} {left} by {right}" if operation == "multiply" else (
            f": you {operation} {left} and {right}"
        )  # fmt: skip
        key = "shapes"
        if name in trial.lines:
            key, todo = _slip_of_clash(name, pair, trial)
    if name in trial.lines:
        todo.append(f"Compare your line with ours: {name} = {trial.lines[name]}")
    todo.append("Mend this line and check again.")
    return Mistake(stage, name or function, key, f"{said.rstrip('.')}.", stop.line, None,
                   trial.values.get(name or ""), trial.lines.get(name or "", ""), todo)  # fmt: skip


def _odd_shape(
    values: Mapping[str, Any], trial: Trial, namer: Namer
) -> tuple[str, str, str, str] | None:
    """The first array with a wrong shape: its name, the slip, the message, the variable."""
    for path, value in values.items():
        name = namer(path)
        if name is None or name not in trial.values or not isinstance(value, np.ndarray):
            continue
        ours = np.shape(trial.values[name])
        if value.shape != ours and np.ndim(trial.values[name]) == 2:
            key = "rank_1" if value.ndim == 1 else "shape"
            key = "transposed" if value.shape == ours[::-1] else key
            said = f"your {name} has the shape {value.shape}, and ours has {ours}"
            return name, key, said, path
    return None


def _slip_of_clash(name: str, pair: tuple[str, Any, Any], trial: Trial) -> tuple[str, list[str]]:
    for mutation in slips.mutations(name, trial.lines[name], trial):
        with np.errstate(all="ignore"):
            made = clash(ast.Expr(mutation.tree), {**trial.values, "np": np})
        if made == pair:
            words = f"This is what happens when {name} {mutation.slip.words}."
            return mutation.slip.key, [words, *([mutation.slip.do] if mutation.slip.do else [])]
    return "shapes", []


def statement(homework: Homework, line: int) -> ast.stmt | None:
    """The innermost statement of the student's that this line is part of."""
    best: ast.stmt | None = None
    for node in ast.walk(homework.tree):
        if not isinstance(node, ast.stmt):
            continue
        inside = node.lineno <= line <= (node.end_lineno or node.lineno)
        if inside and (best is None or node.lineno >= best.lineno):
            best = node
    return best


def target(node: ast.stmt | None, namer: Namer) -> str:
    """The array that a statement assigns, or nothing."""
    if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return namer(ast.unparse(targets[0]).replace("'", "")) or ""
    return ""


_WORDS = {ast.Mult: "multiply", ast.MatMult: "multiply", ast.Add: "add", ast.Sub: "subtract",
          ast.Div: "divide"}  # fmt: skip


def clash(node: ast.AST | None, values: Mapping[str, Any]) -> tuple[str, Any, Any] | None:
    """The innermost operation that fails with these values, and its two shapes."""
    if node is None:
        return None
    for child in ast.iter_child_nodes(node):
        if (found := clash(child, values)) is not None:
            return found
    operands: tuple[ast.expr, ast.expr] | None = None
    word = "multiply"
    if isinstance(node, ast.BinOp) and type(node.op) in _WORDS:
        operands, word = (node.left, node.right), _WORDS[type(node.op)]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if node.func.attr in ("dot", "matmul", "multiply") and len(node.args) == 2:
            operands = (node.args[0], node.args[1])
        elif node.func.attr == "dot" and len(node.args) == 1:
            operands = (node.func.value, node.args[0])
    if operands is None or not isinstance(node, ast.expr):
        return None
    left, right = (_value(operand, values) for operand in operands)
    if left is None or right is None or _value(node, values) is not None:
        return None
    return word, np.shape(left), np.shape(right)


def _value(node: ast.expr, values: Mapping[str, Any]) -> Any:
    """A piece of the line with the variables it had; None if it fails. In the student's process."""
    try:
        with np.errstate(all="ignore"):
            code = compile(ast.fix_missing_locations(ast.Expression(node)), "piece", "eval")
            return eval(code, dict(values))
    except Exception:  # noqa: BLE001 - a piece of the student's line may raise anything
        return None


def return_hints(student: Student, known: str, namer: Namer) -> list[str | None]:
    """The names of the parts of the returned tuple, from the last `return`."""
    own = student.named(known)
    found: list[str | None] = []
    for node in ast.walk(student.homework.tree):
        if isinstance(node, ast.FunctionDef) and node.name == own:
            returns = [n for n in ast.walk(node) if isinstance(n, ast.Return) and n.value]
            if returns:
                value = returns[-1].value
                parts = value.elts if isinstance(value, ast.Tuple) else [value]
                found = [namer(ast.unparse(part)) if part is not None else None for part in parts]
    return found
