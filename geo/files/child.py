"""The process that opens a vector file with GDAL (or a Parquet file with Arrow) on behalf of the application.

Run by `geo.files.sandbox` as a script of its own, isolated from the application's environment: it imports nothing
of the project, limits itself before it loads a library, keeps a single GDAL driver, and hands back one JSON line
and an Arrow stream. It is told what to read on standard input: ``{"path", "driver", "layer", "encoding",
"limits"}``.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

MAX_UNPACKED = 400_000_000

_AREAL = ("Polygon", "Surface", "Unknown", "Collection")
"""Words in GDAL's names of the geometry types a layer of areas may have."""


class ReadFault(Exception):
    """What to tell the application: a reason code and its values."""


def main() -> int:
    """Answers the one request. The answer leaves by the original standard output; libraries print elsewhere."""
    answer = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    request = json.loads(sys.stdin.read())
    confine(request["limits"])
    # pyogrio runs without these two, and a second of import is most of the child's life.
    sys.modules["geopandas"] = sys.modules["pandas"] = None  # type: ignore[assignment]
    try:
        head, table = _parquet(request) if request["driver"] == "Parquet" else _vector(request)
        import pyarrow as pa

        answer.write(json.dumps(head).encode() + b"\n")
        with pa.ipc.new_stream(answer, table.schema) as stream:
            stream.write_table(table)
        answer.flush()
    except ReadFault as fault:
        answer.write(json.dumps({"reason": fault.args[0], "params": fault.args[1]}).encode() + b"\n")
    except MemoryError:
        answer.write(json.dumps({"reason": "TOO_LARGE", "params": {}}).encode() + b"\n")
    return 0


def confine(limits: dict[str, int]) -> None:
    """Memory, processor time, size of written files, open files, core dumps; and no network where Linux allows.

    Windows has no such limits: there the time limit of the parent and the single driver are what is left.
    """
    try:
        import resource
    except ImportError:
        return
    for name, limit in (
        ("AS", limits["memory"]),
        ("CPU", limits["seconds"]),
        ("FSIZE", limits["output"]),
        ("NOFILE", 64),
        ("CORE", 0),
    ):
        which = getattr(resource, f"RLIMIT_{name}")
        hard = resource.getrlimit(which)[1]
        wanted = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
        try:
            resource.setrlimit(which, (wanted, wanted))
        except (ValueError, OSError):
            continue  # macOS has no limit of address space
    if sys.platform == "linux":
        import ctypes

        # CLONE_NEWUSER | CLONE_NEWNET: a network namespace with no interface. Refused in some containers.
        ctypes.CDLL(None, use_errno=True).unshare(0x10000000 | 0x40000000)


def _vector(request: dict[str, Any]) -> tuple[dict[str, Any], Any]:
    import pyogrio
    import pyogrio.raw

    driver = request["driver"]
    extra = sorted(set(pyogrio.list_drivers()) - {driver})
    if extra:
        # GDAL registers drivers once, at load: the parent starts the process anew without these.
        raise ReadFault("DRIVERS", {"drivers": extra})
    kinds = {str(name): str(kind or "") for name, kind in pyogrio.list_layers(request["path"])}
    layers = [name for name, kind in kinds.items() if any(word in kind for word in _AREAL)] or [
        name for name, kind in kinds.items() if kind
    ]
    layer = _pick(layers, request["layer"])
    info = pyogrio.read_info(request["path"], layer=layer, encoding=request["encoding"])
    limits = request["limits"]
    if info["features"] > limits["rows"] or len(info["fields"]) > limits["columns"]:
        raise ReadFault("TOO_LARGE", {})
    fields = [
        name
        for name, kind in zip(info["fields"], info["dtypes"], strict=True)
        if str(kind).startswith(("object", "int", "uint", "float"))
    ]
    meta, table = pyogrio.raw.read_arrow(
        request["path"], layer=layer, encoding=request["encoding"], columns=fields, max_features=limits["rows"]
    )
    head = {"crs": meta["crs"], "layer": layer, "layers": layers}
    return head, _plain(table, meta["geometry_name"] or "wkb_geometry")


def _pick(layers: list[str], wanted: str | None) -> str:
    named = [name for name in layers if wanted and name.casefold() == wanted.casefold()]
    chosen = named or layers
    if not chosen:
        raise ReadFault("NO_ROWS", {})
    if len(chosen) > 1:
        raise ReadFault("LAYER_CHOICE", {"choices": ", ".join(layers[:50]), "names": layers})
    return chosen[0]


def _parquet(request: dict[str, Any]) -> tuple[dict[str, Any], Any]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(request["path"]) as file:
        unpacked = sum(file.metadata.row_group(i).total_byte_size for i in range(file.metadata.num_row_groups))
        rows, columns, limits = file.metadata.num_rows, file.metadata.num_columns, request["limits"]
        if rows > limits["rows"] or columns > limits["columns"] or unpacked > MAX_UNPACKED:
            raise ReadFault("TOO_LARGE", {})
        described = json.loads((file.schema_arrow.metadata or {}).get(b"geo", b"null"))
        if not isinstance(described, dict):
            raise ReadFault("UNSUPPORTED_FORMAT", {})
        primary = described["primary_column"]
        column = described["columns"][primary]
        if str(column.get("encoding")).upper() != "WKB":
            raise ReadFault("UNSUPPORTED_FORMAT", {})
        names = [field.name for field in file.schema_arrow if field.name == primary or _is_cell(field.type)]
        table = file.read(columns=names)
    # The format's default is OGC:CRS84; an explicit null means that the system is not known.
    crs = json.dumps(column["crs"]) if column.get("crs") else ("EPSG:4326" if "crs" not in column else None)
    return {"crs": crs, "layer": "", "layers": []}, _plain(table, primary)


def _is_cell(kind: Any) -> bool:
    import pyarrow as pa

    return (
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_dictionary(kind)
    )


def _plain(table: Any, geometry: str) -> Any:
    """Cells as they are, the geometry as binary under the name ``__wkb``; nothing of extension types."""
    import pyarrow as pa

    columns = {}
    for name in table.column_names:
        column = table.column(name)
        if name == geometry:
            if isinstance(column.type, pa.ExtensionType):
                column = pa.chunked_array([chunk.storage for chunk in column.chunks], type=column.type.storage_type)
            columns["__wkb"] = column.cast(pa.large_binary())
        elif _is_cell(column.type):
            columns[name] = column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column
    if "__wkb" not in columns:
        columns["__wkb"] = pa.nulls(table.num_rows, pa.large_binary())
    return pa.table(columns)


if __name__ == "__main__":
    raise SystemExit(main())
