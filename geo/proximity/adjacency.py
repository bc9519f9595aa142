"""Which kecamatan, or kabupaten, lie next to each other."""

from __future__ import annotations

import geopandas as gpd
import pandas as pd

from data.domain.codes import up_to
from data.store.store import Store
from data.workspace import Workspace
from geo.frame import village_frame
from geo.levels import dissolve_level
from geo.proximity.neighbours import neighbour_pairs


def area_pairs(store: Store, workspace: Workspace, level: str) -> pd.DataFrame:
    """Neighbouring areas of ``level`` as `geo.proximity.neighbours.neighbour_pairs` gives them.

    Outlines are dissolved from the villages' polygons in force; an area none of whose villages has one lies where its
    first located village lies.
    """
    frame = village_frame(store, workspace)
    areas = dissolve_level(frame, level)[["kode", "geometry"]]
    own = frame["kode"].map(lambda kode: up_to(kode, level))
    bare = frame[~own.isin(areas["kode"]) & frame.geometry.notna()].assign(kode=own).drop_duplicates("kode")
    return neighbour_pairs(
        gpd.GeoDataFrame(pd.concat([areas, bare[["kode", "geometry"]]], ignore_index=True), crs=frame.crs)
    )
