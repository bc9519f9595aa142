"""What spreading a plan costs and gains on invented provinces, by how finely cases are located.

    uv run python benchmarks/spread.py [--seeds 40] [--first 5000] [--shift 0 0.5 1.0]

A list of 100 villages is chosen from what is known after four years: with the plain sum as the objective and with
returns that diminish among villages nobody can tell apart, both without the lottery, and the second with it. Held is
the share of the true expected cases of the next year, reported or not, in the listed villages; and of the reported
ones. With ``--shift SD`` each kabupaten's truth is multiplied by a log-normal factor of that SD and mean 1 that nobody
could know: a route or a moratorium changed, or its cases were reported more than elsewhere. Prints means with their
standard errors, the mean of the worst tenth of the provinces, and the paired difference.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import pandas as pd

from benchmarks.simulator import SCENARIOS, Province, invent
from campaign.planning.choosing import best
from campaign.planning.lottery import drawn, pools
from campaign.planning.problem import Problem
from campaign.planning.solver.returns import cells, returns_of
from risk import pairs
from risk.model import VillageRiskRegressor

N, DRAWS = 100, 300
KNOWN = {"desa": None, "kecamatan": "kec", "kabupaten": "kab"}


def fitted(province: Province, level: str) -> VillageRiskRegressor:
    """The estimator on cases of villages, or on sums of kecamatan or kabupaten alone."""
    column = KNOWN[level]
    if column is None:
        return VillageRiskRegressor().fit(province.X, province.y)
    sums = pd.Series(province.y).groupby(province.X[column].to_numpy()).sum()
    return VillageRiskRegressor().fit(province.X, np.zeros(len(province.y)), aggregates={column: sums})


def lists(province: Province, level: str, seed: int) -> dict[str, np.ndarray]:
    """Who is listed in which way (bool per village)."""
    model = fitted(province, level)
    expected = model.predict(province.a_year())
    draws = model.sample(DRAWS) * province.people
    n = len(expected)
    none = np.zeros(n, dtype=bool)
    villages = pd.DataFrame(
        {"tingkat_bukti": level, "kode_kab": province.X["kab"].astype(str), "kode_kec": province.X["kec"].astype(str)}
    )
    group = pd.factorize(villages["kode_kab"])[0]
    kecamatan = pd.factorize(villages["kode_kec"])[0]
    plain = Problem(
        value=expected,
        cost=np.ones(n),
        kecamatan=kecamatan,
        trip=np.zeros(kecamatan.max() + 1),
        group=group,
        island=np.zeros(n, dtype=int),
        must=none,
        never=none,
        explored=none,
        villages=N,
    )
    cell = cells(villages)
    known = np.full(n, level == "kecamatan")
    spread = Problem(**{**plain.__dict__, "returns": returns_of(expected, cell, none, N, known)})
    codes = province.X["desa"].to_numpy(dtype=str)
    strength = pd.DataFrame({"penduduk": np.zeros(n)}, index=codes)
    kept = pairs.kept(codes.tolist(), expected, draws, strength)
    chance = pairs.among_top(kept, N).to_numpy()
    out = {"linear": best(plain).chosen, "concave": best(spread).chosen}
    own = cell < 0
    stratum = np.where((chance < 0.8) & (~own | (chance >= 0.2)), np.where(own, cell.max() + 1, cell), -1)
    final = out["concave"]
    for members in pools(spread, final, stratum, own, lambda i: pairs.above(kept, codes[i]).to_numpy()):
        final, _ = drawn(spread, final, members, codes, str(seed))
    return {**out, "concave, drawn": final}


def judged(province: Province, listed: np.ndarray, shift: np.ndarray) -> dict[str, float]:
    """``shift``: a factor per kabupaten."""
    kab = pd.factorize(province.X["kab"])[0]
    held = np.bincount(kab[listed])
    true, reported = province.true * shift[kab], province.reported * shift[kab]
    return {
        "true": float(true[listed].sum() / true.sum()),
        "reported": float(reported[listed].sum() / reported.sum()),
        "most in one kabupaten": float(held.max() / listed.sum()),
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seeds", type=int, default=40)
    options.add_argument("--first", type=int, default=5000)
    options.add_argument("--shift", type=float, nargs="+", default=[0.0])
    args = options.parse_args()
    rows: list[dict[str, Any]] = []
    for seed in range(args.first, args.first + args.seeds):
        province = invent(seed, SCENARIOS[0])
        n = province.X["kab"].nunique()
        normal = np.random.default_rng(seed).standard_normal(n)
        for level in KNOWN:
            for way, listed in lists(province, level, seed).items():
                for sd in args.shift:
                    found = judged(province, listed, np.exp(sd * normal - sd**2 / 2))
                    rows.append({"seed": seed, "shift": sd, "known to": level, "list": way, **found})
    table = pd.DataFrame(rows)
    for sd in args.shift:
        print(f"\n## SD of what changed between kabupaten: {sd}\n")
        report(table[table["shift"] == sd], args.seeds)


def report(table: pd.DataFrame, seeds: int) -> None:
    """The table of one shift and the paired differences."""
    worst = max(1, seeds // 10)
    print("| known to | list | true, mean (SE) | worst tenth | reported, mean (SE) | worst tenth | most in one kab. |")
    print("|---|---|---|---|---|---|---|")
    for known_to, way in dict.fromkeys(zip(table["known to"], table["list"], strict=True)):
        part = table[(table["known to"] == known_to) & (table["list"] == way)]
        told = [known_to, way]
        for name in ("true", "reported"):
            values = np.sort(part[name].to_numpy())
            told.append(f"{values.mean():.4f} ({values.std(ddof=1) / np.sqrt(len(values)):.4f})")
            told.append(f"{values[:worst].mean():.4f}")
        told.append(f"{part['most in one kabupaten'].mean():.2f}")
        print(f"| {' | '.join(told)} |")
    wide = table.pivot(index=["known to", "seed"], columns="list", values=["true", "reported"])
    print("\nPaired, share of what the plain list holds:")
    for level in KNOWN:
        for name in ("true", "reported"):
            for way in ("concave", "concave, drawn"):
                ratio = wide.loc[level][name][way] / wide.loc[level][name]["linear"] - 1
                print(f"{level} {name} {way}: {ratio.mean():+.4f} (SE {ratio.std(ddof=1) / np.sqrt(len(ratio)):.4f})")


if __name__ == "__main__":
    main()
