"""The store as it will be after an act on boundaries, so that its map layers can be built before the act is final.

A process that dies in between leaves files nobody refers to, never boundaries without their layers.
"""

from __future__ import annotations

import datetime as dt
from typing import Any


class Pending:
    """Answers like ``store``, but with boundary files ``added`` (the newest official ones) or one batch taken back."""

    def __init__(self, store: Any, *, added: list[dict[str, Any]] | None = None, without: str | None = None) -> None:
        self._store, self._without = store, without
        self._added = [{"batch": "", "created_at": dt.datetime.now(), **row} for row in added or []]

    def boundaries(self, level: str) -> list[dict[str, Any]]:
        """As `data.store.store.Store.boundaries`."""
        kept = [row for row in self._store.boundaries(level) if row["batch"] != self._without]
        return [row for row in self._added if row["level"] == level] + kept

    def boundary(self, level: str) -> dict[str, Any] | None:
        """As `data.store.store.Store.boundary`."""
        return next(iter(self.boundaries(level)), None)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)
