"""Stand-ins for what a test does not need whole."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any, cast

from data.domain.score_version import ScoreVersion
from data.store.store import Store


def as_store(answers: object) -> Store:
    """An object that answers only what the code under test asks of a store."""
    return cast(Store, answers)


def score_version(**changes: Any) -> ScoreVersion:
    """A score version called S1."""
    one = ScoreVersion(
        versi="S1",
        created_at=dt.datetime(2026, 11, 22, 10),
        input_version="0" * 16,
        boundary_version="",
        n_top=100,
        data_contoh=False,
    )
    return replace(one, **changes)
