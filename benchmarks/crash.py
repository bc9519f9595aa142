"""Kills ``peta-aman import`` with SIGKILL at random moments and looks at what is left.

    uv run python benchmarks/crash.py --kills 200                       # SQLite
    PETA_AMAN_DATABASE=postgresql://… uv run python benchmarks/crash.py  # an empty database or schema

Each kill meets a real process that imports a file of one kind into a workspace of a fictional province. Afterwards the
workspace must be in the state before the import or the one after it: the same table hashes, boundary files that open,
map layers that belong to them, `check` content, and no temporary file once it was opened again. Files that nobody
refers to may stay. An import that finished is taken back, which must bring the state before it. Every tenth round two
officers import at once: one wins, the other is told ``DATA_CHANGED``.

Output: one JSON object; exit code 1 when anything was ever between.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from data.domain.actor import owner

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import pandas as pd

from campaign.intake.importing import undo
from campaign.office.health import examine_health
from campaign.office.installation import prepare
from data.store.store import Store
from data.workspace import Workspace

ROOT = Path(__file__).resolve().parent.parent
KINDS = ("kasus", "batas", "padanan", "sesi", "kemiskinan", "titik", "keberangkatan", "indikator")
RECORDS = ("padanan", "titik", "sesi")
COLUMN = {
    "kasus": "Jumlah Kasus TPPO",
    "keberangkatan": "PMI Prosedural",
    "kemiskinan": "Jumlah Penduduk Miskin",
    "indikator": "Rata-rata Lama Sekolah",
}


def province(villages: int) -> str:
    """A gazetteer CSV of a fictional province: kabupaten of 5 kecamatan of 20 villages on a grid."""
    lines = ["kode,kode_bps,nama,jenis,kode_kec,kecamatan,kode_kab,kabupaten,penduduk,kode_lama,lon,lat"]
    for number in range(villages):
        kab, kec, desa = number // 100 + 1, number // 20 % 5 + 1, number % 20 + 1
        lon, lat = _place(kab, kec, desa)
        lines.append(
            f"97.{kab:02}.{kec:02}.{2000 + desa},,Lontar {number},desa,97.{kab:02}.{kec:02},Kecamatan {kab} {kec},"
            f"97.{kab:02},Kabupaten {kab},{500 + number % 90},,{lon},{lat}"
        )
    return "\n".join(lines)


def _place(kab: int, kec: int, desa: int) -> tuple[float, float]:
    return round(131 + 0.21 * kab + 0.05 * (desa % 4), 4), round(-2 - 0.3 * kec - 0.05 * (desa // 4), 4)


def write_file(folder: Path, kind: str, gazetteer: pd.DataFrame, number: int) -> Path:
    """A file of a kind that nobody imported before: its numbers, or the corners of its polygons, are its own."""
    if kind == "batas":
        step = 0.02 + 0.00001 * (number % 400)
        features = [
            {
                "type": "Feature",
                "properties": {"kode_desa": kode, "nama_desa": nama},
                "geometry": {
                    "type": "Polygon",
                    "coordinates": [
                        [
                            [lon - step, lat - step],
                            [lon + step, lat - step],
                            [lon + step, lat + step],
                            [lon - step, lat + step],
                            [lon - step, lat - step],
                        ]
                    ],
                },
            }
            for kode, nama, lon, lat in zip(*(gazetteer[name] for name in ("kode", "nama", "lon", "lat")), strict=True)
        ]
        path = folder / f"batas-{number}.geojson"
        path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
        return path
    path = folder / f"{kind}-{number}.csv"
    if kind in RECORDS:
        path.write_text(_records(kind, gazetteer, number), encoding="utf-8")
        return path
    rows = [
        f"{row.kode};{row.nama};{2015 + number % 10};{(index + number) % 7}"
        for index, row in enumerate(gazetteer.itertuples())
    ]
    path.write_text(f"Kode Desa;Desa;Tahun;{COLUMN[kind]}\n" + "\n".join(rows), encoding="utf-8")
    return path


def _records(kind: str, gazetteer: pd.DataFrame, number: int) -> str:
    """A record for each village: another BPS code, a point a few metres on, a session of another day."""
    villages = list(gazetteer.itertuples())
    if kind == "padanan":
        rows = [
            f"{row.kode},97{str(row.kode)[3:5]}{number % 1000:03}{at % 100 + 1:03}" for at, row in enumerate(villages)
        ]
        return "\n".join(["kode,kode_bps", *rows])
    if kind == "titik":
        shift = 0.00001 * (number % 100)
        points = enumerate(zip(gazetteer["lat"] + shift, gazetteer["lon"], strict=True))
        rows = [f"Pos {number}-{at},pelabuhan,{lat:.5f},{lon:.5f}" for at, (lat, lon) in points]
        return "\n".join(["nama,jenis,lat,lon", *rows])
    day = f"{number % 28 + 1:02}/{number // 28 % 12 + 1:02}/2025"
    return "\n".join(["kode desa,tanggal,peserta l,peserta p", *(f"{row.kode},{day},9,8" for row in villages)])


def command(workspace: Workspace, kind: str, file: Path) -> subprocess.Popen[str]:
    words = [sys.executable, str(ROOT / "cli.py"), "import", kind, str(file), "--source", "Uji", "--json"]
    return subprocess.Popen(
        [*words, "--workspace", str(workspace.path)],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )


def content(store: Store) -> dict[str, str]:
    """What an import changes and an undo brings back."""
    return {**store.table_hashes(), "input": store.input_version()}


def live(store: Store) -> list[str]:
    batches = store.batches.all()
    return sorted(batches.loc[batches["status"] == "aktif", "batch"])


def faults_of(workspace: Workspace) -> list[str]:
    """What is wrong with a workspace that was opened again."""
    found = [check.name for check in examine_health(workspace) if not check.ok and check.name[:4] != "skor"]
    store = workspace.store()
    try:
        for level in ("desa", "kecamatan", "kabupaten"):
            for row in store.boundaries.of(level):
                path = workspace.boundaries / row.path
                if not path.is_file() or len(pd.read_parquet(path, columns=["kode"])) != row.n_polygons:
                    found.append(f"boundary {row.path}")
        for path in workspace.layers.glob("peta-*.json"):
            json.loads(path.read_text(encoding="utf-8"))
        facts = store.facts.read()
        batches = store.batches.all().set_index("batch")
        stored = pd.concat([facts["batch"], *(store.records.read(kind)["batch"] for kind in RECORDS)]).value_counts()
        for name in live(store):
            told = batches.loc[name]
            if told["jenis"] != "batas" and told["user"] == "uji" and stored.get(name, 0) != told["rows_ok"]:
                found.append(f"batch {name}")
    finally:
        store.close()
    left = [path.name for path in workspace.path.rglob(".*")]
    return found + [f"left behind: {name}" for name in left]


class Harness:
    """One workspace, many kills."""

    def __init__(self, folder: Path, villages: int, seed: int) -> None:
        self.folder, self.chance = folder, random.Random(seed)
        (folder / "g.csv").write_text(province(villages), encoding="utf-8")
        self.workspace = Workspace(folder / "kerja")
        prepare(self.workspace, gazetteer=folder / "g.csv", demo=False)
        store = self.workspace.store()
        self.gazetteer = store.gazetteer.villages()
        store.close()
        self.number = 0
        self.counts: Counter[str] = Counter()
        self.faults: list[str] = []
        self.seconds: dict[str, float] = {}
        self.timed: dict[str, float] = {}

    def _file(self, kind: str) -> Path:
        self.number += 1
        return write_file(self.folder, kind, self.gazetteer, self.number)

    def _whole(self, kind: str) -> float:
        """How long an import of this kind takes that nobody kills; taken back afterwards."""
        os.environ["LOGNAME"] = "uji"
        before = self._content()
        start = time.perf_counter()
        process = command(self.workspace, kind, self._file(kind))
        answer = json.loads(process.communicate()[0])
        seconds = time.perf_counter() - start
        if not answer["committed"]:
            raise SystemExit(f"an import of {kind} does not go through: {answer['message']}")
        self._take_back([answer["batch"]], before, kind)
        return seconds

    def _content(self) -> dict[str, str]:
        store = self.workspace.store()
        try:
            return content(store)
        finally:
            store.close()

    def _take_back(self, names: list[str], before: dict[str, str], kind: str) -> None:
        store = self.workspace.store()
        try:
            for name in names:
                undo(owner("uji"), name, store, self.workspace)
            if content(store) != before:
                self.faults.append(f"undo after {kind}")
        finally:
            store.close()

    def _settle(self, kind: str, before: dict[str, str], known: list[str], most: int) -> list[str]:
        """Opens the workspace as the next user would, and returns the batches that came."""
        store = self.workspace.store()
        try:
            now, new = content(store), sorted(set(live(store)) - set(known))
        finally:
            store.close()
        self.faults += [f"{kind}: {fault}" for fault in faults_of(self.workspace)]
        if len(new) > most or (not new) != (now == before):
            self.faults.append(f"{kind}: between")
        return new

    def kill(self, kind: str) -> None:
        """One import, one kill somewhere in it; late moments, where things are written, come more often."""
        if kind not in self.seconds:
            self.seconds[kind] = self._whole(kind)
            self.timed[kind] = round(self.seconds[kind], 2)
        store = self.workspace.store()
        before, known = content(store), live(store)
        store.close()
        process = command(self.workspace, kind, self._file(kind))
        share = self.chance.uniform(0.0, 1.0) if self.chance.random() < 0.4 else self.chance.uniform(0.6, 1.0)
        start = time.perf_counter()
        try:
            process.wait(share * self.seconds[kind])
            self.counts["finished before the kill"] += 1
            # The machine is faster now than when the kind was timed: aim earlier.
            self.seconds[kind] = 0.5 * (self.seconds[kind] + time.perf_counter() - start)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            self.seconds[kind] *= 1.01
            self.counts["killed"] += 1
            self.counts[f"killed {kind}"] += 1
        new = self._settle(kind, before, known, 1)
        self.counts["after: new" if new else "after: old"] += 1
        self._take_back(new, before, kind)

    def two_officers(self, kind: str) -> None:
        """Two imports at the same time: both in order, or one told that the data changed; never both lost."""
        store = self.workspace.store()
        before, known = content(store), live(store)
        store.close()
        both = [command(self.workspace, kind, self._file(kind)) for _ in range(2)]
        answers = [json.loads(process.communicate()[0]) for process in both]
        won = [answer["batch"] for answer in answers if answer.get("committed")]
        lost = [answer["reason"] for answer in answers if not answer.get("committed")]
        if not won or any(reason != "DATA_CHANGED" for reason in lost):
            self.faults.append(f"two officers, {kind}: {[(a['outcome'], a['reason']) for a in answers]}")
        self.counts["two officers: one told"] += len(lost)
        self.counts["two officers: one after the other"] += len(won) == 2
        new = self._settle(kind, before, known, 2)
        if new != sorted(won):
            self.faults.append(f"two officers, {kind}: other batches than told")
        self._take_back(new, before, kind)


def run(kills: int, villages: int, seed: int, folder: Path, officers: int = 10) -> dict[str, Any]:
    """The whole experiment; ``faults`` is empty when nothing was ever between."""
    harness = Harness(folder, villages, seed)
    start, turn = time.perf_counter(), 0
    while harness.counts["killed"] < kills and turn < 4 * kills:
        kind = KINDS[turn % len(KINDS)]
        harness.kill(kind)
        if turn % officers == officers - 1:
            harness.two_officers("batas" if turn // officers % 2 else KINDS[turn // officers % len(KINDS)])
        turn += 1
    return {
        "kills": harness.counts["killed"],
        "faults": harness.faults,
        **dict(sorted(harness.counts.items())),
        "import_seconds": harness.timed,
        "villages": villages,
        "seed": seed,
        "minutes": round((time.perf_counter() - start) / 60, 1),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--villages", type=int, default=300)
    parser.add_argument("--seed", type=int, default=53)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="peta-aman-crash-") as folder:
        result = run(args.kills, args.villages, args.seed, Path(folder))
    print(json.dumps(result, indent=2))
    return 1 if result["faults"] else 0


if __name__ == "__main__":
    sys.exit(main())
