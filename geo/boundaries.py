"""The boundaries in force: official ones where they were imported, approximate ones otherwise.

The store knows which file counts; the files lie in the workspace's ``batas/`` as GeoParquet (``kode, geometry,
area_km2``, EPSG:4326), named by their content.
"""

from __future__ import annotations

import hashlib
import io
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from data.batches import BatchMeta
from data.errors import Refused
from data.workspace import Workspace, write_atomically
from geo.approximate import approximate_boundaries
from geo.coverage import area_km2
from geo.levels import dissolve_level

APPROXIMATE_SOURCE = "perkiraan: Natural Earth 10 m, titik gazetir"
"""What is recorded as the source of approximate boundaries."""
SPREAD_KM = 0.8
"""Distance between villages that would otherwise be drawn on one spot: far enough to tell them apart on the map."""


def active_boundaries(store: Any, workspace: Workspace, level: str = "desa") -> gpd.GeoDataFrame:
    """Polygons of ``level`` (``kode, geometry, area_km2``, EPSG:4326, sorted by ``kode``), the official ones if any.

    Levels above the village are dissolved from the villages, so that they nest. Only where villages are approximate
    and official outlines of ``level`` were imported are those used as they came. Areas without a polygon have no row.

    Raises `Refused` with ``NO_BOUNDARIES`` when none are registered or their file is gone.
    """
    villages = store.boundary("desa")
    if level != "desa":
        own = store.boundary(level)
        if own and own["kind"] == "resmi" and (villages is None or villages["kind"] != "resmi"):
            return _read(workspace, own)
    if villages is None:
        raise Refused("NO_BOUNDARIES", level=level)
    frame = _read(workspace, villages)
    return frame if level == "desa" else dissolve_level(frame, level).drop(columns="n_desa")


def install_approximate(store: Any, workspace: Workspace, user: str = "peta-aman") -> str:
    """Makes approximate village boundaries from the store's gazetteer, registers them and returns their version.

    Doing it again changes nothing. Official boundaries, imported before or after, win.
    """
    frame = approximate_boundaries(store.gazetteer())
    frame["area_km2"] = area_km2(frame.geometry)
    version = content_version(frame)
    known = store.boundary("desa")
    if known and known["kind"] == "perkiraan" and known["version"] == version:
        return version
    name = f"desa-perkiraan-{version[:8]}.parquet"
    buffer = io.BytesIO()
    frame.to_parquet(buffer, index=False, compression="zstd")
    write_atomically(workspace.boundaries / name, buffer.getvalue())
    meta = BatchMeta(
        jenis="batas", source=APPROXIMATE_SOURCE, user=user, rows_read=len(frame), rows_ok=len(frame), published=True
    )
    store.add_boundary(meta, "desa", version, name, "perkiraan", APPROXIMATE_SOURCE, len(frame))
    return version


def content_version(frame: gpd.GeoDataFrame) -> str:
    """Hash of codes and polygons, 16 hex digits; the order of the rows does not matter."""
    ordered = frame.sort_values("kode")
    total = hashlib.sha256()
    for kode, wkb in zip(ordered["kode"], shapely.to_wkb(ordered.geometry.to_numpy(), byte_order=1), strict=True):
        total.update(kode.encode() + b"\0" + wkb)
    return total.hexdigest()[:16]


def point_places(gazetteer: pd.DataFrame, boundaries: gpd.GeoDataFrame) -> pd.DataFrame:
    """A place on the map for every village of ``gazetteer`` that ``boundaries`` (of villages) lack a polygon for.

    Returns ``kode, lon, lat`` sorted by ``kode``: the gazetteer's point if it lies within the polygons of the
    village's kecamatan (or kabupaten, if its kecamatan has none), else an inner point of them; several villages put
    there are set apart in a fixed spiral, `SPREAD_KM` from one another. Without any polygon above it the gazetteer's
    point is kept, and a village that has none either is left out.
    """
    missing = gazetteer.loc[~gazetteer["kode"].isin(boundaries["kode"])].sort_values("kode", ignore_index=True)
    places = pd.DataFrame({"kode": missing["kode"], "lon": missing["lon"], "lat": missing["lat"]})
    for kode_kec, rows in missing.groupby("kode_kec").groups.items():
        area = _area_above(boundaries, str(kode_kec))
        if area is None:
            continue
        shapely.prepare(area)
        xy = places.loc[rows, ["lon", "lat"]].to_numpy(copy=True)
        outside = ~(np.isfinite(xy).all(axis=1) & shapely.contains_xy(area, np.nan_to_num(xy)))
        xy[outside] = _spread(area, int(outside.sum()))
        places.loc[rows, ["lon", "lat"]] = xy
    return places.dropna().reset_index(drop=True)


def _area_above(boundaries: gpd.GeoDataFrame, kode_kec: str) -> Any:
    for prefix in (kode_kec, kode_kec[:5]):
        inside = boundaries.geometry[boundaries["kode"].str.startswith(prefix + ".")]
        if len(inside):
            return shapely.union_all(inside.to_numpy())
    return None


def _spread(area: Any, count: int) -> np.ndarray:
    """``count`` points in ``area`` around an inner point of its largest part, the same in every run."""
    parts = shapely.get_parts(area)
    middle = shapely.get_coordinates(shapely.point_on_surface(parts[np.argmax(shapely.area(parts))]))[0]
    taken = [middle]
    for turn in range(1, 60 * count):
        if len(taken) >= count:
            break
        angle, radius = turn * np.pi * (3 - np.sqrt(5)), SPREAD_KM / 111.2 * np.sqrt(turn)
        point = middle + radius * np.array([np.cos(angle), np.sin(angle)])
        if shapely.contains_xy(area, *point):
            taken.append(point)
    return np.array([taken[turn % len(taken)] for turn in range(count)]).reshape(-1, 2)


def _read(workspace: Workspace, registered: dict[str, Any]) -> gpd.GeoDataFrame:
    path = workspace.boundaries / registered["path"]
    if not path.is_file():
        raise Refused("NO_BOUNDARIES", level=registered["level"], path=registered["path"])
    return gpd.read_parquet(path).sort_values("kode", ignore_index=True)
