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
    """Per village (index ``kode``): ``values`` in natural units, no gaps; ``imputed`` where a figure is not the
    village's own (or, for kabupaten figures, not the kabupaten's own); ``sources`` by covariate; ``population``
    persons, > 0, and ``population_known`` to the village."""

    values: pd.DataFrame
    imputed: pd.DataFrame
    sources: dict[str, str]
    population: pd.Series
    population_known: pd.Series
    data_contoh: bool


def build_features(facts: pd.DataFrame, gazetteer: pd.DataFrame) -> Features:
    """Covariates of every village of the gazetteer from facts (as `data.store.store.Store.facts` gives them).

    A figure is taken from the finest level that has one. A covariate without any figure, or the same everywhere,
    is left out.
    """
    rows = latest(facts[facts["jenis"].isin(("kemiskinan", "indikator")) & facts["value"].notna()])
    villages = gazetteer.set_index("kode", drop=False)
    population, known, pop_rows = _population(rows, villages)
    used = [pop_rows]
    values, imputed = {}, {}
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
        own = ("desa",) if covariate.native == "desa" else ("desa", "kecamatan", "kabupaten")
        values[covariate.name], imputed[covariate.name], sources[covariate.name] = value, ~level.isin(own), source
    contoh = any(part["data_contoh"].any() for part in used)
    return Features(
        pd.DataFrame(values, index=villages.index), pd.DataFrame(imputed, index=villages.index, dtype=bool), sources,
        population, known, bool(contoh),
    )  # fmt: skip


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
    """Persons per village, whether that is the village's own figure, and the rows used.

    Where only a kecamatan's or kabupaten's total is known, what its counted villages leave is shared equally among
    the others; with nothing known, a village has the mean of the known ones (or 1,500).
    """
    rows = rows[rows["indikator"] == "penduduk"]
    own = rows[rows["level"] == "desa"].set_index("kode")["value"].reindex(villages.index)
    people = own.fillna(villages["penduduk"]).where(lambda value: value > 0)
    known = people.notna()
    for name, column in _LEVELS[1:]:
        total = rows[rows["level"] == name].set_index("kode")["value"]
        open_ = people.isna()
        if not open_.any() or total.empty:
            continue
        area = villages[column]
        left = area.map(total) - area.map(people.groupby(area).sum())
        each = left / area.map(open_.groupby(area).sum())
        people = people.fillna(each.where(each > 0))
    usual = float(people.mean()) if people.notna().any() else 1500.0
    used = rows[rows["level"].eq("desa") & rows["kode"].isin(villages.index[known])]
    return people.fillna(usual), known, used if known.all() else rows
