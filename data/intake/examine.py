"""One import from file to batch: read, refuse what may not come in, resolve, check, report; then store.

`examine` writes nothing, anywhere. `commit` stores what was examined, in one transaction, unless the data changed in
between.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from data.batches import BatchMeta
from data.choose import latest
from data.domain.kinds import KINDS, Holds, Kind
from data.domain.provinces import PROVINCE_CODES
from data.errors import PetaAmanError, Refused, WrongUse
from data.intake.cells.text import header_key, words_of
from data.intake.cells.times import Clock, day_of, default_period
from data.intake.cells.values import ValueReader
from data.intake.examined import Examined, ImportOptions
from data.intake.files.raw import RawFile, RawTable
from data.intake.files.tables import read_content, read_tables
from data.intake.header.headers import Header, find_header
from data.intake.header.layout import Body, split_body
from data.intake.header.remembered import hash_of_row, with_remembered
from data.intake.header.synonyms import CODE_FIELDS, FIELDS, NAME_FIELDS, SLS_HEADERS
from data.intake.kinds.record_kinds import examine_records
from data.intake.places.crosswalk import add_aliases, add_crosswalk
from data.intake.places.gazetteer_index import GazetteerIndex, build_index
from data.intake.privacy.personal import refuse_aside, refuse_personal, safe_file_name, value_kind
from data.intake.report import ImportReport, RowIssue
from data.intake.rows import RowReader
from data.intake.summed_rows import sexes_that_disagree
from data.store.part import ACTIVE
from data.store.store import Store

COUNTRY_NAMES = {"indonesia", "nasional"}
"""Names that stand in a table's place column for the sum of its areas, as the province's own does."""

_FIELD_ALIASES = {
    "jumlah": "nilai",
    "nama_desa": "desa",
    "nama_kecamatan": "kecamatan",
    "nama_kabupaten": "kabupaten",
    "kab": "kabupaten",
    "kec": "kecamatan",
    "kode_kecamatan": "kode_kec",
    "kode_kabupaten": "kode_kab",
    "period_start": "awal",
    "period_end": "akhir",
}


def examine(kind: str, path: Path, store: Store, options: ImportOptions = ImportOptions()) -> Examined:
    """Reads and checks a file of figures or records; nothing is written.

    A refused file gives a report with outcome ``refused``; wrong options raise `WrongUse`.
    """
    return _examined(kind, path.name, store, options, lambda: read_tables(path, options.sheet))


def examine_content(
    kind: str, content: bytes, file_name: str, store: Store, options: ImportOptions = ImportOptions()
) -> Examined:
    """As `examine`, for an upload that was never written to disk."""
    return _examined(kind, file_name, store, options, lambda: read_content(content, file_name, options.sheet))


def commit(found: Examined, store: Store, user: str) -> str:
    """Stores an examined import as one batch and returns its id; the report is marked committed.

    With row errors only the valid rows are stored: whoever calls decided that. Raises `Refused` when the file was
    refused or left nothing to store, and ``DATA_CHANGED`` when anything was stored since the examination.
    """
    report = found.report
    if report.outcome == "refused":
        raise Refused(report.reason or "CORRUPT_FILE", **report.params)
    if found.rows.empty:
        raise Refused("NO_ROWS")
    store_rows = store.records.commit if KINDS[found.kind].holds is Holds.RECORDS else store.facts.commit
    report.batch = store_rows(found.stored_meta(user), found.rows, expected=found.version)
    report.committed = True
    return report.batch


def _examined(kind: str, file_name: str, store: Store, options: ImportOptions, read: Callable[[], RawFile]) -> Examined:
    tables = [name for name, one in KINDS.items() if one.holds is not Holds.BOUNDARIES]
    if kind not in tables:
        raise WrongUse("UNKNOWN_KIND", value=kind, known=", ".join(tables))
    as_of = day_of(options.as_of)
    if options.as_of and as_of is None:
        raise WrongUse("BAD_DATE", value=str(options.as_of)[:40])
    shown_name = safe_file_name(file_name)
    meta = BatchMeta(jenis=kind, source=options.source or shown_name, file_name=shown_name, as_of=as_of)
    found = Examined(kind, meta, valid_rows_only=options.valid_rows_only)
    try:
        if (what := value_kind(options.source)) is not None:
            raise Refused("PII_VALUE", column="source", header="", what=what, rows="", count=1)
        raw = read()
        refuse_aside(raw)
        found.sheets = [str(table.sheet) for table in [*raw.tables, *raw.aside] if table.sheet]
        found.meta = replace(meta, sha256=raw.sha256)
        found.version = store.input_version()
        index = build_index(store.gazetteer.villages(), _population(store))
        add_crosswalk(index, store.records.read("padanan"))
        add_aliases(index, store.names.all(), options.source)
        raw.warnings += _same_file(store, kind, raw.sha256)
        options = with_remembered(options, raw, kind, store.columns.all())
        if KINDS[kind].holds is Holds.RECORDS:
            examine_records(raw, index, options, found)
        else:
            _Examination(KINDS[kind], raw, index, options, found).run()
    except WrongUse:
        raise
    except PetaAmanError as fault:
        found.report = ImportReport.refusal(fault)
        found.rows = pd.DataFrame()
    return found


def _same_file(store: Store, kind: str, sha256: str) -> list[RowIssue]:
    """A remark when the very same file is in force already: storing it again is rarely meant."""
    batches = store.batches.all()
    same = batches[(batches["sha256"] == sha256) & (batches["jenis"] == kind) & (batches["status"] == ACTIVE)]
    return [RowIssue(None, None, "SAME_FILE", {"batch": str(same["batch"].iloc[0])})] if len(same) else []


def _population(store: Store) -> dict[str, float]:
    """People per area from real tables of population; demonstration figures judge nobody's file."""
    facts = store.facts.read("indikator", "penduduk")
    facts = facts[~facts["data_contoh"] & facts["value"].notna()]
    if facts.empty:
        return {}
    return {str(kode): float(value) for kode, value in latest(facts)[["kode", "value"]].itertuples(index=False)}


