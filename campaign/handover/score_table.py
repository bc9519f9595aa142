"""The score table in INTERFACE's columns, one row each: every file of scores and its data dictionary loop over them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from campaign.handover.columns import Cell, Column, ColumnProtection, Origin, table_of
from campaign.reading.places import places_of
from campaign.statements.factors import facts_of, reason_sentence
from data.domain.score_version import ScoreVersion
from data.store.store import Store
from words import t


@dataclass(frozen=True)
class ScoreSource:
    """Places of one level with the scores of one version (NaN where there are none)."""

    rows: pd.DataFrame
    version: ScoreVersion
    level: str
    lang: str = "id"


ScoreColumn = Column[ScoreSource]


def _column(
    name: str,
    value: Callable[[ScoreSource], Sequence[Any] | pd.Series],
    origin: Origin,
    protection: ColumnProtection = ColumnProtection.OPEN,
    *,
    width: int,
    cell: Cell = Cell.TEXT,
) -> ScoreColumn:
    return ScoreColumn(
        name=name, meaning=f"kamus.{name}", value=value, origin=origin, protection=protection, width=width, cell=cell
    )


def _place(name: str, width: int) -> ScoreColumn:
    return _column(name, lambda source: source.rows[name], Origin.GAZETTEER, width=width)


def _number(name: str, width: int, decimals: int = 1) -> ScoreColumn:
    return _column(
        name,
        lambda source: source.rows[name].astype(float).round(decimals),
        Origin.SCORE,
        ColumnProtection.SCORE,
        width=width,
        cell=Cell.NUMBER,
    )


def _reason(i: int) -> ScoreColumn:
    def value(source: ScoreSource) -> list[str]:
        return [
            reason_sentence(told[i], source.lang) if len(told) > i else ""
            for told in map(facts_of, source.rows["alasan"])
        ]

    return _column(f"alasan_{i + 1}", value, Origin.SCORE, ColumnProtection.WORDED, width=60)


def _bands(source: ScoreSource) -> list[str]:
    return [t(f"prioritas.{band}", source.lang) if isinstance(band, str) else "" for band in source.rows["prioritas"]]


def _places_at_top(source: ScoreSource) -> Sequence[Any] | pd.Series:
    return [source.version.n_top] * len(source.rows) if source.level == "desa" else source.rows["n_top"]


SCORE_COLUMNS: tuple[ScoreColumn, ...] = (
    _place("kode", 15),
    _place("desa", 24),
    _place("kode_kec", 10),
    _place("kecamatan", 22),
    _place("kode_kab", 8),
    _place("kabupaten", 28),
    _column("prioritas", _bands, Origin.SCORE, ColumnProtection.WORDED, width=16),
    _number("skor", 8),
    _number("skor_bawah", 10),
    _number("skor_atas", 9),
    _number("p_top", 9, decimals=2),
    _column("n_top", _places_at_top, Origin.SCORE, width=8, cell=Cell.NUMBER),
    _column("kualitas_data", lambda s: s.rows["kualitas_data"], Origin.SCORE, ColumnProtection.WORDED, width=9),
    _column("tingkat_bukti", lambda s: s.rows["tingkat_bukti"], Origin.SCORE, ColumnProtection.WORDED, width=12),
    *(_reason(i) for i in range(3)),
    _column("versi", lambda s: [s.version.versi] * len(s.rows), Origin.SCORE, width=18),
    _column("data_contoh", lambda s: [s.version.data_contoh] * len(s.rows), Origin.SCORE, width=12),
)
RANK_WIDTH = 6


def column_widths() -> dict[str, int]:
    """Width by name of column, ``no`` of a ranked table included."""
    return {"no": RANK_WIDTH, **{column.name: column.width for column in SCORE_COLUMNS}}


def score_rows(store: Store, *, level: str = "desa", role: str = "perencana", lang: str = "id") -> pd.DataFrame:
    """The score table in `SCORE_COLUMNS`, one row per area of ``level``, sorted by code.

    The role ``publik`` sees a village's band and reasons, not its numbers.

    Raises
    ------
    WrongUse : nothing has been scored yet (``NO_SCORE``).
    """
    version = store.scores.needed_version()
    places = places_of(store, level)
    merged = places.merge(store.scores.table(level), on="kode", how="left", validate="one_to_one")
    rows = table_of(SCORE_COLUMNS, ScoreSource(merged, version, level, lang), len(merged))
    if role == "publik" and level == "desa":
        rows[[column.name for column in SCORE_COLUMNS if column.protection is ColumnProtection.SCORE]] = float("nan")
    return rows.sort_values("kode", ignore_index=True)


def ranked(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows from the highest score down, with ``no`` as first column; equal scores keep the order of the codes."""
    ordered = rows.sort_values(["skor", "kode"], ascending=[False, True], ignore_index=True, na_position="last")
    ordered.insert(0, "no", range(1, len(ordered) + 1))
    return ordered
