"""What an import is asked and what it found, the same for figures, records and boundaries: the one type above here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from data.batches import BatchMeta
from data.intake.files.raw import Cell
from data.intake.report import ImportReport, Proposal, RowIssue

Locate = Callable[[list[tuple[int, str, float, float]]], dict[int, tuple[str, dict[str, Any]]]]
"""From (row, code or empty, lon, lat) to the rows that lie elsewhere: reason code and values."""


@dataclass(frozen=True)
class ImportOptions:
    """What a person says about a file.

    ``sheet`` of a workbook or ``layer`` (its name, or a level) of a boundary file; ``columns`` field → header;
    ``jenis`` what a bare count means; ``periode`` of rows that name none; ``valid_rows_only`` stores beside row errors.
    ``locate`` is who knows where points lie.
    """

    sheet: str | None = None
    layer: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    source: str = ""
    as_of: dt.date | str | None = None
    jenis: str | None = None
    periode: str | None = None
    valid_rows_only: bool = False
    locate: Locate | None = None


@dataclass
class Examined:
    """An examined file: the report, where it came from, and what storing it would store.

    ``version`` is that of the data it was checked against. ``rows`` are the facts or records, ``frames`` by level the
    polygons (EPSG:4326; ``kode, geometry, area_km2``); both are empty when the file was refused. ``refused_rows`` are
    the officer's own rows with errors (header first) and a column of reasons, to be corrected; ``lost`` is what
    `data.intake.rows.RowReader.lost` tells of their numbers; ``titles`` the texts above the table, ``sheets`` the names
    of a workbook's sheets, ``headers`` the hash that the row of headers is found again by
    (`data.intake.header.remembered`).
    """

    kind: str
    meta: BatchMeta
    report: ImportReport = field(default_factory=ImportReport)
    version: str | None = None
    rows: pd.DataFrame = field(default_factory=pd.DataFrame)
    frames: dict[str, pd.DataFrame] = field(default_factory=dict)
    refused_rows: list[list[Cell]] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)
    lost: dict[str, tuple[int, float]] = field(default_factory=dict)
    sheets: list[str] = field(default_factory=list)
    headers: str = ""
    valid_rows_only: bool = False

    def settle(
        self,
        labels: Sequence[str],
        data: Sequence[tuple[int, list[Cell]]],
        *,
        errors: list[RowIssue],
        skipped: list[RowIssue],
        proposals: list[Proposal],
        totals: dict[str, float],
        warnings: list[RowIssue],
    ) -> None:
        """Enters what a reader found among the rows of a table under these headers."""
        self.report.fill(
            len(data), errors=errors, skipped=skipped, proposals=proposals, totals=totals, warnings=warnings
        )
        self.refused_rows = _refused_rows(labels, data, errors)

    def stored_meta(self, user: str) -> BatchMeta:
        """Where the batch came from, as it is stored by ``user``."""
        report = self.report
        return replace(
            self.meta,
            user=user,
            rows_read=report.rows_read,
            rows_ok=report.rows_ok,
            rows_error=report.rows_error,
            rows_skipped=report.rows_skipped,
            report=report.to_store(),
        )


def _refused_rows(
    labels: Sequence[str], data: Sequence[tuple[int, list[Cell]]], errors: Sequence[RowIssue]
) -> list[list[Cell]]:
    """The officer's header and rows with errors, each with its row number and reason codes at the end."""
    reasons: dict[int, list[str]] = {}
    for issue in errors:
        if issue.row is not None and issue.reason not in reasons.setdefault(issue.row, []):
            reasons[issue.row].append(issue.reason)
    width = len(labels)
    rows: list[list[Cell]] = [[*labels, "baris", "alasan"]]
    for number, cells in data:
        if number in reasons:
            rows.append([*cells[:width], *[None] * (width - len(cells)), number, " ".join(reasons[number])])
    return rows if reasons else []
