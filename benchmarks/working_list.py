"""What one leaked list of the full model would tell about which villages have recorded cases, on invented provinces.

    uv run python benchmarks/working_list.py [--seeds 12] [--first 6000]

A list of 100 villages is taken from the published model (what everybody gets) and from the full model (villages' own
counts). Held: the list's share of the coming year's expected recorded cases. ``with a case``: of the listed villages,
how many have at least one recorded case in the years the model saw, beside that share in the whole province; ``in a
kecamatan``: the chance that an observer who compares a listed with an unlisted village of one kecamatan is right in
taking the listed one to have a case and the other not, among pairs where exactly one has; ``AUC``: of an attacker who
knows everything public (logistic regression, cross-validated), without and with the list. A column is the mean over
provinces with its standard error.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np
import pandas as pd

from benchmarks.calibration import inputs_of
from benchmarks.simulator import SCENARIOS, Province, invent
from risk.evaluation.attack import attack_auc
from risk.evaluation.leak import secret_of
from risk.scoring.inputs import Inputs, Models, fit_models
from risk.scoring.ranks import top

N = 100
CHOSEN = ("base", "100 cases a year", "networks as a slope")


def lists(inputs: Inputs, models: Models) -> dict[str, np.ndarray]:
    """Who is listed (bool per village), by model."""
    year = inputs.a_year()
    out = {}
    for name, model in (("published", models.published), ("full", models.full)):
        listed = np.zeros(len(year), bool)
        listed[top(model.predict(year), N)] = True
        out[name] = listed
    return out


def within_kecamatan(listed: np.ndarray, has: np.ndarray, kecamatan: np.ndarray) -> float:
    """Of pairs in one kecamatan, one listed and one not, exactly one with a case: how often it is the listed one."""
    right = pairs = 0
    for _, rows in pd.DataFrame({"listed": listed, "has": has}).groupby(kecamatan):
        inside, outside = rows.loc[rows["listed"], "has"], rows.loc[~rows["listed"], "has"]
        right += int(inside.sum() * (~outside).sum())
        pairs += int(inside.sum() * (~outside).sum() + (~inside).sum() * outside.sum())
    return right / pairs if pairs else float("nan")


def measured(province: Province) -> list[dict[str, float | str]]:
    inputs = inputs_of(province, None)
    models = fit_models(inputs)
    secret = secret_of(inputs)
    has = secret.counts > 0
    kab = pd.get_dummies(pd.Series(secret.covariates.index.str[:5], secret.covariates.index)).astype(float)
    public = secret.covariates.join(kab).join(secret.totals)
    without = attack_auc(public, has)
    expected = province.reported
    return [
        {
            "list": name,
            "held": float(expected[listed].sum() / expected.sum()),
            "best": float(np.sort(expected)[-N:].sum() / expected.sum()),
            "with a case": float(has[listed].mean()),
            "anywhere": float(has.mean()),
            "in a kecamatan": within_kecamatan(listed, has, secret.kecamatan),
            "AUC without": without,
            "AUC with": attack_auc(public.assign(listed=listed.astype(float)), has),
        }
        for name, listed in lists(inputs, models).items()
    ]


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seeds", type=int, default=12)
    options.add_argument("--first", type=int, default=6000)
    args = options.parse_args()
    for scenario in (one for one in SCENARIOS if one.name in CHOSEN):
        rows = [row for seed in range(args.first, args.first + args.seeds) for row in measured(invent(seed, scenario))]
        told = pd.DataFrame(rows).groupby("list", sort=False).agg(["mean", "sem"]).round(3)
        print(f"\n## {scenario.name}, {args.seeds} provinces\n")
        print(told.T.unstack().to_string())


if __name__ == "__main__":
    main()
