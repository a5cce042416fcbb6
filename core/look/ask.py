"""`Ask`: what a viewer wants to see of a run, as a frozen value that measures it."""

from __future__ import annotations

import traceback
from abc import ABC, abstractmethod
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeVar, cast

from core.errors import LayerwiseError
from core.look.recorder import Recorder
from core.training.session import Session

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
UNEXPECTED = "This could not be computed ({}). Training continues; the log has the details."
MOST_KEPT = 12  # tools of measuring: grids, caches, evaluators


class Allowance:
    """The resources for measuring: how much time there is, and memory kept between looks.

    The run `rests` if it does not change until the next message; it is `idle` if it also was not
    asked to continue, so that a finer and slower measurement disturbs no one. `recorder` has the
    recorded distributions of the run.
    """

    def __init__(self, recorder: Recorder) -> None:
        self.idle = self.rests = False
        self.recorder = recorder
        self._kept: OrderedDict[Hashable, object] = OrderedDict()

    def keep(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value kept for this key; computed now if it is missing."""
        if key not in self._kept:
            self._kept[key] = make()
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return cast(T, self._kept[key])

    def forget(self) -> None:
        """Drop everything kept, which was computed for another network."""
        self._kept.clear()


class Ask(ABC, Generic[T_co]):
    """One thing to measure of a run; subclasses are frozen dataclasses of the parameters.

    Equal asks share one answer, however many viewers ask. `share` is the part of the time that the
    measurement may take during training; None measures it whenever it is asked for.
    """

    __slots__ = ()
    share: ClassVar[float | None] = 0.05

    def fits(self, sizes: tuple[int, ...]) -> bool:
        """Whether a network of these sizes n[0]..n[L] has the parts that are asked about."""
        return True

    @abstractmethod
    def measure(self, session: Session, allowance: Allowance) -> T_co | None:
        """The answer, as frozen values and read-only arrays; None if there is none.

        Any exception costs only this answer (`Failure`). The session is not changed.
        """


Asks = tuple[Ask[Any], ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """The reason why a measurement failed, in place of its answer.

    `sentence` is for the user; `details` is the traceback of an unexpected error, empty if the
    sentence is enough.
    """

    sentence: str
    details: str = ""

    @classmethod
    def of(cls, error: Exception) -> Failure:
        """The message of an exception for the user, and its text for the log."""
        if isinstance(error, LayerwiseError):
            return cls(str(error))
        what = UNEXPECTED.format(type(error).__name__)
        return cls(what, "".join(traceback.format_exception(error)))
