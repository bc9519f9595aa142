"""What only a browser shows of the map: no sliver between neighbours at any zoom, and words instead of a blank."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from data.workspace import Workspace
from geo.drawing import webmap

STATIC = Path(__file__).resolve().parents[2] / "static"
SCRIPTS = [path for path in webmap.SCRIPTS if "topojson-client" in path or path.endswith("geometry.js")]

# Counts the pixels of a tile that lie in a kabupaten, and those of them that lie in none of its areas of a level.
PIXELS = """([topo, zoom]) => {
    const G = window.PetaAman, geo = window.geo = window.geo || G.decode(topo), lod = G.thinned(geo, zoom)
    const centre = G.project(124.2, -9.7), scale = 2 ** zoom, size = 512
    return [0, 1].map(level => {
        const at = {w: size, h: size, r: 1, ox: centre[0] * scale - size / 2, oy: centre[1] * scale - size / 2}
        const ids = new Uint16Array(size * size)
        const paint = (areas, value) => { for (let j = 0; j < areas.n; j++) G.spread(ids, lod, areas, j, at, value(j)) }
        paint(geo.levels[2], () => 1)
        const land = ids.reduce((sum, id) => sum + (id === 1), 0)
        paint(geo.levels[level], j => j + 2)
        return [land, ids.reduce((sum, id) => sum + (id === 1), 0), ids.reduce((sum, id) => sum + (id > 0), 0)]
    })
}"""


def test_neighbours_share_out_every_pixel_at_every_zoom(chromium: Any, demo_workspace: Workspace) -> None:
    topo = json.loads(next(demo_workspace.layers.glob("peta-*.topo.json")).read_text(encoding="utf-8"))
    page = chromium.new_page()
    try:
        for path in SCRIPTS:
            page.add_script_tag(content=(STATIC / path).read_text(encoding="utf-8"))
        for zoom in range(5, 13):
            for land, left, covered in page.evaluate(PIXELS, [topo, zoom]):
                assert land > 500
                assert (left, covered) == (0, land), f"slivers at zoom {zoom}"
    finally:
        page.close()


@pytest.mark.parametrize("answer", [{"status": 404, "body": ""}, {"status": 200, "body": '{"type": "Topo'}])
def test_a_layer_that_is_lost_or_broken_is_told_in_words(new_tab: Callable[..., Any], answer: dict[str, Any]) -> None:
    tab = new_tab()
    tab.page.route("**/*.topo.json", lambda route: route.fulfill(**answer))
    tab.open("peta")
    told = tab.map.locator(".pa-pesan")
    told.get_by_text("Peta tidak dapat dimuat. Tabel di bawah memuat data yang sama.").wait_for(timeout=60_000)
    tab.page.get_by_text("Tabel", exact=False).first.wait_for()
