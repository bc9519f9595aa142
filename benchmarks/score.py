"""How well the score finds the known truth of DATA CONTOH, against baselines and other ways to protect villages.

    uv run python benchmarks/score.py --seeds 10
    uv run python benchmarks/score.py --data real

With ``--data real`` or ``mixed`` there is no truth: the workspace of `benchmarks.office` is scored and evaluated once,
and what is printed are the years it was tested on, at every level, and the seconds.

Each seed is another invented NTT (`data.demo.facts`): other people, poverty, truth and cases under the same published
kabupaten figures. ``oracle_100`` is the share of the best possible list's expected reported cases that the first 100
villages hold; ``oracle_true_100`` counts unreported cases too. CPU seconds are of `risk.scoring.score.score`, reading
and storing included, on one core.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import pandas as pd

from benchmarks.office import PANDAS, cpu_seconds, data_options, made
from data.demo.facts import demo_batches
from data.gazetteer import read_gazetteer
from data.published import published_batches
from data.workspace import Workspace
from geo.boundaries.in_force import install_approximate
from geo.drawing.layers import build_layers
from risk.evaluation.evaluate import evaluate, evaluate_briefly
from risk.scoring.score import score


def one_seed(gazetteer: pd.DataFrame, seed: int, thorough: bool) -> dict[str, Any]:
    """Scores and evaluates one invented province in a workspace of its own."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(Path(folder) / "kerja").create()
        store = workspace.store()
        try:
            store.gazetteer.replace(gazetteer)
            install_approximate(store, workspace)
            build_layers(store, workspace)
            for meta, rows in [*published_batches(), *demo_batches(gazetteer, seed)]:
                store.facts.commit(meta, rows)
            start = time.process_time()
            score(store, workspace)
            seconds = time.process_time() - start
            found = (evaluate if thorough else evaluate_briefly)(store, workspace)
            return {"seed": seed, "seconds": seconds, **found}
        finally:
            store.close()


def means(found: list[dict[str, Any]]) -> dict[str, Any]:
    """Means over seeds, one table per part of the evaluation."""
    rolling = [
        {**ranking, "seed": one["seed"]}
        for one in found
        for year in one.get("rolling", [])
        for ranking in year["rankings"]
    ]

    def table(rows: list[dict[str, Any]]) -> dict[str, dict[str, float]]:
        if not rows:
            return {}
        table = pd.DataFrame(rows).groupby("key", sort=False).mean(numeric_only=True).round(3)
        return {str(key): {str(name): value for name, value in row.items()} for key, row in table.iterrows()}

    wins = [{r["key"]: r["oracle_100"] for r in one["rankings"]} for one in found]
    return {
        "seeds": len(found),
        "seconds": {"median": round(pd.Series([one["seconds"] for one in found]).median(), 2)},
        "rankings": table([ranking for one in found for ranking in one["rankings"]]),
        "published_beats": {
            key: sum(one["published"] > one[key] for one in wins) for key in wins[0] if key not in ("published", "full")
        },
        "calibration": pd.DataFrame([one["calibration"] for one in found]).mean().round(3).to_dict(),
        "disclosure": table([way for one in found for way in one.get("disclosure", [])]),
        "hit_rates": table([{k: v for k, v in row.items() if k != "seed"} for row in rolling]),
    }


def on_real_data(args: argparse.Namespace) -> dict[str, Any]:
    """Processor seconds of scoring and evaluating, and what the years say."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = made(args, Path(folder) / "kerja")
        store = workspace.store()
        try:
            pandas = cpu_seconds(PANDAS)
            start = time.process_time()
            score(store, workspace)
            scored = time.process_time()
            found = evaluate(store, workspace)
            seconds = {"pandas": pandas, "score": scored - start, "evaluate": time.process_time() - scored}
            return {
                "data": args.data,
                "seconds": {name: round(value, 2) for name, value in seconds.items()},
                "levels": {
                    level: {"years": one["years"], "methods": one["methods"]} for level, one in found["levels"].items()
                },
                "price": found["price"],
            }
        finally:
            store.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--first", type=int, default=53)
    parser.add_argument("--thorough", action="store_true", help="rolling years and attackers too; a minute a seed")
    data_options(parser)
    args = parser.parse_args()
    if args.data != "contoh":
        print(json.dumps(on_real_data(args), indent=1))
        return
    gazetteer = read_gazetteer()
    found = [one_seed(gazetteer, seed, args.thorough) for seed in range(args.first, args.first + args.seeds)]
    print(json.dumps(means(found), indent=2))


if __name__ == "__main__":
    main()
