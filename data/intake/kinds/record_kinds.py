"""The steps from a read file of records to its report; which reader serves a kind is in `data.domain.kinds`."""

from __future__ import annotations

import datetime as dt

from data.domain.kinds import KINDS, load
from data.errors import Refused
from data.intake.examined import Examined, ImportOptions
from data.intake.files.raw import RawFile
from data.intake.header.remembered import hash_of_row
from data.intake.kinds.records import RecordReader
from data.intake.places.gazetteer_index import GazetteerIndex
from data.intake.report import RowIssue


def reader_of(kind: str) -> type[RecordReader]:
    """The class that reads tables of a kind of records."""
    reader: type[RecordReader] = load(KINDS[kind].reader)
    return reader


def examine_records(raw: RawFile, index: GazetteerIndex, options: ImportOptions, found: Examined) -> None:
    """Reads a file of records into ``found``: its rows and its report. Raises `Refused` for the file as a whole."""
    reader = reader_of(found.kind)(index, options, dt.date.today())
    reader.read(raw)
    header, body = reader.columns.header, reader.body
    found.headers = hash_of_row(reader.table, header.first)
    if not reader.records and not reader.errors:
        raise Refused("NO_ROWS")
    warnings = [*raw.warnings, *reader.table.warnings, *reader.warnings()]
    if raw.other_sheets:
        warnings.append(RowIssue(None, None, "OTHER_SHEETS", {"sheets": ", ".join(raw.other_sheets)[:200]}))
    found.settle(
        header.labels,
        body.data,
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
