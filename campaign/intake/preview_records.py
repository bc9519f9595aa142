"""What storing an examined file of boundaries, codes, points or sessions would do, as lines to be told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from data.domain.kinds import KINDS, load
from data.domain.levels import Level
from data.intake.examined import Examined
from data.store.store import Store
from data.workspace import Workspace

Line = tuple[str, dict[str, Any]]
"""A key of the catalogue and the values of its text; a value that begins with ``@`` is itself a key."""

RecordPreview = Callable[[Examined, Any, Workspace], list[Line]]
"""What tells of an examined import (with the store and the workspace) what storing it would do."""

NAMED = 8
"""Names told in one line."""


def record_lines(kind: str, found: Examined, store: Store, workspace: Workspace) -> list[Line]:
    """Lines about an examined import of records or boundaries; none when it has no good row.

    A kind that names no function of its own (`data.domain.kinds.Kind.preview`) is told by its number of records.
    """
    if found.rows.empty and not found.frames:
        return []
    tell: RecordPreview = load(KINDS[kind].preview) if KINDS[kind].preview else _count
    return tell(found, store, workspace)


def _count(found: Examined, store: Store, workspace: Workspace) -> list[Line]:
    return [("pratinjau.catatan", {"n": len(found.rows)})]


def boundary_lines(found: Examined, store: Store, workspace: Workspace) -> list[Line]:
    """By level how many polygons, and what each kabupaten of the file would have."""
    from geo.boundaries.composition import composition

    lines: list[Line] = []
    villages = store.gazetteer.villages()
    for level, frame in found.frames.items():
        here = frame["kode"].astype(str)
        areas = villages.drop_duplicates(Level(level).column)
        in_force = composition(store, workspace, level)
        parts = in_force.parts if in_force is not None else {}
        touched = areas[areas["kode_kab"].isin(set(here.str[:5]))] if level != "provinsi" else areas
        lines.append(
            (
                "pratinjau.batas",
                {"n": len(here), "tingkat": f"@tingkat.{level}", "kab": int(touched["kode_kab"].nunique())},
            )
        )
        has = touched[Level(level).column].isin(set(here))
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


def code_lines(found: Examined, store: Store, workspace: Workspace) -> list[Line]:
    """Codes and names, new ones and those that would point elsewhere."""
    new, known = found.rows, store.records.read(found.kind)
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


def point_lines(found: Examined, store: Store, workspace: Workspace) -> list[Line]:
    """Points, and how many are stored already."""
    new, known = found.rows, store.records.read(found.kind)
    at = ["nama", "jenis", "lon", "lat"]
    same = int(pd.MultiIndex.from_frame(new[at]).isin(pd.MultiIndex.from_frame(known[at])).sum()) if len(known) else 0
    return [("pratinjau.titik", {"n": len(new), "baru": len(new) - same, "sama": same})]


def session_lines(found: Examined, store: Store, workspace: Workspace) -> list[Line]:
    """Sessions by number, villages and days, and how many are stored already."""
    new, known = found.rows, store.records.read(found.kind)
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
