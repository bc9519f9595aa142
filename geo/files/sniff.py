"""What a file is, told by its first bytes. The file's name is only believed when the bytes say nothing.

GDAL guesses a format from content too, with 64 drivers to choose from, and two of them (VRT, WFS) fetch whatever
the file tells them to. So the format is decided here, before GDAL sees anything.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from data.errors import Refused
from geo.checks.headers import GEOMETRY_HEADERS, plain

HEAD = 65_536
"""Bytes of a file's beginning that are enough to tell what it is (the licence of an SQL dump takes 2 kB)."""

GPKG_APPLICATION_IDS = {b"GPKG", b"GP10", b"GP11"}
_INSERT = re.compile(rb"\b(?:INSERT|REPLACE)\s+INTO\b", re.IGNORECASE)
_XML_ROOT = re.compile(rb"<([A-Za-z_][\w.:-]*)")
_INDIRECT_ROOTS = {b"ogrvrtdatasource", b"vrtdataset", b"ogrwfsdatasource", b"gdal_wms", b"ogcapi", b"gdalg"}
_EXTENSIONS = {".geojson", ".json", ".gpkg", ".shp", ".zip", ".parquet", ".geoparquet", ".sql"}


def kind_of(head: bytes, name: str) -> str:
    """``sql``, ``geojson``, ``csv``, ``gpkg``, ``geoparquet``, ``shp`` or ``zip``; raises `Refused` for anything else.

    ``head`` holds the file's first `HEAD` bytes. Reasons: ``EMPTY_FILE``; ``DRIVER_NOT_ALLOWED`` for a file that
    only points at other data (VRT, WFS); ``TYPE_MISMATCH`` when the name promises a boundary file and the content
    is something else; ``UNSUPPORTED_FORMAT``.
    """
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise Refused("EMPTY_FILE", file=name)
    if head.startswith(b"SQLite format 3\x00"):
        if head[68:72] in GPKG_APPLICATION_IDS:
            return "gpkg"
        raise _not_a_boundary_file(name)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "zip"
    if head.startswith(b"PAR1"):
        return "geoparquet"
    if head.startswith(b"\x00\x00\x27\x0a"):
        return "shp"
    text = _as_text(head)
    if text.startswith(b"{"):
        if _names_another_source(text):
            raise Refused("DRIVER_NOT_ALLOWED", file=name)
        return "geojson"
    if text.startswith(b"<"):
        roots = {root.lower().rpartition(b":")[2] for root in _XML_ROOT.findall(text[:4096])}
        if roots & _INDIRECT_ROOTS:
            raise Refused("DRIVER_NOT_ALLOWED", file=name)
        raise _not_a_boundary_file(name)
    if _is_table_of_shapes(text):
        return "csv"
    if _INSERT.search(text) or (_suffix(name) == ".sql" and b"\x00" not in text):
        return "sql"
    raise _not_a_boundary_file(name)


def _as_text(head: bytes) -> bytes:
    """The head without byte order mark and leading blanks; UTF-16 as ASCII as far as it goes."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.replace(b"\x00", b"")[2:]
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()


def _names_another_source(text: bytes) -> bool:
    """Whether JSON is a pipeline or service description of GDAL, not data."""
    return re.match(rb'\{\s*"type"\s*:\s*"(?:gdal_streamed_alg|OGCAPI)"', text) is not None


def _is_table_of_shapes(text: bytes) -> bool:
    """Whether the first line names a column of shapes and what follows holds one."""
    header, _, rest = text.partition(b"\n")
    names = {plain(name) for name in re.split(r"[;,\t|]", header[:4096].decode("utf-8", errors="ignore"))}
    return bool(names & GEOMETRY_HEADERS) and re.search(rb"POLYGON|[Pp]olygon|EMPTY", rest) is not None


def _suffix(name: str) -> str:
    return PurePosixPath(name.lower()).suffix


def _not_a_boundary_file(name: str) -> Refused:
    return Refused("TYPE_MISMATCH" if _suffix(name) in _EXTENSIONS else "UNSUPPORTED_FORMAT", file=name)
