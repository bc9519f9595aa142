"""DATA CONTOH: invented village figures of a known truth, for learning the tool and for testing it.

Sums per kabupaten follow what is published (population, poor people, deaths of migrant workers, official
departures), everything below is invented. Each row is marked; the marks travel to every screen, file and document.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from data.batches import FACT_COLUMNS, BatchMeta, fact_frame
from data.choose import chosen
from data.demo.world import World, build_world, draw_victims, whole_numbers, year_factors
from data.published import published_batches

SEED = 53
YEARS = (2021, 2022, 2023, 2024)
DEPARTURE_YEAR, POPULATION_YEAR = 2023, 2024
PER_MILLION = {"pmi_meninggal": 22.0, "pmi_bermasalah": 17.0, "tppo": 6.0}
"""Reported cases a year and million people where nothing is published; NTT's published order of size."""
DEPARTURES_PER_MILLION = {"prosedural": 230.0, "nonprosedural": 3000.0}
_EXACT = ("lengkap", "hampir_lengkap")
_OWN_SHARE = 0.5  # how much of a kabupaten's share comes from the invented risk when other years are published


@dataclass(frozen=True)
class Totals:
    """Cases by (indikator, year, kabupaten): ``drawn`` is what was reported (integers), ``expected`` its mean."""

    drawn: pd.Series
    expected: pd.Series


def demo_batches(gazetteer: pd.DataFrame, seed: int = SEED) -> Iterator[tuple[BatchMeta, pd.DataFrame]]:
    """Batches of DATA CONTOH for a gazetteer in the store's columns, in the order an office would import them.

    Population and poor people 2024, cases 2021-2024 (one batch a year), departures 2023; all per village. Villages
    whose population the gazetteer knows keep it. The same gazetteer and seed give the same rows.
    """
    figures = _published(gazetteer)
    world = _world(gazetteer, seed, figures)
    villages = world.villages
    invented = world.invented_population
    if invented.any():
        rows = _rows("penduduk", villages["kode"][invented], villages["penduduk"][invented], POPULATION_YEAR)
        yield _batch("indikator", rows, seed, POPULATION_YEAR, "penduduk")
    rows = _rows("penduduk_miskin", villages["kode"], villages["miskin"], POPULATION_YEAR)
    yield _batch("kemiskinan", rows, seed, POPULATION_YEAR, "kemiskinan")
    for year, rows in _cases(world, _totals(world, figures, seed), seed):
        yield _batch("kasus", rows, seed, year, f"kasus-{year}")
    yield _batch("keberangkatan", _departures(world, figures, seed), seed, DEPARTURE_YEAR, "keberangkatan")


def demo_truth(gazetteer: pd.DataFrame, seed: int = SEED) -> pd.DataFrame:
    """What is true of DATA CONTOH, one row per village in the order of ``kode``.

    ``kode``; ``laju_sejati`` cases per 1,000 people and year; ``harapan_sejati`` expected cases a year, reported or
    not; ``pelaporan`` the probability that a case is reported; ``harapan_terlapor`` expected reported cases a year.
    """
    figures = _published(gazetteer)
    world = _world(gazetteer, seed, figures)
    villages = world.villages
    yearly = _totals(world, figures, seed).expected.groupby(level="kab").sum() / len(YEARS)
    reported = villages["korban"] * villages["pelaporan"]
    scale = (yearly / reported.groupby(villages["kode_kab"]).sum()).reindex(villages["kode_kab"]).to_numpy()
    true = villages["korban"].to_numpy() * scale
    return pd.DataFrame(
        {
            "kode": villages["kode"],
            "laju_sejati": true / villages["penduduk"].to_numpy() * 1000,
            "harapan_sejati": true,
            "pelaporan": villages["pelaporan"],
            "harapan_terlapor": true * villages["pelaporan"].to_numpy(),
        }
    )


def _published(gazetteer: pd.DataFrame) -> pd.DataFrame:
    """Published facts of the gazetteer's kabupaten, one figure per stretch of time."""
    provinces = sorted(gazetteer["kode_prov"].astype(str).unique())
    frames = [fact_frame(rows, meta) for code in provinces for meta, rows in published_batches(code)]
    if not frames:
        return pd.DataFrame(columns=list(FACT_COLUMNS))
    facts = pd.concat(frames, ignore_index=True)
    facts = facts[facts["kode"].isin(set(gazetteer["kode_kab"]))].copy()
    for name in ("period_start", "period_end"):
        facts[name] = pd.to_datetime(facts[name])
    facts["value"] = facts["value"].astype(float)
    return chosen(facts)


def _world(gazetteer: pd.DataFrame, seed: int, figures: pd.DataFrame) -> World:
    return build_world(
        gazetteer,
        seed,
        _of_year(figures, "penduduk", POPULATION_YEAR),
        _of_year(figures, "persen_miskin", POPULATION_YEAR) / 100,
    )


def _of_year(figures: pd.DataFrame, indikator: str, year: int) -> pd.Series:
    rows = figures[(figures["indikator"] == indikator) & (pd.DatetimeIndex(figures["period_start"]).year == year)]
    return rows.set_index("kode")["value"].astype(float).dropna()


