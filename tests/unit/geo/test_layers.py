"""Map layers: what the browser gets is every village, at every level, with edges that meet."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from batas_kit import installation
from batas_kit import villages as twelve
from hypothesis import given, settings
from hypothesis import strategies as st
from official import register

from data.workspace import Workspace
from geo.boundaries.coverage import area_km2, is_coverage, polygonal
from geo.boundaries.in_force import install_approximate
from geo.drawing.layer_meta import LayerMeta
from geo.drawing.layers import GRID, build_layers, current_layers
from geo.drawing.topology import topology

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[tuple[Workspace, Any]]:
    workspace, store = installation(tmp_path)
    yield workspace, store
    store.close()


@pytest.fixture(scope="module")
def ntt_layers(tmp_path_factory: pytest.TempPathFactory, ntt: pd.DataFrame) -> tuple[Workspace, LayerMeta]:
    workspace, store = installation(tmp_path_factory.mktemp("ntt"), ntt)
    install_approximate(store, workspace)
    meta = build_layers(store, workspace)
    store.close()
    return workspace, meta


def read(workspace: Workspace, meta: LayerMeta, kind: str = "topo") -> Any:
    return json.loads((workspace.layers / f"peta-{meta['version']}.{kind}.json").read_text(encoding="utf-8"))


def decode(topo: dict[str, Any], name: str) -> gpd.GeoDataFrame:
    """Polygons and points of one collection, read as any TopoJSON client would."""
    scale, translate = np.array(topo["transform"]["scale"]), np.array(topo["transform"]["translate"])
    arcs = [np.cumsum(arc, axis=0) * scale + translate for arc in topo["arcs"]]

    def ring(numbers: list[int]) -> np.ndarray:
        lines = [arcs[number] if number >= 0 else arcs[~number][::-1] for number in numbers]
        for one, two in zip(lines, lines[1:] + lines[:1], strict=True):
            assert (one[-1] == two[0]).all()
        return np.concatenate([line[:-1] for line in lines])

    def shape(member: dict[str, Any]) -> shapely.Geometry:
        if member["type"] == "Point":
            return shapely.Point(*(np.array(member["coordinates"]) * scale + translate))
        polygons = member["arcs"] if member["type"] == "MultiPolygon" else [member["arcs"]]
        return shapely.MultiPolygon([(ring(rings[0]), [ring(hole) for hole in rings[1:]]) for rings in polygons])

    members = topo["objects"][name]["geometries"]
    return gpd.GeoDataFrame(
        {"kode": [member.get("properties", {}).get("k") for member in members]},
        geometry=[shape(member) for member in members],
        crs="EPSG:4326",
    )


def test_every_level_of_ntt_is_drawn_whole(ntt_layers: tuple[Workspace, LayerMeta], ntt: pd.DataFrame) -> None:
    workspace, meta = ntt_layers
    topo = read(workspace, meta)
    assert meta["kind"] == "perkiraan"
    assert meta["units"]["desa"] == meta["polygons"] == ntt["kode"].tolist()
    assert (len(meta["units"]["kecamatan"]), len(meta["units"]["kabupaten"])) == (315, 22)
    size = {}
    for name, level in (("desa", "desa"), ("kec", "kecamatan"), ("kab", "kabupaten")):
        frame = decode(topo, name)
        assert frame["kode"].tolist() == meta["units"][level]
        size[name] = area_km2(gpd.GeoSeries(shapely.make_valid(frame.geometry.to_numpy()), crs="EPSG:4326")).sum()
    assert size["desa"] == pytest.approx(46_525, rel=0.005)
    assert size["kec"] == pytest.approx(size["desa"], rel=1e-4)
    assert size["kab"] == pytest.approx(size["desa"], rel=1e-4)


def test_kecamatan_and_kabupaten_have_no_line_of_their_own(ntt_layers: tuple[Workspace, LayerMeta]) -> None:
    topo = read(*ntt_layers)

    def used(name: str) -> set[int]:
        text = json.dumps([member["arcs"] for member in topo["objects"][name]["geometries"]])
        return {
            number if number >= 0 else ~number
            for number in map(int, text.translate({91: " ", 93: " ", 44: " "}).split())
        }

    assert used("kab") < used("kec") < used("desa")


def test_only_codes_and_numbers_are_in_the_geometry_file(ntt_layers: tuple[Workspace, LayerMeta]) -> None:
    workspace, meta = ntt_layers
    topo = read(workspace, meta)
    properties = [member.get("properties", {}) for part in topo["objects"].values() for member in part["geometries"]]
    assert {key for item in properties for key in item} == {"k"}
    assert all("properties" not in member for member in topo["objects"]["konteks"]["geometries"])
    content = (workspace.layers / f"peta-{meta['version']}.topo.json").read_bytes()
    assert b"Bokonusan" not in content
    assert len(gzip.compress(content)) < 400_000
    names = read(workspace, meta, "names")
    assert [names[kode] for kode in ("53.01.04.2003", "53.01.04", "53.01")] == [
        "Bokonusan",
        "Semau",
        "Kabupaten Kupang",
    ]


def test_the_box_shows_the_province_and_the_context_its_neighbours(ntt_layers: tuple[Workspace, LayerMeta]) -> None:
    workspace, meta = ntt_layers
    assert meta["bbox"] == pytest.approx([118.93, -10.94, 125.18, -7.82], abs=0.02)
    context = decode(read(workspace, meta), "konteks")
    assert context.intersects(shapely.Point(125.58, -8.59)).any()  # Dili


def test_each_file_has_a_compressed_copy_of_the_same_content(ntt_layers: tuple[Workspace, LayerMeta]) -> None:
    workspace, meta = ntt_layers
    files = sorted(workspace.layers.iterdir())
    assert [path.name for path in files if path.suffix != ".gz"] == [
        f"peta-{meta['version']}.{kind}.json" for kind in ("meta", "names", "topo")
    ]
    for path in files:
        if path.suffix != ".gz":
            assert gzip.decompress(path.with_name(path.name + ".gz").read_bytes()) == path.read_bytes()


def test_the_same_boundaries_give_the_same_files(opened: tuple[Workspace, Any], tmp_path: Path) -> None:
    workspace, store = opened
    register(workspace, store, twelve())
    first = build_layers(store, workspace)
    content = {path.name: path.read_bytes() for path in workspace.layers.iterdir()}
    for path in workspace.layers.iterdir():
        path.unlink()
    assert build_layers(store, workspace) == first
    assert {path.name: path.read_bytes() for path in workspace.layers.iterdir()} == content


def test_villages_without_polygon_are_points_in_the_order_of_codes(opened: tuple[Workspace, Any]) -> None:
    workspace, store = opened
    squares = twelve()
    register(workspace, store, squares.iloc[2:])
    meta = build_layers(store, workspace)
    topo = read(workspace, meta)
    points = decode(topo, "titik")
    assert points["kode"].tolist() == squares["kode"].tolist()[:2]
    assert points.within(squares.geometry[2]).all()
    assert meta["units"]["desa"] == squares["kode"].tolist()
    assert meta["polygons"] == squares["kode"].tolist()[2:]
    assert meta["kind"] == "resmi"
    assert decode(topo, "konteks").empty


def test_a_country_gets_a_coarse_file_and_a_fine_one_for_each_province(
    opened: tuple[Workspace, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, store = opened
    squares = twelve()
    register(workspace, store, squares.iloc[1:])
    whole = read(workspace, build_layers(store, workspace))
    for path in workspace.layers.iterdir():
        path.unlink()
    monkeypatch.setattr("geo.drawing.layers.MOST", 11)
    told: list[float] = []
    meta = build_layers(store, workspace, told.append)
    assert told == sorted(told)
    assert told[-1] < 1
    coarse, fine = read(workspace, meta), read(workspace, meta, "97.topo")
    assert meta["bagian"] == list(coarse["bagian"]["kotak"]) == ["97"]
    assert coarse["bagian"]["kotak"]["97"] == list(meta["bbox"])
    for name in ("desa", "kec", "kab", "titik"):
        codes = [member["properties"]["k"] for member in coarse["objects"][name]["geometries"]]
        assert [member["properties"]["k"] for member in fine["objects"][name]["geometries"]] == codes
    assert fine["objects"]["desa"] == whole["objects"]["desa"]
    assert set(read(workspace, meta, "names")) == set(meta["units"]["kecamatan"] + meta["units"]["kabupaten"])
    assert set(meta["units"]["desa"]) < set(read(workspace, meta, "97.names"))
    assert current_layers(store, workspace) == meta
    (workspace.layers / f"peta-{meta['version']}.97.topo.json").unlink()
    assert current_layers(store, workspace) is None


def test_layers_follow_the_boundaries_in_force(opened: tuple[Workspace, Any]) -> None:
    workspace, store = opened
    assert current_layers(store, workspace) is None
    install_approximate(store, workspace)
    assert current_layers(store, workspace) is None
    approximate = build_layers(store, workspace)
    batch = register(workspace, store, twelve())
    assert current_layers(store, workspace) is None
    official = build_layers(store, workspace)
    assert official["version"] != approximate["version"]
    assert current_layers(store, workspace) == official
    store.batches.undo(batch, "tes")
    assert current_layers(store, workspace) == approximate


def test_a_renamed_village_gets_new_names(opened: tuple[Workspace, Any]) -> None:
    workspace, store = opened
    register(workspace, store, twelve())
    build_layers(store, workspace)
    renamed = store.gazetteer.villages()
    renamed.loc[0, "nama"] = "Baru"
    store.gazetteer.replace(renamed)
    assert current_layers(store, workspace) is None
    meta = build_layers(store, workspace)
    assert read(workspace, meta, "names")[renamed["kode"][0]] == "Baru"
    assert current_layers(store, workspace) == meta


def test_a_lost_file_is_noticed(opened: tuple[Workspace, Any]) -> None:
    workspace, store = opened
    register(workspace, store, twelve())
    meta = build_layers(store, workspace)
    (workspace.layers / f"peta-{meta['version']}.topo.json").unlink()
    assert current_layers(store, workspace) is None
    assert build_layers(store, workspace) == meta


def test_a_name_in_the_gazetteer_stays_text(opened: tuple[Workspace, Any]) -> None:
    workspace, store = opened
    register(workspace, store, twelve())
    hostile = store.gazetteer.villages()
    hostile.loc[0, "nama"] = "{{ 7 * 7 }}</script>"
    store.gazetteer.replace(hostile)
    meta = build_layers(store, workspace)
    assert read(workspace, meta, "names")[hostile["kode"][0]] == "{{ 7 * 7 }}</script>"
    assert "{{" not in (workspace.layers / f"peta-{meta['version']}.topo.json").read_text(encoding="utf-8")


def test_reading_the_layers_loads_no_geometry_library() -> None:
    code = (
        "import sys, geo.drawing.layers; heavy = {'geopandas', 'shapely', 'pyproj', 'pyogrio', 'topojson', 'scipy'}; "
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_real_villages_make_a_file_a_browser_can_take(
    tmp_path: Path, ntt: pd.DataFrame, real_coverage: gpd.GeoDataFrame
) -> None:
    workspace, store = installation(tmp_path, ntt)
    register(workspace, store, real_coverage)
    meta = build_layers(store, workspace)
    store.close()
    topo = read(workspace, meta)
    villages, points = decode(topo, "desa"), decode(topo, "titik")
    assert (len(villages), len(points), len(meta["units"]["desa"])) == (3352, 90, 3442)
    assert not villages.is_empty.any()
    size = (workspace.layers / f"peta-{meta['version']}.topo.json.gz").stat().st_size
    assert size < 450_000
    drawn = gpd.GeoSeries(polygonal(villages.geometry.to_numpy()), crs="EPSG:4326")
    change = area_km2(drawn).to_numpy() / area_km2(real_coverage.geometry).to_numpy() - 1
    assert np.abs(change).max() < 0.25
    assert np.quantile(np.abs(change), 0.99) < 0.05


def test_a_speck_is_drawn_as_one_cell_of_the_grid() -> None:
    speck = shapely.box(0.20001, 0.20001, 0.20002, 0.20002)
    topo = topology({"desa": [({"k": "a"}, shapely.box(0, 0, 0.1, 0.1)), ({"k": "b"}, speck)]}, GRID)
    assert decode(topo, "desa").geometry[1].area == pytest.approx(GRID**2)


def test_a_hole_and_the_village_in_it_share_their_ring() -> None:
    inner = shapely.box(0.04, 0.04, 0.06, 0.06)
    outer = shapely.box(0, 0, 0.1, 0.1).difference(inner)
    topo = topology({"desa": [({"k": "a"}, outer), ({"k": "b"}, inner)]}, GRID)
    assert len(topo["arcs"]) == 2
    drawn = decode(topo, "desa")
    assert len(drawn.geometry[0].geoms[0].interiors) == 1
    assert shapely.area(shapely.symmetric_difference(drawn.geometry.to_numpy(), [outer, inner])).max() < 1e-9


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 30), st.integers(1, 30)), min_size=2, max_size=25, unique=True))
def test_what_goes_in_comes_out(sites: list[tuple[int, int]]) -> None:
    from geo.boundaries.approximate import split

    pieces = split(shapely.box(0, 0, 0.31, 0.31), np.array(sites) / 100)
    rounded = shapely.transform(pieces, lambda xy: np.rint(xy / GRID) * GRID)
    topo = topology({"desa": [({"k": str(i)}, piece) for i, piece in enumerate(pieces)]}, GRID)
    drawn = decode(topo, "desa")
    assert drawn["kode"].tolist() == [str(i) for i in range(len(sites))]
    assert (
        shapely.area(
            shapely.symmetric_difference(shapely.make_valid(drawn.geometry.to_numpy()), shapely.make_valid(rounded))
        ).max()
        < GRID**2
    )
    assert is_coverage(shapely.make_valid(shapely.set_precision(drawn.geometry.to_numpy(), GRID / 10)))
    # each inner edge is stored once
    points = sum(len(arc) for arc in topo["arcs"])
    assert points < shapely.get_num_coordinates(pieces).sum() + len(topo["arcs"])


def test_neighbours_and_islands_come_with_the_layers(
    ntt_layers: tuple[Workspace, LayerMeta], ntt: pd.DataFrame
) -> None:
    meta = ntt_layers[1]
    codes = meta["units"]["desa"]
    assert len(meta["pulau"]) == len(codes)
    island = dict(zip(codes, meta["pulau"], strict=True))
    assert island["53.11.01.1003"] == "Sumba"
    assert island["53.71.01.1001"] == "Timor"
    ends = {end for pair in meta["tetangga"] for end in pair}
    assert ends == set(range(len(codes)))  # nobody is without a neighbour
    assert all(a != b for a, b in meta["tetangga"])
    same_kab = np.mean([codes[a][:5] == codes[b][:5] for a, b in meta["tetangga"]])
    assert same_kab > 0.9


def test_shapes_are_read_back_as_they_were_written_without_a_geometry_library(
    ntt_layers: tuple[Workspace, LayerMeta],
) -> None:
    from geo.drawing.layers import layer_file
    from geo.drawing.shapes import read_shapes

    workspace, meta = ntt_layers
    shapes = read_shapes(layer_file(workspace, meta["version"]))
    assert sorted(shape.kode for shape in shapes.objects["desa"]) == meta["polygons"]
    west, south, east, north = meta["bbox"]
    for shape in shapes.objects["desa"][::50]:
        corners = np.concatenate([shapes.ring(ring) for ring in shape.rings])
        assert corners[:, 0].min() >= west - GRID
        assert corners[:, 0].max() <= east + GRID
        assert corners[:, 1].min() >= south - GRID
        assert corners[:, 1].max() <= north + GRID
        assert shapely.Polygon(shapes.ring(shape.rings[0])).area > 0
    code = "import geo.drawing.shapes, geo.drawing.svg, sys; assert not {'shapely', 'geopandas'} & set(sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_a_drawn_map_holds_every_area_and_escapes_names() -> None:
    from xml.etree import ElementTree

    from geo.drawing.shapes import Shape, Shapes
    from geo.drawing.svg import Sheet, Style, map_svg

    square = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0], [0.0, 0.0]])
    area = Shape("53.01.01.2001", ((0,),), (0, 0, 1, 1))
    shapes = Shapes((square,), {"desa": (area,), "kec": (), "kab": (), "titik": ()})
    drawn = map_svg(
        shapes,
        level="desa",
        classes={"53.01.01.2001": 1},
        style=Style(("#ffffff", "#2d1e6b"), {0}),
        bbox=(0, 0, 1, 1),
        width=900,
        height=500,
        labels={"53.01.01.2001": "<script>{{7*7}}</script>"},
        selected="53.01.01.2001",
        points=[(0.5, 0.2, "A & B")],
        sheet=Sheet("Judul <b>", legend=[(1, "tinggi", "1")], mark="DATA CONTOH"),
    )
    tree = ElementTree.fromstring(drawn)
    svg = "{http://www.w3.org/2000/svg}"
    assert [path.get("fill") for path in tree.iter(f"{svg}path")].count("#2d1e6b") == 1
    texts = {text.text for text in tree.iter(f"{svg}text")}
    assert {"<script>{{7*7}}</script>", "A & B", "Judul <b>", "DATA CONTOH", "tinggi"} <= texts
    assert not list(tree.iter(f"{svg}script"))
