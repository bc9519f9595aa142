"""Approximate village boundaries (*batas perkiraan*): the coast split among the villages' points.

Used where no real boundaries have been imported. Each village gets the land that is nearer to its point than to any
other's on the same island (a Voronoi cell), so the shapes say where a village lies, not where it ends.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from scipy.spatial import cKDTree

from data.domain.distance import KM_PER_DEGREE
from data.errors import Refused

EMBEDDED = Path(__file__).parents[1] / "embedded"
REACH_KM = 0.6
"""A point this far out at sea still belongs to the island (the coast is generalised); farther out it is an islet."""
ISLET_KM = 0.5
"""Radius of the disc that stands for an islet the coast lacks; smaller than `REACH_KM`, so discs never touch land."""
FIT_STEPS = 6
"""Rounds of moving the sites; more changes the measured agreement by less than 0.01."""
FIT_STEP_DEGREES = 0.0025
"""Spacing of the sample of land points, about 280 m."""


def approximate_boundaries(gazetteer: pd.DataFrame, coast: Any = None) -> gpd.GeoDataFrame:
    """A polygon for every village of ``gazetteer`` (``kode, kode_kec, kode_kab, lon, lat``); one valid coverage.

    ``coast`` is the land as a (multi)polygon in EPSG:4326; default the embedded coast of the province, and where
    there is none the surroundings of the villages' points. A village without a point is put at the middle of its
    kecamatan or kabupaten. Known points are taken for centroids: cells are fitted until their centroids come near.

    Returns ``kode, geometry`` in EPSG:4326, sorted by ``kode``. Raises `Refused` (``COORD_MISSING``) when no village
    has a point.
    """
    villages = gazetteer.sort_values("kode", ignore_index=True)
    known, points = _points(villages)
    # a plane in which a degree east is as long as a degree north
    squeeze = np.array([np.cos(np.radians(points[:, 1].mean())), 1.0])
    sites = points * squeeze
    land = embedded_coast(villages)["provinsi"] if coast is None else coast
    islands = _islands(_surroundings(sites) if land is None else shapely.transform(land, lambda xy: xy * squeeze))
    home = _home(sites, islands)
    islets = _islands(shapely.union_all(shapely.buffer(shapely.points(sites[home < 0]), ISLET_KM / KM_PER_DEGREE)))
    home[home < 0] = len(islands) + _home(sites[home < 0], islets)
    geometry = np.empty(len(villages), dtype=object)
    for number, island in enumerate([*islands, *islets]):
        members = np.flatnonzero(home == number)
        if len(members) == 0:
            # land without a village goes whole to the nearest one
            nearest = cKDTree(sites).query(shapely.get_coordinates(shapely.point_on_surface(island))[0])[1]
            geometry[nearest] = island if geometry[nearest] is None else _together([geometry[nearest], island])
            continue
        own = _ashore(sites[members], island)
        fitted = _fit(own, island, known[members]) if number < len(islands) else own
        for member, cell in zip(members, split(island, fitted), strict=True):
            geometry[member] = cell if geometry[member] is None else _together([geometry[member], cell])
    shapes = shapely.transform(geometry, lambda xy: xy / squeeze)
    return gpd.GeoDataFrame({"kode": villages["kode"]}, geometry=shapes, crs="EPSG:4326")


def embedded_coast(gazetteer: pd.DataFrame) -> dict[str, Any]:
    """``provinsi``: the land of the gazetteer's province, ``konteks``: other land nearby; both ``None`` if not shipped.

    Multipolygons in EPSG:4326 (Natural Earth 10 m).
    """
    provinces = sorted(set(gazetteer["kode"].str[:2]))
    path = EMBEDDED / f"coast_{provinces[0]}.geojson"
    if len(provinces) != 1 or not path.exists():
        return {"provinsi": None, "konteks": None}
    features = json.loads(path.read_text(encoding="utf-8"))["features"]
    return {item["properties"]["peran"]: shapely.geometry.shape(item["geometry"]) for item in features}


def split(area: Any, sites: np.ndarray) -> np.ndarray:
    """The polygon ``area`` cut into one piece per site, each the part nearest to its site; sites lie inside ``area``.

    Neighbouring pieces have identical vertices along their common edge: all lines are noded together once and the
    faces between them are handed out, nothing is clipped twice.
    """
    if len(sites) == 1:
        return np.array([area], dtype=object)
    edges = shapely.voronoi_polygons(shapely.multipoints(sites), extend_to=area.envelope, only_edges=True)
    lines = shapely.union_all([edges, area.boundary])
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    inner = shapely.get_coordinates(shapely.point_on_surface(faces))
    shapely.prepare(area)
    inside = shapely.contains_xy(area, inner)
    owner = cKDTree(sites).query(inner[inside])[1]
    pieces = np.empty(len(sites), dtype=object)
    for site, group in pd.Series(faces[inside]).groupby(owner):
        pieces[site] = _together(list(group))
    return pieces


def _points(villages: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    """Whether the village's own point is known, and a point (lon, lat) for every village, no two alike."""
    points = villages[["lon", "lat"]]
    known = points.notna().all(axis=1)
    points = points.where(known)
    if not known.any():
        raise Refused("COORD_MISSING", n=len(villages))
    if "presisi_titik" in villages:
        known &= villages["presisi_titik"] != "kecamatan"
    for parent in (villages["kode_kec"], villages["kode_kab"], pd.Series(0, index=villages.index)):
        points = points.fillna(points.groupby(parent).transform("mean"))
    # villages on one spot are set apart as sunflower seeds, 0.4 km, the same in every run
    turn = points.groupby(["lon", "lat"]).cumcount().to_numpy()
    radius, angle = 0.4 / KM_PER_DEGREE * np.sqrt(turn), turn * np.pi * (3 - np.sqrt(5))
    return known.to_numpy(), points.to_numpy() + np.c_[radius * np.cos(angle), radius * np.sin(angle)]


