"""What a layer shows: per area a number or a name, where it is from, and which numbers are too small to show.

The functions of type `ValuesOf` are what the rows of `campaign.maps.registry` name as their value function.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from data.disclosure import HIDDEN
from data.domain.distance import nearest_km
from data.domain.levels import DRAWN, Level
from geo.figures import people_everywhere, people_of_areas, poor_shares

if TYPE_CHECKING:
    from campaign.maps.registry import Layer
    from campaign.reading.snapshot import Snapshot

NONE = "tidak_nyata"
"""The name of an area that does not stand out after correction for many tests."""
SIGNIFICANT = 0.05


@dataclass(frozen=True, eq=False)
class Values:
    """``numbers``: one float per code in the order asked for, NaN for none, or the names of classes; ``few``: codes of
    areas whose number exists but is not shown; ``inherited``: the level whose figures stand in when the level has
    none."""

    numbers: pd.Series
    source: str = ""
    as_of: dt.date | None = None
    inherited: str = ""
    data_contoh: bool = False
    few: frozenset[str] = field(default_factory=frozenset)
    estimated: bool = False
    """Some of the numbers rest on an estimated population."""


ValuesOf = Callable[["Snapshot", "Layer", str, tuple[str, ...], int | None], Values]
"""The values of a layer of a snapshot at a level, for codes in that order, of a year or (None) the newest."""


def always(snapshot: Snapshot, layer: Layer) -> bool:
    """There is something to show, be it that there are no data."""
    return True


def has_years(snapshot: Snapshot, layer: Layer) -> bool:
    """Whether figures of any year are there."""
    return bool(years(snapshot, layer))


def has_sessions(snapshot: Snapshot, layer: Layer) -> bool:
    """Whether any session is on record."""
    return len(snapshot.sessions) > 0


def has_points(snapshot: Snapshot, layer: Layer) -> bool:
    """Whether service points of the layer's kind are there."""
    return bool((snapshot.points["jenis"] == layer.points).any())


def has_hotspots(snapshot: Snapshot, layer: Layer) -> bool:
    """Whether somebody had Gi*, local Moran and scan computed."""
    return bool(snapshot.hotspots)


def years(snapshot: Snapshot, layer: Layer) -> list[int]:
    """The years a layer can be shown for, the first one first; empty for layers that have no years."""
    found = layer.years
    return snapshot.once(("years", layer.key), lambda: found(snapshot, layer)) if found else []


def years_of_sessions(snapshot: Snapshot, layer: Layer) -> list[int]:
    """Years in which sessions were held."""
    return sorted({int(year) for year in pd.to_datetime(snapshot.sessions["tanggal"]).dt.year})


def years_of_figures(snapshot: Snapshot, layer: Layer) -> list[int]:
    """Years of which the layer's indicators have figures."""
    series = snapshot.series
    own = series["indikator"].isin(layer.indicators) & series["level"].isin(DRAWN)
    return sorted({int(year) for year in series.loc[own, "tahun"]})


def _of_version(snapshot: Snapshot, numbers: pd.Series, people: str = "") -> Values:
    """Values of the score version; ``people``: the level whose people they count, "" for what counts none."""
    version = snapshot.version
    return Values(
        numbers,
        snapshot.versi,
        version.created_at.date() if version else None,
        data_contoh=version is not None and version.data_contoh,
        estimated=bool(snapshot.params.get("taksiran", {}).get(people, 0)),
    )


def scored(column: str, scale: float = 1.0) -> ValuesOf:
    """A number of the score table."""

    def found(snapshot: Snapshot, layer: Layer, level: str, codes: tuple[str, ...], year: int | None) -> Values:
        return _of_version(snapshot, snapshot.scores[level][column].reindex(codes).astype(float) * scale, level)

    return found


def chances(column: str) -> ValuesOf:
    """A probability of the score table, in percent."""
    return scored(column, 100.0)


scores = scored("skor")


