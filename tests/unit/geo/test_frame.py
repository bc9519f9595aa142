"""The village frame: one row per village whatever is missing, and each figure says where it comes from."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from batas_kit import gazetteer, installation
from batas_kit import villages as twelve
from hypothesis import given, settings
from hypothesis import strategies as st
from official import register

from data.batches import BatchMeta
from data.store.store import Store
from data.workspace import Workspace
from geo.boundaries.in_force import install_approximate
from geo.frame import village_frame

ROOT = Path(__file__).resolve().parents[3]
CODES = gazetteer()["kode"].tolist()


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[tuple[Workspace, Any]]:
    workspace, store = installation(tmp_path)
    yield workspace, store
    store.close()


def fact(kode: str, indikator: str, value: float | None, unit: str = "persen", year: int = 2024) -> dict[str, Any]:
    level = {5: "kabupaten", 8: "kecamatan", 13: "desa", 2: "provinsi"}[len(kode)]
    return {
        "indikator": indikator,
        "level": level,
        "kode": kode,
        "period_start": dt.date(year, 1, 1),
        "period_end": dt.date(year, 12, 31),
        "value": value,
        "unit": unit,
    }


def put(store: Store, *facts: dict[str, Any], jenis: str = "indikator") -> None:
    store.facts.commit(BatchMeta(jenis=jenis, source="tes"), pd.DataFrame(facts))


def test_an_empty_installation_has_every_village_as_a_point(opened: tuple[Workspace, Any]) -> None:
    workspace, store = opened
    frame = village_frame(store, workspace)
    assert frame["kode"].tolist() == CODES
    assert (frame.geom_type == "Point").all()
    assert not frame["punya_poligon"].any()
    assert frame["area_km2"].isna().all()


def test_villages_with_and_without_polygon_are_both_there(opened: tuple[Workspace, Any]) -> None:
    workspace, store = opened
    register(workspace, store, twelve().iloc[2:])
    frame = village_frame(store, workspace).set_index("kode")
    assert frame.index.tolist() == CODES
    assert frame["punya_poligon"].tolist() == [False, False] + [True] * 10
    assert frame.geometry.iloc[2].equals(twelve().geometry[2])
    assert frame.geometry.iloc[:2].within(twelve().geometry[2]).all()
    # a square of 0.1° at 9.45° south
    assert frame["area_km2"].tolist()[2:] == pytest.approx([121.5] * 10, rel=0.01)
    assert frame["area_km2"].iloc[:2].isna().all()


def test_a_village_that_nothing_places_is_still_a_row(tmp_path: Path) -> None:
    workspace, store = installation(tmp_path, gazetteer(points=False))
    frame = village_frame(store, workspace)
    store.close()
    assert frame["kode"].tolist() == CODES
    assert frame.geometry.isna().all()


def test_a_share_known_for_the_kabupaten_only_is_carried_down_and_says_so(opened: tuple[Workspace, Any]) -> None:
    workspace, store = opened
    put(
        store,
        fact("97.01", "ipm", 61.5, "indeks"),
        fact("97.01.01", "ipm", 63.0, "indeks"),
        fact(CODES[0], "ipm", 70.0, "indeks"),
    )
    frame = village_frame(store, workspace).set_index("kode")
    assert frame.loc[CODES[0], ["ipm", "ipm__level"]].tolist() == [70.0, "desa"]
    assert frame.loc[CODES[1], ["ipm", "ipm__level"]].tolist() == [63.0, "kecamatan"]
    other_kecamatan = next(kode for kode in CODES if kode.startswith("97.01.02"))
    assert frame.loc[other_kecamatan, ["ipm", "ipm__level"]].tolist() == [61.5, "kabupaten"]
    other_kabupaten = next(kode for kode in CODES if kode.startswith("97.02"))
    assert np.isnan(frame.loc[other_kabupaten, "ipm"])
    assert frame.loc[other_kabupaten, "ipm__level"] == ""


def test_a_known_share_is_carried_down_whatever_its_file_says_of_the_unit(opened: tuple[Workspace, Any]) -> None:
    workspace, store = opened
    put(
        store,
        fact("97", "rata_lama_sekolah", 7.4, ""),
        fact("97.02", "rata_lama_sekolah", 6.1, ""),
        fact("97.01", "jumlah_sekolah", 41, ""),
    )
    frame = village_frame(store, workspace, geometry=False)
    assert frame["rata_lama_sekolah"].tolist() == [7.4] * 6 + [6.1] * 6
    assert frame["rata_lama_sekolah__level"].tolist() == ["provinsi"] * 6 + ["kabupaten"] * 6
    assert "jumlah_sekolah" not in frame  # nothing says that it is a share


def test_a_count_of_a_kabupaten_is_no_villages_count(opened: tuple[Workspace, Any]) -> None:
    workspace, store = opened
    put(
        store,
        fact("97.01", "penduduk", 391_539, "orang"),
        fact(CODES[0], "penduduk", 812, "orang"),
        fact("97.01", "luas_km2", 5_000, "km2"),
    )
    frame = village_frame(store, workspace)
    assert frame["penduduk"].tolist()[0] == 812
    assert frame["penduduk"].isna().sum() == 11
    assert frame["penduduk__level"].tolist() == ["desa"] + [""] * 11
    assert "luas_km2" not in frame
    # without gaps, for rates: what the total leaves is shared, elsewhere a village is as large as the others
    rest = (391_539 - 812) / 5
    assert frame["penduduk_taksiran"].tolist()[:6] == pytest.approx([812] + [rest] * 5)
    assert frame["penduduk_taksiran__level"].tolist() == ["desa"] + ["kabupaten"] * 5 + [""] * 6
    assert frame["penduduk_taksiran"].tolist()[6:] == pytest.approx([391_539 / 6] * 6)


def test_population_falls_back_on_the_gazetteer(tmp_path: Path) -> None:
    workspace, store = installation(tmp_path, gazetteer().assign(penduduk=[500.0] * 6 + [np.nan] * 6))
    put(store, fact(CODES[0], "penduduk", 812, "orang"))
    frame = village_frame(store, workspace)
    store.close()
    assert frame["penduduk"].tolist()[:7] == pytest.approx([812, *[500] * 5, np.nan], nan_ok=True)
    assert frame["penduduk__level"].tolist() == ["desa"] * 6 + [""] * 6
    assert frame["penduduk_gazetir"].tolist()[:7] == pytest.approx([500] * 6 + [np.nan], nan_ok=True)


def test_poverty_is_a_share_of_people_and_says_where_it_is_from(tmp_path: Path) -> None:
    workspace, store = installation(tmp_path, gazetteer().assign(penduduk=500.0))
    put(
        store,
        fact(CODES[0], "penduduk_miskin", 50, "orang"),
        fact("97.02", "penduduk_miskin", 300, "orang"),
        jenis="kemiskinan",
    )
    store.facts.commit(
        BatchMeta(jenis="kemiskinan", source="BPS", data_contoh=False),
        pd.DataFrame([fact("97.01", "persen_miskin", 21.5, year=2023), fact("97.02", "persen_miskin", 99.0)]),
    )
    frame = village_frame(store, workspace, geometry=False)
    store.close()
    assert frame["kemiskinan"].tolist() == [10.0] + [21.5] * 5 + [10.0] * 6
    assert frame["kemiskinan__level"].tolist() == ["desa"] + ["kabupaten"] * 11
    assert frame.attrs["angka"]["kemiskinan"] == {
        "sumber": ["tes", "BPS"],
        "satuan": "persen",
        "periode": ["2023-01-01", "2024-12-31"],
        "data_contoh": False,
        "taksiran": False,
    }


def test_a_given_percentage_comes_before_persons_by_an_estimated_population(tmp_path: Path) -> None:
    """An office's 39.2 % was told as 53 %: its own persons divided by our guess of the people."""
    people = [np.nan, np.nan, *[500.0] * 4, *[np.nan] * 6]
    workspace, store = installation(tmp_path, gazetteer().assign(penduduk=people))
    put(store, fact("97.01", "penduduk", 3_000, "orang"))
    both = ((CODES[0], 265.0, 39.2), (CODES[2], 100.0, 30.0))
    rows = [fact(kode, name, value) for kode, *two in both for name, value in zip(NAMES, two, strict=True)]
    alone = [fact(CODES[1], "penduduk_miskin", 100), fact(CODES[7], "penduduk_miskin", 100)]
    put(store, *rows, *alone, jenis="kemiskinan")
    frame = village_frame(store, workspace, geometry=False).set_index("kode")
    store.close()
    told = frame.loc[[CODES[0], CODES[1], CODES[2], CODES[7]], ["kemiskinan", "kemiskinan__taksiran"]]
    assert told["kemiskinan"].tolist() == pytest.approx([39.2, 20.0, 20.0, np.nan], nan_ok=True)
    assert told["kemiskinan__taksiran"].tolist() == [False, True, False, False]
    assert frame.attrs["angka"]["kemiskinan"]["taksiran"]
    assert frame.attrs["angka"]["penduduk"]["taksiran"]


