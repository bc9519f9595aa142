"""The stored map layers read back without a geometry library: arcs, rings, points, for drawing on the server."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np

from data.domain.levels import Level

COLLECTIONS = {Level.DESA: "desa", Level.KECAMATAN: "kec", Level.KABUPATEN: "kab"}
"""Name of each drawn level's collection in the files of the map; villages without a polygon are in ``titik``."""


@dataclass(frozen=True, eq=False)
class Shape:
    """One area: ``rings`` of positions in ``Shapes.arcs`` (``~i`` runs backwards), or a point (lon, lat)."""

    kode: str
    rings: tuple[tuple[int, ...], ...]
    bbox: tuple[float, float, float, float]
    point: tuple[float, float] | None = None


@dataclass(frozen=True, eq=False)
class Shapes:
    """All collections of one layer file, in degrees (EPSG:4326); ``arcs`` are float arrays of shape (n, 2)."""

    arcs: tuple[np.ndarray, ...]
    objects: dict[str, tuple[Shape, ...]]

    def ring(self, ring: tuple[int, ...]) -> np.ndarray:
        """The closed ring's corners, shape (n, 2), without the repeated last one."""
        return np.concatenate([self.arcs[i][:-1] if i >= 0 else self.arcs[~i][:0:-1] for i in ring])


@lru_cache(maxsize=2)
def read_shapes(path: Path) -> Shapes:
    """The layer file at ``path``; its name is its hash, so what was read once stays true."""
    topo = json.loads(path.read_text(encoding="utf-8"))
    scale, shift = (np.asarray(topo["transform"][name]) for name in ("scale", "translate"))
    arcs = tuple(np.cumsum(np.asarray(arc, float), axis=0) * scale + shift for arc in topo["arcs"])
    boxes = [(*arc.min(axis=0), *arc.max(axis=0)) for arc in arcs]
    objects = {}
    for name, collection in topo["objects"].items():
        found = []
        for geometry in collection.get("geometries", [collection]):
            kode = geometry.get("properties", {}).get("k", "")
            if geometry["type"] == "Point":
                lon, lat = np.asarray(geometry["coordinates"], float) * scale + shift
                found.append(Shape(kode, (), (lon, lat, lon, lat), (float(lon), float(lat))))
            elif geometry.get("arcs"):
                polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
                rings = tuple(tuple(ring) for polygon in polygons for ring in polygon)
                sides = np.array([boxes[i if i >= 0 else ~i] for ring in rings for i in ring])
                west, south = sides[:, :2].min(axis=0)
                east, north = sides[:, 2:].max(axis=0)
                found.append(Shape(kode, rings, (west, south, east, north)))
        objects[name] = tuple(found)
    return Shapes(arcs, objects)
