"""The doctor: rules that find problems of a network or its training, and what to try."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from core.data.normalization import deviations
from core.nn.activations import ACTIVATIONS, Array, passes_origin
from core.nn.losses import LOSSES
from core.nn.optimizers import OPTIMIZERS
from core.nn.parameters import Parameters
from core.rounding import rounding
from core.training.finding import Finding
from core.training.signs import Signs

SATURATED = 0.8  # share of a layer's activations where its slope is nearly 0
HALF_WAY = 0.5  # of the cost of a constant answer: above it a network has learned little
VANISHING = 1e-3  # relative to the gradient of the layer in which it is largest
NOTHING = 1e-5  # root mean square of a gradient too small to learn in reasonable time
NO_BETTER = 0.9  # of the cost of a constant prediction: a network above this has learned nothing
TOO_FAST = 0.2  # update / weight of a layer that is not small any more
LOOK_BACK = 200  # iterations of the cost to compare
JUMPY = 0.25  # share of these in which the cost rose
RISE = 0.01  # of the cost: a rise that is more than noise
STANDSTILL = 1e-4  # of the cost: a smaller fall in these iterations is invisible
FARTHER = 100  # times the step: if this still leads straight downhill, the step is much too short
STRAIGHT = 0.9  # of this many times the fall
SHORT = 0.02  # α times the largest curvature, where 2 is the stable limit: a hundredth of it
SEEN = 1e-6  # of the cost: a fall that is more than its rounding
WRONG = 0.1  # share of wrong predictions from which classes count as not separated
MARGIN = 1e-3  # of the length of the inputs: classes closer than this are not distinguished
LARGE_INPUT = 10.0  # magnitude from which inputs slow training down
UNEVEN_INPUTS = 10.0  # times the standard deviation of another input
RARE = 0.2  # of the share a class would have if all had the same
OVERFIT = 1.05  # times the lowest test cost
_POWERS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


Rule = Callable[[Signs], Iterator[Finding]]


def examine(signs: Signs) -> tuple[Finding, ...]:
    """All that is wrong, the gravest kinds first."""
    with np.errstate(over="ignore", invalid="ignore"):  # a run that has diverged has huge numbers
        return tuple(finding for rule in RULES for finding in rule(signs))


# --- the network ---------------------------------------------------------------------------------


def _all_linear(s: Signs) -> Iterator[Finding]:
    if s.L > 1 and all(ACTIVATIONS[s.activation(l)].linear for l in range(1, s.L)):
        layers = "hidden layers are" if s.L > 2 else "hidden layer is"
        yield Finding(
            "all-linear",
            f"The {layers} linear, so the whole network computes no more than one layer does: a"
            " product of matrices is a matrix.",
            "Choose tanh or ReLU for them." if s.L > 2 else "Choose tanh or ReLU for it.",
            layer=1,
        )


def _range_of_output(s: Signs) -> Iterator[Finding]:
    g = ACTIVATIONS[s.activation(s.L)]
    low, high = float(s.split.train.Y.min()), float(s.split.train.Y.max())
    least, most = g.range
    floor = _floor_of(s.split.train.Y)
    if low < least - floor or high > most + floor:
        reach = f"from {least:g} to {most:g}" if np.isfinite(most) else f"{least:g} and more"
        yield Finding(
            "output-range",
            f"The labels go from {low:.3g} to {high:.3g}, and a {g.label} output can only be"
            f" {reach}: some labels can never be met.",
            "Choose a linear output with squared error.",
            layer=s.L,
        )


def twins(s: Signs) -> Iterator[Finding]:
    """Units with the same weights in and out, and the same optimizer memory, get the same gradient.

    Differences that rounding explains count as none: rows of a matrix product may differ by that
    much.
    """
    for l in range(1, s.L):
        lanes = _lanes(s.p, l)
        candidates = [unit for unit in range(len(lanes)) if not _told_apart(s, l, unit, lanes)]
        groups = _alike(candidates, [lanes])
        if memory := [_lanes(each, l) for each in s.remembered().values()]:
            groups = [part for units in groups for part in _alike(units, memory)]
        for units in groups:
            yield Finding(
                "twins",
                f"Units {_listed(units)} of layer {l} are twins: they have the same weights, so"
                " they get the same gradient. In exact arithmetic they compute the same for ever;"
                " rounding may part them after thousands of iterations.",
                "Start from random weights (Initialization), or nudge all but one of them.",
                layer=l,
                units=tuple(units),
            )


def _lanes(p: Parameters, l: int) -> Array:
    """The incoming and outgoing weights of each unit of layer l, one row each, with its bias."""
    lanes: Array = np.hstack([p.Wb[l], p.W[l + 1].T])
    return lanes


def _told_apart(s: Signs, l: int, unit: int, lanes: Array) -> bool:
    """Whether something else distinguishes a unit from another with the same weights: it is muted
    or frozen, or dropout drops only one of them, which matters unless both give 0 for every
    example.
    """
    layer = s.project.network.layers[l - 1]
    if unit in layer.muted or unit in layer.frozen:
        return True
    silent = layer.dropout and not lanes[unit].any() and passes_origin(layer.activation)
    return bool(layer.dropout and not silent)


def _alike(units: list[int], tables: list[Array]) -> list[list[int]]:
    """Groups of these units (rows of all tables) that are equal to rounding.

    Equal rows are neighbours along any direction.
    """
    if len(units) < 2:
        return []
    rows = np.hstack([np.asarray(table[units], np.float64) for table in tables])
    floors = np.hstack([np.full(t.shape[1], _floor_of(t[units])) for t in tables])
    order = np.argsort(rows @ np.random.RandomState(0).randn(rows.shape[1]), kind="stable")
    same = (np.abs(np.diff(rows[order], axis=0)) <= floors).all(axis=1)
    if not same.any():  # as nearly always
        return []
    groups = np.split(order, np.flatnonzero(~same) + 1)
    return sorted(sorted(units[i] for i in group) for group in groups if len(group) > 1)


def _floor_of(table: Array) -> float:
    return rounding(float(np.abs(table).max()), table.dtype)


def _dead(s: Signs) -> Iterator[Finding]:
    for l in range(1, s.L):
        if not ACTIVATIONS[s.activation(l)].dies:
            continue
        muted = s.project.muted.get(l, ())
        units = np.flatnonzero((s.flat[l] == 1.0) & ~np.isin(np.arange(len(s.flat[l])), muted))
        if len(units):
            n = len(s.flat[l])
            who = f"Unit {_listed(units)}" if len(units) == 1 else f"{len(units)} of {n} units"
            is_are = "is" if len(units) == 1 else "are"
            waker = _waker(s, l, units)
            it = "it" if len(units) == 1 else "them"
            lasts = f"for as long as this lasts; {waker} may wake {it}" if waker else "any more"
            yield Finding(
                "dead",
                f"{who} of layer {l} {is_are} dead: {ACTIVATIONS[s.activation(l)].label} gives 0"
                " for every training example, so no gradient comes through and nothing is learned"
                f" there {lasts}.",
                "Try a lower learning rate, He initialization, or leaky ReLU.",
                layer=l,
                units=tuple(int(unit) for unit in units),
            )


def _waker(s: Signs, l: int, units: NDArray[np.intp]) -> str:
    """A cause that may revive dead units of layer l; empty if there is none.

    In layer 1 the inputs are fixed: weights that only shrink bring z = W x + b closer to b.
    """
    if l > 1:
        return "the layer before it"
    if (s.project.training.l1 or s.project.training.l2) and (s.p.b[l][units] > 0).any():
        return "regularization"
    return "the optimizer's memory of earlier gradients" if _coasts(s) else ""


def _coasts(s: Signs) -> bool:
    """Whether the optimizer keeps moving for a while after the gradient has become 0."""
    optimizer = OPTIMIZERS[s.project.training.optimizer](np.zeros(1), 1.0)
    optimizer.restore({name: np.ones_like(array) for name, array in optimizer.state().items()})
    return bool(optimizer.update(np.zeros(1)).any())


def _saturated(s: Signs) -> Iterator[Finding]:
    for l in range(1, s.L):
        if ACTIVATIONS[s.activation(l)].limits is None or l not in s.flat:
            continue
        share = float(s.flat[l].mean())
        if share > SATURATED and s.score.cost > HALF_WAY * s.baseline + s.floor:
            yield Finding(
                "saturated",
                f"Layer {l} is saturated: {_percent(share)} of its"
                f" {ACTIVATIONS[s.activation(l)].label} outputs sit at an end of their range, where"
                " the slope is nearly 0, so little of the gradient comes through (g′ is"
                f" {s.slopes[l]:.1g} on average).",
                "Start with smaller weights, scale the inputs, or use ReLU.",
                layer=l,
                units=tuple(int(unit) for unit in np.flatnonzero(s.flat[l] > SATURATED)),
            )


# --- the gradient --------------------------------------------------------------------------------


def _rms(array: Array) -> float:
    return float(np.sqrt(np.mean(np.square(array, dtype=np.float64))))


def _sizes(s: Signs, flat: Array) -> dict[int, float]:
    """How large the numbers of each layer's weight gradient are."""
    W = Parameters(s.p.sizes, flat=flat).W
    return {l: _rms(dW) for l, dW in W.items()}


