"""Finding the header of a table and what each of its columns means.

Titles may stand above, the header may take two rows with merged groups, and clerks spell it in many ways. The row
that names most fields of the kind wins; a field found twice is an error, never a choice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from data.domain.kinds import Kind
from data.domain.measures import MEASURES
from data.errors import Refused
from data.intake.cells.numbers import MISSING, NONE_AT_ALL, looks_numeric
from data.intake.cells.periods import years_in
from data.intake.cells.text import header_key, shorten, words_of
from data.intake.files.raw import Cell, RawTable
from data.intake.header.header_names import column_letter, column_names, wanted_key
from data.intake.header.indicators import indicator_key, is_breakdown
from data.intake.header.synonyms import CODE_FIELDS, FIELD_OF, FIELDS, IGNORED, NAME_FIELDS, own_code_columns
from data.intake.header.units import is_derived, is_share

SEARCHED_ROWS, HEADER_ROWS = 40, 3
_PART = re.compile(r"(?:triwulan|tri wulan|tw|kuartal|q|quarter|semester|smt) ?(?:i{1,3}|iv|[1-4])")
_LABELLING = re.compile(r"^(?:kode|kd|code|id|gid|fid|no|nomor|oid)\b|\b(?:pcode|id)$|^(?:kd|wi?adm?)\w+$")
"""Headers of numbers that name things and measure nothing."""

_UNIT = re.compile(
    r"(?:dalam )?(?:(?:ribu|ribuan|000|juta|jutaan) ?)?"
    r"(?:orang|jiwa|kasus|kk|persen|rupiah|rp|ha|km2|km|tahun|unit|rumah tangga)?"
)
"""What stands under a header when it is only the unit of its numbers."""
_COUNTING = re.compile(r"\b(?:jumlah|jml|jlh|banyak\w*|total|persen\w*|prosen\w*|angka|tingkat|kasus)\b")
_MONTH_KEYS = {
    "januari",
    "februari",
    "maret",
    "april",
    "mei",
    "juni",
    "juli",
    "agustus",
    "september",
    "oktober",
    "november",
    "desember",
    "jan",
    "feb",
    "mar",
    "apr",
    "jun",
    "jul",
    "agt",
    "agu",
    "ags",
    "sep",
    "sept",
    "okt",
    "nov",
    "nop",
    "des",
}


@dataclass(frozen=True)
class MeasureColumn:
    """A column that holds values: of which measure (None: told by another column) and of which year, if it says."""

    column: int
    header: str
    key: str | None
    year: int | None = None


@dataclass
class Header:
    """The columns of a table. ``first`` and ``last`` are physical rows; ``fields`` maps a field to its column."""

    first: int
    last: int
    labels: list[str]
    fields: dict[str, int] = field(default_factory=dict)
    measures: list[MeasureColumn] = field(default_factory=list)
    twice: dict[str, list[int]] = field(default_factory=dict)
    ignored: list[int] = field(default_factory=list)
    notes: list[int] = field(default_factory=list)
    goes_on: bool = False

    @property
    def strength(self) -> int:
        """How many fields were recognised; fields of place count before anything else."""
        places = sum(name in self.fields or name in self.twice for name in (*CODE_FIELDS, *NAME_FIELDS))
        months = len(months_across(self)) >= 2
        return (len(self.fields) + len(self.measures) + len(self.twice) + months) * bool(places)

    def label(self, column: int | None) -> str | None:
        """What to call a column in a message: its header, or its letter as a spreadsheet shows it."""
        if column is None:
            return None
        text = self.labels[column] if column < len(self.labels) else ""
        return shorten(text, 60) or column_letter(column)


def find_header(table: RawTable, kind: Kind, named: Mapping[str, str] | None = None) -> Header:
    """The header of a table for a kind; ``named`` maps fields to headers a person chose.

    Raises `Refused`: ``HEADER_UNCLEAR`` when no row looks like one, ``COLUMN_MAPPING`` when a chosen header is not
    there, ``AMBIGUOUS_COLUMN`` when two columns claim one field.
    """
    candidates = []
    rows = table.rows[:SEARCHED_ROWS]
    for position, (number, cells) in enumerate(rows):
        labels = ["" if cell is None else _text(cell) for cell in cells]
        if sum(bool(label) for label in labels) < 1 or is_data_row(cells):
            continue
        candidates.append(read_header(number, number, labels, kind, table, position, named))
        for below_position in range(position + 1, min(position + HEADER_ROWS, len(rows))):
            below_number, below = rows[below_position]
            if is_data_row(below) or (below_position == position + 1 and _is_title(cells, below)):
                break
            goes_on = _goes_on(candidates[-1], below)
            if goes_on:
                candidates.pop()  # a group's name alone says nothing of its columns
            labels = _joined(number, labels, below_number, below, table)
            candidates.append(read_header(number, below_number, labels, kind, table, below_position, named))
            candidates[-1].goes_on = goes_on
    best = max(
        candidates,
        key=lambda header: (header.strength, header.goes_on, -(header.last - header.first), -header.first),
        default=None,
    )
    if best is None or best.strength < 2:
        _check_named(named, candidates)
        raise Refused("HEADER_UNCLEAR")
    _check_named(named, [best])
    if best.twice:
        name, columns = next(iter(best.twice.items()))
        names = column_names(best.labels)
        raise Refused("AMBIGUOUS_COLUMN", field=name, columns=", ".join(shorten(names[at], 60) for at in columns))
    return best


def read_header(
    first: int,
    last: int,
    labels: list[str],
    kind: Kind,
    table: RawTable,
    position: int,
    named: Mapping[str, str] | None = None,
) -> Header:
    """What the labels of one candidate header mean. ``position`` is the header's last row in ``table.rows``."""
    below = table.rows[position + 1 :]
    fixed = {wanted_key(header_text): name for name, header_text in (named or {}).items()}
    if fixed:  # a person may name a column that has no header
        labels = labels + [""] * (max((len(cells) for _, cells in below[:50]), default=0) - len(labels))
    own_names = column_names(labels) if fixed else labels
    header = Header(first, last, labels)
    keys = [header_key(label) for label in labels]
    claims: dict[str, list[int]] = {}
    for column, key in enumerate(keys):
        chosen = fixed.get(wanted_key(own_names[column])) or (fixed.get(wanted_key(labels[column])) if key else None)
        if chosen is not None:
            if chosen in FIELDS:
                claims.setdefault(chosen, []).append(column)
            else:
                header.measures.append(MeasureColumn(column, labels[column], chosen, _one_year(labels[column])))
            continue
        if not key:
            continue
        name = _field_of(key, kind) or _kind_by_row(key, column, kind, below)
        if name is not None and name not in (named or {}):
            claims.setdefault(name, []).append(column)
        elif (measure := _measure_of(key, labels[column], column, kind, below)) is None:
            header.ignored.append(column)
        elif measure.key is not None and measure.key in (named or {}):
            header.ignored.append(column)  # a person said which column holds it
        else:
            header.measures.append(measure)
    if "kdpemda" in keys:
        claims.pop("kode_prov", None)  # the treasury's own codes of provinces, 24 for NTT
    for name, columns in claims.items():
        if len(columns) == 1:
            header.fields[name] = columns[0]
        else:
            header.twice[name] = columns
    _settle_notes(header, kind)
    return header


