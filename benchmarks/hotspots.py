"""How long the spatial scan takes over as many areas as NTT has villages, and all hot spots of real or invented data.

    uv run python benchmarks/hotspots.py [--data real|mixed|contoh] [--workspace DIR]

Seconds of processor time on one core; the scan with 999 replicates, circles of up to 600 areas and 10 % of all cases.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import numpy as np

from benchmarks.office import PANDAS, cpu_seconds, data_options, made
from data.workspace import Workspace
from risk.clusters.hotspots import compute
from risk.clusters.scan import scan

AREAS, CASES = 3352, 1000


def scan_seconds(seed: int = 0) -> float:
    """One scan without any cluster, the slowest kind."""
    rng = np.random.default_rng(seed)
    people = np.exp(rng.normal(7, 0.6, AREAS))
    cases = rng.multinomial(CASES, people / people.sum())
    start = time.process_time()
    scan(cases, people, rng.uniform(size=(AREAS, 2)), seed=seed)
    return time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--workspace", type=Path)
    data_options(parser)
    args = parser.parse_args()
    found = {"data": args.data, "pandas": round(cpu_seconds(PANDAS), 2), "scan_seconds": round(scan_seconds(), 1)}
    with tempfile.TemporaryDirectory() as folder:
        workspace = Workspace(args.workspace) if args.workspace else made(args, Path(folder) / "kerja")
        store = workspace.store()
        start = time.process_time()
        compute(store, workspace)
        found["hotspots_seconds"] = round(time.process_time() - start, 1)
        store.close()
    print(json.dumps(found))


if __name__ == "__main__":
    main()
