"""A score version: what one computation of the scores was made from, and when."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any, TypedDict


class Verdict(TypedDict):
    """Whether the published score beats simple rankings: ``tested`` years, ``beaten_by`` (baselines with a higher mean
    hit rate over lists and years), ``surely`` (of those, in nine of ten resamples on average), and ``fallback``: the
    best of ``surely`` that may be published, or None."""

    tested: int
    beaten_by: list[str]
    surely: list[str]
    fallback: str | None


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