def months_across(header: Header) -> list[int]:
    """Columns named after months: a table that is wide in time and has to be turned by its owner."""
    return [column for column, label in enumerate(header.labels) if is_part_of_year(header_key(label))]


def is_part_of_year(key: str) -> bool:
    """Whether a folded header is a month, quarter or half of a year, with or without the year."""
    words = [word for word in key.split() if not _is_year(word)]
    return " ".join(words) in _MONTH_KEYS or bool(_PART.fullmatch(" ".join(words)))


def _field_of(key: str, kind: Kind) -> str | None:
    """The field of a folded header: as it stands, or without a bracketed unit or a year at its end."""
    name = FIELD_OF.get(key)
    if name is None:
        words = key.split()
        while len(words) > 1 and (
            words[-1] in ("orang", "jiwa", "persen") or (words[-1].isdigit() and len(words[-1]) == 4)
        ):
            words.pop()
        name = FIELD_OF.get(" ".join(words)) if words != key.split() and not years_in(key) else None
    if name == "nilai" and kind.free and key not in ("nilai", "value", "angka", "jumlah", "jml", "total", "skor"):
        return None
    if name in ("indikator",) and not kind.free:
        return "jenis"
    if name == "jenis" and kind.free:
        return None
    return name


def _kind_by_row(key: str, column: int, kind: Kind, below: list[tuple[int, list[Cell]]]) -> str | None:
    """A column ``Status`` that tells of each row what it counts (``prosedural``, ``ilegal``) is its kind."""
    if kind.free or key.split()[0] not in ("status", "jenis", "kategori", "jalur"):
        return None
    texts = [str(cells[column]) for _, cells in below[:200] if column < len(cells) and cells[column] is not None]
    told = sum(kind.classify(words_of(text)) is not None for text in texts)
    return "jenis" if texts and told > len(texts) * 0.6 else None


