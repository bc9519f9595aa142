"""The rows under a header, told apart: data, totals, number rows, repeated headers, section lines, notes, signatures.

Nothing is dropped silently: what is not data is skipped with a reason and counted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from data.domain.provinces import PROVINCE_CODES
from data.intake.cells.numbers import Convention, looks_numeric, read_number
from data.intake.cells.text import shorten, words_of
from data.intake.files.raw import Cell, RawTable
from data.intake.header.headers import Header
from data.intake.header.synonyms import CODE_FIELDS, NAME_FIELDS
from data.intake.report import RowIssue

LONGEST_TITLE = 400
"""Characters of a line above or below a table that are looked at."""

_TOTAL = re.compile(
    r"^(?:sub ?)?(?:jumlah|total|jml|jlh|grand total|keseluruhan|rata rata|rerata|jumlah total|total jumlah)(?: .*)?$"
    r"|^(?:provinsi|propinsi|prov) \w+.*$|^.+ (?:total|subtotal|sub total|jumlah)$"
)
_RANK_OF_PROVINCE = re.compile(r"^(?:provinsi|propinsi|prov) ")
_SUBTOTAL = re.compile(r"^(?:sub ?)?(?:jumlah|total|jml)\b.*$|^.+ (?:total|subtotal|sub total|jumlah)$|^seluruh \w+.*$")
_MEAN = re.compile(r"rata|rerata|mean|average")
_SECTION = re.compile(r"^(kecamatan|kec|kabupaten|kab|kota)\b[ .:]*(.+)$", re.IGNORECASE)
_NOTE = re.compile(
    r"^(?:sumber|source|catatan|note|keterangan|ket|mengetahui|kepala|sekretaris|plt|an kepala|a n|nip|dibuat"
    r"|disusun|data per|tanda|ttd|\*|kupang \d|update|diperbarui|dicetak|n b|nb)\b"
)
_RANKED = re.compile(r"(?:kab|kota|kec|desa|kel)\w*\b", re.IGNORECASE)
_NUMBERED = re.compile(r"\(?\s*(?:kolom )?(\d{1,2}|[a-z])\s*\)?(?:\s*=.*)?", re.IGNORECASE)
_RULE = re.compile(r"[-:=+_|*]{3,}")
_CODE_FIRST = re.compile(r"\W*(?:\d{2}\.\d{2}\.\d{2}\.\d{4}|\d{10})(?!\d)")
"""A line that begins with a village's code: a row whose cells were not told apart, never a note."""
_SENTENCE = re.compile(r"[A-Za-z]{3,}\W+(?:\w+\W+)*?[A-Za-z]{3,}")
_SPACED = re.compile(r"(?:[a-z] )+[a-z]")


@dataclass
class Body:
    """The rows under a header. ``data`` pairs row numbers with cells; ``context`` holds the names a section line gave
    the rows below it, by row; ``totals`` are the totals rows, means left out.
    """

    data: list[tuple[int, list[Cell]]] = field(default_factory=list)
    skipped: list[RowIssue] = field(default_factory=list)
    context: dict[int, dict[str, str]] = field(default_factory=dict)
    totals: list[tuple[int, list[Cell]]] = field(default_factory=list)
    titles: list[str] = field(default_factory=list)