class _Examination:
    """The steps of one examination, in their order."""

    def __init__(
        self, kind: Kind, raw: RawFile, index: GazetteerIndex, options: ImportOptions, found: Examined
    ) -> None:
        self.kind, self.raw, self.index, self.options, self.found = kind, raw, index, options, found
        self.named = {
            _FIELD_ALIASES.get(name.strip().lower(), name.strip().lower()): text
            for name, text in options.columns.items()
        }

    def run(self) -> None:
        table, header = self._choose()
        self.found.headers = hash_of_row(table, header.first)
        own = {name for name, code in PROVINCE_CODES.items() if code in self.index.provinces}
        body = split_body(table, header, self.index.is_place, own | COUNTRY_NAMES, self.index.resembles)
        if not body.data:
            raise Refused("NO_ROWS")
        self._require(header)
        values = ValueReader(
            self.kind, header, body, table, self.options.jenis, [*body.titles, table.sheet or "", self._stem()]
        )
        default, remark = default_period(
            body.titles, table.sheet, self.raw.file_name, self.found.meta.as_of, self.options.periode
        )
        if self.options.periode and default is None:
            raise WrongUse("BAD_DATE", value=self.options.periode[:40])
        clock = Clock(header, body, default, dt.date.today(), table.date1904)
        told = clock.told_by_rows or all(column.year is not None for column in values.columns)
        if not told and not clock.has_default:
            raise Refused("PERIOD")
        warnings = [*self.raw.warnings, *table.warnings, *values.warnings]
        if remark is not None and not told:
            warnings.append(remark)
        if clock.mixed_order:
            warnings.append(RowIssue(None, None, "MIXED_DATES", {}))
        warnings += self._ignored(header, values)
        if self.raw.other_sheets:
            warnings.append(RowIssue(None, None, "OTHER_SHEETS", {"sheets": ", ".join(self.raw.other_sheets)[:200]}))
        if len(values.columns) == 1 and not self.kind.free:
            disagreeing = sexes_that_disagree(header, body.data, values.columns[0].column)
            if disagreeing:
                params = {"count": len(disagreeing), "rows": ", ".join(map(str, disagreeing[:10]))}
                warnings.append(RowIssue(None, None, "SEXES_DISAGREE", params))
        reader = RowReader(self.kind, table, header, body, self.index, values, clock)
        reader.read()
        self._report(reader, header, body, warnings)

    def _choose(self) -> tuple[RawTable, Header]:
        """The table the file is about; personal data are refused before anything else is said about it."""
        headers: list[tuple[RawTable, Header]] = []
        first_fault: Refused | None = None
        for table in self.raw.tables:
            try:
                header = find_header(table, self.kind, self.named)
            except Refused as fault:
                self._refuse_personal(table, None)
                first_fault = first_fault or fault
                continue
            self._refuse_personal(table, header)
            headers.append((table, header))
        if not headers:
            raise first_fault or Refused("HEADER_UNCLEAR")
        if len(headers) > 1:
            raise Refused("SHEET_CHOICE", sheets=", ".join(str(table.sheet) for table, _ in headers))
        chosen = headers[0]
        self.raw.other_sheets += [str(table.sheet) for table in self.raw.tables if table is not chosen[0]]
        return chosen

    def _refuse_personal(self, table: RawTable, header: Header | None) -> None:
        if header is None:
            for number, cells in table.rows[:40]:
                labels = [cell if isinstance(cell, str) else "" for cell in cells]
                if sum(map(bool, labels)) < 2:
                    labels = []  # a line of text, not headers
                if sum(header_key(label) in _HEADERLIKE for label in labels) >= 1 or number == table.rows[0][0]:
                    refuse_personal(table, labels, {number}, set(), self.index.is_place)
            return
        places = {header.fields[name] for name in (*CODE_FIELDS, *NAME_FIELDS) if name in header.fields}
        places -= {header.fields["nama"]} if "nama" in header.fields else set()
        refuse_personal(
            table,
            header.labels,
            set(range(header.first, header.last + 1)),
            places,
            self.index.is_place,
            "desa" in header.fields,
            named=set(header.fields.values()),
            figures={measure.column for measure in header.measures},
            districts=self.index.districts(),
            codes=lambda column, cell: self._is_sls(header, column) and str(cell)[:10] in self.index.bps,
        )

    def _is_sls(self, header: Header, column: int) -> bool:
        return column < len(header.labels) and header_key(header.labels[column]) in SLS_HEADERS

    def _require(self, header: Header) -> None:
        if not any(name in header.fields for name in (*CODE_FIELDS, *NAME_FIELDS)):
            raise Refused("MISSING_COLUMN", field="kode")
        if any(self._is_sls(header, header.fields[name]) for name in CODE_FIELDS if name in header.fields):
            raise Refused("WRONG_LEVEL", value="idsls", level="SLS", expected="desa")
        if not header.measures and "nilai" not in header.fields:
            ValueReader(self.kind, header, Body(), RawTable("text"), None, [])

    def _ignored(self, header: Header, values: ValueReader) -> list[RowIssue]:
        """Columns that are not stored, named; running numbers are not worth a word."""
        used = {column.column for column in values.columns} | set(header.fields.values()) | set(header.notes)
        unused = [column for column, label in enumerate(header.labels) if label and column not in used]
        named = [
            str(header.label(column)) for column in unused if words_of(header.labels[column]) not in ("no", "nomor")
        ]
        return [RowIssue(None, None, "COLUMN_IGNORED", {"columns": ", ".join(named)[:300]})] if named else []

    def _stem(self) -> str:
        return words_of(self.found.meta.file_name.rpartition(".")[0])

    def _report(self, reader: RowReader, header: Header, body: Body, warnings: list[RowIssue]) -> None:
        found = self.found
        found.settle(
            header.labels,
            body.data,
            errors=reader.errors,
            skipped=body.skipped,
            proposals=reader.proposals,
            totals=reader.totals(),
            warnings=[*warnings, *reader.warnings()],
        )
        found.rows = reader.facts(found.meta.source)
        found.titles = list(body.titles)
        found.lost = reader.lost()


_HEADERLIKE = {key for keys in FIELDS.values() for key in keys}
