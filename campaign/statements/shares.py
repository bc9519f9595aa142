"""Shares and chances in words: over the list's own length, never above the whole, a dash for what is not known."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from data.store.store import Store
from risk import pairs
from risk.scoring.bands import CERTAIN, UNCERTAIN
from words import percent, t


@dataclass(frozen=True)
class ListSureness:
    """How sure a list of ``length`` villages is to hold the ``length`` highest: ``swapped`` of them are expected not to
    be among these, ``certain`` are with a chance of at least 0.8; ``tied`` villages of the province have 0.2–0.8."""

    length: int
    swapped: int
    certain: int
    tied: int


def share_text(share: float | None, lang: str = "id", decimals: int = 0) -> str:
    """A share (0–1) as a percentage; a dash for one that is missing, no number or more than the whole."""
    if share is None or not math.isfinite(share) or not 0 <= share <= 1:
        return "–"
    return percent(share, lang, decimals)


def chance_text(chance: float, lang: str = "id") -> str:
    """A probability as a percentage; no chance is certain, so never 0 % or 100 %."""
    sign = "<" if chance < 0.01 else ">" if chance > 0.99 else ""
    return sign + percent(min(max(chance, 0.01), 0.99), lang)


def list_sureness(codes: Iterable[str], chances: Mapping[str, float]) -> ListSureness | None:
    """Of a list and everybody's chance to be among as many highest as the list is long; None for an empty list."""
    listed = [chances.get(kode, 0.0) for kode in codes]
    if not listed:
        return None
    return ListSureness(
        length=len(listed),
        swapped=round(sum(1 - one for one in listed)),
        certain=sum(one >= CERTAIN for one in listed),
        tied=sum(UNCERTAIN <= one < CERTAIN for one in chances.values()),
    )


def chances_of(store: Store, versi: str, length: int) -> dict[str, float] | None:
    """Per village the chance to be among the ``length`` highest by a score version; None where it kept no draws."""
    content = store.results.get(pairs.RESULT, versi) if length and versi else None
    return pairs.chances_of_top(dict(content), length) if content else None


def sureness_sentences(found: ListSureness | None, lang: str = "id") -> tuple[str, ...]:
    """How many may be swapped, how many are sure, how many nobody can tell apart; or that this was not computed."""
    if found is None:
        return (t("pernyataan.daftar.tidak_dihitung", lang),)
    n: dict[str, Any] = {"n": found.swapped, "m": found.length}
    sure = "pasti" if found.certain else "tidak_pasti"
    tied = (t("pernyataan.daftar.setara", lang, n=found.tied, m=found.length),) if found.tied else ()
    return (
        t("pernyataan.daftar.tertukar", lang, **n),
        t(f"pernyataan.daftar.{sure}", lang, n=found.certain, m=found.length),
        *tied,
    )
