"""Is the installation healthy? Asked by ``peta-aman check`` and by the readiness route."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from data.workspace import Workspace
from geo.boundaries.composition import boundary_in_force


@dataclass(frozen=True)
class HealthCheck:
    """One thing that must hold, and whether it does; its text is ``periksa.<name>`` with ``values``."""

    name: str
    ok: bool
    values: dict[str, Any]


def examine_health(workspace: Workspace) -> list[HealthCheck]:
    """Everything that must hold of an installation; what rests on a fault found before is not asked."""
    checks: list[HealthCheck] = []

    def note(name: str, ok: bool, **values: Any) -> bool:
        checks.append(HealthCheck(name, bool(ok), values))
        return bool(ok)

    if not note("ruang_kerja", workspace.exists(), tempat=str(workspace.path)):
        return checks
    try:
        store = workspace.store()
    except Exception as error:  # any driver's error means the same here: the database does not open
        note("basis_data", False, sebab=type(error).__name__)
        return checks
    try:
        note("basis_data", True, sebab="-")
        villages = store.gazetteer.villages()
        note("gazetir", len(villages) > 0 and villages["kode"].is_unique, desa=len(villages))
        boundary = boundary_in_force(store, workspace)
        registered = boundary or store.boundaries.newest("desa")
        note("batas", boundary is not None, berkas=registered.path if registered else "-")
        from geo.drawing.layers import current_layers

        layers = current_layers(store, workspace)
        note("lapisan", layers is not None, versi=layers["version"] if layers else "-")
        version = store.scores.version()
        note("skor", version is not None, versi=version.versi if version else "-")
        if version is not None:
            scored = store.scores.table("desa")
            note("skor_lengkap", set(scored["kode"]) == set(villages["kode"]), desa=len(scored))
            note("skor_mutakhir", version.input_version == store.input_version(), versi=version.versi)
    finally:
        store.close()
    return checks
