"""The doctor: what is wrong with a network or its training, in plain sentences, and what to try."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from core.data.examples import Split
from core.nn.activations import ACTIVATIONS, Array
from core.nn.parameters import Parameters
from core.project import Project

SATURATED = 0.95  # share of a layer's activations that sit where its slope is nearly 0
VANISHING = 1e-3  # times the gradient of the layer behind which it is largest
TOO_FAST = 0.2  # update / weight of a layer that is not small any more
TOO_SLOW = 1e-6  # update / weight at which nothing is learned in any sensible time
LOOK_BACK = 200  # iterations of the cost that are looked at
JUMPY = 0.25  # share of these in which the cost rose
RISE = 0.01  # of the cost: a rise that is more than noise
PATIENT = 0.05  # of the cost: how much it may still fall before it is learning
LARGE_INPUT = 10.0  # magnitude from which inputs slow training down
UNEVEN_INPUTS = 10.0  # times the standard deviation of another input
RARE = 0.2  # of the share a class would have if all had the same
OVERFIT = 1.05  # times the lowest test cost


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: `what` says it, `advice` what to try; `layer` and `units` where.

    `name` is the rule's, the same for every finding of one kind.
    """

    name: str
    what: str
    advice: str
    layer: int | None = None
    units: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Signs:
    """What the doctor looks at. `costs` are those of the last iterations, `cost_at(i)` that before
    any update i. `flat[l]` (n[l],) is the share of the training examples for which
    a unit sits where its slope is (nearly) 0; activations that have no such place are not in it.
    """

    project: Project
    split: Split
    p: Parameters
    grad: Parameters
    iteration: int
    costs: Array
    test_iterations: NDArray[np.int64]
    test_costs: Array
    cost_at: Callable[[int], float] | None = None
    flat: dict[int, Array] = field(default_factory=dict)

    @property
    def L(self) -> int:  # noqa: N802 - the field's letter
        return len(self.project.network.layers)

    def activation(self, l: int) -> str:
        return self.project.network.layers[l - 1].activation


Rule = Callable[[Signs], Iterator[Finding]]


def examine(signs: Signs) -> tuple[Finding, ...]:
    """All that is wrong, the gravest kinds first."""
    return tuple(finding for rule in RULES for finding in rule(signs))


# --- the network ---------------------------------------------------------------------------------


def _all_linear(s: Signs) -> Iterator[Finding]:
    if s.L > 1 and all(s.activation(l) == "linear" for l in range(1, s.L)):
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
    least, most = g.limits or (0.0 if g.name == "relu" else -np.inf, np.inf)
    if low < least or high > most:
        reach = f"from {least:g} to {most:g}" if np.isfinite(most) else f"{least:g} and more"
        yield Finding(
            "output-range",
            f"The labels go from {low:.3g} to {high:.3g}, and a {g.label} output can only be"
            f" {reach}: some labels can never be met.",
            "Choose a linear output with squared error.",
            layer=s.L,
        )


def _twins(s: Signs) -> Iterator[Finding]:
    """Units with the same weights in and out get the same gradient, and stay the same for ever."""
    for l in range(1, s.L):
        groups: dict[bytes, list[int]] = {}
        lanes = np.hstack([s.p.Wb[l], s.p.W[l + 1].T]) + 0.0  # -0 is 0
        layer = s.project.network.layers[l - 1]
        for unit, lane in enumerate(lanes):
            if unit in layer.muted or unit in layer.frozen or (layer.dropout and lane.any()):
                continue  # something tells it from its twin
            groups.setdefault(lane.tobytes(), []).append(unit)
        for units in groups.values():
            if len(units) > 1:
                names = _listed(units)
                yield Finding(
                    "twins",
                    f"Units {names} of layer {l} are twins: they have the same weights, so they"
                    " get the same gradient and will always compute the same.",
                    "Start from random weights (Initialization), or nudge one of them.",
                    layer=l,
                    units=tuple(units),
                )


def _dead(s: Signs) -> Iterator[Finding]:
    for l in range(1, s.L):
        if s.activation(l) != "relu" or l not in s.flat:
            continue
        muted = s.project.muted.get(l, ())
        units = np.flatnonzero((s.flat[l] == 1.0) & ~np.isin(np.arange(len(s.flat[l])), muted))
        if len(units):
            n = len(s.flat[l])
            who = f"Unit {_listed(units)}" if len(units) == 1 else f"{len(units)} of {n} units"
            is_are = "is" if len(units) == 1 else "are"
            yield Finding(
                "dead",
                f"{who} of layer {l} {is_are} dead: ReLU gives 0 for every training example, so no"
                " gradient comes through and nothing is learned there any more.",
                "Try a lower learning rate, He initialization, or leaky ReLU.",
                layer=l,
                units=tuple(int(unit) for unit in units),
            )


def _saturated(s: Signs) -> Iterator[Finding]:
    for l in range(1, s.L):
        if l not in s.flat or s.activation(l) == "relu":
            continue
        share = float(s.flat[l].mean())
        if share > SATURATED:
            yield Finding(
                "saturated",
                f"Layer {l} is saturated: {_percent(share)} of its"
                f" {ACTIVATIONS[s.activation(l)].label} outputs sit at an end of their range, where"
                " the slope is nearly 0, so its weights hardly move.",
                "Start with smaller weights, scale the inputs, or use ReLU.",
                layer=l,
                units=tuple(int(unit) for unit in np.flatnonzero(s.flat[l] > SATURATED)),
            )


# --- the gradient --------------------------------------------------------------------------------


def _rms(array: Array) -> float:
    return float(np.sqrt(np.mean(np.square(array, dtype=np.float64))))