def split_body(
    table: RawTable,
    header: Header,
    is_place: Callable[[str], bool],
    province_names: set[str],
    resembles: Callable[[str], bool] | None = None,
) -> Body:
    """Sorts the rows of a table; ``titles`` are the texts above its header.

    ``province_names`` stand for the sum of all rows; ``resembles`` says whether a text may be a spelling of some place.
    """
    body = Body()
    place_columns = [header.fields[name] for name in (*CODE_FIELDS, *NAME_FIELDS) if name in header.fields]
    code_columns = [header.fields[name] for name in CODE_FIELDS if name in header.fields]
    value_columns = [measure.column for measure in header.measures]
    value_columns += [header.fields["nilai"]] if "nilai" in header.fields else []
    section: dict[str, str] = {}
    after_total = False
    last = _last_placed(table, header, place_columns, code_columns, is_place)
    for number, cells in table.rows:
        if number < header.first:
            body.titles.extend(cell[:LONGEST_TITLE] for cell in cells if isinstance(cell, str))
            continue
        if number <= header.last:
            continue
        reason, text = _reason(
            number,
            cells,
            header,
            place_columns,
            code_columns,
            value_columns,
            after_total,
            is_place,
            province_names,
            first=not body.data,
        )
        below = resembles is not None and number > last
        if reason is None and below and not any(looks_numeric(cell) for cell in cells):
            reason = "NOTE_ROW"  # names and places of signing below the last place
        if reason is None and _is_bare_sum(cells, place_columns, value_columns, body.data):
            reason = "TOTAL_ROW"
        if reason is None:
            body.data.append((number, cells))
            if section:
                body.context[number] = dict(section)
            after_total = False
            continue
        if reason == "TOTAL_ROW":
            after_total = True
            if not _MEAN.match(words_of(text)):
                body.totals.append((number, cells))
        if reason == "SECTION_ROW":
            found = _SECTION.match(text)
            if found:
                name = "kecamatan" if found.group(1).lower().startswith("kec") else "kabupaten"
                section = {
                    **(section if name == "kecamatan" else {}),
                    name: text if name == "kabupaten" else found.group(2),
                }
        body.skipped.append(RowIssue(number, None, reason, {"text": shorten(text)}))
    if resembles is not None:
        _take_province_row(body, place_columns, value_columns, resembles)
    return body


def _last_placed(
    table: RawTable, header: Header, place_columns: list[int], code_columns: list[int], is_place: Callable[[str], bool]
) -> int:
    """The last row that names a known place or holds a code."""
    for number, cells in reversed(table.rows):
        texts = (str(_at(cells, column)) for column in place_columns if _at(cells, column) is not None)
        if number <= header.last or any(is_place(text) for text in texts):
            return number
        if any(_holds_digit(_at(cells, column)) for column in code_columns):
            return number
    return header.last


def _take_province_row(
    body: Body, place_columns: list[int], value_columns: list[int], resembles: Callable[[str], bool]
) -> None:
    """The province's own row, first or last of a table, by a name nobody told us: it states the sum of the others, or
    stands in capitals among names that do not.
    """
    for place in (0, -1):
        if len(body.data) < 3:
            return
        number, cells = body.data[place]
        named = [column for column in place_columns if _at(cells, column) is not None]
        text = str(_at(cells, named[0])) if len(named) == 1 else ""
        if not re.search(r"[A-Za-z]{3}", text) or re.search(r"\d", text) or resembles(text):
            continue
        others = [row for at, row in body.data if at != number]
        beside = [str(_at(row, named[0]) or "") for row in others]
        capitals = text.isupper() and not _RANKED.match(text) and sum(map(str.isupper, beside)) * 5 < len(beside)
        if capitals or _is_sum(cells, value_columns, others):
            body.data.pop(place)
            if not capitals:
                body.totals.append((number, cells))
            body.skipped.append(RowIssue(number, None, "TOTAL_ROW", {"text": shorten(text)}))
            body.skipped.sort(key=lambda issue: issue.row or 0)


