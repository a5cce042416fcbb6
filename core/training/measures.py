"""Measures cost, accuracy and predictions of a run on its training and test examples."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from core.data.examples import Split
from core.hyperparameters import TrainingSettings
from core.nn.activations import Array
from core.nn.network import Network
from core.nn.parameters import Parameters
from core.nn.regularization import regularization
from core.training.metrics import Evaluator
from core.training.outcomes import Answered, Score


class Measures:
    """Measures parameters in separate memory; `between` is called between the parts."""

    def __init__(self, network: Network, split: Split, between: Callable[[], None]) -> None:
        self._split = split
        self._train = Evaluator(network, split.train, split.kind, between)
        self._test = (
            None if split.test is None else Evaluator(network, split.test, split.kind, between)
        )

    @property
    def has_test(self) -> bool:
        """Whether there are test examples."""
        return self._test is not None

    def fit(self, p: Parameters) -> Score:
        """On the training examples; the cost is the mean loss alone."""
        return self._train.score(p)

    def train(self, p: Parameters, training: TrainingSettings) -> Score:
        """On the training examples; the cost is the one that is minimized, with regularization."""
        score = self._train.score(p)
        penalty = regularization(p, training.l1, training.l2, self._split.train.m)
        return score if penalty is None else replace(score, cost=score.cost + penalty.cost(p))

    def test(self, p: Parameters) -> Score | None:
        """On the test examples, if there are any; the cost is the mean loss alone."""
        return None if self._test is None else self._test.score(p)

    def answers(self, p: Parameters, iteration: int) -> Answered:
        """The predictions for every example with the parameters after `iteration` updates."""
        test = None if self._test is None else self._test.answers(p)
        return Answered(iteration, self._train.answers(p), test)

    def gradient(self, p: Parameters, training: TrainingSettings) -> Array:
        """The gradient (flat) of the cost on the training examples, with regularization."""
        gradient = self._train.gradient(p)
        penalty = regularization(p, training.l1, training.l2, self._split.train.m)
        if penalty is not None:
            penalty.add_gradient(p, Parameters(p.sizes, flat=gradient))
        return gradient

    def slopes(self, p: Parameters) -> dict[int, float]:
        """`Evaluator.slopes` of the training examples."""
        return self._train.slopes(p)

    def flat(self, p: Parameters) -> dict[int, Array]:
        """`Evaluator.flat` of the training examples."""
        return self._train.flat(p)

    def activations(self, p: Parameters, layer: int) -> Array:
        """A[layer] (n[layer], m) over the training examples; the array may belong to the data."""
        return self._split.train.X if layer == 0 else self._train.activations(p, layer)