def _vanishing(s: Signs) -> Iterator[Finding]:
    if s.iteration == 0 or s.L < 3:
        return
    sizes = _sizes(s, s.grad.flat)
    largest = max(sizes, key=lambda l: sizes[l])
    smallest = min(range(1, s.L), key=lambda l: sizes[l])
    seen = sizes[largest] > rounding(1.0, s.p.flat.dtype)
    fades = smallest < largest and 0 < sizes[smallest] < VANISHING * sizes[largest]
    if seen and fades and not s.learned:
        yield Finding(
            "vanishing",
            f"The gradient vanishes on its way back: in layer {smallest} it is"
            f" {_times(sizes[largest] / sizes[smallest])} times smaller than in layer {largest}, so"
            " the early layers hardly learn.",
            "Use ReLU, Xavier or He initialization, or fewer layers.",
            layer=smallest,
        )


def _nothing_learned(s: Signs) -> Iterator[Finding]:
    if s.L == 1 or len(s.curve.recent) < LOOK_BACK or not s.varied.any():
        return
    cost, constant = s.score.cost, s.baseline
    if constant <= s.floor or cost < NO_BETTER * constant:
        return
    largest = max(_sizes(s, s.gradient).values())
    if largest < NOTHING:
        yield Finding(
            "nothing-learned",
            f"Nothing is learned: the cost stands still at {cost:.3g}, no better than a constant"
            f" answer, which costs {constant:.3g}; the largest weight gradient of a layer is about"
            f" {largest:.0e}.",
            "Start from Xavier or He weights; use ReLU or tanh, or fewer layers.",
        )


