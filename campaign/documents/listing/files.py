"""One list in the format an office asks for: XLSX, CSV, GeoPackage, GeoJSON, KML, DOCX (annex), PDF (for teams)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from campaign.documents.listing.rows import list_rows
from campaign.handover.export import disarmed
from campaign.handover.lists import TargetList
from campaign.handover.log import check_purpose, hand_over
from data.errors import WrongUse
from data.store.store import Store
from data.workspace import Workspace

FORMATS = (".xlsx", ".csv", ".gpkg", ".geojson", ".kml", ".docx", ".pdf")


def list_file_name(target_list: TargetList, suffix: str, what: str = "", today: dt.date | None = None) -> str:
    """A name that carries version and date, and DATA-CONTOH when it must; ``what`` where it is not the list itself."""
    what = what or {".docx": "lampiran-sk", ".pdf": "lembar-tim"}.get(suffix, "daftar-desa")
    mark = "-DATA-CONTOH" if target_list.plan.get("data_contoh") else ""
    return f"{what}-{target_list.name}-{(today or dt.date.today()).isoformat()}{mark}{suffix}"


def export_list(
    target_list: TargetList,
    path: Path,
    store: Store,
    workspace: Workspace,
    *,
    lang: str = "id",
    user: str = "",
    purpose: str = "pelaksanaan",
) -> str:
    """Writes the list to ``path``, whole or not at all, and the act to the audit; returns the file's SHA-256.

    Raises `WrongUse`: ``UNKNOWN_FORMAT``, ``NO_FOLDER``, ``UNKNOWN_PURPOSE``; `Refused`: the list's score version gives
    villages' counts away (``SCORE_LEAKS``).
    """
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise WrongUse("UNKNOWN_FORMAT", format=suffix or path.name, allowed=", ".join(FORMATS))
    check_purpose(purpose)

    def make(place: Path) -> None:
        if suffix == ".xlsx":
            from campaign.documents.writers.workbook import write_list_workbook

            write_list_workbook(target_list, store, place, lang, purpose)
        elif suffix == ".csv":
            rows = disarmed(list_rows(target_list, store, lang))
            rows.to_csv(place, index=False, encoding="utf-8", lineterminator="\n")
        elif suffix == ".docx":
            from campaign.documents.decree import write_decree

            write_decree(target_list, store, place, lang)
        elif suffix == ".pdf":
            from campaign.documents.team_sheets import team_sheets

            place.write_bytes(team_sheets(target_list, store, lang))
        else:
            _write_areas(target_list, place, store, workspace, lang, purpose)

    what = {
        "what": "daftar",
        "versi": target_list.name,
        "sidik": target_list.sidik,
        "rows": len(target_list.plan["villages"]),
        "purpose": purpose,
    }
    return hand_over(make, path, store, workspace, user=user, what=what, versi=str(target_list.plan["score_version"]))


def _write_areas(
    target_list: TargetList, path: Path, store: Store, workspace: Workspace, lang: str, purpose: str
) -> None:
    from campaign.documents.listing.meta import list_meta
    from geo.drawing.outputs import write_areas

    rows = disarmed(list_rows(target_list, store, lang))
    rows.insert(1, "kode", rows["kode_desa"])
    rows.insert(2, "desa", rows["desa_kel"])
    rows = rows.drop(columns=["kode_desa", "desa_kel"])
    pairs: dict[str, str] = {}
    for label, value in list_meta(target_list, store, lang, purpose):
        pairs[label] = f"{pairs[label]} {value}" if label in pairs else value
    write_areas(rows, path, store, workspace, level="desa", metadata=pairs)
