"""Map layers: the geometry a browser fetches once, as static files named by their content.

``lapisan/peta-<version>.topo.json`` holds five collections on a grid of `GRID` degrees: ``desa`` (polygons), ``titik``
(points of villages without a polygon), ``kec`` and ``kab`` (dissolved from the villages, sharing their edges), all with
the property ``k``, the code, and ``konteks`` (neighbouring land, without properties). Names travel apart, in
``peta-<version>.names.json``: ``{code: name}`` of every level; the names above follow from the code.
``peta-<version>.meta.json`` is for the server. Each has a ``.gz`` beside it.

More than `MOST` villages are more than a browser should carry at once. Then this file is coarse, as much as a screen
shows of a country, and names end at the kecamatan; ``peta-<version>.<province>.topo.json`` and ``.names.json`` hold one
province as finely as ever, in the same order, and are fetched from zoom `FINE_ZOOM` when the province comes into view.
The coarse file says which there are: ``bagian: {z, kotak: {province: [west, south, east, north]}}``.

Reading (`current_layers`) imports no geometry library, so that it may stand on a screen's path.
"""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, cast

import pandas as pd

from data.domain.levels import Level
from data.errors import Refused
from data.files import write_atomically
from data.store.store import Store
from data.workspace import Workspace
from geo.boundaries.composition import composition, registered
from geo.drawing.layer_meta import LayerMeta
from geo.drawing.layer_proof import damaged_files, is_whole, proven
from geo.drawing.shapes import COLLECTIONS

FORMAT = 4
"""Goes into the version of the input: raise it when the same boundaries would give other files."""
TOLERANCE = 0.0008
"""Simplification in degrees; from 0.001 tiny urban villages lose up to a quarter of their area."""
GRID = 1e-4
"""About 11 m."""
MOST = 10_000
FINE_ZOOM = 9
COARSE_TOLERANCE, COARSE_GRID = 0.003, 4e-4
"""What one pixel shows just below `FINE_ZOOM`."""
Progress = Callable[[float], None]
"""Called with the share done, 0–1."""
Objects = dict[str, list[tuple[Any, Any]]]


def current_layers(store: Store, workspace: Workspace) -> LayerMeta | None:
    """The meta of the layers of the boundaries and the gazetteer now in the store, ``None`` if not built or damaged."""
    wanted = _input_version(store)
    if wanted is None:
        return None
    for path in sorted(workspace.layers.glob("peta-*.meta.json")):
        if not is_whole(path):
            continue
        meta: LayerMeta = json.loads(path.read_text(encoding="utf-8"))
        if meta.get("masukan") == wanted and all(file.is_file() for file in _all_files(workspace, meta)):
            west, south, east, north = meta["bbox"]  # JSON has no tuples
            return meta | {"bbox": (west, south, east, north)}
    return None


def build_layers(store: Store, workspace: Workspace, progress: Progress | None = None) -> LayerMeta:
    """Builds the layers of the boundaries in force and returns their meta; does nothing when they are there already.

    Every village of the gazetteer is in ``desa`` or in ``titik``, unless nothing at all says where it is. Raises
    `Refused` (``NO_BOUNDARIES``) when no boundaries are registered.
    """
    if (built := current_layers(store, workspace)) is not None:
        return built
    tell = progress or (lambda share: None)
    gazetteer = store.gazetteer.villages()
    in_force, made_from = composition(store, workspace, "desa"), _input_version(store)
    if in_force is None or made_from is None:
        raise Refused("NO_BOUNDARIES", level="desa")
    villages, places = _villages(store, workspace, gazetteer)
    tell(0.1)
    fine = _objects(store, workspace, gazetteer, villages, places, TOLERANCE)
    tell(0.3)
    drawn = {name: sorted(properties["k"] for properties, _ in fine[name]) for name in (*COLLECTIONS.values(), "titik")}
    units = {
        str(level): sorted(drawn[name] + (drawn["titik"] if level == Level.DESA else []))
        for level, name in COLLECTIONS.items()
    }
    provinces = sorted({kode[:2] for kode in units["desa"]}) if len(units["desa"]) > MOST else []
    contents = _contents(fine, gazetteer, provinces, lambda share: tell(0.3 + 0.3 * share))
    box = _bbox(fine)
    if provinces:
        boxes = {province: _bbox(_of_province(fine, province)) for province in provinces}
        del fine
        coarse = _objects(store, workspace, gazetteer, villages, places, COARSE_TOLERANCE)
        parts = {"z": FINE_ZOOM, "kotak": boxes}
        contents[""] = _topo(coarse, COARSE_GRID, bagian=parts), _names(gazetteer, below=False)
        del coarse
    tell(0.75)
    digest = hashlib.sha256(str(made_from).encode())
    for part in sorted(contents):
        digest.update(contents[part][0])
    # Names and meta depend on more than the geometry: no file of another state is ever written over.
    version = digest.hexdigest()[:8]
    neighbours, islands = _surroundings(store, workspace, units["desa"])
    meta: LayerMeta = {
        "version": version,
        "kind": in_force.kind,
        "perkiraan": in_force.approximate,
        "bbox": box,
        "units": units,
        "polygons": drawn["desa"],
        "bagian": provinces,
        "tetangga": neighbours,
        "pulau": islands,
        "masukan": made_from,
    }
    tell(0.9)
    written: dict[str, bytes] = {}
    for part, told in contents.items():
        for path, data in zip(_files(workspace, version, part)[:2], told, strict=True):
            written |= _write(path, data)
    whole = proven(meta, written)
    _write(_files(workspace, version)[2], _bytes(whole))  # the last: it says that the others are whole
    return cast("LayerMeta", whole)