def _measure_of(
    key: str, label: str, column: int, kind: Kind, below: list[tuple[int, list[Cell]]]
) -> MeasureColumn | None:
    """A column of values told by its own header; breakdowns and running numbers are none."""
    if key in IGNORED or is_part_of_year(key):
        return None
    year = _one_year(label)
    bare = " ".join(word for word in key.split() if word not in ("tahun", "thn", "th") and not _is_year(word))
    if not bare and year is not None:
        return MeasureColumn(column, label, None, year)
    if kind.free:
        if is_breakdown(bare) and indicator_key(bare) not in MEASURES:
            return None
        own = indicator_key(label)
        if own not in MEASURES and (_LABELLING.search(bare) or not _mostly_numbers(column, below, blank=False)):
            return None
        return MeasureColumn(column, label, own, year)
    if FIELD_OF.get(bare) == "nilai" and year is not None:
        return MeasureColumn(column, label, None, year)
    if is_breakdown(bare):
        return None
    if is_derived(bare) or (is_share(bare) and not kind.shares):
        return None
    found = kind.classify(bare)
    counts = bool(_COUNTING.search(bare))
    return (
        MeasureColumn(column, label, found, year) if found and (counts or _mostly_numbers(column, below, 0.3)) else None
    )


def _mostly_numbers(column: int, below: list[tuple[int, list[Cell]]], share: float = 0.6, blank: bool = True) -> bool:
    """Whether what stands under a header is numbers (blank cells say nothing; ``blank`` is the answer for no other)."""
    filled = numeric = 0
    for _, cells in below[:500]:
        cell = cells[column] if column < len(cells) else None
        if cell is None or (isinstance(cell, str) and cell.strip().lower() in MISSING | NONE_AT_ALL):
            continue
        filled += 1
        numeric += looks_numeric(cell) or (isinstance(cell, str) and cell.startswith("#"))
    return blank if filled == 0 else numeric >= filled * share


def is_data_row(cells: list[Cell]) -> bool:
    """Whether a row holds values rather than headers: a number that is no year, or a date."""
    for cell in cells:
        if isinstance(cell, str):
            if looks_numeric(cell) and not _is_year(cell.strip()):
                return True
        elif cell is not None and not (isinstance(cell, float) and _is_year(_text(cell))):
            return True
    return False


def _is_title(cells: list[Cell], below: list[Cell]) -> bool:
    """Whether a row above another is a line of text over the table, not its header: one cell, at its left edge."""
    filled = [column for column, cell in enumerate(cells) if cell is not None]
    first_below = next((column for column, cell in enumerate(below) if cell is not None), 0)
    return len(filled) == 1 and filled[0] <= first_below


