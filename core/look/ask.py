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
    """What measuring may use: how much time there is, and memory kept from one look to the next.

    The run `rests` while it stays as it is until the next message; it is `idle` when it also was
    not asked to go on, so that a finer and slower measurement disturbs nobody. `recorder` has what
    was recorded of the run's numbers.
    """

    def __init__(self, recorder: Recorder) -> None:
        self.idle = self.rests = False
        self.recorder = recorder
        self._kept: OrderedDict[Hashable, object] = OrderedDict()

    def keep(self, key: Hashable, make: Callable[[], T]) -> T:
        """What was made for this key; made now if nothing was, or if it was forgotten since."""
        if key not in self._kept:
            self._kept[key] = make()
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        self._kept.move_to_end(key)
        return cast(T, self._kept[key])

    def forget(self) -> None:
        """What was made was made for another network."""
        self._kept.clear()


class Ask(ABC, Generic[T_co]):
    """One thing to measure of a run; subclasses are frozen dataclasses of what may be chosen.

    Equal asks have one answer, however many viewers ask. `share` is the part of the time that the
    measurement may take while the run goes on; None measures it whenever it is asked for.
    """

    __slots__ = ()
    share: ClassVar[float | None] = 0.05

    def fits(self, sizes: tuple[int, ...]) -> bool:
        """Whether a network of these sizes n[0]..n[L] has what is asked about."""
        return True

    @abstractmethod
    def measure(self, session: Session, allowance: Allowance) -> T_co | None:
        """The answer, of frozen values and read-only arrays; None where there is none.

        Whatever this raises costs this answer alone (`Failure`). The session is left as it is.
        """


Asks = tuple[Ask[Any], ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """In an answer's place: why it could not be measured.

    `sentence` is for the user; `details` is the traceback of an unexpected error, empty where the
    sentence says all there is to know.
    """

    sentence: str
    details: str = ""

    @classmethod
    def of(cls, error: Exception) -> Failure:
        """What an exception says to the user, and to the log."""
        if isinstance(error, LayerwiseError):
            return cls(str(error))
        what = UNEXPECTED.format(type(error).__name__)
        return cls(what, "".join(traceback.format_exception(error)))
