"""Text files far past the limits are refused before they are in memory; below them nothing is read differently."""

from __future__ import annotations

import csv
import io
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import Refused
from data.intake.files.decode import records
from data.intake.files.limits import MAX_ROWS

ROW = "53.01.04.2003;2024;1\n"


@pytest.mark.parametrize(
    "text",
    ["Kode Desa;Tahun;Jumlah\n" + ROW * 900_000, "Kode Desa;" * 1_500_000, "Kode\n" + "a;" * 3_000_000 + "\n" + ROW],
    ids=["rows", "one line", "one long line"],
)
def test_what_no_table_may_have_is_refused_without_reading_it_all(text: str) -> None:
    tracemalloc.start()
    try:
        with pytest.raises(Refused) as fault:
            records(text)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert fault.value.reason == "TOO_LARGE"
    assert peak < 100e6


@pytest.mark.slow
def test_a_table_at_the_limit_is_read() -> None:
    found, delimiter = records("Kode;Jumlah\n" + "1;2\n" * MAX_ROWS)
    assert (len(found), delimiter) == (MAX_ROWS + 1, ";")


def test_blank_cells_behind_a_wide_sheet_are_no_fault() -> None:
    found, _ = records("Kode;Jumlah" + ";" * 16_382 + "\n" + "1;2" + ";" * 16_382 + "\n")
    assert [cells[:2] for _, cells in found] == [["Kode", "Jumlah"], ["1", "2"]]


@given(st.lists(st.tuples(st.text("ab;\"'\r\n ", max_size=8), st.sampled_from(["\n", "\r\n", "\r"])), max_size=12))
def test_lines_are_the_same_as_pythons_own(parts: list[tuple[str, str]]) -> None:
    text = "".join(cell + end for cell, end in parts)
    try:
        found, delimiter = records(text)
    except Refused:
        return
    line, wanted = 0, []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    for record in reader:
        if any(record):
            wanted.append((line + 1, record))
        line = reader.line_num
    assert found == wanted
