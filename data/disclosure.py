"""The one door out: every count of people that leaves the store for a screen, file or document passes here.

With a few hundred cases a year most villages that have any have one or two, so a count, a difference between two
rounded totals or a distinction between none and one points at a family. The rule:

* desa: no count of cases or of non-public departures, whatever it is; none and one look the same.
* kecamatan, kabupaten, provinsi: 0–9 are ``<10``; from 10 the nearest 5.
* totals are made from the shown cells, never from the hidden ones.
* figures that are public already are shown as published, above the village.
* officers who keep the data see exact counts; the caller logs the view.

Which figures the rule holds for is said by their measure (`data.domain.kinds.protection_of`): counts about single
people are guarded, and so is whatever nobody declared; poverty and indices of public statistics are open.

Rounding is a pure function of the count, so repeated releases can be neither averaged nor differenced.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from data.domain.kinds import is_guarded
from data.domain.levels import LEVELS
from data.domain.roles import sees_exact_counts

HIDDEN = "<10"
"""What stands in a cell that holds fewer than ten, or none."""

MANY = ">=10"
"""What stands for a sum of ten or more that comes from so few cells that rounding would not hide them."""

SMALLEST, STEP = 10, 5


@dataclass(frozen=True)
class ShownTotal:
    """A total made from shown cells: at least ``at_least``, with ``hidden`` cells (0–9 each) not in it."""

    at_least: int
    hidden: int


def release_count(value: Any, *, level: str, role: str, published: bool = False) -> str | int | None:
    """A count of people as ``role`` may see it at ``level``.

    Returns ``None`` for missing and for every village count (but to data officers), ``"<10"`` for 0–9, else an
    integer. Raises ``ValueError`` for a negative count or an unknown level, `WrongUse` for an unknown role.
    """
    if level not in LEVELS:
        raise ValueError(f"level is {level!r} but is expected to be one of {', '.join(LEVELS)}")
    exact = sees_exact_counts(role)
    if value is None or pd.isna(value):
        return None
    count = float(value)
    if count < 0:
        raise ValueError("a count of people cannot be negative")
    if exact:
        return _whole(count)
    if level == "desa":
        return None
    if published:
        return _whole(count)
    return rounded(count)


def rounded(count: float) -> str | int:
    """``"<10"`` below ten, else the nearest multiple of five (halves up)."""
    if count < SMALLEST:
        return HIDDEN
    return int((count + STEP / 2) // STEP * STEP)


def release_frame(
    df: pd.DataFrame, *, level: str, role: str, counts: list[str], published: bool | str = False
) -> pd.DataFrame:
    """A copy of ``df`` with the columns ``counts`` passed through `release_count` (object columns).

    ``published`` is one answer for all rows or the name of a boolean column.
    """
    out = df.copy()
    public = df[published].astype(bool).tolist() if isinstance(published, str) else [published] * len(df)
    for name in counts:
        shown = [
            release_count(value, level=level, role=role, published=is_public)
            for value, is_public in zip(df[name], public, strict=True)
        ]
        out[name] = pd.Series(shown, index=df.index, dtype=object)
    return out


def release_facts(facts: pd.DataFrame, *, role: str) -> pd.DataFrame:
    """A copy of ``facts`` whose ``value`` is as ``role`` may see it, row by row at its own level.

    Guarded figures pass the rule; open ones keep their numbers. Without a column ``indikator`` nothing is known of the
    measures and all are guarded. The row number in the officer's file is dropped for everybody who may not see exact
    counts: it leads back to the hidden cell.
    """
    out = facts.copy()
    exact = sees_exact_counts(role)
    values: list[Any] = []
    for guarded, level, value, public in zip(
        guarded_rows(facts), facts["level"], facts["value"], facts["published"], strict=True
    ):
        if guarded:
            values.append(release_count(value, level=level, role=role, published=bool(public)))
        else:
            values.append(None if pd.isna(value) else float(value))
    out["value"] = pd.Series(values, index=facts.index, dtype=object)
    if not exact and "row" in out:
        out = out.drop(columns="row")
    return out


def guarded_rows(facts: pd.DataFrame) -> pd.Series:
    """Whether each fact (``jenis``, ``indikator``) is guarded; every one is where the measure is not named."""
    if "indikator" not in facts:
        return pd.Series(True, facts.index, dtype=bool)
    pairs = list(zip(facts["jenis"].astype(str), facts["indikator"].astype(str), strict=True))
    known = {pair: is_guarded(*pair) for pair in set(pairs)}
    return pd.Series([known[pair] for pair in pairs], index=facts.index, dtype=bool)


def release_total(cells: Iterable[Any]) -> ShownTotal:
    """The total of cells as they are shown: numbers are added, ``"<10"`` is only counted, missing is left out."""
    at_least = hidden = 0
    for cell in cells:
        if isinstance(cell, str):
            if cell != HIDDEN:
                raise ValueError(f"not a released cell: {cell!r}")
            hidden += 1
        elif cell is not None and not pd.isna(cell):
            at_least += int(cell)
    return ShownTotal(at_least, hidden)


def _whole(count: float) -> int:
    return int(count + 0.5)


def release_sum(value: float, *, cells: int, jenis: str, role: str, indikator: str = "") -> str | int | float:
    """A sum over ``cells`` cells of a file as ``role`` may see it, where no table of its cells is shown beside it.

    Of guarded figures: ``"<10"``, ``">=10"`` over fewer than ten cells (one of them may hold it all), else the nearest
    five. Open figures, and data officers, are given the number. A measure that is not named is guarded.
    """
    if not is_guarded(jenis, indikator) or sees_exact_counts(role):
        return value
    if value < SMALLEST:
        return HIDDEN
    return MANY if cells < SMALLEST else rounded(value)
