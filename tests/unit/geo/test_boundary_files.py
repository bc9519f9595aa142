"""Boundary files are recognised by what they hold and read without GDAL where that is possible."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest
import shapely
from batas_kit import (
    check_written,
    feature,
    features,
    sql_rows,
    villages,
    write_geojson,
    write_shapefile,
    write_sql,
    write_zip,
)
from hypothesis import given
from hypothesis import strategies as st

from data.errors import Refused, WrongUse
from geo.files.geojson import read_geojson
from geo.files.reader import read_boundaries
from geo.files.wilayah_sql import insert_rows

SQUARE = shapely.box(120.0, -9.5, 120.1, -9.4)


def reason_of(path: Path, **options: object) -> str:
    with pytest.raises(Refused) as caught:
        read_boundaries(path, **options)  # type: ignore[arg-type]
    check_written(caught.value.reason, caught.value.params)
    return caught.value.reason


def same_shapes(found: np.ndarray) -> bool:
    return bool(shapely.equals(shapely.normalize(found), shapely.normalize(villages().geometry.to_numpy())).all())


# -- every container gives the same villages ------------------------------------------------------------------


@pytest.mark.slow
def test_every_container_gives_the_same_codes_and_shapes(tmp_path: Path) -> None:
    frame = villages()
    write_geojson(tmp_path / "a.geojson", features())
    frame.to_file(tmp_path / "a.gpkg", layer="desa")
    frame.to_parquet(tmp_path / "a.parquet")
    write_zip(tmp_path / "a_shp.zip", write_shapefile(tmp_path / "shp", frame))
    write_sql(tmp_path / "a.sql")
    write_sql(tmp_path / "dump/db/kel/97/wilayah_boundaries_kel_97.01.sql")
    write_zip(tmp_path / "dump.zip", {"db/kel/97/wilayah_boundaries_kel_97.sql": (tmp_path / "a.sql").read_bytes()})
    write_zip(tmp_path / "geojson.zip", {"a.geojson": (tmp_path / "a.geojson").read_bytes(), "README.txt": b"hi"})
    for name in ("a.geojson", "a.gpkg", "a.parquet", "a_shp.zip", "shp", "a.sql", "dump", "dump.zip", "geojson.zip"):
        read = read_boundaries(tmp_path / name)
        assert list(read.table["kode"]) == list(frame["kode"]), name
        assert list(read.table["nama"]) == list(frame["nama"]), name
        assert same_shapes(read.geometry), name
        assert not read.faults, name
        assert len(read.sha256) == 64, name


def test_content_decides_not_the_name(tmp_path: Path) -> None:
    villages().to_file(tmp_path / "a.gpkg", layer="desa")
    (tmp_path / "a.gpkg").rename(tmp_path / "batas.geojson")
    assert read_boundaries(tmp_path / "batas.geojson").kind == "gpkg"
    write_geojson(tmp_path / "batas.shp", features())
    assert read_boundaries(tmp_path / "batas.shp").kind == "geojson"


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.geojson", b"", "EMPTY_FILE"),
        ("a.sql", b" \r\n\x00", "EMPTY_FILE"),
        ("a.geojson", b"<html><body>Log in</body></html>", "TYPE_MISMATCH"),
        ("a.gpkg", b"SQLite format 3\x00" + bytes(100), "TYPE_MISMATCH"),
        ("a.zip", b"\x89PNG\r\n\x1a\n" + bytes(50), "TYPE_MISMATCH"),
        ("a.docx", b"\xd0\xcf\x11\xe0" + bytes(50), "UNSUPPORTED_FORMAT"),
        ("a.kml", b"<?xml version='1.0'?><kml><Document/></kml>", "UNSUPPORTED_FORMAT"),
        ("a.topojson", b'{"type":"Topology","objects":{},"arcs":[]}', "UNSUPPORTED_FORMAT"),
        ("a.shp", b"\x00\x00\x27\x0a" + bytes(96), "MISSING_SIDECAR"),
        ("a.geojson", b'{"type":"FeatureCollection","features":[]}', "NO_ROWS"),
        ("a.geojson", b'{"type":"FeatureCollection","features":[{"type":"Feat', "CORRUPT_FILE"),
        ("a.geojson", b'{"type":"FeatureCollection","features":[]}{"type":"Feature"}', "CORRUPT_FILE"),
        ("a.geojson", b'{"type":"FeatureCollection","features":' + b"[" * 100_000, "CORRUPT_FILE"),
        ("a.geojson", b'{"type":"FeatureCollection","x":"\xff\xfe","features":[]}', "ENCODING"),
        ("a.zip", b"PK\x03\x04" + bytes(40), "CORRUPT_FILE"),
        ("a.parquet", b"PAR1" + bytes(40), "CORRUPT_FILE"),
        ("a.sql", b"CREATE TABLE x (a int);", "NO_ROWS"),
        ("a.sql", b"INSERT INTO b(kode,nama,lat,lng,path) VALUES ('97.01.01.2001','A',1,2,'[[[1,2],[3", "CORRUPT_FILE"),
        ("a.sql", b"INSERT INTO b(id,nama) VALUES (1,'A');", "MISSING_COLUMN"),
        ("a.sql", b"INSERT INTO b VALUES ('97.01.01.2001','A',1);", "CORRUPT_FILE"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(tmp_path: Path, name: str, content: bytes, reason: str) -> None:
    (tmp_path / name).write_bytes(content)
    assert reason_of(tmp_path / name) == reason


def test_a_file_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(WrongUse):
        read_boundaries(tmp_path / "tidak_ada.geojson")


# -- SQL dumps ------------------------------------------------------------------------------------------------


def test_levels_of_a_dump_are_told_by_code_and_the_finest_is_read(tmp_path: Path) -> None:
    write_sql(tmp_path / "db/kel/a.sql")
    kec = villages().iloc[:1].assign(kode="97.01.01")
    write_sql(tmp_path / "db/kec/b.sql", kec)
    finest = read_boundaries(tmp_path)
    assert len(finest) == 12
    known = {"level": "desa", "others": "kecamatan 1", "names": ["desa", "kecamatan"]}
    assert finest.notes == [("OTHER_LEVELS", known)]
    assert list(read_boundaries(tmp_path, level="kecamatan").table["kode"]) == ["97.01.01"]
    assert reason_of(tmp_path, level="kabupaten") == "WRONG_LEVEL"


def test_dumps_of_other_provinces_are_left_unread_and_noted(tmp_path: Path) -> None:
    write_sql(tmp_path / "kel/97/wilayah_boundaries_kel_97.01.sql")
    (tmp_path / "kel/11").mkdir()
    (tmp_path / "kel/11/wilayah_boundaries_kel_11.01.sql").write_text("INSERT INTO x VALUES ('broken", encoding="utf-8")
    read = read_boundaries(tmp_path, provinces=["97"])
    assert len(read) == 12
    assert read.notes == [("OTHER_PROVINCES", {"count": 1})]


def test_a_dump_without_column_names_and_with_mysql_quoting_is_read(tmp_path: Path) -> None:
    text = (
        "-- it's a comment with INSERT INTO x VALUES ('no')\n# and another's\n"
        "INSERT INTO `wilayah`.`wilayah_boundaries` VALUES\n"
        "('97.01.01.2001','Ba\\'a; (Kota)',-9.4,120.1,'[[[-9.5,120],[-9.5,120.1],[-9.4,120.1],[-9.5,120]]]'),"
        "('97.01.01.2002',NULL,NULL,NULL,NULL),\n"
        "('97.01.01.2003','O''le',0,0,'not json'),('97.01.01.2004','E',0,0,'[]');\n"
        "REPLACE INTO wilayah_boundaries (path, kode) VALUES\n"
        "('[[-9.5,120],[-9.5,120.1],[-9.4,120.1]]', '97.01.02.2001')"
    )
    (tmp_path / "a.sql").write_text(text, encoding="utf-8")
    read = read_boundaries(tmp_path / "a.sql")
    assert list(read.table["nama"]) == ["Ba'a; (Kota)", None, "O'le", "E", None]
    assert {number: reason for number, (reason, _) in read.faults.items()} == {
        1: "GEOM_EMPTY",
        2: "GEOM_INVALID",
        3: "GEOM_EMPTY",
    }
    assert read.geometry[0].bounds == (120.0, -9.5, 120.1, -9.4)
    assert read.geometry[4].area == pytest.approx(0.005), "an open ring of three corners is closed"


def test_a_dump_in_windows_encoding_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_bytes(sql_rows().replace("Damar", "Damár").encode("cp1252"))
    assert read_boundaries(tmp_path / "a.sql").table["nama"][3] is not None


cells = st.one_of(st.none(), st.text(max_size=30), st.integers(-180, 180).map(str))


@given(st.lists(st.tuples(cells, cells, cells), max_size=8))
def test_whatever_is_written_as_sql_text_is_read_back(rows: list[tuple[str | None, ...]]) -> None:
    def quoted(value: str | None) -> str:
        return "NULL" if value is None else "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"

    text = "".join(f"INSERT INTO t (kode, path, nama) VALUES ({', '.join(map(quoted, row))});\n" for row in rows)
    found = [(row["kode"], row["path"], row["nama"]) for row in insert_rows(text, "x.sql")]
    assert found == rows


@given(st.text(alphabet="INSERTOVALUES intoxy'\\\"`(),;-*/#0123456789.\n", max_size=200))
def test_no_text_breaks_the_sql_reader(text: str) -> None:
    rows, reason = [], "CORRUPT_FILE"
    try:
        rows = list(insert_rows(text, "x.sql"))
    except Refused as fault:
        reason = fault.reason
    assert reason in ("CORRUPT_FILE", "MISSING_COLUMN")
    assert all(set(row) >= {"kode", "path"} for row in rows)


def test_a_long_string_that_never_ends_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.sql").write_text("INSERT INTO t VALUES ('" + "''\\'" * 500_000, encoding="utf-8")
    assert reason_of(tmp_path / "a.sql") == "CORRUPT_FILE"


# -- GeoJSON --------------------------------------------------------------------------------------------------


def test_attributes_come_as_text_a_person_would_see(tmp_path: Path) -> None:
    members = [feature("x", SQUARE, a=9701012001, b=9701012001.0, c=97.1, d=None, e=True, f={"g": 1}, h=" y ")]
    table = read_boundaries(write_geojson(tmp_path / "a.geojson", members)).table
    assert table.iloc[0].to_dict() == {
        "kode": "x",
        "a": "9701012001",
        "b": "9701012001",
        "c": "97.1",
        "d": None,
        "e": "1",
        "f": None,
        "h": "y",
    }


def test_each_unusable_geometry_gets_its_own_reason(tmp_path: Path) -> None:
    ring = [[120.0, -9.5], [120.1, -9.5], [120.1, -9.4], [120.0, -9.5]]
    geometries = [
        None,
        {},
        {"type": "Polygon", "coordinates": []},
        {"type": "Point", "coordinates": [1, 2]},
        {"type": "LineString", "coordinates": ring},
        {"type": "Polygon", "coordinates": [[[120, -9], [121, -9]]]},
        {"type": "Polygon", "coordinates": [[["a", "b"]] * 4]},
        {"type": "Polygon", "coordinates": "x"},
        {"type": "Polygon", "coordinates": [[None] * 4]},
        {"type": "MultiPolygon", "coordinates": [ring]},
        {"type": "GeometryCollection", "geometries": [{"type": "Point", "coordinates": [1, 2]}]},
        {"type": "Polygon", "coordinates": [[[120 + i * 1e-6, -9.5] for i in range(20_001)]]},
        {"type": "GeometryCollection", "geometries": [{"type": "Polygon", "coordinates": [ring]}]},
        {"type": "Polygon", "coordinates": [[[*xy, 12.5, 3.0] for xy in ring]]},
    ]
    read = read_boundaries(write_geojson(tmp_path / "a.geojson", [feature("k", g) for g in geometries]))
    assert [read.faults.get(i, ("ok",))[0] for i in range(len(geometries))] == [
        "GEOM_EMPTY",
        "GEOM_EMPTY",
        "GEOM_EMPTY",
        "GEOM_TYPE",
        "GEOM_TYPE",
        "GEOM_INVALID",
        "GEOM_INVALID",
        "GEOM_EMPTY",
        "GEOM_INVALID",
        "GEOM_INVALID",
        "GEOM_TYPE",
        "TOO_COMPLEX",
        "ok",
        "ok",
    ]
    assert [geometry is None for geometry in read.geometry] == [i in read.faults for i in range(len(geometries))]
    assert not shapely.has_z(read.geometry[-1])


@pytest.mark.parametrize("bad", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_coordinates_that_are_no_numbers_are_named(tmp_path: Path, bad: str) -> None:
    text = json.dumps({"type": "FeatureCollection", "features": features()}).replace("120.0", bad, 1)
    (tmp_path / "a.geojson").write_text(text, encoding="utf-8")
    assert read_boundaries(tmp_path / "a.geojson").faults == {0: ("GEOM_INVALID", {"problem": "not_finite"})}


@pytest.mark.parametrize(
    ("member", "crs"),
    [
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"),
        ("urn:ogc:def:crs:EPSG::32751", "EPSG:32751"),
        ("EPSG:4326", "EPSG:4326"),
        ("epsg:32751", "EPSG:32751"),
        ("urn:ogc:def:crs:EPSG:6.9:23836", "EPSG:23836"),
    ],
)
def test_the_crs_member_of_older_geojson_is_honoured(tmp_path: Path, member: str, crs: str) -> None:
    assert read_boundaries(write_geojson(tmp_path / "a.geojson", features(), crs=member)).crs == crs


@pytest.mark.parametrize("member", ["file:///etc/passwd", {"type": "link", "properties": {"href": "http://x"}}, [], 7])
def test_a_crs_member_that_names_no_system_is_refused(tmp_path: Path, member: object) -> None:
    assert reason_of(write_geojson(tmp_path / "a.geojson", features(), crs=member)) == "CRS"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(
    st.lists(
        st.fixed_dictionaries({"type": st.just("Feature"), "properties": json_values, "geometry": json_values} | {}),
        min_size=1,
        max_size=4,
    ),
    st.integers(0, 2),
)
def test_no_json_breaks_the_geojson_reader(members: list[dict[str, object]], indent: int) -> None:
    text = json.dumps({"name": "x", "features": members, "type": "FeatureCollection"}, indent=indent or None)
    part = _part(text.encode())
    read = read_geojson(part)
    assert len(read) == len(members)
    assert all((geometry is None) == (number in read.faults) for number, geometry in enumerate(read.geometry))


def _part(content: bytes):  # type: ignore[no-untyped-def]
    from geo.files.container import FilePart

    return FilePart("a.geojson", len(content), lambda n: content[:n])


# -- archives and folders ------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["../a.geojson", "x/../../a.geojson", "/etc/a.json", "C:/a.json", "..\\a.json"])
def test_a_member_that_points_outside_is_refused(tmp_path: Path, name: str) -> None:
    write_zip(tmp_path / "a.zip", {name: b"{}"})
    assert reason_of(tmp_path / "a.zip") == "ZIP_PATH"


def test_a_link_in_an_archive_is_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("a.geojson")
    link.external_attr = 0o120777 << 16
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert reason_of(tmp_path / "a.zip") == "ZIP_PATH"


def test_bombs_are_refused_before_they_unfold(tmp_path: Path) -> None:
    write_zip(tmp_path / "deep.zip", {"a.geojson": b" " * 20_000_000})
    assert reason_of(tmp_path / "deep.zip") == "ZIP_BOMB"
    write_zip(tmp_path / "many.zip", {f"{i}.geojson": b"{}" for i in range(201)})
    assert reason_of(tmp_path / "many.zip") == "ZIP_BOMB"


def test_an_archive_whose_sizes_lie_gives_no_more_than_it_declares(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"a.geojson": b"{" + b" " * 5_000})
    path.write_bytes(path.read_bytes().replace((5_001).to_bytes(4, "little"), (20).to_bytes(4, "little")))
    assert reason_of(path) == "CORRUPT_FILE"


def test_an_encrypted_archive_is_named_as_such(tmp_path: Path) -> None:
    path = write_zip(tmp_path / "a.zip", {"a.geojson": b"{}"})
    content = bytearray(path.read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + offset] |= 1
    path.write_bytes(bytes(content))
    assert reason_of(path) == "ENCRYPTED"


def test_a_shapefile_without_its_table_is_refused_and_says_what_lacks(tmp_path: Path) -> None:
    members = write_shapefile(tmp_path / "shp", villages())
    del members["batas_desa.dbf"]
    with pytest.raises(Refused) as caught:
        read_boundaries(write_zip(tmp_path / "a.zip", members))
    assert (caught.value.reason, caught.value.params["missing"]) == ("MISSING_SIDECAR", ".dbf")


def test_names_in_an_old_code_page_are_read_by_the_cpg(tmp_path: Path) -> None:
    frame = villages()
    frame.loc[0, "nama"] = "Désa"
    members = write_shapefile(tmp_path / "shp", frame, encoding="cp850")
    members["batas_desa.cpg"] = b"850"
    assert read_boundaries(write_zip(tmp_path / "a.zip", members)).table["nama"][0] == "Désa"


@pytest.mark.slow
def test_several_layers_ask_for_a_choice_and_take_it(tmp_path: Path) -> None:
    villages().to_file(tmp_path / "a.gpkg", layer="desa")
    villages().iloc[:2].to_file(tmp_path / "a.gpkg", layer="Uji", mode="a")
    with pytest.raises(Refused) as caught:
        read_boundaries(tmp_path / "a.gpkg")
    assert (caught.value.reason, caught.value.params["choices"]) == ("LAYER_CHOICE", "desa, Uji")
    assert len(read_boundaries(tmp_path / "a.gpkg", layer="uji")) == 2
    write_geojson(tmp_path / "b.geojson", features()[:3])
    members = {name: (tmp_path / name).read_bytes() for name in ("a.gpkg", "b.geojson")}
    assert reason_of(write_zip(tmp_path / "two.zip", members)) == "LAYER_CHOICE"
    assert len(read_boundaries(tmp_path / "two.zip", layer="b")) == 3


def test_a_point_layer_beside_the_areas_needs_no_choice(tmp_path: Path) -> None:
    villages().to_file(tmp_path / "a.gpkg", layer="desa")
    points = villages().set_geometry(villages().geometry.representative_point())
    points.to_file(tmp_path / "a.gpkg", layer="titik", mode="a")
    assert same_shapes(read_boundaries(tmp_path / "a.gpkg").geometry)


def test_links_in_a_folder_are_not_followed(tmp_path: Path) -> None:
    write_sql(tmp_path / "elsewhere/secret.sql")
    folder = tmp_path / "given"
    write_sql(folder / "a.sql", villages().iloc[:1])
    (folder / "b.sql").symlink_to(tmp_path / "elsewhere/secret.sql")
    (folder / "c").symlink_to(tmp_path / "elsewhere")
    assert len(read_boundaries(folder)) == 1


def test_a_workbook_is_no_archive_of_boundaries(tmp_path: Path) -> None:
    write_zip(tmp_path / "a.xlsx", {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<x/>"})
    assert reason_of(tmp_path / "a.xlsx") == "UNSUPPORTED_FORMAT"


# -- the real province ----------------------------------------------------------------------------------------


def test_the_published_villages_read_the_same_from_every_container(tmp_path: Path, shared: Path) -> None:
    read = read_boundaries(shared / "boundaries" / "wilayah_boundaries", provinces=["53"])
    assert len(read) == 3352
    assert read.faults == {}
    assert int(shapely.get_num_coordinates(read.geometry).max()) == 3740
    frame = gpd.GeoDataFrame(
        {"KDEPUM": read.table["kode"], "WADMKD": read.table["nama"]}, geometry=read.geometry, crs="EPSG:4326"
    )
    frame.to_file(tmp_path / "ntt.gpkg", layer="ADMINISTRASI_AR_DESAKEL")
    frame.to_file(tmp_path / "ntt.geojson", driver="GeoJSON", COORDINATE_PRECISION=15)
    write_zip(tmp_path / "ntt.zip", write_shapefile(tmp_path / "shp", frame))
    for name in ("ntt.gpkg", "ntt.geojson", "ntt.zip"):
        again = read_boundaries(tmp_path / name)
        assert list(again.table["KDEPUM"]) == list(read.table["kode"]), name
        assert again.faults == {}, name
        assert np.abs(shapely.area(again.geometry) - shapely.area(read.geometry)).max() < 1e-9, name
