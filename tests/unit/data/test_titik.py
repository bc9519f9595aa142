"""Points: coordinates as offices write them; what is swapped, lacks its minus or lies elsewhere is told, not mended."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from imports import Examine, faults, said

from data.intake.cells.coordinates import read_coordinate, read_pair
from data.intake.examine import commit
from data.store.store import Store

HEADER = "Nama,Jenis,Latitude,Longitude,Kode Desa\n"


@pytest.mark.parametrize(
    ("cell", "value", "axis"),
    [
        ("-9.1772", -9.1772, None),
        ("-9,1772", -9.1772, None),
        ("−9.1772", -9.1772, None),
        (-9.1772, -9.1772, None),
        ("9°10'38\" LS", -9.177222, "lat"),
        ("9° 10.632' S", -9.1772, "lat"),
        ("LS 9 10 38", -9.177222, "lat"),
        ("9º10’38,5” Lintang Selatan", -9.177361, "lat"),
        ("-9°10'38\"", -9.177222, None),
        ("9:10:38 S", -9.177222, "lat"),
        ("120°36'30\" BT", 120.608333, "lon"),
        ("E 120.5", 120.5, "lon"),
        ("120,5 T", 120.5, "lon"),
        ("2.5 LU", 2.5, "lat"),
    ],
)
def test_coordinates_as_offices_write_them(cell: Any, value: float, axis: str | None) -> None:
    read = read_coordinate(cell)
    assert (read.value, read.axis, read.reason) == (pytest.approx(value, abs=1e-6), axis, None)


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("-9.177.212", "AMBIGUOUS_NUMBER"),
        ("9°61' LS", "OUT_OF_RANGE"),
        ("entah", "NOT_A_NUMBER"),
        (True, "NOT_A_NUMBER"),
        ("9 LS BT", "NOT_A_NUMBER"),
        ("#N/A", "CELL_ERROR"),
        ("9.5°10' LS", "OUT_OF_RANGE"),
        ("12 3 4 5", "NOT_A_NUMBER"),
    ],
)
def test_what_is_no_coordinate(cell: Any, reason: str) -> None:
    assert read_coordinate(cell).reason == reason


@given(st.floats(-11.9, -0.1), st.floats(95, 141))
def test_the_same_place_in_every_spelling(lat: float, lon: float) -> None:
    degrees, rest = divmod(abs(lat), 1)
    minutes, seconds = divmod(rest * 3600, 60)
    if seconds < 59.9995:
        told = read_coordinate(f"{degrees:.0f}°{minutes:.0f}'{seconds:.3f}\" LS")
        assert told.value == pytest.approx(lat, abs=1e-6)
    for pair in (f"{lat:.6f}, {lon:.6f}", f"({lat:.6f} {lon:.6f})", f"{lat:.6f}; {lon:.6f}".replace(".", ",")):
        one, other = read_pair(pair)
        assert (one.value, other.value) == (pytest.approx(lat, abs=1e-6), pytest.approx(lon, abs=1e-6))


def test_points_are_stored_and_taken_back(filled: Store, look: Examine) -> None:
    found = look(
        "titik",
        HEADER + 'LTSA Lontar,LTSA,-9.012,120.013,98.01.01.2001\nPelabuhan Pantai,,"9°1\'12"" LS","120°2\' BT",\n'
        "Warung,kios,-9.02,120.02,\n",
    )
    assert (found.report.outcome, found.report.totals) == ("ok", {"titik": 3}), found.report.errors
    assert "TYPE_OTHER" in said(found)
    before = filled.table_hashes()
    batch = commit(found, filled, "ani")
    kept = filled.records.read("titik")
    assert kept[["nama", "jenis", "kode"]].values.tolist() == [
        ["LTSA Lontar", "ltsa", "98.01.01.2001"],
        ["Pelabuhan Pantai", "pelabuhan", ""],
        ["Warung", "lainnya", ""],
    ]
    assert kept["lat"].tolist() == pytest.approx([-9.012, -9.02, -9.02])
    filled.batches.undo(batch, "ani")
    assert filled.table_hashes() == before


@pytest.mark.parametrize(
    ("cells", "reason", "remark"),
    [
        ("-9.012,,", "COORD_MISSING", None),
        (",120.01,", "COORD_MISSING", None),
        ("0,0,", "COORD_MISSING", None),
        ("120.013,-9.012,", "AXIS_SWAPPED", None),
        ("120.013,9.012,", "AXIS_SWAPPED", None),
        ("120°1' BT,9°1' LS,", "AXIS_SWAPPED", None),
        ("9.012,120.013,", "OUTSIDE_PROVINCE", "MINUS_MISSING"),
        ("-7.25,112.75,", "OUTSIDE_PROVINCE", None),
        ("-9012345,120013456,", "OUT_OF_RANGE", None),
        ("sana,120.01,", "NOT_A_NUMBER", None),
        ("-9.012,120.013,98.01.01.2999", "UNKNOWN_CODE", None),
    ],
)
def test_wrong_rows_are_told(look: Examine, cells: str, reason: str, remark: str | None) -> None:
    found = look("titik", HEADER + f"LTSA Lontar,LTSA,-9.012,120.013,\nKantor,polisi,{cells}\n")
    assert faults(found) == [(3, reason)]
    assert found.rows["nama"].tolist() == ["LTSA Lontar"]
    assert remark is None or remark in said(found)


def test_a_point_that_lies_elsewhere_is_told_by_whoever_has_the_boundaries(look: Examine) -> None:
    asked: list[Any] = []

    def locate(points: list[tuple[int, str, float, float]]) -> dict[int, tuple[str, dict[str, Any]]]:
        asked.extend(points)
        return {3: ("OUTSIDE_VILLAGE", {"nama": "Sukamaju", "km": 3.2})}

    rows = "A,ltsa,-9.01,120.01,98.01.01.2001\nB,ltsa,-9.01,120.01,98.01.01.2002\n"
    found = look("titik", HEADER + rows, locate=locate)
    assert asked == [(2, "98.01.01.2001", 120.01, -9.01), (3, "98.01.01.2002", 120.01, -9.01)]
    assert faults(found) == [(3, "OUTSIDE_VILLAGE")]


def test_columns_of_every_shape(look: Examine) -> None:
    pair = look("titik", "Nama Kantor;Alamat;Koordinat\nPolres Lontar;Jl. Merdeka 1;-9.1234567, 120.123456\n")
    assert pair.rows[["jenis", "lat", "lon"]].values.tolist() == [["polisi", -9.1234567, 120.123456]]
    assert "COLUMN_IGNORED" in said(pair)
    named = look("titik", "Nama;Jenis;Kabupaten;Lintang;Bujur\nBP3MI;;Kab. Lontar;-9,01;120,01\n")
    assert named.rows["kode"].tolist() == ["98.01"]
    assert look("titik", "Nama;Lintang\nBP3MI;-9,01\n").report.params == {"field": "lon"}
    phone = look("titik", "Nama;Lintang;Bujur;Kontak\nBP3MI;-9,01;120,01;0812\n")
    assert phone.report.reason == "PII_COLUMN"
    assert faults(look("titik", HEADER + "A,ltsa,-9.01,120.01,\na,LTSA,-9.02,120.01,\n")) == [(3, "DUPLICATE_KEY")]


def test_columns_named_by_a_person(look: Examine) -> None:
    odd = "Nama;Sumbu 1;Sumbu 2\nBP3MI;-9,01;120,01\n"
    assert look("titik", odd).report.reason in ("MISSING_COLUMN", "HEADER_UNCLEAR")
    named = look("titik", odd, columns={"latitude": "Sumbu 1", "bujur": "Sumbu 2"})
    assert named.rows[["lat", "lon"]].values.tolist() == [[-9.01, 120.01]]
    for columns in ({"tinggi": "Sumbu 1"}, {"latitude": "Sumbu 9", "bujur": "Sumbu 2"}):
        assert look("titik", odd, columns=columns).report.outcome == "refused"
