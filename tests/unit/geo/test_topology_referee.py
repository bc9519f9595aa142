"""Our topology against the `topojson` package: the same outlines within the grid, the same lines shared."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
import topojson
from topojson.utils import geometry

from geo.boundaries.approximate import split
from geo.boundaries.coverage import clean, polygonal
from geo.drawing.layers import GRID
from geo.drawing.topology import topology
from geo.files.reader import read_boundaries


def made_up() -> list[shapely.Geometry]:
    """Twelve villages that meet, one of them with an island, and one inside another."""
    sites = np.random.default_rng(3).uniform(0.02, 0.28, (12, 2))
    pieces = list(split(shapely.box(0, 0, 0.3, 0.3), sites))
    enclave = shapely.point_on_surface(pieces[0]).buffer(0.01)
    pieces[0] = pieces[0].difference(enclave)
    pieces[1] = shapely.MultiPolygon([pieces[1], shapely.box(0.4, 0.1, 0.45, 0.15)])
    return [*pieces, enclave]


@pytest.fixture(params=["made up", "published"])
def villages(request: pytest.FixtureRequest) -> list[shapely.Geometry]:
    """Villages that meet: thirteen made up, or those of Kota Kupang as published."""
    if request.param == "made up":
        return made_up()
    shared: Path = request.getfixturevalue("shared")
    dump = shared / "boundaries" / "wilayah_boundaries" / "db" / "kel" / "53" / "wilayah_boundaries_kel_53.71.sql"
    features = read_boundaries(dump)
    frame = gpd.GeoDataFrame({"kode": features.table["kode"]}, geometry=polygonal(features.geometry), crs="EPSG:4326")
    return list(clean(frame)[0].geometry)


def lines(topo: dict[str, Any]) -> list[shapely.LineString]:
    """The lines of a topology in degrees."""
    if "transform" not in topo:
        return [shapely.LineString(arc) for arc in topo["arcs"]]
    scale, translate = topo["transform"]["scale"], topo["transform"]["translate"]
    return [shapely.LineString(np.cumsum(arc, axis=0) * scale + translate) for arc in topo["arcs"]]


def used(member: dict[str, Any]) -> set[int]:
    """Numbers of the lines that an area is made of, whatever their direction."""

    def flat(numbers: Any) -> set[int]:
        return {max(numbers, ~numbers)} if isinstance(numbers, int) else set().union(*map(flat, numbers))

    return flat(member["arcs"])


def borders(topo: dict[str, Any]) -> dict[tuple[int, int], float]:
    """How long the lines are (degrees) that two areas share, by the areas' numbers."""
    length = shapely.length(lines(topo))
    areas = [used(member) for member in topo["objects"]["data"]["geometries"]]
    pairs = {(a, b): areas[a] & areas[b] for a, b in combinations(range(len(areas)), 2)}
    return {pair: sum(length[line] for line in shared) for pair, shared in pairs.items() if shared}


def test_outlines_and_borders_are_those_of_the_referee(villages: list[shapely.Geometry]) -> None:
    ours = topology({"data": [(None, shape) for shape in villages]}, GRID)
    theirs = topojson.Topology(villages, prequantize=False).to_dict()

    def outlines(topo: dict[str, Any]) -> np.ndarray:
        arcs = [shapely.get_coordinates(line).tolist() for line in lines(topo)]
        shapes = [shapely.geometry.shape(geometry(area, arcs)) for area in topo["objects"]["data"]["geometries"]]
        return shapely.boundary(shapes)

    assert shapely.hausdorff_distance(outlines(ours), outlines(theirs)).max() < GRID
    mine, other = borders(ours), borders(theirs)
    assert mine.keys() == other.keys()
    assert len(mine) > len(villages)
    assert max(abs(mine[pair] - other[pair]) - 0.05 * other[pair] for pair in mine) < GRID
    # every line once: no more of them, end to end, than the referee needs
    assert shapely.length(lines(ours)).sum() == pytest.approx(shapely.length(lines(theirs)).sum(), rel=0.002)
