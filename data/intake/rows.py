"""Row by row: place, period, values; every fault of a row is noted, and only rows without one become facts."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

import pandas as pd

from data.domain.kinds import KINDS, Kind, measure_of
from data.intake.cells.numbers import fault_of
from data.intake.cells.periods import Period
from data.intake.cells.text import has_control, header_key, shorten
from data.intake.cells.times import Clock, PeriodFault
from data.intake.cells.values import Value, ValueColumn, ValueReader
from data.intake.files.raw import Cell, RawTable
from data.intake.header.headers import Header
from data.intake.header.layout import Body
from data.intake.header.synonyms import BPS_HEADERS, CODE_FIELDS, KEMENDAGRI_HEADERS, NAME_FIELDS, TIME_FIELDS
from data.intake.header.titles import parents_named
from data.intake.places.gazetteer_index import Area, GazetteerIndex
from data.intake.places.resolve import PlaceCells, Resolver, code_of, coded_row
from data.intake.places.systems import BPS, KEMENDAGRI, bps_area, decide_system
from data.intake.report import Proposal, RowIssue, noted
from data.intake.summed_rows import add_up, categories, category_columns
from data.intake.table_checks import duplicate_rows, subtotal_rows

MAX_TEXT = 500
MAX_TOTALS = 20
_COMPLETENESS = {
    "complete": "lengkap",
    "lengkap": "lengkap",
    "near-complete": "hampir_lengkap",
    "hampir lengkap": "hampir_lengkap",
    "partial": "sebagian",
    "sebagian": "sebagian",
    "tidak lengkap": "sebagian",
}


class RowReader:
    """Reads the body of one table; afterwards holds its errors, proposals and facts."""

    def __init__(
        self,
        kind: Kind,
        table: RawTable,
        header: Header,
        body: Body,
        index: GazetteerIndex,
        values: ValueReader,
        clock: Clock,
    ) -> None:
        self.errors: list[RowIssue] = []
        self.proposals: list[Proposal] = []
        self.system = KEMENDAGRI
        self._by_name = 0
        self._kind, self._table, self._header, self._body = kind, table, header, body
        self._index, self._values, self._clock = index, values, clock
        self._facts: list[dict[str, Any]] = []
        self._read: defaultdict[int, list[tuple[str, float]]] = defaultdict(list)
        self._notes: dict[str, list[int]] = defaultdict(list)
        self._retired: dict[str, str] = {}
        self._codes = {name: header.fields[name] for name in CODE_FIELDS if name in header.fields}
        self._names = {name: header.fields[name] for name in NAME_FIELDS if name in header.fields}
        self._texts = {
            name: header.fields[name] for name in ("sumber", "satuan", "kelengkapan") if name in header.fields
        }
        self._used = {*self._codes.values(), *self._names.values(), *self._texts.values(), *header.notes}
        times = (header.fields[name] for name in TIME_FIELDS if name in header.fields)
        self._keyed = sorted({*self._codes.values(), *self._names.values(), *times})
        self._above: dict[str, str] = {}
        self._fill_merged()
        self._shared = self._merged_figures()

    def read(self) -> None:
        """Reads all rows. Raises `Refused` when the codes' system cannot be decided."""
        cells = {number: self._place_cells(number, row) for number, row in self._body.data}
        self.system = decide_system([coded_row(one) for one in cells.values()], self._index, self._hint())
        resolver = Resolver(self._index, self.system, self._labels(), *self._parents_in_titles())
        known: dict[tuple[object, ...], tuple[Area, str | None, bool, str]] = {}
        for number, row in self._body.data:
            before = len(self.errors)
            if not self._check_row(number, row):
                continue
            place = cells[number]
            key = (*place.codes.values(), *place.names.values(), *place.names.keys())
            found = known.get(key)
            if found is None:
                resolved = resolver.resolve(place)
                self.errors += resolved.issues
                self.proposals += resolved.proposals
                if resolved.area is not None:
                    found = known[key] = (resolved.area, resolved.retired, resolved.spelled, resolved.how)
            if found is not None:
                if found[1]:
                    self._retired[found[1]] = found[0].kode
                    self._notes["RETIRED_CODE"].append(number)
                if found[2]:
                    self._notes["NAME_SPELLING"].append(number)
                if found[3]:
                    self._notes["ALIAS_USED" if found[3] == "alias" else "OLDER_NAME"].append(number)
                if self.system == BPS and bps_area(self._index, code_of(place)[1].digits) is None:
                    self._by_name += 1
            facts = self._row_facts(number, row, found[0] if found else None)
            if len(self.errors) == before:
                self._facts += facts
        self._drop_subtotals()
        self._add_up()
        label = next(iter(self._labels().values()), None)
        self.errors += [
            RowIssue(row, label, "DUPLICATE_KEY", {"other": str(other), "kode": kode})
            for row, other, kode in duplicate_rows(self._facts)
        ]

    def facts(self, source: str) -> pd.DataFrame:
        """The facts of rows without errors, as `data.batches.fact_frame` takes them.

        ``source`` stands where a row names none.
        """
        bad = {issue.row for issue in self.errors}
        kept = [{**fact, "source": fact["source"] or source} for fact in self._facts if fact["row"] not in bad]
        return pd.DataFrame(kept)

    def totals(self) -> dict[str, float]:
        """Sums over the facts that would be stored: ``jumlah`` (``nilai`` for indicators) of a bare value column or a
        single count, else one sum for each measure.
        """
        bad = {issue.row for issue in self.errors}
        bare = "nilai" if self._kind.free else "jumlah"
        nilai = self._header.fields.get("nilai")
        has_bare = any(column.measure is None or column.column == nilai for column in self._values.columns)
        keys = {fact["indikator"] for fact in self._facts}
        if len(keys) == 1 and not self._kind.free and all(measure_of(key).whole for key in keys):
            has_bare = True
        apart = len(keys) <= MAX_TOTALS and (len(keys) > 1 or not has_bare)
        sums: defaultdict[str, float] = defaultdict(float)
        for fact in self._facts:
            if fact["row"] not in bad and fact["value"] is not None:
                if has_bare:
                    sums[bare] += fact["value"]
                if apart:
                    sums[fact["indikator"]] += fact["value"]
        return dict(sums) or ({bare: 0.0} if not bad else {})

    def lost(self) -> dict[str, tuple[int, float]]:
        """By indicator how many rows with errors hold a number that could be read, and the sum of these numbers."""
        sums: dict[str, tuple[int, float]] = {}
        for number in {issue.row for issue in self.errors if issue.row is not None}:
            for key, value in self._read.get(number, ()):
                rows, total = sums.get(key, (0, 0.0))
                sums[key] = rows + 1, total + value
        return sums

    def warnings(self) -> list[RowIssue]:
        """What to say about the rows as a whole."""
        said = []
        if self.system == BPS:
            by_name = self._by_name
            if len(self._body.data) > by_name:
                said.append(RowIssue(None, None, "CODE_SYSTEM_BPS", {"count": len(self._body.data) - by_name}))
            if by_name:
                said.append(RowIssue(None, None, "CODE_SYSTEM_BPS_BY_NAME", {"count": by_name}))
        return [*said, *noted(self._notes), *self._total_mismatch()]

    # -- one row -----------------------------------------------------------------------------------------------

    def _row_facts(self, number: int, row: list[Cell], area: Area | None) -> list[dict[str, Any]]:
        facts = []
        for column in self._values.columns:
            value = self._values.read(number, row, column)
            if (number, column.column) in self._shared:
                shared = self._shared[number, column.column]
                value = Value(value.measure, reason="AMBIGUOUS_NUMBER", params={"value": shared})
            if value.reason is not None:
                self._value_issue(number, column, value)
            elif value.measure is not None and value.value is not None:
                self._read[number].append((value.measure.key, value.value))
            period = self._clock.period(row, column.year)
            if isinstance(period, PeriodFault):
                issue = RowIssue(
                    number,
                    self._header.label(self._header.fields.get(period.field)),
                    period.reason,
                    dict(period.params),
                )
                if issue not in self.errors[-3:]:
                    self.errors.append(issue)
                continue
            if area is None or value.reason is not None or value.measure is None:
                continue
            if (
                value.measure.people
                and value.value is not None
                and value.value > self._index.population.get(area.kode, float("inf"))
            ):
                people = self._index.population[area.kode]
                self.errors.append(
                    RowIssue(
                        number,
                        self._header.label(column.column),
                        "EXCEEDS_POPULATION",
                        {"value": value.value, "population": people},
                    )
                )
                continue
            facts.append(self._fact(number, row, area, value, period))
        return facts

    def _fact(self, number: int, row: list[Cell], area: Area, value: Value, period: Period) -> dict[str, Any]:
        measure = value.measure
        assert measure is not None
        jenis = self._kind.jenis_of(measure)
        texts = {
            name: str(row[column])
            for name, column in self._texts.items()
            if column < len(row) and row[column] is not None
        }
        return {
            "jenis": jenis,
            "indikator": measure.key,
            "level": area.level,
            "kode": area.kode,
            "period_start": period.start,
            "period_end": period.end,
            "cumulative": period.open_year and period.partial_year and KINDS[jenis].flows,
            "value": value.value,
            "unit": texts.get("satuan", "") or measure.unit,
            "source": texts.get("sumber", ""),
            "completeness": _COMPLETENESS.get(texts.get("kelengkapan", "").lower(), ""),
            "note": "; ".join(str(row[at]) for at in self._header.notes if at < len(row) and row[at] is not None),
            "row": number,
        }

    def _value_issue(self, number: int, column: ValueColumn, value: Value) -> None:
        at = column.column if value.measure is not None else self._values.choice_column()
        issue = RowIssue(number, self._header.label(at), str(value.reason), dict(value.params or {}))
        if issue not in self.errors[-3:]:
            self.errors.append(issue)

    def _check_row(self, number: int, row: list[Cell]) -> bool:
        """Faults of a row as a line of text: its length, control characters, characters lost before it came.

        False when its cells cannot be read at all: shifted against the header, or without a value where the place or
        the time should be. Blank cells too many at the end of a line shift nothing.
        """
        length = self._table.lengths.get(number)
        wanted = self._table.lengths.get(self._header.last)
        if length is not None and wanted is not None and (length < wanted or len(row) > wanted):
            self.errors.append(RowIssue(number, None, "COLUMN_COUNT", {"found": length, "expected": wanted}))
            return False
        faults = [
            RowIssue(number, self._header.label(column), fault, {})
            for column in self._keyed
            if (
                fault := self._table.faults.get((number, column))
                or fault_of(row[column] if column < len(row) else None)
            )
        ]
        if faults:
            self.errors += faults
            return False
        for column in self._used:
            cell = row[column] if column < len(row) else None
            if not isinstance(cell, str):
                continue
            if cell.isascii() and cell.isprintable() and len(cell) <= MAX_TEXT:
                continue
            reason = "TOO_LONG" if len(cell) > MAX_TEXT else "CONTROL_CHAR" if has_control(cell) else ""
            reason = reason or ("ENCODING" if "\ufffd" in cell else "")
            if reason:
                self.errors.append(RowIssue(number, self._header.label(column), reason, {}))
        return True

    # -- places ------------------------------------------------------------------------------------------------

    def _place_cells(self, number: int, row: list[Cell]) -> PlaceCells:
        codes = {name: row[column] if column < len(row) else None for name, column in self._codes.items()}
        names: dict[str, str] = dict(self._body.context.get(number, {}))
        for name, column in self._names.items():
            cell = row[column] if column < len(row) else None
            text = "" if cell is None else str(cell)
            names[name] = text or names.get(name, "")
        self._fill_down(number, names)
        return PlaceCells(number, codes, names)

    def _fill_down(self, number: int, names: dict[str, str]) -> None:
        """A kecamatan or kabupaten written once above its villages holds for the blank cells below it."""
        for name in ("kabupaten", "kecamatan"):
            if name not in self._names:
                continue
            finer = ("kecamatan", "desa", "nama") if name == "kabupaten" else ("desa", "nama")
            if names.get(name):
                if self._above.get(name) != names[name]:
                    self._above.pop("kecamatan", None)
                self._above[name] = names[name]
            elif self._above.get(name) and any(names.get(other) for other in finer) and not any(self._codes):
                names[name] = self._above[name]
                self._notes["FILLED_DOWN"].append(number)

    def _fill_merged(self) -> None:
        """Places, times and kinds in cells merged downward hold for every row they cover; values never do."""
        rows = dict(self._table.rows)
        jenis = [self._header.fields[name] for name in ("jenis", "indikator") if name in self._header.fields]
        for (top, left), (bottom, _) in self._table.merged:
            if left not in (*self._keyed, *jenis) or bottom <= top or top <= self._header.last:
                continue
            cell = rows[top][left] if top in rows and left < len(rows[top]) else None
            for row in (rows[number] for number in range(top + 1, bottom + 1) if number in rows):
                row.extend([None] * (left + 1 - len(row)))
                row[left] = cell if row[left] is None else row[left]

    def _merged_figures(self) -> dict[tuple[int, int], str]:
        """Cells of a figure merged downward over several areas, with what stands there: whose it is nobody can say."""
        rows = dict(self._body.data)
        found: dict[tuple[int, int], str] = {}
        for (top, left), (bottom, right) in self._table.merged:
            covered = [number for number in range(top, min(bottom, top + 100_000) + 1) if number in rows]
            cells = rows.get(top, [])
            figure = cells[left] if left < len(cells) else None
            if len(covered) > 1 and figure is not None:
                shown = shorten(f"{figure:g}" if isinstance(figure, float) else str(figure))
                found |= {(number, column): shown for number in covered for column in range(left, right + 1)}
        return found

    def _hint(self) -> str | None:
        keys = {header_key(self._header.labels[column]) for column in self._codes.values()}
        if keys & KEMENDAGRI_HEADERS:
            return KEMENDAGRI
        return BPS if keys & BPS_HEADERS else None

    def _labels(self) -> dict[str, str]:
        return {name: str(self._header.label(column)) for name, column in {**self._codes, **self._names}.items()}

    def _parents_in_titles(self) -> tuple[str, str]:
        """Kabupaten and kecamatan the titles above the table name, where it has no column for them."""
        found = parents_named([*self._body.titles, self._table.sheet or ""], self._index)
        return ("" if "kabupaten" in self._names else found[0], "" if "kecamatan" in self._names else found[1])

    # -- the table as a whole ----------------------------------------------------------------------------------

    def _drop_subtotals(self) -> None:
        subtotals = subtotal_rows(self._facts)
        if not subtotals:
            return
        codes = {fact["row"]: fact["kode"] for fact in self._facts}
        self._facts = [fact for fact in self._facts if fact["row"] not in subtotals]
        self._body.data = [(number, cells) for number, cells in self._body.data if number not in subtotals]
        self._body.skipped += [
            RowIssue(number, None, "TOTAL_ROW", {"text": codes[number]}) for number in sorted(subtotals)
        ]
        self._body.skipped.sort(key=lambda issue: issue.row or 0)

    def _add_up(self) -> None:
        """Rows of one area that a column divides (country, sex) are added; a sum above the population is an error."""
        columns = category_columns(self._header)
        if self._kind.free or not columns:
            return
        told = {number: categories(cells, columns) for number, cells in self._body.data}
        self._facts, added = add_up(self._facts, told)
        self._notes["ROWS_ADDED"] += added
        for fact in self._facts:
            people = self._index.population.get(fact["kode"], float("inf"))
            if fact["row"] in added and measure_of(fact["indikator"]).people and (fact["value"] or 0) > people:
                params = {"value": fact["value"], "population": people}
                self.errors.append(RowIssue(fact["row"], None, "EXCEEDS_POPULATION", params))

    def _total_mismatch(self) -> list[RowIssue]:
        """Totals rows against the rows they may sum, where every row could be read: all, or those up to the next."""
        if not self._body.totals or self.errors:
            return []
        found = []
        for column in self._values.columns:
            if column.measure is not None and not column.measure.whole:
                continue
            values = [(at, self._values.read(at, row, column).value or 0.0) for at, row in self._body.data]
            edges = [0, *(number for number, _ in self._body.totals), 10**9]
            for place, (number, cells) in enumerate(self._body.totals, start=1):
                stated = self._values.read(number, cells, column).value
                spans = ((0, 10**9), (0, number), (edges[place - 1], number), (number, edges[place + 1]))
                sums = [sum(value for at, value in values if first < at < last) for first, last in spans]
                if stated is not None and all(abs(one - stated) > 0.5 for one in sums):
                    params = {"stated": stated, "sum": sums[0] if place == len(self._body.totals) else sums[2]}
                    found.append(RowIssue(number, self._header.label(column.column), "TOTAL_MISMATCH", params))
        return found
