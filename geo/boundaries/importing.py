"""Import of boundaries: read, resolve, place, repair, check as a coverage, store as one version of one level."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
from rapidfuzz import fuzz

from data.batches import BatchMeta
from data.errors import Refused, RowErrors, WrongUse
from data.files import write_atomically
from data.intake.cells.text import name_key, shorten
from data.intake.examined import Examined, ImportOptions
from data.intake.privacy.personal import value_kind
from data.intake.report import ImportReport, Proposal, RowIssue
from data.store.parts.boundaries import BoundaryFile
from data.store.store import Store
from data.workspace import Workspace
from geo.boundaries.coverage import clean
from geo.boundaries.in_force import content_version
from geo.boundaries.pending import Pending
from geo.checks.areas import Areas, areas_of
from geo.checks.code_column import find_code_column, name_column
from geo.checks.keys import resolve
from geo.checks.parts import join_parts
from geo.checks.placing import check_places, place
from geo.checks.shapes import MAX_OVERLAP, NOTED_OVERLAP, Overlap, areas_km2, check_shapes, gaps, overlaps
from geo.files.features import Fault, FileFeatures
from geo.files.reader import read_boundaries

SHOWN_CODES = 100
"""Codes named in a message; the report's values hold all of them."""
NOTED_CHANGE = 0.001
"""Share of area from which a change made by cleaning is listed for its feature."""
_LEVEL_WORDS = {
    "desa": "desa",
    "kel": "desa",
    "kelurahan": "desa",
    "kec": "kecamatan",
    "kecamatan": "kecamatan",
    "kab": "kabupaten",
    "kabupaten": "kabupaten",
    "kota": "kabupaten",
    "prov": "provinsi",
    "provinsi": "provinsi",
}


def examine_batas(path: Path, store: Store, workspace: Workspace, options: ImportOptions = ImportOptions()) -> Examined:
    """Reads a boundary file and says what storing it would do; writes nothing.

    A refused file gives a report with the reason, not an exception.
    """
    path = Path(path)
    source = options.source or path.name
    meta = BatchMeta("batas", source, file_name=path.name, as_of=_day(options.as_of), published=True)
    imported = Examined("batas", meta, valid_rows_only=options.valid_rows_only)
    try:
        _examine(path, store, options, imported)
    except Refused as fault:
        imported.report = ImportReport.refusal(fault)
        imported.frames = {}
    return imported


def commit_batas(
    imported: Examined,
    store: Store,
    workspace: Workspace,
    user: str = "",
    before: Callable[[Store], object] | None = None,
) -> str:
    """Stores the polygons as a new boundary file of their level and returns the batch id.

    They come into force in the kabupaten they belong to; the others keep what they have (`geo.boundaries.composition`).

    The GeoParquet file is written whole, then registered in one transaction, so a crash leaves at most an unused
    file. ``before`` is called in between with the store as it will be (`geo.boundaries.pending`): what depends on the
    boundaries can be built before they are in force. Raises `Refused` (``DATA_CHANGED``) when anything was stored
    since the examination, the `Refused` of a refused report, and `RowErrors` when rows have errors and storing the
    valid ones was not asked for.
    """
    report = imported.report
    if report.outcome == "refused" or not imported.frames:
        raise Refused(report.reason or "NO_ROWS", **report.params)
    if report.outcome == "row_errors" and not imported.valid_rows_only:
        raise RowErrors("ROW_ERRORS", rows_error=report.rows_error)
    ((level, frame),) = imported.frames.items()
    version = content_version(frame)
    name = f"{level}-{version[:8]}.parquet"
    buffer = io.BytesIO()
    frame.to_parquet(buffer, index=False, compression="zstd")
    write_atomically(workspace.boundaries / name, buffer.getvalue())
    file = BoundaryFile(level, version, name, "resmi", imported.meta.source, len(frame))
    if before is not None:
        before(Pending(store, added=[file]))
    report.batch = store.boundaries.add(imported.stored_meta(user), [file], expected=imported.version)
    report.committed = True
    return report.batch


