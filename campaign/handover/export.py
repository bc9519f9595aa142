"""Score tables and target lists as files an office can open: CSV, XLSX, Parquet, GeoPackage, GeoJSON, KML.

No file carries a count of cases. Codes are text, nothing in a cell can be run, and every file says which score
version it was made from and whether DATA CONTOH went into it.
"""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from typing import Any

import pandas as pd

from campaign.handover.log import PURPOSES, check_purpose, hand_over
from data.errors import WrongUse
from data.store.store import Store
from data.workspace import Workspace
from geo.boundaries.composition import MIXED, BoundaryInForce, boundary_in_force
from words import date_text, t

COLUMNS = (
    "kode",
    "desa",
    "kode_kec",
    "kecamatan",
    "kode_kab",
    "kabupaten",
    "prioritas",
    "skor",
    "skor_bawah",
    "skor_atas",
    "p_top",
    "n_top",
    "kualitas_data",
    "alasan_1",
    "alasan_2",
    "alasan_3",
    "versi",
    "data_contoh",
)
FORMATS = (".csv", ".xlsx", ".parquet", ".gpkg", ".geojson", ".kml")
_PUBLIC_HIDES = ("skor", "skor_bawah", "skor_atas", "p_top")
_FORMULA_START = re.compile(r"[\s\x00-\x20\x7f-\xa0\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]*[=+\-@|%]")
"""A sign that begins a formula, also behind blanks, control signs and signs nobody sees."""


def score_rows(store: Store, *, level: str = "desa", role: str = "perencana", lang: str = "id") -> pd.DataFrame:
    """The score table in INTERFACE's columns, one row per area of ``level``, sorted by code.

    The role ``publik`` sees a village's band and reasons, not its numbers.

    Raises
    ------
    WrongUse : nothing has been scored yet (``NO_SCORE``).
    """
    version = store.scores.needed_version()
    scores = store.scores.table(level)
    places = places_of(store, level)
    rows = places.merge(scores, on="kode", how="left", validate="one_to_one")
    rows["prioritas"] = [t(f"prioritas.{band}", lang) if isinstance(band, str) else "" for band in rows["prioritas"]]
    for i in range(3):
        rows[f"alasan_{i + 1}"] = [
            sentence(reasons[i], lang) if isinstance(reasons, list) and len(reasons) > i else ""
            for reasons in rows["alasan"]
        ]
    rows["versi"] = version.versi
    rows["data_contoh"] = version.data_contoh
    rows["n_top"] = version.n_top if level == "desa" else rows["n_top"]
    if role == "publik" and level == "desa":
        rows[list(_PUBLIC_HIDES)] = float("nan")
    for name in ("skor", "skor_bawah", "skor_atas"):
        rows[name] = rows[name].astype(float).round(1)
    rows["p_top"] = rows["p_top"].astype(float).round(2)
    return rows[list(COLUMNS)].sort_values("kode", ignore_index=True)


def sentence(reason: dict[str, Any], lang: str = "id") -> str:
    """One reason of the model as a sentence."""
    return t(reason["kunci"], lang, **reason.get("nilai", {}))


def ranked(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows from the highest score down, with ``no`` as first column; equal scores keep the order of the codes."""
    ordered = rows.sort_values(["skor", "kode"], ascending=[False, True], ignore_index=True, na_position="last")
    ordered.insert(0, "no", range(1, len(ordered) + 1))
    return ordered


def file_name(store: Store, suffix: str, *, what: str = "desa-sasaran", today: dt.date | None = None) -> str:
    """A name that carries version and date, and DATA-CONTOH when it must."""
    version = store.scores.version()
    mark = "-DATA-CONTOH" if version and version.data_contoh else ""
    return f"{what}-{version.versi if version else 'tanpa-skor'}-{(today or dt.date.today()).isoformat()}{mark}{suffix}"


def write_file(
    rows: pd.DataFrame,
    path: Path,
    store: Store,
    workspace: Workspace,
    *,
    level: str = "desa",
    lang: str = "id",
    role: str = "perencana",
    user: str = "",
    about: str = "daftar",
    purpose: str = PURPOSES[0],
) -> None:
    """Write ``rows`` to ``path``; the format follows the extension. The file appears whole or not at all.

    ``about``: which texts say what the table is (``<about>.judul``, ``.tujuan``, ``.ketidakpastian``).

    Raises
    ------
    WrongUse : an unknown extension (``UNKNOWN_FORMAT``) or purpose (``UNKNOWN_PURPOSE``), or a folder that is not there
        (``NO_FOLDER``).
    Refused : the score version gives villages' counts away (``SCORE_LEAKS``).
    """
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise WrongUse("UNKNOWN_FORMAT", format=suffix or path.name, allowed=", ".join(FORMATS))
    check_purpose(purpose)

    def make(place: Path) -> None:
        meta = metadata(store, workspace, rows=len(rows), level=level, lang=lang, about=about)
        if suffix == ".csv":
            disarmed(rows).to_csv(place, index=False, encoding="utf-8", lineterminator="\n")
        elif suffix == ".xlsx":
            from campaign.handover.workbook import write_workbook

            write_workbook(rows, meta, place, lang)
        elif suffix == ".parquet":
            rows.to_parquet(place, index=False)
        else:
            from geo.drawing.outputs import write_areas

            write_areas(disarmed(rows), place, store, workspace, level=level, metadata=dict(meta))

    what = {"what": "skor", "rows": len(rows), "level": level, "role": role, "purpose": purpose}
    hand_over(make, path, store, workspace, user=user or role, what=what)


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


def places_of(store: Store, level: str) -> pd.DataFrame:
    villages = store.gazetteer.villages()
    if level == "desa":
        return villages.rename(columns={"nama": "desa"})[
            ["kode", "desa", "kode_kec", "kecamatan", "kode_kab", "kabupaten"]
        ]
    if level == "kecamatan":
        areas = villages.drop_duplicates("kode_kec")[["kode_kec", "kecamatan", "kode_kab", "kabupaten"]]
        return areas.assign(kode=areas["kode_kec"], desa="")
    if level == "kabupaten":
        areas = villages.drop_duplicates("kode_kab")[["kode_kab", "kabupaten"]]
        return areas.assign(kode=areas["kode_kab"], desa="", kode_kec="", kecamatan="")
    raise WrongUse("UNKNOWN_LEVEL", level=level)


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
