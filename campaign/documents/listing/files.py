"""One list as CSV or as areas on a map; both hold the rows of the sheet."""

from __future__ import annotations

from pathlib import Path

from campaign.documents.listing.meta import list_meta
from campaign.documents.listing.rows import list_rows
from campaign.handover.export import disarmed
from campaign.handover.lists import TargetList
from data.store.store import Store
from data.workspace import Workspace


def write_list_csv(target_list: TargetList, store: Store, path: Path, lang: str = "id") -> None:
    """The rows as UTF-8 text; nothing in a cell can be run."""
    rows = disarmed(list_rows(target_list, store, lang))
    rows.to_csv(path, index=False, encoding="utf-8", lineterminator="\n")


def write_list_areas(
    target_list: TargetList,
    store: Store,
    workspace: Workspace,
    path: Path,
    lang: str = "id",
    purpose: str = "pelaksanaan",
) -> None:
    """GeoPackage, GeoJSON or KML by the extension, with the rows as attributes and the metadata beside them."""
    from geo.drawing.outputs import write_areas

    rows = disarmed(list_rows(target_list, store, lang))
    rows.insert(1, "kode", rows["kode_desa"])
    rows.insert(2, "desa", rows["desa_kel"])
    rows = rows.drop(columns=["kode_desa", "desa_kel"])
    pairs: dict[str, str] = {}
    for label, value in list_meta(target_list, store, lang, purpose):
        pairs[label] = f"{pairs[label]} {value}" if label in pairs else value
    write_areas(rows, path, store, workspace, level="desa", metadata=pairs)
