"""An installation from nothing: gazetteer, boundaries, published figures, DATA CONTOH, map layers, first score.

The workspace is built in a sibling folder and renamed into place at the end, so that a crash leaves either no
workspace or a whole one.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from data.errors import Refused, WrongUse
from data.gazetteer import read_gazetteer
from data.store.store import Store
from data.workspace import Workspace, building_beside, place_building

Progress = Callable[[str, float], None]
"""Called with a text key (``siap.*`` in the catalogue) and the share done, 0–1."""


def prepare(
    workspace: Workspace,
    *,
    gazetteer: Path | None = None,
    boundaries: Path | None = None,
    demo: bool = True,
    user: str = "peta-aman",
    progress: Progress | None = None,
) -> dict[str, Any]:
    """Make ``workspace`` from nothing and return what it holds.

    Parameters
    ----------
    gazetteer : a CSV of INTERFACE's columns; default NTT's.
    boundaries : a boundary file of any accepted kind; default approximate boundaries from the gazetteer's points.
    demo : load DATA CONTOH and score it; otherwise only published figures are loaded and nothing is scored.

    Raises
    ------
    WrongUse : the workspace already exists.
    Refused : the gazetteer or the boundary file is not usable; nothing is left behind.
    """
    if workspace.exists():
        raise WrongUse("WORKSPACE_EXISTS", path=str(workspace.path))
    if workspace.path.exists() and (not workspace.path.is_dir() or any(workspace.path.iterdir())):
        raise WrongUse("FOLDER_NOT_EMPTY", path=str(workspace.path))
    with building_beside(workspace.path) as building:
        made = _fill(Workspace(building), gazetteer, boundaries, demo, user, progress or (lambda key, share: None))
        place_building(building, workspace.path)
    return {**made, "workspace": str(workspace.path)}


def _fill(
    workspace: Workspace, gazetteer: Path | None, boundaries: Path | None, demo: bool, user: str, progress: Progress
) -> dict[str, Any]:
    from data.published import published_batches
    from geo.boundaries.in_force import install_approximate
    from geo.drawing.layers import build_layers

    progress("siap.gazetir", 0.02)
    places = read_gazetteer(gazetteer)
    workspace.create()
    store = workspace.store()
    try:
        store.gazetteer.replace(places)
        progress("siap.angka_terbit", 0.08)
        known = set(places["kode_kab"]) | set(places["kode_prov"])
        for meta, rows in published_batches():
            rows = rows[rows["kode"].isin(known)]
            if len(rows):
                store.facts.commit(meta, rows)
        progress("siap.batas", 0.12)
        install_approximate(store, workspace)
        if boundaries is not None:
            _install_boundaries(store, workspace, boundaries, user)
        if demo:
            from data.demo.facts import demo_batches

            progress("siap.contoh", 0.45)
            for meta, rows in demo_batches(places):
                store.facts.commit(meta, rows)
        progress("siap.lapisan", 0.55)
        layers = build_layers(store, workspace, lambda share: progress("siap.lapisan", 0.55 + 0.25 * share))
        versi = None
        if demo:
            from risk.evaluation.evaluate import evaluate_briefly
            from risk.evaluation.leak_verdict import STEP, score_and_test

            def tell(step: str) -> None:
                progress(*(("siap.uji_bocor", 0.9) if step == STEP else ("siap.skor", 0.8)))

            versi = score_and_test(store, workspace, user=user, tell=tell)
            progress("siap.nilai", 0.95)
            evaluate_briefly(store, workspace, user)
        progress("siap.selesai", 1.0)
        return {
            "villages": len(places),
            "kecamatan": int(places["kode_kec"].nunique()),
            "kabupaten": int(places["kode_kab"].nunique()),
            "boundaries": layers["kind"],
            "score_version": versi,
            "data_contoh": demo,
        }
    except BaseException:
        store.discard()
        raise
    finally:
        store.close()


def _install_boundaries(store: Store, workspace: Workspace, path: Path, user: str) -> None:
    from geo.boundaries.importing import commit_batas, examine_batas

    found = examine_batas(path, store, workspace)
    if found.report.outcome != "ok":
        first = found.report.errors[0].reason if found.report.errors else found.report.reason
        raise Refused(found.report.reason or first or "GEOM_INVALID", file=path.name, rows=found.report.rows_error)
    commit_batas(found, store, workspace, user)
