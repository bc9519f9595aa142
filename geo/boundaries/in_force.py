"""The boundaries in force: official ones where they were imported, approximate ones otherwise.

The store knows the files, `geo.boundaries.composition` which counts where; they lie in the workspace's ``batas/`` as
GeoParquet (``kode, geometry, area_km2``, EPSG:4326), named by their content. Where several are in force, one for each
kabupaten, they are fitted together once and the result is kept beside them, named by the composition's version.
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
from data.domain.distance import KM_PER_DEGREE
from data.errors import Refused
from data.files import write_atomically
from data.store.store import Store
from data.workspace import Workspace
from geo.boundaries.approximate import approximate_boundaries
from geo.boundaries.composition import APPROXIMATE, OFFICIAL, Composition, composition
from geo.boundaries.coverage import area_km2
from geo.boundaries.seams import fit_together
from geo.levels import dissolve_level

APPROXIMATE_SOURCE = "perkiraan: Natural Earth 10 m, titik gazetir"
"""What is recorded as the source of approximate boundaries."""
SPREAD_KM = 0.8
"""Distance between villages that would otherwise be drawn on one spot: far enough to tell them apart on the map."""


def active_boundaries(store: Store, workspace: Workspace, level: str = "desa") -> gpd.GeoDataFrame:
    """Polygons of ``level`` (``kode, geometry, area_km2``, EPSG:4326, sorted by ``kode``), one valid coverage.

    Composed by kabupaten: of each the newest official file that has polygons of it, else the approximate ones, which
    give way wherever they meet official ones. Levels above the village are dissolved from the villages, so that they
    nest; only where villages are approximate and official outlines of ``level`` were imported are those used. Areas
    without a polygon have no row.

    Raises `Refused` with ``NO_BOUNDARIES`` when none are registered or a file is gone.
    """
    found = composition(store, workspace, level)
    if found is None:
        raise Refused("NO_BOUNDARIES", level=level)
    if found.level != level:
        return dissolve_level(active_boundaries(store, workspace, found.level), level).drop(columns="n_desa")
    if found.single is None and not (workspace.boundaries / found.path).is_file():
        _write(workspace, found.path, _composed(store, workspace, found))
    return _read(workspace, level, found.path)


def install_approximate(store: Store, workspace: Workspace, user: str = "peta-aman") -> str:
    """Makes approximate village boundaries from the store's gazetteer, registers them and returns their version.

    Doing it again changes nothing. Official boundaries, imported before or after, win.
    """
    frame = approximate_boundaries(store.gazetteer.villages())
    frame["area_km2"] = area_km2(frame.geometry)
    version = content_version(frame)
    known = next((row for row in store.boundaries.of("desa") if row.kind == APPROXIMATE), None)
    if known and known.version == version:
        return version
    name = f"desa-perkiraan-{version[:8]}.parquet"
    _write(workspace, name, frame)
    meta = BatchMeta(
        jenis="batas", source=APPROXIMATE_SOURCE, user=user, rows_read=len(frame), rows_ok=len(frame), published=True
    )
    store.boundaries.add_one(meta, "desa", version, name, APPROXIMATE, APPROXIMATE_SOURCE, len(frame))
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
        angle, radius = turn * np.pi * (3 - np.sqrt(5)), SPREAD_KM / KM_PER_DEGREE * np.sqrt(turn)
        point = middle + radius * np.array([np.cos(angle), np.sin(angle)])
        if shapely.contains_xy(area, *point):
            taken.append(point)
    return np.array([taken[turn % len(taken)] for turn in range(count)]).reshape(-1, 2)


def _composed(store: Store, workspace: Workspace, found: Composition) -> gpd.GeoDataFrame:
    """The parts of ``found`` fitted together; parts that are villages are dissolved where ``found`` is of outlines."""
    pieces: dict[bool, list[gpd.GeoDataFrame]] = {True: [], False: []}
    for row, kabupaten in found.files():
        if row.level == found.level:
            frame = _read(workspace, row.level, row.path)
        else:
            frame = dissolve_level(active_boundaries(store, workspace, row.level), found.level)
        here = frame["kode"].str[:5].isin(kabupaten)
        pieces[row.kind == OFFICIAL].append(frame.loc[here, ["kode", "geometry"]])
    frame = fit_together(pieces[True], pieces[False])
    return frame.assign(area_km2=area_km2(frame.geometry))


def _write(workspace: Workspace, name: str, frame: gpd.GeoDataFrame) -> None:
    buffer = io.BytesIO()
    frame.to_parquet(buffer, index=False, compression="zstd")
    write_atomically(workspace.boundaries / name, buffer.getvalue())


def _read(workspace: Workspace, level: str, name: str) -> gpd.GeoDataFrame:
    path = workspace.boundaries / name
    if not path.is_file():
        raise Refused("NO_BOUNDARIES", level=level, path=name)
    return gpd.read_parquet(path).sort_values("kode", ignore_index=True)
