"""The gazetteer: the list of villages, and the levels above the village as read off it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import delete, insert

from data.store.content import hash_rows
from data.store.frames import table_frame
from data.store.part import Part, note_act
from data.store.state import write_state
from data.store.tables import gazetir

GAZETTEER_COLUMNS = (
    "kode",
    "nama",
    "jenis",
    "kode_kec",
    "kecamatan",
    "kode_kab",
    "kabupaten",
    "kode_prov",
    "kode_bps",
    "penduduk",
    "kode_lama",
    "lon",
    "lat",
    "elevasi",
    "presisi_titik",
)
_NUMBERS = ("penduduk", "lon", "lat", "elevasi")
_UP = {"kecamatan": ("kode_kec", "kecamatan", "kode_kab"), "kabupaten": ("kode_kab", "kabupaten", "kode_prov")}


class Gazetteer(Part):
    """``store.gazetteer``: every village of the installation."""

    def replace(self, frame: pd.DataFrame, user: str = "") -> None:
        """Replaces the list of villages by ``frame`` (columns as `villages` returns them, ``kode`` unique)."""
        rows = gazetteer_rows(frame)
        with self._writing() as connection:
            connection.execute(delete(gazetir))
            if rows:
                connection.execute(insert(gazetir), rows)
            content = hash_rows(tuple(row[name] for name in GAZETTEER_COLUMNS) for row in rows)
            write_state(connection, "gazetir", content)
            note_act(connection, user, "set_gazetteer", {"rows": len(rows)})

    def villages(self) -> pd.DataFrame:
        """One row per village, sorted by ``kode``; ``penduduk``, ``lon``, ``lat``, ``elevasi`` are NaN when unknown."""
        with self._reading() as connection:
            frame = table_frame(connection, gazetir, list(GAZETTEER_COLUMNS), order=("kode",))
        return frame.astype(dict.fromkeys(("penduduk", "lon", "lat", "elevasi"), float))

    def areas(self, level: str) -> pd.DataFrame:
        """Areas of a level above the village: ``kode, nama, induk`` (the code one level up)."""
        return areas_of(self.villages(), level)


def gazetteer_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows for the table ``gazetir``; raises ``ValueError`` for lacking columns or a code given twice."""
    lacking = set(GAZETTEER_COLUMNS) - set(frame.columns)
    if lacking:
        raise ValueError(f"the gazetteer lacks the columns {sorted(lacking)}")
    if frame["kode"].duplicated().any():
        raise ValueError("the gazetteer has a code twice")
    clean = frame.loc[:, list(GAZETTEER_COLUMNS)].copy()
    for name in GAZETTEER_COLUMNS:
        if name in _NUMBERS:
            number = pd.to_numeric(clean[name]).astype(float).replace([np.inf, -np.inf], np.nan)
            clean[name] = number.astype(object).where(number.notna(), None)
        else:
            clean[name] = clean[name].astype(object).where(clean[name].notna(), "").astype(str)
    return [{str(name): value for name, value in row.items()} for row in clean.sort_values("kode").to_dict("records")]


def areas_of(gazetteer: pd.DataFrame, level: str) -> pd.DataFrame:
    """``kode, nama, induk`` of every area of ``level`` ∈ kecamatan, kabupaten, provinsi (whose names are empty)."""
    if level == "provinsi":
        codes = sorted(gazetteer["kode_prov"].unique())
        return pd.DataFrame({"kode": codes, "nama": [""] * len(codes), "induk": [""] * len(codes)})
    if level not in _UP:
        raise ValueError(f"level is {level!r} but is expected to be kecamatan, kabupaten or provinsi")
    columns = list(_UP[level])
    frame = gazetteer.loc[:, columns].drop_duplicates(columns[0]).sort_values(columns[0])
    return frame.set_axis(["kode", "nama", "induk"], axis=1).reset_index(drop=True)
