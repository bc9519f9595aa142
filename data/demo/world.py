"""The invented province behind DATA CONTOH: people, poverty, true risk, reporting, and who falls victim with whom.

The truth is deliberately none of the models that are fitted to it: networks act only together with poverty, poverty
has a threshold, risk has a smooth field in space (a distance kernel, not a neighbour graph), victims travel in
recruiters' groups that spill over to the next village, years hang together, and only a part is reported, less the
farther from the kabupaten's seat. Strengths after the simulations in which the model was chosen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.domain.capitals import distance_to_seat
from data.domain.distance import distance_km, plane_km

FIELD_RANGE_KM, FIELD_SD = 35.0, 0.6
SPILL, NEIGHBOURS, COMPANIONS = 0.3, 6, 0.4
"""Share of a group's victims from next villages, how many of those there are, mean companions of a victim."""
YEAR_SD, YEAR_MEMORY = 0.3, 0.6
USUAL_VILLAGE, USUAL_POVERTY = 1500, 0.2
"""People in a village and share of poor people where nothing is published."""


@dataclass(frozen=True)
class World:
    """Villages in the gazetteer's order: ``villages`` has kode, kode_kab, penduduk, miskin, laju (relative true
    rate), asal (weight as a group's origin), korban (weight as a victim's home), pelaporan (reporting probability).
    ``neighbours`` (n, k) are row numbers, -1 for none, all in the same kabupaten."""

    villages: pd.DataFrame
    neighbours: np.ndarray
    invented_population: np.ndarray


def build_world(gazetteer: pd.DataFrame, seed: int, population: pd.Series, poverty: pd.Series) -> World:
    """The province for a gazetteer in the store's columns.

    ``population`` (persons) and ``poverty`` (share of poor people) are published figures by kabupaten code; a
    kabupaten they lack gets a usual one. Depends on ``seed`` and the gazetteer only.
    """
    villages = gazetteer[["kode", "kode_kec", "kode_kab", "jenis", "lon", "lat", "penduduk"]].sort_values("kode")
    villages = villages.reset_index(drop=True)
    n = len(villages)
    invented = villages["penduduk"].isna().to_numpy()
    villages["penduduk"] = _people(villages, population, _rng(seed, 1))
    villages[["lon", "lat"]] = _placed(villages)
    distance = distance_to_seat(villages).to_numpy()

    rng = _rng(seed, 2)
    remote = _standard(np.log1p(distance) + 0.4 * rng.standard_normal(n))
    kec, kab = (pd.factorize(villages[column])[0] for column in ("kode_kec", "kode_kab"))
    share = poverty.reindex(villages["kode_kab"]).fillna(USUAL_POVERTY).to_numpy(float)
    logit = np.log(share / (1 - share)) + 0.25 * _effect(rng, kec) + 0.5 * rng.standard_normal(n) + 0.15 * remote
    poor = _standard(logit)
    recorded = logit + 0.25 * rng.standard_normal(n)
    villages["miskin"] = _poor_people(villages, recorded, share)

    rng = _rng(seed, 3)
    x, y = plane_km(villages["lon"], villages["lat"]).T
    network = (_field(x, y, rng) > 1.0) + 0.5 * (rng.random(n) < 0.08)
    log_rate = (
        0.45 * poor
        + 0.25 * remote
        + 0.5 * network
        + 0.2 * poor * network
        + 0.4 * (poor > 1.2)
        + FIELD_SD * _field(x, y, rng)
        + 0.35 * _effect(rng, kab)
        + 0.3 * _effect(rng, kec)
        + 0.4 * rng.standard_normal(n)
    )
    villages["laju"] = np.exp(log_rate)
    villages["jaringan"] = network
    reporting = 1 / (1 + np.exp(-(0.9 - 0.03 * distance + 0.3 * rng.standard_normal(n))))
    villages["pelaporan"] = np.clip(reporting, 0.1, 0.95)

    near = _nearest(villages)
    villages["asal"] = villages["penduduk"] * villages["laju"]
    villages["korban"] = _after_spill(villages["asal"].to_numpy(), near)
    return World(villages, near, invented)


