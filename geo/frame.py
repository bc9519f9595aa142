"""The village frame: one row per village of the gazetteer, its place and what is known of it. Nothing is dropped."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.choose import latest
from data.workspace import Workspace
from geo.boundaries import active_boundaries, point_places

KINDS = ("kemiskinan", "indikator")
"""Kinds of fact in the frame. Cases and departures stay in the store: they count people, not features of places."""
CARRIED_UNITS = frozenset({"persen", "%", "indeks", "skor", "tahun", "rasio", "per seribu", "per 1.000"})
"""Units of figures that are true of every part of an area, as a share is. The count or the size of a kabupaten is not
one of its villages', so it is never carried down to them."""
_ABOVE = (("kecamatan", "kode_kec"), ("kabupaten", "kode_kab"))


def village_frame(store: Any, workspace: Workspace) -> gpd.GeoDataFrame:
    """One row per village of the store's gazetteer, sorted by ``kode``; EPSG:4326.

    Columns: the gazetteer's; ``geometry``, the polygon in force, or else a point in the village's kecamatan (`None`
    when nothing says where the village is); ``punya_poligon``; ``area_km2`` (from an equal-area projection, NaN
    without polygon); and for each indicator the newest chosen figure with ``<indicator>__level``, the level it was
    known at: ``desa``, or ``kecamatan``/``kabupaten`` for shares and indices carried down from there, empty where
    there is none. Missing is NaN. ``penduduk`` is the newest figure and falls back on the gazetteer's.

    An indicator named like another column gets ``_fakta`` behind its name.
    """
    villages = store.gazetteer().sort_values("kode", ignore_index=True)
    frame = _placed(villages, _polygons(store, workspace))
    figures = latest(pd.concat([store.facts(jenis=kind) for kind in KINDS], ignore_index=True))
    return with_indicators(frame, figures)


def with_indicators(frame: gpd.GeoDataFrame, figures: pd.DataFrame) -> gpd.GeoDataFrame:
    """``frame`` with two columns per indicator of ``figures`` (``indikator, level, kode, value, unit``); same rows.

    Figures of areas that are not in the frame are passed over; of several for one area the first counts. An indicator
    that says nothing of any village gets no column.
    """
    out, known = frame.copy(), figures[figures["value"].notna()]
    added: dict[str, Any] = {}
    for name, rows in known.groupby("indikator", sort=True):
        values, level = _finest(frame, rows)
        if name != "penduduk" and not np.isnan(values).all():
            name = f"{name}_fakta" if name in frame.columns else str(name)
            added[name], added[f"{name}__level"] = values, level
    people, level = _finest(frame, known[known["indikator"] == "penduduk"])
    own = frame["penduduk"].to_numpy(dtype=float)
    added["penduduk__level"] = np.where(np.isnan(people) & ~np.isnan(own), "desa", level)
    out["penduduk"] = np.where(np.isnan(people), own, people)
    return gpd.GeoDataFrame(out.join(pd.DataFrame(added, index=frame.index)), geometry="geometry", crs=frame.crs)


def _finest(frame: pd.DataFrame, rows: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Value per village from the finest level that has one, and that level."""
    own = rows[rows["level"] == "desa"].drop_duplicates("kode").set_index("kode")["value"]
    values = own.reindex(frame["kode"]).to_numpy(dtype=float, copy=True)
    level = np.where(np.isnan(values), "", "desa").astype(object)
    for above, column in _ABOVE:
        part = rows[(rows["level"] == above) & rows["unit"].str.lower().isin(CARRIED_UNITS)]
        found = part.drop_duplicates("kode").set_index("kode")["value"].reindex(frame[column]).to_numpy(dtype=float)
        take = np.isnan(values) & ~np.isnan(found)
        values[take], level[take] = found[take], above
    return values, level


def _polygons(store: Any, workspace: Workspace) -> gpd.GeoDataFrame | None:
    return active_boundaries(store, workspace, "desa") if store.boundary("desa") else None


def _placed(villages: pd.DataFrame, polygons: gpd.GeoDataFrame | None) -> gpd.GeoDataFrame:
    if polygons is None:
        polygons = gpd.GeoDataFrame({"kode": [], "area_km2": []}, geometry=[], crs="EPSG:4326").astype({"kode": str})
    own = polygons.drop_duplicates("kode").set_index("kode").reindex(villages["kode"])
    shapes = own.geometry.to_numpy(dtype=object).copy() if len(own) else np.empty(0, dtype=object)
    has = np.array([shape is not None for shape in shapes], dtype=bool)
    places = point_places(villages, polygons).set_index("kode")
    spots = places.reindex(villages["kode"][~has])
    known = spots.notna().all(axis=1).to_numpy()
    points = np.full(len(spots), None, dtype=object)
    points[known] = shapely.points(spots["lon"].to_numpy()[known], spots["lat"].to_numpy()[known])
    shapes[~has] = points
    placed = gpd.GeoDataFrame(villages.copy(), geometry=shapes, crs="EPSG:4326")
    placed["punya_poligon"] = has
    placed["area_km2"] = own["area_km2"].to_numpy(dtype=float)
    return placed
