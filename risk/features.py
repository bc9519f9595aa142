"""What may explain risk: a short, documented list of public covariates per village, with gaps filled and marked.

Counts of people that are not public (cases, non-procedural departures) are never covariates, nor are religion,
ethnicity, names or anything about single persons: what is not in `ALLOWED` does not enter.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.choose import latest
from data.seats import distance_to_seat


@dataclass(frozen=True)
class Covariate:
    """``name`` in the model and in reasons; ``native`` the finest level at which the figure exists at its source."""

    name: str
    native: str
    why: str


ALLOWED = (
    Covariate("kemiskinan", "desa", "share of poor people (%): sending villages of TTS, Usbobo & Sogen 2018"),
    Covariate("keterpencilan", "desa", "log(1 + km to the kabupaten's seat): services and documents are hard to reach"),
    Covariate("idm", "desa", "Indeks Desa Membangun (0-1), where loaded: access to basic services"),
    Covariate("rata_lama_sekolah", "kabupaten", "mean years of schooling: BP3MI names lack of education"),
    Covariate("pengangguran_terbuka", "kabupaten", "open unemployment (%)"),
)  # fmt: skip
_LEVELS = (("desa", "kode"), ("kecamatan", "kode_kec"), ("kabupaten", "kode_kab"), ("provinsi", "kode_prov"))


@dataclass(frozen=True)
class Features:
    """Per village (index ``kode``): ``values`` in natural units, no gaps; ``population`` persons, > 0; ``level`` from
    which level each of them and ``penduduk`` was taken ("" where it was filled); ``sources`` by covariate."""

    values: pd.DataFrame
    population: pd.Series
    level: pd.DataFrame
    sources: dict[str, str]
    data_contoh: bool

    def borrowed(self, level: str = "desa") -> pd.DataFrame:
        """Which figures are not an area of ``level``'s own but of a larger one (bool per village and figure; a figure
        that exists from the kabupaten up is a village's own when it is its kabupaten's)."""
        rank = {name: i for i, (name, _) in enumerate(_LEVELS)}
        native = {covariate.name: covariate.native for covariate in ALLOWED} | {"penduduk": "desa"}
        coarseness = self.level.apply(lambda column: column.map(rank)).fillna(len(rank))
        allowed = pd.Series({name: max(rank[level], rank[native[name]]) for name in self.level.columns})
        return coarseness.gt(allowed, axis=1)


def build_features(facts: pd.DataFrame, gazetteer: pd.DataFrame) -> Features:
    """Covariates of every village of the gazetteer from facts (as `data.store.store.Store.facts` gives them).

    A figure is taken from the finest level that has one. A covariate without any figure, or the same everywhere,
    is left out.
    """
    rows = latest(facts[facts["jenis"].isin(("kemiskinan", "indikator")) & facts["value"].notna()])
    villages = gazetteer.set_index("kode", drop=False)
    values: dict[str, pd.Series] = {}
    levels: dict[str, pd.Series] = {}
    population, levels["penduduk"], pop_rows = _population(rows, villages)
    used = [pop_rows]
    sources = {"penduduk": "; ".join(dict.fromkeys(pop_rows["source"])) or "gazetir"}
    for covariate in ALLOWED:
        if covariate.name == "keterpencilan":
            value = np.log1p(distance_to_seat(villages))
            placed = value.notna() & (villages["presisi_titik"] == "desa")
            level = pd.Series(np.where(placed, "desa", ""), villages.index)
            source, taken = "gazetir", rows.iloc[:0]
        else:
            value, level, taken = _poverty(rows, villages, population) if covariate.name == "kemiskinan" else _finest(
                rows[rows["indikator"] == covariate.name], villages)
            source = "; ".join(dict.fromkeys(taken["source"]))
        if not value.notna().any():
            continue
        used.append(taken)
        value = value.fillna(value.groupby(villages["kode_kab"]).transform("mean")).fillna(
            float(np.average(value.dropna(), weights=population[value.notna()])))
        if np.ptp(value.to_numpy()) <= 1e-12:
            continue
        values[covariate.name], levels[covariate.name], sources[covariate.name] = value, level, source
    contoh = any(part["data_contoh"].any() for part in used)
    return Features(pd.DataFrame(values, index=villages.index), population, pd.DataFrame(levels, index=villages.index),
                    sources, bool(contoh))  # fmt: skip


def _finest(rows: pd.DataFrame, villages: pd.DataFrame) -> tuple[pd.Series, pd.Series, pd.DataFrame]:
    """Value per village from the finest level, that level's name ("" for none), and the rows that were used."""
    value = pd.Series(np.nan, villages.index)
    level = pd.Series("", villages.index)
    for name, column in _LEVELS:
        found = rows[rows["level"] == name].set_index("kode")["value"].reindex(villages[column]).to_numpy()
        take = value.isna().to_numpy() & ~np.isnan(found)
        value[take], level[take] = found[take], name
    return value, level, rows[rows["level"].isin(level.unique())]


def _poverty(rows: pd.DataFrame, villages: pd.DataFrame, population: pd.Series
             ) -> tuple[pd.Series, pd.Series, pd.DataFrame]:
    """Share of poor people in percent: poor persons by population where counted, else a published share."""
    persons = rows[rows["indikator"] == "penduduk_miskin"]
    shares = []
    for name, column in _LEVELS:
        part = persons[persons["level"] == name]
        people = population.groupby(villages[column].to_numpy()).sum().reindex(part["kode"]).to_numpy()
        shares.append(part.assign(value=(100 * part["value"] / people).clip(upper=100.0)))
    given = rows[rows["indikator"] == "persen_miskin"]
    both = pd.concat([*shares, given]).dropna(subset=["value"]).drop_duplicates(["level", "kode"])
    return _finest(both, villages)


def _population(rows: pd.DataFrame, villages: pd.DataFrame) -> tuple[pd.Series, pd.Series, pd.DataFrame]:
    """Persons per village, the level that figure is of, and the rows used.

    Where only a kecamatan's or kabupaten's total is known, what its counted villages leave is shared equally among
    the others; with nothing known, a village has the mean of the known ones (or 1,500).
    """
    rows = rows[rows["indikator"] == "penduduk"]
    own = rows[rows["level"] == "desa"].set_index("kode")["value"].reindex(villages.index)
    people = own.fillna(villages["penduduk"]).where(lambda value: value > 0)
    level: pd.Series = pd.Series(np.where(people.notna(), "desa", ""), villages.index, dtype=object)
    for name, column in _LEVELS[1:]:
        total = rows[rows["level"] == name].set_index("kode")["value"]
        open_ = people.isna()
        if not open_.any() or total.empty:
            continue
        area = villages[column]
        left = area.map(total) - area.map(people.groupby(area).sum())
        each = left / area.map(open_.groupby(area).sum())
        level = level.mask(open_ & (each > 0), name)
        people = people.fillna(each.where(each > 0))
    usual = float(people.mean()) if people.notna().any() else 1500.0
    return people.fillna(usual), level, rows[rows["level"].isin(level.unique())]