def _totals(world: World, figures: pd.DataFrame, seed: int) -> Totals:
    """Cases per kind, year and kabupaten: published where a year's list is complete, else invented around it.

    An incomplete or early published figure is a floor: no kabupaten gets less than was published of it.
    """
    rng = np.random.default_rng([seed, 4])
    villages = world.villages
    kab = pd.Index(np.unique(villages["kode_kab"].to_numpy(str)))
    own = (villages["korban"] * villages["pelaporan"]).groupby(villages["kode_kab"]).sum().reindex(kab)
    people = float(villages["penduduk"].sum())
    drawn: dict[tuple[str, int], pd.Series] = {}
    expected: dict[tuple[str, int], pd.Series] = {}
    for kind, rate in PER_MILLION.items():
        listed = _listed(figures, kind)
        pattern = pd.Series(0.0, kab)
        for year in YEARS:
            if year in listed:
                pattern = pattern.add(listed[year]["value"] / max(listed[year]["value"].sum(), 1), fill_value=0.0)
        share = own / own.sum()
        if pattern.sum() > 0:
            share = _OWN_SHARE * share + (1 - _OWN_SHARE) * pattern.reindex(kab) / pattern.sum()
        for year in YEARS:
            floor = listed[year]["value"].reindex(kab).fillna(0) if year in listed else pd.Series(0.0, kab)
            if year in listed and listed[year]["completeness"].isin(_EXACT).any():
                drawn[kind, year] = expected[kind, year] = floor
                continue
            total = round(rate * people / 1e6)
            expected[kind, year] = (total * share).clip(lower=floor)
            drawn[kind, year] = pd.Series(rng.multinomial(total, share / share.sum()), kab).clip(lower=floor)
    names = ["indikator", "year", "kab"]
    return Totals(pd.concat(drawn, names=names).astype(int).sort_index(), pd.concat(expected, names=names).sort_index())


def _listed(figures: pd.DataFrame, kind: str) -> dict[int, pd.DataFrame]:
    """Published figures of a kind by year, indexed by kabupaten; recaps over several years are left out."""
    rows = figures[(figures["jenis"] == "kasus") & (figures["indikator"] == kind) & figures["value"].notna()]
    starts, ends = pd.DatetimeIndex(rows["period_start"]).year, pd.DatetimeIndex(rows["period_end"]).year
    rows = rows[starts == ends]
    return {int(year): part.set_index("kode") for year, part in rows.groupby(starts[starts == ends])}


def _cases(world: World, totals: Totals, seed: int) -> Iterator[tuple[int, pd.DataFrame]]:
    rng = np.random.default_rng([seed, 5])
    kode = world.villages["kode"].to_numpy()
    kab_of = world.villages["kode_kab"].to_numpy()
    factors = year_factors(len(kode), len(YEARS), rng)
    for t, year in enumerate(YEARS):
        parts = []
        for kind in PER_MILLION:
            count = np.zeros(len(kode), dtype=int)
            for kab, total in totals.drawn.loc[(kind, year)].items():
                np.add.at(count, draw_victims(world, np.flatnonzero(kab_of == kab), int(total), factors[t], rng), 1)
            hit = count > 0
            parts.append(_rows(kind, kode[hit], count[hit], year))
        yield year, pd.concat(parts, ignore_index=True)


def _departures(world: World, figures: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Official departures follow towns and agencies, not risk; the others follow networks."""
    rng = np.random.default_rng([seed, 6])
    villages = world.villages
    n = len(villages)
    people = villages["penduduk"].to_numpy()
    published = _of_year(figures[figures["jenis"] == "keberangkatan"], "prosedural", DEPARTURE_YEAR)
    kab_people = villages.groupby("kode_kab")["penduduk"].sum()
    unlisted = kab_people.drop(published.index, errors="ignore")
    total = max(DEPARTURES_PER_MILLION["prosedural"] * kab_people.sum() / 1e6 - published.sum(), 0)
    sums = published.reindex(kab_people.index)
    if len(unlisted):
        sums = sums.fillna(pd.Series(whole_numbers(unlisted.to_numpy(), int(total)), unlisted.index))
    official = np.zeros(n, dtype=int)
    pull = people * np.exp(0.8 * rng.standard_normal(n))
    for kab, rows in villages.groupby("kode_kab").indices.items():
        official[rows] = rng.multinomial(int(sums.loc[str(kab)]), pull[rows] / pull[rows].sum())
    rate = DEPARTURES_PER_MILLION["nonprosedural"] / 1e6
    other = rng.poisson(people * rate * np.exp(0.5 * villages["jaringan"] + 0.5 * rng.standard_normal(n) - 0.2))
    parts = [
        _rows(kind, villages["kode"][count > 0], count[count > 0], DEPARTURE_YEAR)
        for kind, count in (("prosedural", official), ("nonprosedural", other))
    ]
    return pd.concat(parts, ignore_index=True)


def _rows(indikator: str, kode: Any, value: Any, year: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "indikator": indikator,
            "level": "desa",
            "kode": np.asarray(kode),
            "period_start": dt.date(year, 1, 1),
            "period_end": dt.date(year, 12, 31),
            "value": np.asarray(value, float),
            "unit": "orang",
            "data_contoh": True,
        }
    )


def _batch(jenis: str, rows: pd.DataFrame, seed: int, year: int, name: str) -> tuple[BatchMeta, pd.DataFrame]:
    source = f"DATA CONTOH (buatan, benih {seed})"
    meta = BatchMeta(
        jenis=jenis,
        source=source,
        file_name=f"data-contoh-{name}.csv",
        as_of=dt.date(year, 12, 31),
        user="peta-aman",
        rows_read=len(rows),
        rows_ok=len(rows),
        data_contoh=True,
    )
    return meta, rows.assign(source=source)