def _villages(store: Store, workspace: Workspace, gazetteer: pd.DataFrame) -> tuple[Any, pd.DataFrame]:
    """The villages' polygons in force, and points of those without."""
    from geo.boundaries.in_force import active_boundaries, point_places

    villages = active_boundaries(store, workspace, "desa")
    places = point_places(gazetteer, villages)
    return villages[villages["kode"].isin(gazetteer["kode"])], places


def _objects(
    store: Store, workspace: Workspace, gazetteer: pd.DataFrame, villages: Any, places: pd.DataFrame, tolerance: float
) -> Objects:
    """The five collections, each sorted by code, villages simplified first so that all levels share their edges."""
    import shapely

    from geo.boundaries.approximate import embedded_coast
    from geo.boundaries.coverage import simplify
    from geo.boundaries.in_force import active_boundaries
    from geo.levels import dissolve_level

    villages = simplify(villages, tolerance)
    frames = {"desa": villages}
    for level in (Level.KECAMATAN, Level.KABUPATEN):
        found = composition(store, workspace, level)
        if found is not None and found.level == level:
            frames[COLLECTIONS[level]] = simplify(active_boundaries(store, workspace, level), tolerance)
        else:
            frames[COLLECTIONS[level]] = dissolve_level(villages, level)
    objects: Objects = {
        name: [({"k": kode}, shape) for kode, shape in zip(frame["kode"], frame.geometry, strict=True)]
        for name, frame in frames.items()
    }
    points = shapely.points(places["lon"], places["lat"])
    objects["titik"] = [({"k": kode}, point) for kode, point in zip(places["kode"], points, strict=True)]
    objects["konteks"] = [(None, part) for part in shapely.get_parts(embedded_coast(gazetteer)["konteks"])]
    return objects


def _of_province(objects: Objects, province: str) -> Objects:
    """The same collections without the areas of other provinces and without the context."""
    return {
        name: [(told, shape) for told, shape in shapes if told is not None and told["k"][:2] == province]
        for name, shapes in objects.items()
    }


def _contents(
    fine: Objects, gazetteer: pd.DataFrame, provinces: list[str], progress: Progress
) -> dict[str, tuple[bytes, bytes]]:
    """Geometry and names of each province's files, or of the one file of an installation that is small enough."""
    if not provinces:
        return {"": (_topo(fine, GRID), _names(gazetteer))}
    contents = {}
    for number, province in enumerate(provinces):
        names = _names(gazetteer[gazetteer["kode_prov"] == province])
        contents[province] = _topo(_of_province(fine, province), GRID), names
        progress((number + 1) / len(provinces))
    return contents


def _topo(objects: Objects, grid: float, **more: Any) -> bytes:
    from geo.drawing.topology import topology

    return _bytes(topology(objects, grid) | more)