def _examine(path: Path, store: Store, options: ImportOptions, imported: Examined) -> None:
    imported.version = store.input_version()
    gazetteer = store.gazetteer.villages()
    wanted = _LEVEL_WORDS.get(str(options.layer or "").strip().casefold())
    provinces = sorted(set(gazetteer["kode_prov"]))
    features = read_boundaries(path, layer=options.layer, level=wanted, provinces=provinces)
    imported.meta = replace(imported.meta, sha256=features.sha256)

    column = find_code_column(features.table, level=wanted, mapping=options.columns)
    areas = areas_of(gazetteer, column.level, store.records.read("padanan"))
    names = name_column(features.table, column.level, options.columns)
    keys = resolve(column, names, areas)
    geometry, misplaced, placing_notes = place(features, keys.codes, areas)
    checked = check_shapes(geometry)

    # One fault a feature: what the file cannot say (its shape as read) before what we make of it.
    faults: dict[int, Fault] = {**misplaced, **checked.faults, **features.faults, **keys.faults}
    parts = join_parts(checked.geometry, keys.codes, keys.repeated, set(faults), areas)
    faults |= parts.faults
    left_out = faults.keys() | parts.taken
    usable = np.array([number for number in range(len(features)) if number not in left_out], dtype=int)
    codes = np.array([code or "" for code in keys.codes], dtype=object)
    known: list[str | None] = [None] * len(features)
    for number in usable:
        known[number] = keys.codes[number]
    far = check_places(parts.geometry, known, areas, proven=keys.proven, crs=features.crs)
    found = overlaps(parts.geometry[usable])
    gross: list[tuple[int, str, dict[str, Any]]] = []
    for pair in sorted(found, key=lambda pair: pair.share):
        inside, other = int(usable[pair.inside]), int(usable[pair.other])
        params = {"kode": codes[inside], "other": codes[other], "percent": round(pair.share * 100, 1)}
        if pair.share > MAX_OVERLAP[column.level]:
            faults[inside] = ("OVERLAP", params)
        elif pair.share > NOTED_OVERLAP:
            gross.append((inside, "OVERLAP", params))
    common = [pair for pair in found if not {usable[pair.inside], usable[pair.other]} & faults.keys()]
    usable = np.array([number for number in usable if number not in faults], dtype=int)

    report = imported.report
    _count(report, features, faults, column.header)
    _proposed(faults, names, areas, report)
    report.warnings += [RowIssue(None, None, reason, params) for reason, params in features.notes + placing_notes]
    report.warnings += [_issue(*warning) for warning in keys.warnings]
    report.warnings += [
        _issue(number, "GEOM_REPAIRED", {"kode": codes[number]} | params)
        for number, params in checked.repairs
        if number not in faults
    ]
    report.warnings += [_issue(*warning) for warning in [*parts.warnings, *far, *gross] if warning[0] not in faults]
    if not len(usable):
        return
    frame = _covered(parts.geometry[usable], codes[usable], usable, common, report)
    report.warnings += _missing(areas.names, set(frame["kode"]), column.level)
    # What concerns the file as a whole first: a reader who stops after a screenful has seen it.
    report.warnings.sort(key=lambda issue: issue.row or 0)
    report.totals = {"poligon": len(frame), "luas_km2": round(float(frame["area_km2"].sum()), 3)}
    imported.frames = {column.level: frame}


def _proposed(faults: dict[int, Fault], names: list[str | None] | None, areas: Areas, report: ImportReport) -> None:
    """Proposes the villages of BPS codes whose names disagree: they may have been renamed."""
    for number, (reason, params) in sorted(faults.items()):
        name = (names[number] if names else None) or ""
        if reason == "NAME_CODE_MISMATCH" and name and value_kind(name) is None:
            likeness = fuzz.ratio(name_key(name), name_key(areas.names[params["kode"]])) / 100
            report.proposals.append(Proposal(number + 1, shorten(name), params["kode"], likeness))


