"""What a plan reaches against simpler ways, and how long it takes, on three scenarios over the demonstration scores
or those of real data.

    uv run python -m benchmarks.plan [--data real|mixed|contoh]
    uv run python -m benchmarks.plan --boundaries ../shared/data/boundaries/wilayah_boundaries

Prints a Markdown table. Ways: the plan before and after its draw, which fills what the draw leaves over; greed under
the same rules; lists sorted by score and by score times population with the same budget and no other rule. Reached is
in people at the province's average risk.
"""

from __future__ import annotations

import argparse
import datetime as dt
import os
import tempfile
import time
from pathlib import Path

from benchmarks.office import data_options, made, peta_aman
from campaign.planning.choosing import best
from campaign.planning.ground import ground_of
from campaign.planning.plan import make_plan
from campaign.planning.request import PlanRequest
from campaign.planning.solver.greedy import greedy

DAY = dt.date(2026, 11, 22)
SCENARIOS = {
    "120 hari tim, 1 desa per kabupaten": PlanRequest(team_days=120, floor_per_kabupaten=1),
    "60 hari tim di Januari, tanpa Sabu Raijua": PlanRequest(team_days=60, months=(1,), exclude={"53.20": "O3"}),
    "300 desa, paling banyak 25 per kabupaten": PlanRequest(villages=300, ceiling_per_kabupaten=25),
}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--boundaries", type=Path, help="official boundaries under DATA CONTOH")
    data_options(options)
    args = options.parse_args()
    print(f"Data: {args.data}. Beban mesin: {os.getloadavg()[0]:.1f}\n")
    print(
        "| skenario | desa | rencana | sebelum undian | rakus, aturan sama | urutan skor | skor × penduduk | "
        "optimum | rakus | seluruh rencana |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        workspace = made(args, Path(folder) / "w", args.boundaries)
        if args.data != "contoh":
            peta_aman(workspace, "score")
        store = workspace.store()
        for name, request in SCENARIOS.items():
            problem = ground_of(store, workspace, request, DAY).problem
            started = time.perf_counter()
            optimum = best(problem)
            solved = time.perf_counter() - started
            started = time.perf_counter()
            greedy(problem)
            quick = time.perf_counter() - started
            started = time.perf_counter()
            plan = make_plan(store, workspace, request, today=DAY)
            whole = time.perf_counter() - started
            reached = plan["objective"]
            shown = [
                f"{value / 1000:.1f} rb ({value / reached:.2f}×)"
                for value in (
                    problem.reached(optimum.chosen),
                    plan["baselines"]["greedy"],
                    plan["baselines"]["by_score"],
                    plan["baselines"]["by_score_x_population"],
                )
            ]
            print(
                f"| {name} | {len(plan['villages'])} | {reached / 1000:.1f} rb | {' | '.join(shown)} | "
                f"{solved:.1f} s | {quick:.2f} s | {whole:.1f} s |"
            )
        store.close()


if __name__ == "__main__":
    main()
