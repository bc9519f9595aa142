"""Which reader serves which kind of records, and the steps from a read file to its report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from data.errors import Refused
from data.intake.files.tables import RawFile
from data.intake.header.remembered import hash_of_row
from data.intake.kinds.padanan import CrosswalkReader
from data.intake.kinds.records import RecordReader
from data.intake.kinds.sesi import SessionReader
from data.intake.kinds.titik import PointReader
from data.intake.places.gazetteer_index import GazetteerIndex
from data.intake.report import RowIssue

if TYPE_CHECKING:
    from data.intake.examine import Import

RECORD_KINDS: dict[str, type[RecordReader]] = {"padanan": CrosswalkReader, "sesi": SessionReader, "titik": PointReader}


def examine_records(kind: str, raw: RawFile, index: GazetteerIndex, options: Mapping[str, Any], found: Import) -> None:
    """Reads a file of records into ``found``: its rows and its report. Raises `Refused` for the file as a whole."""
    reader = RECORD_KINDS[kind](index, options, dt.date.today())
    reader.read(raw)
    report, body = found.report, reader.body
    found.headers = hash_of_row(reader.table, reader.columns.header.first)
    if not reader.records and not reader.errors:
        raise Refused("NO_ROWS")
    warnings = [*raw.warnings, *reader.table.warnings, *reader.warnings()]
    if raw.other_sheets:
        warnings.append(RowIssue(None, None, "OTHER_SHEETS", {"sheets": ", ".join(raw.other_sheets)[:200]}))
    report.fill(
        len(body.data),
        errors=reader.errors,
        skipped=body.skipped,
        proposals=reader.proposals,
        totals=reader.totals(),
        warnings=warnings,
    )
    rows = reader.rows()
    if "source" in rows:
        rows["source"] = rows["source"].where(rows["source"] != "", found.meta.source)
    found.rows = rows
    found.titles = list(body.titles)
    found.refused_rows = _refused_rows(reader)
    found.meta = replace(
        found.meta,
        rows_read=report.rows_read,
        rows_ok=report.rows_ok,
        rows_error=report.rows_error,
        rows_skipped=report.rows_skipped,
    )


def _refused_rows(reader: RecordReader) -> list[list[Any]]:
    """The officer's header and rows with errors, each with its row number and reason codes at the end."""
    reasons: dict[int, list[str]] = {}
    for issue in reader.errors:
        if issue.row is not None and issue.reason not in reasons.setdefault(issue.row, []):
            reasons[issue.row].append(issue.reason)
    labels = reader.columns.header.labels
    rows: list[list[Any]] = [[*labels, "baris", "alasan"]]
    for number, cells in reader.body.data:
        if number in reasons:
            padded = [*cells[: len(labels)], *[None] * (len(labels) - len(cells))]
            rows.append([*padded, number, " ".join(reasons[number])])
    return rows if reasons else []
