"""What is kept of a run when another one takes its place."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from core.nn.parameters import count
from core.runs import EndedRun
from core.training.boundary import Pictures, plane_of
from core.training.messages import Score
from core.training.session import Session

SIDE = 48  # points along a side of its picture
LEAST = 10  # iterations of a run that is worth keeping
WORK = 2**32  # multiply-adds that measuring it anew may take: some 0.1 s


def ended(session: Session, known: tuple[Score, Score | None] | None) -> EndedRun | None:
    """What to keep of a run that ends now; None if it has hardly begun.

    `known` are its scores as last measured: a network that is slow to measure keeps those.
    """
    if session.iteration < LEAST:
        return None
    work = count(session.network.sizes) * session.split.train.m
    train, test = known if known is not None and work > WORK else session.score()
    return EndedRun(
        session.run,
        session.project,
        session.state(),
        train.cost,
        train.accuracy,
        None if test is None else test.cost,
        None if test is None else test.accuracy,
        _picture(session),
    )


def _picture(session: Session) -> NDArray[np.float32] | None:
    plane = plane_of(session.split)
    if plane is None:
        return None
    L, n = session.network.L, session.network.sizes[-1]
    pictures = Pictures(session.network, session.split, plane, session.between)
    values = pictures.values(session.p, SIDE, [(L, i) for i in range(n)])
    picture = np.stack([values[L, i] for i in range(n)]).astype(np.float32)
    picture.setflags(write=False)
    return picture
