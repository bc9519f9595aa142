"""One entry to every kind of boundary file."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from data.errors import Refused
from geo.files.container import open_source
from geo.files.features import FileFeatures
from geo.files.geojson import read_geojson
from geo.files.sandbox import DRIVERS, read_in_child
from geo.files.text_table import read_text_table
from geo.files.wilayah_sql import read_dumps


def read_boundaries(
    path: Path, *, layer: str | None = None, level: str | None = None, provinces: Iterable[str] = ()
) -> FileFeatures:
    """The features of a boundary file, archive or folder, recognised by content.

    ``layer`` names a layer or member where there are several; ``level`` picks the level of SQL dumps (the finest
    when not given); ``provinces`` are the two-digit codes whose dumps are wanted. Geometry is as the file has it:
    not yet repaired, in the file's own reference system. Raises `Refused` with a file reason of INTERFACE.md.
    """
    source = open_source(path, layer=layer, provinces=provinces)
    if source.kind == "sql":
        features = read_dumps(source.parts, level=level)
    elif source.kind == "geojson":
        features = read_geojson(source.parts[0])
    elif source.kind == "csv":
        features = read_text_table(source.parts[0])
    elif source.kind in DRIVERS:
        features = read_in_child(source, layer=layer)
    else:
        raise Refused("UNSUPPORTED_FORMAT", file=source.name)
    features.sha256 = source.sha256
    features.notes = source.notes + features.notes
    return features
