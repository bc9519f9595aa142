"""What storing an examined file of boundaries, codes, points or sessions would do, as lines to be told."""

from __future__ import annotations

from typing import Any

import pandas as pd

from campaign.intake.comparison import AREA_CODE
from data.store.store import Store
from data.workspace import Workspace

Line = tuple[str, dict[str, Any]]
"""A key of the catalogue and the values of its text; a value that begins with ``@`` is itself a key."""

NAMED = 8
"""Names told in one line."""


def record_lines(kind: str, found: Any, store: Store, workspace: Workspace) -> list[Line]:
    """Lines about an examined import of ``batas``, ``padanan``, ``titik`` or ``sesi``; none when it has no good row."""
    if kind == "batas":
        return _boundaries(found, store, workspace)
    if found.rows.empty:
        return []
    return {"padanan": _codes, "titik": _points, "sesi": _sessions}[kind](found.rows, store.records.read(kind))


def _boundaries(found: Any, store: Store, workspace: Workspace) -> list[Line]:
    from geo.boundaries.composition import composition

    lines: list[Line] = []
    villages = store.gazetteer.villages()
    for level, frame in found.frames.items():
        here = frame["kode"].astype(str)
        areas = villages.drop_duplicates(AREA_CODE[level])
        in_force = composition(store, workspace, level)
        parts = in_force.parts if in_force is not None else {}
        touched = areas[areas["kode_kab"].isin(set(here.str[:5]))] if level != "provinsi" else areas
        lines.append(
            (
                "pratinjau.batas",
                {"n": len(here), "tingkat": f"@tingkat.{level}", "kab": int(touched["kode_kab"].nunique())},
            )
        )
        has = touched[AREA_CODE[level]].isin(set(here))
        for kab, rows in touched.assign(ada=has).groupby("kode_kab", sort=True):
            row = parts.get(str(kab))
            values = {
                "nama": str(rows["kabupaten"].iloc[0]),
                "ada": int(rows["ada"].sum()),
                "dari": len(rows),
                "sumber": f"@pratinjau.batas_{row.kind if row else 'kosong'}",
            }
            lines.append(("pratinjau.batas_kab", values))
        without = touched[~has]
        if level == "desa" and len(without):
            names = ", ".join(without["nama"].head(NAMED)) + (" …" if len(without) > NAMED else "")
            lines.append(("pratinjau.batas_tanpa", {"n": len(without), "nama": names}))
    return lines


def _codes(new: pd.DataFrame, known: pd.DataFrame) -> list[Line]:
    lines: list[Line] = []
    stored = known.drop_duplicates(["jenis", "nilai"], keep="last")[["jenis", "nilai", "kode"]]
    pairs = new.merge(stored, on=["jenis", "nilai"], how="left", suffixes=("", "_ada"))
    for jenis, rows in pairs.groupby("jenis", sort=True):
        name = f"@pratinjau.padanan.{jenis}"
        same, new_ones = rows["kode"] == rows["kode_ada"], rows["kode_ada"].isna()
        lines.append(
            ("pratinjau.padanan", {"nama": name, "n": len(rows), "baru": int(new_ones.sum()), "sama": int(same.sum())})
        )
        if (other := int((~same & ~new_ones).sum())) and jenis != "nama":
            lines.append(("pratinjau.padanan_lain", {"n": other, "nama": name}))
    return lines


def _points(new: pd.DataFrame, known: pd.DataFrame) -> list[Line]:
    at = ["nama", "jenis", "lon", "lat"]
    same = int(pd.MultiIndex.from_frame(new[at]).isin(pd.MultiIndex.from_frame(known[at])).sum()) if len(known) else 0
    return [("pratinjau.titik", {"n": len(new), "baru": len(new) - same, "sama": same})]


def _sessions(new: pd.DataFrame, known: pd.DataFrame) -> list[Line]:
    stored = set(zip(known["kode"], pd.to_datetime(known["tanggal"]), strict=True))
    days = pd.to_datetime(new["tanggal"])
    same = sum(pair in stored for pair in zip(new["kode"], days, strict=True))
    return [
        (
            "pratinjau.sesi",
            {
                "n": len(new),
                "desa": int(new["kode"].nunique()),
                "awal": days.min().date(),
                "akhir": days.max().date(),
                "sama": same,
            },
        )
    ]
