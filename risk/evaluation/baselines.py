"""Simple ways to rank villages. Whatever the model says must beat them, and they are shown beside it always."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.choose import chosen
from data.domain.distance import plane_km
from risk.scoring.inputs import Inputs, Models
from risk.scoring.observed import observe
from risk.scoring.released import released_spread

KERNEL_KM = 15.0
TELLING = ("past_counts", "last_year", "gamma_eb", "kernel_rate", "full", "departures")
"""Rankings made from villages' own counts: they show what there is to gain, and may never be published."""
_TIE = 1e-9  # equal counts are ordered by population


def rankings(inputs: Inputs, models: Models, facts: pd.DataFrame) -> dict[str, np.ndarray]:
    """Every ranking that is compared, as expected cases a year (or what stands for them) in the frame's order.

    ``published`` and ``full`` are the two models; all others are baselines. ``facts``: those the inputs were made from.
    """
    X = inputs.a_year()
    people = inputs.features.population.to_numpy()
    out = {"published": models.published.predict(X), "full": models.full.predict(X)} | baselines(inputs, facts)
    return {key: np.asarray(value, float) + _TIE * people for key, value in out.items()}


def baselines(inputs: Inputs, facts: pd.DataFrame) -> dict[str, np.ndarray]:
    """Baselines alone; ``past_counts, last_year, gamma_eb, kernel_rate`` and ``departures`` are of own counts,
    ``population, poverty, poor_people`` and ``released_rate`` (the rate of the village's released cell) are not."""
    X = inputs.table()
    people = inputs.features.population.to_numpy()
    exposure = X["paparan"].to_numpy()
    counts = inputs.observed.village.to_numpy()
    spread = released_spread(inputs.observed, X.set_index("desa")["paparan"])
    cell = (spread["cases"] / spread["exposure"].where(spread["exposure"] > 0)).fillna(0.0).to_numpy()
    out = {
        "past_counts": counts,
        "last_year": _last_year(inputs, facts),
        "gamma_eb": gamma_rate(counts, exposure) * people,
        "kernel_rate": kernel_rate(counts, exposure, kilometres(inputs.frame)) * people,
        "released_rate": cell * people,
        "population": people,
    }
    if "kemiskinan" in inputs.features.values:
        share = inputs.features.values["kemiskinan"].to_numpy()
        out |= {"poverty": share, "poor_people": share * people}
    departures = facts[(facts["indikator"] == "prosedural") & (facts["level"] == "desa")]
    if len(departures):
        out["departures"] = (
            chosen(departures).groupby("kode")["value"].sum().reindex(X.index, fill_value=0.0).to_numpy(float)
        )
    return out


def gamma_rate(counts: np.ndarray, exposure: np.ndarray) -> np.ndarray:
    """Posterior mean rates under a gamma prior fitted by maximum likelihood (Clayton & Kaldor 1987)."""
    shape, scale = gamma_prior(counts, exposure)
    return (counts + shape) / (exposure + scale)


def gamma_prior(counts: np.ndarray, exposure: np.ndarray) -> tuple[float, float]:
    """Shape and rate of the gamma distribution of rates: the counts are negative binomial. Where nobody was watched all
    rates are alike: 1 and 1."""
    if not (exposure > 0).any():
        return 1.0, 1.0
    from scipy.optimize import minimize
    from scipy.special import gammaln

    seen = exposure > 0
    y, e = counts[seen], exposure[seen]
    mean = max(y.sum(), 0.5) / e.sum()

    def loss(at: np.ndarray) -> float:
        shape, rate = np.exp(at)
        told = gammaln(y + shape) - gammaln(shape) + shape * np.log(rate) - (y + shape) * np.log(rate + e)
        return -float(told.sum())

    best = minimize(loss, np.log([1.0, 1.0 / mean]), method="Nelder-Mead", options={"xatol": 1e-4, "maxiter": 400})
    shape, rate = np.exp(np.clip(best.x, -20, 40))
    return float(shape), float(rate)


def kernel_rate(counts: np.ndarray, exposure: np.ndarray, xy: np.ndarray, km: float = KERNEL_KM) -> np.ndarray:
    """Cases over exposure, both weighted by a Gaussian kernel around each village; the mean where nobody is near."""
    from scipy.spatial import cKDTree

    tree = cKDTree(xy)
    due, seen = np.empty(len(xy)), np.empty(len(xy))
    for first in range(0, len(xy), 1000):  # a country's villages by themselves would take 28 GB
        rows = slice(first, first + 1000)
        near = cKDTree(xy[rows]).sparse_distance_matrix(tree, 6 * km, output_type="ndarray")
        weight = np.exp(-0.5 * (near["v"] / km) ** 2)
        due[rows] = np.bincount(near["i"], weight * exposure[near["j"]], len(xy[rows]))
        seen[rows] = np.bincount(near["i"], weight * counts[near["j"]], len(xy[rows]))
    mean = counts.sum() / max(exposure.sum(), 1e-9)
    return np.where(due > 1e-6, (seen + 1e-3 * mean) / (due + 1e-3), mean)


def kilometres(frame: pd.DataFrame) -> np.ndarray:
    """Where villages lie on a plane, in kilometres; those without a point in the middle of their kabupaten."""
    place = frame[["lon", "lat"]]
    place = place.fillna(place.groupby(frame["kode_kab"]).transform("mean")).fillna(place.mean()).fillna(0.0)
    return plane_km(place["lon"], place["lat"])


def _last_year(inputs: Inputs, facts: pd.DataFrame) -> np.ndarray:
    """Counts of the last calendar year of which cases are known to the village."""
    located = facts[(facts["jenis"] == "kasus") & (facts["level"] == "desa")]
    if located.empty:
        return np.zeros(len(inputs.frame))
    year = int(located["period_start"].dt.year.max())
    seen = observe(facts, inputs.frame, inputs.features.population, since=pd.Timestamp(year, 1, 1))
    return seen.village.to_numpy()
