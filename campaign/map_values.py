"""The numbers behind the map's layers: per area a value, where it is from, and which values are too small to show."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from campaign.snapshot import LEVELS, Snapshot
from data.disclosure import HIDDEN
from data.seats import distance_km

CODE_LENGTH = {"desa": 13, "kecamatan": 8, "kabupaten": 5}
DISTANCES = {"jarak_ltsa": "ltsa", "jarak_imigrasi": "imigrasi", "jarak_pelabuhan": "pelabuhan"}
"""Layers of the way to the nearest service point, and the kind of point."""


@dataclass(frozen=True, eq=False)
class Values:
    """``numbers``: one float per code in the order asked for, NaN for none; ``few``: codes of areas whose number exists
    but is not shown; ``inherited``: the level whose figures stand in when the level has none."""

    numbers: pd.Series
    source: str = ""
    as_of: dt.date | None = None
    inherited: str = ""
    data_contoh: bool = False
    few: frozenset[str] = field(default_factory=frozenset)


def figure_values(snapshot: Snapshot, level: str, layer: str, codes: tuple[str, ...]) -> Values:
    """Poverty, village index or departures; without any at the level the next level above stands in and is named."""
    found, at = pd.DataFrame(), level
    for candidate in LEVELS[LEVELS.index(level) :]:
        found = _figures(snapshot, layer, candidate)
        if len(found):
            at = candidate
            break
    if found.empty:
        return Values(pd.Series(np.nan, index=list(codes)))
    own = [code[: CODE_LENGTH[at]] for code in codes]
    small = set(found.index[found["value"].map(lambda value: value == HIDDEN)])
    known = pd.to_numeric(found["value"], errors="coerce")
    sources = sorted({str(source) for source in found["source"]})
    return Values(
        numbers=pd.Series(known.reindex(own).to_numpy(float), index=list(codes)),
        source="; ".join(sources[:3]),
        as_of=pd.Timestamp(found["period_end"].max()).date(),
        inherited="" if at == level else at,
        data_contoh=bool(found["data_contoh"].any()),
        few=frozenset(code for code, area in zip(codes, own, strict=True) if area in small),
    )


def _figures(snapshot: Snapshot, layer: str, level: str) -> pd.DataFrame:
    """Newest figure per area, indexed by code: percent of people who are poor, the village index, or departures."""
    if layer == "keberangkatan":
        rows = snapshot.departures
        return rows[(rows["level"] == level) & (rows["indikator"] == "prosedural")].set_index("kode")
    figures = snapshot.figures[(snapshot.figures["level"] == level) & snapshot.figures["value"].notna()]
    if layer == "idm":
        return figures[figures["indikator"] == "idm"].set_index("kode")
    percent = figures[figures["indikator"] == "persen_miskin"].set_index("kode")
    if len(percent):
        return percent
    poor = figures[figures["indikator"] == "penduduk_miskin"].set_index("kode")
    people = snapshot.places[level]["penduduk"].reindex(poor.index)
    known = people > 0
    return poor[known].assign(value=(poor["value"] / people)[known] * 100)


def distance_values(snapshot: Snapshot, level: str, layer: str, codes: tuple[str, ...]) -> Values:
    """Kilometres in a straight line to the nearest point of a kind; above the village the median of its villages."""
    points = snapshot.points[snapshot.points["jenis"] == DISTANCES[layer]]
    villages = snapshot.places["desa"]
    if points.empty:
        return Values(pd.Series(np.nan, index=list(codes)))
    away = distance_km(
        villages["lon"].to_numpy(float)[:, None], villages["lat"].to_numpy(float)[:, None],
        points["lon"].to_numpy(float)[None, :], points["lat"].to_numpy(float)[None, :],
    )  # fmt: skip
    nearest = pd.Series(away.min(axis=1), index=villages.index)
    of_area = nearest.groupby(nearest.index.str[: CODE_LENGTH[level]]).median()
    return Values(of_area.reindex(list(codes)), **_of_records(snapshot, points))


def session_values(snapshot: Snapshot, level: str, codes: tuple[str, ...], today: dt.date | None = None) -> Values:
    """Years since the last session on record in the area, infinite where none is; the source of the records."""
    held = snapshot.sessions
    if held.empty:
        return Values(pd.Series(np.nan, index=list(codes)))
    last = pd.to_datetime(held["tanggal"]).groupby(held["kode"].str[: CODE_LENGTH[level]]).max()
    years = (pd.Timestamp(today or dt.date.today()) - last).dt.days / 365.25
    return Values(years.reindex(list(codes)).fillna(np.inf), **_of_records(snapshot, held))


def _of_records(snapshot: Snapshot, records: pd.DataFrame) -> dict[str, Any]:
    batches = snapshot.batches.set_index("batch").reindex(records["batch"].unique())
    dated = pd.to_datetime(batches["as_of"]).dropna()
    return {
        "source": "; ".join(sorted({str(source) for source in records["source"]})[:3]),
        "as_of": dated.max().date() if len(dated) else None,
        "data_contoh": bool(batches["data_contoh"].any()),
    }
