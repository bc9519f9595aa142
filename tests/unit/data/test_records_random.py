"""Whatever stands in the cells of a record table: the report adds up, nothing wrong is stored, no fault of ours."""

from __future__ import annotations

import math

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from imports import Examine

pytestmark = pytest.mark.slow

HEADERS = {
    "padanan": ["Kode", "Kode BPS", "Nama Desa", "Kode Lama", "Nama Lama"],
    "titik": ["Nama", "Jenis", "Lintang", "Bujur", "Kode Desa"],
    "sesi": ["Kode Desa", "Tanggal", "Peserta L", "Peserta P", "Nilai Pre"],
}
CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(10**12), 10**12),
    st.dates().map(str),
    st.text(max_size=12),
    st.sampled_from(
        [
            "98.01.01.2001",
            "9801012002",
            "9802010001",
            "-9,01",
            "120.01",
            "9°1' LS",
            "14/03/2025",
            "JUMLAH",
            "-",
            "1.234",
            "Sukamaju",
            "98.01.01.2001;98.01.01.2002",
            "1E+09",
            "#REF!",
            "12",
            "nihil",
        ]
    ),
)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(kind=st.sampled_from(sorted(HEADERS)), rows=st.lists(st.lists(CELLS, min_size=5, max_size=5), max_size=6))
def test_any_cells(look: Examine, kind: str, rows: list[list[object]]) -> None:
    plain = [
        [
            "".join(char for char in cell if char >= " " and not 0xD800 <= ord(char) <= 0xDFFF and ord(char) < 0xFFFE)
            if isinstance(cell, str)
            else cell
            for cell in row
        ]
        for row in rows
    ]
    texts = [[f"'{cell}" if isinstance(cell, str) and cell.startswith("=") else cell for cell in row] for row in plain]
    found = look(kind, [HEADERS[kind], *texts], name="acak.xlsx")
    assert found.report.outcome in ("ok", "row_errors", "refused")
    for row in found.rows.itertuples():
        if kind == "titik":
            assert 119 < row.lon < 122
            assert -10 < row.lat < -8
        elif kind == "sesi":
            assert row.kode.startswith("98.")
            assert row.peserta is None or math.isnan(row.peserta) or row.peserta >= 0
        elif row.jenis != "nama":
            assert not row.kode or row.kode.startswith("98.")
            assert row.nilai.replace(".", "").isdigit()
    assert isinstance(found.rows, pd.DataFrame)
