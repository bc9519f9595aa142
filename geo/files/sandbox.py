"""Formats that need GDAL or Arrow are read by a child process with limits; here is the parent's side of it.

The child gets a private copy of the file's parts under fixed names, an environment without the application's
secrets, one GDAL driver, and limits of memory, time, output and open files. What it hands back is checked before
it is used: a JSON line and an Arrow stream with geometry as WKB. Nothing is unpickled.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pandas as pd
import shapely

from data.errors import Refused
from geo.files.container import Source
from geo.files.features import Fault, FileFeatures, as_text
from geo.files.limits import MAX_COLUMNS, MAX_FEATURES, MAX_VERTICES, too_large

LIMITS = {"rows": MAX_FEATURES, "columns": MAX_COLUMNS, "memory": 2_000_000_000, "seconds": 20, "output": 250_000_000}
"""FileFeatures and columns, bytes of address space, seconds of processor time, bytes of output of the child."""
WALL_SECONDS = 45
MAX_HEAD = 100_000
GEOMETRY = "__wkb"
"""Name of the column the child puts geometry in."""

DRIVERS = {"gpkg": "GPKG", "shapefile": "ESRI Shapefile", "geoparquet": "Parquet"}
_FILE_NAMES = {"gpkg": "batas.gpkg", "geoparquet": "batas.parquet"}
_CHILD = Path(__file__).with_name("child.py")

# Vector drivers of GDAL 3.4 to 3.12; whatever a build has besides is found by the child and skipped the second time.
_KNOWN_DRIVERS = (
    "ADBC,AIVector,AVCBin,AVCE00,AmigoCloud,Arrow,CAD,CSV,CSW,Carto,DGN,DXF,EDIGEO,EEDA,ESRI Shapefile,ESRIJSON,"
    "Elasticsearch,FlatGeobuf,GDALG,GML,GMLAS,GPKG,GPSBabel,GPX,GTFS,GeoJSON,GeoJSONSeq,GeoRSS,HTTP,Idrisi,JML,JSONFG,"
    "KML,LIBKML,LVBAG,MBTiles,MEM,MSSQLSpatial,MVT,MapInfo File,MapML,Memory,MiraMonVector,MongoDBv3,MySQL,NGW,OAPIF,"
    "OCI,ODBC,ODS,OGCAPI,OGR_GMT,OGR_PDS,OGR_VRT,OSM,OpenFileGDB,PCIDSK,PDF,PDS4,PGDUMP,PLSCENES,PMTiles,Parquet,"
    "PostgreSQL,S57,SQLite,SXF,Selafin,TIGER,TopoJSON,UK .NTF,VDV,VFK,VICAR,VRT,WAsP,WFS,XLS,XLSX,XODR"
)


def read_in_child(source: Source, *, layer: str | None = None) -> FileFeatures:
    """The features of a GeoPackage, shapefile or GeoParquet. Raises `Refused` with the reason the child gave,
    ``CORRUPT_FILE`` when it died, ``TOO_LARGE`` when it reached a limit."""
    with tempfile.TemporaryDirectory(prefix="peta-aman-batas-") as folder:
        path = _copy(source, Path(folder))
        request = {
            "path": str(path),
            "driver": DRIVERS[source.kind],
            "layer": layer,
            "encoding": _encoding(source),
            "limits": LIMITS,
        }
        with _run(request, Path(folder), source.name) as answer:
            head = json.loads(answer.readline(MAX_HEAD))
            table, geometry, faults = _taken(answer, source.name)
    return FileFeatures(source.kind, table, geometry, faults, crs=head.get("crs"))


def _copy(source: Source, folder: Path) -> Path:
    """The parts under names of ours: a file's own name never meets a path."""
    for part in source.parts:
        name = f"batas{part.suffix}" if source.kind == "shapefile" else _FILE_NAMES[source.kind]
        (folder / name).write_bytes(part.content())
    return folder / ("batas.shp" if source.kind == "shapefile" else _FILE_NAMES[source.kind])


def _encoding(source: Source) -> str | None:
    """The encoding a ``.cpg`` names, where Python knows it (GDAL finds it in the DBF header otherwise)."""
    for part in source.parts:
        if part.suffix == ".cpg":
            name = part.read(40).decode("ascii", errors="ignore").strip()
            name = f"cp{name}" if name.isdigit() else name
            try:
                "".encode(name)
            except LookupError:
                return None
            return name
    return None


