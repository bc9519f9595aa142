"""Map layers: the geometry a browser fetches once, as static files named by their content.

``lapisan/peta-<version>.topo.json`` holds five collections on a grid of `GRID` degrees: ``desa`` (polygons), ``titik``
(points of villages without a polygon), ``kec`` and ``kab`` (dissolved from the villages, sharing their edges), all with
the property ``k``, the code, and ``konteks`` (neighbouring land, without properties). Names travel apart, in
``peta-<version>.names.json``: ``{code: [name, kecamatan, kabupaten]}``, empty above the area's own level.
``peta-<version>.meta.json`` is for the server. Each has a ``.gz`` beside it.

Reading (`current_layers`) imports no geometry library, so that it may stand on a screen's path.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path
from typing import Any

import pandas as pd

from data.errors import Refused
from data.workspace import Workspace, write_atomically
from geo.composition import composition, registered

FORMAT = 3
"""Goes into the version of the input: raise it when the same boundaries would give other files."""
TOLERANCE = 0.0008
"""Simplification in degrees; from 0.001 tiny urban villages lose up to a quarter of their area."""
GRID = 1e-4
"""About 11 m."""
LEVELS = {"desa": "desa", "kecamatan": "kec", "kabupaten": "kab"}
"""Name of each level's collection."""


def current_layers(store: Any, workspace: Workspace) -> dict[str, Any] | None:
    """The meta of the layers that belong to the boundaries and the gazetteer now in the store, ``None`` if not built.

    ``version`` (names the files), ``kind`` (``resmi``, ``perkiraan``, or ``campuran`` of both), ``perkiraan`` (codes
    of the kabupaten drawn from approximate villages), ``bbox`` (west, south, east, north in EPSG:4326), ``units``
    ({level: all codes, sorted}), ``polygons`` (codes of villages drawn as polygons, sorted), ``tetangga`` (pairs of
    neighbouring villages as positions in ``units["desa"]``), ``pulau`` (name of the island of each of them, or the code
    of the kecamatan that an unnamed one is known by), ``masukan`` (what they were made from).
    """
    wanted = _input_version(store)
    if wanted is None:
        return None
    for path in sorted(workspace.layers.glob("peta-*.meta.json")):
        meta: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if meta.get("masukan") == wanted and all(file.is_file() for file in _files(workspace, meta["version"])):
            return meta
    return None


def build_layers(store: Any, workspace: Workspace) -> dict[str, Any]:
    """Builds the layers of the boundaries in force and returns their meta; does nothing when they are there already.

    Every village of the gazetteer is in ``desa`` or in ``titik``, unless nothing at all says where it is. Raises
    `Refused` (``NO_BOUNDARIES``) when no boundaries are registered.
    """
    if (built := current_layers(store, workspace)) is not None:
        return built
    from geo.topology import topology

    gazetteer = store.gazetteer()
    in_force = composition(store, workspace, "desa")
    if in_force is None:
        raise Refused("NO_BOUNDARIES", level="desa")
    objects = _objects(store, workspace, gazetteer)
    topo = topology(objects, GRID)
    content = _bytes(topo)
    made_from = _input_version(store)
    # Names and meta depend on more than the geometry: no file of another state is ever written over.
    version = hashlib.sha256(str(made_from).encode() + content).hexdigest()[:8]
    drawn = {name: sorted(properties["k"] for properties, _ in objects[name]) for name in (*LEVELS.values(), "titik")}
    units = {level: sorted(drawn[name] + (drawn["titik"] if level == "desa" else [])) for level, name in LEVELS.items()}
    meta = {
        "version": version,
        "kind": in_force.kind,
        "perkiraan": in_force.approximate,
        "bbox": _bbox(objects),
        "units": units,
        "polygons": drawn["desa"],
        **_surroundings(store, workspace, units["desa"]),
        "masukan": made_from,
    }
    topo_file, names_file, meta_file = _files(workspace, version)
    # the meta last: it says that the others are whole
    for path, data in ((topo_file, content), (names_file, _bytes(_names(gazetteer))), (meta_file, _bytes(meta))):
        write_atomically(path.with_name(path.name + ".gz"), gzip.compress(data, compresslevel=9, mtime=0))
        write_atomically(path, data)
    return meta


