"""What a batch is: one file's worth of facts, with where it came from, stored and taken back as a whole."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

FACT_COLUMNS = (
    "jenis",
    "indikator",
    "level",
    "kode",
    "period_start",
    "period_end",
    "cumulative",
    "value",
    "unit",
    "source",
    "as_of",
    "row",
    "data_contoh",
    "published",
    "completeness",
    "note",
)
"""Columns of a fact as it is stored; see `fact_frame` for what may be left out."""

_DEFAULTS: dict[str, Any] = {"cumulative": False, "unit": "", "source": "", "row": None, "completeness": "", "note": ""}


@dataclass(frozen=True)
class BatchMeta:
    """Where a batch came from; ``jenis`` is its kind (`data.domain.kinds`).

    ``published`` says that the source is public, so its figures may be shown as published; ``as_of`` is the day the
    source speaks for, ``None`` when it does not say. ``report`` is the import report as reason codes and values.
    """

    jenis: str
    source: str
    file_name: str = ""
    sha256: str = ""
    as_of: dt.date | None = None
    user: str = ""
    rows_read: int = 0
    rows_ok: int = 0
    rows_error: int = 0
    rows_skipped: int = 0
    data_contoh: bool = False
    published: bool = False
    report: dict[str, Any] = field(default_factory=dict)


def fact_frame(rows: pd.DataFrame, meta: BatchMeta) -> pd.DataFrame:
    """The rows in the form the store keeps: all of `FACT_COLUMNS`, dates as ``datetime.date``, missing as ``None``.

    ``rows`` needs ``indikator, level, kode, period_start, period_end, value``; what it lacks of the rest comes from
    the batch (kind, source, as-of date, demonstration and published marks) or is empty. Raises ``ValueError`` for a
    missing column or a value that is not finite: such rows are a fault of ours, not of the file.
    """
    needed = {"indikator", "level", "kode", "period_start", "period_end", "value"} - set(rows.columns)
    if needed:
        raise ValueError(f"facts lack the columns {sorted(needed)}")
    frame = pd.DataFrame(index=range(len(rows)))
    from_batch: dict[str, Any] = {
        "jenis": meta.jenis,
        "source": meta.source,
        "as_of": meta.as_of,
        "data_contoh": meta.data_contoh,
        "published": meta.published,
    }
    for name in FACT_COLUMNS:
        if name in rows.columns:
            frame[name] = rows[name].to_numpy()
        else:
            value_of_all: Any = from_batch.get(name, _DEFAULTS.get(name))
            frame[name] = value_of_all
    for name in ("period_start", "period_end", "as_of"):
        days = pd.to_datetime(frame[name])
        frame[name] = pd.Series(days.dt.date, dtype=object).where(days.notna(), None)
    value = pd.to_numeric(frame["value"]).astype(float)
    if (value.abs() == float("inf")).any():
        raise ValueError("a fact's value is infinite")
    frame["value"] = value.astype(object).where(value.notna(), None)
    for name in ("cumulative", "data_contoh", "published"):
        frame[name] = frame[name].astype(bool).astype(object)
    for name in ("unit", "completeness", "note", "source"):
        frame[name] = frame[name].fillna("").astype(str).astype(object)
    row = pd.to_numeric(frame["row"])
    frame["row"] = pd.Series([None if pd.isna(number) else int(number) for number in row], dtype=object)
    return frame
