"""From villages up: kecamatan, kabupaten and provinsi as sums and unions of their villages, so that totals agree."""

from __future__ import annotations

from collections.abc import Sequence

import geopandas as gpd
import pandas as pd

from data.domain.codes import up_to
from data.domain.levels import LEVELS
from geo.boundaries.coverage import area_km2, dissolve


def dissolve_level(villages: gpd.GeoDataFrame, level: str) -> gpd.GeoDataFrame:
    """Areas of ``level`` as the union of their villages (``kode, geometry``; rows without a polygon are passed over).

    Returns ``kode, geometry, area_km2, n_desa`` (villages with a polygon), sorted by ``kode``, in the CRS given.
    Published kecamatan outlines are generalised apart from the villages and do not fit them; these do.
    """
    with_polygon = villages[villages.geom_type.isin(["Polygon", "MultiPolygon"])]
    above = with_polygon["kode"].map(lambda kode: up_to(kode, level))
    shapes = dissolve(with_polygon, above)
    frame = gpd.GeoDataFrame(
        {"kode": shapes.index.to_numpy(dtype=object)}, geometry=shapes.to_numpy(), crs=villages.crs
    )
    frame["area_km2"] = area_km2(frame.geometry)
    frame["n_desa"] = frame["kode"].map(above.value_counts()).astype(int)
    return frame


def roll_up(villages: pd.DataFrame, columns: Sequence[str], level: str) -> pd.DataFrame:
    """Sums of counts over the villages of each area of ``level``; ``villages`` has ``kode`` and the columns.

    Returns ``kode``, the sums, ``n_desa`` and for each column ``<column>__n``, how many villages had a value. A sum
    is NaN when no village had one: missing is not zero. Only for counts; shares and indices do not add up.
    """
    if level not in LEVELS:
        raise ValueError(f"level is {level!r} but is expected to be one of {', '.join(LEVELS)}")
    above = villages["kode"].map(lambda kode: up_to(kode, level)).rename("kode")
    groups = villages[list(columns)].groupby(above)
    sums = groups.sum(min_count=1)
    counts = groups.count().add_suffix("__n")
    return sums.join(counts).assign(n_desa=groups.size()).reset_index()
