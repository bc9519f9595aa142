"""The numbers behind the map's layers: per area a value, where it is from, and which values are too small to show."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from campaign.reading.snapshot import LEVELS, Snapshot
from campaign.reading.yearly import COUNTED, INDICATORS, KABUPATEN_ONLY
from data.disclosure import HIDDEN
from data.domain.capitals import distance_km

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


def layer_values(
    snapshot: Snapshot, level: str, layer: str, codes: tuple[str, ...], year: int | None = None
) -> Values | None:
    """The numbers of any layer that has some (for the bands: the score); None for layers of words alone."""
    if layer in INDICATORS:
        return figure_values(snapshot, level, layer, codes, year)
    if layer in DISTANCES:
        return distance_values(snapshot, level, layer, codes)
    if layer == "sesi":
        return session_values(snapshot, level, codes, year)
    return score_values(snapshot, level, layer, codes)


def score_values(snapshot: Snapshot, level: str, layer: str, codes: tuple[str, ...]) -> Values | None:
    """The numbers of a layer of the score version, chances as percent; None for a layer that has none."""
    scores, version = snapshot.scores[level].reindex(codes), snapshot.version
    if layer == "selang":
        numbers = scores["skor_atas"] - scores["skor_bawah"]
    elif layer in ("p_top", "konsentrasi"):
        numbers = scores["p_rr2" if layer == "konsentrasi" else layer] * 100
    elif layer in ("prioritas", "skor", "harapan", "laju"):
        numbers = scores["skor" if layer == "prioritas" else layer]
    else:
        return None
    return Values(
        numbers.astype(float),
        snapshot.versi,
        version.created_at.date() if version else None,
        data_contoh=version is not None and version.data_contoh,
    )


def years(snapshot: Snapshot, layer: str) -> list[int]:
    """The years a layer can be shown for, the first one first; empty for layers that have no years."""
    return snapshot.once(("years", layer), lambda: _years(snapshot, layer))


def _years(snapshot: Snapshot, layer: str) -> list[int]:
    if layer == "sesi":
        return sorted({int(year) for year in pd.to_datetime(snapshot.sessions["tanggal"]).dt.year})
    series = snapshot.series
    own = series["indikator"].isin(INDICATORS.get(layer, ())) & series["level"].isin(LEVELS)
    return sorted({int(year) for year in series.loc[own, "tahun"]})


def figure_values(
    snapshot: Snapshot, level: str, layer: str, codes: tuple[str, ...], year: int | None = None
) -> Values:
    """Poverty, village index, departures or published deaths, of ``year`` or the newest of each area.

    Without any at the level the next level above stands in and is named, but not for layers of kabupaten alone.
    """
    found, at = pd.DataFrame(), level
    for candidate in (level,) if layer in KABUPATEN_ONLY else LEVELS[LEVELS.index(level) :]:
        found = _figures(snapshot, layer, candidate, year)
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


def _figures(snapshot: Snapshot, layer: str, level: str, year: int | None) -> pd.DataFrame:
    """Figures of a year, or the newest per area, indexed by code: percent poor, the village index, people counted."""
    series = snapshot.series
    rows = series[(series["level"] == level) & series["indikator"].isin(INDICATORS[layer])]
    if year is None and layer in COUNTED and len(rows):
        year = int(rows["tahun"].max())
    if year is not None:
        rows = rows[rows["tahun"] == year]
    rows = rows.sort_values("tahun", kind="stable").drop_duplicates(["indikator", "kode"], keep="last")
    if layer != "kemiskinan":
        return rows.set_index("kode")
    percent = rows[rows["indikator"] == "persen_miskin"].set_index("kode")
    if len(percent):
        return percent
    poor = rows[rows["indikator"] == "penduduk_miskin"].set_index("kode")
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
        villages["lon"].to_numpy(float)[:, None],
        villages["lat"].to_numpy(float)[:, None],
        points["lon"].to_numpy(float)[None, :],
        points["lat"].to_numpy(float)[None, :],
    )
    nearest = pd.Series(away.min(axis=1), index=villages.index)
    of_area = nearest.groupby(nearest.index.str[: CODE_LENGTH[level]]).median()
    return Values(of_area.reindex(list(codes)), **_of_records(snapshot, points))


def session_values(
    snapshot: Snapshot, level: str, codes: tuple[str, ...], year: int | None = None, today: dt.date | None = None
) -> Values:
    """Years since the last session on record in the area, infinite where none is; the source of the records.

    With ``year`` as things stood at its end (of the current year: today).
    """
    now = today or dt.date.today()
    if year is not None:
        now = min(now, dt.date(year, 12, 31))
    held = snapshot.sessions[pd.to_datetime(snapshot.sessions["tanggal"]) <= pd.Timestamp(now)]
    if held.empty:
        return Values(pd.Series(np.nan, index=list(codes)))
    last = pd.to_datetime(held["tanggal"]).groupby(held["kode"].str[: CODE_LENGTH[level]]).max()
    since = (pd.Timestamp(now) - last).dt.days / 365.25
    return Values(since.reindex(list(codes)).fillna(np.inf), **_of_records(snapshot, held))


def _of_records(snapshot: Snapshot, records: pd.DataFrame) -> dict[str, Any]:
    batches = snapshot.batches.set_index("batch").reindex(records["batch"].unique())
    dated = pd.to_datetime(batches["as_of"]).dropna()
    return {
        "source": "; ".join(sorted({str(source) for source in records["source"]})[:3]),
        "as_of": dated.max().date() if len(dated) else None,
        "data_contoh": bool(batches["data_contoh"].any()),
    }