NAMES = ("penduduk_miskin", "persen_miskin")


def test_a_gap_in_the_newest_file_does_not_hide_the_older_figure(opened: tuple[Workspace, Any]) -> None:
    workspace, store = opened
    put(store, fact(CODES[0], "idm", 0.61, "indeks", 2022))
    put(store, fact(CODES[0], "idm", None, "indeks", 2024), fact(CODES[1], "idm", 0.5, "indeks", 2024))
    assert village_frame(store, workspace, geometry=False)["idm"].tolist()[:2] == [0.61, 0.5]


def test_the_newest_figure_counts_and_missing_is_not_zero(opened: tuple[Workspace, Any]) -> None:
    workspace, store = opened
    put(
        store,
        fact(CODES[0], "idm", 0.61, "indeks", 2022),
        fact(CODES[0], "idm", 0.66, "indeks", 2024),
        fact(CODES[1], "idm", None, "indeks", 2024),
        fact(CODES[2], "idm", 0.0, "indeks"),
    )
    frame = village_frame(store, workspace)
    assert frame["idm"].tolist()[:4] == pytest.approx([0.66, np.nan, 0.0, np.nan], nan_ok=True)
    assert frame["idm__level"].tolist()[:4] == ["desa", "", "desa", ""]


def test_counts_of_cases_are_not_in_the_frame(opened: tuple[Workspace, Any]) -> None:
    workspace, store = opened
    put(store, fact(CODES[0], "tppo", 3, "kasus"), jenis="kasus")
    put(store, fact(CODES[0], "nonprosedural", 9, "orang"), jenis="keberangkatan")
    frame = village_frame(store, workspace)
    assert not {"tppo", "nonprosedural"} & set(frame.columns)


