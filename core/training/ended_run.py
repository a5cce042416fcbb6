"""Builds the record of a run that is replaced by another one."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.look.pictures import Pictures
from core.look.plane import plane_of
from core.nn.parameters import count
from core.project import Project
from core.runs import MOST_PICTURE, EndedRun
from core.state import RunState
from core.training.outcomes import Score
from core.training.session import Session

SIDE = 48  # points along a side of its picture
LEAST = 10  # iterations of a run that is worth keeping
WORK = 2**32  # multiply-adds that measuring it again may take: some 0.1 s


Scores = tuple[Score, Score | None]  # on the training and on the test examples


@dataclass(frozen=True, slots=True, eq=False)
class Before:
    """The state of a run before its settings were changed; `state` has no curves."""

    project: Project
    state: RunState


def before_change(session: Session, known: Before | None) -> Before:
    """The state of a run before a change; `known` is the state before the previous change.

    Of several changes without an iteration between them, the state before the first counts.
    """
    if known is not None and known.state.iteration == session.iteration:
        return known
    return Before(session.project, session.state(curves=False))


def ended(session: Session, known: Scores | None, before: Before | None = None) -> EndedRun | None:
    """The record of a run that ends now; None if it has hardly begun.

    `known` are its last measured scores, which are kept for a network that is slow to measure.
    Settings changed since `before`, without an iteration, do not belong to this run.
    """
    if session.iteration < LEAST:
        return None
    start = session.start
    if before is not None and before.state.iteration == session.iteration:
        session, known = _as_trained(session, before), None
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
        drawn=session.by_hand.drawn,
        start=start,
        r2=train.r2,
        test_r2=None if test is None else test.r2,
    )


def rescued(session: Session) -> EndedRun | None:
    """The record of a run that cannot be measured any more: its last known state, with the curves
    up to there; None without one.
    """
    past = session.past
    moment = None if past is None else past.before(session.iteration)
    if moment is None or moment.iteration < LEAST:
        return None
    costs, places = session.curves.train_before(moment.iteration)
    iterations, test_costs = session.curves.test_before(moment.iteration)
    state = replace(
        moment.state,
        costs=costs,
        cost_iterations=places,
        test_iterations=iterations,
        test_costs=test_costs,
    )
    test = float(test_costs[-1]) if len(test_costs) else None
    return EndedRun(
        session.run, moment.project, state, float(costs[-1]), None, test, None, None,
        drawn=session.by_hand.drawn, start=session.start,
    )  # fmt: skip


def _as_trained(session: Session, before: Before) -> Session:
    curves = session.state()
    state = replace(
        before.state,
        costs=curves.costs,
        cost_iterations=curves.cost_iterations,
        test_iterations=curves.test_iterations,
        test_costs=curves.test_costs,
    )
    project, split = before.project, session.split
    return Session(project, split, run=session.run, between=session.between, state=state)


def _picture(session: Session) -> NDArray[np.float32] | None:
    """The outputs over the plane; None if there are too many, or they are not finite."""
    if session.network.sizes[-1] * SIDE**2 * 4 > MOST_PICTURE:
        return None
    plane = plane_of(session.split)
    L, n = session.network.L, session.network.sizes[-1]
    pictures = Pictures(session.network, session.split, plane, session.between)
    values = pictures.values(session.p, SIDE, [(L, i) for i in range(n)])
    with np.errstate(all="ignore"):
        picture = np.stack([values[L, i] for i in range(n)]).astype(np.float32)
    if not np.isfinite(picture).all():
        return None
    picture.setflags(write=False)
    return picture
