"""Files made to hurt: what `benchmarks/intake.py` sends to the real server. Each has a kind, a name and its bytes."""

from __future__ import annotations

import io
import json
import math
import random
import zipfile
from typing import NamedTuple

import xlsxwriter


class Hostile(NamedTuple):
    name: str
    kind: str
    file: str
    content: bytes


def _zip(members: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def _book(sheet: bytes) -> bytes:
    """A workbook of one sheet whose XML is given."""
    types = (
        b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        b'<Default Extension="xml" ContentType="application/xml"/></Types>'
    )
    book = (
        b'<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<sheets><sheet name="a" sheetId="1"/></sheets></workbook>'
    )
    return _zip({"[Content_Types].xml": types, "xl/workbook.xml": book, "xl/worksheets/sheet1.xml": sheet})


def _polygons(*rings: list[list[float]]) -> bytes:
    features = [
        {
            "type": "Feature",
            "properties": {"kode_desa": "53.01.04.2003", "nama": "x"},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }
        for ring in rings
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def _circle(points: int) -> list[list[float]]:
    ring = [
        [123.4 + 0.02 * math.cos(k * 2 * math.pi / points), -10.2 + 0.02 * math.sin(k * 2 * math.pi / points)]
        for k in range(points)
    ]
    return [*ring, ring[0]]


def _sheet(rows: int) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"constant_memory": True, "strings_to_numbers": False})
    sheet = book.add_worksheet()
    for at in range(rows):
        sheet.write_row(at, 0, ["53.01.04.2003", 2024, at])
    book.close()
    return target.getvalue()


def hostile_files() -> list[Hostile]:
    """All of them, each under the 25 MB that may be uploaded."""
    laughs = (
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY l0 "lol">'
        + b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10) for n in range(1, 10))
        + b"]><worksheet><sheetData><row><c t='inlineStr'><is><t>&l9;</t></is></c></row></sheetData></worksheet>"
    )
    square = [[123.3, -10.3], [123.4, -10.3], [123.4, -10.2], [123.3, -10.3]]
    vrt = (
        b"<OGRVRTDataSource><OGRVRTLayer name='x'><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer>"
        b"</OGRVRTDataSource>"
    )
    zeros = b"0" * 400_000_000
    return [
        Hostile("zip bomb as a workbook", "kemiskinan", "bom.xlsx", _book(zeros)),
        Hostile("zip bomb as boundaries", "batas", "bom.zip", _zip({"desa.geojson": zeros})),
        Hostile("XML bomb in a workbook", "kemiskinan", "xml.xlsx", _book(laughs)),
        Hostile("VRT named .geojson", "batas", "batas.geojson", vrt),
        Hostile("path upwards in a zip", "batas", "atas.zip", _zip({"../../x.shp": b"x", "../../x.dbf": b"x"})),
        Hostile("25,000 vertices in one polygon", "batas", "rumit.geojson", _polygons(_circle(25_000))),
        Hostile("120,000 polygons", "batas", "banyak.geojson", _polygons(*[square] * 120_000)[:24_000_000]),
        Hostile("JSON nested 5 million deep", "batas", "dalam.geojson", b"[" * 5_000_000),
        Hostile("sheet of 260,000 rows", "kemiskinan", "besar.xlsx", _sheet(260_000)),
        Hostile(
            "text of 1.1 million rows",
            "kemiskinan",
            "besar.csv",
            b"Kode Desa;Tahun;Jumlah\n" + b"53.01.04.2003;2024;1\n" * 1_100_000,
        ),
        Hostile("one line of 20 MB", "kemiskinan", "satu.csv", b"Kode Desa;" * 2_000_000),
        Hostile(
            "broken old workbook",
            "kemiskinan",
            "rusak.xls",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + random.Random(1).randbytes(5_000_000),
        ),
        Hostile("truncated workbook", "kemiskinan", "putus.xlsx", _sheet(20_000)[:200_000]),
    ]