def _islands(land: Any) -> np.ndarray:
    parts = shapely.get_parts(land)
    return parts[shapely.get_type_id(parts) == 3]


def _home(sites: np.ndarray, islands: np.ndarray) -> np.ndarray:
    """The island of each site; −1 for those out at sea."""
    if len(sites) == 0 or len(islands) == 0:
        return np.full(len(sites), -1)
    pairs = shapely.STRtree(islands).query_nearest(
        shapely.points(sites), max_distance=REACH_KM / KM_PER_DEGREE, all_matches=False
    )
    home = np.full(len(sites), -1)
    home[pairs[0]] = pairs[1]
    return home


def _ashore(sites: np.ndarray, island: Any) -> np.ndarray:
    """Sites off the shore are moved just inside it, so that every village has land."""
    shapely.prepare(island)
    off = ~shapely.contains_xy(island, sites)
    if not off.any():
        return sites
    core = island
    for inset in (0.003, 0.001, 0.0003):
        if not (core := shapely.buffer(island, -inset)).is_empty:
            break
    target = island.representative_point() if core.is_empty else core
    moved = sites.copy()
    lines = shapely.shortest_line(shapely.points(sites[off]), target)
    moved[off] = shapely.get_coordinates(shapely.get_point(lines, -1))
    for index in np.flatnonzero(off):
        # two villages of one bay may land on one spot: step aside in a widening spiral
        others, start = np.delete(moved, index, axis=0), moved[index].copy()
        for turn in range(1, 200):
            apart = np.hypot(*(others - moved[index]).T)
            if not len(others) or (apart.min() > 1e-5 and shapely.contains_xy(island, *moved[index])):
                break
            angle = turn * np.pi * (3 - np.sqrt(5))
            moved[index] = start + 1e-4 * np.sqrt(turn) * np.array([np.cos(angle), np.sin(angle)])
    return moved


def _fit(sites: np.ndarray, island: Any, known: np.ndarray) -> np.ndarray:
    """Sites moved so that the centroids of their cells come near the known points (Lloyd's iteration backwards).

    A published village point is the centroid of the village's area. A site never leaves its island nor moves by
    more than half the distance to its nearest neighbour; sites of unknown place stay.
    """
    if len(sites) < 3:
        return sites
    west, south, east, north = island.bounds
    grid = np.stack(
        np.meshgrid(np.arange(west, east, FIT_STEP_DEGREES), np.arange(south, north, FIT_STEP_DEGREES)), axis=-1
    ).reshape(-1, 2)
    shapely.prepare(island)
    grid = grid[shapely.contains_xy(island, grid)]
    limit = 0.5 * cKDTree(sites).query(sites, k=2)[0][:, 1]
    moved = sites.copy()
    for _ in range(FIT_STEPS):
        owner = cKDTree(moved).query(grid)[1]
        size = np.bincount(owner, minlength=len(sites))
        centroid = np.c_[np.bincount(owner, grid[:, 0], len(sites)), np.bincount(owner, grid[:, 1], len(sites))]
        centroid /= np.maximum(size, 1)[:, None]
        # a cell of a few sample points has no centroid worth following
        pull = np.where((known & (size >= 5))[:, None], sites - centroid, 0.0)
        shift = moved + 0.3 * pull - sites
        length = np.hypot(*shift.T)
        candidate = sites + shift * np.minimum(1.0, limit / np.maximum(length, 1e-12))[:, None]
        stays = shapely.contains_xy(island, candidate)
        moved[stays] = candidate[stays]
    return moved


def _surroundings(sites: np.ndarray) -> Any:
    """Land guessed from the points alone: what lies within a few typical distances of a village, rounded off."""
    if len(sites) == 1:
        return shapely.buffer(shapely.points(sites[0]), 3 / KM_PER_DEGREE)
    reach = 3.0 * max(float(np.median(cKDTree(sites).query(sites, k=2)[0][:, 1])), 0.5 / KM_PER_DEGREE)
    merged = shapely.union_all(shapely.buffer(shapely.points(sites), reach, quad_segs=4))
    return shapely.buffer(merged, -0.6 * reach, quad_segs=4)


def _together(pieces: list[Any]) -> Any:
    parts = shapely.get_parts(np.array(pieces, dtype=object))
    return parts[0] if len(parts) == 1 else shapely.multipolygons(parts)
