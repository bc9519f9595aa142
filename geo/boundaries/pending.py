"""The store as it will be after an act on boundaries, so that its map layers can be built before the act is final.

A process that dies in between leaves files nobody refers to, never boundaries without their layers.
"""

from __future__ import annotations

from data.store.parts.boundaries import Boundaries, BoundaryFile
from data.store.store import Store


class Pending(Store):
    """Answers like ``store``, but with boundary files ``added`` (the newest official ones) or one batch taken back."""

    def __init__(self, store: Store, *, added: list[BoundaryFile] | None = None, without: str | None = None) -> None:
        self.__dict__.update(store.__dict__)
        self.boundaries = _PendingBoundaries(store, added or [], without)


class _PendingBoundaries(Boundaries):
    def __init__(self, store: Store, added: list[BoundaryFile], without: str | None) -> None:
        super().__init__(store._database)
        self._stored, self._without = store.boundaries, without
        self._added = added

    def of(self, level: str) -> list[BoundaryFile]:
        """As `data.store.parts.boundaries.Boundaries.of`."""
        kept = [row for row in self._stored.of(level) if row.batch != self._without]
        return [row for row in self._added if row.level == level] + kept