def _reason(
    number: int,
    cells: list[Cell],
    header: Header,
    place_columns: list[int],
    code_columns: list[int],
    value_columns: list[int],
    after_total: bool,
    is_place: Callable[[str], bool],
    province_names: set[str],
    *,
    first: bool,
) -> tuple[str | None, str]:
    """Why a row is no data (None when it is), and the text that says so."""
    filled = [(column, cell) for column, cell in enumerate(cells) if cell is not None]
    province = header.fields.get("provinsi")
    beside = [(column, cell) for column, cell in filled if column != province]
    text = next((cell for _, cell in beside if isinstance(cell, str) and not looks_numeric(cell)), "")
    words = words_of(text)
    if _SPACED.fullmatch(words):
        words = words.replace(" ", "")
    coded = any(_holds_digit(_at(cells, column)) for column in code_columns)
    if filled and all(isinstance(cell, str) and _RULE.fullmatch(cell) for _, cell in filled):
        return "NOTE_ROW", ""
    if len(filled) == 1 and _CODE_FIRST.match(text):
        return None, ""
    if coded and (len(filled) == 1 or _NOTE.match(words)) and _SENTENCE.search(text[:LONGEST_TITLE]):
        coded = False
    valued = any(_at(cells, column) is not None for column in value_columns)
    placed = coded or any(_at(cells, column) is not None for column in place_columns)
    if first and _is_number_row(filled):
        return "NUMBER_ROW", ""
    if _repeats_header(cells, header):
        return "HEADER_ROW", text
    if not coded and (name := _RANK_OF_PROVINCE.sub("", words)) in PROVINCE_CODES and name not in province_names:
        return None, ""  # another province
    names = (_at(cells, column) for column in place_columns if column != province and not coded)
    sums = (name for name in names if isinstance(name, str) and _SUBTOTAL.match(words_of(name)) and not is_place(name))
    if name := next(sums, ""):
        return "TOTAL_ROW", name
    if not coded and text and (_TOTAL.match(words) or (words in province_names and not is_place(text))):
        return "TOTAL_ROW", text
    if not coded and province is not None and _at(cells, province) is not None and not text and valued:
        return "TOTAL_ROW", str(_at(cells, province))
    if not placed and not valued:
        return "NOTE_ROW", text
    if not coded and not valued and text:
        if len(filled) == 1 and _SECTION.match(text) and not after_total:
            return "SECTION_ROW", text
        if after_total or _NOTE.match(words) or len(text) > 60 or (len(filled) == 1 and not is_place(text)):
            return "NOTE_ROW", text
    return None, ""


def _is_number_row(filled: Sequence[tuple[int, Cell]]) -> bool:
    """``(1) (2) (3)`` or ``a b c`` under a header: columns counted from the first without a gap."""
    numbers: list[int] = []
    for _, cell in filled:
        found = _NUMBERED.fullmatch(str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell))
        if not found:
            return False
        mark = found.group(1).lower()
        numbers.append(int(mark) if mark.isdigit() else ord(mark) - 96)
    return len(numbers) >= 3 and numbers == list(range(numbers[0], numbers[0] + len(numbers))) and numbers[0] in (0, 1)


def _is_bare_sum(
    cells: list[Cell], place_columns: list[int], value_columns: list[int], above: Sequence[tuple[int, list[Cell]]]
) -> bool:
    """Whether a row without any place states the sums of the rows above it: a totals row nobody labelled."""
    if len(above) < 2 or any(_at(cells, column) is not None for column in place_columns):
        return False
    return _is_sum(cells, value_columns, [row for _, row in above])


def _is_sum(cells: list[Cell], value_columns: list[int], rows: Sequence[list[Cell]]) -> bool:
    """Whether every figure of a row is the sum of that column of other rows, and one is more than nothing."""
    stated = [column for column in value_columns if _at(cells, column) is not None]
    return any(_number(_at(cells, column)) for column in stated) and all(
        _number(_at(cells, column)) == sum(_number(_at(row, column)) or 0.0 for row in rows) for column in stated
    )


def _number(cell: Cell) -> float | None:
    return read_number(cell, Convention(), whole=True).value


def _repeats_header(cells: list[Cell], header: Header) -> bool:
    texts = [(column, cell) for column, cell in enumerate(cells) if isinstance(cell, str)]
    same = sum(
        column < len(header.labels) and words_of(cell) == words_of(header.labels[column]) for column, cell in texts
    )
    return same >= 2 and same == len(texts)


def _holds_digit(cell: Cell) -> bool:
    """A code cell that may be a code: ``JUMLAH`` in the code column does not make a row a village."""
    return cell is not None and any(char.isdigit() for char in str(cell))


def _at(cells: list[Cell], column: int) -> Cell:
    return cells[column] if column < len(cells) else None
