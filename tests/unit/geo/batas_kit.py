"""A fictional province of twelve square villages, and its boundaries in every container, for tests of the import."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import shapely

from data.workspace import Workspace

STEP = 0.1
WEST, SOUTH = 120.0, -9.5
NAMES = [
    "Awan",
    "Batu Putih",
    "Cendana",
    "Damar",
    "Embun",
    "Fajar",
    "Gunung Sari",
    "Hulu",
    "Intan",
    "Jati",
    "Kelapa",
    "Lontar",
]


def gazetteer(*, bps: bool = True, points: bool = True) -> pd.DataFrame:
    """Twelve villages in two kabupaten; the BPS codes of the kabupaten are the other's (as in the real province)."""
    rows: list[dict[str, Any]] = []
    for number, name in enumerate(NAMES):
        column, line = number % 4, number // 4
        kab, kec, desa = column // 2 + 1, column % 2 + 1, line + 1
        rows.append(
            {
                "kode": f"97.{kab:02}.{kec:02}.2{desa:03}",
                "nama": name,
                "jenis": "desa",
                "kode_kec": f"97.{kab:02}.{kec:02}",
                "kecamatan": f"Kecamatan {'ABCD'[column]}",
                "kode_kab": f"97.{kab:02}",
                "kabupaten": ["Kabupaten Barat", "Kabupaten Timur"][kab - 1],
                "kode_prov": "97",
                "kode_bps": f"97{3 - kab:02}{kec * 10:03}{desa:03}" if bps else "",
                "penduduk": float("nan"),
                "kode_lama": "97.01.01.2901" if number == 0 else "",
                "lon": WEST + (column + 0.5) * STEP if points else float("nan"),
                "lat": SOUTH + (line + 0.5) * STEP if points else float("nan"),
                "elevasi": float("nan"),
                "presisi_titik": "desa" if points else "",
            }
        )
    return pd.DataFrame(rows).sort_values("kode", ignore_index=True)


def villages() -> gpd.GeoDataFrame:
    """``kode, nama`` and the squares, in EPSG:4326, in the gazetteer's order."""
    frame = gazetteer()
    half = STEP / 2
    squares = [
        shapely.box(x - half, y - half, x + half, y + half)
        for x, y in zip(frame["lon"].round(6), frame["lat"].round(6), strict=True)
    ]
    return gpd.GeoDataFrame(frame[["kode", "nama"]], geometry=shapely.set_precision(squares, 1e-6), crs="EPSG:4326")


def feature(kode: str | None, geometry: Any, **properties: Any) -> dict[str, Any]:
    shape = json.loads(shapely.to_geojson(geometry)) if isinstance(geometry, shapely.Geometry) else geometry
    return {"type": "Feature", "properties": {"kode": kode} | properties, "geometry": shape}


def features(frame: gpd.GeoDataFrame | None = None) -> list[dict[str, Any]]:
    frame = villages() if frame is None else frame
    return [feature(row.kode, row.geometry, nama=row.nama) for row in frame.itertuples()]


def write_geojson(path: Path, members: list[dict[str, Any]], crs: Any = None) -> Path:
    document: dict[str, Any] = {"type": "FeatureCollection", "features": members}
    if crs is not None:
        document["crs"] = {"type": "name", "properties": {"name": crs}} if isinstance(crs, str) else crs
    path.write_text(json.dumps(document), encoding="utf-8")
    return path


def sql_rows(frame: gpd.GeoDataFrame | None = None) -> str:
    """The frame as the public dumps have it: rings in [lat, lng] order."""
    lines = []
    for row in (villages() if frame is None else frame).itertuples():
        flipped = shapely.transform(row.geometry, lambda xy: xy[:, ::-1])
        path = json.loads(shapely.to_geojson(flipped))["coordinates"]
        name = row.nama.replace("'", "''")
        lines.append(
            f"\t('{row.kode}','{name}',{row.geometry.centroid.y},{row.geometry.centroid.x},'{json.dumps(path)}')"
        )
    return "INSERT INTO wilayah_boundaries(kode,nama,lat,lng,path) VALUES\n" + ",\n".join(lines) + ";\n"


def write_sql(path: Path, frame: gpd.GeoDataFrame | None = None) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        "/*\n MIT License -- it's free\n*/\nDELETE FROM wilayah_boundaries WHERE kode LIKE '97.%';\n" + sql_rows(frame),
        encoding="utf-8",
    )
    return path


def write_zip(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


def write_shapefile(folder: Path, frame: gpd.GeoDataFrame, **options: Any) -> dict[str, bytes]:
    """The sidecars of a shapefile by name."""
    folder.mkdir(parents=True, exist_ok=True)
    frame.to_file(folder / "batas_desa.shp", **options)
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def check_written(reason: str, params: dict[str, Any]) -> None:
    """Every reason an import gives has a text of its own, in both languages, that its values fill."""
    from words import t

    for lang in ("id", "en"):
        text = t(f"batas.{reason}", lang, **params)
        assert "{" not in text or "{{" in str(params), text
        assert "[" not in text, f"a list is no text: {text}"


def installation(tmp_path: Path, frame: pd.DataFrame | None = None) -> tuple[Workspace, Any]:
    """A new workspace with the fictional gazetteer (or another); the caller closes the store."""
    workspace = Workspace(tmp_path / "workspace").create()
    store = workspace.store()
    store.gazetteer.replace(gazetteer() if frame is None else frame)
    return workspace, store
