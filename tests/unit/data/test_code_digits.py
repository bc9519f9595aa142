"""Codes in other digits than 0-9, and what area an area lies in."""

from __future__ import annotations

import pytest

from data.domain.codes import CodeError, level_of, parent, parse_code, up_to
from data.domain.levels import LEVELS
from data.intake.cells.code_cells import read_code

ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


@pytest.mark.parametrize("text", ["53", "5301", "530104", "5301042003", "53.01", "53.01.04", "53.01.04.2003"])
def test_a_code_in_arabic_digits_is_no_code(text: str) -> None:
    assert parse_code(text)
    arabic = text.translate(ARABIC)
    for refused in (arabic, arabic[:-1] + text[-1]):
        with pytest.raises(CodeError):
            parse_code(refused)
        with pytest.raises(CodeError):
            level_of(refused)


@pytest.mark.parametrize(
    "text",
    [
        "5301042003",
        "53.01.04.2003",
        "53-01-04-2003",
        "53.01",
        "5,301042003E+09",
        "530104.0",
        "53.01.040.003",
        "ID5301042003",
    ],
)
def test_a_cell_with_a_code_in_arabic_digits_is_refused(text: str) -> None:
    assert read_code(text).reason is None
    cell = read_code(text.translate(ARABIC))
    assert (cell.digits, cell.reason) == ("", "BAD_CODE")


def test_an_area_holds_itself_and_what_is_larger() -> None:
    areas = {"desa": "53.01.04.2003", "kecamatan": "53.01.04", "kabupaten": "53.01", "provinsi": "53"}
    for own, kode in areas.items():
        for level, holder in areas.items():
            if LEVELS.index(level) >= LEVELS.index(own):
                assert up_to(kode, level) == holder
            else:
                with pytest.raises(CodeError) as fault:
                    up_to(kode, level)
                assert fault.value.reason == "WRONG_LEVEL"
    assert [parent(kode) for kode in areas.values()] == ["53.01.04", "53.01", "53", None]
