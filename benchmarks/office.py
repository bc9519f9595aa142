"""What benchmarks measure on, declared once: the published real data, the same with an office's own years, DATA CONTOH.

Real data are boundaries of villages, the Village Development Index and published figures per kabupaten, from a folder
of public files beside this checkout (`../shared/data`, or `--files`): what an office has on its first day. ``mixed``
adds two years of invented cases, of which half are known to the village, three in ten to the kecamatan, the rest to the
kabupaten. Seconds are of the processor, user and system, of whole processes and taken in turns with ``python -c "import
pandas"``: machines differ threefold and are shared, so the ratio is the figure.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from campaign.office.installation import prepare
from data.batches import BatchMeta
from data.workspace import Workspace

ROOT = Path(__file__).resolve().parent.parent
FILES = ROOT.parent / "shared" / "data"
DATA = ("real", "mixed", "contoh")
YEARS = {2024: 260, 2025: 300}
PANDAS = [sys.executable, "-c", "import pandas"]


def data_options(parser: argparse.ArgumentParser, default: str = "contoh") -> None:
    """Adds ``--data`` and ``--files``."""
    parser.add_argument("--data", choices=DATA, default=default, help="what is measured on")
    parser.add_argument("--files", type=Path, default=FILES, help="folder of the public files")


def boundaries_of(files: Path) -> Path:
    """The folder of village boundaries among the public files."""
    return files / "boundaries" / "wilayah_boundaries"


def made(args: argparse.Namespace, folder: Path, boundaries: Path | None = None) -> Workspace:
    """A workspace of ``args.data`` in ``folder``, which must not exist; nothing is scored but DATA CONTOH.
    ``boundaries`` for DATA CONTOH, which has approximate ones without."""
    workspace = Workspace(folder)
    if args.data == "contoh":
        prepare(workspace, boundaries=boundaries)
        return workspace
    prepare(workspace, boundaries=boundaries_of(args.files), demo=False)
    index = args.files / "figures" / "idm2024_ntt_village.csv"
    peta_aman(workspace, "import", "indikator", str(index), "--source", "Kemendesa")
    if args.data == "mixed":
        store = workspace.store()
        for year, rows in cases(store.gazetteer.villages()).items():
            store.facts.commit(BatchMeta("kasus", f"register {year}, buatan"), rows)
        store.close()
    return workspace


def cases(villages: pd.DataFrame, seed: int = 7) -> dict[int, pd.DataFrame]:
    """Invented cases by year, each known to a village, a kecamatan or a kabupaten."""
    rng = np.random.default_rng(seed)
    kab = villages["kode_kab"].to_numpy(str)
    of_kab = dict(zip(sorted(set(kab)), rng.gamma(1.2, 1, len(set(kab))), strict=True))
    chance = np.array([of_kab[one] for one in kab]) * rng.gamma(0.5, 1, len(villages))
    out = {}
    for year, n in YEARS.items():
        where = np.repeat(villages["kode"].to_numpy(str), rng.multinomial(n, chance / chance.sum()))
        length = rng.choice([13, 8, 5], len(where), p=[0.5, 0.3, 0.2])
        kode = pd.Series([one[:k] for one, k in zip(where, length, strict=True)])
        rows = kode.value_counts().rename_axis("kode").reset_index(name="value").astype({"value": float})
        out[year] = rows.assign(
            indikator="tppo",
            level=rows["kode"].str.len().map({13: "desa", 8: "kecamatan", 5: "kabupaten"}),
            period_start=pd.Timestamp(year, 1, 1),
            period_end=pd.Timestamp(year, 12, 31),
            as_of=pd.Timestamp(year + 1, 1, 15),
        )
    return out


def peta_aman(workspace: Workspace, *words: str) -> None:
    """Runs a command as a person would; raises for any exit code but 0."""
    subprocess.run(command(workspace, *words), cwd=ROOT, check=True, capture_output=True)


def command(workspace: Workspace, *words: str) -> list[str]:
    """The command line of ``words`` on ``workspace``."""
    return [sys.executable, str(ROOT / "cli.py"), "--workspace", str(workspace.path), *words]


def cpu_seconds(words: list[str]) -> float:
    """Processor seconds of a whole process and its children; raises for any exit code but 0."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(words, cwd=ROOT, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def beside_pandas(words: list[str], workspace: Workspace | None, runs: int = 3) -> dict[str, Any]:
    """``words`` and the import of pandas in turns, the best of ``runs`` each: ``seconds, pandas, ratio, load``.

    Each run finds the workspace as it is now; what the last one made stays.
    """
    as_it_was = None
    if workspace is not None and workspace.exists():
        as_it_was = workspace.path.with_name(workspace.path.name + "-asal")
        shutil.copytree(workspace.path, as_it_was)
    ours, pandas = [], []
    for _ in range(runs):
        if workspace is not None:
            shutil.rmtree(workspace.path, ignore_errors=True)
            if as_it_was is not None:
                shutil.copytree(as_it_was, workspace.path)
        pandas.append(cpu_seconds(PANDAS))
        ours.append(cpu_seconds(words))
    if as_it_was is not None:
        shutil.rmtree(as_it_was)
    return {
        "seconds": round(min(ours), 2),
        "pandas": round(min(pandas), 2),
        "ratio": round(min(ours) / min(pandas), 2),
        "load": round(os.getloadavg()[0], 1),
    }
