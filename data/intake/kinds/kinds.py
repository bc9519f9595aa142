"""The kinds of table an office sends, what each may measure, and how a column's header says so."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from data.intake.cells.text import words_of
from data.intake.header.synonyms import BREAKDOWN


@dataclass(frozen=True)
class Measure:
    """One thing that can be measured: its key, the kind of fact it is, and what its values may be.

    ``whole``: it counts things. ``people``: its count cannot exceed the population. ``lowest``/``highest`` bound it.
    """

    key: str
    jenis: str
    unit: str = ""
    whole: bool = False
    people: bool = False
    lowest: float | None = None
    highest: float | None = None


def _count(key: str, jenis: str, unit: str = "orang", people: bool = True) -> Measure:
    return Measure(key, jenis, unit, whole=True, people=people, lowest=0)


def _percent(key: str, jenis: str = "indikator") -> Measure:
    return Measure(key, jenis, "persen", lowest=0, highest=100)


def _index(key: str, highest: float) -> Measure:
    return Measure(key, "indikator", "indeks", lowest=0, highest=highest)


MEASURES: dict[str, Measure] = {
    measure.key: measure
    for measure in (
        _count("tppo", "kasus", "kasus"),
        _count("pmi_bermasalah", "kasus"),
        _count("pmi_meninggal", "kasus"),
        _count("prosedural", "keberangkatan"),
        _count("nonprosedural", "keberangkatan"),
        _count("penduduk_miskin", "kemiskinan"),
        _count("rumah_tangga_miskin", "kemiskinan", "rumah tangga"),
        _percent("persen_miskin", "kemiskinan"),
        _count("penduduk", "indikator", people=False),
        _count("penduduk_laki", "indikator", people=False),
        _count("penduduk_perempuan", "indikator", people=False),
        _index("idm", 1),
        _index("iks", 1),
        _index("ike", 1),
        _index("ikl", 1),
        _index("ipm", 100),
        _percent("pengangguran_terbuka"),
        _percent("air_minum"),
        _percent("sanitasi"),
        Measure("rata_lama_sekolah", "indikator", "tahun", lowest=0, highest=25),
        Measure("luas_km2", "indikator", "km2", lowest=0),
    )
}

_ALIASES: dict[str, str] = {
    "nilai idm": "idm",
    "skor idm": "idm",
    "indeks desa membangun": "idm",
    "idm": "idm",
    "iks": "iks",
    "ike": "ike",
    "ikl": "ikl",
    "indeks ketahanan sosial": "iks",
    "indeks ketahanan ekonomi": "ike",
    "indeks ketahanan lingkungan": "ikl",
    "penduduk": "penduduk",
    "jumlah penduduk": "penduduk",
    "jml penduduk": "penduduk",
    "population": "penduduk",
    "population total": "penduduk",
    "total penduduk": "penduduk",
    "jumlah jiwa": "penduduk",
    "jumlah penduduk jiwa": "penduduk",
    "jumlah penduduk orang": "penduduk",
    "penduduk jiwa": "penduduk",
    "penduduk orang": "penduduk",
    "population male": "penduduk_laki",
    "penduduk laki laki": "penduduk_laki",
    "population female": "penduduk_perempuan",
    "penduduk perempuan": "penduduk_perempuan",
    "ipm": "ipm",
    "hdi": "ipm",
    "hdi ipm": "ipm",
    "indeks pembangunan manusia": "ipm",
    "tpt": "pengangguran_terbuka",
    "open unemployment tpt": "pengangguran_terbuka",
    "pengangguran terbuka": "pengangguran_terbuka",
    "tingkat pengangguran terbuka": "pengangguran_terbuka",
    "rls": "rata_lama_sekolah",
    "rata rata lama sekolah": "rata_lama_sekolah",
    "rata lama sekolah": "rata_lama_sekolah",
    "mean years schooling 15plus": "rata_lama_sekolah",
    "mean years schooling": "rata_lama_sekolah",
    "air minum": "air_minum",
    "air minum layak": "air_minum",
    "hh access drinking water": "air_minum",
    "sanitasi": "sanitasi",
    "sanitasi layak": "sanitasi",
    "hh access sanitation": "sanitasi",
    "luas": "luas_km2",
    "luas km2": "luas_km2",
    "luas wilayah": "luas_km2",
    "area km2": "luas_km2",
    "luas wilayah km2": "luas_km2",
    "p0 poverty rate": "persen_miskin",
    "persen miskin": "persen_miskin",
    "persentase penduduk miskin": "persen_miskin",
    "p0": "persen_miskin",
    "poverty rate": "persen_miskin",
    "penduduk miskin": "penduduk_miskin",
    "jumlah penduduk miskin": "penduduk_miskin",
}
_NOT_KEY = re.compile(r"[^a-z0-9]+")
_YEARS = re.compile(r"\b(?:tahun |thn |th )?(?:19[89]\d|20\d\d)\b")
_THOUSANDS = re.compile(r" (?:dalam )?(?:ribuan|ribu|000|jutaan|juta)(?: (?:orang|jiwa))?$")
_DEATH = re.compile(r"meninggal|jenazah|kematian|wafat|deaths?\b|bodies")
_TROUBLE = re.compile(r"bermasalah|terkendala|pemulangan|dipulangkan|deportasi|returned|pmi b\b|kendala|pengaduan")
_TRAFFICKING = re.compile(r"tppo|perdagangan (?:orang|manusia)|trafficking")
_OUTSIDE = re.compile(
    r"\b(?:non ?pros\w*|un ?prosedural|tidak prosedural|ilegal|illegal|tidak resmi|tidak berdokumen|tanpa dokumen"
    r"|undocumented|non ?procedural|gelap)"
)
_THROUGH = re.compile(r"\b(?:prosedural|resmi|legal|berdokumen|procedural|penempatan|ditempatkan|placements?)\b")
_POOR = re.compile(r"miskin|poor|poverty|kemiskinan|\bp0\b|\brtm\b|\brts\b")
_RATE = re.compile(r"persen|persentase|prosentase|tingkat|\brate\b|\bp0\b|percent")
_HOUSEHOLD = re.compile(r"\bkk\b|rumah tangga|\brtm?\b|\bkrt\b|keluarga|household|\brts\b")
_SEVERITY = re.compile(r"\bp1\b|\bp2\b|kedalaman|keparahan|garis|ekstrem|extreme|hampir|rentan|sangat")


@dataclass(frozen=True)
class Kind:
    """A kind of table. ``classify`` turns a folded header, title or cell into the key of what it measures.

    ``default`` is what a bare "Jumlah" means where nothing else says it; an indicator table has none. Of kinds
    ``about_people`` no free text is stored; only one with ``shares`` measures percentages. ``implied`` goes without
    saying in a table of the kind ("Jumlah KK").
    """

    name: str
    classify: Callable[[str], str | None]
    default: str | None
    free: bool = False
    about_people: bool = False
    implied: str = ""
    shares: bool = False


def measure_of(key: str) -> Measure:
    """What is known of a key; a free indicator has no bounds."""
    return MEASURES.get(key) or Measure(key, "indikator")


def indicator_key(header: str) -> str:
    """The key of a free indicator: a known alias or the header's own words (``Nilai_IDM_2024`` → ``idm``)."""
    words = words_of(header)
    bare = _YEARS.sub(" ", words)
    bare = " ".join(bare.split()) or words
    for candidate in (words, bare, re.sub(r" (?:orang|jiwa|persen|km2|tahun|indeks)$", "", bare)):
        if candidate in _ALIASES:
            return _ALIASES[candidate]
    counted = _ALIASES.get(_THOUSANDS.sub("", bare), "")
    if counted and MEASURES[counted].whole:
        return counted
    return _NOT_KEY.sub("_", bare).strip("_")[:60]


