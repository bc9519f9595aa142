"""Free indicators: which one a header or a title means, and which headers only name a part of a figure."""

from __future__ import annotations

import re

from data.domain.measures import MEASURES, alias_of
from data.intake.cells.text import words_of
from data.intake.header.synonyms import BREAKDOWN

_NOT_KEY = re.compile(r"[^a-z0-9]+")
_YEARS = re.compile(r"\b(?:tahun |thn |th )?(?:19[89]\d|20\d\d)\b")
_THOUSANDS = re.compile(r" (?:dalam )?(?:ribuan|ribu|000|jutaan|juta)(?: (?:orang|jiwa))?$")


def indicator_key(header: str) -> str:
    """The key of a free indicator: a known alias or the header's own words (``Nilai_IDM_2024`` → ``idm``)."""
    words = words_of(header)
    bare = _YEARS.sub(" ", words)
    bare = " ".join(bare.split()) or words
    for candidate in (words, bare, re.sub(r" (?:orang|jiwa|persen|km2|tahun|indeks)$", "", bare)):
        if (known := alias_of(candidate)) is not None:
            return known
    counted = alias_of(_THOUSANDS.sub("", bare))
    if counted is not None and MEASURES[counted].whole:
        return counted
    return _NOT_KEY.sub("_", bare).strip("_")[:60]


def indicators_in(text: str) -> set[str]:
    """Keys of the known indicators a title speaks of (``IPM menurut kabupaten`` → ``ipm``)."""
    words = f" {words_of(text)} "
    return {key for key, measure in MEASURES.items() if any(f" {alias} " in words for alias in measure.aliases)}


def is_breakdown(words: str) -> bool:
    """Whether a header names a part of a figure (women, suspects), which is not added to it."""
    return bool(BREAKDOWN & set(words.split()))
