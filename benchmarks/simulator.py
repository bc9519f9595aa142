"""Invented provinces over the real villages of NTT, for judging the estimator itself; not DATA CONTOH.

The truth is none of the models that are fitted: networks act only together with poverty, poverty has a threshold, risk
has a Matérn field over kilometres (not over a neighbour graph), recruiters take groups of victims that spill over to
the next villages, years hang together, covariates are measured with error and only a part is reported, less the
farther from a desk. Strengths, and so the targets, are those under which the model was chosen.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import pandas as pd
from scipy.spatial import cKDTree

from data.domain.capitals import distance_to_seat
from data.domain.distance import plane_km
from data.gazetteer import read_gazetteer

YEARS = 4
"""Years of history; the truth is the expected number in the year after."""
SPILL, GROUP_MEAN, NEAREST = 0.3, 0.4, 6
COLD = 5
"""Kabupaten without any count in the cold start."""
HOURS_PER_KM = 1 / 18
"""Straight-line kilometres to hours on the way: 18 km an hour on the roads of NTT's islands."""


@dataclass(frozen=True)
class Scenario:
    """What differs from the base: ``cases`` reported a year, ``field`` SD of the field (0: none), ``signal`` factor on
    all covariate effects, ``covariates`` level at which they are known, ``reporting`` mean share reported, ``slope`` of
    its log odds per log(1 + km), ``poor_slope`` by how much the log of that share falls per SD of poverty, ``cold``
    whether some kabupaten report nothing at all, ``steady`` whether networks act the more the stronger they are, as
    measured, instead of only where they are strong, a step nobody measured."""

    name: str
    cases: float = 250.0
    field: float = 0.6
    signal: float = 1.0
    covariates: str = "desa"
    reporting: float = 0.35
    slope: float = 1.0
    poor_slope: float = 0.0
    cold: bool = False
    steady: bool = False


SCENARIOS = (
    Scenario("base"),
    Scenario("100 cases a year", cases=100),
    Scenario("400 cases a year", cases=400),
    Scenario("no spatial residual", field=0.0),
    Scenario("weak covariates", signal=0.4),
    Scenario("covariates per kecamatan", covariates="kec"),
    Scenario("reporting 15 %, steep", reporting=0.15, slope=1.8),
    Scenario("reporting falls with distance and poverty", reporting=0.15, slope=1.8, poor_slope=0.6),
    Scenario("cold start", cold=True),
    Scenario("networks as a slope", steady=True),
)


@dataclass(frozen=True)
class Province:
    """``X`` of the estimator (desa, kec, kab, penduduk x years, covariates), ``y`` reported cases of `YEARS` years,
    ``reported`` and ``true`` expected cases a year (n,), ``people`` as recorded, ``hours`` to the nearest desk,
    ``cold`` rows whose kabupaten reports nothing (exposure 0)."""

    X: pd.DataFrame
    y: np.ndarray
    reported: np.ndarray
    true: np.ndarray
    people: np.ndarray
    hours: np.ndarray
    cold: np.ndarray
    following: np.ndarray
    poverty: np.ndarray
    """Percent of people poor, as recorded."""

    def a_year(self) -> pd.DataFrame:
        """The same rows with a year's exposure: what predictions are for."""
        return self.X.assign(penduduk=self.people)


@lru_cache(maxsize=1)
def villages() -> pd.DataFrame:
    """The 3,353 villages of NTT whose own point is known, with km to the seat of their kabupaten."""
    gazetteer = read_gazetteer()
    frame = gazetteer.assign(km=distance_to_seat(gazetteer))
    return frame[frame["presisi_titik"] == "desa"].reset_index(drop=True)


@lru_cache(maxsize=1)
def neighbours(boundaries: Path | None = None) -> pd.DataFrame:
    """Pairs of neighbours among `villages`: of the real polygons in a folder as published, else of approximate ones."""
    import geopandas as gpd

    from geo.boundaries.approximate import approximate_boundaries
    from geo.boundaries.coverage import clean, polygonal
    from geo.files.reader import read_boundaries
    from geo.proximity.neighbours import neighbour_pairs

    if boundaries is None:
        return neighbour_pairs(approximate_boundaries(read_gazetteer()))
    features = read_boundaries(boundaries, level="desa", provinces=["53"])
    shapes = polygonal(features.geometry)
    frame = gpd.GeoDataFrame({"kode": features.table["kode"]}, geometry=shapes, crs="EPSG:4326")
    return neighbour_pairs(clean(frame.sort_values("kode", ignore_index=True))[0])


