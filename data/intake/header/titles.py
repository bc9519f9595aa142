"""What the lines above a table say about where its rows are."""

from __future__ import annotations

from collections.abc import Callable

from data.intake.cells.text import name_key
from data.intake.places.gazetteer_index import GazetteerIndex
from data.intake.places.names import match_kabupaten

_LONGEST = 5
"""Words of a place name after its title: ``KABUPATEN TIMOR TENGAH SELATAN``."""


def parents_named(titles: list[str], index: GazetteerIndex) -> tuple[str, str]:
    """The kabupaten and kecamatan named in titles with their rank (``KECAMATAN AMARASI``), empty when none is."""

    def one_kabupaten(text: str) -> bool:
        return len(match_kabupaten(index, text)) == 1

    def some_kecamatan(text: str) -> bool:
        return name_key(text) in index.kecamatan_keys

    kabupaten = kecamatan = ""
    for title in titles:
        words = title.lower().replace(":", " ").split()
        for position, word in enumerate(words):
            following = words[position : position + _LONGEST]
            if word.strip(".") in ("kabupaten", "kab", "kota"):
                kabupaten = kabupaten or _longest(following, one_kabupaten)
            if word.strip(".") in ("kecamatan", "kec"):
                kecamatan = kecamatan or _longest(following, some_kecamatan)
    return kabupaten, kecamatan


def _longest(words: list[str], known: Callable[[str], bool]) -> str:
    """The longest beginning of the words that names something known; the rank alone is no name."""
    for length in range(len(words), 1, -1):
        text = " ".join(words[:length])
        if known(text):
            return text
    return ""