def _covered(
    geometry: np.ndarray, codes: np.ndarray, numbers: np.ndarray, common: list[Overlap], report: ImportReport
) -> gpd.GeoDataFrame:
    """The polygons cleaned as a coverage, with what that changed in the report; ``common``: their overlaps."""
    order = np.argsort(codes)
    geometry, codes, numbers = geometry[order], codes[order], numbers[order]
    groups = np.array([code[:5] for code in codes])
    cleaned, done = clean(gpd.GeoDataFrame({"kode": codes}, geometry=geometry, crs="EPSG:4326"))
    after = np.asarray(cleaned.geometry.to_numpy(), dtype=object)
    change = areas_km2(after) / areas_km2(geometry) - 1.0
    left = [] if done.valid else overlaps(after)  # areas of a valid coverage share no ground
    gaps_before, gaps_after = gaps(geometry, groups), gaps(after, groups, coverage=done.valid)
    report.warnings.append(
        RowIssue(
            None,
            None,
            "COVERAGE_CLEANED" if done.valid else "COVERAGE_INVALID",
            {
                "overlaps": len(common),
                "overlap_km2": round(sum(pair.km2 for pair in common), 3),
                "overlaps_after": len(left),
                "overlap_km2_after": round(sum(pair.km2 for pair in left), 3),
                "gaps": gaps_before[0],
                "gap_km2": round(gaps_before[1], 3),
                "gaps_after": gaps_after[0],
                "gap_km2_after": round(gaps_after[1], 3),
                "changed": int((np.abs(change) > NOTED_CHANGE).sum()),
                "max_percent": round(float(np.abs(change).max()) * 100, 3),
                "restored": done.restored,
            },
        )
    )
    report.warnings += [
        _issue(int(number), "AREA_CHANGED", {"kode": kode, "percent": round(float(share) * 100, 3)})
        for number, kode, share in sorted(zip(numbers, codes, change, strict=True))
        if abs(share) > NOTED_CHANGE
    ]
    return gpd.GeoDataFrame(
        {"kode": cleaned["kode"].to_numpy(), "area_km2": areas_km2(after)}, geometry=after, crs="EPSG:4326"
    )[["kode", "geometry", "area_km2"]]


def _count(report: ImportReport, features: FileFeatures, faults: dict[int, Fault], header: str) -> None:
    report.rows_read = len(features)
    report.rows_error = len(faults)
    report.rows_ok = len(features) - len(faults)
    report.errors = [
        RowIssue(number + 1, None if reason.startswith("GEOM") or reason in _SHAPE_REASONS else header, reason, params)
        for number, (reason, params) in sorted(faults.items())
    ]
    report.outcome = "row_errors" if faults else "ok"


_SHAPE_REASONS = {"OVERLAP", "TOO_COMPLEX", "AXIS_SWAPPED"}


def _missing(names: dict[str, str], present: set[str], level: str) -> list[RowIssue]:
    """What the file lacks: kabupaten it says nothing of, which keep the boundaries they have, and in the others areas
    of the gazetteer without a polygon, which stay in every list and appear as points."""
    issues = []
    covered, known = {code[:5] for code in present}, {code[:5] for code in names}
    if level != "kabupaten" and known - covered:
        issues.append(
            RowIssue(
                None,
                None,
                "PARTIAL_PROVINCE",
                {"count": len(covered & known), "total": len(known), "shown": ", ".join(sorted(covered))},
            )
        )
    lacking = sorted(code for code in set(names) - present if level == "kabupaten" or code[:5] in covered)
    if lacking:
        shown = ", ".join(lacking[:SHOWN_CODES]) + (" …" if len(lacking) > SHOWN_CODES else "")
        params = {"count": len(lacking), "shown": shown, "codes": lacking}
        issues.append(RowIssue(None, None, "MISSING_POLYGON", params))
    return issues


def _issue(number: int | None, reason: str, params: dict[str, Any]) -> RowIssue:
    if "codes" in params:
        params = params | {"shown": ", ".join(params["codes"][:SHOWN_CODES])}
    return RowIssue(None if number is None else number + 1, None, reason, params)


def _day(value: Any) -> dt.date | None:
    if value is None or isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(str(value).strip())
    except ValueError as fault:
        raise WrongUse("DATE_UNPARSEABLE", value=str(value)[:40]) from fault
