"""Hostile vector files: nothing of the machine is read, nothing is called, and the application stays up."""

from __future__ import annotations

import json
import os
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import shapely
from batas_kit import check_written, villages, write_geojson, write_shapefile, write_zip

from data.errors import Refused
from geo.files import sandbox
from geo.files.container import FilePart, Source
from geo.files.reader import read_boundaries

pytestmark = pytest.mark.slow

SECRET = "rahasia-yang-tidak-boleh-keluar"


def reason_of(path: Path) -> str:
    with pytest.raises(Refused) as caught:
        read_boundaries(path)
    assert SECRET not in str(caught.value)
    check_written(caught.value.reason, caught.value.params)
    return caught.value.reason


def outcome(path: Path) -> set[str]:
    """The reason the file was refused for, or the reasons of its rows."""
    try:
        return {reason for reason, _ in read_boundaries(path).faults.values()}
    except Refused as fault:
        return {fault.reason}


@pytest.fixture
def listener() -> Iterator[tuple[int, list[bytes]]]:
    """A local server that notes whoever calls it."""
    calls: list[bytes] = []
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.1)
    done = threading.Event()

    def serve() -> None:
        while not done.is_set():
            try:
                connection, _ = server.accept()
            except TimeoutError:
                continue
            calls.append(connection.recv(200))
            connection.close()

    thread = threading.Thread(target=serve)
    thread.start()
    yield server.getsockname()[1], calls
    done.set()
    thread.join()
    server.close()


def pointers(port: int, secret: Path) -> dict[str, bytes]:
    """Files that hold no data but tell GDAL where to fetch some."""
    return {
        "vrt": f"<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>{secret}</SrcDataSource>"
        f"</OGRVRTLayer></OGRVRTDataSource>".encode(),
        "vrt_with_declaration": b"\xef\xbb\xbf  <?xml version='1.0'?>\n<!-- x -->\n<OGRVRTDataSource>"
        + f"<OGRVRTLayer name='x'><SrcDataSource>CSV:/vsicurl/http://127.0.0.1:{port}/x"
        f"</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>".encode(),
        "vrt_utf16": f"<OGRVRTDataSource><SrcDataSource>{secret}</SrcDataSource></OGRVRTDataSource>".encode("utf-16"),
        "wfs": f"<OGRWFSDataSource><URL>http://127.0.0.1:{port}/wfs</URL></OGRWFSDataSource>".encode(),
        "gdalg": json.dumps({"type": "gdal_streamed_alg", "command_line": f"gdal vector read {secret}"}).encode(),
    }


@pytest.mark.parametrize("suffix", [".geojson", ".gpkg", ".shp", ".parquet", ".json", ".sql"])
@pytest.mark.parametrize("pointer", ["vrt", "vrt_with_declaration", "vrt_utf16", "wfs", "gdalg"])
def test_a_file_that_points_elsewhere_is_refused_under_any_name(
    tmp_path: Path, listener: tuple[int, list[bytes]], pointer: str, suffix: str
) -> None:
    port, calls = listener
    secret = tmp_path / "secret.csv"
    secret.write_text(SECRET, encoding="utf-8")
    content = pointers(port, secret)[pointer]
    (tmp_path / f"batas{suffix}").write_bytes(content)
    assert reason_of(tmp_path / f"batas{suffix}") == "DRIVER_NOT_ALLOWED"
    assert reason_of(write_zip(tmp_path / "batas.zip", {f"batas{suffix}": content})) == "DRIVER_NOT_ALLOWED"
    assert calls == []


@pytest.mark.parametrize("kind", ["gpkg", "shapefile"])
@pytest.mark.parametrize("pointer", ["vrt", "vrt_with_declaration", "wfs"])
def test_even_past_the_check_of_content_the_child_has_no_driver_for_it(
    tmp_path: Path, listener: tuple[int, list[bytes]], pointer: str, kind: str
) -> None:
    port, calls = listener
    secret = tmp_path / "secret.csv"
    secret.write_text(f"a,b\n{SECRET},1\n", encoding="utf-8")
    content = pointers(port, secret)[pointer]
    part = FilePart("batas.shp", len(content), lambda n: content[:n])
    with pytest.raises(Refused) as caught:
        sandbox.read_in_child(Source(kind, "batas", (part,), ""))
    assert caught.value.reason == "CORRUPT_FILE"
    assert calls == []


def test_a_build_of_gdal_with_drivers_nobody_knew_still_runs_with_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    villages().to_file(tmp_path / "a.gpkg", layer="desa")
    monkeypatch.setattr(sandbox, "_KNOWN_DRIVERS", "GPKG")
    runs: list[tuple[str, ...]] = []
    environment = sandbox._environment

    def noted(driver: str, skip: tuple[str, ...]) -> dict[str, str]:
        runs.append(skip)
        return environment(driver, skip)

    monkeypatch.setattr(sandbox, "_environment", noted)
    assert len(read_boundaries(tmp_path / "a.gpkg")) == 12
    assert runs[0] == ()
    assert "OGR_VRT" in runs[1]


