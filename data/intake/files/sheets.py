"""Spreadsheets, after size checks, joined with what they know about their cells beside the values."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from xml.parsers import expat

from data.errors import Refused
from data.intake.files.cell_flags import Marks, ods_marks, xlsx_marks
from data.intake.files.limits import MAX_COLUMNS, MAX_ROWS, too_large
from data.intake.files.raw import Cell, RawTable, add_row
from data.intake.files.sniff import Sniffed
from data.intake.files.workbooks import Book, open_book
from data.intake.files.zips import read_member
from data.intake.report import RowIssue

_FAR_COLUMN = re.compile(rb"""\br=["'][A-Z]{3,}\d+["']""")
_FAR_ROW = re.compile(rb"""\br=["'][A-Z]{0,3}(\d{6,})["']""")
_STATED_COUNT = re.compile(rb"""<(?:\w+:)?sst\b[^>]*?\b(?:uniqueCount|count)=["'](\d+)["'][^>]*""")
_ANY_COUNT = re.compile(rb"""\b(?:uniqueCount|count)=["'](\d+)["']""")
_LEAST_STRING = 5
"""Bytes of the shortest shared string, ``<si/>``: more strings than fit are a lie that would be given memory."""
_DATE_1904 = re.compile(rb"""<(?:\w+:)?workbookPr\b[^>]*\bdate1904=["'](?:1|true)["']""")
_WIDE_REPEAT = re.compile(rb"<(?:\w+:)?table-cell\b[^>]*value-type[^>]*>|<(?:\w+:)?table-row\b[^>]*>")
_REPEATED = re.compile(rb"number-(?:columns|rows)-repeated=[\"'](\d+)[\"']")


def read_sheets(content: bytes, kind: Sniffed, sheet: str | None) -> tuple[list[RawTable], list[RawTable]]:
    """The visible sheets with something in them (or the one named), and the sheets left aside."""
    if kind.archive is not None:
        _check_extent(kind.archive, kind.container)
    book = open_book(content, kind.container)
    if sheet is not None and sheet not in book.names:
        raise Refused("SHEET_CHOICE", sheets=", ".join(book.names))
    wanted = [sheet] if sheet is not None else book.visible
    marks = _marks(book, kind, wanted)
    tables = [_table(book, name, kind.container, marks.get(name, Marks())) for name in wanted]
    if book.date1904 or _counts_from_1904(kind):
        for table in tables:
            table.date1904 = True
    return tables, [_table(book, name, kind.container, Marks()) for name in book.names if name not in wanted]


def _table(book: Book, name: str, container: str, marks: Marks) -> RawTable:
    sheet = book.sheet(name)
    cells = sheet.rows
    merged = [((a[0] + 1, a[1]), (b[0] + 1, b[1])) for a, b in sheet.merged]
    table = RawTable(container, name, merged=merged, faults=marks.faults, percent=marks.percent)
    faulty = marks.faults_by_row()
    for number, row in enumerate(cells, start=1):
        kept: list[Cell] = [_cell(value) for value in row]
        for column in faulty.get(number, ()):
            kept.extend([None] * (column + 1 - len(kept)))
            if kept[column] is None:
                kept[column] = _FAULT_TEXT[marks.faults[(number, column)]]
        add_row(table, number, kept)
    table.hidden_rows = {number for number, _ in table.rows if number in marks.hidden_rows}
    if table.hidden_rows:
        listed = sorted(table.hidden_rows)
        shown = ", ".join(str(number) for number in listed[:10]) + (" …" if len(listed) > 10 else "")
        table.warnings.append(RowIssue(None, None, "HIDDEN_ROWS", {"count": len(listed), "rows": shown}))
    if marks.hidden_columns:
        table.warnings.append(RowIssue(None, None, "HIDDEN_COLUMNS", {"count": len(marks.hidden_columns)}))
    return table


_FAULT_TEXT = {"CELL_ERROR": "#ERROR!", "FORMULA_NO_VALUE": "#FORMULA!"}
"""What stands in a cell whose value is not there, so that its row is not taken for a blank one."""


def _cell(value: object) -> Cell:
    if value is None or value == "":
        return None
    if isinstance(value, bool | float | str | dt.datetime | dt.date):
        return value
    if isinstance(value, int):
        return float(value) if abs(value) < 2**53 else str(value)
    return str(value)


def _marks(book: Book, kind: Sniffed, wanted: list[str]) -> dict[str, Marks]:
    if kind.archive is None:
        return {name: book.sheet(name).marks for name in wanted}
    try:
        return xlsx_marks(kind.archive, wanted) if kind.container == "xlsx" else ods_marks(kind.archive, wanted)
    except (ValueError, OverflowError) as fault:  # a row or style numbered with anything but a number
        raise Refused("CORRUPT_FILE") from fault


def _counts_from_1904(kind: Sniffed) -> bool:
    """Whether an XLSX counts its days from 1904 (calamine minds it for cells shown as dates only)."""
    if kind.container != "xlsx" or kind.archive is None:
        return False
    return bool(_DATE_1904.search(read_member(kind.archive, "xl/workbook.xml")))


def _check_extent(archive: zipfile.ZipFile, container: str) -> None:
    """Refuses a sheet that names a far cell or repeats one: a few bytes that would fill the memory when laid out."""
    if container == "xlsx":
        for name in archive.namelist():
            if name.lower() == "xl/sharedstrings.xml":
                _check_strings(read_member(archive, name))
            if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                part = read_member(archive, name)
                far = any(int(found.group(1)) > MAX_ROWS for found in _FAR_ROW.finditer(part))
                if far or _FAR_COLUMN.search(part):
                    raise too_large()
        return
    part = read_member(archive, "content.xml")
    try:
        expat.ParserCreate().Parse(part, True)
    except (expat.ExpatError, LookupError) as fault:  # the reader looks for the end of a broken document for ever
        raise Refused("CORRUPT_FILE") from fault
    for tag in _WIDE_REPEAT.finditer(part):
        repeat = _REPEATED.search(tag.group())
        if repeat is None:
            continue
        filled = b"table-cell" in tag.group()
        followed = part[tag.end() : tag.end() + 4000].split(b"</table:table-row>")[0]
        if int(repeat.group(1)) > 1000 and (filled or b"value-type" in followed):
            raise too_large()


def _check_strings(part: bytes) -> None:
    """Refuses a table of shared strings that says it holds more than it can: the reader would abort the process."""
    head = _STATED_COUNT.search(part)
    stated = max((int(count) for count in _ANY_COUNT.findall(head.group())), default=0) if head else 0
    if stated > max(len(part) // _LEAST_STRING, MAX_ROWS * MAX_COLUMNS // 100):
        raise Refused("CORRUPT_FILE")