def indicators_in(text: str) -> set[str]:
    """Keys of the known indicators a title speaks of (``IPM menurut kabupaten`` → ``ipm``)."""
    words = f" {words_of(text)} "
    return {key for alias, key in _ALIASES.items() if f" {alias} " in words}


def is_breakdown(words: str) -> bool:
    """Whether a header names a part of a figure (women, suspects), which is not added to it."""
    return bool(BREAKDOWN & set(words.split()))


def _case(words: str) -> str | None:
    if _DEATH.search(words):
        return "pmi_meninggal"
    if _TRAFFICKING.search(words):
        return "tppo"
    return "pmi_bermasalah" if _TROUBLE.search(words) else None


def _departure(words: str) -> str | None:
    if _OUTSIDE.search(words):
        return "nonprosedural"
    return "prosedural" if _THROUGH.search(words) else None


def _poverty(words: str) -> str | None:
    if not _POOR.search(words) or _SEVERITY.search(words):
        return None
    if _RATE.search(words):
        return None if _HOUSEHOLD.search(words) else "persen_miskin"
    return "rumah_tangga_miskin" if _HOUSEHOLD.search(words) else "penduduk_miskin"


def _indicator(words: str) -> str | None:
    return indicator_key(words) or None


KINDS: dict[str, Kind] = {
    "kasus": Kind("kasus", _case, "tppo", about_people=True),
    "keberangkatan": Kind("keberangkatan", _departure, "prosedural", about_people=True),
    "kemiskinan": Kind("kemiskinan", _poverty, "penduduk_miskin", about_people=True, implied="miskin", shares=True),
    "indikator": Kind("indikator", _indicator, None, free=True),
}
