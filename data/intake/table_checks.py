"""Checks that need all rows of a table: the same figure twice, sums that stand among what they sum."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

_DIGITS = {"provinsi": 2, "kabupaten": 5, "kecamatan": 8, "desa": 13}
"""Length of a dotted code by level."""

Fact = dict[str, Any]


def duplicate_rows(facts: Sequence[Fact]) -> list[tuple[int, int, str]]:
    """Rows that state a figure another row states too, as (row, the other row, code).

    The later row is one; the earlier is one as well when the two disagree, so that neither is chosen silently. Two
    sources of one figure are not duplicates.
    """
    seen: dict[tuple[object, ...], Fact] = {}
    found: dict[int, tuple[int, int, str]] = {}
    for fact in facts:
        key = (fact["indikator"], fact["kode"], fact["period_start"], fact["period_end"], fact["source"])
        first = seen.setdefault(key, fact)
        if first is fact:
            continue
        pairs = [(fact, first)] + ([(first, fact)] if first["value"] != fact["value"] else [])
        for one, other in pairs:
            found.setdefault(one["row"], (one["row"], other["row"], one["kode"]))
    return list(found.values())


def subtotal_rows(facts: Sequence[Fact]) -> set[int]:
    """Rows of a kecamatan, kabupaten or province that state the sum of its own finer rows in this table: subtotals.

    A coarse row that states anything else is a record known only to that level, and is none.
    """
    parts: defaultdict[tuple[object, ...], list[float]] = defaultdict(list)
    for fact in facts:
        if fact["value"] is None:
            continue
        for level in ("provinsi", "kabupaten", "kecamatan"):
            if len(fact["kode"]) > _DIGITS[level]:
                parts[(fact["kode"][: _DIGITS[level]], len(fact["kode"]), *_figure(fact))].append(fact["value"])
    verdicts: defaultdict[int, list[bool]] = defaultdict(list)
    for fact in facts:
        if fact["level"] != "desa" and fact["value"]:
            finer = (parts.get((fact["kode"], length, *_figure(fact)), []) for length in _DIGITS.values())
            verdicts[fact["row"]].append(any(len(one) > 1 and abs(sum(one) - fact["value"]) < 1e-6 for one in finer))
    return {row for row, all_of in verdicts.items() if all(all_of)}


def _figure(fact: Fact) -> tuple[object, ...]:
    return fact["indikator"], fact["period_start"], fact["period_end"]