def _run(request: dict[str, Any], folder: Path, name: str, *, skip: tuple[str, ...] = ()) -> BinaryIO:
    """The child's good answer, open at its beginning: one JSON line, then the Arrow stream."""
    with (folder / "jawaban").open("wb") as output:
        try:
            done = subprocess.run(
                [sys.executable, "-I", "-B", str(_CHILD)],
                input=json.dumps(request).encode(),
                stdout=output,
                stderr=subprocess.DEVNULL,
                cwd=folder,
                env=_environment(request["driver"], skip),
                timeout=WALL_SECONDS,
                check=False,
            )
        except subprocess.TimeoutExpired as fault:
            raise too_large(name) from fault
    with (folder / "jawaban").open("rb") as answer:
        try:
            head = json.loads(answer.readline(MAX_HEAD))
        except ValueError as fault:
            raise Refused("CORRUPT_FILE", file=name) from fault
    if head.get("reason") == "DRIVERS" and not skip:
        return _run(request, folder, name, skip=tuple(head["params"]["drivers"]))
    if head.get("reason") == "TOO_LARGE":
        raise too_large(name)
    if head.get("reason"):
        reason = "DRIVER_NOT_ALLOWED" if head["reason"] == "DRIVERS" else head["reason"]
        raise Refused(reason, file=name, **{key: value for key, value in head["params"].items() if key != "drivers"})
    if done.returncode != 0:
        raise Refused("CORRUPT_FILE", file=name)
    return (folder / "jawaban").open("rb")


def _environment(driver: str, skip: tuple[str, ...]) -> dict[str, str]:
    """Only what a process needs to start; no database address, no proxy, no GDAL settings of the office."""
    kept = {key: os.environ[key] for key in ("SYSTEMROOT", "LD_LIBRARY_PATH", "TMPDIR", "TEMP") if key in os.environ}
    return kept | {
        "GDAL_SKIP": ",".join(sorted({*_KNOWN_DRIVERS.split(","), *skip} - {driver})),
        "GDAL_DRIVER_PATH": "disable",
        "GDAL_NUM_THREADS": "1",
        "GDAL_HTTP_PROXY": "127.0.0.1:9",
        "CPL_VSIL_CURL_ALLOWED_EXTENSIONS": ".none",
        "OGR_SQLITE_PRAGMA": "trusted_schema=OFF",
        "PROJ_NETWORK": "OFF",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "ARROW_DEFAULT_MEMORY_POOL": "system",
        "LC_ALL": "C.UTF-8",
    }


def _taken(answer: BinaryIO, name: str) -> tuple[pd.DataFrame, np.ndarray, dict[int, Fault]]:
    """Attributes as text and geometries from the child's stream, batch by batch, each validated."""
    import pyarrow as pa

    cells: dict[str, list[str | None]] = {}
    shapes: list[Any] = []
    faults: dict[int, Fault] = {}
    try:
        with pa.ipc.open_stream(answer) as stream:
            cells = {column: [] for column in stream.schema.names if column != GEOMETRY}
            for batch in stream:
                batch.validate(full=True)
                for column, values in cells.items():
                    values += [as_text(value) for value in batch.column(column).to_pylist()]
                for value in batch.column(GEOMETRY):
                    shapes.append(_shape(value.as_py(), len(shapes), faults))
    except (pa.ArrowException, KeyError, ValueError, OSError) as fault:
        raise Refused("CORRUPT_FILE", file=name) from fault
    if not shapes:
        raise Refused("NO_ROWS", file=name)
    geometry = np.empty(len(shapes), dtype=object)
    geometry[:] = shapes
    return pd.DataFrame(cells, index=range(len(shapes)), dtype=object), geometry, faults


def _shape(wkb: bytes | None, number: int, faults: dict[int, Fault]) -> Any:
    """The geometry, or ``None`` and a fault under its number."""
    if not wkb:
        faults[number] = ("GEOM_EMPTY", {})
    elif len(wkb) > 40 * MAX_VERTICES:
        # A position takes 16 to 32 bytes: more than this cannot be within the limit, and need not be built.
        faults[number] = ("TOO_COMPLEX", {"vertices": len(wkb) // 32, "limit": MAX_VERTICES})
    else:
        shape = shapely.from_wkb(wkb, on_invalid="ignore")
        if shape is None:
            faults[number] = ("GEOM_INVALID", {"problem": "coordinates"})
        return shape
    return None
