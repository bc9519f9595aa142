"""Does P(top N) mean what it says: in simulated provinces, how often a village with that chance truly is among the top.

    uv run python benchmarks/calibration.py --seeds 24 --boundaries ../shared/data/boundaries/wilayah_boundaries

Through the road of `risk.scoring.score`: inputs, both models and the village rows as a workspace gets them; ``full`` is
the model that stays in the house. Truth: the hundred villages with most expected reported cases a year. Standard errors
are over provinces, for villages of one province share its luck.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import pandas as pd

from benchmarks.simulator import SCENARIOS, YEARS, Province, Scenario, invent, neighbours, villages
from risk.scoring.features import Features
from risk.scoring.inputs import Inputs, fit_models
from risk.scoring.observed import Observed
from risk.scoring.ranks import top
from risk.scoring.score import village_scores

N_TOP = 100
NAMES = {"miskin": "kemiskinan", "terpencil": "keterpencilan", "jaringan": "idm", "hiasan": "rata_lama_sekolah"}
"""The simulator's covariates under names that a score knows."""
BINS = {"0-.2": (0.0, 0.2), ".2-.5": (0.2, 0.5), ".5-.8": (0.5, 0.8), ".8-.95": (0.8, 0.95), "> .95": (0.95, 1.01)}


def inputs_of(province: Province, graph: pd.DataFrame | None, years: int = YEARS) -> Inputs:
    """The province as a score reads it: cases known to the village, ``years`` observed."""
    place = villages()
    kode = pd.Index(place["kode"], name="kode")
    people = pd.Series(np.asarray(province.people, float), kode, name="penduduk")
    values = province.X[list(NAMES)].set_axis(kode).rename(columns=NAMES)
    own = pd.DataFrame("desa", kode, [*values.columns, "penduduk"])
    kab = pd.Index(np.unique(place["kode_kab"]), name="kode_kab")
    seen = pd.Series(np.where(province.cold, 0.0, float(years)), kode)
    return Inputs(
        place,
        Features(values, people, own, dict.fromkeys(NAMES.values(), "simulator"), False),
        Observed(
            village=pd.Series(province.y, kode),
            kecamatan=pd.Series(0.0, np.unique(place["kode_kec"])),
            kabupaten=pd.Series(0.0, kab),
            years=seen,
            calendar_years=seen.astype(int),
            precision=pd.DataFrame(1.0, kab, ["desa", "kecamatan", "kabupaten"]),
            sources=["simulator"],
            period=None,
            data_contoh=False,
        ),
        graph,
    )


def chances(province: Province, graph: pd.DataFrame | None) -> Iterator[tuple[str, np.ndarray]]:
    """P(top) of every village, by model."""
    inputs = inputs_of(province, graph)
    table = village_scores(inputs, fit_models(inputs), N_TOP).table
    yield "published", table["p_top"].to_numpy()
    yield "full", np.array([one["p_top"] for one in table["internal"]])


def calibrated(seeds: range, graph: pd.DataFrame | None, scenarios: list[Scenario]) -> pd.DataFrame:
    """One row a scenario, model and bin: villages, mean chance, share that truly is among the top, its SE."""
    rows = []
    for scenario in scenarios:
        for seed in seeds:
            province = invent(seed, scenario)
            real = np.zeros(len(province.people), bool)
            real[top(province.reported, N_TOP)] = True
            for model, chance in chances(province, graph):
                for name, (low, high) in BINS.items():
                    inside = (chance >= low) & (chance < high)
                    rows.append(
                        {
                            "scenario": scenario.name,
                            "model": model,
                            "chance": name,
                            "n": int(inside.sum()),
                            "claimed": float(chance[inside].sum()),
                            "real": float(real[inside].sum()),
                        }
                    )
    return summed(pd.DataFrame(rows))


def summed(rows: pd.DataFrame) -> pd.DataFrame:
    """Means over villages with the standard error over provinces (ratio estimator)."""
    out = []
    for key, group in rows.groupby(["scenario", "model", "chance"], sort=False):
        n = max(group["n"].sum(), 1)
        share, claimed = group["real"].sum() / n, group["claimed"].sum() / n
        left = (group["real"] - group["claimed"]) - (share - claimed) * group["n"]
        error = float(np.sqrt((left**2).sum() * len(group) / max(len(group) - 1, 1)) / n)
        out.append([*key, int(group["n"].sum()), claimed, share, share - claimed, error])
    return pd.DataFrame(out, columns=["scenario", "model", "chance", "n", "claimed", "real", "difference", "SE"])


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seeds", type=int, default=24)
    parser.add_argument("--first", type=int, default=5000)
    parser.add_argument("--boundaries", type=Path)
    parser.add_argument("--scenario", action="append", default=[])
    args = parser.parse_args()
    chosen = [one for one in SCENARIOS if one.name in args.scenario or (not args.scenario and one.name == "base")]
    found = calibrated(range(args.first, args.first + args.seeds), neighbours(args.boundaries), chosen)
    print(found.round(3).to_string(index=False))


if __name__ == "__main__":
    main()
