"""What a person is shown of a file's columns: enough to choose by, nothing that may be about somebody."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.domain.kinds import KINDS, Holds
from data.gazetteer import read_gazetteer
from data.intake.cells.text import header_key
from data.intake.examined import ImportOptions
from data.intake.files.tables import read_content
from data.intake.header.columns import FileColumn, columns_of
from data.intake.header.header_names import column_names
from data.intake.header.headers import find_header

GAZETTEER = read_gazetteer()


def columns(text: str, kind: str = "kasus") -> dict[str, FileColumn]:
    return {one.name: one for one in columns_of(kind, read_content(text.encode(), "a.csv"), GAZETTEER)}


def test_columns_with_their_first_cells_and_what_they_are_read_as_now() -> None:
    found = columns(
        "Kampung;Kec;Kab;Thn;Hitungan\nOtan;Semau;Kab. Kupang;2024;2\nBokonussan;Semau;Kab. Kupang;2024;\n"
        "Uitao;Semau;Kab. Kupang;2024;5\nUiasa;Semau;Kab. Kupang;2024;7\n"
    )
    assert {name: one.field for name, one in found.items()} == {
        "Kampung": "",
        "Kec": "kecamatan",
        "Kab": "kabupaten",
        "Thn": "tahun",
        "Hitungan": "",
    }
    assert found["Kampung"].samples == ("Otan", "Bokonussan", "Uitao"), "a misspelt place stays among places"
    assert found["Hitungan"].samples == ("2", "", "5")


def test_text_that_names_no_place_is_kept_back_and_personal_columns_are_closed() -> None:
    found = columns(
        "Kampung;Kab;Hitungan;Keadaan;No HP;Isian\n"
        "Otan;Kab. Kupang;2;Maria Tefa pulang;0812-3456-7890;5301040101900001\n"
        "Uitao;Kab. Kupang;3;dirawat Yosef;;\n"
    )
    assert found["Keadaan"].samples == ("…", "…")
    assert (found["No HP"].personal, found["No HP"].samples) == ("telepon/phone", ())
    assert (found["Isian"].personal, found["Isian"].samples) == ("NIK/KK", ())


@pytest.mark.slow
@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.text(string.ascii_letters + " ", min_size=6, max_size=20), min_size=3, max_size=6),
    st.integers(10**15, 10**16 - 1),
)
def test_no_name_and_no_number_of_a_person_is_ever_a_sample(names: list[str], identity: int) -> None:
    names = [f"Zx{name}qz" for name in names]
    rows = "".join(f"Otan;Kab. Kupang;1;{name};{name} {identity}\n" for name in names)
    shown = columns("Kampung;Kab;Hitungan;Lain;Isian\n" + rows)
    everything = " ".join(sample for one in shown.values() for sample in one.samples)
    assert not any(name.strip() in everything for name in names)
    assert str(identity) not in everything


def test_headers_that_stand_twice_or_are_blank_can_be_named_by_their_letter() -> None:
    assert column_names(["Kode", "Jumlah", "jumlah", ""]) == [
        "Kode",
        "Jumlah (kolom B)",
        "jumlah (kolom C)",
        "(kolom D)",
    ]
    raw = read_content(b"Kode Desa,Tahun,Jumlah,Jumlah,\n53.01.04.2003,2024,2,7,9\n", "a.csv")
    for named, column in (("Jumlah (kolom C)", 2), ("Jumlah (kolom D)", 3), ("(kolom E)", 4)):
        header = find_header(raw.tables[0], KINDS["kasus"], {"nilai": named})
        assert header.fields["nilai"] == column


def test_a_measure_named_by_hand_is_not_found_a_second_time() -> None:
    raw = read_content(b"Kode Desa,Tahun,TPPO lapor,TPPO sidang\n53.01.04.2003,2024,2,7\n", "a.csv")
    header = find_header(raw.tables[0], KINDS["kasus"], {"tppo": "TPPO sidang"})
    assert [(one.key, one.column) for one in header.measures] == [("tppo", 3)]


@pytest.mark.parametrize("kind", [name for name, kind in KINDS.items() if kind.holds is not Holds.BOUNDARIES])
def test_every_field_offered_can_be_chosen(kind: str) -> None:
    import datetime as dt

    from data.intake.header.synonyms import FIELDS
    from data.intake.kinds.record_kinds import reader_of
    from data.intake.places.gazetteer_index import build_index

    if KINDS[kind].holds is Holds.RECORDS:
        reader = reader_of(kind)(build_index(GAZETTEER.head(5)), ImportOptions(), dt.date(2026, 1, 1))
        assert all(reader.field_of(header_key(name)) for name in KINDS[kind].named_fields)
    else:
        from data.domain.measures import MEASURES

        assert all(name in FIELDS or name in MEASURES for name in KINDS[kind].named_fields)