def _exploding(s: Signs) -> Iterator[Finding]:
    if s.step is None:
        return
    steps = _sizes(s, s.step)
    speed = {l: steps[l] / size for l, W in s.p.W.items() if (size := _rms(W)) > 0}
    l = max(speed, key=lambda l: speed[l], default=0)
    if l and speed[l] > TOO_FAST and _rises(s) > JUMPY:
        yield Finding(
            "exploding",
            f"The updates are too large: in layer {l} one changes the weights by"
            f" {_percent(speed[l])} of their size, and the cost jumps.",
            "Lower the learning rate; scale the inputs if they are large.",
            layer=l,
        )


def _penalty_too_strong(s: Signs) -> Iterator[Finding]:
    """L2 alone gives w := (1 - αλ/m) w for every weight; L1 moves it by αλ/m towards 0."""
    training, m = s.project.training, s.split.train.m
    if not s.plain:
        return
    times = s.rate * training.l2 / m
    if times > 1:
        grows = ", and further away each time" if times > 2 else ""
        yield Finding(
            "penalty-too-strong",
            f"L2 is too strong for this learning rate: α λ / m is {times:.3g}, so that every update"
            f" takes each weight past 0{grows}, whatever the data say.",
            "Lower λ of L2, or the learning rate.",
        )
    by = s.rate * training.l1 / m
    layers = [l for l, W in s.p.W.items() if 0 < float(np.abs(W).max()) <= by]
    if layers and s.iteration:
        yield Finding(
            "penalty-too-strong",
            f"L1 is too strong: no weight of layer {layers[0]} is larger than the {by:.3g} by which"
            " it moves each weight in one update, so they jump about 0.",
            "Lower λ of L1, or the learning rate.",
            layer=layers[0],
        )


