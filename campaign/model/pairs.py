"""Why is A above B: sentences from what a score version keeps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from campaign.statements.factors import cause
from campaign.statements.shares import chance_text
from risk.pairs import compare
from words import number, t


@dataclass(frozen=True)
class PairWords:
    """``verdict`` (Markdown), ``causes`` one sentence a factor, and the numbers behind: ``p`` that a is higher,
    ``outcome`` (``di_atas, di_bawah, seri``)."""

    verdict: str
    causes: tuple[str, ...]
    p: float
    outcome: str


def pair_words(
    content: Mapping[str, Any] | None, a: str, b: str, name: Callable[[str], str], lang: str = "id"
) -> PairWords | None:
    """The comparison of two areas in sentences, the higher one first; None when the version keeps none or they are not
    comparable. ``content`` is the store's result ``banding`` of the version, ``name`` gives an area's name."""
    found = compare(dict(content), a, b) if content else None
    if found is None:
        return None
    p, ratio, sign, first, second = found.p, found.ratio, 1, name(a), name(b)
    if found.verdict == "di_bawah":
        p, ratio, sign, first, second = 1 - p, 1 / ratio, -1, second, first
    verdict = t(
        "banding.seri" if found.verdict == "seri" else "banding.di_atas",
        lang,
        a=first,
        b=second,
        p=chance_text(p, lang),
        kali=_times(ratio, lang),
    )
    causes = []
    for factor, times in found.factors:
        causes.append(cause(factor, times**sign, first, second, lang, clear=factor in found.clear))
    return PairWords(verdict, tuple(causes), found.p, found.verdict)


def _times(ratio: float, lang: str) -> str:
    return number(ratio, lang, 1 if ratio >= 2 else 2)
