"""The own data at hand: those that the document learns, and those that undo and redo lead to."""

from __future__ import annotations

from core.data.own import OwnData
from core.data.painting import Painting, painting_of
from core.data.shelf import Shelf
from gui.document import Document

TIDY_AT = 64  # data at hand before those are forgotten that nothing leads to


class Store:
    """Keeps own data by digest as long as the document or its undo stack names them."""

    def __init__(self, document: Document) -> None:
        self._document, self._shelf = document, Shelf()
        self._tidy_at = TIDY_AT

    @property
    def own(self) -> OwnData | None:
        """The own data that the project learns, if it does."""
        said = self._document.project.data.own
        return None if said is None else self._shelf.get(said.digest)

    @property
    def painting(self) -> Painting | None:
        """The same, as a painting, if they were painted."""
        own = self.own
        if own is None or own.sheet is None:
            return None
        return self._shelf.painting(own.digest) or painting_of(own)

    def bring(self, own: OwnData) -> None:
        """Keep own data at hand; an edit that chooses them is to follow."""
        self._tidy()
        self._shelf.put(own)

    def bring_painting(self, painting: Painting) -> OwnData:
        """The same of a painting; returns the data that it is."""
        self._tidy()
        return self._shelf.put_painting(painting)

    def clear(self) -> None:
        """Another document: forget everything."""
        self._shelf.clear()

    def _tidy(self) -> None:
        if len(self._shelf) < self._tidy_at:
            return
        said = [project.data.own for project in self._document.projects()]
        self._shelf.retain({own.digest for own in said if own is not None})
        self._tidy_at = 2 * len(self._shelf) + TIDY_AT
