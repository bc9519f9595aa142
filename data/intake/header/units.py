"""What one of a table's numbers stands for: people, thousands of people, a share, a rate; by header, title or cell.

Counts are counts only where nothing says otherwise: ``Kasus per 100.000 penduduk``, ``Target penempatan`` and
``Kenaikan kasus`` name the same things and count none of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from data.intake.cells.text import header_key, words_of

_THOUSANDS = re.compile(r"\b(?:ribu|ribuan)\b|(?<!\d )\b000\b")
_MILLIONS = re.compile(r"\b(?:juta|jutaan)\b")
_OF_A_TITLE = re.compile(
    r"\((?:dalam |satuan:? )?(?:ribu|ribuan|000|juta|jutaan)\b[^)]*\)"
    r"|\b(?:dalam|satuan)\W+(?:ribu|ribuan|000|juta|jutaan)\b",
    re.IGNORECASE,
)
_SHARE = re.compile(r"\b(?:persen|persentase|prosentase|percent|persenan)\b")
_DERIVED = re.compile(
    r"\b(?:per (?:\d+|seribu|kapita|tahun|bulan|desa|kecamatan|kabupaten)|rasio|ratio|rata rata|rerata|rataan|target"
    r"|rencana|proyeksi|kenaikan|penurunan|peningkatan|perubahan|selisih|pertumbuhan|laju|proporsi|prevalensi|indeks|peringkat"
    r"|ranking|rangking|skor|anggaran|biaya|dana|pagu)\b"
)


def factor_of(text: str) -> float:
    """1000 for ``Penduduk Miskin (ribu jiwa)`` or ``(000)``, a million for ``juta``, else 1."""
    words = header_key(text)
    return 1000.0 if _THOUSANDS.search(words) else 1e6 if _MILLIONS.search(words) else 1.0


def factor_in_titles(titles: Iterable[str]) -> float:
    """As `factor_of`, for the lines above a table, which must say it as a unit: ``(ribu jiwa)``, ``dalam ribuan``."""
    for title in titles:
        if found := _OF_A_TITLE.search(title):
            return factor_of(found.group())
    return 1.0


def is_share(text: str) -> bool:
    """Whether a text says that its numbers are per cent."""
    return "%" in text or bool(_SHARE.search(words_of(text)))


def is_derived(text: str) -> bool:
    """Whether a text names something computed from counts, or meant to be reached, rather than a count."""
    return bool(_DERIVED.search(words_of(text)))
