"""Areas with their attributes as GeoPackage, GeoJSON or KML."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from data.store.store import Store
from data.workspace import Workspace
from geo.boundaries.in_force import active_boundaries

LIGHT_TOLERANCE = 0.0005
"""Degrees (about 55 m): text formats carry the coverage simplified by this, GeoPackage the full shapes."""


def write_areas(
    rows: pd.DataFrame, path: Path, store: Store, workspace: Workspace, *, level: str, metadata: dict[str, str]
) -> None:
    """Write ``rows`` (a column ``kode``) with geometry in EPSG:4326; the format follows the extension.

    Villages without a polygon are written as a point, so that no row is lost. ``metadata`` becomes a member of the
    GeoJSON and a second layer ``metadata`` of the GeoPackage.
    """
    shapes = active_boundaries(store, workspace, level).set_index("kode").geometry
    suffix = path.suffix.lower()
    if suffix != ".gpkg":
        shapes = gpd.GeoSeries(
            shapely.coverage_simplify(shapes.to_numpy(), LIGHT_TOLERANCE), index=shapes.index, crs=shapes.crs
        )
    geometry = shapes.reindex(rows["kode"]).to_numpy()
    if level == "desa":
        points = store.gazetteer.villages().set_index("kode").reindex(rows["kode"])
        missing = pd.isna(geometry)
        if missing.any():
            geometry[missing] = shapely.points(points["lon"].to_numpy()[missing], points["lat"].to_numpy()[missing])
    frame = gpd.GeoDataFrame(rows.reset_index(drop=True), geometry=geometry, crs="EPSG:4326")
    if suffix == ".geojson":
        frame.to_file(path, driver="GeoJSON", engine="pyogrio", layer_options={"COORDINATE_PRECISION": 5})
        document = json.loads(path.read_text(encoding="utf-8"))
        document["metadata"] = metadata
        path.write_text(json.dumps(document, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
    elif suffix == ".kml":
        frame["Name"] = frame["desa"].where(frame["desa"] != "", frame["kecamatan"])
        frame["Description"] = "; ".join(f"{key}: {value}" for key, value in list(metadata.items())[:4])
        frame.to_file(path, driver="KML", engine="pyogrio")
    else:
        frame.to_file(path, driver="GPKG", layer=level, engine="pyogrio", geometry_type="Unknown")
        notes = gpd.GeoDataFrame(
            {"kunci": list(metadata), "nilai": list(metadata.values())},
            geometry=[None] * len(metadata),
            crs="EPSG:4326",
        )
        notes.to_file(path, driver="GPKG", layer="metadata", engine="pyogrio", geometry_type="Point", mode="a")