def _vanishing(s: Signs) -> Iterator[Finding]:
    if s.iteration == 0 or s.L < 3:
        return
    sizes = {l: _rms(s.grad.W[l]) for l in range(1, s.L + 1)}
    largest = max(sizes, key=lambda l: sizes[l])
    smallest = min(range(1, s.L), key=lambda l: sizes[l])
    if smallest < largest and 0 < sizes[smallest] < VANISHING * sizes[largest]:
        times = sizes[largest] / sizes[smallest]
        yield Finding(
            "vanishing",
            f"The gradient vanishes on its way back: that of layer {smallest} is {times:,.0f} times"
            f" as small as that of layer {largest}, so the early layers hardly learn.",
            "Use ReLU, Xavier or He initialization, or fewer layers.",
            layer=smallest,
        )


def _speed(s: Signs) -> dict[int, float]:
    """|update| / |weight| of every layer, for plain gradient descent."""
    alpha = s.project.training.learning_rate
    return {
        l: alpha * _rms(s.grad.W[l]) / size
        for l in range(1, s.L + 1)
        if (size := _rms(s.p.W[l])) > 0
    }


def _exploding(s: Signs) -> Iterator[Finding]:
    if s.iteration == 0 or s.project.training.optimizer != "gradient_descent":
        return
    speed = _speed(s)
    l = max(speed, key=lambda l: speed[l], default=0)
    if l and speed[l] > TOO_FAST and _rises(s.costs) > JUMPY:
        yield Finding(
            "exploding",
            f"The updates are too large: in layer {l} one changes the weights by"
            f" {_percent(speed[l])} of their size, and the cost jumps.",
            "Lower the learning rate; scale the inputs if they are large.",
            layer=l,
        )


# --- the cost ------------------------------------------------------------------------------------


def _rises(costs: Array) -> float:
    """In which share of the last iterations the cost rose by more than a trifle."""
    recent = costs[-LOOK_BACK:]
    if len(recent) < 20:
        return 0.0
    return float(np.mean(np.diff(recent) > RISE * np.abs(recent[:-1])))


def _too_high(s: Signs) -> Iterator[Finding]:
    rises = _rises(s.costs)
    if s.project.training.batch_size is None and rises > JUMPY:
        yield Finding(
            "rate-too-high",
            f"The cost jumps: in {_percent(rises)} of the last {min(LOOK_BACK, len(s.costs)):,}"
            " iterations it rose, though every update should lower it.",
            f"Lower the learning rate ({s.project.training.learning_rate:g} now) to a third.",
        )


def _too_low(s: Signs) -> Iterator[Finding]:
    if s.project.training.optimizer != "gradient_descent" or len(s.costs) < LOOK_BACK:
        return
    recent = s.costs[-LOOK_BACK:]
    fell = float(recent[0] - recent[-1]) / max(abs(float(recent[0])), 1e-300)
    falling = bool((np.diff(recent) <= 0).all()) and fell > 0
    speed = _speed(s)
    if falling and fell < PATIENT and speed and max(speed.values()) < TOO_SLOW:
        yield Finding(
            "rate-too-low",
            f"The cost falls steadily but only by {fell:.1e} of itself in {LOOK_BACK} iterations:"
            f" an update changes no weight by more than {max(speed.values()):.0e} of its size.",
            f"Raise the learning rate ({s.project.training.learning_rate:g} now) three to ten"
            " times.",
        )


def _overfitting(s: Signs) -> Iterator[Finding]:
    if len(s.test_costs) < 10 or not len(s.costs) or s.cost_at is None:
        return
    best = int(np.argmin(s.test_costs))
    lowest, now = float(s.test_costs[best]), float(s.test_costs[-1])
    since = int(s.test_iterations[best])
    if now > OVERFIT * lowest and s.costs[-1] < s.cost_at(since):
        yield Finding(
            "overfitting",
            f"The network learns its training examples by heart: since iteration {since:,} the test"
            f" cost has risen from {lowest:.3g} to {now:.3g}, while the training cost went on"
            " falling.",
            "Stop earlier, use L2 or dropout, fewer units, or more examples.",
        )


# --- the data ------------------------------------------------------------------------------------


def _inputs(s: Signs) -> Iterator[Finding]:
    X = s.split.train.X
    spread, largest = X.std(axis=1), float(np.abs(X).max())
    varied = spread[spread > 0]
    uneven = len(varied) > 1 and varied.max() > UNEVEN_INPUTS * varied.min()
    if s.split.mean is None and (largest > LARGE_INPUT or uneven):
        how = (
            f"one input varies {varied.max() / varied.min():,.0f} times as much as another"
            if uneven
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
    rarest, most = int(shares.argmin()), float(shares.max())
    if shares[rarest] < RARE / len(shares):
        name = names[rarest] if rarest < len(names) else str(rarest)
        what = (
            f"Only {_percent(shares[rarest], 1)} of the training examples are of class {name}:"
            f" whoever never says so is right in up to {_percent(most)} of all cases."
        )
        advice = (
            "Look at precision and recall (Results) instead of accuracy, or bring more of them."
        )
        if not counts[rarest]:
            what = f"No training example is of class {name}, so that it cannot be learned."
            advice = "Bring more examples, or another seed of the data."
        yield Finding("unbalanced", what, advice, layer=0)


def _percent(share: float, decimals: int = 0) -> str:
    return f"{100 * share:.{decimals}f} %"


RULES: tuple[Rule, ...] = (
    _all_linear,
    _range_of_output,
    _twins,
    _dead,
    _exploding,
    _vanishing,
    _saturated,
    _too_high,
    _too_low,
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