def widths(snapshot: Snapshot, layer: Layer, level: str, codes: tuple[str, ...], year: int | None) -> Values:
    """How wide the interval of each score is."""
    rows = snapshot.scores[level].reindex(codes)
    return _of_version(snapshot, (rows["skor_atas"] - rows["skor_bawah"]).astype(float), level)


def bands(snapshot: Snapshot, layer: Layer, level: str, codes: tuple[str, ...], year: int | None) -> Values:
    """The band of each area."""
    return _of_version(snapshot, snapshot.scores[level]["prioritas"].reindex(codes), level)


def grades(snapshot: Snapshot, layer: Layer, level: str, codes: tuple[str, ...], year: int | None) -> Values:
    """The grade of the data behind each area's score."""
    return _of_version(snapshot, snapshot.scores[level]["kualitas_data"].reindex(codes))


def evidence(snapshot: Snapshot, layer: Layer, level: str, codes: tuple[str, ...], year: int | None) -> Values:
    """The level at which the evidence behind each area's order stands."""
    return _of_version(snapshot, snapshot.scores[level]["tingkat_bukti"].replace("", None).reindex(codes))


def has_evidence(snapshot: Snapshot, layer: Layer) -> bool:
    """Whether the score version says what its order stands on."""
    return bool((snapshot.scores[Level.DESA]["tingkat_bukti"] != "").any())


def _hotspots(snapshot: Snapshot, level: str, codes: tuple[str, ...]) -> pd.DataFrame:
    return snapshot.hotspots.get(level, pd.DataFrame(columns=_HOTSPOTS)).reindex(codes)


_HOTSPOTS = ["gi_kelas", "gi_q", "lisa_kuadran", "lisa_q", "klaster"]


def gi_names(snapshot: Snapshot, layer: Layer, level: str, codes: tuple[str, ...], year: int | None) -> Values:
    """Getis-Ord Gi*: high or low together with the surroundings."""
    table = _hotspots(snapshot, level, codes)
    return _where_known(snapshot, table, table["gi_kelas"])


def moran_names(snapshot: Snapshot, layer: Layer, level: str, codes: tuple[str, ...], year: int | None) -> Values:
    """Local Moran: high or low among high or low."""
    table = _hotspots(snapshot, level, codes)
    return _where_known(snapshot, table, table["lisa_kuadran"].where(table["lisa_q"] <= SIGNIFICANT, NONE))


def cluster_names(snapshot: Snapshot, layer: Layer, level: str, codes: tuple[str, ...], year: int | None) -> Values:
    """The scan: inside a cluster or not."""
    table = _hotspots(snapshot, level, codes)
    return _where_known(snapshot, table, pd.Series(np.where(table["klaster"] > 0, "di_dalam", NONE), table.index))


def _where_known(snapshot: Snapshot, table: pd.DataFrame, names: pd.Series) -> Values:
    return _of_version(snapshot, names.replace("", NONE).fillna(NONE).where(table["gi_q"].notna()))


def figures(snapshot: Snapshot, layer: Layer, level: str, codes: tuple[str, ...], year: int | None) -> Values:
    """The figures of the layer's indicators, of ``year`` or the newest of each area.

    Without any at the level the next level above stands in and is named, but not for layers of kabupaten alone.
    """
    return _finest(snapshot, layer, level, codes, lambda at: _of_year(snapshot, layer, at, year).set_index("kode"))


def poverty(snapshot: Snapshot, layer: Layer, level: str, codes: tuple[str, ...], year: int | None) -> Values:
    """Poor people in percent (`geo.figures.poor_shares`), of ``year`` or the newest of each area."""
    percent, persons = layer.indicators

    def found(at: str) -> pd.DataFrame:
        rows = _of_year(snapshot, layer, at, year)
        given, poor = rows[rows["indikator"] == percent], rows[rows["indikator"] == persons]
        people = _people(snapshot, at) if len(poor) else pd.DataFrame({"orang": [], "taksiran": []})
        return poor_shares(poor, given, people).set_index("kode")

    return _finest(snapshot, layer, level, codes, found)


