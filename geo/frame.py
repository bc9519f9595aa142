"""The village frame: one row per village of the gazetteer, its place and what is known of it. Nothing is dropped.

Geometry libraries are loaded only when geometry is asked for: the score needs none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, overload

import numpy as np
import pandas as pd

from data.domain.kinds import fact_kinds
from data.store.store import Store
from data.workspace import Workspace
from geo.figures import places_known_by, village_attributes

if TYPE_CHECKING:
    import geopandas as gpd


@overload
def village_frame(store: Store, workspace: Workspace, *, geometry: Literal[True] = True) -> gpd.GeoDataFrame: ...
@overload
def village_frame(
    store: Store, workspace: Workspace, *, geometry: Literal[False], known_by: pd.Timestamp | None = None
) -> pd.DataFrame: ...
def village_frame(
    store: Store, workspace: Workspace, *, geometry: bool = True, known_by: pd.Timestamp | None = None
) -> pd.DataFrame:
    """One row per village of the store's gazetteer, sorted by ``kode``.

    Columns: the gazetteer's; per indicator the newest chosen figure with ``<indicator>__level``, the level it was
    known at: ``desa``, or ``kecamatan``, ``kabupaten``, ``provinsi`` for shares and indices carried down from there,
    empty where there is none. Missing is NaN. And

    * ``penduduk`` persons counted in the village, the gazetteer's where no newer figure is (its own stays in
      ``penduduk_gazetir``); ``penduduk_taksiran`` the same without gaps, always above 0: what larger areas' totals
      leave, or the mean of the others, and then its level is not ``desa``;
    * ``kemiskinan`` poor people in percent: persons by counted people, else the published share, else persons by an
      estimated population; ``kemiskinan__taksiran`` which rest on an estimate (``penduduk_taksiran__taksiran`` too);
    * ``jarak_km`` straight to the kabupaten's seat, its level empty where the village's own point is not known;
    * with ``geometry``: ``geometry`` (EPSG:4326), the polygon in force, or else a point in the village's kecamatan
      (`None` when nothing says where the village is), ``punya_poligon``, ``area_km2`` (from an equal-area projection,
      NaN without polygon).

    An indicator named like another column gets ``_fakta`` behind its name; one that says nothing of any village gets
    no column. ``frame.attrs["angka"]`` tells by column where a figure is from: ``sumber`` (list), ``satuan``,
    ``periode`` (first and last day), ``data_contoh``, ``taksiran``. ``known_by``: only what was dated or stored before
    that day (`geo.figures.places_known_by`).
    """
    facts = pd.concat([store.facts.read(jenis=kind) for kind in fact_kinds(of_places=True)], ignore_index=True)
    if known_by is not None:
        facts = places_known_by(facts, known_by)
    frame = village_attributes(store.gazetteer.villages(), facts)
    return _placed(frame, store, workspace) if geometry else frame


def _placed(frame: pd.DataFrame, store: Store, workspace: Workspace) -> gpd.GeoDataFrame:
    import geopandas as gpd
    import shapely

    from geo.boundaries.in_force import active_boundaries, point_places

    if store.boundaries.newest("desa"):
        polygons = active_boundaries(store, workspace, "desa")
    else:
        polygons = gpd.GeoDataFrame({"kode": [], "area_km2": []}, geometry=[], crs="EPSG:4326").astype({"kode": str})
    own = polygons.drop_duplicates("kode").set_index("kode").reindex(frame["kode"])
    shapes = own.geometry.to_numpy(dtype=object).copy() if len(own) else np.empty(0, dtype=object)
    has = np.array([shape is not None for shape in shapes], dtype=bool)
    places = point_places(frame, polygons).set_index("kode")
    spots = places.reindex(frame["kode"][~has])
    known = spots.notna().all(axis=1).to_numpy()
    points = np.full(len(spots), None, dtype=object)
    points[known] = shapely.points(spots["lon"].to_numpy()[known], spots["lat"].to_numpy()[known])
    shapes[~has] = points
    placed = gpd.GeoDataFrame(frame, geometry=shapes, crs="EPSG:4326")
    placed["punya_poligon"] = has
    placed["area_km2"] = own["area_km2"].to_numpy(dtype=float)
    placed.attrs = dict(frame.attrs)
    return placed
