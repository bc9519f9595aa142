"""What the tests of this room share: NTT's gazetteer, its approximate boundaries, and the real ones where they lie."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest

from data.gazetteer import read_gazetteer
from geo.boundaries.approximate import approximate_boundaries
from geo.boundaries.coverage import clean, polygonal
from geo.files.reader import read_boundaries


@pytest.fixture(scope="session")
def ntt() -> pd.DataFrame:
    return read_gazetteer()


@pytest.fixture(scope="session")
def approximate(ntt: pd.DataFrame) -> gpd.GeoDataFrame:
    """Not to be changed."""
    return approximate_boundaries(ntt)


def published(shared: Path, level: str) -> gpd.GeoDataFrame:
    """Polygons as published, repaired one by one only."""
    features = read_boundaries(shared / "boundaries" / "wilayah_boundaries", level=level, provinces=["53"])
    frame = gpd.GeoDataFrame({"kode": features.table["kode"]}, geometry=polygonal(features.geometry), crs="EPSG:4326")
    return frame.sort_values("kode", ignore_index=True)


@pytest.fixture(scope="session")
def real_villages(shared: Path) -> gpd.GeoDataFrame:
    return published(shared, "desa")


@pytest.fixture(scope="session")
def real_kecamatan(shared: Path) -> gpd.GeoDataFrame:
    return published(shared, "kecamatan")


@pytest.fixture(scope="session")
def real_coverage(real_villages: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    return clean(real_villages)[0]
