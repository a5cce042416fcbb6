"""Random walks over a project, its training and its ended runs, exploding ones among them."""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from dataclasses import replace

import msgspec
import numpy as np

from core import edits
from core.by_hand import Place, nudge, number
from core.data.own import OwnData, own_data
from core.errors import LayerwiseError
from core.files.storage import Saved
from core.hyperparameters import TrainingSettings
from core.nn.activations import ACTIVATIONS
from core.nn.decay import DECAYS
from core.nn.losses import LOSSES
from core.nn.optimizers import OPTIMIZERS
from core.project import Project, check
from core.runs import EndedRun
from core.training.ended_run import ended
from core.training.session import Session
from core.view import View

RATES = (1e-300, 1e-3, 0.3, 1.2, 30.0, 1e2, 1e3, 1e6, 1.7e308)
PENALTIES = (0.0, 0.0, 1e-300, 0.1, 1.0, 1e3, 1.7e308)
SOURCES = ("flower", "xor", "blobs", "plane", "own")


def own(rng: random.Random) -> OwnData:
    """A table of a few rows, whose numbers may be of any size that an import lets by."""
    size = rng.choice((1e-150, 1.0, 1.0, 1e149))
    X = np.random.RandomState(rng.randrange(99)).randn(rng.choice((1, 2, 3, 9)), 12) * size
    names = [
        rng.choice(("=a", "\N{LATIN SMALL LETTER A WITH DIAERESIS}", "x" * 99, "b c")) for _ in X
    ]
    test = rng.choice((0, 0, 3))
    return own_data(X, [np.arange(12) % 2], "walk.csv", inputs=names, test_examples=test)


class Walk:
    """One walk: `saved` is all there is at each of its steps."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.own = own(self.rng)
        self.runs: list[EndedRun] = []
        self.session = self._new(None)

    def _try(self, project: Project) -> Project | None:
        try:
            check(project)
        except LayerwiseError:
            return None
        return project

    def _project(self) -> Project:
        rng, source = self.rng, self.rng.choice(SOURCES)
        if source == "own":
            project = edits.choose_own(Project(), self.own)
        else:
            project = edits.choose_source(edits.with_data(Project(), examples=20), source)
        network, output = project.network, project.network.layers[-1]
        hidden = msgspec.structs.replace(
            output, units=rng.choice((1, 3)), activation=rng.choice(list(ACTIVATIONS)), dropout=0.0
        )
        if rng.random() < 0.3:
            hidden = msgspec.structs.replace(hidden, dropout=0.5)
        found = msgspec.structs.replace(
            project,
            network=msgspec.structs.replace(
                network,
                layers=(*[hidden] * rng.choice((0, 1, 2)), output),
                scale=rng.choice((0.01, 1.0, 1e3, 1e100)),
                seed=rng.randrange(99),
            ),
            training=self._training(project),
        )
        return self._try(found) or project

    def _training(self, project: Project) -> TrainingSettings:
        rng = self.rng
        return msgspec.structs.replace(
            project.training,
            loss=rng.choice((project.training.loss, *LOSSES)),
            optimizer=rng.choice(list(OPTIMIZERS)),
            learning_rate=rng.choice(RATES),
            l1=rng.choice(PENALTIES),
            l2=rng.choice(PENALTIES),
            batch_size=rng.choice((None, None, 1, 7)),
            dtype=rng.choice(("float64", "float32")),
            decay=msgspec.structs.replace(project.training.decay, form=rng.choice(list(DECAYS))),
        )

    def _new(self, before: Session | None) -> Session:
        while True:
            project = self._project()
            data = self.own if project.data.own is not None else None
            try:
                return Session(project, own=data, run=len(self.runs) + 1)
            except LayerwiseError:  # the labels do not fit, or it would overflow
                continue

    def steps(self, count: int) -> Iterator[Saved]:
        """This number of states, each after another action of a user."""
        for _ in range(count):
            with np.errstate(all="ignore"):
                self.rng.choice(
                    (self._train, self._train, self._retune, self._by_hand, self._end)
                )()
                yield self.saved()

    def _train(self) -> None:
        self.session.allow(math.inf)
        for _ in range(self.rng.choice((1, 5, 200))):
            if not self.session.advance():
                break

    def _retune(self) -> None:
        project = self.session.project
        training = self._training(project)
        training = msgspec.structs.replace(training, dtype=project.training.dtype)
        found = self._try(msgspec.structs.replace(project, training=training))
        if found is not None:
            try:
                self.session.retune(found)
            except LayerwiseError:
                self.session = self._new(self.session)

    def _by_hand(self) -> None:
        rng, p = self.rng, self.session.p
        l = rng.choice(list(p.W))
        row = rng.randrange(len(p.W[l]))
        value = rng.choice((0.0, -0.0, 5e-324, 1e-3, 1e9, -1e9))
        change = number(Place(l, row, rng.randrange(-1, p.W[l].shape[1])), value)
        if rng.random() < 0.3:
            change = nudge(p, l, row, rng.randrange(99))
        self.session.adjust(change)

    def _end(self) -> None:
        run = ended(self.session, None)
        if run is not None:
            name = self.rng.choice(("", "=1+1", "<b>bold</b>"))
            self.runs.append(replace(run, number=len(self.runs) + 1, name=name))
        self.session = self._new(self.session)

    def saved(self) -> Saved:
        """All there is now."""
        session = self.session
        data = self.own if session.project.data.own is not None else None
        runs = tuple(
            run for run in self.runs if run.project.data.own in (None, session.project.data.own)
        )
        start = session.p.flat.copy() if self.rng.random() < 0.2 else None
        return Saved(session.project, session.state(), data, start, View(discretize=True), runs)
