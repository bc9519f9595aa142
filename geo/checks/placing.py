"""Where the features of a boundary file are: reference system, order of axes, and whether both can be true.

A file is believed when its features lie in the province. Coordinates decide against the declaration: metres are not
degrees, and 123° is no latitude.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from data.domain.distance import KM_PER_DEGREE
from data.errors import Refused
from geo.checks.areas import Areas
from geo.checks.shifted import measured_shift
from geo.files.features import Fault, FileFeatures

WGS84 = CRS.from_epsg(4326)
MOST = 0.5
FAR_KM = {"desa": 25.0, "kecamatan": 30.0, "kabupaten": 60.0, "provinsi": 300.0}
"""From here on a polygon is not where the gazetteer has its area; points known only by kecamatan are within it."""
_CRS_TEXT = re.compile(
    r"(?:EPSG|ESRI|OGC):\w{1,8}|\{.*|(?:GEOG|PROJ|COMPD|BOUND|DERIVEDPROJ)(?:CS|CRS)\[.*|(?:GEODCRS|GEODETICCRS|"
    r"GEOGRAPHICCRS|PROJECTEDCRS|COMPOUNDCRS|LOCAL_CS|ENGCRS)\[.*",
    re.DOTALL,
)


def parse_crs(text: str) -> CRS:
    """A horizontal geographic or projected system from an authority code, WKT or PROJJSON. Raises `Refused` (CRS)."""
    if len(text) > 50_000 or not _CRS_TEXT.fullmatch(text.strip()):
        raise Refused("CRS", crs="")
    try:
        crs = CRS.from_user_input(text.strip())
        while crs.is_bound or crs.is_compound:
            # A bound system names a transformation (perhaps a grid file); only the system itself is wanted.
            crs = (crs.source_crs if crs.is_bound else crs.sub_crs_list[0]) or WGS84
        crs = crs.to_2d()
    except CRSError as fault:
        raise Refused("CRS", crs="") from fault
    if not (crs.is_geographic or crs.is_projected):
        raise Refused("CRS", crs=crs.name[:60])
    return crs


def place(
    features: FileFeatures, codes: list[str | None], areas: Areas
) -> tuple[np.ndarray, dict[int, Fault], list[Any]]:
    """Geometries in EPSG:4326 (lon, lat), faults of single features, and notes ``(reason, params)``.

    Only features whose code is known vote on where the file is. Raises `Refused`: ``CRS``, ``CRS_UNKNOWN`` (no
    system declared and no degrees in the province), ``CRS_MISMATCH``, ``AXIS_SWAPPED``.
    """
    geometry = shapely.force_2d(features.geometry)
    crs = parse_crs(features.crs) if features.crs else None
    if crs is not None and crs.name.casefold().startswith(("undefined", "unknown")):
        crs = None
    centres = _centres(geometry)
    voters = np.array([code is not None for code in codes]) & np.isfinite(centres).all(axis=1)
    notes: list[Any] = []
    if crs is None and features.kind != "geojson":
        notes.append(("CRS_ASSUMED", {"crs": "EPSG:4326"}))
    if crs is not None and crs.is_projected:
        degrees = voters.any() and _share(_in_degrees(centres), voters) >= MOST
        geometry = _reprojected(geometry, crs)
        centres = _centres(geometry)
        if degrees:
            raise Refused("CRS_MISMATCH", crs=crs.name[:60], km=_off_km(centres, areas))
        notes.append(("REPROJECTED", {"crs": crs.name[:60]}))
    elif crs is not None and not _is_wgs84(crs) and _share(_in_degrees(centres), voters) >= MOST:
        geometry = _reprojected(geometry, crs)
        centres = _centres(geometry)
        notes.append(("REPROJECTED", {"crs": crs.name[:60]}))
    inside, swapped = _within(centres, areas.extent), _within(centres[:, ::-1], areas.extent)
    if voters.any() and _share(inside, voters) < MOST:
        name = crs.name[:60] if crs else ""
        if _share(swapped, voters) >= MOST:
            raise Refused("AXIS_SWAPPED")
        if crs is None and _share(_in_degrees(centres), voters) < MOST:
            raise Refused("CRS_UNKNOWN")
        raise Refused("CRS_MISMATCH", crs=name, km=_off_km(centres, areas))
    faults: dict[int, Fault] = {}
    for number in np.flatnonzero(voters & ~inside):
        reason = "AXIS_SWAPPED" if swapped[number] else "OUTSIDE_PROVINCE"
        faults[int(number)] = (reason, {"value": codes[number]})
    return geometry, faults, notes


def check_places(
    geometry: np.ndarray, codes: list[str | None], areas: Areas, *, proven: bool, crs: str | None
) -> list[tuple[int, str, dict[str, Any]]]:
    """Warnings ``FAR_FROM_POINT`` for polygons far from the gazetteer's point of their area.

    When most are far the file is refused: as ``CODE_SYSTEM_MISMATCH`` where the code system was not ``proven`` by
    names or dots (BPS digits read as Kemendagri's land elsewhere), else as ``CRS_MISMATCH`` (a wrong UTM zone). So is a
    layer that lies beside its points as a whole (`geo.checks.shifted`).
    """
    numbers = [number for number, code in enumerate(codes) if code in areas.points and geometry[number] is not None]
    if not numbers:
        if not proven and areas.level == "kabupaten":
            raise Refused("CODE_SYSTEM_MISMATCH", column="kode")
        return []
    points = np.array([areas.points[codes[number] or ""] for number in numbers])
    shapes = geometry[numbers]
    # One degree of longitude is within 2 % of one of latitude at 11° south: enough for a limit of 25 km.
    distance = shapely.distance(shapely.points(points), shapely.box(*shapely.bounds(shapes).T)) * KM_PER_DEGREE
    far = distance > FAR_KM[areas.level]
    if far.mean() > MOST:
        km = round(float(np.median(distance)), 1)
        raise Refused("CRS_MISMATCH" if proven else "CODE_SYSTEM_MISMATCH", crs=(crs or "")[:60], column="kode", km=km)
    exact = [number for number in numbers if codes[number] in areas.precise]
    own = np.array([areas.points[codes[number] or ""] for number in exact]).reshape(-1, 2)
    if (shift := measured_shift(geometry[exact], own)) is not None:
        raise Refused("CRS_MISMATCH", crs=(crs or "")[:60], km=round(shift.metres / 1000, 2))
    return [
        (numbers[i], "FAR_FROM_POINT", {"kode": codes[numbers[i]], "km": round(float(distance[i]), 1)})
        for i in np.flatnonzero(far)
    ]


def _off_km(centres: np.ndarray, areas: Areas) -> float:
    """How far the middle of a layer lies from the middle of the province, once round the earth at most."""
    west, south, east, north = areas.extent
    middle = np.median(centres[np.isfinite(centres).all(axis=1)], axis=0) if np.isfinite(centres).any() else [1e9, 1e9]
    degrees = float(np.hypot(middle[0] - (west + east) / 2, middle[1] - (south + north) / 2))
    return round(min(degrees * KM_PER_DEGREE, 40_000.0))


def _is_wgs84(crs: CRS) -> bool:
    """WGS 84 itself, whichever order of axes its name stands for (files hold lon, lat either way)."""
    return crs.to_epsg(min_confidence=60) == 4326 or crs.name in ("WGS 84", "WGS 84 (CRS84)", "GCS_WGS_1984")


def _reprojected(geometry: np.ndarray, crs: CRS) -> np.ndarray:
    """In lon, lat; a position the projection cannot hold becomes infinite and is found with the shapes."""
    try:
        transformer = Transformer.from_crs(crs, WGS84, always_xy=True)
        return shapely.transform(geometry, lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1])))
    except ProjError as fault:
        raise Refused("CRS", crs=crs.name[:60]) from fault


def _centres(geometry: np.ndarray) -> np.ndarray:
    bounds = shapely.bounds(geometry)
    return np.column_stack([(bounds[:, 0] + bounds[:, 2]) / 2, (bounds[:, 1] + bounds[:, 3]) / 2])


def _within(points: np.ndarray, extent: tuple[float, float, float, float]) -> np.ndarray:
    west, south, east, north = extent
    x, y = points[:, 0], points[:, 1]
    return (x >= west) & (x <= east) & (y >= south) & (y <= north)


def _in_degrees(points: np.ndarray) -> np.ndarray:
    return (np.abs(points) <= 180).all(axis=1)


def _share(yes: np.ndarray, of: np.ndarray) -> float:
    return float(yes[of].mean()) if of.any() else 0.0