def draw_victims(
    world: World, rows: np.ndarray, count: int, year_factor: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Row numbers of the homes of ``count`` *reported* victims among ``rows`` (one kabupaten), group by group."""
    weight = world.villages["asal"].to_numpy()[rows] * year_factor[rows]
    reporting = world.villages["pelaporan"].to_numpy()
    homes: list[int] = []
    while len(homes) < count:
        for origin in rng.choice(rows, size=2 * count + 8, p=weight / weight.sum()):
            for _ in range(1 + rng.poisson(COMPANIONS)):
                home = origin
                if rng.random() < SPILL:
                    near = world.neighbours[origin]
                    near = near[near >= 0]
                    home = rng.choice(near) if len(near) else origin
                if rng.random() < reporting[home]:
                    homes.append(int(home))
    return np.array(homes[:count], dtype=int)


def year_factors(n: int, years: int, rng: np.random.Generator) -> np.ndarray:
    """(years, n) multipliers of mean 1 that hang together from year to year."""
    state = YEAR_SD * rng.standard_normal(n)
    out = np.empty((years, n))
    for t in range(years):
        out[t] = np.exp(state - YEAR_SD**2 / 2)
        state = YEAR_MEMORY * state + np.sqrt(1 - YEAR_MEMORY**2) * YEAR_SD * rng.standard_normal(n)
    return out


def whole_numbers(weights: np.ndarray, total: int, upper: np.ndarray | None = None) -> np.ndarray:
    """Integers in proportion to ``weights`` that sum to ``total`` (largest remainders), none above ``upper``."""
    total = int(total if upper is None else min(total, int(upper.sum())))
    ideal = np.asarray(weights, float) / weights.sum() * total
    if upper is not None:
        for _ in range(50):  # what a full village cannot hold goes to the others
            ideal = np.minimum(ideal, upper)
            room, missing = (upper - ideal) * (ideal > 0), total - ideal.sum()
            if missing < 1e-9 or room.sum() <= 0:
                break
            ideal += missing * room / room.sum()
        ideal = np.minimum(ideal, upper)
    out = np.floor(ideal + 1e-9).astype(int)
    order = np.argsort(-(ideal - out), kind="stable")
    if upper is not None:
        order = order[out[order] < upper[order]]
    while (missing := total - int(out.sum())) > 0:
        out[order[:missing]] += 1
        if upper is not None:
            order = order[out[order] < upper[order]]
    return out


def _rng(seed: int, part: int) -> np.random.Generator:
    """A stream for each part, so that a change in one leaves the others as they were."""
    return np.random.default_rng([seed, part])


def _people(villages: pd.DataFrame, published: pd.Series, rng: np.random.Generator) -> np.ndarray:
    size = np.exp(0.5 * rng.standard_normal(len(villages))) * np.where(villages["jenis"] == "kelurahan", 2.0, 1.0)
    people = villages["penduduk"].to_numpy(float).copy()
    for kode_kab, rows in villages.groupby("kode_kab").indices.items():
        unknown = rows[np.isnan(people[rows])]
        if not len(unknown):
            continue
        total = published.get(kode_kab, np.nan) - np.nansum(people[rows])
        if not total >= 100 * len(unknown):
            total = USUAL_VILLAGE * len(unknown)
        people[unknown] = 50 + whole_numbers(size[unknown], round(float(total)) - 50 * len(unknown))
    return people


def _poor_people(villages: pd.DataFrame, logit: np.ndarray, share: np.ndarray) -> np.ndarray:
    people = villages["penduduk"].to_numpy(float)
    poor = np.zeros(len(villages))
    for rows in villages.groupby("kode_kab").indices.values():
        total = round(float(share[rows[0]] * people[rows].sum()))
        chance = 1 / (1 + np.exp(-logit[rows]))
        poor[rows] = whole_numbers(chance * people[rows], total, upper=np.floor(people[rows] * 0.95))
    return poor


def _placed(villages: pd.DataFrame) -> pd.DataFrame:
    """Coordinates with gaps filled by the middle of the kecamatan, the kabupaten, the province."""
    at = villages[["lon", "lat"]].astype(float)
    for column in ("kode_kec", "kode_kab"):
        at = at.fillna(at.groupby(villages[column]).transform("mean"))
    return at.fillna(at.mean()).fillna(0.0)


def _field(x: np.ndarray, y: np.ndarray, rng: np.random.Generator, waves: int = 400) -> np.ndarray:
    """A Gaussian field of unit variance with Matern 3/2 correlation, as a sum of random waves (Rahimi & Recht 2007)."""
    frequency = rng.standard_normal((2, waves)) / FIELD_RANGE_KM * np.sqrt(3 / rng.chisquare(3, waves))
    phase = rng.uniform(0, 2 * np.pi, waves)
    angle = np.outer(x, frequency[0]) + np.outer(y, frequency[1]) + phase
    return np.cos(angle) @ (rng.standard_normal(waves) * np.sqrt(2 / waves))


def _nearest(villages: pd.DataFrame) -> np.ndarray:
    near = np.full((len(villages), NEIGHBOURS), -1)
    lon, lat = villages["lon"].to_numpy(float), villages["lat"].to_numpy(float)
    for rows in villages.groupby("kode_kab").indices.values():
        apart = distance_km(lon[rows][:, None], lat[rows][:, None], lon[rows][None, :], lat[rows][None, :])
        np.fill_diagonal(apart, np.inf)
        k = min(NEIGHBOURS, len(rows) - 1)
        near[rows, :k] = rows[np.argsort(apart, axis=1, kind="stable")[:, :k]]
    return near


def _after_spill(weight: np.ndarray, near: np.ndarray) -> np.ndarray:
    """Expected victims by home when a share of each origin's victims comes from its next villages."""
    known = near >= 0
    count = known.sum(axis=1)
    out = np.where(count > 0, 1 - SPILL, 1.0) * weight
    per_neighbour = np.where(count > 0, SPILL * weight / np.maximum(count, 1), 0.0)
    np.add.at(out, near[known], np.broadcast_to(per_neighbour[:, None], near.shape)[known])
    return out


def _effect(rng: np.random.Generator, group: np.ndarray) -> np.ndarray:
    return rng.standard_normal(group.max(initial=-1) + 1)[group]


def _standard(values: np.ndarray) -> np.ndarray:
    spread = values.std()
    return (values - values.mean()) / (spread if spread > 0 else 1.0)
