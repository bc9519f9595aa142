"""A table of areas as a file an office can open: CSV, XLSX, Parquet, GeoPackage, GeoJSON, KML.

No file carries a count of cases. Codes are text, nothing in a cell can be run, and every file says which score
version it was made from and whether DATA CONTOH went into it.
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pandas as pd

from campaign.handover.document import TABLE_FORMATS
from data.errors import WrongUse
from data.store.store import Store
from data.workspace import Workspace
from geo.boundaries.composition import MIXED, BoundaryInForce, boundary_in_force
from words import date_text, t

_FORMULA_START = re.compile(r"[\s\x00-\x20\x7f-\xa0\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*[=+\-@|%]")
"""A sign that begins a formula, also behind blanks, control signs and signs nobody sees."""


def write_table(
    rows: pd.DataFrame,
    path: Path,
    store: Store,
    workspace: Workspace,
    *,
    level: str = "desa",
    lang: str = "id",
    about: str = "daftar",
) -> None:
    """Write ``rows`` to ``path``; the format follows the extension.

    ``about``: which texts say what the table is (``<about>.judul``, ``.tujuan``, ``.ketidakpastian``).

    Raises `WrongUse` (``UNKNOWN_FORMAT``) for an extension that is none of `TABLE_FORMATS`.
    """
    suffix = path.suffix.lower()
    if suffix not in TABLE_FORMATS:
        raise WrongUse("UNKNOWN_FORMAT", format=suffix or path.name, allowed=", ".join(TABLE_FORMATS))
    meta = metadata(store, workspace, rows=len(rows), level=level, lang=lang, about=about)
    if suffix == ".csv":
        disarmed(rows).to_csv(path, index=False, encoding="utf-8", lineterminator="\n")
    elif suffix == ".xlsx":
        from campaign.handover.workbook import write_workbook

        write_workbook(rows, meta, path, lang)
    elif suffix == ".parquet":
        rows.to_parquet(path, index=False)
    else:
        from geo.drawing.outputs import write_areas

        write_areas(disarmed(rows), path, store, workspace, level=level, metadata=dict(meta))


def metadata(
    store: Store, workspace: Workspace, *, rows: int, level: str, lang: str = "id", about: str = "daftar"
) -> list[tuple[str, str]]:
    """What a reader must know beside the table: (label, value) pairs in reading order."""
    version = store.scores.needed_version()
    boundary = boundary_in_force(store, workspace)
    pairs = [
        ("judul", t(f"{about}.judul", lang)),
        ("tujuan", t(f"{about}.tujuan", lang)),
        ("status_data", t("daftar.contoh" if version.data_contoh else "daftar.bukan_contoh", lang)),
        ("tingkat", t(f"tingkat.{level}", lang)),
        ("jumlah_baris", str(rows)),
        ("versi_skor", version.versi),
        ("dibuat_skor", _day(version.created_at, lang)),
        ("dibuat_berkas", date_text(dt.date.today(), lang)),
        ("versi_masukan", str(version.input_version)[:12]),
        ("batas", t(f"batas.{boundary.kind if boundary else 'perkiraan'}", lang)),
        ("sumber_batas", (boundary and boundary.source) or "-"),
        *_approximate(store, boundary),
        (
            "sumber_data",
            "; ".join(sorted({str(s) for s in store.batches.all().query("status == 'aktif'")["source"]})[:12]),
        ),
        ("ketidakpastian", t(f"{about}.ketidakpastian", lang)),
        ("larangan", t("daftar.larangan", lang)),
    ]
    return [(t(f"metadata.{key}", lang), value) for key, value in pairs]


def _approximate(store: Store, boundary: BoundaryInForce | None) -> list[tuple[str, str]]:
    """Where both kinds of boundary are in force, which kabupaten have approximate ones."""
    if boundary is None or boundary.kind != MIXED:
        return []
    names = store.gazetteer.areas("kabupaten").set_index("kode")["nama"].to_dict()
    return [("kabupaten_perkiraan", ", ".join(names.get(kode, kode) for kode in boundary.perkiraan))]


def disarmed(rows: pd.DataFrame) -> pd.DataFrame:
    """Text that a spreadsheet would run as a formula gets a leading apostrophe."""
    safe = rows.copy()
    for name in safe.select_dtypes(include=["object", "string"]).columns:
        safe[name] = [
            "'" + value if isinstance(value, str) and _FORMULA_START.match(value) else value for value in safe[name]
        ]
    return safe


def _day(value: Any, lang: str) -> str:
    return date_text(pd.Timestamp(value).date(), lang)
