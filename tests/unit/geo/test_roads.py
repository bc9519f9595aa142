"""Roads an office loads: their course alone is kept, few points of it, and nothing of any other file."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import Refused
from data.workspace import Workspace
from geo.roads import GRID, POINTS, read_roads

BBOX = (123.0, -11.0, 125.0, -9.0)


def written(folder: Path, document: Any) -> Path:
    path = folder / "jalan.geojson"
    path.write_text(document if isinstance(document, str) else json.dumps(document), encoding="utf-8")
    return path


def collection(*lines: Any, **members: Any) -> dict[str, Any]:
    features = [
        {
            "type": "Feature",
            "properties": {"nama": "Jl. {{7*7}}"},
            "geometry": {"type": "LineString", "coordinates": line},
        }
        for line in lines
    ]
    return {"type": "FeatureCollection", "features": features, **members}


def test_a_line_comes_back_where_it_was_and_without_its_name(tmp_path: Path) -> None:
    made = read_roads(written(tmp_path, collection([[123.5, -10.0], [123.7, -9.9], [124.0, -10.2]])), BBOX)
    places = np.cumsum(np.array(made[0]).reshape(-1, 2), axis=0) * GRID
    assert places == pytest.approx(np.array([[123.5, -10.0], [123.7, -9.9], [124.0, -10.2]]))
    assert "7*7" not in json.dumps(made)


def test_what_lies_outside_the_province_is_cut_off(tmp_path: Path) -> None:
    lines = collection([[120.0, -10.0], [124.0, -10.0]], [[100.0, 1.0], [101.0, 1.0]])
    made = read_roads(written(tmp_path, lines), BBOX)
    assert len(made) == 1
    assert made[0][0] * GRID == pytest.approx(122.9)


@pytest.mark.slow
def test_however_winding_only_so_many_points_are_kept(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)

    def lines(jump: float) -> dict[str, Any]:
        walks = [np.array([124.0, -10.0]) + rng.normal(0, jump, (4_000, 2)).cumsum(axis=0) for _ in range(12)]
        return collection(*[walk.tolist() for walk in walks])

    kept = read_roads(written(tmp_path, lines(0.001)), BBOX)
    assert 0 < sum(len(line) for line in kept) <= 2 * POINTS
    with pytest.raises(Refused):  # a scribble over the whole province is no network of roads
        read_roads(written(tmp_path, collection(*rng.uniform((123, -11), (125, -9), (12, 4_000, 2)).tolist())), BBOX)


@pytest.mark.parametrize(
    "document",
    [
        "",
        "{",
        "[]",
        {"type": "Topology"},
        collection(),
        collection([[100.0, 1.0], [101.0, 1.0]]),
        collection([[123.5, -10.0], ["x", None]]),
        collection("tidak", [[500, 900], [501, 900]]),
        {"type": "Feature"},
        collection([[500_000.0, 8_900_000.0], [500_100.0, 8_900_000.0]]),
        "[" * 5_000,
        collection([[123.5, -10.0], [123.7, -9.9]], crs={"type": "name", "properties": {"name": "EPSG:32751"}}),
        "<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>",
    ],
)
def test_a_file_without_a_line_in_the_province_is_refused(tmp_path: Path, document: Any) -> None:
    with pytest.raises(Refused) as refused:
        read_roads(written(tmp_path, document), BBOX)
    assert refused.value.reason == "ROADS_FILE"


plain_values = st.none() | st.booleans() | st.floats(allow_nan=False) | st.text(max_size=5)
json_values = st.recursive(
    plain_values,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=12,
)


@given(json_values)
def test_no_geometry_however_odd_is_a_fault(tmp_path_factory: pytest.TempPathFactory, value: Any) -> None:
    folder = tmp_path_factory.mktemp("odd")
    feature = {"type": "Feature", "geometry": {"type": "MultiLineString", "coordinates": value}}
    with contextlib.suppress(Refused):
        read_roads(written(folder, {"type": "FeatureCollection", "features": [feature, value]}), BBOX)


def test_the_command_puts_roads_on_the_map_and_takes_them_off(
    demo_copy: Workspace, peta_aman: Any, tmp_path: Path
) -> None:
    from campaign.maps.context import context
    from campaign.reading.snapshot import Snapshot

    path = written(tmp_path, collection([[123.5, -10.0], [123.7, -9.9], [124.0, -10.2]]))

    def drawn() -> Any:
        store = demo_copy.store()
        try:
            return json.loads(context(Snapshot.load(demo_copy, store))[1]).get("jalan")
        finally:
            store.close()

    code, made, _ = peta_aman("roads", path, "--source", "Dinas PUPR", "--json", workspace=demo_copy)
    assert (code, made["lines"]) == (0, 1)
    assert drawn()["sumber"] == "Dinas PUPR"
    assert peta_aman("roads", written(tmp_path, "{"), "--json", workspace=demo_copy)[0] == 4
    assert drawn() is not None
    assert peta_aman("roads", "--remove", "--json", workspace=demo_copy)[0] == 0
    assert drawn() is None
