"""What the acts that `crash_acts` kills begin from: a workspace with a list, notes, names, a plan and files to import,
and each act as a function."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import pandas as pd
from crash import write_file

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
from data.domain.actor import owner
from data.intake.examined import ImportOptions
from data.store.store import Store
from data.workspace import Workspace

NOW = dt.datetime.now().replace(microsecond=0)
BOSS = owner("Kepala", "kepala")


@dataclass
class KilledAct:
    """``do`` is done in the killed process; ``out`` is a file or folder it makes; ``weight`` its part of the kills."""

    do: Callable[[Store, Workspace], Any]
    weight: float = 1.0
    out: str = ""


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
