"""Tables of records that are no figures: the code crosswalk, service points, sessions. One reader for all three.

A kind says which columns it knows, which it needs, and how a row is read; finding the table, the personal-data door,
totals and notes, faults of text and the report are the same.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import pandas as pd

from data.errors import Refused
from data.intake.cells.numbers import Convention, convention_of, read_number
from data.intake.cells.text import has_control, header_key, shorten, words_of
from data.intake.examined import ImportOptions
from data.intake.files.raw import Cell, RawFile, RawTable
from data.intake.header.header_names import column_names
from data.intake.header.headers import Header
from data.intake.header.layout import Body, split_body
from data.intake.header.synonyms import own_code_columns
from data.intake.places.gazetteer_index import GazetteerIndex
from data.intake.privacy.personal import refuse_personal
from data.intake.report import Proposal, RowIssue, noted

SEARCHED_ROWS = 40
MAX_TEXT = 200


@dataclass
class Columns:
    """Where the fields of a kind stand in one table: ``at`` maps a field to its columns, the first one first."""

    header: Header
    at: dict[str, list[int]] = field(default_factory=dict)

    def label(self, name: str) -> str | None:
        """The header of a field's first column."""
        return self.header.label(self.at[name][0]) if name in self.at else None


class RecordReader:
    """Reads one file of records; a kind is a subclass. Afterwards holds rows, errors, remarks and proposals."""

    many: frozenset[str] = frozenset()
    """Fields that may stand in several columns."""
    place_fields: Mapping[str, str] = {
        "kode": "kode",
        "desa": "desa",
        "kecamatan": "kecamatan",
        "kabupaten": "kabupaten",
    }
    """Own field → field of `data.intake.header.synonyms` that the layout knows it by."""
    value_fields: tuple[str, ...] = ()
    """Fields whose cells make a row one of data."""
    open_headers: frozenset[str] = frozenset()
    """Folded headers that are personal in a table about people and harmless here (the address of an office)."""

    def __init__(self, index: GazetteerIndex, options: ImportOptions, today: dt.date) -> None:
        self.index, self.options, self.today = index, options, today
        self.errors: list[RowIssue] = []
        self.remarks: list[RowIssue] = []
        self.proposals: list[Proposal] = []
        self.records: list[dict[str, Any]] = []
        self.notes: dict[str, list[int]] = defaultdict(list)
        self.columns = Columns(Header(0, 0, []))
        self.body = Body()
        self.table = RawTable("text")
        self._conventions: dict[str, Convention] = {}

    # -- what a kind says --------------------------------------------------------------------------------------

    def field_of(self, key: str) -> str | None:
        """The field a folded header names."""
        raise NotImplementedError

    def lacking(self, fields: set[str]) -> str | None:
        """The field a table still needs, None when it has all."""
        raise NotImplementedError

    def prepare(self) -> None:
        """Looks at the table as a whole before its rows are read."""

    def read_row(self, number: int, cells: list[Cell]) -> list[dict[str, Any]]:
        """The records of one row; faults go to ``errors``."""
        raise NotImplementedError

    def finish(self) -> None:
        """Checks that need all rows."""

    def totals(self) -> dict[str, float]:
        """Sums for the report."""
        return {}

    # -- the file ----------------------------------------------------------------------------------------------

    def read(self, raw: RawFile) -> None:
        """Reads the one table of the file; raises `Refused` as `data.intake.examine` documents."""
        self.table, self.columns = self._choose(raw)
        header = self.columns.header
        self.body = split_body(self.table, header, self.index.is_place, set())
        self._skip_unfilled()
        if not self.body.data:
            raise Refused("NO_ROWS")
        self.prepare()
        for number, cells in self.body.data:
            before = len(self.errors)
            self._check_text(number, cells)
            found = self.read_row(number, cells)
            if len(self.errors) == before:
                self.records += found
        self.finish()
        used = {column for columns in self.columns.at.values() for column in columns}
        unused = [
            str(header.label(column))
            for column, label in enumerate(header.labels)
            if label and column not in used and words_of(label) not in ("no", "nomor", "baris", "alasan")
        ]
        if unused:
            self.remarks.append(RowIssue(None, None, "COLUMN_IGNORED", {"columns": ", ".join(unused)[:300]}))

    def rows(self) -> pd.DataFrame:
        """The records of rows without errors."""
        bad = {issue.row for issue in self.errors}
        return pd.DataFrame([record for record in self.records if record["row"] not in bad])

    def warnings(self) -> list[RowIssue]:
        """What to say about the rows as a whole."""
        return [*self.remarks, *noted(self.notes)]

    # -- helpers for the kinds ---------------------------------------------------------------------------------

    def cell(self, cells: list[Cell], name: str, which: int = 0) -> Cell:
        """The cell of a field in a row; None where the table lacks the field."""
        columns = self.columns.at.get(name, [])
        return cells[columns[which]] if which < len(columns) and columns[which] < len(cells) else None

    def text(self, cells: list[Cell], name: str) -> str:
        """The cell of a field as text, empty when blank."""
        cell = self.cell(cells, name)
        if cell is None or (isinstance(cell, str) and cell in ("-", "–")):
            return ""
        return f"{cell:g}" if isinstance(cell, float) else str(cell)

    def issue(self, number: int, name: str, reason: str, **params: Any) -> None:
        """Notes a fault of a row in the column of a field."""
        self.errors.append(RowIssue(number, self.columns.label(name), reason, params))

    def number(
        self, number: int, cells: list[Cell], name: str, *, whole: bool = True, highest: float | None = None
    ) -> float | None:
        """A checked number of a field, 0 or more; None when missing or faulty."""
        columns = self.columns.at.get(name)
        if not columns:
            return None
        if (fault := self.table.faults.get((number, columns[0]))) is not None:
            self.issue(number, name, fault)
            return None
        if name not in self._conventions:
            own = [row[columns[0]] for _, row in self.body.data if columns[0] < len(row)]
            self._conventions[name] = convention_of(own)
        cell = self.cell(cells, name)
        read = read_number(cell, self._conventions[name], whole=whole, highest=highest)
        shown = shorten(f"{cell:g}" if isinstance(cell, float) else str(cell))
        if read.reason is not None:
            self.issue(number, name, read.reason, value=shown)
            return None
        if read.value is None:
            return None
        if read.value < 0:
            self.issue(number, name, "NEGATIVE", value=shown)
            return None
        if highest is not None and read.value > highest:
            self.issue(number, name, "OUT_OF_RANGE", value=shown, allowed=f"0–{highest:g}")
            return None
        return read.value

    # -- inside ------------------------------------------------------------------------------------------------

    def _choose(self, raw: RawFile) -> tuple[RawTable, Columns]:
        found: list[tuple[RawTable, Columns]] = []
        lacking: str | None = None
        known = 0
        for table in raw.tables:
            best = self.find_columns(table)
            self._refuse_personal(table, best)
            if len(best.at) < 2:
                continue
            if (field_name := self.lacking(set(best.at))) is None:
                found.append((table, best))
            elif len(best.at) > known:
                lacking, known = field_name, len(best.at)
        if not found:
            raise Refused("MISSING_COLUMN", field=lacking) if lacking else Refused("HEADER_UNCLEAR")
        if len(found) > 1:
            raise Refused("SHEET_CHOICE", sheets=", ".join(str(table.sheet) for table, _ in found))
        table, columns = found[0]
        raw.other_sheets += [str(other.sheet) for other in raw.tables if other is not table]
        self._check_mapping(columns, self._named())
        self._take_own_code(columns)
        for name, places in columns.at.items():
            if len(places) > 1 and name not in self.many:
                own_names = column_names(columns.header.labels)
                shown = ", ".join(shorten(own_names[place], 60) for place in places)
                raise Refused("AMBIGUOUS_COLUMN", field=name, columns=shown)
        return table, columns

    def find_columns(self, table: RawTable) -> Columns:
        """The row of a table that names most fields, as its header; what a person named comes first."""
        named = self._named()
        rows = table.rows[:SEARCHED_ROWS]
        if named:  # a person may name a column that has no header
            width = max(len(cells) for _, cells in rows)
            rows = [(number, [*cells, *[None] * (width - len(cells))]) for number, cells in rows]
        candidates = [self._columns(number, cells, named) for number, cells in rows]
        return max(candidates, key=lambda one: (len(one.at), -one.header.first))

    def _named(self) -> dict[str, str]:
        """Folded headers and the fields a person chose for them."""
        return {header_key(text): self._field_named(name, text) for name, text in self.options.columns.items()}

    def _field_named(self, name: str, header: str) -> str:
        """The field a person named (``latitude``, ``kode_bps``)."""
        found = self.field_of(header_key(name))
        if found is None:
            raise Refused("COLUMN_MAPPING", field=shorten(name), header=shorten(header), known="")
        return found

    def _columns(self, number: int, cells: list[Cell], named: Mapping[str, str]) -> Columns:
        labels = [cell if isinstance(cell, str) else "" for cell in cells]
        columns = Columns(Header(number, number, labels))
        own_names = column_names(labels) if named else labels
        for place, label in enumerate(labels):
            key = header_key(label)
            chosen = named.get(header_key(own_names[place])) or (named.get(key) if key else None)
            name = chosen or (self.field_of(key) if key else None)
            if name is not None and (chosen or name not in named.values()):
                columns.at.setdefault(name, []).append(place)
        fields = columns.header.fields
        for own, layout in self.place_fields.items():
            if own in columns.at:
                fields[layout] = columns.at[own][0]
        for name in self.value_fields:
            if name in columns.at:
                fields.setdefault("nilai", columns.at[name][0])
        return columns

    def _take_own_code(self, columns: Columns) -> None:
        ours = own_code_columns(columns.at.get("kode", []), [header_key(label) for label in columns.header.labels])
        if len(ours) == 1:
            columns.at["kode"] = ours
            columns.header.fields[self.place_fields.get("kode", "kode")] = ours[0]

    def _check_mapping(self, columns: Columns, named: Mapping[str, str]) -> None:
        labels = columns.header.labels
        keys = {header_key(label) for label in [*labels, *column_names(labels)]}
        for key, name in named.items():
            if key not in keys:
                raise Refused("COLUMN_MAPPING", field=name, header=shorten(key), known="")

    def _refuse_personal(self, table: RawTable, columns: Columns) -> None:
        labels = ["" if header_key(label) in self.open_headers else label for label in columns.header.labels]
        named = {place for places in columns.at.values() for place in places}
        names = {place: name for name, places in columns.at.items() for place in places}
        rows = [
            (
                number,
                [
                    None if place in names and self.harmless(names[place], cell) else cell
                    for place, cell in enumerate(cells)
                ],
            )
            for number, cells in table.rows
        ]
        shown = replace(table, rows=rows)
        refuse_personal(
            shown, labels, {columns.header.first}, named, self.index.is_place, districts=self.index.districts()
        )

    def harmless(self, name: str, cell: Cell) -> bool:
        """Whether a cell of a field is of a shape that only looks like personal data."""
        return False

    def _skip_unfilled(self) -> None:
        """Rows of a template that nobody filled in: a village, and nothing about it."""
        wanted = [place for name in self.value_fields for place in self.columns.at.get(name, [])]
        kept = []
        for number, cells in self.body.data:
            if wanted and self.unfilled(cells) and all(place >= len(cells) or cells[place] is None for place in wanted):
                self.body.skipped.append(RowIssue(number, None, "ROW_NOT_FILLED", {}))
            else:
                kept.append((number, cells))
        self.body.data = kept
        self.body.skipped.sort(key=lambda issue: issue.row or 0)

    def unfilled(self, cells: list[Cell]) -> bool:
        """Whether a row without any value may be passed over; a kind whose rows must have one says no."""
        return False

    def _check_text(self, number: int, cells: list[Cell]) -> None:
        length, wanted = self.table.lengths.get(number), self.table.lengths.get(self.columns.header.last)
        if length is not None and wanted is not None and length != wanted:
            self.errors.append(RowIssue(number, None, "COLUMN_COUNT", {"found": length, "expected": wanted}))
        for places in self.columns.at.values():
            for place in places:
                cell = cells[place] if place < len(cells) else None
                if not isinstance(cell, str):
                    continue
                reason = "TOO_LONG" if len(cell) > MAX_TEXT else "CONTROL_CHAR" if has_control(cell) else ""
                reason = reason or ("ENCODING" if "\ufffd" in cell else "")
                if reason:
                    self.errors.append(RowIssue(number, self.columns.header.label(place), reason, {}))