# --- the cost ------------------------------------------------------------------------------------


def _rises(s: Signs) -> float:
    """In which share of the last iterations the cost rose by more than a trifle."""
    recent = s.curve.recent[-LOOK_BACK:]
    if len(recent) < 20:
        return 0.0
    rose = np.diff(recent) > np.maximum(RISE * np.abs(recent[:-1]), s.floor)
    return float(np.mean(rose))


def _too_high(s: Signs) -> Iterator[Finding]:
    rises = _rises(s)
    if not s.noisy and rises > JUMPY:
        though = ", though small steps of plain descent would lower it" if s.plain else ""
        yield Finding(
            "rate-too-high",
            f"The cost jumps: J rose in {_percent(rises)} of the last"
            f" {min(LOOK_BACK, len(s.curve.recent)):,} iterations{though}.",
            f"Lower the learning rate ({s.project.training.learning_rate:g} now) to a third.",
        )


def _too_low(s: Signs) -> Iterator[Finding]:
    """A step was much too short if one a hundred times as long goes as straight downhill.

    On a plateau near a saddle that is so as well. There the steps along the gradient are short, but
    not α, which the steepest curvature of the cost would not let be a hundred times as large.
    """
    recent = s.curve.recent[-LOOK_BACK:]
    if s.noisy or s.step is None or len(recent) < LOOK_BACK:
        return
    linear = OPTIMIZERS[s.project.training.optimizer].linear
    fell = float(recent[0] - recent[-1]) / max(abs(float(recent[0])), s.floor)
    if not 0 <= fell < STANDSTILL or max(_sizes(s, s.gradient).values()) < NOTHING or s.learned:
        return
    J, slope = s.cost_along(np.zeros_like(s.step)), float(s.gradient.dot(s.step))
    if slope <= 0 or (linear and s.rate * s.sharpness > SHORT):
        return
    times = max(FARTHER, SEEN * J / slope)
    gain = (J - s.cost_along(times * s.step)) / slope
    if gain > STRAIGHT * times:
        yield Finding(
            "rate-too-low",
            (
                f"The cost falls by only {fell:.0e} in {LOOK_BACK} iterations; a step "
                f"{_times(times)} times as long would lower it about {_times(gain)} times as "
                "much."
            ),
            f"Raise the learning rate ({s.project.training.learning_rate:g} now) ten times.",
        )


def _underfitting(s: Signs) -> Iterator[Finding]:
    """A single layer with cross-entropy has reached its best parameters.

    If a line separated the classes with margin r on both sides, the gradient could not be shorter
    than r times the mean of 1 - P(true class), which is at least 1/2 for a wrong prediction. A
    shorter gradient proves that no line has a margin of MARGIN times the length of the longest
    input (with a 1 added for the bias). Of several sigmoid outputs it proves nothing: each asks
    only class or not, which no line may part although lines part the classes.
    """
    training = s.project.training
    convex = LOSSES[training.loss].of_classes and s.L == 1
    if not convex or training.l1 or training.l2 or s.iteration == 0:
        return
    several_questions = ACTIVATIONS[s.activation(1)].elementwise and len(s.split.train.Y) > 1
    if several_questions or s.score.accuracy is None:  # None for numbers, even if all are 0 or 1
        return
    wrong = 1.0 - s.score.accuracy
    reach = float(np.sqrt(1.0 + np.square(s.split.train.X, dtype=np.float64).sum(axis=0)).max())
    if wrong > WRONG and float(np.linalg.norm(s.gradient)) < MARGIN * reach * wrong / 2:
        line = {1: "threshold", 2: "straight line"}.get(len(s.split.train.X), "plane")
        feature = "" if s.split.points is None else ", or a feature such as x₁²"
        yield Finding(
            "underfitting",
            (
                f"One layer separates classes by a {line}, and no {line} separates these: the "
                f"cost has settled at {s.score.cost:.3g}, and {_percent(wrong)} of the training "
                "examples are wrong."
            ),
            f"Add a hidden layer with tanh or ReLU{feature}. Where classes overlap, no network"
            " parts them wholly.",
            layer=1,
        )


