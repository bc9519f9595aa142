"""Reads one XLS or ODS file for `data.intake.files.workbooks`, in a process of its own with limits, without the
project's code.

The reader gives memory to whatever sizes an XLS states and ends the process when there is none, and some damaged ODS
keep it busy for ever: that may happen here, never in the server. The file comes by standard input and goes out as JSON
by standard output; nothing touches a disk.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import json
import sys
from typing import Any

MEMORY, SECONDS = 1_500_000_000, 10
"""Bytes of address space (a sheet of 65,536 rows and 256 columns fits) and seconds of processor time."""


def main() -> int:
    """Answers ``{"sheets": [...]}`` or ``{"reason": …}``; any other end means that the file is damaged."""
    _limit()
    import python_calamine as calamine

    max_rows, max_columns = (int(word) for word in sys.argv[1:3])
    try:
        book = calamine.load_workbook(io.BytesIO(sys.stdin.buffer.read()))
    except calamine.PasswordError:
        return _answer({"reason": "ENCRYPTED"})
    sheets = []
    for entry in book.sheets_metadata:
        if entry.typ != calamine.SheetTypeEnum.WorkSheet:
            continue
        sheet = book.get_sheet_by_name(entry.name)
        if sheet.end is not None and (sheet.end[0] >= max_rows or sheet.end[1] >= max_columns):
            return _answer({"reason": "TOO_LARGE"})
        sheets.append(
            {
                "name": entry.name,
                "visible": entry.visible == calamine.SheetVisibleEnum.Visible,
                "merged": sheet.merged_cell_ranges or [],
                "rows": [[_plain(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)],
            }
        )
    return _answer({"sheets": sheets})


def _plain(cell: Any) -> Any:
    """A cell as JSON holds it; dates as ``{"d": …}`` and moments as ``{"t": …}`` in ISO form."""
    if isinstance(cell, dt.datetime):
        return {"t": cell.isoformat()}
    if isinstance(cell, dt.date):
        return {"d": cell.isoformat()}
    return cell if isinstance(cell, str | bool | int | float) or cell is None else str(cell)


def _answer(said: dict[str, Any]) -> int:
    sys.stdout.write(json.dumps(said))
    return 0


def _limit() -> None:
    with contextlib.suppress(ImportError):  # systems without limits
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(main())
