"""Caches own data: of the document, of its runs, and of projects that undo can restore."""

from __future__ import annotations

from core.data.own import OwnData
from core.data.painting import Painting, painting_of
from core.data.registry import DataRegistry
from core.project import Project
from core.training.data_source import check_own, check_standardized
from gui.model.document import Document
from gui.model.runs import Runs

TIDY_AT = 64  # data to keep before unreachable ones are dropped


class DataCache:
    """Keeps own data by digest as long as the document, its undo stack or a kept run names them."""

    def __init__(self, document: Document, runs: Runs) -> None:
        self._document, self._runs, self._registry = document, runs, DataRegistry()
        self._tidy_at = TIDY_AT
        document.add_check(self._check)

    def _check(self, project: Project) -> None:
        """Refuse an edit if its data are available and could not be learned."""
        own, before = self.of(project), self._document.project
        if own is None:
            return
        check_own(project, own)
        settings = [(each.data, each.training.dtype) for each in (project, before)]
        if settings[0] != settings[1]:  # the document's own are known already
            check_standardized(project, own)

    @property
    def own(self) -> OwnData | None:
        """The own data of the project, if it has any."""
        return self.of(self._document.project)

    @property
    def count(self) -> int:
        """The number of own data sets kept."""
        return len(self._registry)

    def of(self, project: Project) -> OwnData | None:
        """The own data of a project, if it has any and they are available."""
        said = project.data.own
        return None if said is None else self._registry.get(said.digest)

    @property
    def painting(self) -> Painting | None:
        """The same, as a painting, if they were painted."""
        own = self.own
        if own is None or own.sheet is None:
            return None
        return self._registry.painting(own.digest) or painting_of(own)

    def bring(self, own: OwnData) -> None:
        """Keep own data for an edit that is about to choose them."""
        self._tidy()
        self._registry.put(own)

    def bring_painting(self, painting: Painting) -> OwnData:
        """The same for a painting; returns its data."""
        self._tidy()
        return self._registry.put_painting(painting)

    def set_aside(self) -> DataRegistry:
        """Keep other data from now on; `bring_back` restores the ones kept so far."""
        aside, self._registry = self._registry, DataRegistry()
        return aside

    def bring_back(self, aside: DataRegistry) -> None:
        self._registry = aside

    def clear(self) -> None:
        """Another document: forget everything."""
        self._registry.clear()

    def _tidy(self) -> None:
        if len(self._registry) < self._tidy_at:
            return
        runs = (*self._runs.kept, *self._runs.removed)
        projects = {*self._document.projects(), *(run.project for run in runs)}
        said = [project.data.own for project in projects]
        self._registry.retain({own.digest for own in said if own is not None})
        self._tidy_at = 2 * len(self._registry) + TIDY_AT
