"""The gazetteer made ready for looking up: by code, retired code and BPS code, and by name inside its parents."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from rapidfuzz import fuzz, process

from data.domain.codes import digits_of
from data.intake.cells.text import name_key
from data.published import kab_crosswalk


@dataclass(frozen=True)
class Area:
    """One area of any level, with the codes and names of what holds it. ``key`` is its folded name."""

    kode: str
    level: str
    nama: str
    key: str
    kode_kec: str = ""
    kode_kab: str = ""
    penduduk: float | None = None


@dataclass
class GazetteerIndex:
    """Look-up tables over one gazetteer; build it with `build_index`."""

    areas: dict[str, Area] = field(default_factory=dict)
    retired: dict[str, str] = field(default_factory=dict)
    bps: dict[str, str] = field(default_factory=dict)
    provinces: set[str] = field(default_factory=set)
    villages_of: dict[str, dict[str, list[str]]] = field(default_factory=lambda: defaultdict(dict))
    kecamatan_of: dict[str, dict[str, list[str]]] = field(default_factory=lambda: defaultdict(dict))
    kabupaten: dict[str, list[str]] = field(default_factory=dict)
    village_keys: set[str] = field(default_factory=set)
    kecamatan_keys: set[str] = field(default_factory=set)
    population: dict[str, float] = field(default_factory=dict)
    older_of: dict[str, dict[str, list[str]]] = field(default_factory=lambda: defaultdict(dict))
    older_keys: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    successors: dict[str, list[str]] = field(default_factory=dict)
    aliases: dict[tuple[str, str], str] = field(default_factory=dict)
    extent: tuple[float, float, float, float] | None = None

    def digits(self, digits: str) -> Area | None:
        """The area of a Kemendagri code without dots."""
        from data.domain.codes import dotted

        return self.areas.get(dotted(digits)) if len(digits) in (2, 4, 6, 10) else None

    def resembles(self, text: str) -> bool:
        """Whether a text may be a spelling of some area's name."""
        keys = [*self.kabupaten, *self.kecamatan_keys, *self.village_keys]
        return process.extractOne(name_key(text), keys, scorer=fuzz.ratio, score_cutoff=75) is not None

    def districts(self) -> set[str]:
        """The kecamatan as six digits, as identity numbers begin."""
        return {kode.replace(".", "") for kode, area in self.areas.items() if area.level == "kecamatan"}

    def village_in(self, parent: str, key: str) -> list[str]:
        """Codes of the villages of that name in a kecamatan or kabupaten."""
        return self.villages_of.get(parent, {}).get(key, [])

    def older_in(self, parent: str, key: str) -> list[str]:
        """Codes of the villages that once had that name, in a kecamatan or kabupaten."""
        return self.older_of.get(parent, {}).get(key, [])

    def kecamatan_in(self, kode_kab: str, key: str) -> list[str]:
        """Codes of the kecamatan of that name in a kabupaten."""
        return self.kecamatan_of.get(kode_kab, {}).get(key, [])

    def is_place(self, text: str) -> bool:
        """Whether a text is the name of some area of this gazetteer."""
        key = name_key(text)
        return key in self.village_keys or key in self.kecamatan_keys or kabupaten_key(text)[0] in self.kabupaten


def kabupaten_key(text: str) -> tuple[str, bool | None]:
    """The folded name of a kabupaten or town, and whether the text says it is a town (None when it does not say)."""
    words = text.strip().lower().replace(".", " ").split()
    town: bool | None = None
    if words and words[0] in ("kota", "kotamadya", "kodya"):
        town, words = True, words[1:]
    elif words and words[0] in ("kab", "kabupaten", "kabkota"):
        town, words = False, words[1:]
    return name_key(" ".join(words)) or name_key(text), town


def build_index(gazetteer: pd.DataFrame, population: dict[str, float] | None = None) -> GazetteerIndex:
    """The index of a gazetteer as the store gives it; ``population`` adds counts of people by code."""
    index = GazetteerIndex()
    placed = gazetteer.dropna(subset=["lon", "lat"])
    if len(placed):
        west, east, south, north = (f(placed[name]) for name in ("lon", "lat") for f in (min, max))
        index.extent = (west, south, east, north)
    bps_kec: defaultdict[str, Counter[str]] = defaultdict(Counter)
    bps_kab: defaultdict[str, Counter[str]] = defaultdict(Counter)
    rows: Iterable[Any] = gazetteer.itertuples(index=False)
    for row in rows:
        people = None if pd.isna(row.penduduk) else float(row.penduduk)
        key = name_key(row.nama)
        village = Area(row.kode, "desa", row.nama, key, row.kode_kec, row.kode_kab, people)
        index.areas[row.kode] = village
        index.village_keys.add(key)
        for parent in (row.kode_kec, row.kode_kab):
            index.villages_of[parent].setdefault(key, []).append(row.kode)
        if row.kode_kec not in index.areas:
            kec_key = name_key(row.kecamatan)
            index.areas[row.kode_kec] = Area(
                row.kode_kec, "kecamatan", row.kecamatan, kec_key, row.kode_kec, row.kode_kab
            )
            index.kecamatan_of[row.kode_kab].setdefault(kec_key, []).append(row.kode_kec)
            index.kecamatan_keys.add(kec_key)
        if row.kode_kab not in index.areas:
            kab_key = kabupaten_key(row.kabupaten)[0]
            index.areas[row.kode_kab] = Area(row.kode_kab, "kabupaten", row.kabupaten, kab_key, "", row.kode_kab)
            index.kabupaten.setdefault(kab_key, []).append(row.kode_kab)
        if row.kode_prov not in index.provinces:
            index.provinces.add(row.kode_prov)
            index.areas[row.kode_prov] = Area(row.kode_prov, "provinsi", "", "", "", "")
        for old in filter(None, (part.strip() for part in row.kode_lama.split(";"))):
            index.retired.setdefault(digits_of(old), row.kode)
        if row.kode_bps:
            index.bps[row.kode_bps] = row.kode
            bps_kec[row.kode_bps[:7]][row.kode_kec] += 1
            bps_kab[row.kode_bps[:4]][row.kode_kab] += 1
    for counts in (bps_kec, bps_kab):
        for code, owners in counts.items():
            index.bps.setdefault(code, owners.most_common(1)[0][0])
    _add_crosswalk(index)
    _add_population(index, population or {})
    return index


def _add_crosswalk(index: GazetteerIndex) -> None:
    """The published BPS codes and short names of NTT's kabupaten, where the gazetteer has those kabupaten."""
    rows: Iterable[Any] = kab_crosswalk().itertuples(index=False)
    for row in rows:
        if row.kode in index.areas:
            index.bps.setdefault(row.kode_bps, row.kode)
            for other in filter(None, row.nama_lain.split(";")):
                index.kabupaten.setdefault(name_key(other), []).append(row.kode)


def _add_population(index: GazetteerIndex, population: dict[str, float]) -> None:
    """People per area: as given for its own level, else the sum of its villages when all of them are known."""
    sums: defaultdict[str, list[float | None]] = defaultdict(list)
    for area in list(index.areas.values()):
        if area.level == "desa":
            people = population.get(area.kode, area.penduduk)
            if people is not None:
                index.population[area.kode] = people
            for parent in (area.kode_kec, area.kode_kab):
                sums[parent].append(people)
    for code, parts in sums.items():
        if all(part is not None for part in parts):
            index.population[code] = float(sum(part for part in parts if part is not None))
    for code, people in population.items():
        index.population[code] = people
