"""Official boundaries put into a workspace without a file to import."""

from __future__ import annotations

import geopandas as gpd

from data.batches import BatchMeta
from data.store.store import Store
from data.workspace import Workspace
from geo.boundaries.coverage import area_km2
from geo.boundaries.in_force import content_version


def register(workspace: Workspace, store: Store, frame: gpd.GeoDataFrame, level: str = "desa") -> str:
    """Stores official polygons as an import does and returns the batch."""
    frame = frame[["kode", "geometry"]].assign(area_km2=area_km2(frame.geometry))
    name = f"{level}-{content_version(frame)[:8]}.parquet"
    frame.to_parquet(workspace.boundaries / name)
    meta = BatchMeta(jenis="batas", source="BIG 2023")
    return store.boundaries.add_one(meta, level, content_version(frame), name, "resmi", "BIG 2023", len(frame))
