"""The value columns of a table: which measure each row and column holds, and whether its value can be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from data.domain.kinds import Kind, measure_of
from data.domain.measures import MEASURES, Measure
from data.errors import Refused
from data.intake.cells.numbers import Convention, Number, convention_of, looks_numeric, read_number
from data.intake.cells.periods import years_in
from data.intake.cells.text import header_key, shorten, words_of
from data.intake.files.raw import Cell, RawTable
from data.intake.header.header_names import column_names
from data.intake.header.headers import Header, MeasureColumn, months_across
from data.intake.header.indicators import indicator_key, indicators_in, is_breakdown
from data.intake.header.layout import Body
from data.intake.header.units import factor_in_titles, factor_of, is_derived, is_share
from data.intake.report import RowIssue

_SURELY_PERCENT = 5.0
"""A median of a column that no column of shares has."""


@dataclass(frozen=True)
class ValueColumn:
    """A column of values: its measure (None: told by the row), the year in its header, how its numbers are written."""

    column: int
    label: str
    measure: Measure | None
    year: int | None
    convention: Convention
    scale: float = 1.0


@dataclass(frozen=True)
class Value:
    """A checked cell: ``value`` (None is missing) of ``measure``, or the issue that stops it."""

    measure: Measure | None
    value: float | None = None
    reason: str | None = None
    params: dict[str, object] | None = None


class ValueReader:
    """Reads the values of one table of one kind."""

    def __init__(
        self, kind: Kind, header: Header, body: Body, table: RawTable, asked: object, hints: Iterable[str]
    ) -> None:
        self.kind = kind
        self.warnings: list[RowIssue] = []
        self._table = table
        self._choice = header.fields.get("jenis" if not kind.free else "indikator")
        self._choices: dict[str, Measure | None] = {}
        self._unit = header.fields.get("satuan")
        self._titled = factor_in_titles(body.titles)
        self.columns = self._columns(header, body)
        self.default: Measure | None = None
        if any(column.measure is None for column in self.columns):
            self.default = self._default(header, asked, list(hints))

    def read(self, number: int, cells: list[Cell], column: ValueColumn) -> Value:
        """The value of one row in one column."""
        measure = column.measure or self._row_measure(cells)
        if measure is None:
            text = str(cells[self._choice]) if self._choice is not None and self._choice < len(cells) else ""
            allowed = ", ".join(known.key for known in self.kind.measures)
            return Value(None, reason="OUT_OF_RANGE", params={"value": shorten(text), "allowed": allowed})
        cell = cells[column.column] if column.column < len(cells) else None
        scale = self._scale(measure, column, cells)
        if scale is None:
            shown = shorten(f"{cell} {cells[self._unit or 0]}")
            return Value(measure, reason="AMBIGUOUS_NUMBER", params={"value": shown})
        fault = self._table.faults.get((number, column.column))
        if fault is not None:
            return Value(measure, reason=fault, params={})
        explicit = (number, column.column) in self._table.percent and measure.unit == "persen"
        read = read_number(
            cell, column.convention, whole=measure.whole and scale <= 1, highest=measure.highest, percent=explicit
        )
        return self._checked(measure, read, cell, scale, explicit)

    def _scale(self, measure: Measure, column: ValueColumn, cells: list[Cell]) -> float | None:
        """What a number of this row is multiplied by; None when the unit beside it is not one of the measure."""
        scale = column.scale if column.measure is not None or measure.whole else 1.0
        cell = cells[self._unit] if self._unit is not None and self._unit < len(cells) else None
        if not isinstance(cell, str):
            return scale
        if measure.whole and (is_share(cell) or is_derived(cell)):
            return None
        if measure.unit == "persen" and words_of(cell) and not is_share(cell):
            return None
        return scale if scale > 1 or not measure.whole else factor_of(cell)

    def choice_column(self) -> int | None:
        """The column that says what each row measures, if there is one."""
        return self._choice

    def _checked(self, measure: Measure, read: Number, cell: Cell, scale: float, explicit: bool) -> Value:
        shown = {"value": shorten(str(cell) if not isinstance(cell, float) else f"{cell:g}")}
        if read.reason is not None:
            return Value(measure, reason=read.reason, params=dict(shown))
        if read.value is None:
            return Value(measure)
        if scale == 0.0 and 0 < read.value < 1 and not explicit and not _says_percent(cell):
            return Value(measure, reason="AMBIGUOUS_NUMBER", params=dict(shown))
        value = read.value * scale if scale else read.value
        if measure.whole and scale > 1:
            value = float(round(value))
        if measure.lowest == 0 and value < 0:
            return Value(measure, reason="NEGATIVE", params=dict(shown))
        too_low = measure.lowest is not None and value < measure.lowest
        too_high = measure.highest is not None and value > measure.highest
        if too_low or too_high:
            allowed = f"{measure.lowest:g}–{measure.highest:g}"
            return Value(measure, reason="OUT_OF_RANGE", params={**shown, "allowed": allowed})
        return Value(measure, value)

    def _row_measure(self, cells: list[Cell]) -> Measure | None:
        if self._choice is None:
            return self.default
        cell = cells[self._choice] if self._choice < len(cells) else None
        if cell is None:
            return self.default
        text = str(cell)
        if text not in self._choices:
            words = words_of(text)
            key = words.replace(" ", "_")
            if self.kind.free:
                self._choices[text] = measure_of(indicator_key(text), self.kind.name) if words else None
            elif key in MEASURES and MEASURES[key].jenis == self.kind.name:
                self._choices[text] = MEASURES[key]
            else:
                found = None if is_breakdown(words) else self.kind.classify(words)
                self._choices[text] = measure_of(found) if found else None
        return self._choices[text]

    def _columns(self, header: Header, body: Body) -> list[ValueColumn]:
        found = list(header.measures)
        if "nilai" in header.fields:
            column = header.fields["nilai"]
            label = header.labels[column]
            found.insert(0, MeasureColumn(column, label, None))
            if not self.kind.free and self._choice is None and (key := self.kind.classify(header_key(label))):
                found[0] = MeasureColumn(column, label, key)
        if self.kind.free and "indikator" in header.fields and "nilai" in header.fields:
            found = found[:1]
        if not found:
            months = months_across(header)
            if len(months) >= 2:
                raise Refused("WIDE_FORMAT", columns=", ".join(str(header.label(column)) for column in months))
            dated = [column for column in header.ignored if years_in(header.labels[column])]
            if len({year for column in dated for year in years_in(header.labels[column])}) > 1:
                raise Refused("WIDE_FORMAT", columns=", ".join(str(header.label(column)) for column in dated))
            raise Refused("MISSING_COLUMN", field="nilai" if self.kind.free else "jumlah")
        self._check_twice(found, header)
        years = [one for one in found if one.key is None and one.year is not None]
        if len(years) > 1 or len({one.year for one in found if one.year}) > 1:
            listed = sorted({str(one.year) for one in found if one.year})
            self.warnings.append(RowIssue(None, None, "WIDE_UNPIVOTED", {"years": ", ".join(listed)}))
        return [self._column(one, body) for one in found]

    def _column(self, one: MeasureColumn, body: Body) -> ValueColumn:
        cells = [cells[one.column] for _, cells in body.data if one.column < len(cells)]
        convention = convention_of(cells)
        if convention.mixed:
            self.warnings.append(RowIssue(None, None, "MIXED_NUMBERS", {"column": shorten(one.header, 60)}))
        measure = measure_of(one.key, self.kind.name) if one.key else None
        scale = 1.0
        if measure is not None and measure.unit == "persen":
            scale = self._share(one, cells, convention)
        elif measure is None or measure.whole:
            scale = max(factor_of(one.header), self._titled)
            if scale > 1:
                params = {"column": shorten(one.header, 60), "factor": int(scale)}
                self.warnings.append(RowIssue(None, None, "UNIT_SCALED", params))
        return ValueColumn(one.column, one.header, measure, one.year, convention, scale)

    def _share(self, one: MeasureColumn, cells: list[Cell], convention: Convention) -> float:
        """100 for a percentage column that holds shares (all of at least three values are fractions of one), 0 when
        fractions of one are doubtful: too few to tell, or among values that surely are percentages.
        """
        marked = {column for _, column in self._table.percent}
        if one.column in marked:
            return 0.0
        numbers = [
            read_number(cell, convention).value for cell in cells if looks_numeric(cell) and not _says_percent(cell)
        ]
        known = sorted(number for number in numbers if number is not None)
        if not known or known[-1] <= 0 or all(number.is_integer() for number in known):
            return 1.0
        if known[-1] > 1:
            return 0.0 if known[len(known) // 2] >= _SURELY_PERCENT else 1.0
        if len(known) < 3:
            return 0.0
        self.warnings.append(RowIssue(None, None, "PERCENT_FROM_SHARE", {"column": shorten(one.header, 60)}))
        return 100.0

    def _check_twice(self, found: list[MeasureColumn], header: Header) -> None:
        seen: dict[tuple[str | None, int | None], MeasureColumn] = {}
        for one in found:
            other = seen.setdefault((one.key, one.year), one)
            if other is not one:
                names = column_names(header.labels)
                columns = ", ".join(shorten(names[at.column], 60) for at in (other, one))
                raise Refused("AMBIGUOUS_COLUMN", field=one.key or "nilai", columns=columns)

    def _default(self, header: Header, asked: object, hints: list[str]) -> Measure | None:
        """What a bare number means: asked for, told by header, title, sheet or file name, else the kind's usual one."""
        if self._choice is not None and self.kind.free:
            return None
        if isinstance(asked, str) and asked:
            if asked not in MEASURES or (not self.kind.free and MEASURES[asked].jenis != self.kind.name):
                raise Refused("MISSING_COLUMN", field=asked)
            return MEASURES[asked]
        label = header.labels[header.fields["nilai"]] if "nilai" in header.fields else ""
        if self.kind.free:
            return self._free_default(label, hints)
        for text in [label, *hints]:
            key = self.kind.classify(header_key(text))
            if key is not None:
                return MEASURES[key]
        if self.kind.implied and (key := self.kind.classify(f"{header_key(label)} {self.kind.implied}")):
            self.warnings.append(RowIssue(None, None, "JENIS_ASSUMED", {"jenis": key}))
            return MEASURES[key]
        if self.kind.default is None:
            return None
        if self._choice is None:
            self.warnings.append(RowIssue(None, None, "JENIS_ASSUMED", {"jenis": self.kind.default}))
        return MEASURES[self.kind.default]

    def _free_default(self, label: str, hints: list[str]) -> Measure | None:
        """An indicator table that names its indicator nowhere but in its title: only a known one is accepted."""
        for text in [label, *hints]:
            if len(found := indicators_in(text)) == 1:
                key = found.pop()
                self.warnings.append(RowIssue(None, None, "JENIS_ASSUMED", {"jenis": key}))
                return MEASURES[key]
        raise Refused("MISSING_COLUMN", field="indikator")


def _says_percent(cell: Cell) -> bool:
    """Whether a text says itself that it is a percentage: ``0,8 %``."""
    return isinstance(cell, str) and ("%" in cell or "persen" in cell.lower())