def test_the_child_knows_nothing_of_the_office(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PETA_AMAN_DATABASE", "postgresql://u:" + SECRET + "@h/db")
    monkeypatch.setenv("GDAL_DRIVER_PATH", "/somewhere")
    environment = sandbox._environment("GPKG", ())
    assert SECRET not in str(environment)
    skipped = environment["GDAL_SKIP"].split(",")
    assert {"OGR_VRT", "VRT", "WFS", "OAPIF", "CSW", "HTTP"} <= set(skipped)
    assert "GPKG" not in skipped


# -- broken, huge, endless -----------------------------------------------------------------------------------


@pytest.mark.parametrize("share", [0.02, 0.3, 0.7, 0.95])
def test_a_truncated_file_is_refused_or_whole_but_never_crashes_us(tmp_path: Path, share: float) -> None:
    villages().to_file(tmp_path / "a.gpkg", layer="desa")
    villages().to_parquet(tmp_path / "a.parquet")
    members = write_shapefile(tmp_path / "shp", villages())
    for name in ("a.gpkg", "a.parquet"):
        content = (tmp_path / name).read_bytes()
        (tmp_path / name).write_bytes(content[: int(len(content) * share)])
        assert reason_of(tmp_path / name) == "CORRUPT_FILE"
    # A cut .shp keeps its index, so that features lack geometry: they are errors of their rows, never silence.
    shape = members["batas_desa.shp"]
    members["batas_desa.shp"] = shape[: max(int(len(shape) * share), 200)]
    assert outcome(write_zip(tmp_path / "a.zip", members)) in ({"CORRUPT_FILE"}, {"GEOM_EMPTY"})


def test_random_damage_never_ends_in_an_unknown_fault(tmp_path: Path) -> None:
    villages().to_file(tmp_path / "a.gpkg", layer="desa")
    content = bytearray((tmp_path / "a.gpkg").read_bytes())
    for number, step in enumerate((97, 1009)):
        broken = content.copy()
        broken[4096 + number :: step] = b"\xff" * len(broken[4096 + number :: step])
        (tmp_path / "b.gpkg").write_bytes(bytes(broken))
        assert outcome(tmp_path / "b.gpkg") <= {
            "CORRUPT_FILE",
            "NO_ROWS",
            "LAYER_CHOICE",
            "TOO_LARGE",
            "GEOM_EMPTY",
            "GEOM_INVALID",
            "TOO_COMPLEX",
        }


def endless(path: Path) -> Path:
    """A GeoPackage whose layer is a view that never ends."""
    villages().to_file(path, layer="desa")
    with sqlite3.connect(path) as base:
        base.execute("ALTER TABLE desa RENAME TO asli")
        base.execute(
            "CREATE VIEW desa AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
            "SELECT n.i AS fid, geom, kode, nama FROM n, (SELECT geom, kode, nama FROM asli LIMIT 1)"
        )
    base.close()
    return path


def test_an_endless_file_is_stopped_by_the_clock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sandbox.LIMITS, "seconds", 2)
    began = time.monotonic()
    assert reason_of(endless(tmp_path / "a.gpkg")) in ("CORRUPT_FILE", "TOO_LARGE")
    assert time.monotonic() - began < 20


def test_memory_and_output_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.gpkg"
    villages().to_file(path, layer="desa")
    monkeypatch.setitem(sandbox.LIMITS, "output", 500)
    assert reason_of(path) in ("CORRUPT_FILE", "TOO_LARGE")
    monkeypatch.undo()
    monkeypatch.setitem(sandbox.LIMITS, "memory", 150_000_000)
    assert reason_of(path) in ("CORRUPT_FILE", "TOO_LARGE")
    monkeypatch.undo()
    assert len(read_boundaries(path)) == 12


def test_one_shape_of_a_million_corners_is_an_error_of_its_row(tmp_path: Path) -> None:
    frame = villages()
    shape = shapely.Point(120.05, -9.45).buffer(0.04, quad_segs=250_000)
    frame.loc[0, "geometry"] = shape
    frame.to_file(tmp_path / "a.gpkg", layer="desa")
    read = read_boundaries(tmp_path / "a.gpkg")
    assert read.faults[0][0] == "TOO_COMPLEX"
    assert list(read.faults) == [0]


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given, scratch = tmp_path / "given", tmp_path / "scratch"
    given.mkdir()
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    villages().to_file(given / "a.gpkg", layer="desa")
    with sqlite3.connect(given / "a.gpkg") as base:
        base.execute("PRAGMA journal_mode=WAL")
    base.close()
    before = (given / "a.gpkg").read_bytes()
    assert len(read_boundaries(given / "a.gpkg")) == 12
    assert [path.name for path in given.iterdir()] == ["a.gpkg"]
    assert (given / "a.gpkg").read_bytes() == before
    assert list(scratch.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="network namespaces are Linux's")
def test_the_child_has_no_network_where_the_system_allows_it(listener: tuple[int, list[bytes]]) -> None:
    if subprocess.run(["unshare", "-Urn", "true"], capture_output=True, check=False).returncode:
        pytest.skip("this machine lets no process make a network namespace")
    port, calls = listener
    probe = (
        "import runpy, socket, sys\n"
        f"child = runpy.run_path({str(sandbox._CHILD)!r}, run_name='probe')\n"
        "child['confine'](dict(memory=2_000_000_000, seconds=5, output=1000))\n"
        f"sys.exit(socket.socket().connect_ex(('127.0.0.1', {port})) == 0)\n"
    )
    assert subprocess.run([sys.executable, "-I", "-c", probe], check=False, env=dict(os.environ)).returncode == 0
    assert calls == []


def test_text_that_would_be_a_template_is_only_text(tmp_path: Path) -> None:
    name = "{{ 7*7 }}{% raw %}${x}`<img onerror=alert(1)>‮"
    members = [
        {
            "type": "Feature",
            "properties": {"kode": "97.01.01.2001", "nama": name, name: name},
            "geometry": json.loads(shapely.to_geojson(villages().geometry[0])),
        }
    ]
    read = read_boundaries(write_geojson(tmp_path / "a.geojson", members))
    assert read.table["nama"][0] == name
