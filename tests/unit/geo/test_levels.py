"""Levels above the village: what is on the map and what is in the tables adds up from the villages."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from data.domain.codes import up_to
from data.domain.levels import LEVELS
from geo.boundaries.coverage import area_km2, is_coverage
from geo.levels import dissolve_level, roll_up


def test_every_level_of_ntt_covers_the_same_land(approximate: gpd.GeoDataFrame) -> None:
    villages = area_km2(approximate.geometry).sum()
    for level, count in (("kecamatan", 315), ("kabupaten", 22), ("provinsi", 1)):
        frame = dissolve_level(approximate, level)
        assert len(frame) == frame["kode"].nunique() == count
        assert frame["area_km2"].sum() == pytest.approx(villages)
        assert frame["n_desa"].sum() == 3442
        assert is_coverage(frame.geometry)


def test_a_kecamatan_is_exactly_its_villages(approximate: gpd.GeoDataFrame) -> None:
    semau = dissolve_level(approximate, "kecamatan").set_index("kode").geometry["53.01.04"]
    villages = approximate.geometry[approximate["kode"].str.startswith("53.01.04.")]
    assert semau.equals(shapely.union_all(villages.to_numpy()))


def test_real_levels_nest(real_coverage: gpd.GeoDataFrame) -> None:
    kecamatan = dissolve_level(real_coverage, "kecamatan")
    kabupaten = dissolve_level(real_coverage, "kabupaten")
    assert (len(kecamatan), len(kabupaten)) == (315, 22)
    assert kecamatan["area_km2"].sum() == pytest.approx(kabupaten["area_km2"].sum())
    holder = kabupaten.set_index("kode").geometry.reindex(kecamatan["kode"].str[:5])
    outside = shapely.difference(kecamatan.geometry.to_numpy(), holder.to_numpy())
    assert shapely.area(outside).max() == pytest.approx(0, abs=1e-12)


def test_villages_known_only_as_points_are_not_drawn_into_an_outline() -> None:
    frame = gpd.GeoDataFrame(
        {"kode": ["97.01.01.2001", "97.01.01.2002"]},
        geometry=[shapely.box(0, 0, 1, 1), shapely.Point(5, 5)],
        crs="EPSG:4326",
    )
    above = dissolve_level(frame, "kecamatan")
    assert above["n_desa"].tolist() == [1]
    assert above.geometry[0].equals(shapely.box(0, 0, 1, 1))


def test_missing_is_not_zero_in_a_sum() -> None:
    villages = pd.DataFrame(
        {
            "kode": ["97.01.01.2001", "97.01.01.2002", "97.01.02.2001", "97.02.01.2001"],
            "miskin": [3.0, np.nan, np.nan, 4.0],
        }
    )
    kecamatan = roll_up(villages, ["miskin"], "kecamatan").set_index("kode")
    assert kecamatan["miskin"].to_dict() == pytest.approx(
        {"97.01.01": 3, "97.01.02": np.nan, "97.02.01": 4}, nan_ok=True
    )
    assert kecamatan["miskin__n"].tolist() == [1, 0, 1]
    assert kecamatan["n_desa"].tolist() == [2, 1, 1]


def test_an_unknown_level_is_named() -> None:
    with pytest.raises(ValueError, match="dusun"):
        roll_up(pd.DataFrame({"kode": [], "n": []}), ["n"], "dusun")


codes = st.tuples(st.integers(1, 3), st.integers(1, 4), st.integers(1, 9)).map(
    lambda parts: f"97.{parts[0]:02}.{parts[1]:02}.{2000 + parts[2]}"
)


@pytest.mark.slow
@given(st.dictionaries(codes, st.none() | st.integers(0, 500), min_size=1, max_size=40))
def test_totals_agree_at_every_level(values: dict[str, int | None]) -> None:
    villages = pd.DataFrame(
        {"kode": list(values), "n": pd.array([*values.values()], dtype="Float64").to_numpy(float, na_value=np.nan)}
    )
    total = sum(value for value in values.values() if value is not None)
    for level in LEVELS:
        above = roll_up(villages, ["n"], level)
        assert above["n"].sum() == total
        assert above["n_desa"].sum() == len(values)
        assert above["n__n"].sum() == sum(value is not None for value in values.values())
        assert set(above["kode"]) == {up_to(kode, level) for kode in values}
