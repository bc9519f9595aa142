"""Reads one XLS or ODS file for `data.intake.files.workbooks`, in a process of its own with limits, without the
project's code.

The readers give memory to whatever sizes a file states and end the process when there is none, and some damaged files
keep them busy for ever: that may happen here, never in the server. The file comes by standard input and goes out as
JSON by standard output; nothing touches a disk.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
import sys
from typing import Any

MEMORY, SECONDS = 1_500_000_000, 20
"""Bytes of address space and seconds of processor time; 65,536 rows of 20 cells take 0.25 GB and 3 s."""


def main() -> int:
    """Answers ``{"sheets": [...]}`` or ``{"reason": …}``; any other end means that the file is damaged."""
    _limit()
    container, max_rows, max_columns = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    content = sys.stdin.buffer.read()
    said = _xls(content) if container == "xls" else _ods(content, max_rows, max_columns)
    sys.stdout.write(json.dumps(said))
    return 0


def _ods(content: bytes, max_rows: int, max_columns: int) -> dict[str, Any]:
    import python_calamine as calamine

    try:
        book = calamine.load_workbook(io.BytesIO(content))
    except calamine.PasswordError:
        return {"reason": "ENCRYPTED"}
    sheets = []
    for entry in book.sheets_metadata:
        if entry.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(entry.name)
        if sheet.end is not None and (sheet.end[0] >= max_rows or sheet.end[1] >= max_columns):
            return {"reason": "TOO_LARGE"}
        sheets.append(
            {
                "name": entry.name,
                "visible": entry.visible == calamine.SheetVisibleEnum.Visible,
                "merged": sheet.merged_cell_ranges or [],
                "rows": [[_plain(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)],
            }
        )
    return {"sheets": sheets}


def _xls(content: bytes) -> dict[str, Any]:
    """Cells and marks of an XLS, whose format allows no more than 65,536 rows and 256 columns."""
    import xlrd

    try:
        # Some programs write workbooks whose sectors are claimed twice; Excel opens them without a word.
        book = xlrd.open_workbook(
            file_contents=content,
            logfile=sys.stderr,
            formatting_info=True,
            on_demand=True,
            ragged_rows=True,
            ignore_workbook_corruption=True,
        )
    except xlrd.XLRDError as fault:
        if "encrypted" in str(fault):
            return {"reason": "ENCRYPTED"}
        raise
    records = _Records(book)
    sheets = []
    for index in range(book.nsheets):
        records.next_sheet()
        sheets.append(_xls_sheet(book, index, records))
        book.unload_sheet(index)
    return {"sheets": sheets, "date1904": bool(book.datemode)}


class _Records:
    """Stands between xlrd and the records of a sheet.

    Of a formula xlrd keeps the result only, so one that nobody ever computed would be a cell of empty text like any
    other. And it gives memory and time to cells that have a colour but no value, of which a sheet may hold millions.
    """

    def __init__(self, book: Any) -> None:
        from xlrd.biffh import XL_BLANK, XL_FORMULA_OPCODES, XL_MULBLANK

        self.blank: list[tuple[int, int]] = []
        self.computed = 0
        read = book.get_record_parts

        def watched() -> tuple[int, int, bytes]:
            kind, length, body = read()
            while kind in (XL_BLANK, XL_MULBLANK):
                kind, length, body = read()
            if kind in XL_FORMULA_OPCODES:
                if body[12:14] == b"\xff\xff" and body[6] == 3:
                    self.blank.append((int.from_bytes(body[:2], "little") + 1, int.from_bytes(body[2:4], "little")))
                else:
                    self.computed += 1
            return kind, length, body

        book.get_record_parts = watched

    def next_sheet(self) -> None:
        self.blank, self.computed = [], 0

    def never_computed(self) -> list[tuple[int, int]]:
        """A formula may rightly give empty text; where no formula gave anything, nobody ever computed them."""
        return [] if self.computed else self.blank


def _xls_sheet(book: Any, index: int, records: _Records) -> dict[str, Any]:
    """One sheet; in its marks rows count from 1 and columns from 0."""
    import xlrd

    sheet = book.sheet_by_index(index)
    styles = [book.format_map[style.format_key].format_str for style in book.xf_list]
    percent = {number for number, shown in enumerate(styles) if "%" in shown}
    durations = {number for number, shown in enumerate(styles) if "[h" in shown.lower()}
    marks: dict[str, Any] = {
        "faults": [(*place, "FORMULA_NO_VALUE") for place in records.never_computed()],
        "percent": [],
        "hidden_rows": [row + 1 for row, info in sheet.rowinfo_map.items() if info.hidden],
    }
    rows: list[list[Any]] = []
    for row in range(sheet.nrows):
        kinds, values = sheet.row_types(row), sheet.row_values(row)
        for column, kind in enumerate(kinds):
            if kind == xlrd.XL_CELL_NUMBER:
                if percent and sheet.cell_xf_index(row, column) in percent:
                    marks["percent"].append((row + 1, column))
            elif kind == xlrd.XL_CELL_DATE:
                duration = sheet.cell_xf_index(row, column) in durations
                values[column] = _moment(values[column], book.datemode, duration)
            elif kind == xlrd.XL_CELL_BOOLEAN:
                values[column] = bool(values[column])
            elif kind == xlrd.XL_CELL_ERROR:
                marks["faults"].append((row + 1, column, "CELL_ERROR"))
                values[column] = None
        rows.append(values)
    merged = [((top, left), (bottom - 1, right - 1)) for top, bottom, left, right in sheet.merged_cells]
    return {"name": sheet.name, "visible": sheet.visibility == 0, "merged": merged, "rows": rows, "marks": marks}


def _moment(days: float, datemode: int, duration: bool) -> Any:
    """A date as `_plain` gives it; a time of the day and a duration as text, and as it stands what is no date."""
    from xlrd.xldate import xldate_as_datetime

    try:
        if duration:
            return str(dt.timedelta(days=days))
        moment = xldate_as_datetime(days, datemode)
    except (OverflowError, ValueError):
        return days
    if days < 1:
        return str(moment.time())
    return _plain(moment.date() if days == int(days) else moment)


def _plain(cell: Any) -> Any:
    """A cell as JSON holds it; dates as ``{"d": …}`` and moments as ``{"t": …}`` in ISO form."""
    if isinstance(cell, dt.datetime):
        return {"t": cell.isoformat()}
    if isinstance(cell, dt.date):
        return {"d": cell.isoformat()}
    return cell if isinstance(cell, str | bool | int | float) or cell is None else str(cell)


def _limit() -> None:
    with contextlib.suppress(ImportError):  # systems without limits
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(main())