def _goes_on(header: Header, below: list[Cell]) -> bool:
    """Whether the row under a header only divides its groups (``L | P | Jumlah``): two labels or more, none of them
    under a place, none under a header that stands for its own column alone.
    """
    filled = [column for column, cell in enumerate(below) if cell is not None]
    places = {header.fields[name] for name in (*CODE_FIELDS, *NAME_FIELDS) if name in header.fields}

    def of_group(column: int) -> bool:
        labels = [*header.labels, *[""] * (len(below) + 1)]
        return not labels[column] or (not labels[column + 1] and column + 1 in filled)

    if filled and all(_UNIT.fullmatch(words_of(str(below[column])) or "persen") for column in filled):
        return not places & set(filled)
    return len(filled) > 1 and not places & set(filled) and all(of_group(column) for column in filled)


def _joined(number: int, upper: list[str], below_number: int, below: list[Cell], table: RawTable) -> list[str]:
    """Two header rows as one: a group's name (merged across, or followed by blanks) before each of its columns."""
    lower = ["" if cell is None else _text(cell) for cell in below]
    width = max(len(upper), len(lower))
    upper, lower = upper + [""] * (width - len(upper)), lower + [""] * (width - len(lower))
    spans = {
        column: start[1]
        for start, end in table.merged
        if start[0] <= below_number - 1 and number <= end[0] and end[1] > start[1]
        for column in range(start[1], min(end[1], width - 1) + 1)
    }
    joined, group = [], ""
    for column in range(width):
        if upper[column]:
            group = upper[column]
        elif table.merged:
            group = upper[spans[column]] if column in spans else ""
        parts = [group if lower[column] else upper[column], lower[column]]
        joined.append(" ".join(part for part in parts if part))
    return joined


def _settle_notes(header: Header, kind: Kind) -> None:
    """Notes may stand in several columns (note and quality) and are joined; of other free text the first is kept."""
    header.notes = header.twice.pop("catatan", [header.fields["catatan"]] if "catatan" in header.fields else [])
    if header.notes:
        header.fields["catatan"] = header.notes[0]
    if kind.about_people and header.notes:
        # Remarks beside cases speak of people; no rule finds every name in free text, so none of it is stored.
        header.ignored += header.notes
        header.notes = []
        del header.fields["catatan"]
    for name in ("sumber", "satuan", "kelengkapan"):
        if name in header.twice:
            first, *others = header.twice.pop(name)
            header.fields[name] = first
            header.ignored.extend(others)
    _take_own_codes(header)
    years = [measure.year for measure in header.measures if measure.key is None]
    if "nilai" in header.fields and len(years) > 1:
        header.ignored.append(header.fields.pop("nilai"))
    told_by_row = "indikator" in header.fields or "jenis" in header.fields
    if "nilai" in header.fields and not told_by_row and any(measure.key for measure in header.measures):
        header.ignored.append(header.fields.pop("nilai"))


def _take_own_codes(header: Header) -> None:
    """Where two columns claim one code, the one that is ours is taken and the others are passed over."""
    keys = [header_key(label) for label in header.labels]
    for name in CODE_FIELDS:
        columns = header.twice.get(name, [])
        ours = own_code_columns(columns, keys)
        if len(columns) > len(ours) == 1:
            del header.twice[name]
            header.fields[name] = ours[0]
            header.ignored.extend(column for column in columns if column not in ours)


def _check_named(named: Mapping[str, str] | None, headers: list[Header]) -> None:
    for name, text in (named or {}).items():
        if name not in FIELDS and name not in MEASURES:
            raise Refused("COLUMN_MAPPING", field=name, header=shorten(text), known=", ".join([*FIELDS, *MEASURES]))
        if not any(
            wanted_key(text) in {wanted_key(label) for label in [*header.labels, *column_names(header.labels)]}
            for header in headers
        ):
            raise Refused("COLUMN_MAPPING", field=name, header=shorten(text), known="")


def _one_year(label: str) -> int | None:
    found = set(years_in(label))
    return found.pop() if len(found) == 1 else None


def _is_year(text: str) -> bool:
    return len(text) == 4 and text.isdigit() and 1980 <= int(text) <= 2100


def _text(cell: Cell) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