def _surroundings(store: Store, workspace: Workspace, codes: list[str]) -> tuple[list[list[int]], list[str]]:
    """Who is next to whom and on which island, so that no screen has to open a geometry for it."""
    from geo.frame import village_frame
    from geo.proximity.neighbours import neighbour_pairs
    from geo.proximity.travel import travel_table

    at = {kode: i for i, kode in enumerate(codes)}
    frame = village_frame(store, workspace)
    pairs = neighbour_pairs(frame[["kode", "geometry"]])
    known = pairs[pairs["a"].isin(at) & pairs["b"].isin(at)]
    island = travel_table(store, workspace, frame).set_index("kode")["pulau"]
    pairs_at = [[at[a], at[b]] for a, b in zip(known["a"], known["b"], strict=True)]
    return pairs_at, [str(name) for name in island.reindex(codes)]


def layer_file(workspace: Workspace, version: str) -> Path:
    """The TopoJSON file of a version of the layers."""
    return _files(workspace, version)[0]


def _bbox(objects: Objects) -> tuple[float, float, float, float]:
    """West, south, east, north of the province itself, without its neighbours."""
    import numpy as np
    import shapely

    own = np.array([shape for name in ("desa", "titik") for _, shape in objects[name]], dtype=object)
    west, south, east, north = (round(float(side), 4) for side in shapely.total_bounds(own))
    return west, south, east, north


def _input_version(store: Store) -> str | None:
    """What the layers depend on: live boundaries, names and points of the gazetteer, the way of building."""
    boundaries = registered(store)
    if not any(level == "desa" for level, *_ in boundaries):
        return None
    columns = ["kode", "nama", "kecamatan", "kabupaten", "lon", "lat"]
    rows = pd.util.hash_pandas_object(store.gazetteer.villages()[columns], index=False).to_numpy().tobytes()
    told = json.dumps([FORMAT, TOLERANCE, GRID, boundaries]).encode()
    return hashlib.sha256(told + rows).hexdigest()[:16]


def _names(gazetteer: pd.DataFrame, below: bool = True) -> bytes:
    """``{code: name}`` of kabupaten, kecamatan and, with ``below``, villages."""
    names: dict[str, str] = {}
    for code, name in (("kode_kab", "kabupaten"), ("kode_kec", "kecamatan"), *([("kode", "nama")] if below else [])):
        names.update(zip(gazetteer[code].astype(str), gazetteer[name].astype(str), strict=True))
    return _bytes(dict(sorted(names.items())))


def _files(workspace: Workspace, version: str, part: str = "") -> tuple[Path, Path, Path]:
    """Geometry, names and meta; ``part`` is a province with files of its own."""
    stem = f"peta-{version}.{part}." if part else f"peta-{version}."
    topo, names, meta = (workspace.layers / f"{stem}{kind}.json" for kind in ("topo", "names", "meta"))
    return topo, names, meta


def _all_files(workspace: Workspace, meta: LayerMeta) -> Iterable[Path]:
    for part in ("", *meta.get("bagian", ())):
        yield from _files(workspace, meta["version"], part)[:2]


PACKED = 6
"""Level of gzip: the last per cent of size costs three times the time."""


def mend_layers(store: Store, workspace: Workspace, progress: Progress | None = None) -> list[str]:
    """Removes layer files that are not as they were written and makes those of the boundaries in force again; the names
    of what was removed. Raises as `build_layers`."""
    damaged = damaged_files(workspace.layers)
    for name in damaged:
        (workspace.layers / name).unlink(missing_ok=True)
        if name.endswith(".meta.json"):  # nobody knows any more which files were its own
            for own in workspace.layers.glob(f"{name.removesuffix('meta.json')}*"):
                own.unlink(missing_ok=True)
    if damaged and store.boundaries.newest("desa") is not None:
        build_layers(store, workspace, progress)
        for path in workspace.layers.glob("peta-*.meta.json"):
            if not is_whole(path):  # of an older state, which is not made again
                for own in workspace.layers.glob(f"{path.name.removesuffix('meta.json')}*"):
                    own.unlink(missing_ok=True)
    return damaged


def _write(path: Path, data: bytes) -> dict[str, bytes]:
    """Writes a file and its packed twin; the contents of both by name."""
    packed = path.with_name(path.name + ".gz")
    contents = {packed.name: gzip.compress(data, compresslevel=PACKED, mtime=0), path.name: data}
    for name, content in contents.items():
        write_atomically(path.with_name(name), content)
    return contents


def _bytes(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