def test_an_indicator_with_the_name_of_a_column_does_not_replace_it(opened: tuple[Workspace, Any]) -> None:
    workspace, store = opened
    put(store, fact(CODES[0], "nama", 1.0), fact(CODES[0], "geometry", 2.0))
    frame = village_frame(store, workspace)
    assert frame["nama"].tolist() == gazetteer()["nama"].tolist()
    assert frame["nama_fakta"].tolist()[0] == 1.0
    assert frame["geometry_fakta"].tolist()[0] == 2.0
    assert (frame.geom_type == "Point").all()


def test_without_geometry_the_rest_is_the_same(opened: tuple[Workspace, Any]) -> None:
    workspace, store = opened
    register(workspace, store, twelve().iloc[2:])
    put(store, fact(CODES[0], "idm", 0.61, "indeks"), fact("97.01", "persen_miskin", 21.5))
    whole, bare = village_frame(store, workspace), village_frame(store, workspace, geometry=False)
    assert set(whole.columns) - set(bare.columns) == {"geometry", "punya_poligon", "area_km2"}
    pd.testing.assert_frame_equal(pd.DataFrame(whole[bare.columns]), bare)
    assert whole.attrs == bare.attrs


@pytest.mark.slow
def test_without_geometry_no_geometry_library_is_loaded(tmp_path: Path) -> None:
    workspace, store = installation(tmp_path)
    store.close()
    code = (
        "import sys; from pathlib import Path; from data.workspace import Workspace\n"
        "from geo.frame import village_frame\n"
        f"workspace = Workspace(Path({str(workspace.path)!r})); store = workspace.store()\n"
        "print(len(village_frame(store, workspace, geometry=False)))\n"
        "print(sorted({'geopandas', 'shapely', 'pyproj', 'pyogrio', 'sklearn'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["12", "[]"]


@pytest.mark.slow
def test_all_of_ntt_is_there(tmp_path: Path, ntt: pd.DataFrame) -> None:
    workspace, store = installation(tmp_path, ntt)
    install_approximate(store, workspace)
    frame = village_frame(store, workspace)
    store.close()
    assert len(frame) == 3442
    assert frame["punya_poligon"].all()
    assert frame["area_km2"].sum() == pytest.approx(46_525, rel=0.001)


def test_all_of_real_ntt_is_there(tmp_path: Path, ntt: pd.DataFrame, real_coverage: gpd.GeoDataFrame) -> None:
    workspace, store = installation(tmp_path, ntt)
    register(workspace, store, real_coverage)
    frame = village_frame(store, workspace)
    store.close()
    assert len(frame) == 3442
    assert frame["punya_poligon"].sum() == 3352
    assert (frame.geom_type == "Point").sum() == 90
    assert frame.loc[~frame["punya_poligon"], "kode_kab"].value_counts().to_dict() == {
        "53.09": 55,
        "53.07": 34,
        "53.03": 1,
    }


some_codes = st.sampled_from([*CODES, "97.01", "97.01.01", "97.02", "97", "97.09.09.2099", "97.09"])
some_facts = st.lists(
    st.builds(
        fact,
        some_codes,
        st.sampled_from(["idm", "ipm", "penduduk", "persen_miskin", "lon", "kemiskinan"]),
        st.none() | st.floats(0, 100),
        st.sampled_from(["persen", "orang", "indeks", ""]),
        st.integers(2019, 2024),
    ),
    max_size=12,
)


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(
    drawn=st.none() | st.sets(st.sampled_from(range(12))),
    villages=st.sets(st.sampled_from(range(12)), min_size=1),
    placed=st.booleans(),
    facts=some_facts,
)
def test_nothing_that_is_missing_takes_a_village_away(
    drawn: set[int] | None, villages: set[int], placed: bool, facts: list[dict[str, Any]]
) -> None:
    listed = gazetteer(points=placed).iloc[sorted(villages)].reset_index(drop=True)
    with tempfile.TemporaryDirectory() as folder:
        workspace, store = installation(Path(folder), listed)
        if drawn:
            register(workspace, store, twelve().iloc[sorted(drawn)])
        if facts:
            put(store, *facts)
        frame = village_frame(store, workspace)
        store.close()
    assert frame["kode"].tolist() == listed["kode"].tolist()
    assert frame.columns.is_unique
    has_polygon = {CODES[number] for number in (drawn or ())}
    assert frame["punya_poligon"].tolist() == [kode in has_polygon for kode in listed["kode"]]
    assert (frame["area_km2"].notna() == frame["punya_poligon"]).all()
    newest = {}
    for item in sorted(facts, key=lambda item: item["period_end"]):
        if item["level"] == "desa" and item["value"] is not None:
            newest[(item["indikator"], item["kode"])] = item["period_end"]
    for (indikator, kode), when in newest.items():
        if kode in set(listed["kode"]):
            column = f"{indikator}_fakta" if indikator in ("lon", "kemiskinan") else indikator
            allowed = {
                item["value"]
                for item in facts
                if (item["indikator"], item["kode"], item["period_end"]) == (indikator, kode, when)
            }
            row = frame.set_index("kode").loc[kode]
            assert row[column] in allowed
            assert row[f"{column}__level"] == "desa"
