"""Marks of old XLS files: error cells, formulas never computed, percentages, hidden rows, read from the BIFF8 records.

The container is an OLE compound file: sectors chained by an allocation table, a directory of streams. Only the
stream ``Workbook`` is followed, within the bounds of the file; anything odd gives no marks rather than a guess.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from data.intake.files.cell_flags import PERCENT_FORMATS, Marks

_END = 0xFFFFFFFC
"""Sector numbers from here on are markers, not sectors."""

_FILEPASS, _DATEMODE = 0x002F, 0x0022
_FORMAT, _XF, _NUMBER, _RK, _MULRK = 0x041E, 0x00E0, 0x0203, 0x027E, 0x00BD
_BOUNDSHEET, _BOOLERR, _FORMULA, _ROW, _EOF = 0x0085, 0x0205, 0x0006, 0x0208, 0x000A


def xls_marks(content: bytes, wanted: list[str]) -> dict[str, Marks]:
    """Marks of the named sheets; sheets that cannot be followed are left out."""
    try:
        stream = _workbook(content)
        percent = _percent_styles(stream)
        return {name: _sheet(stream, offset, percent) for name, offset in _sheets(stream) if name in wanted}
    except (struct.error, IndexError, KeyError, UnicodeDecodeError, ValueError):
        return {}


def is_locked(content: bytes) -> bool:
    """Whether the workbook is encrypted with a password."""
    try:
        return any(kind == _FILEPASS for kind, _ in _records(_workbook(content), 0))
    except (struct.error, IndexError, KeyError, UnicodeDecodeError, ValueError):
        return False


def from_1904(content: bytes) -> bool:
    """Whether the workbook counts its days from 1904."""
    try:
        records = _records(_workbook(content), 0)
        return any(kind == _DATEMODE and struct.unpack_from("<H", body)[0] for kind, body in records)
    except (struct.error, IndexError, KeyError, UnicodeDecodeError, ValueError):
        return False


def _workbook(content: bytes) -> bytes:
    """The bytes of the stream ``Workbook``."""
    size = 1 << struct.unpack_from("<H", content, 30)[0]
    (first_directory,) = struct.unpack_from("<I", content, 48)
    small_limit, first_small = struct.unpack_from("<II", content, 56)
    table: list[int] = []
    for number in _table_sectors(content, size):
        table += struct.unpack_from(f"<{size // 4}I", content, (number + 1) * size)
    directory = _chain(content, table, first_directory, size)
    root_start, streams = _entries(directory)
    start, length = streams["Workbook"]
    if length >= small_limit:
        return _chain(content, table, start, size)[:length]
    small_table = struct.unpack(f"<{len(raw) // 4}I", raw) if (raw := _chain(content, table, first_small, size)) else ()
    inside = _chain(content, table, root_start, size)
    found = bytearray()
    while start < _END and len(found) < length:
        found += inside[start * 64 : start * 64 + 64]
        start = small_table[start]
    return bytes(found[:length])


def _table_sectors(content: bytes, size: int) -> Iterator[int]:
    """Sectors that hold the allocation table: 109 in the header, the rest chained."""
    for number in struct.unpack_from("<109I", content, 76):
        if number < _END:
            yield number
    number, count = struct.unpack_from("<II", content, 68)
    for _ in range(min(count, 4096)):
        if number >= _END:
            return
        *numbers, number = struct.unpack_from(f"<{size // 4}I", content, (number + 1) * size)
        yield from (one for one in numbers if one < _END)


def _chain(content: bytes, table: list[int], start: int, size: int) -> bytes:
    found = bytearray()
    for _ in range(len(table) + 1):
        if start >= _END or len(found) > len(content):
            break
        found += content[(start + 1) * size : (start + 2) * size]
        start = table[start]
    return bytes(found)


def _entries(directory: bytes) -> tuple[int, dict[str, tuple[int, int]]]:
    root = _END
    streams: dict[str, tuple[int, int]] = {}
    for at in range(0, len(directory) - 127, 128):
        length, kind = struct.unpack_from("<HB", directory, at + 64)
        name = directory[at : at + max(length - 2, 0)].decode("utf-16-le")
        start, size = struct.unpack_from("<II", directory, at + 116)
        if kind == 5:
            root = start
        elif kind == 2:
            streams[name] = (start, size)
    return root, streams


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        yield kind, stream[at + 4 : at + 4 + length]
        at += 4 + length
        if kind == _EOF:
            return


def _sheets(stream: bytes) -> Iterator[tuple[str, int]]:
    for kind, body in _records(stream, 0):
        if kind == _BOUNDSHEET:
            offset, _, length, wide = struct.unpack_from("<IHBB", body)
            text = body[8 : 8 + length * (2 if wide & 1 else 1)]
            yield text.decode("utf-16-le" if wide & 1 else "latin-1"), offset


def _percent_styles(stream: bytes) -> set[int]:
    """Indices of cell styles that show a fraction as a percentage."""
    formats = {int(number) for number in PERCENT_FORMATS}
    styles: list[int] = []
    for kind, body in _records(stream, 0):
        if kind == _FORMAT and b"%" in body[2:]:
            formats.add(struct.unpack_from("<H", body)[0])
        elif kind == _XF:
            styles.append(struct.unpack_from("<H", body, 2)[0])
    return {index for index, number in enumerate(styles) if number in formats}


def _styled(kind: int, body: bytes) -> Iterator[tuple[int, int, int]]:
    """Row, column and style of the cells of a record that holds numbers."""
    if kind in (_NUMBER, _RK, _FORMULA):
        yield struct.unpack_from("<HHH", body)
    elif kind == _MULRK:
        row, first = struct.unpack_from("<HH", body)
        for step in range((len(body) - 6) // 6):
            yield row, first + step, struct.unpack_from("<H", body, 4 + 6 * step)[0]


def _sheet(stream: bytes, offset: int, percent: set[int]) -> Marks:
    marks = Marks()
    blank: list[tuple[int, int]] = []
    computed = 0
    for kind, body in _records(stream, offset):
        marks.percent |= {(row + 1, column) for row, column, style in _styled(kind, body) if style in percent}
        if kind == _BOOLERR:
            row, column, _, _, is_error = struct.unpack_from("<HHHBB", body)
            if is_error:
                marks.faults[(row + 1, column)] = "CELL_ERROR"
        elif kind == _FORMULA:
            row, column = struct.unpack_from("<HH", body)
            result = body[6:14]
            if result[6:8] == b"\xff\xff" and result[0] == 2:
                marks.faults[(row + 1, column)] = "CELL_ERROR"
            elif result[6:8] == b"\xff\xff" and result[0] == 3:
                blank.append((row + 1, column))
            else:
                computed += 1
        elif kind == _ROW:
            (row,) = struct.unpack_from("<H", body)
            (flags,) = struct.unpack_from("<I", body, 12)
            if flags & 0x20:
                marks.hidden_rows.add(row + 1)
    if not computed:
        # A formula may rightly give empty text; where no formula gave anything, nobody ever computed them.
        marks.faults.update(dict.fromkeys(blank, "FORMULA_NO_VALUE"))
    return marks
