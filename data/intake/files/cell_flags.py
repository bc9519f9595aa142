"""What a spreadsheet knows about its cells beside their values: errors, formulas never computed, percentages, hiding.

calamine gives an empty cell for ``#REF!`` and for a formula without a stored result; read as missing or 0 they would
change a total without a word. The parts are read straight from the XML (its document types were refused before). The
marks of an XLS come with its cells, from `data.intake.files.workbook_child`.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BytesIO
from xml.etree import ElementTree

from data.errors import Refused
from data.intake.files.zips import read_member

_WORTH = re.compile(rb"""\bt=["']e["']|<(?:\w+:)?f[\s>/]|\bhidden=["'](?:1|true)["']""")
_REFERENCE = re.compile(r"([A-Z]+)(\d+)")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ODS_WORTH = (b"table:formula", b'value-type="error"', b'value-type="percentage"', b"visibility=", b">#", b">Err:")
_PERCENT_FORMATS = {"9", "10"}
"""Numbers of the built-in formats ``0%`` and ``0.00%``."""


@dataclass
class Marks:
    """Marks of one sheet; rows from 1, columns from 0."""

    faults: dict[tuple[int, int], str] = field(default_factory=dict)
    percent: set[tuple[int, int]] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)

    def faults_by_row(self) -> dict[int, list[int]]:
        """Columns whose cell has no value to read, by row."""
        rows: dict[int, list[int]] = {}
        for number, column in self.faults:
            rows.setdefault(number, []).append(column)
        return rows


def xlsx_marks(archive: zipfile.ZipFile, wanted: list[str]) -> dict[str, Marks]:
    """Marks of the named sheets of an XLSX file."""
    percent = _percent_styles(archive)
    found: dict[str, Marks] = {}
    for name, part in _sheet_parts(archive):
        if name in wanted:
            content = read_member(archive, part)
            if percent or _WORTH.search(content):
                found[name] = _scan_xlsx(content, percent)
    return found


def ods_marks(archive: zipfile.ZipFile, wanted: list[str]) -> dict[str, Marks]:
    """Marks of the named sheets of an ODS file."""
    content = read_member(archive, "content.xml")
    if not any(sign in content for sign in _ODS_WORTH):
        return {}
    found: dict[str, Marks] = {}
    for element in _elements(content):
        if _tag(element) == "table":
            name = _attribute(element, "name") or ""
            if name in wanted:
                found[name] = _scan_ods(element)
            element.clear()
    return found


def _sheet_parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Sheet names with the part that holds each."""
    names = set(archive.namelist())
    if "xl/_rels/workbook.xml.rels" not in names:
        return
    targets = {
        element.get("Id"): element.get("Target", "")
        for element in _elements(read_member(archive, "xl/_rels/workbook.xml.rels"))
        if _tag(element) == "Relationship"
    }
    for element in _elements(read_member(archive, "xl/workbook.xml")):
        target = targets.get(element.get(_RELATION)) if _tag(element) == "sheet" else None
        if target:
            part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
            if part in names:
                yield element.get("name", ""), part


def _percent_styles(archive: zipfile.ZipFile) -> set[str]:
    """Indices of cell styles that show a fraction as a percentage."""
    if "xl/styles.xml" not in archive.namelist():
        return set()
    content = read_member(archive, "xl/styles.xml")
    formats = set(_PERCENT_FORMATS)
    styles: list[str] = []
    for element in _elements(content):
        if _tag(element) == "numFmt" and "%" in element.get("formatCode", ""):
            formats.add(element.get("numFmtId", ""))
        if _tag(element) == "cellXfs":
            styles = [style.get("numFmtId", "") for style in element]
    return {str(index) for index, number in enumerate(styles) if number in formats}


def _scan_xlsx(content: bytes, percent: set[str]) -> Marks:
    marks = Marks()
    row_number, column = 0, -1
    for event, element in _events(content):
        tag = _tag(element)
        if event == "start":
            if tag == "row":
                row_number, column = int(element.get("r") or row_number + 1), -1
                if element.get("hidden") in ("1", "true"):
                    marks.hidden_rows.add(row_number)
            elif tag == "col" and element.get("hidden") in ("1", "true"):
                marks.hidden_columns.update(
                    range(int(element.get("min", 1)) - 1, min(int(element.get("max", 1)), 1000))
                )
        elif tag == "c":
            place = _REFERENCE.fullmatch(element.get("r", ""))
            column = _column(place.group(1)) if place else column + 1
            key = (row_number, column)
            kinds = {_tag(child): child for child in element}
            value = kinds["v"].text if "v" in kinds else None
            if element.get("t") == "e":
                marks.faults[key] = "CELL_ERROR"
            elif "f" in kinds and not value and element.get("t") != "str" and "is" not in kinds:
                marks.faults[key] = "FORMULA_NO_VALUE"
            elif element.get("s") in percent and element.get("t", "n") == "n" and value:
                marks.percent.add(key)
            element.clear()
        elif tag == "row":
            element.clear()
    return marks


def _scan_ods(table: ElementTree.Element) -> Marks:
    marks = Marks()
    row_number = 0
    for row in (element for element in table.iter() if _tag(element) == "table-row"):
        repeat = int(_attribute(row, "number-rows-repeated") or 1)
        hidden = _attribute(row, "visibility") in ("collapse", "filter")
        column = 0
        for cell in row:
            if _tag(cell) not in ("table-cell", "covered-table-cell"):
                continue
            span = int(_attribute(cell, "number-columns-repeated") or 1)
            fault = _ods_fault(cell)
            if _is_percentage(cell) and repeat * span <= 10_000:
                for number in range(row_number + 1, row_number + repeat + 1):
                    marks.percent |= {(number, column + step) for step in range(span)}
            if fault and repeat * span <= 10_000:
                for number in range(row_number + 1, row_number + repeat + 1):
                    marks.faults.update({(number, column + step): fault for step in range(span)})
            column += span
        if hidden and repeat <= 10_000:
            marks.hidden_rows.update(range(row_number + 1, row_number + repeat + 1))
        row_number += repeat
    return marks


def _ods_fault(cell: ElementTree.Element) -> str | None:
    kinds = [value for name, value in cell.attrib.items() if name.endswith("}value-type")]
    text = "".join(cell.itertext()).strip()
    if "error" in kinds or (_attribute(cell, "formula") and text.startswith(("#", "Err:"))):
        return "CELL_ERROR"
    if _attribute(cell, "formula") and not kinds:
        return "FORMULA_NO_VALUE"
    return None


def _is_percentage(cell: ElementTree.Element) -> bool:
    return any(name.endswith("}value-type") and value == "percentage" for name, value in cell.attrib.items())


def _column(letters: str) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def _tag(element: ElementTree.Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _attribute(element: ElementTree.Element, local: str) -> str | None:
    for name, value in element.attrib.items():
        if name.rpartition("}")[2] == local:
            return value
    return None


def _events(content: bytes) -> Iterator[tuple[str, ElementTree.Element]]:
    try:
        for event, element in ElementTree.iterparse(BytesIO(content), events=("start", "end")):
            yield str(event), element
    except (ElementTree.ParseError, LookupError, ValueError) as fault:  # broken, or in an encoding there is not
        raise Refused("CORRUPT_FILE") from fault


def _elements(content: bytes) -> Iterator[ElementTree.Element]:
    return (element for event, element in _events(content) if event == "end")
