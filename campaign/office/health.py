"""Is the installation healthy? Asked by ``peta-aman check`` and by the readiness route."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from data.disk import FULL_BYTES, LOW_BYTES, free_bytes, storage_fault, writable
from data.errors import PetaAmanError, Refused
from data.sealing.seal import Head
from data.store.chain import CLOCK_SECONDS
from data.store.faults import DriverFault
from data.store.store import Store
from data.workspace import Workspace
from geo.boundaries.composition import boundary_in_force


@dataclass(frozen=True)
class HealthCheck:
    """One thing that must hold, and whether it does; its text is ``periksa.<name>`` with ``values``. A fault has a
    ``code``, whose text (`words.reason_text` with ``params``) says what to do."""

    name: str
    ok: bool
    values: dict[str, Any]
    code: str = ""
    params: dict[str, Any] = field(default_factory=dict)


class Findings(list[HealthCheck]):
    """What was found so far."""

    def note(self, name: str, ok: bool, code: str, params: dict[str, Any] | None = None, **values: Any) -> bool:
        self.append(HealthCheck(name, bool(ok), values, "" if ok else code, {} if ok else params or {}))
        return bool(ok)


def examine_health(workspace: Workspace) -> list[HealthCheck]:
    """Everything that must hold of an installation; what rests on a fault found before is not asked."""
    from geo.drawing.layer_proof import look_again

    look_again()
    found = Findings()
    path = str(workspace.path)
    if not found.note("ruang_kerja", workspace.exists(), "NO_WORKSPACE", {"path": path}, tempat=path):
        return list(found)
    examine_place(workspace, found)
    try:
        store = workspace.store()
    except PetaAmanError as error:
        found.note("basis_data", False, error.reason, error.params, sebab=error.reason)
        return list(found)
    except Exception as error:  # any driver's error means the same here: the database does not open
        found.note("basis_data", False, "DATABASE_UNREADABLE", sebab=type(error).__name__)
        return list(found)
    try:
        _ask(found, store, workspace, examine_database, examine_content, _scores)
    finally:
        store.close()
    return list(found)


def _ask(
    found: Findings, store: Store, workspace: Workspace, *parts: Callable[[Store, Workspace, Findings], None]
) -> None:
    """Each part in its turn; a database that does not answer in the middle ends the questions with its name."""
    for part in parts:
        if any(check.name == "basis_data" and not check.ok for check in found):
            return
        try:
            part(store, workspace, found)
        except Refused as error:
            found.note("basis_data", False, error.reason, error.params, sebab=error.reason)
            return
        except DriverFault as error:
            found.note("basis_data", False, "DATABASE_UNREADABLE", sebab=type(error.orig).__name__)
            return
        except OSError as error:
            known = storage_fault(error, workspace.path)
            file = Path(str(error.filename or workspace.path)).name
            code, params = (known.reason, known.params) if known else ("FILE_UNREADABLE", {"file": file})
            found.note("berkas_terbaca", False, code, params, berkas=file)
            return


def examine_place(workspace: Workspace, found: Findings) -> None:
    """The folder: room on its disk, whether it can be written, and who can read it."""
    free = free_bytes(workspace.path)
    code = "DISK_FULL" if free < FULL_BYTES else "DISK_LOW"
    found.note("ruang", free >= LOW_BYTES, code, {"free": free}, mb=free // 1_000_000)
    found.note("tulis", writable(workspace.path), "FOLDER_READ_ONLY", {"path": str(workspace.path)})
    opened = _open_to_others(workspace.path)
    found.note("tertutup", not opened, "FILES_OPEN", {"n": len(opened), "path": str(workspace.path)})


def examine_database(store: Store, workspace: Workspace, found: Findings) -> None:
    """The database as it says of itself, its migrations, the chain of the audit, the clock."""
    sound = store.soundness()
    if not found.note("basis_data", not sound.damage, "DATABASE_DAMAGED", sebab=sound.damage or "-"):
        return
    if sound.untested:
        found.note("indeks_tidak_diuji", True, "", ekstensi=sound.untested)
    found.note("tabel", store.up_to_date(), "TABLES_OLD")
    try:
        verdict = store.audit.verify()
        found.note(
            "jejak",
            verdict.broken is None,
            "AUDIT_BROKEN",
            {"row": verdict.broken, "why": verdict.why},
            baris=verdict.rows,
            lama=verdict.earlier,
            kepala=verdict.head.short,
            kunci=store.audit.key(),
        )
        _clock(verdict.head, found)
    except Refused as error:
        if error.reason not in ("KEY_DAMAGED", "KEY_LOST"):
            raise
        found.note("jejak", False, error.reason, error.params, baris=0, lama=0, kepala="-", kunci="-")


def examine_content(store: Store, workspace: Workspace, found: Findings) -> None:
    """Gazetteer, boundaries and map layers: that they are there, and that each file is what its hash says."""
    from geo.boundaries.proof import damaged_boundaries
    from geo.drawing.layer_proof import damaged_files
    from geo.drawing.layers import current_layers

    villages = store.gazetteer.villages()
    whole = len(villages) > 0 and bool(villages["kode"].is_unique)
    found.note("gazetir", whole, "NO_GAZETTEER", desa=len(villages))
    number, damaged = damaged_boundaries(store, workspace)
    found.note("isi_batas", not damaged, "BOUNDARY_DAMAGED", {"files": ", ".join(damaged[:5])}, n=number)
    if damaged:
        return
    boundary = boundary_in_force(store, workspace)
    registered = boundary or store.boundaries.newest("desa")
    berkas = registered.path if registered else "-"
    found.note("batas", boundary is not None, "NO_BOUNDARIES", {"level": "desa"}, berkas=berkas)
    broken = damaged_files(workspace.layers)
    found.note("isi_lapisan", not broken, "LAYER_DAMAGED", {"files": ", ".join(broken[:5])})
    layers = current_layers(store, workspace)
    if layers is not None or not broken:
        found.note("lapisan", layers is not None, "LAYERS_MISSING", versi=layers["version"] if layers else "-")


def _scores(store: Store, workspace: Workspace, found: Findings) -> None:
    villages, version = store.gazetteer.villages(), store.scores.version()
    found.note("skor", version is not None, "SCORE_MISSING", versi=version.versi if version else "-")
    if version is not None:
        scored = store.scores.table("desa")
        same = set(scored["kode"]) == set(villages["kode"])
        found.note("skor_lengkap", same, "SCORE_INCOMPLETE", desa=len(scored))
        current = version.input_version == store.input_version()
        found.note("skor_mutakhir", current, "SCORE_OLD", {"versi": version.versi}, versi=version.versi)


def _clock(head: Head, found: Findings) -> None:
    now = dt.datetime.now(dt.UTC)
    last = dt.datetime.fromisoformat(head.at) if head.at else now
    back = now < last - dt.timedelta(seconds=CLOCK_SECONDS)
    found.note("jam", not back, "CLOCK_BACK", {"last": f"{last:%Y-%m-%d %H:%M}", "now": f"{now:%Y-%m-%d %H:%M}"})


def _open_to_others(folder: Path) -> list[str]:
    """Names of files that another account of this computer could read or change."""
    if os.name != "posix" or not folder.stat().st_mode & 0o077:
        return []  # nobody else gets into the folder at all
    return [path.name for path in folder.rglob("*") if not path.is_symlink() and path.stat().st_mode & 0o077]
