"""The estimator against its targets on invented provinces over the real villages of NTT (`benchmarks.simulator`).

    uv run python benchmarks/estimator.py --seeds 12 --boundaries ../shared/data/boundaries/wilayah_boundaries
    uv run python benchmarks/estimator.py --scale

``share``: expected reported cases of a list over those of the best possible list. ``hits``: cases of the following year
in the list over those in the list by past counts. ``claimed - real``: members of the true top 100 the list claims, less
those it has. All are means over seeds. CPU seconds are of one core.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import pandas as pd
from scipy.spatial import Delaunay, cKDTree
from scipy.stats import spearmanr

from benchmarks.simulator import SCENARIOS, YEARS, Province, invent, neighbours
from risk.model import VillageRiskRegressor
from risk.scoring.ranks import top
from risk.scoring.reporting import Curve, corrected

DRAWS = 500
TOLD = "0.5=0.45/0.65/0.8 2=0.2/0.35/0.5 5=0.08/0.2/0.35"
"""What officers who know roughly, not exactly, how reporting falls with distance might tell."""
TOLD_POOR = "0.2=0.6 0.5=0.3 1=0.12 2.5=0.04; miskin 12=1 28=0.4 40=0.2"
"""The same where the poor report less, too: true medians then are .62, .20, .08 and .02, and 1, .42 and .19."""


def share(truth: np.ndarray, ranking: np.ndarray, n: int) -> float:
    return float(truth[top(ranking, n)].sum() / truth[top(truth, n)].sum())


def judge(province: Province, model: VillageRiskRegressor) -> dict[str, float]:
    """All figures of one fitted model."""
    expected = model.predict(province.a_year())
    draws = model.sample(DRAWS) * province.people
    low, high = np.quantile(draws, [0.05, 0.95], axis=0)
    inside = (low <= province.reported) & (province.reported <= high)
    if province.cold.any():
        cold = province.cold
        n = round(0.1 * cold.sum())
        return {
            "cold share @10 %": share(province.reported[cold], expected[cold], n),
            "cold coverage": float(inside[cold].mean()),
        }
    listed = top(expected, 100)
    past = province.y + 1e-9 * province.people
    place = np.argsort(-draws, axis=1)[:, :100]
    claimed = np.bincount(place.ravel(), minlength=len(expected))[listed].sum() / DRAWS
    mean, _ = corrected(expected, draws[:1], Curve.parse(TOLD).draws(province.hours, 200))
    told = Curve.parse(TOLD_POOR).draws(province.hours, 200, poor=province.poverty)
    poor, _ = corrected(expected, draws[:1], told)
    following = province.following
    return {
        "share @100": share(province.reported, expected, 100),
        "share @300": share(province.reported, expected, 300),
        "past @100": share(province.reported, past, 100),
        "hits": following[listed].sum() / max(following[top(past, 100)].sum(), 1),
        "coverage": float(inside.mean()),
        "coverage top": float(inside[listed].mean()),
        "claimed": claimed,
        "claimed - real": claimed - np.isin(listed, top(province.reported, 100)).sum(),
        "rho": spearmanr(expected / province.people, province.reported / province.people)[0],
        "true, no curve": share(province.true, expected, 100),
        "true, curve": share(province.true, mean, 100),
        "true, curve + poverty": share(province.true, poor, 100),
        "true, poor people": share(province.true, province.poverty * province.people, 100),
    }


def mixed(province: Province, known_to: str, used: bool) -> VillageRiskRegressor:
    """Half of the kabupaten (or all, for ``kab``) report only sums of ``known_to``; ``used`` or thrown away."""
    coarse = pd.factorize(province.X["kab"])[0] % 2 == 1
    if known_to == "kab":
        coarse[:] = True
    y = np.where(coarse, 0.0, province.y)
    if not used:
        X = province.X.assign(penduduk=np.where(coarse, 0.0, province.X["penduduk"]))
        return VillageRiskRegressor().fit(X, y)
    sums = pd.Series(province.y[coarse]).groupby(province.X[known_to].to_numpy()[coarse]).sum()
    return VillageRiskRegressor().fit(province.X, y, aggregates={known_to: sums})


def provinces(seeds: range, graph: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    rows: list[dict[str, Any]] = []
    for seed in seeds:
        for scenario in SCENARIOS:
            if names and scenario.name not in names:
                continue
            province = invent(seed, scenario)
            for name, pairs in (("nested", None), ("field", graph)):
                start = time.process_time()
                model = VillageRiskRegressor(graph=pairs).fit(province.X, province.y)
                model.sample(DRAWS)
                seconds = time.process_time() - start
                rows.append({"scenario": scenario.name, "model": name, **judge(province, model), "CPU s": seconds})
            if scenario.name == "base":
                for label, level, used in (
                    ("kecamatan sums of half, used", "kec", True),
                    ("kecamatan sums of half, dropped", "kec", False),
                    ("kabupaten sums alone", "kab", True),
                ):
                    rows.append({"scenario": label, "model": "nested", **judge(province, mixed(province, level, used))})
    return pd.DataFrame(rows).groupby(["scenario", "model"], sort=False).mean().round(3)


def nation(n: int, joined: bool) -> tuple[pd.DataFrame, np.ndarray, pd.DataFrame]:
    """``n`` villages in 38 provinces (in proportion): X, y and neighbours, across provinces only if ``joined``."""
    rng = np.random.default_rng(0)
    size = n / 83_000
    xy, centres = rng.random((n, 2)), [rng.random((max(2, round(k * size)), 2)) for k in (38, 514, 7277)]
    kec = cKDTree(centres[2]).query(xy)[1]
    kab = cKDTree(centres[1]).query(centres[2])[1][kec]
    province = cKDTree(centres[0]).query(centres[1])[1][kab]
    corners = Delaunay(xy).simplices
    ends = np.unique(np.sort(np.vstack([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [0, 2]]]), 1), axis=0)
    if not joined:
        ends = ends[province[ends[:, 0]] == province[ends[:, 1]]]
    people = np.exp(rng.normal(7.3, 0.5, n))
    x = rng.standard_normal((n, 3))
    log_rate = 0.4 * x[:, 0] + 0.5 * np.sin(12 * xy[:, 0]) + 0.4 * np.cos(15 * xy[:, 1]) + 0.4 * rng.standard_normal(n)
    mean = people * np.exp(log_rate)
    X = pd.DataFrame({"desa": np.arange(n), "kec": kec, "kab": kab, "penduduk": people * YEARS})
    for j in range(3):
        X[f"x{j}"] = x[:, j]
    return X, rng.poisson(mean * 0.28 * n / mean.sum()).astype(float), pd.DataFrame(ends, columns=["a", "b"])


def scale() -> None:
    """Seconds and memory from one province to the country."""
    import resource

    for n, how in ((3_352, "nested"), (3_352, "field"), (20_000, "nested"), (83_000, "nested"), (83_000, "field")):
        X, y, pairs = nation(n, joined=n < 10_000)
        start = time.process_time()
        model = VillageRiskRegressor(graph=pairs if how == "field" else None).fit(X, y)
        fitted = time.process_time()
        model.sample(DRAWS)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        print(
            f"{n:>6} {how:>7}  fit {fitted - start:6.2f}  {DRAWS} draws {time.process_time() - fitted:6.2f} CPU s"
            f"  peak {peak:.2f} GB",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seeds", type=int, default=12)
    parser.add_argument("--first", type=int, default=3000)
    parser.add_argument("--boundaries", type=Path)
    parser.add_argument("--scenario", action="append", default=[])
    parser.add_argument("--scale", action="store_true")
    args = parser.parse_args()
    if args.scale:
        scale()
        return
    found = provinces(range(args.first, args.first + args.seeds), neighbours(args.boundaries), args.scenario)
    print(found.to_string(na_rep=""))


if __name__ == "__main__":
    main()