def _objects(store: Any, workspace: Workspace, gazetteer: pd.DataFrame) -> dict[str, list[tuple[Any, Any]]]:
    """The five collections, each sorted by code, villages simplified first so that all levels share their edges."""
    import shapely

    from geo.approximate import embedded_coast
    from geo.boundaries import active_boundaries, point_places
    from geo.coverage import simplify
    from geo.levels import dissolve_level

    villages = active_boundaries(store, workspace, "desa")
    places = point_places(gazetteer, villages)
    villages = simplify(villages[villages["kode"].isin(gazetteer["kode"])], TOLERANCE)
    frames = {"desa": villages}
    for level in ("kecamatan", "kabupaten"):
        found = composition(store, workspace, level)
        if found is not None and found.level == level:
            frames[LEVELS[level]] = simplify(active_boundaries(store, workspace, level), TOLERANCE)
        else:
            frames[LEVELS[level]] = dissolve_level(villages, level)
    objects: dict[str, list[tuple[Any, Any]]] = {
        name: [({"k": kode}, shape) for kode, shape in zip(frame["kode"], frame.geometry, strict=True)]
        for name, frame in frames.items()
    }
    points = shapely.points(places["lon"], places["lat"])
    objects["titik"] = [({"k": kode}, point) for kode, point in zip(places["kode"], points, strict=True)]
    objects["konteks"] = [(None, part) for part in shapely.get_parts(embedded_coast(gazetteer)["konteks"])]
    return objects


def _surroundings(store: Any, workspace: Workspace, codes: list[str]) -> dict[str, Any]:
    """Who is next to whom and on which island, so that no screen has to open a geometry for it."""
    from geo.frame import village_frame
    from geo.neighbours import neighbour_pairs
    from geo.travel import travel_table

    at = {kode: i for i, kode in enumerate(codes)}
    pairs = neighbour_pairs(village_frame(store, workspace)[["kode", "geometry"]])
    known = pairs[pairs["a"].isin(at) & pairs["b"].isin(at)]
    island = travel_table(store, workspace).set_index("kode")["pulau"]
    return {
        "tetangga": [[at[a], at[b]] for a, b in zip(known["a"], known["b"], strict=True)],
        "pulau": [str(name) for name in island.reindex(codes)],
    }


def layer_file(workspace: Workspace, version: str) -> Path:
    """The TopoJSON file of a version of the layers."""
    return _files(workspace, version)[0]


def _bbox(objects: dict[str, list[tuple[Any, Any]]]) -> list[float]:
    """West, south, east, north of the province itself, without its neighbours."""
    import numpy as np
    import shapely

    own = np.array([shape for name in ("desa", "titik") for _, shape in objects[name]], dtype=object)
    return [round(float(side), 4) for side in shapely.total_bounds(own)]


def _input_version(store: Any) -> str | None:
    """What the layers depend on: live boundaries, names and points of the gazetteer, the way of building."""
    boundaries = registered(store)
    if not any(level == "desa" for level, *_ in boundaries):
        return None
    columns = ["kode", "nama", "kecamatan", "kabupaten", "lon", "lat"]
    rows = pd.util.hash_pandas_object(store.gazetteer()[columns], index=False).to_numpy().tobytes()
    told = json.dumps([FORMAT, TOLERANCE, GRID, boundaries]).encode()
    return hashlib.sha256(told + rows).hexdigest()[:16]


def _names(gazetteer: pd.DataFrame) -> dict[str, list[str]]:
    names: dict[str, list[str]] = {}
    for row in gazetteer.itertuples():
        names[str(row.kode)] = [str(row.nama), str(row.kecamatan), str(row.kabupaten)]
        names[str(row.kode_kec)] = [str(row.kecamatan), "", str(row.kabupaten)]
        names[str(row.kode_kab)] = [str(row.kabupaten), "", ""]
    return dict(sorted(names.items()))


def _files(workspace: Workspace, version: str) -> tuple[Path, Path, Path]:
    stem = workspace.layers / f"peta-{version}"
    return stem.with_suffix(".topo.json"), stem.with_suffix(".names.json"), stem.with_suffix(".meta.json")


def _bytes(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
