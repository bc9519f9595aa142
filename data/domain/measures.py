"""What can be measured: each measure with its unit, its bounds, its protection and the words a header names it by.

One row here is all a new measure or indicator needs. A measure nobody declared is guarded, unless its kind says that
such figures are public statistics (`data.domain.kinds.protection_of`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Protection(StrEnum):
    """Who may see a figure: ``open`` ones are public statistics, ``guarded`` ones pass the disclosure rule."""

    OPEN = "open"
    GUARDED = "guarded"


@dataclass(frozen=True)
class Measure:
    """One thing that can be measured: its key, the kind of fact it is (`data.domain.kinds`), what its values may be.

    ``whole``: it counts things. ``people``: its count cannot exceed the population. ``lowest``/``highest`` bound it.
    ``aliases``: folded headers and titles that mean it in a table of indicators. ``says``: patterns a folded header of
    its own kind must all match, and ``unless`` one it must not.
    """

    key: str
    jenis: str
    unit: str = ""
    protection: Protection = Protection.GUARDED
    whole: bool = False
    people: bool = False
    lowest: float | None = None
    highest: float | None = None
    aliases: frozenset[str] = frozenset()
    says: tuple[str, ...] = ()
    unless: str = ""

    def named_by(self, words: str) -> bool:
        """Whether a folded header, title or cell of a table of its kind means this measure."""
        if not self.says or (self.unless and re.search(self.unless, words)):
            return False
        return all(re.search(one, words) for one in self.says)


_DEATH = r"meninggal|jenazah|kematian|wafat|deaths?\b|bodies"
_TROUBLE = r"bermasalah|terkendala|pemulangan|dipulangkan|deportasi|returned|pmi b\b|kendala|pengaduan"
_TRAFFICKING = r"tppo|perdagangan (?:orang|manusia)|trafficking"
_OUTSIDE = (
    r"\b(?:non ?pros\w*|un ?prosedural|tidak prosedural|ilegal|illegal|tidak resmi|tidak berdokumen|tanpa dokumen"
    r"|undocumented|non ?procedural|gelap)"
)
_THROUGH = r"\b(?:prosedural|resmi|legal|berdokumen|procedural|penempatan|ditempatkan|placements?)\b"
_POOR = r"miskin|poor|poverty|kemiskinan|\bp0\b|\brtm\b|\brts\b"
_RATE = r"persen|persentase|prosentase|tingkat|\brate\b|\bp0\b|percent"
_HOUSEHOLD = r"\bkk\b|rumah tangga|\brtm?\b|\bkrt\b|keluarga|household|\brts\b"
_SEVERITY = r"\bp1\b|\bp2\b|kedalaman|keparahan|garis|ekstrem|extreme|hampir|rentan|sangat"

_ABOUT_PERSONS = re.compile(
    rf"korban|victim|kasus|\bcases?\b|tersangka|kekerasan|eksploitasi|\bc?pmi\b|\btk[iw]\b|pekerja migran|{_DEATH}"
    rf"|{_TROUBLE}|\baduan\b|{_TRAFFICKING}|{_OUTSIDE}"
)


def speaks_of_persons(words: str) -> bool:
    """Whether the words of an undeclared indicator speak of people in trouble: their counts are never told openly."""
    return bool(_ABOUT_PERSONS.search(words.replace("_", " ").lower()))


def _count(key: str, jenis: str, unit: str = "orang", *, says: tuple[str, ...], unless: str = "") -> Measure:
    """A count of single people or their cases; guarded."""
    return Measure(key, jenis, unit, whole=True, people=True, lowest=0, says=says, unless=unless)


def _poor(key: str, unit: str = "orang", *aliases: str, says: tuple[str, ...], unless: str) -> Measure:
    return Measure(
        key,
        "kemiskinan",
        unit,
        Protection.OPEN,
        whole=unit != "persen",
        people=unit != "persen",
        lowest=0,
        highest=100 if unit == "persen" else None,
        aliases=frozenset(aliases),
        says=says,
        unless=unless,
    )


def _indicator(key: str, unit: str, *aliases: str, highest: float | None = None) -> Measure:
    """A figure of public statistics; those in persons are counts."""
    whole = unit == "orang"
    return Measure(
        key, "indikator", unit, Protection.OPEN, whole=whole, lowest=0, highest=highest, aliases=frozenset(aliases)
    )


MEASURES: dict[str, Measure] = {
    measure.key: measure
    for measure in (
        _count("tppo", "kasus", "kasus", says=(_TRAFFICKING,), unless=_DEATH),
        _count("pmi_bermasalah", "kasus", says=(_TROUBLE,), unless=f"{_DEATH}|{_TRAFFICKING}"),
        _count("pmi_meninggal", "kasus", says=(_DEATH,)),
        _count("prosedural", "keberangkatan", says=(_THROUGH,), unless=_OUTSIDE),
        _count("nonprosedural", "keberangkatan", says=(_OUTSIDE,)),
        _poor(
            "penduduk_miskin",
            "orang",
            "penduduk miskin",
            "jumlah penduduk miskin",
            says=(_POOR,),
            unless=f"{_SEVERITY}|{_RATE}|{_HOUSEHOLD}",
        ),
        _poor("rumah_tangga_miskin", "rumah tangga", says=(_POOR, _HOUSEHOLD), unless=f"{_SEVERITY}|{_RATE}"),
        _poor(
            "persen_miskin",
            "persen",
            "p0 poverty rate",
            "persen miskin",
            "persentase penduduk miskin",
            "p0",
            "poverty rate",
            says=(_POOR, _RATE),
            unless=f"{_SEVERITY}|{_HOUSEHOLD}",
        ),
        _indicator(
            "penduduk",
            "orang",
            "penduduk",
            "jumlah penduduk",
            "jml penduduk",
            "population",
            "population total",
            "total penduduk",
            "jumlah jiwa",
            "jumlah penduduk jiwa",
            "jumlah penduduk orang",
            "penduduk jiwa",
            "penduduk orang",
        ),
        _indicator("penduduk_laki", "orang", "population male", "penduduk laki laki"),
        _indicator("penduduk_perempuan", "orang", "population female", "penduduk perempuan"),
        _indicator("idm", "indeks", "nilai idm", "skor idm", "indeks desa membangun", "idm", highest=1),
        _indicator("iks", "indeks", "iks", "indeks ketahanan sosial", highest=1),
        _indicator("ike", "indeks", "ike", "indeks ketahanan ekonomi", highest=1),
        _indicator("ikl", "indeks", "ikl", "indeks ketahanan lingkungan", highest=1),
        _indicator("ipm", "indeks", "ipm", "hdi", "hdi ipm", "indeks pembangunan manusia", highest=100),
        _indicator(
            "pengangguran_terbuka",
            "persen",
            "tpt",
            "open unemployment tpt",
            "pengangguran terbuka",
            "tingkat pengangguran terbuka",
            highest=100,
        ),
        _indicator("air_minum", "persen", "air minum", "air minum layak", "hh access drinking water", highest=100),
        _indicator("sanitasi", "persen", "sanitasi", "sanitasi layak", "hh access sanitation", highest=100),
        _indicator(
            "rata_lama_sekolah",
            "tahun",
            "rls",
            "rata rata lama sekolah",
            "rata lama sekolah",
            "mean years schooling 15plus",
            "mean years schooling",
            highest=25,
        ),
        _indicator("luas_km2", "km2", "luas", "luas km2", "luas wilayah", "area km2", "luas wilayah km2"),
    )
}
"""Every declared measure by its key."""


def alias_of(words: str) -> str | None:
    """The key of the measure that a folded header means in a table of indicators."""
    return next((key for key, measure in MEASURES.items() if words in measure.aliases), None)