def _overfitting(s: Signs) -> Iterator[Finding]:
    tests = s.curve.tests
    if len(tests) < 10 or not len(s.curve.recent):
        return
    best = int(np.argmin(tests))
    lowest, now = float(tests[best]), float(tests[-1])
    since = int(s.curve.tested[best])
    risen = now > OVERFIT * lowest + s.floor
    if risen and float(s.curve.recent[-1]) < s.curve.at(since) - s.floor:
        yield Finding(
            "overfitting",
            (
                f"The network overfits: since iteration {since:,} the test cost has risen from "
                f"{lowest:.3g} to {now:.3g}, while the training cost kept falling."
            ),
            "Stop earlier, use L2 or dropout, fewer units, or more examples.",
        )


# --- the data ------------------------------------------------------------------------------------


def _inputs(s: Signs) -> Iterator[Finding]:
    X, varied = s.split.train.X, s.varied
    if s.split.mean is not None or not varied.any():
        return
    spread = deviations(X)[varied]
    largest = float(np.maximum(X.max(axis=1), -X.min(axis=1))[varied].max())
    most, least = float(spread.max()), float(spread.min())  # 0 if a square is too small
    ratio = 1.0 if s.split.picture is not None else most / least if least else math.inf
    if ratio > UNEVEN_INPUTS or largest > LARGE_INPUT:
        how = (
            f"one input varies {_times(ratio)} times as much as another"
            if ratio > UNEVEN_INPUTS
            else f"they reach {largest:,.4g}"
        )
        yield Finding(
            "unscaled",
            f"The inputs are not scaled: {how}. One learning rate then fits some weights and not"
            " the others.",
            "Switch on normalization (Data).",
            layer=0,
        )


def _balance(s: Signs) -> Iterator[Finding]:
    Y, names = s.split.train.Y, s.split.class_names
    if s.split.kind == "regression" or (s.split.kind == "binary" and len(Y) > 1):
        return
    counts = Y.sum(axis=1) if len(Y) > 1 else np.array([Y.shape[1] - Y.sum(), Y.sum()])
    shares = counts / Y.shape[1]
    rarest = int(shares.argmin())
    if shares[rarest] < RARE / len(shares):
        name = names[rarest] if rarest < len(names) else str(rarest)
        what = (
            f"Only {_percent(shares[rarest], 1)} of the training examples are of class {name}: a"
            f" network that never says so can be right in {_percent(1.0 - shares[rarest], 1)} of"
            " all cases."
        )
        advice = "Look at precision and recall (Results) instead of accuracy, or add more of them."
        if not counts[rarest]:
            what = f"No training example is of class {name}, so it cannot be learned."
            advice = "Add examples of it, or choose another data seed."
        yield Finding("unbalanced", what, advice, layer=0)


def _percent(share: float, decimals: int = 0) -> str:
    return f"{100 * share:.{decimals}f} %"


def _times(ratio: float) -> str:
    """A ratio as people read it: 1,234, and from ten thousand on a power of ten, 10⁵."""
    if ratio == math.inf:  # of two finite numbers
        return f"more than {_times(sys.float_info.max)}"
    power = math.floor(math.log10(ratio) + 1e-9)
    return f"{ratio:,.0f}" if power < 4 else f"10{str(power).translate(_POWERS)}"


RULES: tuple[Rule, ...] = (
    _all_linear,
    _range_of_output,
    twins,
    _dead,
    _exploding,
    _penalty_too_strong,
    _nothing_learned,
    _vanishing,
    _saturated,
    _too_high,
    _too_low,
    _underfitting,
    _overfitting,
    _inputs,
    _balance,
)


def _listed(units: list[int] | NDArray[np.intp]) -> str:
    """Unit numbers as people count them, from 1; long lists are cut."""
    names = [str(int(unit) + 1) for unit in units]
    if len(names) > 6:
        return f"{', '.join(names[:5])} and {len(names) - 5} more"
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
