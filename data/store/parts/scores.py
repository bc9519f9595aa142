"""Score tables by version: written whole, read by level."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import Connection, insert, select

from data.domain.score_version import ScoreVersion
from data.errors import WrongUse
from data.store.content import to_json
from data.store.frames import query_frame
from data.store.part import Part, note_act, now
from data.store.state import next_number
from data.store.tables import skor, skor_versi

SCORE_COLUMNS = (
    "versi",
    "level",
    "kode",
    "skor",
    "skor_bawah",
    "skor_atas",
    "p_top",
    "harapan",
    "laju",
    "p_rr2",
    "n_top",
    "prioritas",
    "kualitas_data",
    "tingkat_bukti",
    "alasan",
    "data_contoh",
)
_NUMBERS = ("skor", "skor_bawah", "skor_atas", "p_top", "harapan", "laju", "p_rr2")
_NEEDED = {"level", "kode", "prioritas", "kualitas_data", "skor", "skor_bawah", "skor_atas", "p_top"}


class Scores(Part):
    """``store.scores``: score tables by version, never changed once written."""

    def save(self, meta: dict[str, Any], table: pd.DataFrame) -> str:
        """Stores one score table and returns its version, ``S20261122-0001``.

        ``meta``: ``input_version, boundary_version, n_top`` and optionally ``params, evaluation`` (plain values),
        ``data_contoh``. ``table``: ``level, kode, skor, skor_bawah, skor_atas, p_top, prioritas, kualitas_data`` and
        optionally ``harapan, laju, p_rr2, n_top``, ``alasan`` (list of plain values, `risk.scoring.reasons.Reason`),
        ``internal`` (plain values), ``data_contoh``, ``tingkat_bukti`` (empty without).
        """
        with self._writing() as connection:
            at = now()
            versi = next_number(connection, f"S{at:%Y%m%d}")
            _write(connection, versi, at, meta, table)
            note_act(connection, str(meta.get("user", "")), "score", {"versi": versi, "rows": len(table)})
        return versi

    def version(self, versi: str | None = None) -> ScoreVersion | None:
        """The newest score version (or the one named) with ``params`` and ``evaluation`` as plain values."""
        with self._reading() as connection:
            return _version(connection, versi)

    def needed_version(self) -> ScoreVersion:
        """The newest score version. Raises `WrongUse` (``NO_SCORE``) when nothing was scored yet."""
        found = self.version()
        if found is None:
            raise WrongUse("NO_SCORE")
        return found

    def table(self, level: str = "desa", versi: str | None = None) -> pd.DataFrame:
        """The score table of a level, sorted by ``kode``; ``alasan`` is a list of plain values as they were
        stored (`risk.scoring.reasons.Reason`; versions of earlier programs have ``{"kunci", "nilai"}``).

        Empty (with its columns) when nothing was scored yet.
        """
        with self._reading() as connection:
            return _read(connection, level, versi, internal=False)

    def history(self, level: str = "desa", newest: int = 6) -> pd.DataFrame:
        """``versi, created_at, kode, skor, prioritas`` of the ``newest`` score versions, the oldest version first."""
        with self._reading() as connection:
            return _history(connection, level, newest)

    def internal(self, level: str = "desa", versi: str | None = None) -> pd.DataFrame:
        """`table` with the column ``internal`` (plain values): for the risk room only, never shown."""
        with self._reading() as connection:
            return _read(connection, level, versi, internal=True)


def _write(connection: Connection, versi: str, at: dt.datetime, meta: dict[str, Any], table: pd.DataFrame) -> None:
    """Stores one version; raises ``ValueError`` when the table lacks a column."""
    if lacking := _NEEDED - set(table.columns):
        raise ValueError(f"scores lack the columns {sorted(lacking)}")
    contoh = bool(meta.get("data_contoh", False))
    n_top = int(meta["n_top"])
    connection.execute(
        insert(skor_versi).values(
            versi=versi,
            created_at=at,
            input_version=str(meta["input_version"]),
            boundary_version=str(meta.get("boundary_version") or ""),
            n_top=n_top,
            params_json=to_json(meta.get("params", {})),
            evaluation_json=to_json(meta.get("evaluation", {})),
            data_contoh=contoh,
        )
    )
    rows = pd.DataFrame({"level": table["level"].to_numpy(), "kode": table["kode"].to_numpy()})
    rows.insert(0, "versi", versi)
    for name in _NUMBERS:
        number = pd.to_numeric(table[name]).astype(float).to_numpy() if name in table else np.full(len(table), np.nan)
        rows[name] = pd.Series(number).astype(object).where(pd.notna(number), None)
    for name in ("prioritas", "kualitas_data"):
        rows[name] = table[name].astype(str).to_numpy()
    rows["tingkat_bukti"] = table["tingkat_bukti"].astype(str).to_numpy() if "tingkat_bukti" in table else ""
    rows["n_top"] = [int(n) for n in table["n_top"]] if "n_top" in table else n_top
    rows["data_contoh"] = [bool(flag) for flag in table["data_contoh"]] if "data_contoh" in table else contoh
    rows["alasan_json"] = [to_json(list(one)) for one in table["alasan"]] if "alasan" in table else "[]"
    rows["internal_json"] = [to_json(one) for one in table["internal"]] if "internal" in table else "{}"
    records = [{str(key): value for key, value in row.items()} for row in rows.astype(object).to_dict("records")]
    if records:
        connection.execute(insert(skor), records)


def _version(connection: Connection, versi: str | None = None) -> ScoreVersion | None:
    """One version with its JSON opened; the newest unless named."""
    query = select(*skor_versi.c).order_by(skor_versi.c.created_at.desc(), skor_versi.c.versi.desc()).limit(1)
    if versi is not None:
        query = query.where(skor_versi.c.versi == versi)
    row = connection.execute(query).mappings().first()
    if row is None:
        return None
    found = dict(row)
    params, evaluation = json.loads(found.pop("params_json")), json.loads(found.pop("evaluation_json"))
    return ScoreVersion(**found, params=params, evaluation=evaluation)


def _read(connection: Connection, level: str, versi: str | None, *, internal: bool) -> pd.DataFrame:
    """The table of a level, sorted by code."""
    newest = versi or (found.versi if (found := _version(connection)) else None)
    stored = ["alasan_json" if name == "alasan" else name for name in SCORE_COLUMNS]
    names = list(SCORE_COLUMNS)
    if internal:
        stored.append("internal_json")
        names.append("internal")
    query = (
        select(*(skor.c[name] for name in stored))
        .where(skor.c.versi == newest, skor.c.level == level)
        .order_by(skor.c.kode)
    )
    frame = query_frame(connection, query, names)
    for name in ("alasan", "internal") if internal else ("alasan",):
        # One parse of all rows is several times faster than one parse a row.
        frame[name] = pd.Series(json.loads(f"[{','.join(frame[name])}]"), dtype=object)
    frame["data_contoh"] = frame["data_contoh"].astype(bool)
    return frame.astype(dict.fromkeys(_NUMBERS, float))


def _history(connection: Connection, level: str, newest: int) -> pd.DataFrame:
    """Bands and scores of the ``newest`` versions, the oldest first."""
    names = ["versi", "created_at", "kode", "skor", "prioritas"]
    latest = select(skor_versi.c.versi).order_by(skor_versi.c.created_at.desc(), skor_versi.c.versi.desc())
    query = (
        select(skor.c.versi, skor_versi.c.created_at, skor.c.kode, skor.c.skor, skor.c.prioritas)
        .join(skor_versi, skor.c.versi == skor_versi.c.versi)
        .where(skor.c.level == level, skor.c.versi.in_(latest.limit(newest)))
        .order_by(skor_versi.c.created_at, skor.c.versi, skor.c.kode)
    )
    frame = query_frame(connection, query, names)
    return frame.astype({"skor": float})
