"""A score version: what one computation of the scores was made from, and when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class ScoreVersion:
    """One computation of the scores.

    ``versi`` is its name, ``input_version`` the hash of the data and ``boundary_version`` that of the boundaries it was
    made from; ``n_top`` how many villages a campaign reaches. ``params`` and ``evaluation`` are plain values.
    """

    versi: str
    created_at: dt.datetime
    input_version: str
    boundary_version: str
    n_top: int
    data_contoh: bool
    params: dict[str, Any] = field(default_factory=dict)
    evaluation: dict[str, Any] = field(default_factory=dict)
