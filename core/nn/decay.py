"""Learning-rate decay: reduces alpha with the epochs, in the forms that courses teach."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

LECTURE = "Ng, Improving Deep Neural Networks (Coursera, 2017), week 2: Learning Rate Decay"
ASSIGNMENT = "the same course, assignment Optimization Methods"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decay:
    """One form of decay: alpha from alpha0 (`a`), the decay rate k, the interval n and the epoch t,
    from 0.

    `text` and `python` are its formula, with places for a, k, n and t. `usual` is a default for k;
    k is at most 1 if it is the `share` that is kept.
    """

    label: str
    alpha: Callable[[float, float, int, int], float]
    text: str
    python: str
    source: str = LECTURE
    usual: float = 1.0
    share: bool = False
    has_interval: bool = False
    decays: bool = True


DECAYS: dict[str, Decay] = {
    "none": Decay(
        label="none",
        alpha=lambda a, k, n, t: a,
        text="{a}",
        python="{a}",
        source="",
        decays=False,
    ),
    "inverse": Decay(
        label="1 / (1 + k · epoch)",
        alpha=lambda a, k, n, t: a / (1 + k * t),
        text="{a} / (1 + {k} · {t})",
        python="{a} / (1 + {k} * {t})",
        usual=0.001,
    ),
    "interval": Decay(
        label="1 / (1 + k · ⌊epoch / n⌋)",
        alpha=lambda a, k, n, t: a / (1 + k * (t // n)),
        text="{a} / (1 + {k} · ⌊{t} / {n}⌋)",
        python="{a} / (1 + {k} * ({t} // {n}))",
        source=ASSIGNMENT,
        has_interval=True,
    ),
    "exponential": Decay(
        label="k to the epoch",
        alpha=lambda a, k, n, t: a * k**t,
        text="{a} · {k}^{t}",
        python="{a} * {k}**{t}",
        usual=0.999,
        share=True,
    ),
    "staircase": Decay(
        label="k to the ⌊epoch / n⌋",
        alpha=lambda a, k, n, t: a * k ** (t // n),
        text="{a} · {k}^⌊{t} / {n}⌋",
        python="{a} * {k} ** ({t} // {n})",
        usual=0.5,
        share=True,
        has_interval=True,
    ),
}


@dataclass(frozen=True, slots=True)
class Schedule:
    """A form of DECAYS with its numbers: alpha0, k and n."""

    form: str
    alpha0: float
    k: float
    n: int

    def alpha(self, epoch: int) -> float:
        """The learning rate of an epoch, counted from 0."""
        return DECAYS[self.form].alpha(self.alpha0, self.k, self.n, epoch)

    def text(self, epoch: int | str) -> str:
        """`1.2 / (1 + 0.01 · 35)`."""
        return self._filled(DECAYS[self.form].text, epoch)

    def python(self, epoch: int | str = "epoch") -> str:
        """The same as Python."""
        return self._filled(DECAYS[self.form].python, epoch, repr)

    def _filled(
        self, pattern: str, epoch: int | str, write: Callable[[float], str] = "{:g}".format
    ) -> str:
        return pattern.format(a=write(self.alpha0), k=write(self.k), n=self.n, t=epoch)