def _people(snapshot: Snapshot, level: str) -> pd.DataFrame:
    """Persons of the areas of a level without gaps, and whether that is an estimate."""
    places = snapshot.places[Level.DESA]
    villages = places.assign(kode=places.index, kode_prov=places.index.str[:2])
    figures = snapshot.figures
    counts = figures[figures["indikator"] == "penduduk"]
    estimate = snapshot.once(("orang",), lambda: people_everywhere(counts, villages))
    return people_of_areas(estimate, villages[Level(level).column], level)


def _finest(
    snapshot: Snapshot, layer: Layer, level: str, codes: tuple[str, ...], figures_at: Callable[[str], pd.DataFrame]
) -> Values:
    found, at = pd.DataFrame(), Level(level)
    for candidate in DRAWN[DRAWN.index(at) :] if at in layer.levels else (at,):
        found = figures_at(candidate)
        if len(found):
            at = candidate
            break
    if found.empty:
        return Values(pd.Series(np.nan, index=list(codes)))
    own = [code[: at.code_length] for code in codes]
    small = set(found.index[found["value"].map(lambda value: value == HIDDEN)])
    known = pd.to_numeric(found["value"], errors="coerce")
    sources = sorted({str(source) for source in found["source"]})
    return Values(
        numbers=pd.Series(known.reindex(own).to_numpy(float), index=list(codes)),
        source="; ".join(sources[:3]),
        as_of=pd.Timestamp(found["period_end"].max()).date(),
        inherited="" if at == level else str(at),
        data_contoh=bool(found["data_contoh"].any()),
        few=frozenset(code for code, area in zip(codes, own, strict=True) if area in small),
        estimated="taksiran" in found and bool(found["taksiran"].fillna(False).reindex(own).eq(True).any()),
    )


def _of_year(snapshot: Snapshot, layer: Layer, level: str, year: int | None) -> pd.DataFrame:
    """Rows of `campaign.reading.yearly` of the layer's indicators: of a year, or the newest per area."""
    series = snapshot.series
    rows = series[(series["level"] == level) & series["indikator"].isin(layer.indicators)]
    if year is None and layer.counted and len(rows):
        year = int(rows["tahun"].max())
    if year is not None:
        rows = rows[rows["tahun"] == year]
    return rows.sort_values("tahun", kind="stable").drop_duplicates(["indikator", "kode"], keep="last")


def distances(snapshot: Snapshot, layer: Layer, level: str, codes: tuple[str, ...], year: int | None) -> Values:
    """Kilometres in a straight line to the nearest point of a kind; above the village the median of its villages."""
    points = snapshot.points[snapshot.points["jenis"] == layer.points]
    villages = snapshot.places["desa"]
    if points.empty:
        return Values(pd.Series(np.nan, index=list(codes)))
    away = nearest_km(villages["lon"], villages["lat"], points["lon"], points["lat"])
    nearest = pd.Series(away, index=villages.index)
    of_area = nearest.groupby(nearest.index.str[: Level(level).code_length]).median()
    return Values(of_area.reindex(list(codes)), **_of_records(snapshot, points))


def since_sessions(snapshot: Snapshot, layer: Layer, level: str, codes: tuple[str, ...], year: int | None) -> Values:
    """Years since the last session on record in the area, infinite where none is; the source of the records.

    With ``year`` as things stood at its end (of the current year: today).
    """
    now = dt.date.today()
    if year is not None:
        now = min(now, dt.date(year, 12, 31))
    held = snapshot.sessions[pd.to_datetime(snapshot.sessions["tanggal"]) <= pd.Timestamp(now)]
    if held.empty:
        return Values(pd.Series(np.nan, index=list(codes)))
    last = pd.to_datetime(held["tanggal"]).groupby(held["kode"].str[: Level(level).code_length]).max()
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
