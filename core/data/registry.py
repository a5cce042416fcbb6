"""A registry of own data by digest; paintings in it share the parts they have in common."""

from __future__ import annotations

from collections.abc import Collection

from core.data.own import OwnData
from core.data.painting import Painting


class DataRegistry:
    """Keeps own data until `retain` says which are still needed.

    For a painting only its chunks are kept, most of which are shared with the one before; the
    arrays for a run are made from them on request.
    """

    def __init__(self) -> None:
        self._kept: dict[str, OwnData | Painting] = {}
        self._made: OwnData | None = None  # of the last requested painting

    def __len__(self) -> int:
        return len(self._kept)

    def put(self, data: OwnData) -> None:
        """Keep these data."""
        self._kept[data.digest] = data

    def put_painting(self, painting: Painting) -> OwnData:
        """Keep a painting; returns its data."""
        self._made = painting.own()
        self._kept[self._made.digest] = painting
        return self._made

    def get(self, digest: str) -> OwnData | None:
        """The data with this digest, if they are kept."""
        found = self._kept.get(digest)
        if not isinstance(found, Painting):
            return found
        if self._made is None or self._made.digest != digest:
            self._made = found.own()
        return self._made

    def painting(self, digest: str) -> Painting | None:
        """The painting of this digest, if one is kept."""
        found = self._kept.get(digest)
        return found if isinstance(found, Painting) else None

    def retain(self, digests: Collection[str]) -> None:
        """Forget all others."""
        self._kept = {digest: data for digest, data in self._kept.items() if digest in digests}

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()
        self._made = None
