"""Text files: encoding, delimiter, quoting. Nothing is replaced, nothing is joined silently."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator

from data.errors import Refused
from data.intake.cells.text import header_key
from data.intake.files.limits import MAX_COLUMNS, MAX_ROWS, too_large
from data.intake.header.synonyms import FIELD_OF
from data.intake.report import RowIssue

DELIMITERS = (";", ",", "\t", "|", "^", "~", ":")
MAX_FIELD = 100_000
_MAX_CELLS = 20_000
"""Cells of one line, the blank ones at its end included: a sheet saved whole has 16,384."""
_LINE = re.compile(r"[^\r\n]*+(?:\r\n|\r|\n)|[^\r\n]++")
MAX_LINES = 3 * MAX_ROWS
"""Physical lines of a text, those inside quoted cells and blank ones included."""
_SAMPLE = 200
_HEAD = 1_000_000
"""Characters that are looked at for the delimiter."""
_HEADER_LINES = 40
_MULTIBYTE = re.compile(rb"[\xc3-\xf4][\x80-\xbf]{2,3}|[\xc2\xc3][\x80-\xbf]")
"""Letters as UTF-8 writes them: a text that has some and is no UTF-8 is damaged, not of another encoding."""


def decode(content: bytes) -> tuple[str, list[RowIssue]]:
    """The text of a file and what to say about its encoding.

    UTF-8 and UTF-16 (with or without byte-order mark) are recognised; other bytes are read as Windows-1252, which is
    said. Raises `Refused` (``ENCODING``) when they are none of these.
    """
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return _strict(content, encoding), []
    sample = content[:4096]
    if b"\x00" in sample:
        zeros_at_even = sample[::2].count(0)
        return _strict(content, "utf-16-be" if zeros_at_even > len(sample) // 4 else "utf-16-le"), []
    try:
        return content.decode("utf-8"), []
    except UnicodeDecodeError as fault:
        if _MULTIBYTE.search(content):
            raise Refused("ENCODING") from fault
        return _strict(content, "cp1252"), [RowIssue(None, None, "ENCODING_GUESSED", {"encoding": "Windows-1252"})]


def records(text: str) -> tuple[list[tuple[int, list[str]]], str]:
    """The records of a delimited text, each with the physical line it starts on (from 1), and the delimiter.

    A first line ``sep=;`` is obeyed; blank records are left out. Raises `Refused`: ``MALFORMED_CSV`` with the line
    when quotes do not match, and ``TOO_LARGE`` as soon as there are more records or cells than any table may have,
    before they fill the memory.
    """
    if max(text.count("\n"), text.count("\r")) > MAX_LINES:
        raise too_large()
    skipped = 0
    delimiter = ""
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        delimiter, text, skipped = first.strip()[4], rest, 1
    delimiter = delimiter or guess_delimiter(text)
    csv.field_size_limit(MAX_FIELD)
    found: list[tuple[int, list[str]]] = []
    reader = csv.reader(_lines(text, delimiter), delimiter=delimiter, strict=True)
    line = 0
    try:
        for record in reader:
            if any(record):
                if len(found) >= MAX_ROWS + _HEADER_LINES:
                    raise too_large()
                found.append((line + 1 + skipped, record))
            line = reader.line_num
    except csv.Error as fault:
        raise Refused("MALFORMED_CSV", row=str(line + 1 + skipped)) from fault
    return found, delimiter


def _lines(text: str, delimiter: str) -> Iterator[str]:
    """The physical lines with their ends, one at a time: a copy of the whole text would cost its size again."""
    for found in _LINE.finditer(text):
        line = found.group()
        if len(line) > _MAX_CELLS and line.count(delimiter) > _MAX_CELLS:
            raise too_large()
        yield line


def guess_delimiter(text: str) -> str:
    """The delimiter that shows most known headers in one line; among equals the one that splits most lines into the
    same number of cells, more cells winning over fewer.
    """
    best, best_score = ",", (0, 0.0)
    head = text[:_HEAD].splitlines()
    lines = [line for line in head[: _SAMPLE * 2] if line.strip()][:_SAMPLE]
    for delimiter in DELIMITERS:
        widths: Counter[int] = Counter()
        headers = max((_known_headers(line, delimiter) for line in lines[:_HEADER_LINES]), default=0)
        for line in lines:
            try:
                widths[len(next(csv.reader([line], delimiter=delimiter)))] += 1
            except (csv.Error, StopIteration):
                continue
        for width, count in widths.items():
            score = (headers, float(count * (width - 1)))
            if width > 1 and score > best_score:
                best, best_score = delimiter, score
    return best


def _known_headers(line: str, delimiter: str) -> int:
    cells = line.split(delimiter)
    return sum(header_key(cell) in FIELD_OF for cell in cells) if 1 < len(cells) <= MAX_COLUMNS else 0


def _strict(content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except (UnicodeDecodeError, UnicodeError) as fault:
        raise Refused("ENCODING") from fault
    if "\x00" in text:
        raise Refused("ENCODING")
    return text
