"""Workbooks whose sizes lie or whose parts are broken are refused; none may end or occupy the process that serves."""

from __future__ import annotations

import contextlib
import io
import random
import struct
import time
import zipfile
from pathlib import Path

import pytest
import xlsxwriter
from hostile_world import rezip

from data.errors import Refused
from data.intake.files.tables import read_content

OLD = (Path(__file__).parent / "berkas" / "rekap.xls").read_bytes()


def shared_strings() -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.add_worksheet().write_row(0, 0, ["Kode Desa", "Jumlah", "Tahun"])
    book.close()
    return target.getvalue()


def ods(text: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", "<manifest/>")
        archive.writestr("content.xml", text)
    return target.getvalue()


def test_a_count_of_strings_that_is_a_lie_is_not_believed() -> None:
    content = shared_strings()
    strings = zipfile.ZipFile(io.BytesIO(content)).read("xl/sharedStrings.xml")
    assert b'uniqueCount="3"' in strings
    lied = strings.replace(b'uniqueCount="3"', b'uniqueCount="4000000000"')
    with pytest.raises(Refused) as fault:
        read_content(rezip(content, {"xl/sharedStrings.xml": lied}), "a.xlsx")
    assert fault.value.reason == "CORRUPT_FILE"
    assert read_content(content, "a.xlsx").tables[0].rows


def test_an_old_workbook_that_names_a_far_cell_ends_no_process() -> None:
    """A number cell in row 65,536, column 65,536: laid out it would take a hundred gigabytes."""
    at = next(at for at in range(512, len(OLD) - 18) if struct.unpack_from("<HH", OLD, at) == (0x0203, 14))
    far = OLD[: at + 4] + b"\xff\xff\xff\xff" + OLD[at + 8 :]
    with pytest.raises(Refused) as fault:
        read_content(far, "a.xls")
    assert fault.value.reason in ("CORRUPT_FILE", "TOO_LARGE")


@pytest.mark.parametrize("seed", range(12))
def test_damaged_old_workbooks_are_read_or_refused(seed: int) -> None:
    chance = random.Random(seed)
    damaged = bytearray(OLD)
    for _ in range(4):
        at = chance.randrange(512, len(OLD) - 4)
        damaged[at : at + 4] = chance.choice((b"\xff\xff\xff\xff", b"\x00\x00\x00\x00", chance.randbytes(4)))
    started = time.perf_counter()
    with contextlib.suppress(Refused):
        assert read_content(bytes(damaged), "a.xls").tables
    assert time.perf_counter() - started < 15


def test_a_document_without_an_end_is_refused_at_once() -> None:
    started = time.perf_counter()
    for text in (
        "<a><b></a>",
        "<office:document-content><table:table></table:4able>",
        '<?xml version="1.0" encoding="utf-99"?><a/>',
    ):
        with pytest.raises(Refused) as fault:
            read_content(ods(text), "a.ods")
        assert fault.value.reason == "CORRUPT_FILE"
    assert time.perf_counter() - started < 3


def test_parts_in_an_encoding_that_does_not_exist_are_refused() -> None:
    content = shared_strings()
    for name in ("xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"):
        part = zipfile.ZipFile(io.BytesIO(content)).read(name).replace(b"UTF-8", b"UTF-99")
        with pytest.raises(Refused) as fault:
            read_content(rezip(content, {name: part}), "a.xlsx")
        assert fault.value.reason == "CORRUPT_FILE"


def test_percentages_of_an_old_workbook_are_known_by_the_format_of_their_cells() -> None:
    """Every style of the file is made a percentage: all its cells that hold numbers are."""
    assert not read_content(OLD, "a.xls").tables[0].percent
    shown = bytearray(OLD)
    for at in range(512, len(OLD) - 24):
        if struct.unpack_from("<HH", OLD, at) == (0x00E0, 20):
            struct.pack_into("<H", shown, at + 6, 10)
    numbers = {
        (row, column)
        for row, cells in read_content(OLD, "a.xls").tables[0].rows
        for column, cell in enumerate(cells)
        if isinstance(cell, float)
    }
    assert read_content(bytes(shown), "a.xls").tables[0].percent >= numbers > set()


def test_percentages_of_an_open_document_are_known_by_the_type_of_their_cells() -> None:
    office, table = (
        "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
        "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    )
    text = "urn:oasis:names:tc:opendocument:xmlns:text:1.0"
    cells = (
        '<table:table-cell office:value-type="string"><text:p>Persen</text:p></table:table-cell>',
        '<table:table-cell office:value-type="percentage" office:value="0.255"><text:p>25%</text:p></table:table-cell>',
    )
    rows = "".join(f"<table:table-row>{cell}</table:table-row>" for cell in cells)
    content = (
        f'<office:document-content xmlns:office="{office}" xmlns:table="{table}" xmlns:text="{text}"><office:body>'
        f'<office:spreadsheet><table:table table:name="A">{rows}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    (read,) = read_content(ods(content), "a.ods").tables
    assert (read.rows[1][1], read.percent) == ([0.255], {(2, 0)})