def invent(seed: int, scenario: Scenario = SCENARIOS[0]) -> Province:
    """One province. The same seed under another scenario shares people, places and noise wherever it can."""
    rng = np.random.default_rng([seed, 7])
    place = villages()
    n = len(place)
    kec, kab = (pd.factorize(place[column])[0] for column in ("kode_kec", "kode_kab"))
    xy = plane_km(place["lon"], place["lat"])
    size = np.exp(0.6 * rng.standard_normal(n)) * np.where(place["jenis"] == "kelurahan", 2.2, 1.0)
    people = 1650 * size / size.mean()
    km = place["km"].to_numpy(float)
    remote = _standard(np.log1p(km) + 0.3 * rng.standard_normal(n))
    poor = _standard(0.5 * _effect(rng, kab) + 0.5 * _effect(rng, kec) + 0.25 * remote + 0.7 * rng.standard_normal(n))
    network = _standard(matern(xy, rng, 60.0) + 0.8 * rng.standard_normal(n))
    linked = network if scenario.steady else (network > 0.8).astype(float)
    log_rate = scenario.signal * (0.45 * poor + 0.25 * remote + 0.5 * linked + 0.2 * poor * linked + 0.4 * (poor > 1.2))
    log_rate = log_rate + scenario.field * matern(xy, rng, 35.0)
    log_rate = log_rate + 0.35 * _effect(rng, kab) + 0.3 * _effect(rng, kec) + 0.4 * rng.standard_normal(n)

    origin = people * np.exp(log_rate)
    near = cKDTree(xy).query(xy, k=NEAREST + 1)[1][:, 1:]
    spilled = (1 - SPILL) * origin
    np.add.at(spilled, near, np.repeat(SPILL / NEAREST * origin[:, None], NEAREST, axis=1))
    odds = -scenario.slope * (np.log1p(km) - np.log1p(km).mean()) + 0.3 * rng.standard_normal(n)
    left = np.minimum(np.exp(-scenario.poor_slope * (poor + 1)), 1.0)  # a factor on what distance leaves
    reporting = left * _share_with_mean(odds, scenario.reporting, weight=spilled * left)
    scale = scenario.cases / float(spilled @ reporting)
    true, reported = spilled * scale, spilled * scale * reporting

    year_noise = _years(n, YEARS + 1, rng)
    counts = [_victims(origin * scale * factor, near, reporting, rng) for factor in year_noise]
    cold = np.zeros(n, bool)
    if scenario.cold:
        cold = np.isin(kab, rng.choice(kab.max() + 1, COLD, replace=False))
    seen = people * np.exp(0.1 * rng.standard_normal(n))
    known = {
        "miskin": _measured(poor, 0.8, rng),
        "terpencil": remote,
        "jaringan": _measured(network, 0.6, rng),
        "hiasan": rng.standard_normal(n),  # explains nothing
    }
    X = pd.DataFrame(
        {
            "desa": place["kode"],
            "kec": place["kode_kec"],
            "kab": place["kode_kab"],
            "penduduk": np.where(cold, 0.0, seen * YEARS),
        }
    )
    for name, value in known.items():
        X[name] = value
        if scenario.covariates != "desa":
            X[name] = X.groupby(scenario.covariates)[name].transform("mean")
    past = np.where(cold, 0, np.sum(counts[:YEARS], axis=0)).astype(float)
    return Province(
        X, past, reported, true, seen, km * HOURS_PER_KM, cold, counts[YEARS].astype(float), 20 + 8 * known["miskin"]
    )


def matern(xy: np.ndarray, rng: np.random.Generator, range_km: float, waves: int = 500) -> np.ndarray:
    """A Gaussian field of unit variance over points (km), Matérn 3/2, as a sum of random waves."""
    frequency = rng.standard_normal((2, waves)) / range_km * np.sqrt(3 / rng.chisquare(3, waves))
    phase = rng.uniform(0, 2 * np.pi, waves)
    return np.cos(xy @ frequency + phase) @ (rng.standard_normal(waves) * np.sqrt(2 / waves))


def _victims(expected: np.ndarray, near: np.ndarray, reporting: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Reported victims by home: groups leave an origin, each member may be from next door, each may be reported."""
    groups = rng.poisson(expected / (1 + GROUP_MEAN))
    size = 1 + rng.poisson(GROUP_MEAN, groups.sum())
    home = np.repeat(np.repeat(np.arange(len(expected)), groups), size)
    moved = rng.random(len(home)) < SPILL
    home[moved] = near[home[moved], rng.integers(0, NEAREST, moved.sum())]
    return np.bincount(home[rng.random(len(home)) < reporting[home]], minlength=len(expected))


def _years(n: int, years: int, rng: np.random.Generator, sd: float = 0.3, memory: float = 0.6) -> list[np.ndarray]:
    state, out = sd * rng.standard_normal(n), []
    for _ in range(years):
        out.append(np.exp(state - sd**2 / 2))
        state = memory * state + np.sqrt(1 - memory**2) * sd * rng.standard_normal(n)
    return out


def _share_with_mean(odds: np.ndarray, mean: float, weight: np.ndarray) -> np.ndarray:
    """Logistic shares whose weighted mean is ``mean``: the level is found by bisection."""
    low, high = -15.0, 15.0
    for _ in range(60):
        middle = (low + high) / 2
        share = 1 / (1 + np.exp(-(middle + odds)))
        low, high = (middle, high) if share @ weight / weight.sum() < mean else (low, middle)
    return share


def _measured(value: np.ndarray, reliability: float, rng: np.random.Generator) -> np.ndarray:
    noise = rng.standard_normal(len(value))
    return np.sqrt(reliability) * value + np.sqrt(1 - reliability) * noise


def _effect(rng: np.random.Generator, group: np.ndarray) -> np.ndarray:
    return rng.standard_normal(group.max() + 1)[group]


def _standard(values: np.ndarray) -> np.ndarray:
    return (values - values.mean()) / values.std()
