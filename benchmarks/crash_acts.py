"""Kills every act of a person with SIGKILL at random moments, in a province of 3,442 villages; is any half done?

    nice uv run python benchmarks/crash_acts.py --kills 500   # makes a workspace of NTT
    nice uv run python benchmarks/crash_acts.py --kills 40 --workspace FOLDER   # copies that one

Each kill meets a process of its own that does one act on a copy of the same workspace. Before that the act is done
twice without a kill, and what the tables hold after each of its transactions is written down (without times, chains and
running numbers of rows). After a kill the workspace must hold one of those states or the one before the act; the chain
of the audit must verify, boundary and layer files must be what their hashes say, no temporary file may be left once the
workspace was opened again, and a file that was to be written is whole or absent.

Output: one JSON object; exit code 1 when anything was ever between.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import pandas as pd
from crash import write_file
from sqlalchemy import DateTime, select

from campaign.documents.registry import document_for
from campaign.evidence.incident import report_incident
from campaign.handover.document import DocumentRequest
from campaign.handover.handing_over import hand_over_document
from campaign.handover.lists import approve_list, check_list, freeze
from campaign.intake.confirming import forget_name
from campaign.intake.importing import commit, examine, undo
from campaign.intake.sources import forget_preference, prefer
from campaign.model.scoring import assume_reporting, compute_score, find_hotspots, retire_model
from campaign.office.custody import back_up, restore_backup
from campaign.office.installation import prepare
from campaign.office.notes import remove_note, write_note
from campaign.planning.kept_plans import keep_help, keep_plan
from campaign.planning.plan import make_plan
from campaign.planning.plan_types import Plan
from campaign.planning.request import PlanRequest
from campaign.sessions.replies import decide
from data.backup import restore
from data.domain.actor import owner
from data.errors import PetaAmanError
from data.intake.examined import ImportOptions
from data.store.content import hash_rows, hash_text
from data.store.part import Database
from data.store.store import Store
from data.store.tables import metadata
from data.workspace import Workspace
from geo.boundaries.proof import damaged_boundaries
from geo.drawing.layer_proof import damaged_files

_NOT_STATE = {"id", "before", "hash", "sha256", "content", "what_json"}
"""Columns that differ between two runs of the same act."""
NOW = dt.datetime.now().replace(microsecond=0)
BOSS = owner("Kepala", "kepala")


@dataclass
class KilledAct:
    """``do`` is done in the killed process; ``out`` is a file or folder it makes; ``weight`` its part of the kills."""

    do: Callable[[Store, Workspace], Any]
    weight: float = 1.0
    out: str = ""


def state(store: Store) -> str:
    """What the tables hold, without times, chains and running numbers."""
    parts = []
    with store._database.reading() as connection:
        for table in metadata.sorted_tables:
            if table.name == "keadaan":
                continue
            columns = [c for c in table.columns if c.name not in _NOT_STATE and not isinstance(c.type, DateTime)]
            parts.append(hash_rows(tuple(row) for row in connection.execute(select(*columns))))
    return hash_text(*parts)


class Ground:
    """A workspace to start from, and what acts need that is in it: a list, notes, names, a plan, files to import."""

    def __init__(self, folder: Path, given: Path | None) -> None:
        self.folder, self.first, self.work = folder, folder / "awal", folder / "kerja"
        if given is None:
            prepare(Workspace(self.first))
        else:
            shutil.copytree(given, self.first)
        store = self.workspace(self.first).store()
        workspace = self.workspace(self.first)
        villages = store.gazetteer.villages()
        if store.scores.version() is None:
            compute_score(BOSS, store, workspace)
        self.files = {
            kind: write_file(folder, kind, villages, 7)
            for kind in ("kasus", "batas", "padanan", "sesi", "kemiskinan", "titik", "keberangkatan", "indikator")
        }
        self._fit_to_the_province(store, workspace, villages)
        self.kode = str(villages["kode"].iloc[0])
        some = min(40, len(villages) // 4)
        self.plan: Plan = make_plan(store, workspace, PlanRequest(villages=some))
        self.other: Plan = make_plan(store, workspace, PlanRequest(villages=some - 2))
        keep_plan(BOSS, store, self.plan)
        self.listed = freeze(owner("Pembuat"), store, self.plan).versi
        second = make_plan(store, workspace, PlanRequest(villages=some - 4))
        keep_plan(BOSS, store, second)
        self.last = max(row["kode"] for row in second["villages"])
        self.checked = freeze(owner("Pembuat"), store, second).versi
        check_list(owner("Pemeriksa"), store, self.checked)
        self.note = write_note(BOSS, store, self.kode, "Jembatan sedang diperbaiki")
        self.alias = store.names.remember("Desa X", "desa x", self.kode, self.kode[:5], "", "Kepala")
        row = {
            "lembar": "L1",
            "kode": self.kode,
            "versi": "",
            "hal": "lain",
            "nilai_lama": "",
            "nilai_baru": "jalan putus",
        }
        (self.asked,) = store.requests.ask([row], user="x", now=NOW)
        file = write_file(folder, "kasus", villages, 3)
        found = examine("kasus", file, store, workspace, ImportOptions(source="Uji lama"))
        self.batch = commit(BOSS, found, "kasus", store, workspace)
        facts = store.facts.read("kasus")
        self.figure = str(facts.loc[facts["batch"] == self.batch, "indikator"].iloc[0])
        store.close()
        made = back_up(BOSS, workspace, folder / "cadangan.zip")
        self.backup = Path(made["file"])

    def _fit_to_the_province(self, store: Store, workspace: Workspace, villages: pd.DataFrame) -> None:
        """Files whose codes and shapes are of this province and not of the fictional one of ``crash.py``."""
        from geo.boundaries.in_force import active_boundaries

        shapes = active_boundaries(store, workspace, "desa")[["kode", "geometry"]].rename(columns={"kode": "kode_desa"})
        names = villages.set_index("kode")["nama"]
        shapes["nama_desa"] = names.reindex(shapes["kode_desa"]).to_numpy()
        shapes.to_file(self.files["batas"], driver="GeoJSON")
        rows = self.files["padanan"].read_text(encoding="utf-8").replace(",97", f",{self.kode_prefix(villages)}")
        self.files["padanan"].write_text(rows, encoding="utf-8")

    @staticmethod
    def kode_prefix(villages: pd.DataFrame) -> str:
        return str(villages["kode"].iloc[0])[:2]

    @staticmethod
    def workspace(path: Path) -> Workspace:
        return Workspace(path)

    def fresh(self) -> Workspace:
        shutil.rmtree(self.work, ignore_errors=True)
        for left in self.folder.glob("hasil*"):
            shutil.rmtree(left, ignore_errors=True) if left.is_dir() else left.unlink()
        shutil.copytree(self.first, self.work)
        return Workspace(self.work)

    def acts(self) -> dict[str, KilledAct]:
        """Every act that changes something or takes something along, by name."""

        def stored(kind: str) -> KilledAct:
            def do(store: Store, workspace: Workspace) -> None:
                found = examine(kind, self.files[kind], store, workspace, ImportOptions(source="Uji"))
                commit(BOSS, found, kind, store, workspace)

            return KilledAct(do, 1.0)

        out = self.folder
        plain = document_for("export", "a.csv")
        listed = document_for("export", "a.xlsx")
        acts = {f"impor {kind}": stored(kind) for kind in self.files}
        acts["impor batas"].weight = 0.8
        acts |= {
            "batalkan": KilledAct(lambda s, w: undo(BOSS, self.batch, s, w)),
            "lupakan nama": KilledAct(lambda s, w: forget_name(BOSS, s, self.alias)),
            "tulis catatan": KilledAct(lambda s, w: write_note(BOSS, s, self.kode, "Balai desa dipugar")),
            "hapus catatan": KilledAct(lambda s, w: remove_note(BOSS, s, self.note)),
            "putuskan klarifikasi": KilledAct(lambda s, w: decide(BOSS, s, self.asked, accept=True)),
            "rencanakan": KilledAct(lambda s, w: keep_plan(BOSS, s, self.other, self.plan)),
            "atur bantuan": KilledAct(
                lambda s, w: keep_help(BOSS, s, self.plan, {self.plan["villages"][0]["kode"]: ["ltsa"]})
            ),
            "bekukan daftar": KilledAct(lambda s, w: (keep_plan(BOSS, s, self.other), freeze(BOSS, s, self.other))),
            "periksa daftar": KilledAct(lambda s, w: check_list(owner("Pemeriksa"), s, self.listed)),
            "setujui daftar": KilledAct(lambda s, w: approve_list(owner("Pejabat"), s, self.checked)),
            "pilih sumber": KilledAct(lambda s, w: self._prefer(s)),
            "nonaktifkan model": KilledAct(lambda s, w: retire_model(BOSS, s, "poverty", "dinilai ulang")),
            "asumsi pelaporan": KilledAct(lambda s, w: assume_reporting(BOSS, s, "0.5=0.8 8=0.1")),
            "cari konsentrasi": KilledAct(lambda s, w: find_hotspots(BOSS, s, w), 0.3),
            "hitung skor": KilledAct(lambda s, w: compute_score(BOSS, s, w), 0.5),
            "unduh daftar CSV": KilledAct(
                lambda s, w: hand_over_document(
                    BOSS, plain, DocumentRequest(target_list=self._list(s)), out / "hasil.csv", s, w
                ),
                1,
                "hasil.csv",
            ),
            "unduh daftar": KilledAct(
                lambda s, w: hand_over_document(
                    BOSS, listed, DocumentRequest(target_list=self._list(s)), out / "hasil.xlsx", s, w
                ),
                1,
                "hasil.xlsx",
            ),
            "cadangkan": KilledAct(lambda s, w: back_up(BOSS, w, out / "hasil.zip"), 1, "hasil.zip"),
            "pulihkan": KilledAct(
                lambda s, w: restore_backup(BOSS, Workspace(out / "hasil"), self.backup, key=str(w.path / "kunci.pem")),
                1,
                "hasil",
            ),
            "laporkan insiden": KilledAct(
                lambda s, w: report_incident(
                    BOSS, s, "Kepala", dt.date(2020, 1, 1), dt.date(2099, 1, 1), out / "hasil.md"
                ),
                1,
                "hasil.md",
            ),
            "potong jejak": KilledAct(lambda s, w: s.audit.cut("Kepala", dt.date.today() + dt.timedelta(days=1))),
        }
        return acts

    def _prefer(self, store: Store) -> None:
        prefer(BOSS, store, self.figure, "desa", "Uji lama", "diperiksa ulang")
        (number,) = store.preferences.all()["id"]
        forget_preference(BOSS, store, int(number))

    def _list(self, store: Store) -> Any:
        from campaign.handover.lists import list_of

        return list_of(store, self.checked)


@contextmanager
def stages(seen: list[str], store: Store) -> Iterator[None]:
    """Writes down what the tables hold after each transaction inside."""
    plain = Database.writing

    @contextmanager
    def watched(database: Database) -> Iterator[Any]:
        with plain(database) as connection:
            yield connection
        seen.append(state(store))

    Database.writing = watched  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        Database.writing = plain  # type: ignore[method-assign]


class ActHarness:
    """One ground, many kills."""

    def __init__(self, ground: Ground, seed: int) -> None:
        self.ground, self.chance = ground, random.Random(seed)
        self.acts = ground.acts()
        self.allowed: dict[str, set[str]] = {}
        self.seconds: dict[str, float] = {}
        self.counts: Counter[str] = Counter()
        self.faults: list[str] = []
        self.left_out: dict[str, str] = {}

    def learn(self, name: str) -> None:
        """The act twice without a kill: its stages, and how long it takes."""
        seen: list[list[str]] = []
        for _ in range(2):
            workspace = self.ground.fresh()
            store = workspace.store()
            before, stage = state(store), cast(list[str], [])
            start = time.perf_counter()
            with stages(stage, store):
                self.acts[name].do(store, workspace)
            self.seconds[name] = time.perf_counter() - start
            seen.append([before, *stage, state(store)])
            store.close()
        if seen[0] != seen[1]:
            raise ValueError("two runs differ")
        self.allowed[name] = set(seen[0])

    def _start(self, name: str, workspace: Workspace) -> int:
        sys.stdout.flush()
        pid = os.fork()
        if pid:
            return pid
        code = 1
        try:
            os.setsid()
            store = workspace.store()
            self.acts[name].do(store, workspace)
            store.close()
            code = 0
        finally:
            os._exit(code)

    def kill(self, name: str) -> None:
        """One act, one SIGKILL somewhere in it, one look at what is left."""
        workspace = self.ground.fresh()
        pid = self._start(name, workspace)
        end = time.perf_counter() + self.chance.uniform(0.0, 1.0) * self.seconds[name]
        done = 0
        while time.perf_counter() < end and not done:
            done, _ = os.waitpid(pid, os.WNOHANG)
            time.sleep(0.0005)
        if done:
            self.counts["finished before the kill"] += 1
            self.seconds[name] *= 0.9
        else:
            os.killpg(os.getpgid(pid), signal.SIGKILL) if os.getpgid(pid) == pid else os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            self.counts["killed"] += 1
            self.counts[f"killed: {name}"] += 1
        self._look(name, workspace)

    def _look(self, name: str, workspace: Workspace) -> None:
        """As the next user finds it."""

        def fault(what: str) -> None:
            self.faults.append(f"{name}: {what}")

        store = workspace.store()
        try:
            now = state(store)
            if now not in self.allowed[name]:
                fault("between")
            verdict = store.audit.verify()
            if verdict.broken is not None:
                fault(f"audit {verdict.broken} {verdict.why}")
            if store.damage():
                fault("database")
            for wrong in damaged_boundaries(store, workspace)[1] + damaged_files(workspace.layers):
                fault(f"file {wrong}")
        finally:
            store.close()
        self.counts["after: as before" if now == self._before() else "after: further"] += 1
        for left in [path.name for path in workspace.path.rglob(".*")]:
            fault(f"left behind {left}")
        self._look_at_file(name, fault)

    def _before(self) -> str:
        if not hasattr(self, "_first"):
            store = Workspace(self.ground.first).store()
            self._first = state(store)
            store.close()
        return self._first

    def _look_at_file(self, name: str, fault: Callable[[str], None]) -> None:
        out = self.ground.folder / self.acts[name].out
        if not self.acts[name].out or not out.exists():
            return
        self.counts["file or folder was whole"] += 1
        try:
            if out.suffix == ".csv":
                if self.ground.last not in out.read_text(encoding="utf-8-sig"):
                    fault("half a file")
            elif out.suffix == ".xlsx":
                pd.read_excel(out, sheet_name=None)
            elif out.suffix == ".zip":
                restore(Workspace(self.ground.folder / "hasil-coba"), out, key=str(self.ground.work / "kunci.pem"))
            elif out.is_dir():
                store = Workspace(out).store()
                if store.audit.verify().broken is not None:
                    fault("restored audit")
                store.close()
        except (OSError, ValueError, PetaAmanError) as error:
            fault(f"half a file: {type(error).__name__}")


def run_acts(
    kills: int, seed: int, folder: Path, given: Path | None = None, only: tuple[str, ...] = ()
) -> dict[str, Any]:
    """The whole experiment; ``faults`` is empty when nothing was ever between."""
    start = time.perf_counter()
    harness = ActHarness(Ground(folder, given), seed)
    for name in list(harness.acts):
        if only and name not in only:
            del harness.acts[name]
            continue
        try:
            harness.learn(name)
        except (PetaAmanError, ValueError, TypeError, AttributeError, KeyError) as error:
            harness.left_out[name] = f"{type(error).__name__}: {error}"[:120]
            del harness.acts[name]
        print(
            f"{name}: {harness.seconds.get(name, 0):.2f} s {harness.left_out.get(name, '')}",
            file=sys.stderr,
            flush=True,
        )
    total = sum(act.weight for act in harness.acts.values())
    turns = [
        name for name, act in harness.acts.items() for _ in range(max(1, round(1.15 * kills * act.weight / total)))
    ]
    harness.chance.shuffle(turns)
    for name in turns:
        harness.kill(name)
        if harness.counts["killed"] >= kills:
            break
        if sum(harness.counts[k] for k in ("killed", "finished before the kill")) % 25 == 0:
            print(harness.counts["killed"], harness.faults[-3:], file=sys.stderr, flush=True)
    store = Workspace(harness.ground.first).store()
    villages = len(store.gazetteer.villages())
    store.close()
    return {
        "kills": harness.counts["killed"],
        "faults": harness.faults,
        "left_out": harness.left_out,
        **dict(sorted(harness.counts.items())),
        "act_seconds": {name: round(seconds, 2) for name, seconds in harness.seconds.items()},
        "villages": villages,
        "seed": seed,
        "minutes": round((time.perf_counter() - start) / 60, 1),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=500)
    parser.add_argument("--seed", type=int, default=53)
    parser.add_argument("--workspace", type=Path)
    parser.add_argument("--only", nargs="*", default=[])
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="peta-aman-crash-") as folder:
        result = run_acts(args.kills, args.seed, Path(folder), args.workspace, tuple(args.only))
    print(json.dumps(result, indent=2, ensure_ascii=False))
    return 1 if result["faults"] or result["left_out"] else 0


if __name__ == "__main__":
    sys.exit(main())
